/// What the votes of one expiry say, number by number, laid out so that a weighted median is found
/// without sorting: by halving the range of values, each time adding up what weighs at or below the
/// middle. Every pass runs over all votes in vector registers, which for some dozens of votes is
/// several times as fast as any sort. The results are exactly those of `WeightedValues`.

import FixedPoint

/// Numbers of votes and what they weigh, in room that lasts.
struct VoteColumns: Sendable {
    /// Eight votes at once.
    private typealias Lanes = SIMD8<UInt32>

    /// Behind the last vote stand votes of no weight that say what the first says.
    private var weights: [Lanes] = []
    /// By number, then by vote: so many lanes a number.
    private var values: [Lanes] = []
    private var stride = 0
    /// How far the votes lie from the median of the number that was asked for last.
    private var distances: [Lanes] = []
    /// The farthest that a vote lies from the median that was asked for last.
    private(set) var farthest: UInt32 = 0
    private var numbers = 0
    private var count = 0
    private var total: UInt64 = 0

    /// Begins with so many numbers of at most so many votes.
    mutating func begin(numbers: Int, votes: Int) {
        stride = (votes + Lanes.scalarCount - 1) / Lanes.scalarCount
        self.numbers = numbers
        while values.count < numbers * stride { values.append(Lanes()) }
        weights.removeAll(keepingCapacity: true)
        distances.removeAll(keepingCapacity: true)
        count = 0
        total = 0
        farthest = 0
    }

    /// Adds a vote.
    ///
    /// - Parameters:
    ///   - weight: of all votes together below 2³².
    ///   - number: what it says, number by number.
    mutating func append(weight: UInt32, _ number: (Int) -> UInt32) {
        let lane = count % Lanes.scalarCount
        if lane == 0 {
            weights.append(Lanes())
            distances.append(Lanes())
        }
        weights[weights.count - 1][lane] = weight
        let (place, step) = (count, stride * Lanes.scalarCount)
        let numbers = numbers
        // One check that nobody else has the room instead of one a number. Every place lies in it:
        // there are no more votes than `begin` was told of.
        precondition(place < step, "Invariant: vote \(place) is one of \(step) at most")
        unsafe values.withUnsafeMutableBytes { raw in
            for column in 0..<numbers {
                unsafe raw.storeBytes(
                    of: number(column), toByteOffset: (column * step + place) << 2,
                    as: UInt32.self)
            }
        }
        count += 1
        total += UInt64(weight)
    }

    /// The weighted median of a number of every vote; between two their mean, rounded down. What
    /// lies how far from it is known after this.
    mutating func median(_ number: Int) -> UInt32 {
        guard count > 0 else { return 0 }
        let first = number * stride
        for place in (count % Lanes.scalarCount)..<Lanes.scalarCount
        where count % Lanes.scalarCount != 0 {
            values[first + weights.count - 1][place] = values[first][0]
        }
        let median = median(of: values[first..<(first + weights.count)])
        let middle = Lanes(repeating: median)
        var widest = Lanes()
        for place in weights.indices {
            let value = values[first + place]
            distances[place] = pointwiseMax(value, middle) &- pointwiseMin(value, middle)
            widest = pointwiseMax(widest, distances[place])
        }
        farthest = widest.max()
        return median
    }

    /// The weighted median of the distances from the median that was asked for last, by the same
    /// rule.
    func deviation() -> UInt32 { count > 0 ? median(of: distances[...]) : 0 }

    /// Whether a vote lies farther than a limit from the median that was asked for last.
    func isBeyond(_ place: Int, _ limit: UInt32) -> Bool {
        distances[place / Lanes.scalarCount][place % Lanes.scalarCount] > limit
    }

    private func median(of values: ArraySlice<Lanes>) -> UInt32 {
        var lowest = values[values.startIndex]
        var highest = values[values.startIndex]
        for lanes in values {
            lowest = pointwiseMin(lowest, lanes)
            highest = pointwiseMax(highest, lanes)
        }
        var low = lowest.min()
        var high = highest.max()
        while low < high {
            let middle = low + (high - low) / 2
            if weight(of: values, upTo: middle) * 2 >= total {
                high = middle
            } else {
                low = middle + 1
            }
        }
        guard weight(of: values, upTo: low) * 2 == total else { return low }
        let next = least(of: values, above: low)
        return UInt32((UInt64(low) + UInt64(next)) / 2)
    }

    /// What the votes weigh whose value is not above a limit.
    private func weight(of values: ArraySlice<Lanes>, upTo limit: UInt32) -> UInt64 {
        let limits = Lanes(repeating: limit)
        var sum = Lanes()
        for place in weights.indices {
            sum &+= weights[place].replacing(
                with: 0, where: values[values.startIndex + place] .> limits)
        }
        return UInt64(sum.wrappedSum())
    }

    /// The least value above a limit.
    private func least(of values: ArraySlice<Lanes>, above limit: UInt32) -> UInt32 {
        let limits = Lanes(repeating: limit)
        var least = Lanes(repeating: .max)
        for lanes in values {
            least = pointwiseMin(least, lanes.replacing(with: .max, where: lanes .<= limits))
        }
        return least.min()
    }
}
