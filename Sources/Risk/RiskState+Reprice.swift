/// Stage 3 of a block, the part of margin: a market is opened at its new prices, then each of its
/// instruments is valued in every scenario. The lanes of accounts are stale until `rebuild`.

public import Canonical
import Catalogue
public import FixedPoint

extension RiskState {
    /// Takes over the prices of an underlying: its scenarios are made again, those at the strikes
    /// of what expires soon included. Where neither prices nor instruments have changed, everything
    /// stays as it is.
    public mutating func openMarket(_ underlying: UnderlyingIdentifier, _ market: MarketView) {
        let place = Int(underlying.number)
        if !revalued.contains(underlying), let open = markets[place], open.view == market { return }
        openMarket(underlying, market, strikes: nearStrikes(of: underlying, market))
    }

    /// The same with strikes that are known.
    ///
    /// - Parameter strikes: of the options that expire soon, the nearest to the index first.
    public mutating func openMarket(
        _ underlying: UnderlyingIdentifier, _ market: MarketView, strikes: [IndexPrice]
    ) {
        let place = Int(underlying.number)
        revalued.insert(underlying)
        markets[place] = OpenMarket(
            view: market, strikes: strikes,
            lanes: ScenarioLanes(market, strikes: strikes, parameters[place]))
    }

    /// The strikes at which an underlying has scenarios, the nearest to the index first: those that
    /// its market was opened with, as far as the rule has room for them.
    public func scenarioStrikes(of underlying: UnderlyingIdentifier) -> [IndexPrice] {
        let place = Int(underlying.number)
        guard let market = markets[place] else { return [] }
        // Those of the wider rule: the narrower one takes of them what it reaches.
        let rule = parameters[place]
        let view = market.view
        let reach = max(rule.move(.initial, in: view), rule.move(.maintenance, in: view))
        return ScenarioLanes.scenarioStrikes(market.strikes, within: reach, view, rule)
    }

    /// Values one instrument of an open market. Where neither the market nor the quote has changed,
    /// nothing of its valuation has.
    ///
    /// - Throws: `ArithmeticFault.overflow` outside the bounds of the catalogue.
    public mutating func reprice(
        _ instrument: InstrumentIdentifier, _ quote: InstrumentQuote
    ) throws(ArithmeticFault) {
        let place = Int(instrument.number)
        let underlying = Int(instruments[place].instrument.underlying.number)
        let name = instruments[place].instrument.underlying
        if !revalued.contains(name), instruments[place].quote == quote { return }
        guard let market = markets[underlying] else { return }
        revalued.insert(name)
        try instruments[place].reprice(quote, market.view, market.lanes, parameters[underlying])
        publish(place)
    }

    /// Which of some underlyings hold a valuation that was made since they were last asked for: all
    /// others' lanes are as a rebuild would make them.
    public mutating func takeRevalued(among underlyings: UnderlyingSet) -> UnderlyingSet {
        let taken = revalued.intersection(underlyings)
        for underlying in taken { revalued.remove(underlying) }
        return taken
    }

    /// Values one perpetual at new prices.
    ///
    /// - Throws: `ArithmeticFault.overflow` outside the bounds of the catalogue.
    public mutating func reprice(
        _ instrument: InstrumentIdentifier, mark: IndexPrice, stable: IndexPrice,
        fundingRate: Ratio
    ) throws(ArithmeticFault) {
        let underlying = instruments[Int(instrument.number)].instrument.underlying
        openMarket(underlying, MarketView(index: mark, stable: stable, time: .epoch))
        try reprice(instrument, .perpetual(mark: mark, fundingRate: fundingRate))
    }

    /// The strikes of the options that expire within the horizon, each once, the nearest to the
    /// index first.
    private func nearStrikes(
        of underlying: UnderlyingIdentifier, _ market: MarketView
    ) -> [IndexPrice] {
        let rule = parameters[Int(underlying.number)]
        guard rule.strikeScenarios > 0 else { return [] }
        var strikes: [IndexPrice] = []
        for entry in instruments where entry.instrument.underlying == underlying {
            guard let series = entry.instrument.kind.series, series.expiry > market.time,
                series.expiry.elapsed(since: market.time) <= rule.strikeHorizon
            else { continue }
            strikes.append(series.strike)
        }
        strikes.sort { left, right in
            let (near, far) = (
                (left - market.index).magnitude, (right - market.index).magnitude
            )
            return near != far ? near < far : left < right
        }
        var distinct: [IndexPrice] = []
        for strike in strikes where strike != distinct.last { distinct.append(strike) }
        return distinct
    }
}

/// The prices of an underlying, and the scenarios made from them.
struct OpenMarket: Sendable {
    let view: MarketView
    /// Of the options that expire soon, the nearest to the index first.
    let strikes: [IndexPrice]
    let lanes: ScenarioLanes
}
