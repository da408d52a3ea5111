/// Option chains as venues show them: every option of one currency at one moment. What a publisher
/// of the venue's volatility surface looks at.

/// One option as quoted. Volatilities are fractions a year, prices in the quote currency.
package struct OptionQuote: Sendable {
    package let strike: Double
    /// Of the future with the same expiry, when this option was seen.
    package let forward: Double
    /// The venue's own volatility.
    package let markVolatility: Double
    /// The delta of a call, in `0 ... 1`.
    package let delta: Double
    /// For one volatility point.
    package let vega: Double
    package let isBidAndAsked: Bool
}

/// The options of one expiry.
package struct ExpiryChain: Sendable {
    /// Nanoseconds since 1970.
    package let expiry: UInt64
    /// Ascending by strike.
    package var quotes: [OptionQuote]
    /// Whether a future with this expiry is listed; else the venue has made one up.
    package let hasFuture: Bool

    /// The middle forward: options of one snapshot are seen seconds apart.
    package var forward: Double {
        let sorted = quotes.map(\.forward).sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
}

/// A chain at one moment.
package struct OptionSnapshot: Sendable {
    package let currency: String
    /// Nanoseconds since 1970.
    package let time: UInt64
    package let index: Double
    /// Ascending by expiry.
    package var expiries: [ExpiryChain]
}
