/// What margin is told of the market: the one place where the oracle's prices, forwards,
/// volatilities and settlement averages become the views that `Risk` values instruments by. Times
/// are those of pricing, which is primary state: so a restored node values as a running one does.

import Canonical
import Catalogue
import Economics
import Estimation
import FixedPoint
import Oracle
import Risk

extension LedgerState {
    /// Values every live instrument of some underlyings in every scenario.
    ///
    /// - Throws: `ArithmeticFault.overflow` outside the bounds of the catalogue.
    mutating func revalue(_ moved: UnderlyingSet) throws(ArithmeticFault) {
        for underlying in moved {
            let feed = feeds[Int(underlying.number)]
            guard feed.isPriced else { continue }
            risk.openMarket(
                underlying,
                MarketView(
                    index: feed.index, stable: stablePrice(of: underlying),
                    peg: collateral.peg?.price ?? .one,
                    moves: marginModels[Int(underlying.number)]?.moves, time: facts.pricingTime))
        }
        for identifier in catalogue.live {
            let place = Int(identifier.number)
            let instrument = catalogue.instruments[place]
            guard moved.contains(instrument.underlying), prices[place].isPriced else { continue }
            try risk.reprice(identifier, quote(place, instrument))
        }
    }

    /// The price behind initial margin: the index itself where a laboratory has the stable one off.
    func stablePrice(of underlying: UnderlyingIdentifier) -> IndexPrice {
        let place = Int(underlying.number)
        return genesis.safeguards.isOn(.stablePrice) ? feeds[place].stable : feeds[place].index
    }

    private mutating func quote(_ place: Int, _ instrument: Instrument) -> InstrumentQuote {
        let mark = prices[place].mark
        switch instrument.kind {
        case .perpetual: return .perpetual(mark: mark, fundingRate: prices[place].fundingRate)
        case .spot: return .spot(mark: mark, holding: holdingTerms(place, instrument))
        case .future(let expiry):
            return .future(mark: mark, expiryView(of: instrument, expiry))
        case .option(let series):
            return .option(
                mark: mark, volatility: volatility(of: instrument, series),
                expiryView(of: instrument, series.expiry))
        }
    }

    /// An expiry as margin sees it. Before its first curve the forward is the index, and the
    /// volatility is as old as can be.
    mutating func expiryView(of instrument: Instrument, _ expiry: Timestamp) -> ExpiryView {
        let underlying = Int(instrument.underlying.number)
        let settlement = genesis.settlement(of: instrument.underlying)
        let slice = curveSlice(of: instrument.underlying, expiry: expiry)
        let forward = slice?.forward ?? feeds[underlying].index
        var view = ExpiryView(
            forward: forward.clamped(IndexPrice(units: 1), instrument.highestPrice),
            timeLeft: expiry.elapsed(since: facts.pricingTime),
            age: surfaces[underlying].age(of: expiry, at: facts.pricingTime) ?? .day,
            window: settlement.window)
        if let average = settlements[underlying].first(where: { $0.expiry == expiry }),
            let mean = average.average
        {
            view.fixedShare = average.fixedShare
            view.fixedAverage = mean
        }
        return view
    }

    /// The volatility of an option, a year's; before the first curve that of reference.
    mutating func volatility(of instrument: Instrument, _ series: OptionSeries) -> Real {
        guard let slice = curveSlice(of: instrument.underlying, expiry: series.expiry) else {
            let surface = genesis.oracles[Int(instrument.underlying.number)].surface
            return Real(surface.referenceVolatility)
        }
        return slice.volatility(logMoneyness: slice.logMoneyness(strike: series.strike))
    }

    /// What an instrument other than a perpetual is worth by its model: the forward of a future,
    /// for the share of its settlement that is not fixed, an option's value, the index of spot.
    mutating func modelPrice(of instrument: Instrument) -> IndexPrice {
        switch instrument.kind {
        case .perpetual, .spot: feeds[Int(instrument.underlying.number)].index
        case .future(let expiry): expiryView(of: instrument, expiry).expectedSettlement
        case .option(let series):
            OptionModel.price(
                of: series, volatility: volatility(of: instrument, series),
                expiryView(of: instrument, series.expiry))
        }
    }

    /// Whether what an instrument is valued by is good enough for a use: the index, and of what
    /// expires its curve.
    mutating func isPriceValid(of instrument: Instrument, for use: PriceUse) -> Bool {
        let underlying = Int(instrument.underlying.number)
        guard feeds[underlying].isValid(for: use, at: facts.time) else { return false }
        guard let expiry = instrument.expiry else { return true }
        return surfaces[underlying].isValid(expiry, for: use, at: facts.time)
    }
}
