/// The valuation of perpetuals, futures and spot holdings: their worth follows the price.

import Catalogue
public import FixedPoint

extension InstrumentRisk {
    /// Makes everything again from new prices, for a perpetual.
    ///
    /// - Parameters:
    ///   - mark, stable: positive, within the underlying's bounds.
    ///   - fundingRate: for eight hours.
    /// - Throws: `ArithmeticFault.overflow` outside the bounds of the catalogue.
    public mutating func reprice(
        mark: IndexPrice, stable: IndexPrice, fundingRate: Ratio, parameters: MarginParameters
    ) throws(ArithmeticFault) {
        let market = MarketView(index: mark, stable: stable, time: .epoch)
        try repriceLinear(
            .perpetual(mark: mark, fundingRate: fundingRate), stable: stable, market: market,
            ScenarioLanes(market, strikes: [], parameters), parameters)
    }

    /// Makes everything again for an instrument that is linear in the price.
    ///
    /// - Parameter stable: what the mark would be if the index stood at the stable price.
    mutating func repriceLinear(
        _ quote: InstrumentQuote, stable: IndexPrice, market: MarketView, _ lanes: ScenarioLanes,
        _ parameters: MarginParameters
    ) throws(ArithmeticFault) {
        let worth = try instrument.lotValue(at: quote.mark, fractionBits: fractionBits)
        setWorth(
            mark: worth,
            stable: try instrument.lotValue(at: stable, fractionBits: fractionBits), quote: quote)
        let basis = basisShock(of: quote, parameters)
        let left = Ratio.one - InstrumentRisk.fixedShare(of: quote)
        let moving = try InstrumentRisk.share(left, of: worth, .up)
        try setDeltas(&initialDelta, moving, lanes.initial, parameters.initial, parameters, basis)
        try setDeltas(
            &maintenanceDelta, moving, lanes.maintenance, parameters.maintenance, parameters, basis)
        var rate = Ratio.zero
        if case .perpetual(_, let funding) = quote { rate = funding }
        let underlying = try instrument.lotValue(at: market.index, fractionBits: fractionBits)
        exposureWorth = underlying
        deltaWorth = try InstrumentRisk.share(left, of: underlying, .up)
        try setCharges(underlyingWorth: underlying, fundingRate: rate, market, parameters)
    }

    /// What part of the settlement is fixed already.
    private static func fixedShare(of quote: InstrumentQuote) -> Ratio {
        if case .future(_, let expiry) = quote { expiry.fixedShare } else { .zero }
    }

    /// How far the price moves against the index in a scenario with a basis of one.
    private func basisShock(of quote: InstrumentQuote, _ parameters: MarginParameters) -> Ratio {
        switch quote {
        case .perpetual: parameters.basis.perpetual
        case .future(_, let expiry): ExpiryShocks.basis(expiry, parameters.basis)
        case .spot, .option: .zero
        }
    }

    /// `worth × move × weight × factor` for each scenario, rounded down once: against the long. The
    /// last scenario is repeated to fill the last vector. The room of the last valuation is used
    /// again.
    private func setDeltas(
        _ deltas: inout [Lanes], _ worth: Int64, _ lanes: ScenarioLanes.Rule, _ rule: MarginRule,
        _ parameters: MarginParameters, _ basis: Ratio
    ) throws(ArithmeticFault) {
        InstrumentRisk.makeRoom(&deltas, for: lanes.lanes.count)
        let one = Int128(Ratio.one.units)
        var last: Int64 = 0
        for lane in 0..<(4 * deltas.count) {
            if lane < rule.scenarios.count {
                let scenario = rule.scenarios[lane]
                // All ratios are below 8·10⁹, so that their product with a worth below 2³⁹ fits
                // 128 bits.
                var price = Int128(scenario.move.units) * Int128(lanes.move.units) / one
                if scenario.basis != .zero {
                    let shift = Int128(scenario.basis.units) * Int128(basis.units) / one
                    price += shift + price * shift / one
                }
                let weight =
                    parameters.expiryTerms == nil
                    ? Int128(scenario.weight.units) * Int128(lanes.factor.units) / one : one
                last = try divide(Int128(worth) * price * weight, by: one * one, rounding: .down)
            } else if lane < lanes.lanes.count {
                let moved = worth.scaled(by: lanes.lanes[lane].factor - .one)
                last = moved.scaled(by: lanes.scales[lane])
            }
            deltas[lane / 4][lane % 4] = last
        }
    }

    /// Room for so many lanes.
    static func makeRoom(_ deltas: inout [Lanes], for lanes: Int) {
        let vectors = (lanes + 3) / 4
        if deltas.count != vectors {
            deltas = [Lanes](repeating: Lanes(repeating: 0), count: vectors)
        }
    }
}
