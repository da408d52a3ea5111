/// How many commands an account may send: a bucket that fills with time. Only what an account has
/// signed is charged to it. Cancels and top-ups pass when the bucket is empty, up to as many again,
/// so that an account that has used up its rate can still get out.

package import Canonical

/// The buckets of all accounts that have sent something lately.
package struct CommandLimits: Sendable {
    /// One account's bucket, in millionths of a command.
    private struct Bucket {
        var level: Int64
        /// Nanoseconds.
        var time: UInt64
    }

    /// Commands a second.
    private let rate: Int64
    /// Commands at once.
    private let burst: Int64
    private var buckets: [UInt32: Bucket] = [:]

    /// Millionths in a command.
    private static let scale: Int64 = 1_000_000
    /// Nanoseconds in which one millionth of a command arrives at one command a second.
    private static let nanosecondsPerUnit: Int64 = 1_000
    /// Most buckets that are kept; full ones are then forgotten.
    private static let mostBuckets = 65_536

    /// - Parameters:
    ///   - rate: commands a second, 1 to 10⁷.
    ///   - burst: commands at once, 1 to 10⁷.
    package init(rate: Int, burst: Int) {
        self.rate = Int64(rate)
        self.burst = Int64(burst)
    }

    /// Charges commands to an account.
    ///
    /// - Parameter time: nanoseconds, never going back.
    /// - Returns: nil if they may pass; else the milliseconds after which they may.
    package mutating func charge(
        _ account: AccountIdentifier, commands: Int, isReducing: Bool, at time: UInt64
    ) -> Int? {
        let full = burst * CommandLimits.scale
        var bucket = buckets[account.number] ?? Bucket(level: full, time: time)
        let elapsed =
            Int64(clamping: (time - min(time, bucket.time))) / CommandLimits.nanosecondsPerUnit
        let (gain, overflow) = elapsed.multipliedReportingOverflow(by: rate)
        bucket.level = overflow ? full : min(full, bucket.level + min(gain, 2 * full))
        bucket.time = time
        let cost = Int64(commands) * CommandLimits.scale
        let floor = isReducing ? -full : 0
        guard bucket.level - cost >= floor else {
            buckets[account.number] = bucket
            let missing = floor - (bucket.level - cost)
            return Int(missing / rate / 1_000) + 1
        }
        bucket.level -= cost
        if buckets.count >= CommandLimits.mostBuckets { forgetFull(at: time) }
        buckets[account.number] = bucket
        return nil
    }

    private mutating func forgetFull(at time: UInt64) {
        let full = burst * CommandLimits.scale
        buckets = buckets.filter { _, bucket in
            let elapsed =
                Int64(clamping: time - min(time, bucket.time)) / CommandLimits.nanosecondsPerUnit
            let (gain, overflow) = elapsed.multipliedReportingOverflow(by: rate)
            return !overflow && bucket.level + min(gain, 2 * full) < full
        }
    }
}
