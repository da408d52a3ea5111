/// The built-in day for a venue that runs: from any time on and for several days, each day going on
/// at the price at which the last one ended.

import Documents

extension BuiltInDay {
    /// The days as price histories.
    ///
    /// - Parameters:
    ///   - start: nanoseconds since 1970 at which the first day's midnight lies; a whole minute.
    ///   - days: 1 to 30.
    package static func histories(from start: UInt64, days: Int) -> [PriceHistory] {
        let dayLength = UInt64(minutes) * TimeText.minute
        return histories().map { history in
            let first = history.sources.first?.bars.first?.open ?? 1
            let last = history.sources.first?.bars.last?.close ?? 1
            let sources = history.sources.map { source in
                var bars: [PriceBar] = []
                bars.reserveCapacity(source.bars.count * days)
                var level = first
                for day in 0..<days {
                    let midnight = start + UInt64(day) * dayLength
                    for bar in source.bars {
                        bars.append(
                            bar.moved(to: bar.start - BuiltInDay.start + midnight) {
                                BuiltInDay.scaled($0, level, first)
                            })
                    }
                    level = scaled(level, last, first)
                }
                return VenueBars(venue: source.venue, bars: bars)
            }
            return PriceHistory(
                base: history.base, quote: history.quote, unitMultiplier: history.unitMultiplier,
                sources: sources)
        }
    }

    /// price × part / whole, rounded down, at least 1.
    private static func scaled(_ price: Int64, _ part: Int64, _ whole: Int64) -> Int64 {
        max(1, Int64(clamping: Int128(price) * Int128(part) / Int128(max(1, whole))))
    }
}

extension PriceBar {
    /// The bar at another time, its prices changed by a function that keeps their order.
    fileprivate func moved(to start: UInt64, _ change: (Int64) -> Int64) -> PriceBar {
        PriceBar(
            start: start, duration: duration, open: change(open), high: change(high),
            low: change(low), close: change(close), volume: volume)
    }
}
