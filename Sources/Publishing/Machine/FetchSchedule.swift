/// When a feed is asked: at whole multiples of its period, so that all publishers look at the same
/// moments, and after a failure later and later, each at a moment of its own, so that a venue that
/// comes back is not met by everyone at once.

/// The times of one kind of request. All in nanoseconds.
package struct FetchSchedule: Sendable {
    /// The longest wait after failures.
    package static let longestWait: UInt64 = 60_000_000_000
    private static let mostDoublings = 16

    private let period: UInt64
    /// When it is asked next.
    package private(set) var due: UInt64
    package private(set) var isInFlight = false
    /// In a row.
    package private(set) var failures = 0

    /// - Precondition: the period is not zero.
    package init(period: UInt64, from now: UInt64) {
        precondition(period > 0, "Invariant: a period is longer than nothing")
        self.period = period
        due = now
    }

    package mutating func begin() { isInFlight = true }

    package mutating func succeeded(at now: UInt64) {
        isInFlight = false
        failures = 0
        due = FetchSchedule.boundary(after: now, period)
    }

    /// - Parameter chance: any number; it decides where in the second half of the wait.
    package mutating func failed(at now: UInt64, chance: UInt64) {
        isInFlight = false
        failures += 1
        due = now + FetchSchedule.wait(after: failures, period: period, chance: chance)
    }

    /// The first whole multiple of a period after a moment.
    package static func boundary(after now: UInt64, _ period: UInt64) -> UInt64 {
        (now / period + 1) * period
    }

    /// How long to wait after so many failures: at most the period doubled each time up to the
    /// longest wait (or the period, where that is longer), at least half of it.
    package static func wait(
        after failures: Int, period: UInt64, longest: UInt64 = longestWait, chance: UInt64
    ) -> UInt64 {
        let doublings = min(max(failures - 1, 0), mostDoublings)
        let doubled = period.multipliedReportingOverflow(by: 1 << UInt64(doublings))
        let most = max(period, min(doubled.overflow ? .max : doubled.partialValue, longest))
        return most / 2 + chance % (most / 2 + 1)
    }
}
