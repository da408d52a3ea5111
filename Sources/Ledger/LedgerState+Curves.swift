/// The volatility surfaces in the ledger: curves of signed bundles are judged and recorded one by
/// one, made into the curves in force once all bundles are in, and kept as one leaf an expiry.

import Canonical
import Catalogue
import FixedPoint
import Oracle
import Risk

extension LedgerState {
    // MARK: Which expiries there are

    /// Lets publishers vote on the expiry of an instrument that is listed.
    mutating func openCurve(of instrument: Instrument) {
        guard let expiry = instrument.expiry else { return }
        // The catalogue holds no more expiries than a surface does (`Bounds.expiries`).
        _ = surfaces[Int(instrument.underlying.number)].open(expiry)
    }

    /// Forgets the expiry of an instrument that is settled, if it was the last to have it.
    mutating func closeCurve(of instrument: Instrument) {
        guard let expiry = instrument.expiry else { return }
        let underlying = Int(instrument.underlying.number)
        guard !catalogue.expiries[underlying].contains(expiry) else { return }
        surfaces[underlying].close(expiry)
    }

    // MARK: Stage 2

    /// Judges the curves of a bundle whose prices have been taken; names those that do not count.
    mutating func recordCurves(of bundle: ObservationBundle) {
        var start = 0
        while start < bundle.curves.count {
            let underlying = bundle.curves[start].underlying
            var end = start
            while end < bundle.curves.count, bundle.curves[end].underlying == underlying {
                end += 1
            }
            let price = bundle.observations.first { $0.underlying == underlying }?.price
            let dropped = surfaces[Int(underlying.number)].record(
                bundle.curves[start..<end], price: price, from: bundle.publisher, at: bundle.time,
                now: facts.time)
            for curve in dropped { emitDropped(curve, of: underlying) }
            start = end
        }
    }

    /// Makes the curves in force, and adds the underlyings of which one has changed to `moved`.
    mutating func aggregateCurves(_ moved: inout UnderlyingSet) {
        for place in surfaces.indices {
            let underlying = UnderlyingIdentifier(UInt16(place))
            let outcome = surfaces[place].aggregate(
                publishers: signers, now: facts.time)
            for curve in outcome.dropped { emitDropped(curve, of: underlying) }
            for change in outcome.changes {
                let volatility = change.curve.volatilities.volatility(
                    at: NodeVolatilities.centre)
                emit(
                    .curveChanged(
                        underlying, expiry: change.curve.expiry, basis: change.curve.basis,
                        atTheMoney: volatility, change.source))
            }
            if feeds[place].isPriced, !outcome.changes.isEmpty { moved.insert(underlying) }
        }
    }

    private mutating func emitDropped(_ curve: DroppedCurve, of underlying: UnderlyingIdentifier) {
        emit(
            .curveVoteDropped(
                curve.publisher, underlying, expiry: curve.expiry, Refusal(curve.fault)))
    }

    // MARK: What is in force

    /// The curve of an expiry; nil before its first quorum.
    func curve(of underlying: UnderlyingIdentifier, expiry: Timestamp) -> ExpiryCurve? {
        surfaces[Int(underlying.number)].curve(expiry)
    }

    /// The same with the forward at the index and at pricing time, to ask of strikes.
    func curveSlice(of underlying: UnderlyingIdentifier, expiry: Timestamp) -> CurveSlice? {
        let place = Int(underlying.number)
        guard feeds[place].isPriced, let curve = surfaces[place].curve(expiry) else { return nil }
        return surfaces[place].slice(of: curve, index: feeds[place].index, at: facts.pricingTime)
    }

    // MARK: Leaves

    /// The names of the leaves of expiries that this block changed, once.
    mutating func takeTouchedCurves() -> [LeafKey] {
        var keys: [LeafKey] = []
        for place in surfaces.indices {
            for expiry in surfaces[place].touched {
                keys.append(.curve(UnderlyingIdentifier(UInt16(place)), expiry: expiry))
            }
            surfaces[place].clearTouched()
        }
        return keys
    }

    /// The names of all leaves of expiries.
    var curveKeys: [LeafKey] {
        surfaces.indices.flatMap { place in
            surfaces[place].expiries.map {
                .curve(UnderlyingIdentifier(UInt16(place)), expiry: $0.expiry)
            }
        }
    }
}

extension Genesis {
    /// The surfaces before anything is listed.
    var openingSurfaces: [SurfaceFeed] {
        oracles.map {
            SurfaceFeed(
                parameters: $0.surface, publishers: publishers.count, off: safeguards.off)
        }
    }
}

extension Refusal {
    /// How the ledger names a fault of a curve.
    init(_ fault: CurveFault) {
        self =
            switch fault {
            case .unknownExpiry: .unknownExpiry
            case .missingIndex: .curveWithoutIndex
            case .forwardOutOfRange: .forwardOutOfRange
            case .volatilityOutOfRange: .volatilityOutOfRange
            case .butterflyArbitrage: .butterflyArbitrage
            case .calendarArbitrage: .calendarArbitrage
            case .outlier: .curveOutlier
            }
    }
}
