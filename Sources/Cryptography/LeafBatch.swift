/// What one update of the state tree carries down the tree: the changes in the order of their
/// paths, hashed all at once, and the inner nodes that they touch (`SparseMerkleTree+Update`).

import Canonical

/// A leaf on its way down: its place in `paths` and its hash.
struct CarriedLeaf {
    var place: Int32
    var digest: Digest
}

/// An inner node to be hashed again.
struct TouchedSlot {
    var slot: Int32
    var depth: Int32
}

/// The changes of one update in the order of their paths, one per path.
struct LeafBatch {
    /// The changed paths, rising.
    private(set) var paths: [Bytes32]
    /// The new hash of each leaf; nil deletes it.
    var leaves: [Digest?]
    /// The place that an existing leaf of the same path already has, or -1.
    var reused: [Int32]
    /// The inner nodes to hash again, each once.
    private(set) var touched: [TouchedSlot] = []

    init(_ changes: [HashedLeafChange]) {
        let order = LeafBatch.order(changes)
        paths = []
        paths.reserveCapacity(order.count)
        var pathsToHash: [Digest] = []
        var valuesToHash: [Digest] = []
        for index in order {
            let change = changes[Int(index)]
            paths.append(change.path.storage)
            guard let valueDigest = change.valueDigest else { continue }
            pathsToHash.append(change.path)
            valuesToHash.append(valueDigest)
        }
        let hashed = SHA256.digests(tag: SHA256.leafTag, pathsToHash, valuesToHash)
        leaves = [Digest?](repeating: nil, count: order.count)
        reused = [Int32](repeating: -1, count: order.count)
        var next = 0
        for position in order.indices where changes[Int(order[position])].valueDigest != nil {
            leaves[position] = hashed[next]
            next += 1
        }
    }

    /// A change on its way to its place: the first eight bytes of its path, which nearly always
    /// decide, and where it stands.
    private struct SortEntry {
        let start: UInt64
        let index: Int32
    }

    /// The indices of `changes` in the order of paths, without those that a later one replaces.
    private static func order(_ changes: [HashedLeafChange]) -> [Int32] {
        var entries: [SortEntry] = []
        entries.reserveCapacity(changes.count)
        for index in changes.indices {
            entries.append(
                SortEntry(
                    start: changes[index].path.storage.word0.byteSwapped,
                    index: Int32(truncatingIfNeeded: index)))
        }
        entries.sort { left, right in
            if left.start != right.start { return left.start < right.start }
            let leftPath = changes[Int(left.index)].path
            let rightPath = changes[Int(right.index)].path
            return leftPath != rightPath ? leftPath < rightPath : left.index < right.index
        }
        var kept: [Int32] = []
        kept.reserveCapacity(entries.count)
        for entry in entries {
            if let last = kept.last, changes[Int(last)].path == changes[Int(entry.index)].path {
                kept.removeLast()
            }
            kept.append(entry.index)
        }
        return kept
    }

    mutating func touch(_ slot: Int, depth: Int) {
        touched.append(
            TouchedSlot(
                slot: Int32(truncatingIfNeeded: slot), depth: Int32(truncatingIfNeeded: depth)))
    }

    /// The first index of `range` whose path has bit `depth` set. All share the bits before.
    func split(_ range: Range<Int>, depth: Int) -> Int {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = (low &+ high) / 2
            if paths[middle].bit(depth) { high = middle } else { low = middle &+ 1 }
        }
        return low
    }

    /// The index of `path` in `range`, if it is among the changes.
    func find(_ path: Bytes32, in range: Range<Int>) -> Int? {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = (low &+ high) / 2
            if paths[middle] < path { low = middle &+ 1 } else { high = middle }
        }
        return low < range.upperBound && paths[low] == path ? low : nil
    }

    /// The first two changes of `range` that are not deletions.
    func firstTwoInsertions(in range: Range<Int>) -> (first: Int?, second: Int?) {
        var first: Int?
        for index in range where leaves[index] != nil {
            if first != nil { return (first, index) }
            first = index
        }
        return (first, nil)
    }
}
