/// Brings the sources of one base in several currencies together: a price in USDC becomes a source
/// of the index in USD, next to a price of USDC itself. USD is not silently USDC: the price of a
/// currency comes from the files, where a venue trades one base in both currencies at once (BTC/USD
/// over BTC/USDC is USDC/USD), or from a history of its own.

import Documents

/// Histories in one currency.
package enum QuoteConversion {
    /// The same histories with all sources in `quote`, where a price of their currency is known;
    /// others stay as they are. The prices of currencies come after the rest.
    ///
    /// - Parameter quote: the currency of the indices, such as `USD`.
    package static func joined(_ histories: [PriceHistory], in quote: String) -> [PriceHistory] {
        let rates = rates(histories, in: quote)
        var joined: [PriceHistory] = []
        for history in histories {
            let isJoined = history.quote != quote && rates.contains { $0.base == history.quote }
            let main = histories.first {
                $0.base == history.base && $0.quote == quote
                    && $0.unitMultiplier == history.unitMultiplier
            }
            if isJoined, main != nil { continue }
            guard history.quote == quote else {
                joined.append(history)
                continue
            }
            let others = histories.filter { other in
                other.base == history.base && other.quote != quote
                    && other.unitMultiplier == history.unitMultiplier
                    && rates.contains { $0.base == other.quote }
            }
            let foreign = others.flatMap { other in
                other.sources.map {
                    VenueBars(venue: $0.venue, bars: $0.bars, currency: other.quote)
                }
            }
            joined.append(
                PriceHistory(
                    base: history.base, quote: quote, unitMultiplier: history.unitMultiplier,
                    sources: history.sources + foreign))
        }
        return joined + rates.filter { rate in !joined.contains { $0.name == rate.name } }
    }

    /// What each foreign currency is worth in `quote`: its own history, else what venues that trade
    /// one base in both say.
    private static func rates(_ histories: [PriceHistory], in quote: String) -> [PriceHistory] {
        var currencies: [String] = []
        for history in histories where history.quote != quote {
            if !currencies.contains(history.quote) { currencies.append(history.quote) }
        }
        return currencies.compactMap { currency in
            if let own = histories.first(where: { $0.base == currency && $0.quote == quote }) {
                return own
            }
            return derived(currency, in: quote, from: histories)
        }
    }

    private static func derived(
        _ currency: String, in quote: String, from histories: [PriceHistory]
    ) -> PriceHistory? {
        var sources: [VenueBars] = []
        for foreign in histories where foreign.quote == currency {
            guard
                let home = histories.first(where: {
                    $0.base == foreign.base && $0.quote == quote
                        && $0.unitMultiplier == foreign.unitMultiplier
                })
            else { continue }
            for source in foreign.sources
            where !sources.contains(where: { $0.venue == source.venue }) {
                guard let twin = home.sources.first(where: { $0.venue == source.venue }) else {
                    continue
                }
                let bars = ratios(of: twin.bars, over: source.bars)
                if !bars.isEmpty { sources.append(VenueBars(venue: source.venue, bars: bars)) }
            }
        }
        guard !sources.isEmpty else { return nil }
        return PriceHistory(base: currency, quote: quote, unitMultiplier: 1, sources: sources)
    }

    /// One bar over the other where both cover the same time. High and low are those of the four
    /// ratios: when each venue met its own is not known.
    private static func ratios(of bars: [PriceBar], over others: [PriceBar]) -> [PriceBar] {
        var result: [PriceBar] = []
        var next = 0
        for bar in bars {
            while next < others.count && others[next].start < bar.start { next += 1 }
            guard next < others.count else { break }
            let other = others[next]
            guard other.start == bar.start, other.duration == bar.duration else { continue }
            let open = ratio(bar.open, other.open)
            let close = ratio(bar.close, other.close)
            result.append(
                PriceBar(
                    start: bar.start, duration: bar.duration, open: open,
                    high: max(open, close), low: min(open, close), close: close, volume: nil))
        }
        return result
    }

    /// In 10⁻⁶, rounded to the nearest, at least 1.
    private static func ratio(_ price: Int64, _ other: Int64) -> Int64 {
        let micro: Int128 = 1_000_000
        return max(1, Int64(clamping: (Int128(price) * micro + Int128(other) / 2) / Int128(other)))
    }
}
