/// The single price of a call auction. While orders are collected a book may be crossed; the price
/// at which it opens lets the most lots trade.
///
/// Of all prices at which crossed orders stand, those with the greatest executable volume count; of
/// these, those with the least surplus. If buyers are left over at all of them it is the highest,
/// if sellers are the lowest, and else the reference, moved into their range. (The rule of the
/// European electronic auctions, such as Xetra's.)

public import Canonical
public import FixedPoint

/// Where an auction clears.
public struct AuctionClearing: Equatable, Sendable {
    public let price: Price
    /// The lots that both sides offer at this price.
    public let quantity: Quantity

    public init(price: Price, quantity: Quantity) {
        self.price = price
        self.quantity = quantity
    }
}

extension OrderBooks {
    /// Whether some buyer bids as much as some seller asks.
    public func isCrossed(_ book: InstrumentIdentifier) -> Bool {
        guard let bid = bestPrice(.buy, in: book), let ask = bestPrice(.sell, in: book) else {
            return false
        }
        return bid >= ask
    }

    /// Where the book would clear; nil where it is not crossed. O(orders at crossed prices).
    ///
    /// - Parameter reference: decides between prices that are equally good.
    public func clearing(
        of book: InstrumentIdentifier, reference: Price
    ) -> AuctionClearing? {
        guard let high = bestPrice(.buy, in: book), let low = bestPrice(.sell, in: book),
            high >= low
        else { return nil }
        // Both best first: bids fall, asks rise.
        let bids = crossedLevels(.buy, in: book, limit: low)
        let asks = crossedLevels(.sell, in: book, limit: high)
        var supply = asks.reduce(Quantity.zero) { $0 + $1.quantity }
        var demand = Quantity.zero
        var ask = asks.count - 1
        var bid = 0
        var best: (volume: Quantity, surplus: Quantity)?
        var candidates: [(price: Price, surplus: Quantity)] = []
        // From the highest price down: bids at or above it are demand, asks above it leave supply.
        for price in prices(bids, asks) {
            if bid < bids.count, bids[bid].price == price {
                demand += bids[bid].quantity
                bid += 1
            }
            while ask >= 0, asks[ask].price > price {
                supply -= asks[ask].quantity
                ask -= 1
            }
            let volume = min(demand, supply)
            let surplus = demand - supply
            if let best, best.volume > volume { continue }
            if let best, best.volume == volume, best.surplus < surplus.magnitude { continue }
            if best.map({ $0.volume < volume || $0.surplus > surplus.magnitude }) ?? true {
                candidates.removeAll()
                best = (volume, surplus.magnitude)
            }
            candidates.append((price, surplus))
        }
        guard let best, let first = candidates.first, let last = candidates.last else { return nil }
        let price: Price
        if candidates.allSatisfy({ $0.surplus.isPositive }) {
            price = first.price
        } else if candidates.allSatisfy({ $0.surplus.isNegative }) {
            price = last.price
        } else {
            price = reference.clamped(last.price, first.price)
        }
        return AuctionClearing(price: price, quantity: best.volume)
    }

    /// What would trade at a price that somebody else has set; nil where nothing would. O(orders at
    /// crossed prices).
    public func clearing(of book: InstrumentIdentifier, at price: Price) -> AuctionClearing? {
        let demand = crossedLevels(.buy, in: book, limit: price)
        let supply = crossedLevels(.sell, in: book, limit: price)
        let lots = min(
            demand.reduce(Quantity.zero) { $0 + $1.quantity },
            supply.reduce(Quantity.zero) { $0 + $1.quantity })
        return lots.isPositive ? AuctionClearing(price: price, quantity: lots) : nil
    }

    /// The levels of a side up to a limit, best first, with all lots, those that do not show too.
    private func crossedLevels(
        _ side: Side, in book: InstrumentIdentifier, limit: Price
    ) -> [(price: Price, quantity: Quantity)] {
        var result: [(price: Price, quantity: Quantity)] = []
        var level = levels.best(ladder(side, book))
        while level != OrderRecord.none, side.opposite.accepts(levels[level].price, limit: limit) {
            var total = Quantity.zero
            var slot = levels[level].first
            while slot != OrderRecord.none {
                total += remaining(orders[slot])
                slot = orders[slot].next
            }
            result.append((levels[level].price, total))
            level = levels[level].worse
        }
        return result
    }

    /// All prices of both lists, falling, each once.
    private func prices(
        _ bids: [(price: Price, quantity: Quantity)], _ asks: [(price: Price, quantity: Quantity)]
    ) -> [Price] {
        var prices: [Price] = []
        var bid = 0
        var ask = asks.count - 1
        while bid < bids.count || ask >= 0 {
            let next: Price
            if ask < 0 || (bid < bids.count && bids[bid].price >= asks[ask].price) {
                next = bids[bid].price
                if ask >= 0, asks[ask].price == next { ask -= 1 }
                bid += 1
            } else {
                next = asks[ask].price
                ask -= 1
            }
            prices.append(next)
        }
        return prices
    }
}
