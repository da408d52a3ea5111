/// The two small indexes, by account and by expiry, against sorted arrays.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Markets

@Test func anAccountFindsItsOrdersByNumberAndName() {
    let seed: UInt64 = 71
    var random = SeededGenerator(seed: seed)
    var lists = OrderLists()
    let account = AccountIdentifier(1)
    lists.openAccount()
    lists.openAccount()
    var naive: [(number: UInt64, name: UInt64, slot: Int32)] = []
    for round in 0..<4_000 as Range<UInt64> {
        if naive.isEmpty || (naive.count < 60 && Bool.random(using: &random)) {
            // A number that was skipped may come later, when orders are restored.
            let number = (round + 1) * 2 - UInt64.random(in: 0...1, using: &random)
            let name = Bool.random(using: &random) ? 0 : UInt64.random(in: 1...99, using: &random)
            guard name == 0 || !naive.contains(where: { $0.name == name }) else { continue }
            let slot = Int32(round)
            lists.insert(
                OpenOrder(
                    identifier: OrderIdentifier(number), slot: slot,
                    instrument: InstrumentIdentifier(0), flags: OrderFlags(.buy)),
                name: ClientOrderIdentifier(name), of: account)
            naive.append((number, name, slot))
            naive.sort { $0.number < $1.number }
        } else {
            let place = Int.random(in: naive.indices, using: &random)
            let gone = naive.remove(at: place)
            lists.remove(
                OrderIdentifier(gone.number), name: ClientOrderIdentifier(gone.name), of: account)
        }
        #expect(
            lists.openOrders(of: account).map(\.identifier.number) == naive.map(\.number),
            "seed \(seed)")
        let number = UInt64.random(in: 0...(round * 2 + 3), using: &random)
        let known = naive.first { $0.number == number }
        #expect(lists.slot(of: OrderIdentifier(number), of: account) == known?.slot)
        #expect(
            lists.place(of: OrderIdentifier(number), of: account)
                == naive.firstIndex { $0.number >= number } ?? naive.count)
        for name in 1...99 as ClosedRange<UInt64> {
            let named = naive.first { $0.name == name }
            #expect(lists.slot(named: ClientOrderIdentifier(name), of: account) == named?.slot)
        }
    }
}

@Test func ordersLapseInTheOrderOfTheirExpiry() {
    let seed: UInt64 = 72
    var random = SeededGenerator(seed: seed)
    var queue = ExpiryQueue()
    var naive: [(expiry: UInt64, number: UInt64, special: Int32)] = []
    var free = (0..<200).map { Int32($0) }
    for round in 1...6_000 as ClosedRange<UInt64> {
        let now = UInt64.random(in: 0...1_000, using: &random)
        let choice = Int.random(in: 0..<4, using: &random)
        if choice < 2, let special = free.popLast() {
            let expiry = UInt64.random(in: 1...(choice == 0 ? 5 : 1_000), using: &random)
            queue.insert(
                OrderIdentifier(round), slot: special + 1_000, special: special,
                expiry: Timestamp(nanoseconds: expiry))
            naive.append((expiry, round, special))
            naive.sort { ($0.expiry, $0.number) < ($1.expiry, $1.number) }
        } else if choice == 2, let gone = naive.randomElement(using: &random) {
            queue.remove(special: gone.special)
            naive.removeAll { $0.special == gone.special }
            free.append(gone.special)
        } else if let first = naive.first, first.expiry <= now {
            #expect(queue.due(at: Timestamp(nanoseconds: now)) == first.special + 1_000)
            queue.remove(special: first.special)
            naive.removeFirst()
            free.append(first.special)
        }
        let due = naive.first { $0.expiry <= now }
        #expect(
            queue.due(at: Timestamp(nanoseconds: now)) == due.map { $0.special + 1_000 },
            "seed \(seed), round \(round)")
    }
}
