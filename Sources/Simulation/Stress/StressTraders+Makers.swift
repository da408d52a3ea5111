/// Makers and arbitrageurs. A maker's firm stands behind one level of depth; its size is a share of
/// what is usually shown, its width grows as depth goes, its prices lean against what it holds, and
/// it takes everything down when a minute's move passes its own limit. An arbitrageur takes what
/// stands off the outside price by more than it costs.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Oracle

extension StressTraders {
    /// 10⁻⁶ of the price: half of the narrowest spread in calm times.
    private static let halfSpread: Int64 = 300
    /// By level: how many half spreads away, and how much of the depth stands there in 10⁻².
    private static let levels: [(distance: Int64, share: Int64)] = [
        (1, 15), (4, 25), (12, 30), (35, 30),
    ]
    /// 10⁻⁶ of the price by which a full inventory moves both sides, and that inventory.
    private static let lean: Int64 = 4_000
    private static let fullInventory: Int64 = 5_000_000 * million
    /// Steps that a frightened maker stays away, at least.
    private static let pause = 12
    /// 10⁻⁶ of the price by which it must move before a quote follows.
    private static let patience: Int64 = 60
    /// An arbitrageur's costs in 10⁻⁶, its size in a block and its largest position.
    private static let cost: Int64 = 900
    private static let clip: Int64 = 150_000 * million
    private static let largest: Int64 = 12_000_000 * million
    /// Options: half a spread as a share of the mark and of the index, in 10⁻⁶, and a quote's size.
    private static let optionSpread: Int64 = 40_000
    private static let indexSpread: Int64 = 1_500
    private static let optionSize: Int64 = 400_000 * million
    private static let etherSize: Int64 = 600_000 * million

    mutating func makerQuotes(
        of place: Int, _ world: StressWorld, _ ledger: Ledger
    ) -> [Command] {
        guard isPresent(place, world) else { return leave(place) }
        let isCollecting = !ledger.phases[StressMarket.bitcoin].isContinuous
        let level = StressTraders.levels[place % StressTraders.levels.count]
        let firms = Int64(agents.count { $0.role == .maker } / StressTraders.levels.count)
        let depth = StressPlan.venueDepth / max(1, firms) / 100 * level.share
        let quote = quote(
            in: StressMarket.bitcoin, by: place, around: world.price(of: 0),
            half: StressTraders.halfSpread * level.distance, size: depth, world, ledger)
        guard let quote else { return [] }
        let hadOrders = isAuctioned[place]
        isAuctioned[place] = isCollecting
        return (isCollecting || hadOrders ? [.cancelAll(nil)] : [])
            + (isCollecting ? StressTraders.orders(for: quote) : [.quote(quote)])
    }

    /// A market that collects orders takes no quotes: both sides of one as orders.
    private static func orders(for quote: QuoteRequest) -> [Command] {
        [(Side.buy, quote.bid, quote.bidQuantity), (.sell, quote.ask, quote.askQuantity)]
            .filter { $0.2.isPositive }.map { side, price, lots in
                .place(
                    OrderRequest(
                        instrument: quote.instrument, side: side, limit: price, quantity: lots))
            }
    }

    mutating func optionQuotes(
        of place: Int, _ world: StressWorld, _ ledger: Ledger
    ) -> [Command] {
        guard isPresent(place, world) else { return leave(place) }
        let index = world.price(of: 1)
        var quotes = [
            quote(
                in: StressMarket.ether, by: place, around: index,
                half: StressTraders.halfSpread * 2, size: StressTraders.etherSize, world, ledger)
        ]
        for instrument in StressMarket.options {
            let mark = ledger.prices[instrument].mark.units
            guard mark > 0 else { continue }
            let half =
                StressTraders.optionSpread
                + Int64(
                    clamping: Int128(index) * Int128(StressTraders.indexSpread) / Int128(mark))
            quotes.append(
                quote(
                    in: instrument, by: place, around: mark, half: min(half, 400_000),
                    size: StressTraders.optionSize, valuedAt: index, world, ledger))
        }
        return quotes.compactMap { $0 }
            .filter { ledger.phases[Int($0.instrument.number)].isContinuous }
            .map { .quote($0) }
    }

