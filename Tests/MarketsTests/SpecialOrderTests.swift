/// Orders with terms, in the books against an array: icebergs, waiting orders, pairs, expiries.
/// Every verb of the books on random orders, and after each the whole of both compared.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Markets

/// The books, and what an obvious machine would hold.
private struct SpecialTwins {
    let book = OneBook()
    var naive: [Order] = []
    /// By order number.
    var slots: [UInt64: OrderSlot] = [:]
    /// Of icebergs, waiting and fired orders.
    var counts = [0, 0, 0]
    var number: UInt64 = 0

    private func terms(using random: inout SeededGenerator) -> SpecialTerms {
        var terms = SpecialTerms()
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: terms.display = Quantity(lots: .random(in: 1...4, using: &random))
        case 2, 3:
            terms.trigger = Trigger(
                Bool.random(using: &random) ? .stop : .take,
                on: Bool.random(using: &random) ? .mark : .index,
                at: Price(ticks: .random(in: 90...110, using: &random)))
            if Bool.random(using: &random) { terms.display = Quantity(lots: 2) }
        case 4: terms.expiry = Timestamp(nanoseconds: .random(in: 1...900, using: &random))
        default: break
        }
        return terms
    }

    /// What an order that stands in the book anew shows.
    private func sliced(_ order: Order, priority: UInt64) -> Order {
        var order = order
        order.priority = priority
        guard order.special.trigger == nil else { return order }
        let display = order.special.display
        order.special.hidden =
            display == .zero ? .zero : max(.zero, order.remaining - display)
        return order
    }

    mutating func step(using random: inout SeededGenerator) {
        number += 1
        let choice = Int.random(in: 0..<12, using: &random)
        guard choice > 3, let place = naive.indices.randomElement(using: &random) else {
            if naive.count < 60 { add(using: &random) }
            return
        }
        let old = naive[place]
        guard let slot = slots[old.identifier.number] else { return }
        let price = Price(ticks: .random(in: 90...110, using: &random))
        let lots = Quantity(lots: .random(in: 1...12, using: &random))
        switch choice {
        case 4 where old.isResting && old.shown.lots > 1:
            let part = Quantity(lots: .random(in: 1..<old.shown.lots, using: &random))
            book.reduce(slot, by: part)
            naive[place].remaining -= part
        case 5 where old.isResting && old.special.hidden.isPositive:
            // The slice trades whole.
            book.books.refresh(slot, priority: number)
            var rest = old
            rest.remaining = old.special.hidden
            naive[place] = sliced(rest, priority: number)
        case 6 where old.remaining.lots > 1 && old.isResting:
            let part = Quantity(lots: .random(in: 1..<old.remaining.lots, using: &random))
            book.books.shrink(slot, by: part)
            naive[place].remaining -= part
            naive[place].special.hidden -= min(part, old.special.hidden)
        case 7:
            book.requeue(slot, price: price, remaining: lots, priority: number)
            var moved = old
            moved.price = price
            moved.remaining = lots
            naive[place] = sliced(moved, priority: number)
        case 8:
            let record = book.books.withdraw(slot)
            #expect(record.shown == old.remaining && book.books.isInFlight(slot) == true)
            book.requeue(slot, price: price, remaining: record.shown, priority: number)
            var fired = old
            fired.price = price
            fired.special.trigger = nil
            naive[place] = sliced(fired, priority: number)
        case 9:
            guard let trigger = old.special.trigger else { return }
            book.books.setTrigger(price, of: slot)
            book.requeue(slot, price: old.price, remaining: old.remaining, priority: number)
            naive[place].special.trigger = Trigger(
                trigger.kind, on: trigger.reference, at: price)
            naive[place].priority = number
        case 10:
            book.books.setPair(OrderIdentifier(number + 7), of: slot)
            naive[place].special.pair = OrderIdentifier(number + 7)
        default:
            book.remove(slot)
            naive.remove(at: place)
            slots[old.identifier.number] = nil
        }
    }

    private mutating func add(using random: inout SeededGenerator) {
        let side: Side = Bool.random(using: &random) ? .buy : .sell
        let new = sliced(
            order(
                number, side, price: .random(in: 90...110, using: &random),
                lots: .random(in: 1...12, using: &random), special: terms(using: &random)),
            priority: number)
        slots[number] = book.add(new)
        naive.append(new)
        if new.special.display.isPositive { counts[0] += 1 }
        if !new.isResting { counts[1] += 1 }
    }

    /// The first thing in which the two differ.
    mutating func difference(using random: inout SeededGenerator) -> String? {
        if let broken = book.books.brokenInvariant(mayCross: { _ in true }) { return broken }
        for order in naive {
            guard let slot = slots[order.identifier.number], book[slot] == order else {
                return "order \(order.identifier.number)"
            }
        }
        for side in [Side.buy, .sell] {
            let expected = naive.filter { $0.side == side && $0.isResting }.sorted {
                $0.price == $1.price
                    ? $0.priority < $1.priority
                    : side == .buy ? $0.price > $1.price : $0.price < $1.price
            }
            if book.walk(side) != expected { return "orders of \(side)" }
            let shown = book.depth(side).map(\.quantity.lots).reduce(0, +)
            if shown != expected.map(\.shown.lots).reduce(0, +) { return "depth of \(side)" }
        }
        let now = Timestamp(nanoseconds: .random(in: 0...1_000, using: &random))
        let due = naive.filter { $0.special.expiry != .epoch && $0.special.expiry <= now }.min {
            ($0.special.expiry, $0.identifier) < ($1.special.expiry, $1.identifier)
        }
        if book.books.expired(at: now) != due.flatMap({ slots[$0.identifier.number] }) {
            return "expired"
        }
        return firedDifference(using: &random)
    }

    private mutating func firedDifference(using random: inout SeededGenerator) -> String? {
        let floor = Price(ticks: .random(in: 88...112, using: &random))
        let ceiling = Price(ticks: floor.ticks + .random(in: 0...1, using: &random))
        for reference in TriggerReference.allCases {
            var fired: [OrderSlot] = []
            book.books.appendFired(
                by: reference, floor: floor, ceiling: ceiling, in: book.market, to: &fired)
            let expected = naive.filter { order in
                guard let trigger = order.special.trigger, trigger.reference == reference else {
                    return false
                }
                // A stop goes against its owner, a take for him; a price between two ticks has
                // reached neither.
                let rises = (trigger.kind == .stop) == (order.side == .buy)
                return rises ? floor >= trigger.price : ceiling <= trigger.price
            }
            guard
                Set(fired) == Set(expected.compactMap { slots[$0.identifier.number] }),
                fired.count == expected.count
            else { return "fired on \(reference)" }
            counts[2] += fired.count
        }
        return nil
    }
}

