/// What a run of the stress laboratory is made of: which crash, which seed, what is off, how deep
/// the market outside is, and how boldly people borrow. Everything else is derived from it.

package import Canonical

/// How boldly positions are financed.
package enum StressLeverage: String, CaseIterable, Sendable {
    /// As the liquidation data say (`docs/stress.md`): few are near the edge.
    case calibrated
    /// Two of five stand within 3.5 to 8 % of liquidation: the default, and the harder test.
    case eager
}

/// One run.
package struct StressPlan: Sendable {
    package var course: StressCourse
    package var seed: UInt64
    package var off = DefenceSet()
    package var leverage = StressLeverage.eager
    /// Depth outside and on the venue, in 10⁻⁶ of usual, at every time; nil lets it fall to 17 % as
    /// prices move, and recover.
    package var depth: Int64?
    /// Whether a series for charts is kept.
    package var keepsSeries = false

    package init(_ course: StressCourse, seed: UInt64) {
        self.course = course
        self.seed = seed
    }

    /// Ask depth of the largest venue fell from $392 M to $67 M on 2025-10-10, in 10⁻⁶
    /// (`facts/risk.md`).
    package static let thinDepth: Int64 = 170_000
    /// Micro-dollars in the perpetual as the storm begins.
    static let interest: Int64 = 60_000_000 * million
    /// Micro-dollars of the insurance fund: 0.9 % of the open interest.
    static let fund: Int64 = interest * 9 / 1_000
    /// Micro-dollars that move the price outside by 2 %, in calm times: a third of the open
    /// interest.
    static let outsideDepth: Int64 = interest / 3
    /// Micro-dollars that all makers of the venue show within 2 % on one side, in calm times.
    static let venueDepth: Int64 = interest / 10
    static let million: Int64 = 1_000_000
}
