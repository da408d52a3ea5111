/// The book that a file describes, made from its messages alone, and the steps that bring the
/// engine to the same book. Where a file tells only of its best prices (`OrderFlow.isWindow`), the
/// venue's own best prices correct it: what left out of sight is removed, and what came into sight
/// becomes an order without a name. An execution then also tells what has left: Nasdaq is in
/// price-time order, so whatever stood before the order that executes is gone; and an unknown
/// number that executes is the front of its price.

import Markets

/// What the engine must do next; prices in ticks, sizes in lots, all of them the state to reach.
enum OrderFlowStep: Equatable {
    case place(UInt64, Side, price: Int64, lots: Int64)
    /// Leave an order no more lots than this, in its place.
    case shrink(UInt64, lots: Int64)
    /// Give an order this price and size.
    case set(UInt64, Side, price: Int64, lots: Int64)
    case cancel(UInt64)
    /// Trade this many lots of a resting order.
    case execute(UInt64, Side, price: Int64, lots: Int64)
}

/// What the file's messages have come to.
struct OrderFlowBook {
    struct Entry: Equatable {
        let side: Side
        var price: Int64
        /// 10⁻⁹ units.
        var size: Int64
        var lots: Int64
    }

    /// Numbers of orders without a name have this bit.
    private static let nameless: UInt64 = 1 << 63

    private let grid: OrderFlowGrid
    private let isWindow: Bool
    private(set) var orders: [UInt64: Entry] = [:]
    private(set) var bids = OrderFlowLadder(side: .buy)
    private(set) var asks = OrderFlowLadder(side: .sell)
    /// Messages about orders that nothing is known of.
    private(set) var unknown = 0
    /// Messages about unknown orders that were taken to mean one at their price.
    private(set) var meantByPrice = 0
    private(set) var cameIntoSight = 0
    private(set) var leftOutOfSight = 0

    init(grid: OrderFlowGrid, isWindow: Bool) {
        self.grid = grid
        self.isWindow = isWindow
    }

    func ladder(_ side: Side) -> OrderFlowLadder { side == .buy ? bids : asks }

    /// Whether the best bid is not below the best ask.
    var isCrossed: Bool {
        guard let bid = bids.bestPrice, let ask = asks.bestPrice else { return false }
        return bid >= ask
    }

    // MARK: Messages

    /// Takes a message in.
    ///
    /// - Returns: what the engine must do.
    mutating func apply(_ message: OrderFlowMessage) -> [OrderFlowStep] {
        switch message.action {
        case .add(let order):
            return put(order.identifier, order)
        case .replace(let order):
            guard orders[order.identifier] != nil else {
                unknown += 1
                return []
            }
            return put(order.identifier, order)
        case .reduce(let order):
            guard let known = known(order) else { return [] }
            return take(order.size, from: known)
        case .remove(let order):
            guard let known = known(order) else { return [] }
            return take(known == order.identifier ? .max : order.size, from: known)
        case .execute(let order):
            return execute(order)
        case .clear:
            return orders.keys.sorted().flatMap { take(.max, from: $0) }
        case .hiddenExecution, .halt, .trade, .confirmation:
            return []
        }
    }

    /// The number of the order that a message means; in a window, the last at its price for one
    /// that is unknown.
    private mutating func known(_ order: OrderFlowOrder) -> UInt64? {
        if orders[order.identifier] != nil { return order.identifier }
        let level = ladder(order.side).level(at: grid.ticks(order.price))
        guard isWindow, let last = level?.orders.last else {
            unknown += 1
            return nil
        }
        meantByPrice += 1
        return last
    }

    private static func namelessNumber(_ side: Side, _ price: Int64) -> UInt64 {
        nameless | UInt64(price) << 1 | UInt64(side.rawValue)
    }

    private mutating func execute(_ order: OrderFlowOrder) -> [OrderFlowStep] {
        let price = grid.ticks(order.price)
        var steps: [OrderFlowStep] = []
        if isWindow { steps += removeBetter(than: price, order.side) }
        guard orders[order.identifier] == nil else {
            if isWindow { steps += removeAhead(of: order.identifier, order.side, price) }
            return steps + trade(order.size, of: order.identifier)
        }
        guard isWindow, ladder(order.side).level(at: price) != nil else {
            unknown += 1
            return steps
        }
        meantByPrice += 1
        var left = order.size
        while left > 0, let front = ladder(order.side).level(at: price)?.orders.first {
            let size = min(left, orders[front]?.size ?? left)
            steps += trade(size, of: front)
            left -= size
        }
        return steps
    }

