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
