/// Weighted medians of what publishers vote, and of how far they lie apart.

import FixedPoint

/// Values and what they weigh, in room that lasts.
struct WeightedValues: Sendable {
    private var list: [(value: Int64, weight: UInt64)] = []

    mutating func removeAll() { list.removeAll(keepingCapacity: true) }

    mutating func append(_ value: Int64, weight: UInt64) { list.append((value, weight)) }

    /// The value with half of the weight on either side; between two, their mean rounded down; zero
    /// of nothing.
    ///
    /// Less than half of the weight cannot move it outside the range of the other values.
    mutating func median() -> Int64 {
        list.sort { $0.value < $1.value }
        let total = list.reduce(0 as UInt64) { $0 + $1.weight }
        var below: UInt64 = 0
        for (place, entry) in list.enumerated() {
            below += entry.weight
            if below * 2 > total { return entry.value }
            if below * 2 == total, place + 1 < list.count {
                return Int64((Int128(entry.value) + Int128(list[place + 1].value)) >> 1)
            }
        }
        return 0
    }
}

extension SurfaceRoom {
    /// The weighted median of one number of every vote.
    mutating func median(of number: (Entry) -> Int64) -> Int64 {
        values.removeAll()
        for entry in entries { values.append(number(entry), weight: entry.weight) }
        return values.median()
    }

    /// Marks the votes of which a number lies too far from its median.
    ///
    /// - Parameters:
    ///   - floor: the least that the median distance counts as; positive.
    ///   - factor: how many of these are too far.
    mutating func cut(
        around median: Int64, floor: Int64, factor: Ratio, of number: (Entry) -> Int64
    ) {
        let deviation = max(self.median { abs(number($0) - median) }, floor)
        let limit = Int128(deviation) * Int128(factor.units)
        for place in entries.indices {
            let distance = Int128(abs(number(entries[place]) - median))
            if distance * Int128(Ratio.one.units) > limit { entries[place].isCut = true }
        }
    }

    /// Sums for each vote how far it lies from all others, by their weight.
    mutating func measureDistances() {
        for place in entries.indices {
            let vote = entries[place].vote.volatilities
            entries[place].distance = entries.reduce(0 as UInt128) {
                $0 + UInt128(vote.distance(to: $1.vote.volatilities)) * UInt128($1.weight)
            }
        }
    }
}
