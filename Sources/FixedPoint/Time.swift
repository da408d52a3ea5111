/// Time as the block header states it. The engine never reads a clock: every instant comes in as a
/// value (DESIGN 3, STYLE rule 1).

/// An instant: nanoseconds since 1970-01-01 UTC.
@frozen
public struct Timestamp: Comparable, Sendable {
    public let nanoseconds: UInt64

    @inlinable
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// 1970-01-01 UTC: before anything happened.
    @inlinable
    public static var epoch: Timestamp { Timestamp(nanoseconds: 0) }

    @inlinable
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The time from `earlier` to this instant, or zero where `earlier` is later.
    @inlinable
    public func elapsed(since earlier: Timestamp) -> Duration {
        Duration(
            nanoseconds: nanoseconds > earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0)
    }

    /// This instant plus a span; the end of time where the sum does not fit.
    @inlinable
    public func advanced(by span: Duration) -> Timestamp {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(span.nanoseconds)
        return Timestamp(nanoseconds: overflow ? .max : sum)
    }

    /// When the UTC day of this instant began.
    @inlinable
    public var startOfDay: Timestamp {
        Timestamp(nanoseconds: nanoseconds - nanoseconds % Duration.day.nanoseconds)
    }

    /// How many whole spans have passed since 1970.
    ///
    /// - Precondition: `span` is not zero.
    @inlinable
    public func count(of span: Duration) -> UInt64 {
        precondition(span.nanoseconds > 0, "Invariant: a span that is counted is longer than zero")
        return nanoseconds / span.nanoseconds
    }
}

/// A span of time in nanoseconds; never negative.
@frozen
public struct Duration: Comparable, Sendable {
    public let nanoseconds: UInt64

    @inlinable
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// So many seconds.
    ///
    /// - Precondition: at most 18,446,744,073 seconds (585 years).
    @inlinable
    public static func seconds(_ count: UInt64) -> Duration {
        Duration(nanoseconds: count * 1_000_000_000)
    }

    /// No time.
    @inlinable
    public static var zero: Duration { Duration(nanoseconds: 0) }

    /// One minute.
    @inlinable
    public static var minute: Duration { .seconds(60) }

    /// One hour.
    @inlinable
    public static var hour: Duration { .seconds(3_600) }

    /// One day of 24 hours.
    @inlinable
    public static var day: Duration { .seconds(86_400) }

    @inlinable
    public static func < (left: Duration, right: Duration) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
