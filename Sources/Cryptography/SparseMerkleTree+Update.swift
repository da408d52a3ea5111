/// Changing the state tree, a batch at a time. An update goes down the tree once for the whole
/// batch, in the order of paths, and changes the shape; then it hashes the touched inner nodes
/// level by level from the deepest, eight at a time. What no changed path passes is neither read
/// nor hashed again, but for the siblings. Source: the design of the state tree
/// (`ARCHITECTURE.md`).
public import Canonical

/// A new value for a key, or its deletion.
public struct LeafChange: Sendable {
    /// The key, not empty.
    public var key: [UInt8]
    /// The value, not empty; nil deletes the key.
    public var value: [UInt8]?

    /// Sets `key` to `value`, or deletes it where `value` is nil.
    public init(key: [UInt8], value: [UInt8]?) {
        self.key = key
        self.value = value
    }
}

/// A new hashed value for a hashed key, or its deletion.
@frozen
public struct HashedLeafChange: Sendable {
    /// `SHA256(key)`.
    public var path: Digest
    /// `SHA256(value)`; nil deletes the leaf.
    public var valueDigest: Digest?

    /// Sets the leaf at `path`, or deletes it where `valueDigest` is nil.
    @inlinable
    public init(path: Digest, valueDigest: Digest?) {
        self.path = path
        self.valueDigest = valueDigest
    }
}

extension SparseMerkleTree {
    /// Applies `changes`; of several changes to one key the last wins.
    ///
    /// Deleting a key that is not there changes nothing.
    ///
    /// - Precondition: no key and no value is empty (ICS-23 has no proofs for those).
    /// - Complexity: O(c log n) hashes for c changes in a tree of n leaves with honest paths.
    public mutating func update(_ changes: [LeafChange]) {
        var keys = ByteStrings()
        var values = ByteStrings()
        for change in changes {
            precondition(change.value?.isEmpty != true, "Invariant: a value has one byte or more")
            keys.append { $0.append(uncounted: change.key) }
            values.append { $0.append(uncounted: change.value ?? []) }
        }
        update(keys: keys, values: values)
    }

    /// Gives key `i` the value `i`, or deletes it where that is empty. Otherwise as `update(_:)`.
    ///
    /// - Precondition: as many values as keys; no key is empty.
    public mutating func update(keys: ByteStrings, values: ByteStrings) {
        precondition(keys.count == values.count, "Invariant: each key has a value")
        let paths = SHA256.digests(keys)
        let valueDigests = SHA256.digests(values)
        var hashed: [HashedLeafChange] = []
        hashed.reserveCapacity(keys.count)
        for index in 0..<keys.count {
            precondition(!keys.range(of: index).isEmpty, "Invariant: a key has one byte or more")
            hashed.append(
                HashedLeafChange(
                    path: paths[index],
                    valueDigest: values.range(of: index).isEmpty ? nil : valueDigests[index]))
        }
        update(hashed: hashed)
    }

    /// Applies changes whose keys and values are hashed already; of several changes to one path the
    /// last wins. Otherwise as `update(_:)`.
    public mutating func update(hashed changes: [HashedLeafChange]) {
        var batch = LeafBatch(changes)
        if batch.paths.isEmpty { return }
        settle(Self.rootSlot, depth: 0, 0..<batch.paths.count, carried: nil, &batch)
        rehash(batch.touched)
    }

