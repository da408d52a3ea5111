/// Averages of an index over time. The sum of index × time since the first index stands in the
/// leaf, so that anyone who has proofs of the leaf at two headers can compute the average between
/// them, as with the accumulators of Uniswap v2; and two rings of marks give that of the last hour
/// and the last day without any. An index that stands without a quorum counts as it stands.

import Canonical
public import FixedPoint

/// The sum of an index over time, and what it was at earlier times.
public struct PriceAverages: Equatable, Sendable {
    /// Σ index × nanoseconds, modulo 2¹²⁸: differences count.
    public private(set) var cumulative: Int128 = 0
    /// Up to when it is counted; the epoch before the first index.
    public private(set) var through = Timestamp.epoch
    /// When the first index was made.
    public private(set) var since = Timestamp.epoch
    /// The sum at each of the last five-minute and two-hour boundaries, by their number modulo
    /// twelve.
    private var hourMarks = [Int128](repeating: 0, count: PriceAverages.marks)
    private var dayMarks = [Int128](repeating: 0, count: PriceAverages.marks)

    init() {}

    /// Counts the time up to `now`, in which the index stood at `price`.
    ///
    /// - Parameter price: zero where there is none yet.
    mutating func advance(to now: Timestamp, price: IndexPrice) {
        guard price.isPositive, now > through else { return }
        if through == .epoch {
            since = now
            through = now
            return
        }
        mark(in: &hourMarks, every: PriceAverages.hourStep, to: now, price)
        mark(in: &dayMarks, every: PriceAverages.dayStep, to: now, price)
        cumulative = sum(at: now, price)
        through = now
    }

    /// Notes the sum at the boundaries that have been passed: of many only the last twelve.
    private func mark(
        in marks: inout [Int128], every step: Duration, to now: Timestamp, _ price: IndexPrice
    ) {
        let last = now.count(of: step)
        let first = max(through.count(of: step) + 1, last &- min(last, PriceAverages.reach) + 1)
        guard first <= last else { return }
        for number in first...last {
            let boundary = Timestamp(nanoseconds: number * step.nanoseconds)
            marks[Int(number % UInt64(PriceAverages.marks))] = sum(at: boundary, price)
        }
    }

    /// The sum at a time not before `through`, up to which the index stands at a price.
    private func sum(at time: Timestamp, _ price: IndexPrice) -> Int128 {
        cumulative &+ Int128(price.units) &* Int128(time.elapsed(since: through).nanoseconds)
    }

    /// The average of the last 55 to 60 minutes, from a boundary of five minutes on; since the
    /// first index where that is later. Nil before any time has passed.
    public var lastHour: IndexPrice? { average(hourMarks, PriceAverages.hourStep) }

    /// The average of the last 22 to 24 hours, from a boundary of two hours on.
    public var lastDay: IndexPrice? { average(dayMarks, PriceAverages.dayStep) }

    private func average(_ marks: [Int128], _ step: Duration) -> IndexPrice? {
        let last = through.count(of: step)
        // The oldest mark that has not been written over.
        let oldest = last &- min(last, PriceAverages.reach - 1)
        let boundary = Timestamp(nanoseconds: oldest * step.nanoseconds)
        let isYoung = boundary < since
        let start = isYoung ? since : boundary
        let sum = isYoung ? 0 : marks[Int(oldest % UInt64(PriceAverages.marks))]
        let time = through.elapsed(since: start).nanoseconds
        guard time > 0 else { return nil }
        // A mean of 64-bit prices fits.
        return IndexPrice(units: Int64(clamping: (cumulative &- sum) / Int128(time)))
    }

    private static let marks = 12
    private static let reach: UInt64 = 12
    private static let hourStep = Duration.seconds(300)
    private static let dayStep = Duration.seconds(7_200)
}

extension PriceAverages {
    /// Appends the state.
    func encodeState(into encoder: inout CanonicalEncoder) {
        encoder.append(cumulative)
        encoder.append(through)
        encoder.append(since)
        for mark in hourMarks { encoder.append(mark) }
        for mark in dayMarks { encoder.append(mark) }
    }

    /// Reads what `encodeState` wrote.
    ///
    /// - Throws: `DecodingFault`, also where the count begins after it ends.
    mutating func decodeState(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        cumulative = try decoder.int128()
        through = try decoder.timestamp()
        since = try decoder.timestamp()
        for place in hourMarks.indices { hourMarks[place] = try decoder.int128() }
        for place in dayMarks.indices { dayMarks[place] = try decoder.int128() }
        guard since <= through else { throw DecodingFault(.outOfRange, at: start) }
    }
}
