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
                quote, mark: mark,
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
        _ quote: InstrumentQuote, mark: IndexPrice, _ series: SeriesValuation,
        _ market: MarketView, _ lanes: ScenarioLanes, _ parameters: MarginParameters
    ) throws(ArithmeticFault) {
        let model = series.worth
        let worth = try instrument.lotValue(at: mark, fractionBits: fractionBits)
        // The premium of the mark over the model stays what it is.
        let stable = max(0, series.worth(at: lanes.stableFactor) + worth - model)
        setWorth(mark: worth, stable: stable, quote: quote)
        InstrumentRisk.makeRoom(&maintenanceDelta, for: lanes.maintenance.lanes.count)
        InstrumentRisk.makeRoom(&initialDelta, for: lanes.initial.lanes.count)
        series.setDeltas(&maintenanceDelta, of: lanes.maintenance, over: model)
        series.setDeltas(&initialDelta, of: lanes.initial, over: model)
        let underlying = try instrument.lotValue(at: market.index, fractionBits: fractionBits)
        let delta = series.delta
        exposureWorth = underlying.scaled(by: delta < .zero ? -delta : delta)
        try setCharges(
            underlyingWorth: underlying, fundingRate: .zero, market, parameters)
    }
}
