/// How long a market's breaker stood at a level, and what put it there.

/// A stretch of one level.
package struct BreakerStretch: Equatable, Sendable {
    /// The market's symbol.
    package let market: String
    /// As the breaker names it: `auctionOnly`, `reduceOnly`, `halted`.
    package let level: String
    /// 1, 2 or 3, the higher the less may be done.
    package let severity: Int
    /// What raised or lowered it to this level.
    package let trigger: String
    /// What was measured and from where on it triggers, in words; empty where nothing was.
    package let measure: String
    /// Nanoseconds since 1970.
    package let start: UInt64
    package var end: UInt64

    package init(
        market: String, level: String, severity: Int, trigger: String, measure: String,
        start: UInt64, end: UInt64
    ) {
        self.market = market
        self.level = level
        self.severity = severity
        self.trigger = trigger
        self.measure = measure
        self.start = start
        self.end = end
    }
}
