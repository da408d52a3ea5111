/// How long a question of a reader may take: a service that waits for a database is no service.

import Glibc

/// When the question that runs must have been answered. Its own thread alone reads and writes it:
/// SQLite looks at it from inside the question.
final class Deadline {
    /// Of a question of a reader, in both databases.
    static let usualSeconds = 10

    var seconds = Deadline.usualSeconds

    private var end: Int = .max

    /// A question begins.
    func begin() { end = Deadline.now + seconds * 1_000 }

    /// Whether the time of the deadline behind a pointer is over.
    static func isOver(_ pointer: UnsafeMutableRawPointer?) -> Bool {
        guard let pointer = unsafe pointer else { return false }
        return unsafe Unmanaged<Deadline>.fromOpaque(pointer).takeUnretainedValue().end < now
    }

    /// In milliseconds, of a clock that only goes forward.
    private static var now: Int {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }
}
