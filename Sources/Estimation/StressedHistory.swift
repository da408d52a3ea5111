/// The worst shortfall of about a year, which margin never forgets all of at once (EMIR 153/2013,
/// Art. 28: a quarter of the weight for stressed observations). Of each day counts the lowest
/// estimate: what rose and fell again within a day was no stressed time.

public import Canonical
public import FixedPoint

/// The worst days of the last periods.
public struct StressedHistory: Equatable, Sendable {
    /// By period of thirty days, the one that runs last: the highest of the days' lows.
    private var worst: [Real] = []
    /// The period that runs, counted from 1970.
    private var period: UInt64 = 0
    /// The day that runs, counted from 1970, and the lowest shortfall in it.
    private var day: UInt64 = 0
    private var low = Real.zero

    /// No day yet.
    public init() {}

    /// The worst of all whole days that are kept.
    public var shortfall: Real {
        var result = Real.zero
        for entry in worst { result = max(result, entry) }
        return result
    }

    /// Takes note of an estimate.
    ///
    /// - Parameters:
    ///   - shortfall: not negative.
    ///   - day: since 1970; never lower than before.
    public mutating func note(_ shortfall: Real, day: UInt64) {
        guard !worst.isEmpty else {
            worst = [.zero]
            (self.day, low, period) = (day, shortfall, day / StressedHistory.periodDays)
            return
        }
        guard day > self.day else {
            low = min(low, shortfall)
            return
        }
        worst[worst.count - 1] = max(worst[worst.count - 1], low)
        (self.day, low) = (day, shortfall)
        let current = day / StressedHistory.periodDays
        let passed = min(current - period, UInt64(StressedHistory.periods))
        for _ in 0..<passed {
            if worst.count == StressedHistory.periods { worst.removeFirst() }
            worst.append(.zero)
        }
        period = current
    }

    /// Days of a period, and how many are kept, the one that runs included: 330 to 360 days.
    private static let periodDays: UInt64 = 30
    private static let periods = 12
}

extension StressedHistory: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(UInt8(worst.count))
        for entry in worst { encoder.append(entry.bits) }
        encoder.append(period)
        encoder.append(day)
        encoder.append(low.bits)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        let count = Int(try decoder.byte())
        guard count <= StressedHistory.periods else { throw DecodingFault(.outOfRange, at: start) }
        for _ in 0..<count { worst.append(Real(bits: try decoder.int64())) }
        period = try decoder.uint64()
        day = try decoder.uint64()
        low = Real(bits: try decoder.int64())
        // So that no later day lies before it.
        guard period == day / StressedHistory.periodDays, low >= .zero else {
            throw DecodingFault(.outOfRange, at: start)
        }
    }
}
