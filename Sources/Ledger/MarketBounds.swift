/// What the prices of a block allow in a market: derived when prices have been observed, read by
/// every order of the block.

import Canonical
import Catalogue
import FixedPoint
import Oracle

/// The price band of a market, and whether its index is good enough to trade.
struct MarketBounds: Sendable, BitwiseCopyable {
    /// The mark that the band was made of.
    private var mark = IndexPrice.zero
    /// The worst price that a buy may have: through the mark by the band.
    private(set) var highestBuy = Price.zero
    /// The worst price that a sell may have.
    private(set) var lowestSell = Price.zero
    /// Whether new orders are taken.
    var mayTrade = false
    /// Whether orders that reduce are taken.
    var mayReduce = false

    /// Makes the band again if the mark has moved.
    mutating func follow(_ mark: IndexPrice, _ instrument: Instrument) {
        guard mark != self.mark else { return }
        self.mark = mark
        highestBuy = MarketBounds.bandPrice(.down, mark, instrument.priceBand, instrument)
        lowestSell = MarketBounds.bandPrice(
            .up, mark, Ratio.zero - instrument.priceBand, instrument)
    }

    private static func bandPrice(
        _ rounding: Rounding, _ mark: IndexPrice, _ band: Ratio, _ instrument: Instrument
    ) -> Price {
        let bound = proven { () throws(ArithmeticFault) in
            try instrument.ticks(
                at: try mark.multiplied(by: Ratio.one + band, rounding: rounding),
                rounding: rounding)
        }
        return bound.clamped(Price(ticks: 1), instrument.maximumPrice)
    }
}

extension LedgerState {
    /// Makes the bounds of all markets from this block's prices.
    mutating func followPrices() {
        for place in perpetuals.indices {
            let underlying = Int(catalogue.instruments[place].underlying.number)
            let mayTrade = feeds[underlying].isValid(for: .trade, at: facts.time)
            let mayReduce = feeds[underlying].isValid(for: .reduce, at: facts.time)
            marketBounds[place].mayTrade = mayTrade
            marketBounds[place].mayReduce = mayReduce
            if perpetuals[place].mark.isPositive {
                marketBounds[place].follow(
                    perpetuals[place].mark, catalogue.instruments[place])
            }
        }
    }
}
