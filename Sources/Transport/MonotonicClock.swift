/// Time for deadlines: what the machine's clock is set to does not matter to it.

internal import Glibc

/// Nanoseconds since some moment before the process began.
enum MonotonicClock {
    static let nanosecondsPerSecond: UInt64 = 1_000_000_000
    static let nanosecondsPerMillisecond: UInt64 = 1_000_000

    static var now: UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * nanosecondsPerSecond + UInt64(time.tv_nsec)
    }
}
