/// What the prices of a block allow in a market: derived when prices have been observed, read by
/// every order of the block.

import Canonical
import Catalogue
import FixedPoint
import Oracle

/// The price band of a market, and whether its index is good enough to trade.
struct MarketBounds: Sendable, BitwiseCopyable {
    /// The mark and the reach that the band was made of.
    private var mark = IndexPrice.zero
    private var reach = IndexPrice.zero
    /// The worst price that a buy may have: through the mark by the band.
    private(set) var highestBuy = Price.zero
    /// The worst price that a sell may have.
    private(set) var lowestSell = Price.zero
    /// Whether new orders are taken.
    var mayTrade = false
    /// Whether orders that reduce are taken.
    var mayReduce = false

    /// The band of an option reaches at least so far, as a share of the index, since a share of
    /// what is worth next to nothing is nothing: 1 % (`facts/risk.md`, "Default parameters").
    static let optionBand = Ratio(basisPoints: 100)

    /// Makes the band again if the mark has moved, or the index of an option.
    mutating func follow(_ mark: IndexPrice, index: IndexPrice, _ instrument: Instrument) {
        let reach = proven { () throws(ArithmeticFault) in
            var reach = try mark.multiplied(by: instrument.priceBand, rounding: .down)
            if case .option = instrument.kind {
                let least = try index.multiplied(by: MarketBounds.optionBand, rounding: .down)
                reach = max(reach, least)
            }
            return reach
        }
        guard mark != self.mark || reach != self.reach || highestBuy == .zero else { return }
        self.mark = mark
        self.reach = reach
        highestBuy = MarketBounds.bandPrice(.down, mark + reach, instrument)
        lowestSell = MarketBounds.bandPrice(.up, mark - reach, instrument)
    }

    /// Lets every price of the grid pass: where the band is off.
    mutating func open(to instrument: Instrument) {
        highestBuy = instrument.maximumPrice
        lowestSell = Price(ticks: 1)
    }

    /// A bound on the grid, within the prices that an instrument can have.
    static func bandPrice(
        _ rounding: Rounding, _ bound: IndexPrice, _ instrument: Instrument
    ) -> Price {
        let ticks = proven { () throws(ArithmeticFault) in
            try instrument.ticks(at: bound, rounding: rounding)
        }
        return ticks.clamped(Price(ticks: 1), instrument.maximumPrice)
    }
}

extension LedgerState {
    /// Makes the bounds of all markets from this block's prices.
    mutating func followPrices() {
        let isBanded = genesis.safeguards.isOn(.priceBand)
        for identifier in catalogue.live {
            let place = Int(identifier.number)
            let underlying = Int(catalogue.instruments[place].underlying.number)
            let instrument = catalogue.instruments[place]
            let mayTrade = isPriceValid(of: instrument, for: .trade)
            let mayReduce = isPriceValid(of: instrument, for: .reduce)
            // What has no mark yet has no margin either.
            marketBounds[place].mayTrade = mayTrade && prices[place].isPriced
            marketBounds[place].mayReduce = mayReduce && prices[place].isPriced
            if prices[place].isPriced {
                marketBounds[place].follow(
                    prices[place].mark, index: feeds[underlying].index, instrument)
                if !isBanded { marketBounds[place].open(to: instrument) }
            }
        }
    }
}
