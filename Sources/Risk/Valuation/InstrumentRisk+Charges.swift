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
            parameters.initial.charges, underlyingWorth, fundingRate, market, parameters)
        maintenanceCharge = try charge(
            parameters.maintenance.charges, underlyingWorth, fundingRate, market, parameters)
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
        _ charges: Charges, _ underlyingWorth: Int64, _ fundingRate: Ratio, _ market: MarketView,
        _ parameters: MarginParameters
    ) throws(ArithmeticFault) -> LotCharge {
        var result = LotCharge()
        let peg = parameters.peg.raisesFactor ? .zero : parameters.peg.rate(at: market.peg)
        let doubt = InstrumentRisk.doubt(confidence(market), charges)
        switch instrument.kind {
        case .perpetual, .future:
            let base = charges.isFloorAtIndex ? underlyingWorth : markValue
            result.floor =
                try InstrumentRisk.share(charges.grossFloor + doubt, of: base, .up)
                + InstrumentRisk.share(charges.exitFee + peg, of: markValue, .up)
            // The rate is for eight hours.
            let hours = Int128(charges.fundingHours.units) * Int128(fundingRate.units)
            let due = try divide(hours, by: 8 * Int128(Ratio.one.units), rounding: .up)
            result.fundingDue = try InstrumentRisk.share(Ratio(units: due), of: base, .up)
        case .spot:
            result.floor = try InstrumentRisk.share(
                charges.haircut + peg + doubt, of: markValue, .up)
        case .option:
            result.floor =
                try min(
                    InstrumentRisk.share(charges.exitFee, of: underlyingWorth, .up),
                    InstrumentRisk.share(charges.exitFeeCap, of: markValue, .up))
                + InstrumentRisk.share(peg + doubt, of: underlyingWorth, .up)
            let least = try parameters.move.multiplied(by: charges.shortFloorOfMove, rounding: .up)
            result.shortFloor = try InstrumentRisk.share(
                max(charges.shortFloor, least), of: underlyingWorth, .up)
        }
        return result
    }

    /// How sure the prices are that it is valued with.
    private func confidence(_ market: MarketView) -> Ratio {
        switch quote {
        case .option(_, _, let expiry):
            min(market.indexConfidence, market.perpetualConfidence, expiry.confidence)
        case .spot, nil: market.indexConfidence
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
