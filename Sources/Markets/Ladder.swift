/// One side of a book: its price levels, best last, so that what happens near the best price moves
/// few of them. A level is a queue of orders, linked through the slots of `OrderBook`.

import FixedPoint

/// The orders at one price.
struct Level: Sendable {
    let price: Price
    /// The slot that fills first, and the one that fills last.
    var first: Int32
    var last: Int32
    /// The sum of the remaining lots.
    var quantity: Quantity
}

/// The levels of one side, sorted from the worst to the best price.
struct Ladder: Sendable {
    let side: Side
    private(set) var levels: [Level] = []

    init(side: Side) { self.side = side }

    /// The level of the best price.
    var best: Level? { levels.last }

    /// Whether `price` is worse for the counterparty than `other`.
    private func isWorse(_ price: Price, _ other: Price) -> Bool {
        side == .buy ? price < other : price > other
    }

    /// The place of `price`, or where it would stand. O(log levels).
    func search(_ price: Price) -> (place: Int, found: Bool) {
        var low = 0
        var high = levels.count
        while low < high {
            let middle = (low + high) / 2
            if isWorse(levels[middle].price, price) { low = middle + 1 } else { high = middle }
        }
        return (low, low < levels.count && levels[low].price == price)
    }

    mutating func insert(_ level: Level, at place: Int) { levels.insert(level, at: place) }

    mutating func remove(at place: Int) { levels.remove(at: place) }

    subscript(place: Int) -> Level {
        _read { yield levels[place] }
        _modify { yield &levels[place] }
    }
}
