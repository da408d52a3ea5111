/// The options of one underlying at one moment, as a trader reads them: by expiry the forward and
/// the volatility at the money, by strike the marks, the books and the Greeks of call and put. Made
/// of what the ledger holds; nothing in it is computed a second time but the Greeks, which the
/// ledger does not keep.

/// The live options on one underlying.
package struct OptionChain: Equatable, Sendable {
    /// The underlying: `BTC`.
    package let underlying: String
    /// What prices are in: `USD`.
    package let quote: String
    /// Nanoseconds since 1970 of the block after which it was so.
    package let time: UInt64
    /// 10⁻⁶ quote.
    package let index: Int64
    /// Ascending, each with a pair of options at least.
    package let expiries: [OptionExpiry]

    /// How many options there are: a call and a put count as two.
    package var series: Int {
        expiries.reduce(0) { $0 + $1.strikes.reduce(0) { $0 + $1.lines.count } }
    }

    /// Options held long, in 10⁻⁹ units of the underlying.
    package var openInterest: Int64 { expiries.reduce(0) { $0 + $1.openInterest } }

    /// `openInterest` at the index, in micro-units of the quote.
    package var openNotional: Int64 { OptionChain.worth(openInterest, at: index) }

    /// 10⁻⁹ units at a price in 10⁻⁶, in micro-units.
    static func worth(_ units: Int64, at price: Int64) -> Int64 {
        Int64(clamping: Int128(units) * Int128(price) / nanoPerUnit)
    }

    private static let nanoPerUnit: Int128 = 1_000_000_000
}

/// The options of one expiry.
package struct OptionExpiry: Equatable, Sendable {
    /// Nanoseconds since 1970.
    package let time: UInt64
    /// Nanoseconds to it.
    package let timeLeft: UInt64
    /// 10⁻⁶ quote.
    package let forward: Int64
    /// The share of the settlement price that is fixed already, in 10⁻⁶.
    package let fixedShare: Int64
    /// A year's, where the strike is the forward, in 10⁻⁶; nil before the first curve.
    package let atTheMoney: Int64?
    /// The dated future of the same expiry.
    package let future: DatedFuture?
    /// Ascending.
    package let strikes: [OptionStrike]
    /// The curve over strikes; empty before the first.
    package let smile: [ChainVolatility]

    /// Options held long, in 10⁻⁹ units of the underlying.
    package var openInterest: Int64 {
        strikes.reduce(0) { $0 + $1.lines.reduce(0) { $0 + $1.openInterest } }
    }
}

/// A dated future, in a chain.
package struct DatedFuture: Equatable, Sendable {
    package let name: String
    /// 10⁻⁶ quote.
    package let mark: Int64
    /// 10⁻⁹ units of the underlying.
    package let openInterest: Int64
}

/// The call and the put of one strike.
package struct OptionStrike: Equatable, Sendable {
    /// 10⁻⁶ quote.
    package let strike: Int64
    package var call: OptionLine?
    package var put: OptionLine?

    /// Those that are listed.
    package var lines: [OptionLine] { [call, put].compactMap { $0 } }
}

/// One option. Prices in 10⁻⁶ quote for one unit of the underlying.
package struct OptionLine: Equatable, Sendable {
    package let name: String
    package let mark: Int64
    /// The best prices in the book; nil where that side is empty.
    package let bid: Int64?
    package let ask: Int64?
    /// What the mark is made of: a year's volatility, in 10⁻⁶.
    package let volatility: Int64
    /// 10⁻⁶.
    package let delta: Int64
    /// The change of delta when the forward moves by one quote, in 10⁻¹².
    package let gamma: Int64
    /// 10⁻⁶ quote for one volatility point.
    package let vega: Int64
    /// 10⁻⁶ quote for one day.
    package let theta: Int64
    /// 10⁻⁹ units of the underlying.
    package let openInterest: Int64
}

/// The volatility of a strike, listed or not.
package struct ChainVolatility: Equatable, Sendable {
    /// 10⁻⁶ quote.
    package let strike: Int64
    /// A year's, in 10⁻⁶.
    package let volatility: Int64
}
