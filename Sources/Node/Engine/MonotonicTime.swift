/// Spans of time, which no change of the clock disturbs; and the clock itself, in one place.

import FixedPoint
import Foundation

/// Nanoseconds since some moment.
enum MonotonicTime {
    static var now: UInt64 { reading(CLOCK_MONOTONIC) }

    private static func reading(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// The world's time.
    static var wall: Timestamp { Timestamp(nanoseconds: reading(CLOCK_REALTIME)) }
}
