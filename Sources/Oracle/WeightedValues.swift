/// Weighted medians of what publishers say, and of how far they lie apart. The values are kept in
/// order as they come, in room that lasts: there are at most some dozens, for which insertion is
/// the fastest sort, and what lies around a median is then found without another.

import FixedPoint

/// Values and what they weigh, ascending.
struct WeightedValues: Sendable {
    private var list: [(value: Int64, weight: UInt64)] = []
    private var total: UInt64 = 0

    mutating func removeAll() {
        list.removeAll(keepingCapacity: true)
        total = 0
    }

    /// Adds a value. O(values).
    mutating func insert(_ value: Int64, weight: UInt64) {
        total += weight
        var place = list.count
        list.append((value, weight))
        while place > 0, list[place - 1].value > value {
            list[place] = list[place - 1]
            place -= 1
        }
        list[place] = (value, weight)
    }

    /// The value with half of the weight on either side; between two, their mean rounded down; zero
    /// of nothing.
    ///
    /// Less than half of the weight cannot move it outside the range of the other values.
    func median() -> Int64 {
        var below: UInt64 = 0
        for place in list.indices {
            below += list[place].weight
            if below * 2 > total { return list[place].value }
            if below * 2 == total, place + 1 < list.count {
                return mean(list[place].value, list[place + 1].value)
            }
        }
        return 0
    }

    /// The first value up to which the values weigh so much; nil where all together do not.
    func first(reaching weight: UInt64) -> Int64? {
        var below: UInt64 = 0
        for entry in list {
            below += entry.weight
            if below >= weight { return entry.value }
        }
        return nil
    }

    /// The weighted median of the distances from a value, by the same rule. What lies on its two
    /// sides is walked outwards at once, the nearer first.
    ///
    /// - Precondition: no distance exceeds 64 bits.
    func deviation(around middle: Int64) -> Int64 {
        var right = 0
        while right < list.count, list[right].value < middle { right += 1 }
        var left = right - 1
        var inside: UInt64 = 0
        var last: Int64?
        while left >= 0 || right < list.count {
            let isLeft =
                right == list.count
                || left >= 0 && middle - list[left].value <= list[right].value - middle
            let distance = isLeft ? middle - list[left].value : list[right].value - middle
            if let last { return mean(last, distance) }
            inside += isLeft ? list[left].weight : list[right].weight
            if isLeft { left -= 1 } else { right += 1 }
            if inside * 2 > total { return distance }
            if inside * 2 == total { last = distance }
        }
        return last ?? 0
    }

    /// The mean, rounded down.
    private func mean(_ left: Int64, _ right: Int64) -> Int64 {
        Int64((Int128(left) + Int128(right)) >> 1)
    }
}
