/// What price files become: per underlying a history with one or several sources. All integers, so
/// that a replay feeds the engine the same numbers on every machine.

/// One bar of one source. Prices are in 10⁻⁶ quote per `unitMultiplier` units, in `1 ... 10¹⁸`,
/// with `low ≤ open, close ≤ high`.
package struct PriceBar: Equatable, Sendable {
    /// Nanoseconds since 1970-01-01 UTC at which the bar opens.
    package let start: UInt64
    /// Nanoseconds the bar covers, in `1 ... 86_400 × 10⁹`.
    package let duration: UInt64
    package let open: Int64
    package let high: Int64
    package let low: Int64
    package let close: Int64
    /// In 10⁻⁶ of what the file counts volume in (base units, contracts or quote: files differ), so
    /// good as a relative weight only; nil when the file has no volume.
    package let volume: Int64?

    /// The first nanosecond that the bar no longer covers.
    package var end: UInt64 { start + duration }

    package init(
        start: UInt64, duration: UInt64, open: Int64, high: Int64, low: Int64, close: Int64,
        volume: Int64?
    ) {
        self.start = start
        self.duration = duration
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
    }
}

/// The bars of one venue for one underlying, in order of time and never overlapping. A stretch
/// without bars is an outage.
package struct VenueBars: Equatable, Sendable {
    /// The venue, unique in its history: `coinbase`, `bybit-perp`, `coinbase#2`.
    package let venue: String
    /// Never empty.
    package let bars: [PriceBar]
    /// The currency that the source quotes in; nil for the quote of its history.
    package let currency: String?

    package init(venue: String, bars: [PriceBar], currency: String? = nil) {
        self.venue = venue
        self.bars = bars
        self.currency = currency
    }

    /// The venue, with the currency where it has one of its own: `kraken (USDC)`.
    package var label: String { currency.map { "\(venue) (\($0))" } ?? venue }

    /// Nanoseconds at which the first bar opens.
    package var start: UInt64 { bars.first?.start ?? 0 }
    /// Nanoseconds at which the last bar ends.
    package var end: UInt64 { bars.last?.end ?? 0 }
}

/// The price history of one underlying: a pair of base and quote. Different quotes are different
/// underlyings: USD is not silently USDC.
package struct PriceHistory: Equatable, Sendable {
    package let base: String
    package let quote: String
    /// How many units one price is for: 1, or 1,000 or 1,000,000 where a unit is worth so little
    /// that 10⁻⁶ of the quote would be too coarse.
    package let unitMultiplier: Int64
    /// In order of `venue`; never empty.
    package let sources: [VenueBars]

    package init(base: String, quote: String, unitMultiplier: Int64, sources: [VenueBars]) {
        self.base = base
        self.quote = quote
        self.unitMultiplier = unitMultiplier
        self.sources = sources
    }

    /// What people call it: `BTC/USD`, `1000000PEPE/USD`.
    package var name: String {
        (unitMultiplier == 1 ? "" : String(unitMultiplier)) + base + "/" + quote
    }

    /// Nanoseconds at which the first bar of any source opens.
    package var start: UInt64 { sources.map(\.start).min() ?? 0 }
    /// Nanoseconds at which the last bar of any source ends.
    package var end: UInt64 { sources.map(\.end).max() ?? 0 }
}
