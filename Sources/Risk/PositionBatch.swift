/// Sums of positions times Δ, some positions and six vectors at a time, so that the sums stay in
/// registers instead of passing through memory once for each position.

import Canonical

/// Positions whose lots fit 32 bits, on their way into L.
struct PositionBatch {
    /// Positions at a time: few enough that clearing costs nothing.
    private static let room = 16

    private var starts = InlineArray<16, Int>(repeating: 0)
    private var lots = InlineArray<16, NarrowLanes>(repeating: NarrowLanes(repeating: 0))
    private var count = 0
    /// Whether the high halves of all Δ are zero.
    private var isNarrow = true

    var isFull: Bool { count == PositionBatch.room }

    /// Takes a position in.
    ///
    /// - Precondition: there is room.
    @inline(__always)
    mutating func append(_ instrument: Int, lots: Int64, in deltas: borrowing DeltaTable) {
        starts[count] = instrument * deltas.stride
        self.lots[count] = NarrowLanes(lots: lots)
        isNarrow = isNarrow && deltas.isNarrow(instrument)
        count += 1
    }

    /// Zeros in place of a row.
    func clear(_ table: inout [Lanes], from to: Int, vectors: Int) {
        var rows = table.mutableSpan
        for vector in to..<(to + vectors) { rows[vector] = Lanes(repeating: 0) }
    }

    /// Adds what it holds to a row, and holds nothing then.
    mutating func flush(_ deltas: borrowing DeltaTable, to table: inout [Lanes], from to: Int) {
        let halves = deltas.halves.span
        var rows = table.mutableSpan
        var vector = 0
        while vector + Sixfold.count <= deltas.stride {
            var low = Sixfold()
            if isNarrow {
                for place in 0..<count {
                    let start = starts[place] + vector
                    low.addLow(halves.extracting(start..<(start + Sixfold.count)), lots[place])
                }
            } else {
                var high = Sixfold()
                for place in 0..<count {
                    let start = starts[place] + vector
                    let tile = halves.extracting(start..<(start + Sixfold.count))
                    low.addLow(tile, lots[place])
                    high.addHigh(tile, lots[place])
                }
                low.add(high)
            }
            low.add(to: &rows, from: to + vector)
            vector += Sixfold.count
        }
        while vector < deltas.stride {
            var sum = rows[to + vector]
            for place in 0..<count {
                sum &+= halves[starts[place] + vector].times(lots[place])
            }
            rows[to + vector] = sum
            vector += 1
        }
        count = 0
        isNarrow = true
    }
}

/// Six vectors: with six more, the lots and what is being added, as many as there are registers.
private struct Sixfold {
    static let count = 6

    private var first = Lanes(repeating: 0)
    private var second = Lanes(repeating: 0)
    private var third = Lanes(repeating: 0)
    private var fourth = Lanes(repeating: 0)
    private var fifth = Lanes(repeating: 0)
    private var sixth = Lanes(repeating: 0)

    @inline(__always)
    mutating func addLow(_ halves: Span<Lanes>, _ lots: NarrowLanes) {
        first &+= halves[0].low(times: lots)
        second &+= halves[1].low(times: lots)
        third &+= halves[2].low(times: lots)
        fourth &+= halves[3].low(times: lots)
        fifth &+= halves[4].low(times: lots)
        sixth &+= halves[5].low(times: lots)
    }

    @inline(__always)
    mutating func addHigh(_ halves: Span<Lanes>, _ lots: NarrowLanes) {
        first &+= halves[0].high(times: lots)
        second &+= halves[1].high(times: lots)
        third &+= halves[2].high(times: lots)
        fourth &+= halves[3].high(times: lots)
        fifth &+= halves[4].high(times: lots)
        sixth &+= halves[5].high(times: lots)
    }

    /// Adds sums of high halves.
    @inline(__always)
    mutating func add(_ high: Sixfold) {
        first &+= high.first &<< 32
        second &+= high.second &<< 32
        third &+= high.third &<< 32
        fourth &+= high.fourth &<< 32
        fifth &+= high.fifth &<< 32
        sixth &+= high.sixth &<< 32
    }

    @inline(__always)
    func add(to rows: inout MutableSpan<Lanes>, from start: Int) {
        rows[start] &+= first
        rows[start + 1] &+= second
        rows[start + 2] &+= third
        rows[start + 3] &+= fourth
        rows[start + 4] &+= fifth
        rows[start + 5] &+= sixth
    }
}
