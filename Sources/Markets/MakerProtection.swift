/// Market-maker protection: whoever quotes many instruments cannot pull all quotes by hand when
/// several are hit at once. When the fills of a maker's protected orders in one underlying reach a
/// limit within a window of time, all of these orders leave, and no new ones are taken until the
/// freeze ends or the maker resets it.
///
/// Fills are counted in two buckets of a window each, and both count in full: never later than a
/// sliding window would act, and at most one window earlier.

public import Canonical
public import FixedPoint

/// The protection of one account in one underlying, and what it has counted.
public struct MakerProtection: Equatable, Sendable {
    public let underlying: UnderlyingIdentifier
    /// How long fills count; positive.
    public let window: Duration
    /// How long the freeze lasts; zero is until it is reset.
    public let freeze: Duration
    /// The notional of fills that trips it; positive.
    public let limit: Amount
    private var windowStart = Timestamp.epoch
    private var current = Amount.zero
    private var previous = Amount.zero
    /// Until when it takes no protected orders.
    public private(set) var frozenUntil = Timestamp.epoch

    public init(
        underlying: UnderlyingIdentifier, window: Duration, freeze: Duration, limit: Amount
    ) {
        self.underlying = underlying
        self.window = window
        self.freeze = freeze
        self.limit = limit
    }

    /// Whether it takes no protected orders now.
    public func isFrozen(at now: Timestamp) -> Bool { frozenUntil > now }

    /// Counts a fill.
    ///
    /// - Parameter notional: not negative.
    /// - Returns: whether this trips the protection.
    public mutating func count(_ notional: Amount, at now: Timestamp) -> Bool {
        turn(to: now)
        let (sum, overflow) = current.units.addingReportingOverflow(notional.units)
        current = overflow ? .max : Amount(microunits: sum)
        guard previous >= limit - min(current, limit) else { return false }
        current = .zero
        previous = .zero
        frozenUntil =
            freeze == .zero ? Timestamp(nanoseconds: .max) : now.advanced(by: freeze)
        return true
    }

    /// The notional of fills that would trip it now; positive.
    public func room(at now: Timestamp) -> Amount {
        var turned = self
        turned.turn(to: now)
        return turned.limit - turned.previous - turned.current
    }

    /// Goes on to the bucket that `now` belongs to.
    private mutating func turn(to now: Timestamp) {
        let elapsed = now.elapsed(since: windowStart)
        guard elapsed >= window else { return }
        let isNext = elapsed.nanoseconds - window.nanoseconds < window.nanoseconds
        previous = isNext ? current : .zero
        current = .zero
        windowStart = isNext ? windowStart.advanced(by: window) : now
    }

    /// Ends the freeze and forgets what was counted.
    public mutating func reset() {
        self = MakerProtection(
            underlying: underlying, window: window, freeze: freeze, limit: limit)
    }
}

extension MakerProtection: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(underlying)
        encoder.append(window.nanoseconds)
        encoder.append(freeze.nanoseconds)
        encoder.append(limit)
        encoder.append(windowStart)
        encoder.append(current)
        encoder.append(previous)
        encoder.append(frozenUntil)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        underlying = try decoder.value()
        window = Duration(nanoseconds: try decoder.uint64())
        freeze = Duration(nanoseconds: try decoder.uint64())
        limit = try decoder.quantity()
        windowStart = try decoder.timestamp()
        let start = decoder.offset
        current = try decoder.quantity()
        previous = try decoder.quantity()
        guard !current.isNegative, !previous.isNegative else {
            throw DecodingFault(.outOfRange, at: start)
        }
        frozenUntil = try decoder.timestamp()
    }
}
