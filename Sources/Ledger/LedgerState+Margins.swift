/// Margin that sets itself: every index that could liquidate is shown to the model of its
/// underlying (`Estimation`; DESIGN 5; docs/margins.md), and where M is another, everything on that
/// underlying is valued again in the same block.

import Canonical
import Estimation
import FixedPoint
import Oracle
import Risk

extension Genesis {
    /// The models of all underlyings as they start; nil where M is fixed, or a laboratory has the
    /// models off.
    var openingMarginModels: [MarginModel?] {
        margins.map { parameters in
            guard safeguards.isOn(.selfSettingMargin) else { return nil }
            return parameters.model.map { MarginModel($0) }
        }
    }
}

extension LedgerState {
    /// The model of an underlying; nil where there is none.
    func marginModel(of identifier: UnderlyingIdentifier) -> MarginModel? {
        let place = Int(identifier.number)
        return place < marginModels.count ? marginModels[place] : nil
    }

    /// Shows the indices to the models. A price without a quorum or a wide one teaches nothing:
    /// what is not good enough to liquidate on does not set what accounts are liquidated by.
    mutating func followMargins(moved: inout UnderlyingSet) {
        for place in marginModels.indices {
            guard feeds[place].isValid(for: .liquidate, at: facts.time) else { continue }
            let isRiseBound = genesis.safeguards.isOn(.maintenanceRate)
            let change = marginModels[place]?.follow(
                feeds[place].index, at: facts.time, isRiseBound: isRiseBound)
            guard let change, change.isTouched else { continue }
            let underlying = UnderlyingIdentifier(UInt16(place))
            touchedModels.append(.margin(underlying))
            if change.isHourClosed { touchedModels.append(.returns(underlying)) }
            guard change.isMoved, let report = marginModels[place]?.report else { continue }
            moved.insert(underlying)
            emit(.marginMoved(underlying, report))
        }
    }

    /// The leaves of all models.
    var marginKeys: [LeafKey] {
        var keys: [LeafKey] = []
        for place in marginModels.indices where marginModels[place] != nil {
            let underlying = UnderlyingIdentifier(UInt16(place))
            keys.append(.margin(underlying))
            keys.append(.returns(underlying))
        }
        return keys
    }

    /// Reads a leaf of a model to its place.
    mutating func restoreMargin(
        _ identifier: UnderlyingIdentifier, isHistory: Bool, from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        guard var model = marginModel(of: identifier) else {
            throw DecodingFault(.outOfRange, at: 0)
        }
        if isHistory {
            try model.decodeHistory(from: &decoder)
        } else {
            try model.decodeCurrent(from: &decoder)
        }
        marginModels[Int(identifier.number)] = model
    }
}
