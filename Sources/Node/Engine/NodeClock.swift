/// The time that blocks and the API go by.

package import FixedPoint

/// The world's clock, or one that a demonstration runs faster.
package struct NodeClock: Sendable {
    /// The time now; it may step back where the world's does.
    package let now: @Sendable () -> Timestamp

    package init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

    static let nanosecondsPerMillisecond: UInt64 = 1_000_000

    /// The system's clock.
    package static let world = NodeClock { MonotonicTime.wall }

    /// Starts at `start` and runs `speed` times as fast as the world.
    ///
    /// - Parameter speed: 1 to 1,000.
    package static func fast(from start: Timestamp, speed: UInt64) -> NodeClock {
        let began = MonotonicTime.now
        return NodeClock {
            start.advanced(by: Duration(nanoseconds: (MonotonicTime.now - began) * speed))
        }
    }
}
