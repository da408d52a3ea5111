/// The book against an obvious twin over random commands, and its invariants against corrupted
/// order.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Markets

/// One book, its twin, and the slots of the orders that rest.
private struct TwinBooks {
    var book = OneBook()
    var naive = NaiveBook()
    var slots: [(identifier: OrderIdentifier, slot: OrderSlot)] = []
    var counter: UInt64 = 0

    /// A price that does not cross: bids below 500, asks from 500 on.
    static func price(_ side: Side, using random: inout SeededGenerator) -> Int64 {
        side == .buy
            ? .random(in: 460...499, using: &random) : .random(in: 500...539, using: &random)
    }

    private mutating func addRandom(using random: inout SeededGenerator) {
        let side: Side = Bool.random(using: &random) ? .buy : .sell
        let new = order(
            counter, side, price: TwinBooks.price(side, using: &random),
            lots: .random(in: 1...9, using: &random))
        slots.append((new.identifier, book.add(new)))
        naive.add(new)
    }

    mutating func step(using random: inout SeededGenerator) {
        counter += 1
        let choice = Int.random(in: 0..<10, using: &random)
        // Few orders in the first half of a phase, many in the second.
        let wanted = counter % 4_000 < 2_000 ? 12 : 150
        guard !slots.isEmpty, choice > 0 else {
            addRandom(using: &random)
            return
        }
        let place = Int.random(in: slots.indices, using: &random)
        let (identifier, slot) = slots[place]
        let resting = book[slot]
        switch choice {
        case 1...4 where slots.count < wanted:
            addRandom(using: &random)
        case 5 where resting.remaining.lots > 1, 6 where resting.remaining.lots > 1:
            let lots = Quantity(lots: .random(in: 1..<resting.remaining.lots, using: &random))
            book.reduce(slot, by: lots)
            naive.reduce(identifier, by: lots)
        case 7:
            let price = Price(ticks: TwinBooks.price(resting.side, using: &random))
            let lots = Quantity(lots: .random(in: 1...9, using: &random))
            book.requeue(slot, price: price, remaining: lots, priority: counter)
            naive.requeue(identifier, price: price, remaining: lots, priority: counter)
        default:
            book.remove(slot)
            naive.remove(identifier)
            slots.remove(at: place)
        }
    }

    /// The first thing in which the two differ.
    func difference() -> String? {
        if let broken = book.brokenInvariant() { return broken }
        if book.count != naive.orders.count { return "count" }
        for side in [Side.buy, .sell] {
            let expected = naive.sorted(side)
            if book.walk(side) != expected { return "orders of \(side)" }
            if book.best(side).map({ book[$0] }) != expected.first { return "best of \(side)" }
            if book.bestPrice(side) != expected.first?.price { return "best price of \(side)" }
            let levels = naive.depth(side)
            guard book.depth(side).elementsEqual(levels, by: ==) else { return "depth of \(side)" }
            var visited: [(price: Price, quantity: Quantity)] = []
            book.forEachLevel(side) { price, quantity in
                visited.append((price, quantity))
                return visited.count < 3
            }
            guard visited.elementsEqual(levels.prefix(3), by: ==) else {
                return "visit of \(side)"
            }
        }
        for (identifier, slot) in slots where book[slot].identifier != identifier {
            return "slot \(slot)"
        }
        return nil
    }
}

@Test func theBookHoldsWhatAnArrayOfOrdersWould() {
    let seed: UInt64 = 51
    var random = SeededGenerator(seed: seed)
    var twins = TwinBooks()
    var most = 0
    for round in 0..<24_000 {
        twins.step(using: &random)
        most = max(most, twins.slots.count)
        if let difference = twins.difference() {
            Issue.record("\(difference), seed \(seed), round \(round)")
            return
        }
    }
    #expect(most > 50, "seed \(seed)")
}

@Test func aReducedOrderKeepsItsTurnAndARequeuedOneDoesNot() {
    let book = OneBook()
    let first = book.add(order(1, .sell, price: 100, lots: 5))
    let second = book.add(order(2, .sell, price: 100, lots: 5))
    book.reduce(first, by: Quantity(lots: 4))
    #expect(book.best(.sell) == first)
    #expect(book.depth(.sell).first?.quantity.lots == 6)
    book.requeue(first, price: Price(ticks: 100), remaining: Quantity(lots: 1), priority: 3)
    #expect(book.best(.sell) == second)
    #expect(book.next(after: second) == first)
    #expect(book.next(after: first) == nil)
    book.remove(second)
    book.remove(first)
    #expect(book.count == 0 && book.best(.sell) == nil && book.bestPrice(.sell) == nil)
}

@Test func reducingByNothingOrByAllStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
        let book = OneBook()
        let slot = book.add(order(1, .buy, price: 1, lots: 5))
        book.reduce(slot, by: Quantity(lots: 5))
    }
    await #expect(processExitsWith: .failure) {
        let book = OneBook()
        let slot = book.add(order(1, .buy, price: 1, lots: 5))
        book.reduce(slot, by: .zero)
    }
}

@Test func aCrossedBookIsABrokenInvariant() {
    let book = OneBook()
    _ = book.add(order(1, .buy, price: 99, lots: 1))
    let ask = book.add(order(2, .sell, price: 100, lots: 1))
    #expect(book.brokenInvariant() == nil)
    book.requeue(ask, price: Price(ticks: 99), remaining: Quantity(lots: 1), priority: 3)
    #expect(book.brokenInvariant()?.contains("Invariant 1") == true)
}

@Test func anOrderWithoutLotsIsABrokenInvariant() {
    let book = OneBook()
    _ = book.add(order(1, .buy, price: 99, lots: 0))
    #expect(book.brokenInvariant()?.contains("Invariant 2") == true)
}

@Test func anOrderThatJumpsTheQueueIsABrokenInvariant() {
    let book = OneBook()
    _ = book.add(order(1, .sell, price: 99, lots: 1, priority: 5))
    #expect(book.brokenInvariant() == nil)
    _ = book.add(order(2, .sell, price: 99, lots: 1, priority: 4))
    #expect(book.brokenInvariant()?.contains("Invariant 3") == true)
}
