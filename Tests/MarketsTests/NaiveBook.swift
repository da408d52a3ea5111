/// The obvious book: one array of orders, sorted by price and priority whenever somebody asks.
import Canonical
import FixedPoint

@testable import Markets

struct NaiveBook {
    private(set) var orders: [Order] = []

    /// A side in the order in which it fills.
    func sorted(_ side: Side) -> [Order] {
        orders.filter { $0.side == side }.sorted { left, right in
            guard left.price == right.price else {
                return side == .buy ? left.price > right.price : left.price < right.price
            }
            return left.priority < right.priority
        }
    }

    func depth(_ side: Side) -> [(price: Price, quantity: Quantity)] {
        var levels: [(price: Price, quantity: Quantity)] = []
        for order in sorted(side) {
            if let last = levels.last, last.price == order.price {
                levels[levels.count - 1].quantity += order.remaining
            } else {
                levels.append((order.price, order.remaining))
            }
        }
        return levels
    }

    private func place(_ identifier: OrderIdentifier) -> Int {
        orders.firstIndex { $0.identifier == identifier }!
    }

    mutating func add(_ order: Order) { orders.append(order) }

    mutating func remove(_ identifier: OrderIdentifier) { orders.remove(at: place(identifier)) }

    mutating func reduce(_ identifier: OrderIdentifier, by lots: Quantity) {
        orders[place(identifier)].remaining -= lots
    }

    mutating func requeue(
        _ identifier: OrderIdentifier, price: Price, remaining: Quantity, priority: UInt64
    ) {
        let place = place(identifier)
        orders[place].price = price
        orders[place].remaining = remaining
        orders[place].priority = priority
    }
}

/// The first book of a venue of one market and seven accounts.
final class OneBook {
    var books: OrderBooks
    let market = InstrumentIdentifier(0)

    init(highest: Price = .max) {
        books = OrderBooks(highestPrices: [highest])
        for _ in 0..<7 { books.openAccount() }
    }

    var count: Int { books.count }
    func add(_ order: Order) -> OrderSlot { books.restore(order) }
    func remove(_ slot: OrderSlot) { books.remove(slot) }
    func reduce(_ slot: OrderSlot, by lots: Quantity) { books.reduce(slot, by: lots) }
    func requeue(_ slot: OrderSlot, price: Price, remaining: Quantity, priority: UInt64) {
        books.requeue(slot, price: price, remaining: remaining, priority: priority)
    }
    func best(_ side: Side) -> OrderSlot? { books.best(side, in: market) }
    func bestPrice(_ side: Side) -> Price? { books.bestPrice(side, in: market) }
    func next(after slot: OrderSlot) -> OrderSlot? { books.next(after: slot) }
    func depth(_ side: Side) -> [(price: Price, quantity: Quantity)] {
        books.depth(side, in: market)
    }
    func forEachLevel(_ side: Side, _ visit: (Price, Quantity) -> Bool) {
        books.forEachLevel(side, in: market, visit)
    }
    func impactPrice(against side: Side, notional: Amount, tickValue: Int64) -> Int64? {
        books.impactPrice(against: side, in: market, notional: notional, tickValue: tickValue)
    }
    func brokenInvariant() -> String? {
        books.brokenInvariant(in: market) ?? books.brokenInvariant { _ in false }
    }
    subscript(slot: OrderSlot) -> Order { books.order(slot) }

    /// A side by the cursor, best first.
    func walk(_ side: Side) -> [Order] {
        var orders: [Order] = []
        var cursor = best(side)
        while let slot = cursor {
            orders.append(self[slot])
            cursor = next(after: slot)
        }
        return orders
    }
}

/// An order of the first instrument.
func order(
    _ number: UInt64, _ side: Side, price: Int64, lots: Int64, priority: UInt64? = nil,
    special: SpecialTerms = SpecialTerms()
) -> Order {
    Order(
        identifier: OrderIdentifier(number), account: AccountIdentifier(UInt32(number % 7)),
        instrument: InstrumentIdentifier(0),
        clientIdentifier: ClientOrderIdentifier(number * 3),
        flags: OrderFlags(side, reduceOnly: number % 5 == 0), price: Price(ticks: price),
        remaining: Quantity(lots: lots), priority: priority ?? number, special: special)
}
