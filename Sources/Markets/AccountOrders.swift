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
    public internal(set) var flags: OrderFlags
}

/// The lists of one account.
struct AccountOrders: Sendable, BitwiseCopyable {
    /// Ascending by number.
    fileprivate(set) var orders = PooledList()
    /// Ascending by name; orders without a name are not here.
    fileprivate var names = PooledList()
}

/// The lists of all accounts, in one table.
struct OrderLists: ~Copyable {
    private let pinned = Pinned()
    private struct Name: Sendable, BitwiseCopyable {
        let name: ClientOrderIdentifier
        let slot: OrderSlot
    }

    private var accounts: [AccountOrders] = []
    private var orders = ListPool(
        filler: OpenOrder(
            identifier: OrderIdentifier(0), slot: OrderRecord.none,
            instrument: InstrumentIdentifier(0), flags: OrderFlags(.buy)))
    private var names = ListPool(
        filler: Name(name: ClientOrderIdentifier(0), slot: OrderRecord.none))

    /// Takes note of a new account.
    mutating func openAccount() {
        accounts.makeRoom(for: 1)
        accounts.append(AccountOrders())
    }

    /// The open orders of an account, ascending by number.
    func openOrders(of account: AccountIdentifier) -> [OpenOrder] {
        orders.elements(of: accounts[Int(account.number)].orders)
    }

    /// How many orders an account has open.
    func count(of account: AccountIdentifier) -> Int {
        accounts[Int(account.number)].orders.count
    }

    /// The open order at a place of an account's list.
    subscript(account: AccountIdentifier, place: Int) -> OpenOrder {
        orders[accounts[Int(account.number)].orders, place]
    }

    /// The place of an order, or where it would stand. O(log orders).
    func place(of identifier: OrderIdentifier, of account: AccountIdentifier) -> Int {
        place(of: identifier, in: accounts[Int(account.number)].orders)
    }

    private func place(of identifier: OrderIdentifier, in list: PooledList) -> Int {
        // A new order has the highest number.
        guard list.count > 0, identifier <= orders[list, list.count &- 1].identifier else {
            return list.count
        }
        // Halves without asking which: how the search turns cannot be guessed by the processor.
        var (low, count) = (0, list.count &- 1)
        while count > 0 {
            let half = (count &+ 1) &>> 1
            let isBelow = orders[list, low &+ half &- 1].identifier < identifier
            low &+= isBelow ? half : 0
            count &-= isBelow ? half : count &- half &+ 1
        }
        return low
    }

    /// The slot of an order; nil where the account has none of this number.
    func slot(of identifier: OrderIdentifier, of account: AccountIdentifier) -> OrderSlot? {
        let list = accounts[Int(account.number)].orders
        let place = place(of: identifier, in: list)
        guard place < list.count, orders[list, place].identifier == identifier else { return nil }
        return orders[list, place].slot
    }

    /// The slot of the order that has a name.
    func slot(named name: ClientOrderIdentifier, of account: AccountIdentifier) -> OrderSlot? {
        let list = accounts[Int(account.number)].names
        let place = place(named: name, in: list)
        guard place < list.count, names[list, place].name == name else { return nil }
        return names[list, place].slot
    }

    private func place(named name: ClientOrderIdentifier, in list: PooledList) -> Int {
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low &+ high) &>> 1
            if names[list, middle].name < name { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    /// Adds an order to the lists of its account.
    mutating func insert(
        _ order: OpenOrder, name: ClientOrderIdentifier, of account: AccountIdentifier
    ) {
        let owner = Int(account.number)
        let place = place(of: order.identifier, in: accounts[owner].orders)
        orders.insert(order, at: place, in: &accounts[owner].orders)
        guard name.number != 0 else { return }
        names.insert(
            Name(name: name, slot: order.slot),
            at: self.place(named: name, in: accounts[owner].names),
            in: &accounts[owner].names)
    }

    /// Changes the flags of an order that the lists hold.
    mutating func setFlags(
        _ flags: OrderFlags, of identifier: OrderIdentifier, _ account: AccountIdentifier
    ) {
        let owner = Int(account.number)
        let place = place(of: identifier, in: accounts[owner].orders)
        orders[accounts[owner].orders, place].flags = flags
    }

    /// Takes an order out of the lists of its account.
    mutating func remove(
        _ identifier: OrderIdentifier, name: ClientOrderIdentifier, of account: AccountIdentifier
    ) {
        let owner = Int(account.number)
        let place = place(of: identifier, in: accounts[owner].orders)
        orders.remove(at: place, from: &accounts[owner].orders)
        guard name.number != 0 else { return }
        names.remove(
            at: self.place(named: name, in: accounts[owner].names), from: &accounts[owner].names)
    }
}
