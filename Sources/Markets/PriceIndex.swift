/// From a price to its level, and from a price to the next lower one that has a level: a tree of
/// sixty-four-way nodes over the bits of the price, six to a node. Every operation takes as many
/// steps as the highest price has groups of six bits, whatever rests in the book: nobody can make a
/// book slow by filling it.

import Canonical
import FixedPoint

/// The trees of all ladders, in one pool of nodes.
struct PriceIndex: ~Copyable {
    /// Children of a node, and bits of a price that a node tells apart: 2⁶.
    private static let fanout = 64
    private static let bits = 6
    /// Most nodes on a path: a price has 63 bits.
    private static let longestPath = 11

    /// By node, which children exist.
    private var maps = Slab<UInt64>()
    /// Sixty-four by node: nodes, or levels at the lowest nodes. Only those that exist are valid.
    private var children = Slab<Int32>()
    /// The first node out of use, each of which keeps the next as its first child.
    private var free = OrderRecord.none

    /// How many nodes a path has where prices go up to `highest`.
    static func depth(upTo highest: Price) -> Int {
        var depth = 1
        while depth < longestPath, highest.units >> Int64(depth * bits) != 0 { depth += 1 }
        return depth
    }

    /// A node without children.
    mutating func makeNode() -> Int32 {
        if free != OrderRecord.none {
            let node = free
            free = children[child(node, 0)]
            return node
        }
        _ = children.append(repeating: OrderRecord.none, count: PriceIndex.fanout)
        return maps.append(0)
    }

    /// Takes back the root of a tree without prices.
    mutating func release(_ root: Int32) {
        precondition(maps[root] == 0, "Invariant: a tree that is released is empty")
        children[child(root, 0)] = free
        free = root
    }

    private func child(_ node: Int32, _ place: Int) -> Int32 {
        node &* Int32(PriceIndex.fanout) &+ Int32(truncatingIfNeeded: place)
    }

    /// Which child of a node at height `height` (0 is lowest) leads to a price.
    private static func place(_ price: Price, _ height: Int) -> Int {
        Int(truncatingIfNeeded: price.units &>> Int64(height &* bits)) & (fanout &- 1)
    }

    /// The level of a price; `none` where there is none.
    func level(at price: Price, root: Int32, depth: Int) -> Int32 {
        var node = root
        var height = depth &- 1
        while true {
            let place = PriceIndex.place(price, height)
            guard maps[node] &>> UInt64(place) & 1 == 1 else { return OrderRecord.none }
            node = children[child(node, place)]
            if height == 0 { return node }
            height &-= 1
        }
    }

    /// Names the level of a price that has none.
    mutating func insert(_ level: Int32, at price: Price, root: Int32, depth: Int) {
        var node = root
        for height in stride(from: depth - 1, to: 0, by: -1) {
            let place = PriceIndex.place(price, height)
            if maps[node] &>> UInt64(place) & 1 == 0 {
                let made = makeNode()
                maps[node] |= 1 &<< UInt64(place)
                children[child(node, place)] = made
            }
            node = children[child(node, place)]
        }
        let place = PriceIndex.place(price, 0)
        maps[node] |= 1 &<< UInt64(place)
        children[child(node, place)] = level
    }

    /// Forgets the level of a price that has one, and the nodes that led only there.
    mutating func remove(at price: Price, root: Int32, depth: Int) {
        var path = InlineArray<11, Int32>(repeating: root)
        var node = root
        for height in stride(from: depth - 1, to: 0, by: -1) {
            path[height] = node
            node = children[child(node, PriceIndex.place(price, height))]
        }
        path[0] = node
        for height in 0..<depth {
            let node = path[height]
            maps[node] &= ~(1 &<< UInt64(PriceIndex.place(price, height)))
            guard maps[node] == 0, height < depth - 1 else { return }
            children[child(node, 0)] = free
            free = node
        }
    }

    /// The level of the highest price below `price`; `none` where there is none.
    func levelBelow(_ price: Price, root: Int32, depth: Int) -> Int32 {
        var node = root
        var height = depth &- 1
        // The lowest node on the way at which something lies to the left, and that something.
        var turn: (node: Int32, place: Int, height: Int)?
        while true {
            let place = PriceIndex.place(price, height)
            let left = maps[node] & ((1 &<< UInt64(place)) &- 1)
            if left != 0 { turn = (node, 63 &- left.leadingZeroBitCount, height) }
            guard height > 0, maps[node] &>> UInt64(place) & 1 == 1 else { break }
            node = children[child(node, place)]
            height &-= 1
        }
        guard let turn else { return OrderRecord.none }
        node = children[child(turn.node, turn.place)]
        height = turn.height
        while height > 0 {
            node = children[child(node, 63 &- maps[node].leadingZeroBitCount)]
            height &-= 1
        }
        return node
    }
}
