/// From where on memory knows everything of a kind. A question that lies within it is answered at
/// once; for any other the history is asked, if the node keeps one.

package import FixedPoint

/// The beginning of what is remembered without a gap.
package struct MemoryReach: Equatable, Sendable {
    /// Everything from this event on is known.
    package var number: UInt64
    /// Everything later than this is known.
    package var time: Timestamp

    /// From the first block of the chain.
    package static let whole = MemoryReach(number: 0, time: .epoch)

    /// Only what comes after a time.
    static func after(_ time: Timestamp) -> MemoryReach {
        MemoryReach(number: .max, time: time)
    }

    var isWhole: Bool { number == 0 }

    /// Whether nothing is missing from a beginning on.
    func covers(_ range: PastRange) -> Bool {
        isWhole || range.numbers.lowerBound >= number || range.times.lowerBound > time
    }

    /// Whether an event is in it.
    func covers(number other: UInt64, at moment: Timestamp) -> Bool {
        isWhole || other >= number || moment > time
    }
}

extension Ring {
    /// What is known of a kind whose oldest may be forgotten.
    ///
    /// - Parameter place: the number and time of an element; elements ascend by it.
    func reach(
        _ since: MemoryReach, _ place: (Element) -> (number: UInt64, time: Timestamp)
    ) -> MemoryReach {
        guard hasForgotten, !isEmpty else { return since }
        let oldest = place(self[0])
        // Of the oldest event's own number others may be forgotten already.
        return since.covers(number: oldest.number, at: oldest.time)
            ? MemoryReach(number: oldest.number + 1, time: oldest.time) : since
    }

    /// The elements of a range, if memory knows all of them.
    ///
    /// - Parameters:
    ///   - isForgetful: whether what has gone for want of room is missed; false where nobody
    ///     else knows it.
    /// - Returns: nil where something may be missing.
    func page(
        _ range: PastRange, since: MemoryReach, isForgetful: Bool,
        _ place: (Element) -> (number: UInt64, time: Timestamp),
        where isWanted: (Element) -> Bool
    ) -> PastPage<Element>? {
        let reach = isForgetful ? reach(since, place) : since
        let isCovered = reach.covers(range)
        guard isCovered || !range.isAscending else { return nil }
        var found: [Element] = []
        for offset in 0..<count {
            let element = self[range.isAscending ? offset : count - 1 - offset]
            let (number, time) = place(element)
            guard isCovered || reach.covers(number: number, at: time) else { break }
            guard range.holds(number: number, time: time), isWanted(element) else { continue }
            guard found.count < range.count else { return PastPage(found, hasMore: true) }
            found.append(element)
        }
        return isCovered ? PastPage(found, hasMore: false) : nil
    }
}
