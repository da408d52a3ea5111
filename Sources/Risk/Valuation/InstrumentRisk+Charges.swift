/// What one lot is charged outside the scenarios (docs/margin.md, "Charges").

import Catalogue
import FixedPoint

extension InstrumentRisk {
    /// Sets everything that is charged per lot.
    ///
    /// - Parameter underlyingWorth: of one lot of the underlying.
    mutating func setCharges(
        underlyingWorth: Int64, fundingRate: Ratio, _ market: MarketView,
        _ parameters: MarginParameters
    ) throws(ArithmeticFault) {
        self.underlyingWorth = underlyingWorth
        initialCharge = try charge(
            .initial, underlyingWorth, fundingRate, market, parameters)
        maintenanceCharge = try charge(
            .maintenance, underlyingWorth, fundingRate, market, parameters)
        orderFloor = try InstrumentRisk.share(
            parameters.initial.charges.orderFloor, of: orderWorth(underlyingWorth), .up)
    }

    /// What the order floor of a lot is a share of: its worth; of an option at least a tenth of
    /// what it is on, so that orders in worthless series are not free.
    private func orderWorth(_ underlyingWorth: Int64) -> Int64 {
        guard case .option = instrument.kind else { return markValue }
        return max(markValue, underlyingWorth / 10)
    }

    private func charge(
        _ kind: RuleKind, _ underlyingWorth: Int64, _ fundingRate: Ratio, _ market: MarketView,
        _ parameters: MarginParameters
    ) throws(ArithmeticFault) -> LotCharge {
        let charges = parameters.rule(kind).charges
        var result = LotCharge()
        result.floor = try floorParts(kind, underlyingWorth, market, parameters).sum
        switch instrument.kind {
        case .perpetual, .future:
            let base = charges.isFloorAtIndex ? underlyingWorth : markValue
            // The rate is for eight hours.
            let hours = Int128(charges.fundingHours.units) * Int128(fundingRate.units)
            let due = try divide(hours, by: 8 * Int128(Ratio.one.units), rounding: .up)
            result.fundingDue = try InstrumentRisk.share(Ratio(units: due), of: base, .up)
        case .spot: break
        case .option:
            let least = try parameters.move(kind, in: market).multiplied(
                by: charges.shortFloorOfMove, rounding: .up)
            result.shortFloor = try InstrumentRisk.share(
                max(charges.shortFloor, least), of: underlyingWorth, .up)
        }
        return result
    }

    /// What `LotCharge.floor` consists of: each part is rounded up.
    func floorParts(
        _ kind: RuleKind, _ underlyingWorth: Int64, _ market: MarketView,
        _ parameters: MarginParameters
    ) throws(ArithmeticFault) -> FloorParts {
        let charges = parameters.rule(kind).charges
        let peg = parameters.peg.raisesFactor ? .zero : parameters.peg.rate(at: market.peg)
        let doubt = InstrumentRisk.doubt(confidence(market), charges)
        let exitFee = try max(
            charges.exitFee,
            parameters.move(kind, in: market).multiplied(by: charges.exitFeeOfMove, rounding: .up))
        var parts = FloorParts()
        switch instrument.kind {
        case .perpetual, .future:
            let base = charges.isFloorAtIndex ? underlyingWorth : markValue
            parts.gross = try InstrumentRisk.share(charges.grossFloor, of: base, .up)
            parts.confidence = try InstrumentRisk.share(doubt, of: base, .up)
            parts.exitFee = try InstrumentRisk.share(exitFee, of: markValue, .up)
            parts.peg = try InstrumentRisk.share(peg, of: markValue, .up)
        case .spot:
            var haircut = charges.haircut
            if case .spot(_, let own?) = quote {
                haircut = kind == .initial ? own.initialHaircut : own.maintenanceHaircut
            }
            parts.haircut = try InstrumentRisk.share(
                parameters.grown(haircut, kind, in: market), of: markValue, .up)
            parts.peg = try InstrumentRisk.share(peg, of: markValue, .up)
            parts.confidence = try InstrumentRisk.share(doubt, of: markValue, .up)
        case .option:
            parts.exitFee = try min(
                InstrumentRisk.share(exitFee, of: underlyingWorth, .up),
                InstrumentRisk.share(charges.exitFeeCap, of: markValue, .up))
            parts.peg = try InstrumentRisk.share(peg, of: underlyingWorth, .up)
            parts.confidence = try InstrumentRisk.share(doubt, of: underlyingWorth, .up)
        }
        return parts
    }

    /// How sure the prices are that it is valued with.
    private func confidence(_ market: MarketView) -> Ratio {
        switch quote {
        case .option(_, _, let expiry):
            min(market.indexConfidence, market.perpetualConfidence, expiry.confidence)
        case .spot(_, let holding): min(market.indexConfidence, holding?.confidence ?? .one)
        case nil: market.indexConfidence
        case .perpetual, .future: min(market.indexConfidence, market.perpetualConfidence)
        }
    }

    /// What is asked where prices are not sure: nothing from the threshold on.
    private static func doubt(_ confidence: Ratio, _ charges: Charges) -> Ratio {
        guard confidence < charges.confidenceThreshold else { return .zero }
        let missing =
            Int128((Ratio.one - confidence).units) * Int128(charges.confidenceFactor.units)
        return Ratio(units: Int64(missing / Int128(Ratio.one.units)))
    }

    /// A share of a worth, in a named direction.
    static func share(
        _ ratio: Ratio, of worth: Int64, _ rounding: Rounding
    ) throws(ArithmeticFault) -> Int64 {
        try divide(
            Int128(worth) * Int128(ratio.units), by: Int128(Ratio.one.units), rounding: rounding)
    }
}

/// The parts of what is charged on each lot that could be held, in 2^-fractionBits µ; none is
/// negative.
struct FloorParts {
    var gross: Int64 = 0
    var haircut: Int64 = 0
    var exitFee: Int64 = 0
    var peg: Int64 = 0
    /// For prices that are not sure.
    var confidence: Int64 = 0

    var sum: Int64 { gross + haircut + exitFee + peg + confidence }
}