    private mutating func trade(_ size: Int64, of number: UInt64) -> [OrderFlowStep] {
        guard let entry = orders[number] else { return [] }
        _ = take(size, from: number)
        let lots = entry.lots - (orders[number]?.lots ?? 0)
        guard lots > 0 else { return [] }
        return [.execute(number, entry.side, price: entry.price, lots: lots)]
    }

    /// Adds an order or gives it another price and size.
    private mutating func put(_ number: UInt64, _ order: OrderFlowOrder) -> [OrderFlowStep] {
        let entry = Entry(
            side: order.side, price: grid.ticks(order.price), size: order.size,
            lots: grid.lots(order.size))
        let old = orders.updateValue(entry, forKey: number)
        guard let old else {
            add(number, entry)
            return [.place(number, entry.side, price: entry.price, lots: entry.lots)]
        }
        if old.side == entry.side, old.price == entry.price, old.lots >= entry.lots {
            guard old.lots > entry.lots else { return [] }
            reduce(entry.side, entry.price, by: old.lots - entry.lots)
            return [.shrink(number, lots: entry.lots)]
        }
        remove(number, old)
        add(number, entry)
        guard old.side == entry.side else {
            return [
                .cancel(number),
                .place(number, entry.side, price: entry.price, lots: entry.lots),
            ]
        }
        return [.set(number, entry.side, price: entry.price, lots: entry.lots)]
    }

    /// Takes 10⁻⁹ units off an order.
    private mutating func take(_ size: Int64, from number: UInt64) -> [OrderFlowStep] {
        guard var entry = orders[number] else { return [] }
        guard entry.size > size else {
            orders[number] = nil
            remove(number, entry)
            return [.cancel(number)]
        }
        let before = entry.lots
        entry.size -= size
        entry.lots = grid.lots(entry.size)
        orders[number] = entry
        guard entry.lots < before else { return [] }
        reduce(entry.side, entry.price, by: before - entry.lots)
        return [.shrink(number, lots: entry.lots)]
    }

    // MARK: The window

    /// Removes what stands before a price; everything, where there is none.
    private mutating func removeBetter(than price: Int64?, _ side: Side) -> [OrderFlowStep] {
        var steps: [OrderFlowStep] = []
        while let level = ladder(side).levels.last,
            price.map({ level.rank > $0 * side.sign }) ?? true
        {
            for number in level.orders {
                leftOutOfSight += 1
                steps += take(.max, from: number)
            }
        }
        return steps
    }

    /// Removes what stands before an order at its price.
    private mutating func removeAhead(
        of number: UInt64, _ side: Side, _ price: Int64
    ) -> [OrderFlowStep] {
        var steps: [OrderFlowStep] = []
        while let front = ladder(side).level(at: price)?.orders.first, front != number {
            leftOutOfSight += 1
            steps += take(.max, from: front)
        }
        return steps
    }

    /// Makes the best level of a side what the venue says it is.
    ///
    /// - Returns: what the engine must do.
    mutating func correct(_ side: Side, to best: OrderFlowLevel?) -> [OrderFlowStep] {
        let price = best.map { grid.ticks($0.price) }
        var steps = removeBetter(than: price, side)
        guard let best, let price else { return steps }
        var excess = (ladder(side).level(at: price)?.lots ?? 0) - grid.lots(best.size)
        for number in ladder(side).level(at: price)?.orders.reversed() ?? [] where excess > 0 {
            // The newest leave first: those that are left keep their place in the queue.
            let lots = orders[number]?.lots ?? 0
            leftOutOfSight += 1
            steps += take(lots > excess ? excess * grid.lot : .max, from: number)
            excess -= min(lots, excess)
        }
        guard excess < 0 else { return steps }
        cameIntoSight += 1
        let number = OrderFlowBook.namelessNumber(side, price)
        let size = (orders[number]?.size ?? 0) - excess * grid.lot
        return steps
            + put(
                number,
                OrderFlowOrder(identifier: number, side: side, price: best.price, size: size))
    }

    // MARK: Ladders

    private mutating func add(_ number: UInt64, _ entry: Entry) {
        if entry.side == .buy {
            bids.add(number, price: entry.price, lots: entry.lots)
        } else {
            asks.add(number, price: entry.price, lots: entry.lots)
        }
    }

    private mutating func reduce(_ side: Side, _ price: Int64, by lots: Int64) {
        if side == .buy {
            bids.reduce(price: price, by: lots)
        } else {
            asks.reduce(price: price, by: lots)
        }
    }

    private mutating func remove(_ number: UInt64, _ entry: Entry) {
        if entry.side == .buy {
            bids.remove(number, price: entry.price, lots: entry.lots)
        } else {
            asks.remove(number, price: entry.price, lots: entry.lots)
        }
    }
}
