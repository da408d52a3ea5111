/// The valuation of options, and the one door to the valuation of everything.

import Catalogue
import FixedPoint

extension InstrumentRisk {
    /// Makes everything again from new prices.
    ///
    /// - Throws: `ArithmeticFault.overflow` outside the bounds of the catalogue.
    mutating func reprice(
        _ quote: InstrumentQuote, _ market: MarketView, _ lanes: ScenarioLanes,
        _ parameters: MarginParameters
    ) throws(ArithmeticFault) {
        switch (quote, instrument.kind) {
        case (.option(let mark, let volatility, let expiry), .option(let series)):
            try repriceOption(
                quote, mark: mark, expiry,
                SeriesValuation(
                    instrument, series, volatility: volatility, expiry, parameters,
                    fractionBits: fractionBits),
                market, lanes, parameters)
        case (.perpetual, .perpetual), (.spot, .spot):
            try repriceLinear(
                quote, stable: market.stable, market: market, lanes, parameters)
        case (.future(let mark, _), .future):
            let stable = try IndexPrice(
                units: divide(
                    Int128(mark.units) * Int128(market.stable.units),
                    by: Int128(market.index.units), rounding: .down))
            try repriceLinear(quote, stable: stable, market: market, lanes, parameters)
        default: preconditionFailure("Invariant: the quote is of the instrument's kind")
        }
    }

    private mutating func repriceOption(
        _ quote: InstrumentQuote, mark: IndexPrice, _ expiry: ExpiryView,
        _ series: SeriesValuation,
        _ market: MarketView, _ lanes: ScenarioLanes, _ parameters: MarginParameters
    ) throws(ArithmeticFault) {
        let model = series.worth
        let worth = try instrument.lotValue(at: mark, fractionBits: fractionBits)
        // The premium of the mark over the model stays what it is.
        let stable = max(0, series.worth(at: lanes.stableFactor) + worth - model)
        setWorth(mark: worth, stable: stable, quote: quote)
        modelValue = model
        expiryFactors = parameters.expiryTerms.map {
            ExpiryFactors(expiry, $0, discount: series.discount)
        }
        let gains = series.gains(of: lanes.initial, over: model)
        InstrumentRisk.setDeltas(&initialDelta, gains, lanes.initial)
        InstrumentRisk.setDeltas(
            &maintenanceDelta,
            lanes.isShared ? gains : series.gains(of: lanes.maintenance, over: model),
            lanes.maintenance)
        let underlying = try instrument.lotValue(at: market.index, fractionBits: fractionBits)
        deltaWorth = underlying.scaled(by: series.delta)
        exposureWorth = abs(deltaWorth)
        try setCharges(
            underlyingWorth: underlying, fundingRate: .zero, market, parameters)
    }

    /// Each gain times its scale, rounded down: against the long. The last scenario is repeated to
    /// fill the last vector.
    private static func setDeltas(
        _ deltas: inout [Lanes], _ gains: LaneGains, _ rule: ScenarioLanes.Rule
    ) {
        makeRoom(&deltas, for: rule.lanes.count)
        var last: Int64 = 0
        for lane in 0..<(4 * deltas.count) {
            if lane < rule.lanes.count { last = gains[lane].scaled(by: rule.scales[lane]) }
            deltas[lane / 4][lane % 4] = last
        }
    }
}
