/// What one run came to: money, volumes and times, in whole numbers.

/// The measures of a run. Money is in micro-dollars, shares in 10⁻⁶.
package struct StressResult: Sendable {
    package let seed: UInt64
    /// The farthest that the course goes from its opening; negative is down.
    package var move: Int64 = 0
    /// In both perpetuals and all options, once everyone has taken a position.
    package var openInterest: Int64 = 0
    /// Accounts whose liquidation began.
    package var liquidations = 0
    /// What they held in the bitcoin perpetual at first, each account counted once.
    package var reached: Int64 = 0
    /// What they closed on the book.
    package var closedOnBook: Int64 = 0
    /// What was closed against the other side.
    package var deleveraged: Int64 = 0
    /// What backstop providers took over, at the mark.
    package var auctioned: Int64 = 0
    /// What leveraged positions a move of the course alone would have liquidated.
    package var exposed: Int64 = 0
    /// Of the insurance fund.
    package var insurancePaid: Int64 = 0
    package var fundStart: Int64 = 0
    package var fundEnd: Int64 = 0
    /// What the fund did not pay: taken from winners, and paid by nobody.
    package var lossShared: Int64 = 0
    package var badDebt: Int64 = 0
    /// The farthest that the outside price or a forced sale stood beyond the course, against those
    /// who were forced.
    package var overshoot: Int64 = 0
    /// How far beyond the course forced sales traded, weighted by volume.
    package var closingCost: Int64 = 0
    /// Account-seconds in liquidation, and of those the ones with less than nothing.
    package var secondsInLiquidation: Int64 = 0
    package var secondsUnderWater: Int64 = 0
    /// Dollars open for a dollar of initial margin asked, on average, in 10⁻⁶.
    package var marginEfficiency: Int64 = 0
    /// Blocks applied.
    package var blocks = 0
    package var stateRoot = ""
    /// The first thing that was not as it should be at the end; nil if all was.
    package var auditFailure: String?
    /// How often each role sent something.
    var acts: [StressRole: Int] = [:]
    var series = StressSeries()

    /// All that was closed by force.
    package var forced: Int64 { closedOnBook + deleveraged + auctioned }

    /// Forced volume for each dollar that the course alone would have forced, in 10⁻⁶; nil where it
    /// would have forced nobody.
    package var cascadeFactor: Int64? {
        exposed > 0
            ? Int64(clamping: Int128(forced) * 1_000_000 / Int128(exposed)) : nil
    }

    /// What went beyond the fund.
    package var beyondFund: Int64 { lossShared + badDebt }
}

/// A run over time, a sample each half minute.
struct StressSeries: Sendable {
    /// Nanoseconds since 1970.
    var times: [UInt64] = []
    /// Micro-dollars.
    var course: [Int64] = []
    var index: [Int64] = []
    var mark: [Int64] = []
    /// Since the sample before.
    var closedOnBook: [Int64] = []
    var deleveraged: [Int64] = []
    var auctioned: [Int64] = []
    /// 10⁻⁶ of usual depth.
    var depth: [Int64] = []
    var fund: [Int64] = []
}
