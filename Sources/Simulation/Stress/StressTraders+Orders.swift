/// Orders and sizes of the population: from micro-dollars to lots and from prices to the grid, and
/// what a taker sends where a market collects orders.

import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Oracle

extension StressTraders {
    /// An order for so many micro-dollars, sold where negative; nil where that is less than a lot.
    ///
    /// - Parameters:
    ///   - price: what sizes are valued at, in micro-dollars.
    ///   - limit: nil trades as far as the price band.
    func order(
        in instrument: Int, notional: Int64, valuedAt price: Int64, limit: Int64?,
        takes: Bool = false, reduces: Bool = false, _ ledger: Ledger
    ) -> Command? {
        let terms = ledger.catalogue.instruments[instrument]
        guard let lots = StressTraders.lots(abs(notional), at: price, in: terms) else { return nil }
        return order(
            in: instrument, lots: notional < 0 ? -lots : lots, limit: limit, takes: takes,
            reduces: reduces, ledger)
    }

    /// The same for lots.
    func order(
        in instrument: Int, lots: Int64, limit: Int64?, takes: Bool, reduces: Bool,
        _ ledger: Ledger
    ) -> Command? {
        let terms = ledger.catalogue.instruments[instrument]
        let size = min(abs(lots), terms.maximumOrderQuantity.units)
        guard size > 0 else { return nil }
        return .place(
            OrderRequest(
                instrument: StressMarket.identifier(instrument), side: lots > 0 ? .buy : .sell,
                limit: limit.map { StressTraders.ticks($0, in: terms, roundsUp: lots < 0) },
                quantity: Quantity(lots: size),
                timeInForce: takes ? .immediateOrCancel : .goodTillCancelled,
                reduceOnly: reduces))
    }

    /// What a taker sends: at once where the market trades, else an order for the auction at its
    /// limit, or at the far end of the price band.
    mutating func take(
        _ place: Int, in instrument: Int, lots: Int64, limit: Int64?, reduces: Bool,
        _ ledger: Ledger
    ) -> [Command] {
        let isCollecting = !ledger.phases[instrument].isContinuous
        var commands: [Command] = isAuctioned[place] ? [.cancelAll(nil)] : []
        isAuctioned[place] = isCollecting
        let identifier = StressMarket.identifier(instrument)
        let tick = ledger.catalogue.instruments[instrument].tickSize.units
        let band = ledger.priceBand(of: identifier).map { band in
            (lots > 0 ? band.highestBuy.units : band.lowestSell.units) * tick
        }
        if let command = order(
            in: instrument, lots: lots, limit: isCollecting ? limit ?? band : limit,
            takes: !isCollecting, reduces: reduces, ledger)
        {
            commands.append(command)
        }
        return commands
    }

    /// Lots that are worth so many micro-dollars; nil where that is none.
    static func lots(_ notional: Int64, at price: Int64, in terms: Instrument) -> Int64? {
        let worth = Int128(price) * Int128(terms.lotSize) / Int128(Instrument.lotScale)
        let lots = Int64(clamping: Int128(notional) / max(1, worth))
        return lots > 0 ? lots : nil
    }

    /// What so many lots are worth, in micro-dollars.
    static func worth(_ lots: Int64, at price: Int64, in terms: Instrument) -> Int64 {
        Int64(
            clamping: Int128(lots) * Int128(price) * Int128(terms.lotSize)
                / Int128(Instrument.lotScale))
    }

    static func ticks(_ price: Int64, in terms: Instrument, roundsUp: Bool) -> Price {
        let tick = terms.tickSize.units
        let ticks = roundsUp ? (price + tick - 1) / tick : price / tick
        return Price(ticks: max(1, min(ticks, terms.maximumPrice.units)))
    }
}