    /// Brings `slot` to its shape after the changes in `range`, which all lie below it.
    ///
    /// `carried` is a leaf that stood above and must go down with them; `slot` is empty then.
    private mutating func settle(
        _ slot: Int, depth: Int, _ range: Range<Int>, carried: CarriedLeaf?,
        _ batch: inout LeafBatch
    ) {
        let link = links[slot]
        if link > 0 {
            settleInner(slot, pair: link, depth: depth, range, &batch)
            return
        }
        var old = carried
        if link < 0 {
            old = CarriedLeaf(place: ~link, digest: digests[slot])
            clear(slot)
        }
        // From here the slot is empty, and `old` and the insertions of `range` go into it.
        if let leaf = old, let index = batch.find(paths[Int(leaf.place)], in: range) {
            if batch.leaves[index] == nil {
                release(path: leaf.place)
            } else {
                batch.reused[index] = leaf.place
            }
            old = nil
        }
        let insertions = batch.firstTwoInsertions(in: range)
        guard let first = insertions.first else {
            if let leaf = old { place(leaf, in: slot) }
            return
        }
        if insertions.second == nil && old == nil {
            insert(first, in: slot, &batch)
            return
        }
        let pair = takePair()
        links[slot] = pair
        let middle = batch.split(range, depth: depth)
        let left = 2 * Int(pair)
        let oldGoesRight = old.map { paths[Int($0.place)].bit(depth) } ?? false
        settle(
            left, depth: depth + 1, range.lowerBound..<middle,
            carried: oldGoesRight ? nil : old, &batch)
        settle(
            left + 1, depth: depth + 1, middle..<range.upperBound,
            carried: oldGoesRight ? old : nil, &batch)
        batch.touch(slot, depth: depth)
    }

    /// Settles both children of an inner node, then lets it collapse if one leaf or none is left.
    private mutating func settleInner(
        _ slot: Int, pair: Int32, depth: Int, _ range: Range<Int>, _ batch: inout LeafBatch
    ) {
        let left = 2 * Int(pair)
        let middle = batch.split(range, depth: depth)
        if range.lowerBound < middle {
            settle(left, depth: depth + 1, range.lowerBound..<middle, carried: nil, &batch)
        }
        if middle < range.upperBound {
            settle(left + 1, depth: depth + 1, middle..<range.upperBound, carried: nil, &batch)
        }
        let leftLink = links[left]
        let rightLink = links[left + 1]
        if leftLink == 0 && rightLink <= 0 {
            links[slot] = rightLink
            digests[slot] = digests[left + 1]
            release(pair: pair)
        } else if rightLink == 0 && leftLink <= 0 {
            links[slot] = leftLink
            digests[slot] = digests[left]
            release(pair: pair)
        } else {
            batch.touch(slot, depth: depth)
        }
    }

    private mutating func place(_ leaf: CarriedLeaf, in slot: Int) {
        links[slot] = ~leaf.place
        digests[slot] = leaf.digest
    }

    private mutating func insert(_ index: Int, in slot: Int, _ batch: inout LeafBatch) {
        guard let digest = batch.leaves[index] else { return }
        let reused = batch.reused[index]
        let place = reused >= 0 ? reused : takePath(batch.paths[index])
        links[slot] = ~place
        digests[slot] = digest
    }

    /// Hashes the touched inner nodes, deepest level first.
    private mutating func rehash(_ touched: [TouchedSlot]) {
        var starts = [Int](repeating: 0, count: Self.pathBits + 2)
        for entry in touched { starts[Int(entry.depth) + 1] += 1 }
        for depth in 0...Self.pathBits { starts[depth + 1] += starts[depth] }
        var ends = starts
        var order = [Int32](repeating: 0, count: touched.count)
        for entry in touched {
            order[ends[Int(entry.depth)]] = entry.slot
            ends[Int(entry.depth)] += 1
        }
        for depth in (0...Self.pathBits).reversed() where starts[depth] < starts[depth + 1] {
            let start = starts[depth]
            SHA256.forEachTaggedPair(tag: SHA256.nodeTag, count: starts[depth + 1] - start) {
                let left = 2 * Int(links[Int(order[start &+ $0])])
                return (digests[left], digests[left &+ 1])
            } store: {
                digests[Int(order[start &+ $0])] = $1
            }
        }
    }
}

/// A leaf on its way down: its place in `paths` and its hash.
private struct CarriedLeaf {
    var place: Int32
    var digest: Digest
}

/// An inner node to be hashed again.
private struct TouchedSlot {
    var slot: Int32
    var depth: Int32
}

/// The changes of one update in the order of their paths, one per path.
private struct LeafBatch {
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
