/// The levels of a book as a channel has told them, and what must be told so that they become those
/// of the ledger.

package import Canonical
package import FixedPoint
package import Ledger
package import Markets

/// One level.
package struct BookLevel: Equatable, Sendable {
    package let price: Price
    package let quantity: Quantity
}

/// What has become of a level; words of Deribit's feed.
package enum LevelChange: String, Sendable {
    case new
    case change
    case delete
}

/// Both sides, best first.
package struct BookLevels: Equatable, Sendable {
    package var bids: [BookLevel]
    package var asks: [BookLevel]

    /// The levels of a book as the ledger has them.
    package init(_ instrument: InstrumentIdentifier, of ledger: Ledger, limit: Int = .max) {
        bids = BookLevels.side(.buy, instrument, ledger, limit)
        asks = BookLevels.side(.sell, instrument, ledger, limit)
    }

    init(bids: [BookLevel], asks: [BookLevel]) {
        self.bids = bids
        self.asks = asks
    }

    private static func side(
        _ side: Side, _ instrument: InstrumentIdentifier, _ ledger: Ledger, _ limit: Int
    ) -> [BookLevel] {
        var levels: [BookLevel] = []
        guard limit > 0 else { return levels }
        ledger.books.forEachLevel(side, in: instrument) { price, quantity in
            levels.append(BookLevel(price: price, quantity: quantity))
            return levels.count < limit
        }
        return levels
    }

    /// What turns one side into another, best first. O(levels).
    ///
    /// - Parameter side: bids fall, asks rise.
    package static func changes(
        from old: [BookLevel], to new: [BookLevel], _ side: Side
    ) -> [(change: LevelChange, level: BookLevel)] {
        var changes: [(change: LevelChange, level: BookLevel)] = []
        var before = 0
        var after = 0
        while before < old.count || after < new.count {
            let isGone =
                after == new.count
                || before < old.count && precedes(old[before].price, new[after].price, side)
            if isGone {
                changes.append(
                    (.delete, BookLevel(price: old[before].price, quantity: .zero)))
                before += 1
            } else if before == old.count || old[before].price != new[after].price {
                changes.append((.new, new[after]))
                after += 1
            } else {
                if old[before].quantity != new[after].quantity {
                    changes.append((.change, new[after]))
                }
                before += 1
                after += 1
            }
        }
        return changes
    }

    private static func precedes(_ left: Price, _ right: Price, _ side: Side) -> Bool {
        side == .buy ? left > right : left < right
    }

    /// The levels with prices rounded away from the middle to whole groups of ticks, best so many.
    package func grouped(by ticks: Int64, depth: Int) -> BookLevels {
        func group(_ levels: [BookLevel], isUp: Bool) -> [BookLevel] {
            var grouped: [BookLevel] = []
            for level in levels {
                let lower = level.price.ticks - level.price.ticks % ticks
                let isWhole = lower == level.price.ticks
                let price = Price(ticks: isUp && !isWhole ? lower + ticks : lower)
                if let last = grouped.last, last.price == price {
                    grouped[grouped.count - 1] = BookLevel(
                        price: price, quantity: last.quantity + level.quantity)
                } else if grouped.count == depth {
                    break
                } else {
                    grouped.append(BookLevel(price: price, quantity: level.quantity))
                }
            }
            return grouped
        }
        return BookLevels(bids: group(bids, isUp: false), asks: group(asks, isUp: true))
    }
}
