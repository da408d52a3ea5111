/// The lane loops against one lane at a time in wrapping scalars, with values on both sides of what
/// 32 bits hold: the narrow path and the wide one are the same function.
import TestKit
import Testing

@testable import Risk

private let edges: [Int64] = [
    0, 1, -1, Int64(Int32.max) - 1, Int64(Int32.max), Int64(Int32.max) + 1, Int64(Int32.min) - 1,
    Int64(Int32.min), Int64(Int32.min) + 1, 1 << 37, -(1 << 37),
]

/// A value that is often at an edge, and often not narrow.
private func value(_ random: inout SeededGenerator, isNarrow: Bool) -> Int64 {
    let narrow = Int64(Int32.min)...Int64(Int32.max)
    switch Int.random(in: 0..<3, using: &random) {
    case 0:
        let edge = edges[Int.random(in: edges.indices, using: &random)]
        return isNarrow ? Int64(Int32(truncatingIfNeeded: edge)) : edge
    case 1: return .random(in: -1_000...1_000, using: &random)
    default: return .random(in: isNarrow ? narrow : -(1 << 38)...(1 << 38), using: &random)
    }
}

private func part(_ order: OrderPart, _ delta: Int64) -> Int64 {
    min(order.floor, order.gain &+ order.lots &* delta)
}

private func order(_ random: inout SeededGenerator, isNarrow: Bool) -> OrderPart {
    OrderPart(
        gain: .random(in: -(1 << 58)...(1 << 58), using: &random),
        floor: -Int64.random(in: 0...(1 << 50), using: &random),
        lots: value(&random, isNarrow: isNarrow) >> 8)
}

@Test(arguments: [UInt64(81), 82])
func theLoopsDoWhatScalarsDo(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var (narrowUsed, wideUsed) = (0, 0)
    for round in 0..<600 {
        let count = Int.random(in: 1...16, using: &random)
        let isNarrow = Bool.random(using: &random)
        var deltas = DeltaTable(rows: 2, stride: 2 * count)
        let row = (0..<(8 * count)).map { _ in value(&random, isNarrow: isNarrow) }
        deltas.set(1, to: [Lanes](packing: row, vectors: 2 * count))
        var table = LaneTable(count: count)
        _ = table.allocate()
        let target = table.allocate()
        var expected = [Int64](repeating: 0, count: 12 * count)
        for step in 0..<12 {
            let lots = value(&random, isNarrow: Bool.random(using: &random))
            let (old, new) = (
                order(&random, isNarrow: isNarrow), order(&random, isNarrow: isNarrow)
            )
            let isNarrowHere = deltas.isNarrow(1, lots: lots)
            narrowUsed += isNarrowHere ? 1 : 0
            wideUsed += isNarrowHere ? 0 : 1
            switch step % 3 {
            case 0:
                table.addPosition(deltas, instrument: 1, to: target, lots: lots)
                for lane in 0..<(8 * count) { expected[lane] &+= lots &* row[lane] }
            case 1:
                table.addOrder(deltas, instrument: 1, in: target, new)
                for lane in 0..<(4 * count) {
                    expected[8 * count + lane] &+= part(new, row[lane])
                }
            default:
                let worst = table.changeOrder(
                    deltas, instrument: 1, in: target, from: old, to: new)
                for lane in 0..<(4 * count) {
                    expected[8 * count + lane] &+= part(new, row[lane]) &- part(old, row[lane])
                }
                #expect(worst == table.worstInitial(target), "seed \(seed), round \(round)")
            }
        }
        let initial = (0..<(4 * count)).map { expected[$0] &+ expected[8 * count + $0] }
        #expect(table.worstInitial(target) == min(0, initial.min() ?? 0))
        let maintenance = expected[(4 * count)..<(8 * count)].min() ?? 0
        #expect(table.worstMaintenance(target) == min(0, maintenance))
        for lane in expected.indices {
            #expect(
                table[target, lane / 4][lane % 4] == expected[lane], "seed \(seed), lane \(lane)")
        }
        // The row beside it is still zero.
        for vector in 0..<(3 * count) { #expect(table[0, vector] == Lanes(repeating: 0)) }
    }
    #expect(narrowUsed > 1_000 && wideUsed > 1_000, "seed \(seed)")
}

@Test func aRowIsNarrowIfEveryValueFits() {
    for (value, isNarrow) in [
        (Int64(Int32.max), true), (Int64(Int32.max) + 1, false), (Int64(Int32.min), true),
        (Int64(Int32.min) - 1, false),
    ] {
        for lane in 0..<8 {
            var deltas = DeltaTable(rows: 1, stride: 2)
            var row = [Int64](repeating: 5, count: 8)
            row[lane] = value
            deltas.set(0, to: [Lanes](packing: row, vectors: 2))
            #expect(deltas.isNarrow(0, lots: 1) == isNarrow, "lane \(lane)")
            #expect(deltas[0, lane / 4][lane % 4] == value)
        }
        // The lots have the same limit.
        let deltas = DeltaTable(rows: 1, stride: 2)
        #expect(deltas.isNarrow(0, lots: value) == isNarrow)
    }
}

/// Taking an order's part out of a table that never held it shows: the test above can fail.
@Test func anOrderThatWasNotThereLeavesATrace() {
    var deltas = DeltaTable(rows: 1, stride: 2)
    deltas.set(0, to: [Lanes](repeating: Lanes(1, -1, 2, -2), count: 2))
    var table = LaneTable(count: 1)
    let row = table.allocate()
    _ = table.changeOrder(
        deltas, instrument: 0, in: row, from: OrderPart(gain: 5, floor: -1, lots: 3),
        to: OrderPart())
    #expect(table[row, 2] == Lanes(1, 1, 1, 1))
    _ = table.changeOrder(
        deltas, instrument: 0, in: row, from: OrderPart(),
        to: OrderPart(gain: 5, floor: -1, lots: 3))
    #expect(table[row, 2] == Lanes(repeating: 0))
}

@Test func lanesArePaddedWithTheLastScenario() {
    for count in [1, 3, 4, 5, 8, 9, 33, 64] {
        let values = (1...Int64(count)).map { $0 * 3 }
        let lanes = [Lanes](packing: values, vectors: (count + 3) / 4)
        #expect(lanes.count == (count + 3) / 4)
        for place in 0..<(lanes.count * 4) {
            #expect(lanes[place / 4][place % 4] == values[min(place, count - 1)])
        }
    }
    #expect([Lanes](packing: [], vectors: 0).isEmpty)
}

@Test func aReleasedRowIsZeroWhenItIsUsedAgain() {
    var table = LaneTable(count: 1)
    let first = table.allocate()
    let second = table.allocate()
    for vector in 0..<3 { table[first, vector] = Lanes(repeating: 5) }
    table[second, 1] = Lanes(repeating: 7)
    table.release(first)
    let again = table.allocate()
    #expect(again == first)
    for vector in 0..<3 { #expect(table[again, vector] == Lanes(repeating: 0)) }
    #expect(table[second, 0] == Lanes(repeating: 0) && table[second, 1] == Lanes(repeating: 7))
}