    /// Whether a maker is there: it leaves when a minute's move passes its limit, for a while.
    private mutating func isPresent(_ place: Int, _ world: StressWorld) -> Bool {
        if world.minuteMove > agents[place].threshold {
            away[place] = world.step + StressTraders.pause
        }
        return world.step >= away[place]
    }

    private mutating func leave(_ place: Int) -> [Command] {
        defer { quoted[place] = quoted[place].map { _ in 0 } }
        return quoted[place].contains { $0 != 0 } ? [.cancelAll(nil)] : []
    }

    /// A quote; nil where the one that stands still does.
    ///
    /// - Parameters:
    ///   - half: half of the spread in 10⁻⁶ when depth is usual.
    ///   - size: micro-dollars a side when depth is usual.
    ///   - valued: the price that sizes are valued at; nil for `middle`.
    private mutating func quote(
        in instrument: Int, by place: Int, around middle: Int64, half: Int64, size: Int64,
        valuedAt valued: Int64? = nil, _ world: StressWorld, _ ledger: Ledger
    ) -> QuoteRequest? {
        let terms = ledger.catalogue.instruments[instrument]
        let last = quoted[place][instrument]
        let patience = middle / StressTraders.million * StressTraders.patience
        guard abs(middle - last) > patience || world.step % 12 == place % 12 else { return nil }
        quoted[place][instrument] = middle
        let value = valued ?? middle
        let held = StressTraders.worth(
            ledger.accounts.quantity(
                of: StressTraders.identifier(place), in: StressMarket.identifier(instrument)
            ).units, at: value, in: terms)
        let full = StressTraders.fullInventory
        let lean = Int64(
            clamping: Int128(max(-full, min(full, held))) * Int128(StressTraders.lean)
                / Int128(full))
        let wide = min(450_000, half * StressTraders.million / max(1, world.depth))
        let shown = Int64(
            clamping: Int128(size) * Int128(world.depth) / Int128(StressTraders.million))
        let lots = Quantity(
            lots: StressTraders.lots(shown, at: value, in: terms) ?? 0)
        let centre = middle - middle / StressTraders.million * lean
        let bid = centre - middle / StressTraders.million * wide
        let ask = centre + middle / StressTraders.million * wide
        return QuoteRequest(
            instrument: StressMarket.identifier(instrument),
            bid: StressTraders.ticks(bid, in: terms, roundsUp: false),
            bidQuantity: held < full ? lots : .zero,
            ask: StressTraders.ticks(ask, in: terms, roundsUp: true),
            askQuantity: held > -full ? lots : .zero)
    }

    /// Buys what stands below the outside price by more than it costs, and sells what stands above.
    mutating func arbitrage(
        by place: Int, _ world: StressWorld, _ ledger: Ledger
    ) -> [Command] {
        let instrument = StressMarket.identifier(StressMarket.bitcoin)
        let terms = ledger.catalogue.instruments[StressMarket.bitcoin]
        let price = world.price(of: 0)
        let held = StressTraders.worth(
            ledger.accounts.quantity(of: StressTraders.identifier(place), in: instrument).units,
            at: price, in: terms)
        let margin = price / StressTraders.million * StressTraders.cost
        let tick = terms.tickSize.units
        let clip = StressTraders.lots(StressTraders.clip, at: price, in: terms) ?? 0
        let ask = ledger.books.bestPrice(.sell, in: instrument).map { $0.units * tick }
        let bid = ledger.books.bestPrice(.buy, in: instrument).map { $0.units * tick }
        if let ask, ask < price - margin, held < StressTraders.largest {
            return take(
                place, in: StressMarket.bitcoin, lots: clip, limit: price - margin,
                reduces: false, ledger)
        }
        if let bid, bid > price + margin, held > -StressTraders.largest {
            return take(
                place, in: StressMarket.bitcoin, lots: -clip, limit: price + margin,
                reduces: false, ledger)
        }
        guard isAuctioned[place] else { return [] }
        isAuctioned[place] = false
        return [.cancelAll(nil)]
    }
}
