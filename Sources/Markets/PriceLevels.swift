/// The queues of orders. A level is the queue at one price of one ladder; the levels of a ladder
/// are linked from the best to the worst. A book has six ladders: its two sides, and for each
/// reference of a trigger those that fire when it falls and those that fire when it rises.

import Canonical
import FixedPoint

/// Which ladder of a book. On ladders with an even number the highest price is the best.
enum LadderKind {
    static let buy: Int32 = 0
    static let sell: Int32 = 1
    /// Ladders of one book.
    static let count: Int32 = 6

    static func side(_ side: Side) -> Int32 { Int32(side.rawValue) }

    /// Falling triggers fire from the highest price down, as buys fill; rising ones as sells.
    static func trigger(_ reference: TriggerReference, isRising: Bool) -> Int32 {
        2 + 2 * Int32(reference.rawValue) + (isRising ? 1 : 0)
    }
}

/// The orders at one price.
struct Level: Sendable, BitwiseCopyable {
    let price: Price
    /// The sum of the lots that show.
    var quantity: Quantity
    /// The slot that fills first, and the one that fills last.
    var first: OrderSlot
    var last: OrderSlot
    /// The neighbours on the ladder.
    var better: Int32
    var worse: Int32
    let ladder: Int32
}

/// Where a ladder begins and ends.
struct Ladder: Sendable, BitwiseCopyable {
    /// Of its tree in the price index; none before its first order.
    var root = OrderRecord.none
    let depth: Int32
    var best = OrderRecord.none
    var worst = OrderRecord.none
}

/// All levels of all ladders.
struct PriceLevels: ~Copyable {
    private let pinned = Pinned()
    private var levels = Slab<Level>()
    private var ladders = Slab<Ladder>()
    private var index = PriceIndex()
    /// The first level out of use, each of which keeps the next as its worse neighbour.
    private var free = OrderRecord.none

    /// Adds the ladders of one more book, whose prices go up to `highest`.
    mutating func addBook(highest: Price) {
        let depth = Int32(PriceIndex.depth(upTo: highest))
        for _ in 0..<LadderKind.count {
            _ = ladders.append(Ladder(depth: depth))
        }
    }

    /// Gives back the trees of an empty book.
    mutating func closeBook(_ book: Int32) {
        for kind in 0..<LadderKind.count {
            let ladder = book &* LadderKind.count &+ kind
            guard ladders[ladder].root != OrderRecord.none else { continue }
            index.release(ladders[ladder].root)
            ladders[ladder].root = OrderRecord.none
        }
    }

    func best(_ ladder: Int32) -> Int32 { ladders[ladder].best }

    subscript(level: Int32) -> Level { _read { yield levels[level] } }

    /// Puts a slot behind all others at its price.
    mutating func enqueue(
        _ slot: OrderSlot, at price: Price, on ladder: Int32, in orders: inout Slab<OrderRecord>
    ) {
        if ladders[ladder].root == OrderRecord.none { ladders[ladder].root = index.makeNode() }
        let (root, depth) = (ladders[ladder].root, Int(ladders[ladder].depth))
        var level = index.level(at: price, root: root, depth: depth)
        if level == OrderRecord.none { level = makeLevel(price, ladder) }
        let last = levels[level].last
        orders[slot].level = level
        orders[slot].previous = last
        orders[slot].next = OrderRecord.none
        levels[level].last = slot
        levels[level].quantity += orders[slot].shown
        if last == OrderRecord.none {
            levels[level].first = slot
        } else {
            orders[last].next = slot
        }
    }

    /// Takes a slot out of its queue.
    mutating func dequeue(_ slot: OrderSlot, in orders: inout Slab<OrderRecord>) {
        let level = orders[slot].level
        let (previous, next) = (orders[slot].previous, orders[slot].next)
        orders[slot].level = OrderRecord.none
        if previous == OrderRecord.none {
            levels[level].first = next
        } else {
            orders[previous].next = next
        }
        if next == OrderRecord.none {
            levels[level].last = previous
        } else {
            orders[next].previous = previous
        }
        levels[level].quantity -= orders[slot].shown
        if levels[level].first == OrderRecord.none { removeLevel(level) }
    }

    /// Takes lots off what shows at a level.
    mutating func reduce(_ level: Int32, by lots: Quantity) { levels[level].quantity -= lots }

    private mutating func makeLevel(_ price: Price, _ ladder: Int32) -> Int32 {
        let (root, depth) = (ladders[ladder].root, Int(ladders[ladder].depth))
        let lower = index.levelBelow(price, root: root, depth: depth)
        let isHighestBest = ladder & 1 == 0
        // With the highest price best, the lower neighbour is the worse one.
        var worse = OrderRecord.none
        var better = OrderRecord.none
        if isHighestBest {
            worse = lower
            better = lower == OrderRecord.none ? ladders[ladder].worst : levels[lower].better
        } else {
            better = lower
            worse = lower == OrderRecord.none ? ladders[ladder].best : levels[lower].worse
        }
        let level = Level(
            price: price, quantity: .zero, first: OrderRecord.none, last: OrderRecord.none,
            better: better, worse: worse, ladder: ladder)
        let place: Int32
        if free == OrderRecord.none {
            place = levels.append(level)
        } else {
            place = free
            free = levels[place].worse
            levels[place] = level
        }
        link(better, to: place, on: ladder)
        if worse == OrderRecord.none {
            ladders[ladder].worst = place
        } else {
            levels[worse].better = place
        }
        index.insert(place, at: price, root: root, depth: depth)
        return place
    }

    private mutating func removeLevel(_ place: Int32) {
        let level = levels[place]
        let ladder = ladders[level.ladder]
        link(level.better, to: level.worse, on: level.ladder)
        if level.worse == OrderRecord.none {
            ladders[level.ladder].worst = level.better
        } else {
            levels[level.worse].better = level.better
        }
        index.remove(at: level.price, root: ladder.root, depth: Int(ladder.depth))
        levels[place].worse = free
        free = place
    }

    /// Makes `worse` follow `better`, or the first of its ladder.
    private mutating func link(_ better: Int32, to worse: Int32, on ladder: Int32) {
        if better == OrderRecord.none {
            ladders[ladder].best = worse
        } else {
            levels[better].worse = worse
        }
    }
}
