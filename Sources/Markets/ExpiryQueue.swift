/// Which order lapses next: a binary heap by expiry and number, whose entries know their place, so
/// that an order that leaves early leaves nothing behind.

import Canonical
import FixedPoint

struct ExpiryQueue: Sendable {
    private struct Entry: Sendable, BitwiseCopyable {
        let expiry: Timestamp
        let identifier: OrderIdentifier
        let slot: OrderSlot
        /// Where the order's special terms are.
        let special: Int32

        func isBefore(_ other: Entry) -> Bool {
            expiry == other.expiry ? identifier < other.identifier : expiry < other.expiry
        }
    }

    private var heap: [Entry] = []
    /// By place of special terms: the place in the heap.
    private var places: [Int32] = []

    /// The slot that lapses next, if its time has come.
    func due(at now: Timestamp) -> OrderSlot? {
        guard let first = heap.first, first.expiry <= now else { return nil }
        return first.slot
    }

    mutating func insert(
        _ identifier: OrderIdentifier, slot: OrderSlot, special: Int32, expiry: Timestamp
    ) {
        while places.count <= Int(special) { places.append(OrderRecord.none) }
        heap.append(
            Entry(expiry: expiry, identifier: identifier, slot: slot, special: special))
        rise(from: heap.count - 1)
    }

    mutating func remove(special: Int32) {
        let place = Int(places[Int(special)])
        let last = heap.removeLast()
        guard place < heap.count else { return }
        heap[place] = last
        sink(from: place)
        rise(from: Int(places[Int(last.special)]))
    }

    private mutating func put(_ entry: Entry, at place: Int) {
        heap[place] = entry
        places[Int(entry.special)] = Int32(place)
    }

    private mutating func rise(from start: Int) {
        let entry = heap[start]
        var place = start
        while place > 0, entry.isBefore(heap[(place - 1) / 2]) {
            put(heap[(place - 1) / 2], at: place)
            place = (place - 1) / 2
        }
        put(entry, at: place)
    }

    private mutating func sink(from start: Int) {
        let entry = heap[start]
        var place = start
        while 2 * place + 1 < heap.count {
            var child = 2 * place + 1
            if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
            guard heap[child].isBefore(entry) else { break }
            put(heap[child], at: place)
            place = child
        }
        put(entry, at: place)
    }
}
