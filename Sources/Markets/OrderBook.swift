/// A book in price-time priority. It knows orders and places, and nothing of margin or money: the
/// loop that consults them lives in `Ledger`, which walks the book with `best` and `next` and
/// changes it with `add`, `reduce`, `remove` and `requeue` (DESIGN 4, "Matching needs no call
/// upward").
///
/// A slot is the place of an order in an array; it stays the same while the order rests, and is
/// used again after. The best, next and previous order of a slot cost O(1); a change costs O(log
/// levels), and a level that appears or vanishes moves the levels that are better than it.

import Canonical
public import FixedPoint

/// The place of a resting order in its book.
public typealias OrderSlot = Int32

/// The resting orders of one instrument.
public final class OrderBook {
    private struct Node: Sendable {
        var order: Order
        var previous: OrderSlot
        var next: OrderSlot
    }

    /// No slot.
    private static let none: OrderSlot = -1

    private var nodes: [Node] = []
    private var free: [OrderSlot] = []
    private var bids = Ladder(side: .buy)
    private var asks = Ladder(side: .sell)

    /// An empty book.
    public init() {}

    /// How many orders rest.
    public var count: Int { nodes.count - free.count }

    /// The order in a slot.
    public subscript(slot: OrderSlot) -> Order {
        _read { yield nodes[Int(slot)].order }
    }

    /// The slot that fills first on a side.
    public func best(_ side: Side) -> OrderSlot? {
        side == .buy ? bids.best?.first : asks.best?.first
    }

    /// The best price of a side.
    public func bestPrice(_ side: Side) -> Price? {
        side == .buy ? bids.best?.price : asks.best?.price
    }

    /// The slot that fills after `slot`, at its price or the next.
    public func next(after slot: OrderSlot) -> OrderSlot? {
        let node = nodes[Int(slot)]
        if node.next != OrderBook.none { return node.next }
        let place = ladder(node.order.side).search(node.order.price).place
        return place > 0 ? ladder(node.order.side)[place - 1].first : nil
    }

    /// The price levels of a side, best first, as price and lots.
    public func depth(_ side: Side) -> [(price: Price, quantity: Quantity)] {
        ladder(side).levels.reversed().map { ($0.price, $0.quantity) }
    }

    /// Visits the levels of a side, best first, until `visit` says false.
    public func forEachLevel(_ side: Side, _ visit: (Price, Quantity) -> Bool) {
        let levels = ladder(side).levels
        for place in levels.indices.reversed() {
            guard visit(levels[place].price, levels[place].quantity) else { return }
        }
    }

    /// Puts an order behind all others at its price.
    ///
    /// - Precondition: its priority number is higher than that of every order at its price; it does
    ///   not cross the book.
    public func add(_ order: Order) -> OrderSlot {
        let node = Node(order: order, previous: OrderBook.none, next: OrderBook.none)
        let slot: OrderSlot
        if let reused = free.popLast() {
            nodes[Int(reused)] = node
            slot = reused
        } else {
            slot = OrderSlot(nodes.count)
            nodes.append(node)
        }
        link(slot)
        return slot
    }

    /// Takes an order out.
    public func remove(_ slot: OrderSlot) {
        unlink(slot)
        free.append(slot)
    }

    /// Takes lots off an order, which keeps its place.
    ///
    /// - Precondition: `lots` is positive and less than what remains.
    public func reduce(_ slot: OrderSlot, by lots: Quantity) {
        let order = nodes[Int(slot)].order
        precondition(
            lots.isPositive && lots < order.remaining,
            "Invariant: a reduced order keeps some of its \(order.remaining.units) lots")
        nodes[Int(slot)].order.remaining -= lots
        changeLevel(of: order, by: -lots)
    }

    /// Gives an order another price and size, behind all others at that price; it keeps its slot.
    ///
    /// - Precondition: as for `add`.
    public func requeue(
        _ slot: OrderSlot, price: Price, remaining: Quantity, priority: UInt64
    ) {
        unlink(slot)
        nodes[Int(slot)].order.price = price
        nodes[Int(slot)].order.remaining = remaining
        nodes[Int(slot)].order.priority = priority
        link(slot)
    }

    private func ladder(_ side: Side) -> Ladder { side == .buy ? bids : asks }

    private func changeLevel(of order: Order, by lots: Quantity) {
        let place = ladder(order.side).search(order.price).place
        if order.side == .buy {
            bids[place].quantity += lots
        } else {
            asks[place].quantity += lots
        }
    }

    private func link(_ slot: OrderSlot) {
        let order = nodes[Int(slot)].order
        let last =
            order.side == .buy
            ? OrderBook.append(slot, order, to: &bids) : OrderBook.append(slot, order, to: &asks)
        nodes[Int(slot)].previous = last
        nodes[Int(slot)].next = OrderBook.none
        if last != OrderBook.none { nodes[Int(last)].next = slot }
    }

    /// Adds a slot to its level and returns the one that was last there.
    private static func append(
        _ slot: OrderSlot, _ order: Order, to ladder: inout Ladder
    ) -> OrderSlot {
        let (place, found) = ladder.search(order.price)
        guard found else {
            ladder.insert(
                Level(price: order.price, first: slot, last: slot, quantity: order.remaining),
                at: place)
            return none
        }
        let last = ladder[place].last
        ladder[place].last = slot
        ladder[place].quantity += order.remaining
        return last
    }

    private func unlink(_ slot: OrderSlot) {
        let node = nodes[Int(slot)]
        if node.previous != OrderBook.none { nodes[Int(node.previous)].next = node.next }
        if node.next != OrderBook.none { nodes[Int(node.next)].previous = node.previous }
        if node.order.side == .buy {
            OrderBook.withdraw(node, from: &bids)
        } else {
            OrderBook.withdraw(node, from: &asks)
        }
    }

    private static func withdraw(_ node: Node, from ladder: inout Ladder) {
        let place = ladder.search(node.order.price).place
        ladder[place].quantity -= node.order.remaining
        if node.previous == none { ladder[place].first = node.next }
        if node.next == none { ladder[place].last = node.previous }
        if ladder[place].first == none { ladder.remove(at: place) }
    }
}
