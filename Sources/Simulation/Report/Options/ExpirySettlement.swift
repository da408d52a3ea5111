/// What settled in a replay: one row per expiry, added up from the events of its positions.

/// One settled expiry of one underlying.
package struct ExpirySettlement: Equatable, Sendable {
    package let underlying: String
    /// Nanoseconds since 1970: when it expired.
    package let expiry: UInt64
    /// Nanoseconds since 1970 of the block that settled it.
    package let time: UInt64
    /// The averaged index, in 10⁻⁶ quote.
    package let price: Int64
    /// Options and futures that ended.
    package var series = 0
    /// Positions by how they ended.
    package var exercised = 0
    package var assigned = 0
    package var lapsed = 0
    package var delivered = 0
    /// What the holders of options received, which is what their writers paid; micro-units.
    package var payout: Int64 = 0
    /// Options held long, each at the settlement price of the underlying; micro-units.
    package var optionNotional: Int64 = 0
    /// The same of futures.
    package var futureNotional: Int64 = 0

    package init(underlying: String, expiry: UInt64, time: UInt64, price: Int64) {
        self.underlying = underlying
        self.expiry = expiry
        self.time = time
        self.price = price
    }
}