@Test(arguments: [75, 76, 77] as [UInt64])
func theBooksHoldOrdersWithTermsAsAnArrayWould(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var twins = SpecialTwins()
    for round in 0..<8_000 {
        twins.step(using: &random)
        if let difference = twins.difference(using: &random) {
            Issue.record("\(difference), seed \(seed), round \(round)")
            return
        }
    }
    for count in twins.counts { #expect(count > 100, "seed \(seed)") }
}

@Test func aTriggerFiresTheWayItsSideSays() {
    for (kind, side, rises) in [
        (TriggerKind.stop, Side.buy, true), (.stop, .sell, false), (.take, .buy, false),
        (.take, .sell, true),
    ] {
        let trigger = Trigger(kind, on: .mark, at: Price(ticks: 100))
        #expect(trigger.isRising(side) == rises)
        for (floor, ceiling, fires) in [
            (99, 100, !rises), (99, 99, !rises), (100, 100, true), (100, 101, rises),
            (101, 101, rises),
        ] as [(Int64, Int64, Bool)] {
            let found = trigger.fires(
                side, floor: Price(ticks: floor), ceiling: Price(ticks: ceiling))
            #expect(found == fires)
        }
    }
}

@Test func anIcebergThatRefreshesHasLotsHidden() async {
    await #expect(processExitsWith: .failure) {
        let book = OneBook()
        var terms = SpecialTerms()
        terms.display = Quantity(lots: 5)
        let slot = book.add(order(1, .buy, price: 1, lots: 5, special: terms))
        book.books.refresh(slot, priority: 2)
    }
}
