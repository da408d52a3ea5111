/// What must hold of a book between any two commands.

import Canonical
import FixedPoint

extension OrderBook {
    /// The first invariant that does not hold, in words; nil if all do. Costs O(orders).
    public func brokenInvariant() -> String? {
        if let bid = bestPrice(.buy), let ask = bestPrice(.sell), bid >= ask {
            return "Invariant 1: the best bid \(bid.units) lies below the best ask \(ask.units)"
        }
        var counted = 0
        for side in [Side.buy, Side.sell] {
            var cursor = best(side)
            var last: Order?
            var sums: [(price: Price, quantity: Quantity)] = []
            while let slot = cursor {
                let order = self[slot]
                counted += 1
                guard order.remaining.isPositive else {
                    return "Invariant 2: order \(order.identifier.number) has lots left"
                }
                if let last, last.price == order.price {
                    guard last.priority < order.priority else {
                        return "Invariant 3: order \(order.identifier.number) stands in its turn"
                    }
                    sums[sums.count - 1].quantity += order.remaining
                } else {
                    if let last, !side.accepts(order.price, limit: last.price) {
                        return "Invariant 3: price \(order.price.units) stands in its turn"
                    }
                    sums.append((order.price, order.remaining))
                }
                last = order
                cursor = next(after: slot)
            }
            let levels = depth(side)
            guard levels.count == sums.count,
                zip(levels, sums).allSatisfy({ $0.price == $1.price && $0.quantity == $1.quantity })
            else { return "Invariant 4: the levels of a side sum up its orders" }
        }
        return counted == count ? nil : "Invariant 5: \(count) orders are all in a queue"
    }
}
