/// One expiry of one underlying in the report: what was listed, traded and settled. Money in
/// micro-units of the quote.

/// The futures and options that expire together.
package struct ExpirySummary: Equatable, Sendable {
    /// What people call the underlying: `BTC`.
    package let underlying: String
    /// Nanoseconds since 1970.
    package let expiry: UInt64
    package var futures = 0
    package var options = 0

    package var futureTrades = 0
    /// Notional.
    package var futureVolume: Int64 = 0
    package var optionTrades = 0
    /// What was paid for options, each trade counted once.
    package var premium: Int64 = 0

    /// Notional of one side at the end; of what is settled zero.
    package var futureInterest: Int64 = 0
    package var optionInterest: Int64 = 0

    /// In 10⁻⁶ quote; nil until then.
    package var settlementPrice: Int64?
    /// What bought options, sold options and bought futures were worth at settlement. The first two
    /// are equal: what one side receives is what the other pays.
    package var exercised: Int64 = 0
    package var assigned: Int64 = 0
    package var delivered: Int64 = 0
    /// Positions in options that were worth nothing.
    package var lapsed = 0

    package init(underlying: String, expiry: UInt64) {
        self.underlying = underlying
        self.expiry = expiry
    }

    /// `BTC 2026-01-15`.
    package var name: String { "\(underlying) \(ReportText.date(expiry))" }
}
