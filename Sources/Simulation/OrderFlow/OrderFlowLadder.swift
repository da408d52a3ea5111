/// One side of the book that a file describes: price levels with their orders in the order of
/// arrival. It is the plain twin of the engine's book; it never matches anything.

import Markets

/// The levels of a side.
struct OrderFlowLadder {
    struct Level {
        /// Rises toward the best price, so that the best level is the last.
        let rank: Int64
        var lots: Int64
        /// In order of arrival.
        var orders: [UInt64]
    }

    let side: Side
    private(set) var levels: [Level] = []

    init(side: Side) { self.side = side }

    /// Of the best level, in ticks.
    var bestPrice: Int64? { levels.last.map { $0.rank * side.sign } }
    /// At the best price.
    var bestLots: Int64 { levels.last?.lots ?? 0 }

    /// The level of a price in ticks.
    func level(at price: Int64) -> Level? {
        let place = search(price * side.sign)
        return place < levels.count && levels[place].rank == price * side.sign
            ? levels[place] : nil
    }

    mutating func add(_ order: UInt64, price: Int64, lots: Int64) {
        let rank = price * side.sign
        let place = search(rank)
        if place < levels.count, levels[place].rank == rank {
            levels[place].lots += lots
            levels[place].orders.append(order)
        } else {
            levels.insert(Level(rank: rank, lots: lots, orders: [order]), at: place)
        }
    }

    /// Takes lots off an order that stays.
    mutating func reduce(price: Int64, by lots: Int64) {
        levels[search(price * side.sign)].lots -= lots
    }

    mutating func remove(_ order: UInt64, price: Int64, lots: Int64) {
        let place = search(price * side.sign)
        levels[place].lots -= lots
        levels[place].orders.removeAll { $0 == order }
        if levels[place].orders.isEmpty { levels.remove(at: place) }
    }

    /// The first place whose rank is not lower.
    private func search(_ rank: Int64) -> Int {
        var low = 0
        var high = levels.count
        while low < high {
            let middle = (low + high) / 2
            if levels[middle].rank < rank { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
