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

/// Values four to a vector.
private func vectors(_ values: ArraySlice<Int64>) -> [Lanes] {
    stride(from: values.startIndex, to: values.endIndex, by: 4).map { first in
        Lanes(values[first], values[first + 1], values[first + 2], values[first + 3])
    }
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
        deltas.set(
            1, initial: vectors(row[..<(4 * count)]), maintenance: vectors(row[(4 * count)...]))
        var table = LaneTable(count: count)
        var beside = table.allocate()
        table.openOrders(&beside)
        var target = table.allocate()
        table.openOrders(&target)
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
        for vector in 0..<(3 * count) { #expect(table[beside, vector] == Lanes(repeating: 0)) }
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
            deltas.set(0, initial: vectors(row[..<4]), maintenance: vectors(row[4...]))
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
    deltas.set(0, initial: [Lanes(1, -1, 2, -2)], maintenance: [Lanes(1, -1, 2, -2)])
    var table = LaneTable(count: 1)
    var row = table.allocate()
    table.openOrders(&row)
    _ = table.changeOrder(
        deltas, instrument: 0, in: row, from: OrderPart(gain: 5, floor: -1, lots: 3),
        to: OrderPart())
    #expect(table[row, 2] == Lanes(1, 1, 1, 1))
    _ = table.changeOrder(
        deltas, instrument: 0, in: row, from: OrderPart(),
        to: OrderPart(gain: 5, floor: -1, lots: 3))
    #expect(table[row, 2] == Lanes(repeating: 0))
}

@Test func aShorterRuleRepeatsItsLastScenario() {
    var deltas = DeltaTable(rows: 2, stride: 6)
    deltas.set(
        1, initial: [Lanes(1, 2, 3, 4), Lanes(5, 6, 6, 6)], maintenance: [Lanes(7, 8, 9, 9)])
    let expected = [
        Lanes(1, 2, 3, 4), Lanes(5, 6, 6, 6), Lanes(repeating: 6), Lanes(7, 8, 9, 9),
        Lanes(repeating: 9), Lanes(repeating: 9),
    ]
    for vector in 0..<6 {
        #expect(deltas[1, vector] == expected[vector])
        #expect(deltas[0, vector] == Lanes(repeating: 0))
    }
}

@Test func aReleasedRowIsZeroWhenItIsUsedAgain() {
    var deltas = DeltaTable(rows: 1, stride: 2)
    deltas.set(0, initial: [Lanes(repeating: -1)], maintenance: [Lanes(repeating: -1)])
    var table = LaneTable(count: 1)
    var rows = [table.allocate(), table.allocate()]
    for place in rows.indices {
        table.openOrders(&rows[place])
        table.addPosition(deltas, instrument: 0, to: rows[place], lots: 5)
        table.addOrder(deltas, instrument: 0, in: rows[place], OrderPart(lots: 5))
    }
    let first = rows[0]
    table.release(first)
    var again = table.allocate()
    #expect(again.positions == first.positions)
    table.openOrders(&again)
    #expect(again == first)
    for vector in 0..<3 {
        #expect(table[again, vector] == Lanes(repeating: 0))
        #expect(table[rows[1], vector] == Lanes(repeating: -5))
    }
    // Without orders O reads as zero, and the worst is that of the positions.
    table.closeOrders(&rows[1])
    #expect(table[rows[1], 2] == Lanes(repeating: 0) && table.worstInitial(rows[1]) == -5)
}
