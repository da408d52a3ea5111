/// How far an index may move in a time (`facts/risk.md`: 0.5 % a second, 15 or 30 % a minute). It
/// stops what a majority of sources could do at once, not what it can do at leisure: BTC really
/// moved by −9.3 % and +13 % inside a minute, so against a patient liar stands the stable price.
///
/// **A second.** From one block to the next the index moves by at most its share a second times the
/// time between them, so nothing depends on how often there are blocks.
///
/// **A minute.** It leaves neither the lowest nor the highest value that it had in the last minute
/// by more than its share. These are kept for seven buckets of ten seconds, so the minute is one of
/// 60 to 70 seconds. After a pause longer than a minute the share grows with the pause.

import Canonical
import FixedPoint

/// The memory of one index's moves.
struct MoveClamp: Equatable, Sendable {
    /// When the index was last made, from which time its next move is counted.
    private(set) var madeAt = Timestamp.epoch
    /// The bucket of the last value, counted from 1970.
    private var bucket: UInt64 = 0
    /// By bucket modulo their number; zero where there was no index.
    private var lowest = [IndexPrice](repeating: .zero, count: MoveClamp.buckets)
    private var highest = [IndexPrice](repeating: .zero, count: MoveClamp.buckets)

    /// Moves the index as near to a target as it may come now.
    ///
    /// - Parameters:
    ///   - index: the last, positive.
    ///   - target: positive.
    mutating func move(
        _ index: IndexPrice, to target: IndexPrice, _ rules: AggregationParameters,
        now: Timestamp
    ) -> IndexPrice {
        let elapsed = Int128(min(now.elapsed(since: madeAt), .hour).nanoseconds)
        var low: Int128 = 1
        var high = Int128(Int64.max)
        var isHeld = false
        if rules.secondMove != .zero {
            let share = Int128(rules.secondMove.units) * elapsed / MoveClamp.second
            let reach = Int128(index.units) * share / MoveClamp.one
            low = max(low, Int128(index.units) - reach)
            high = min(high, Int128(index.units) + reach)
            // Too short a time for a unit counts for the next move.
            isHeld = reach == 0 && target != index
        }
        if rules.minuteMove != .zero {
            let time = max(elapsed, MoveClamp.minute)
            let share = Int128(rules.minuteMove.units) * time / MoveClamp.minute
            let (bottom, top) = extremes(index, now)
            // A unit at least, or a price of a few units could never move.
            let down = max(1, Int128(top.units) * share / MoveClamp.one)
            let up = max(1, Int128(bottom.units) * share / MoveClamp.one)
            low = max(low, Int128(top.units) - down)
            high = min(high, Int128(bottom.units) + up)
        }
        // The last index is itself within both, but for what is rounded.
        low = min(low, Int128(index.units))
        high = max(high, Int128(index.units))
        let moved = IndexPrice(units: Int64(min(max(Int128(target.units), low), high)))
        let start = madeAt
        note(moved, now: now)
        if isHeld { madeAt = start }
        return moved
    }

    /// Takes note that the index was made.
    mutating func note(_ index: IndexPrice, now: Timestamp) {
        let current = now.count(of: MoveClamp.bucketLength)
        let place = Int(current % UInt64(MoveClamp.buckets))
        if current != bucket {
            clearPassed(until: current)
            bucket = current
        }
        let isFirst = lowest[place] == .zero
        lowest[place] = isFirst ? index : min(lowest[place], index)
        highest[place] = isFirst ? index : max(highest[place], index)
        madeAt = now
    }

    /// Forgets what is older than the buckets reach.
    private mutating func clearPassed(until current: UInt64) {
        let passed = current > bucket ? current - bucket : UInt64(MoveClamp.buckets)
        for offset in 1...min(passed, UInt64(MoveClamp.buckets)) {
            let place = Int((bucket &+ offset) % UInt64(MoveClamp.buckets))
            lowest[place] = .zero
            highest[place] = .zero
        }
    }

    /// The lowest and the highest of the last minute, the last index among them.
    private func extremes(
        _ index: IndexPrice, _ now: Timestamp
    ) -> (lowest: IndexPrice, highest: IndexPrice) {
        let passed = now.count(of: MoveClamp.bucketLength) &- bucket
        var low = index
        var high = index
        guard passed < UInt64(MoveClamp.buckets) else { return (low, high) }
        for age in passed..<UInt64(MoveClamp.buckets) {
            let place = Int((bucket &- (age - passed)) % UInt64(MoveClamp.buckets))
            guard lowest[place] != .zero else { continue }
            low = min(low, lowest[place])
            high = max(high, highest[place])
        }
        return (low, high)
    }

    private static let buckets = 7
    private static let bucketLength = Duration.seconds(10)
    private static let second = Int128(Duration.seconds(1).nanoseconds)
    private static let minute = Int128(Duration.minute.nanoseconds)
    private static let one = Int128(Ratio.one.units)
}

extension MoveClamp {
    /// Appends the state.
    func encodeState(into encoder: inout CanonicalEncoder) {
        encoder.append(madeAt)
        encoder.append(bucket)
        for price in lowest { encoder.append(price) }
        for price in highest { encoder.append(price) }
    }

    /// Reads what `encodeState` wrote.
    ///
    /// - Throws: `DecodingFault`, also where a bucket is none.
    mutating func decodeState(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        madeAt = try decoder.timestamp()
        bucket = try decoder.uint64()
        for place in lowest.indices { lowest[place] = try decoder.quantity() }
        for place in highest.indices { highest[place] = try decoder.quantity() }
        for place in lowest.indices {
            let isEmpty = lowest[place] == .zero && highest[place] == .zero
            guard isEmpty || lowest[place].isPositive && highest[place] >= lowest[place] else {
                throw DecodingFault(.outOfRange, at: start)
            }
        }
    }
}
