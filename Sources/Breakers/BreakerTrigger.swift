/// What can raise a level, and what one look at it found. Every trigger here needs prices that a
/// quorum stands behind, or money that many accounts lost: none can be bought by one account
/// (`facts/risk.md`, attack 6). What one account causes throttles that account (`AccountFlow`).

public import Canonical

/// A reason to hold a market back.
public enum BreakerTrigger: UInt8, CaseIterable, Sendable {
    /// The index moved too far within a minute.
    case minuteMove = 0
    /// The index moved too far within five minutes.
    case fiveMinuteMove = 1
    /// No narrow band holds the prices of a quorum.
    case sourceDivergence = 2
    /// The best orders of the book stand on the wrong side of the index, and stay there.
    case bookDivergence = 3
    /// The index is too old to add risk on.
    case staleIndex = 4
    /// The index is too old for anything.
    case deadIndex = 5
    /// Positions of many accounts are being closed by force.
    case liquidations = 6
    /// The insurance fund is paying out fast.
    case drawdown = 7
    /// The guardian says so.
    case guardian = 8

    /// The defence that switches it off; nil for the guardian, whom nothing does.
    public var defence: Defence? {
        switch self {
        case .minuteMove, .fiveMinuteMove: .moveBreaker
        case .sourceDivergence, .bookDivergence: .divergenceBreaker
        case .staleIndex, .deadIndex: .quorumBreaker
        case .liquidations, .drawdown: .liquidationBreaker
        case .guardian: nil
        }
    }

    /// The level that it demands; that of the guardian is his to choose.
    public var level: MarketLevel {
        switch self {
        case .minuteMove, .fiveMinuteMove, .sourceDivergence, .bookDivergence, .liquidations,
            .guardian:
            .auctionOnly
        case .staleIndex, .drawdown: .reduceOnly
        case .deadIndex: .halted
        }
    }
}

/// One look at a trigger. All three numbers are of the same unit: billionths of moves, spreads and
/// shares, nanoseconds of ages, micro-units of money.
public struct BreakerReading: Equatable, Sendable {
    public let trigger: BreakerTrigger
    /// Not negative; nil where it cannot be told now, which neither trips nor clears.
    public let measured: Int64?
    /// It trips at this or more.
    public let threshold: Int64
    /// It is clear below this; at most the threshold, so that a value at the edge does not flap.
    public let clearing: Int64

    public init(
        _ trigger: BreakerTrigger, measured: Int64?, threshold: Int64, clearing: Int64
    ) {
        self.trigger = trigger
        self.measured = measured
        self.threshold = threshold
        self.clearing = min(clearing, threshold)
    }

    /// Whether the trigger is live.
    public var isTripped: Bool { measured.map { $0 >= threshold } ?? false }
    /// Whether the trigger is gone.
    public var isClear: Bool { measured.map { $0 < clearing } ?? false }
}

extension BreakerTrigger: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(rawValue) }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        guard let trigger = BreakerTrigger(rawValue: try decoder.byte()) else {
            throw DecodingFault(.unknownTag, at: start)
        }
        self = trigger
    }
}
