/// Sums of positions against one lane at a time in wrapping scalars, on both sides of a whole batch
/// and of six vectors, with Δ on both sides of what 32 bits hold.

import TestKit
import Testing

@testable import Risk

private let edges: [Int64] = [
    0, 1, -1, Int64(Int32.max), Int64(Int32.max) + 1, Int64(Int32.min) - 1, Int64(Int32.min),
    1 << 31, -(1 << 31), 3 << 31, -(3 << 31), 1 << 37, -(1 << 37), .max, .min,
]

private func value(_ random: inout SeededGenerator, isNarrow: Bool) -> Int64 {
    let value =
        Bool.random(using: &random)
        ? edges[Int.random(in: edges.indices, using: &random)]
        : .random(in: -(1 << 40)...(1 << 40), using: &random)
    return isNarrow ? Int64(Int32(truncatingIfNeeded: value)) : value
}

@Test(arguments: [UInt64(83), 84])
func aBatchAddsWhatScalarsDo(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for vectors in 1...16 {
        for positions in [0, 1, 2, 15, 16] {
            for isNarrow in [true, false] {
                let stride = 2 * vectors
                var deltas = DeltaTable(rows: max(1, positions), stride: stride)
                var expected = [Int64](repeating: 7, count: 4 * stride)
                var batch = PositionBatch()
                for row in 0..<positions {
                    // One wide row among narrow ones makes the batch wide.
                    let values = (0..<(4 * stride)).map { _ in
                        value(&random, isNarrow: isNarrow || row > 0)
                    }
                    let lanes = (0..<stride).map { place in
                        Lanes(
                            values[4 * place], values[4 * place + 1], values[4 * place + 2],
                            values[4 * place + 3])
                    }
                    deltas.set(
                        row, initial: Array(lanes[..<vectors]),
                        maintenance: Array(lanes[vectors...]))
                    let lots = value(&random, isNarrow: true)
                    for lane in expected.indices { expected[lane] &+= lots &* values[lane] }
                    #expect(!batch.isFull)
                    batch.append(row, lots: lots, in: deltas)
                }
                #expect(batch.isFull == (positions == 16))
                // A vector on either side of the row stays as it is.
                var table = [Lanes](repeating: Lanes(repeating: 7), count: stride + 2)
                batch.flush(deltas, to: &table, from: 1)
                for lane in expected.indices {
                    #expect(
                        table[1 + lane / 4][lane % 4] == expected[lane],
                        "seed \(seed), \(vectors) vectors, \(positions) positions, lane \(lane)")
                }
                #expect(table.first == Lanes(repeating: 7) && table.last == table.first)
                let after = table
                batch.flush(deltas, to: &table, from: 1)
                #expect(table == after, "an empty batch adds nothing")
            }
        }
    }
}

@Test func bothHalvesJoinToWhatTheyWere() {
    for edge in edges {
        let lanes = Lanes(edge, edge &+ 1, edge &- 1, -1 &- edge)
        #expect(lanes.inHalves.joined == lanes)
        let narrow = NarrowLanes(lots: -3)
        #expect(lanes.inHalves.times(narrow) == lanes &* Lanes(repeating: -3))
    }
}
