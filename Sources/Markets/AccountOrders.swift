/// The open orders of each account: by number, in which order they came, and by the client's names.
/// Every list belongs to one account and is no longer than its cap, so that nobody's orders make
/// those of others slow.

public import Canonical

/// An account's entry for an open order.
@frozen
public struct OpenOrder: Sendable, BitwiseCopyable {
    public let identifier: OrderIdentifier
    public let slot: OrderSlot
    public let instrument: InstrumentIdentifier
    public let flags: OrderFlags
}

/// The lists of one account.
struct AccountOrders: Sendable {
    private struct Name: Sendable, BitwiseCopyable {
        let name: ClientOrderIdentifier
        let slot: OrderSlot
    }

    /// Ascending by number.
    private(set) var orders: [OpenOrder] = []
    /// Ascending by name; orders without a name are not here.
    private var names: [Name] = []

    /// The place of an order, or where it would stand. O(log orders).
    func place(of identifier: OrderIdentifier) -> Int {
        // A new order has the highest number.
        guard let last = orders.last, identifier <= last.identifier else { return orders.count }
        var low = 0
        var high = orders.count &- 1
        while low < high {
            let middle = (low &+ high) &>> 1
            if orders[middle].identifier < identifier { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    /// The slot of an order; nil where the account has none of this number.
    func slot(of identifier: OrderIdentifier) -> OrderSlot? {
        let place = place(of: identifier)
        guard place < orders.count, orders[place].identifier == identifier else { return nil }
        return orders[place].slot
    }

    /// The slot of the order that has a name.
    func slot(named name: ClientOrderIdentifier) -> OrderSlot? {
        let place = place(named: name)
        return place < names.count && names[place].name == name ? names[place].slot : nil
    }

    private func place(named name: ClientOrderIdentifier) -> Int {
        var low = 0
        var high = names.count
        while low < high {
            let middle = (low &+ high) &>> 1
            if names[middle].name < name { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    mutating func insert(_ order: OpenOrder, name: ClientOrderIdentifier) {
        orders.insert(order, at: place(of: order.identifier))
        guard name.number != 0 else { return }
        names.insert(Name(name: name, slot: order.slot), at: place(named: name))
    }

    mutating func remove(_ identifier: OrderIdentifier, name: ClientOrderIdentifier) {
        orders.remove(at: place(of: identifier))
        guard name.number != 0 else { return }
        names.remove(at: place(named: name))
    }
}
