/// The Merkle root of a list of byte strings, and proofs that one stands at an index: events and
/// receipts of a block are committed to so. Leaf `SHA256(00 ‖ bytes)`, node `SHA256(01 ‖ L ‖ R)`,
/// the left part of n leaves being the greatest power of two below n; the empty list has the hash
/// of nothing. Source: RFC 6962, section 2.1; verification as in RFC 9162, section 2.1.3.2.
public import Canonical

/// Roots and inclusion proofs of lists.
public enum MerkleList {
    /// The root of `items`, in order. O(total length).
    public static func root(of items: [[UInt8]]) -> Digest {
        root(ofTagged: tagged(items))
    }

    /// The root of a list whose items stand in one buffer, each behind a `SHA256.leafTag` of its
    /// own. O(total length).
    public static func root(ofTagged items: ByteStrings) -> Digest {
        var level = SHA256.digests(items)
        if level.isEmpty { return SHA256.digest([]) }
        while level.count > 1 { ascend(&level) }
        return level[0]
    }

    /// The proof that `items[index]` is at `index` of the list of `items`.
    ///
    /// - Returns: the siblings from the leaf up, or nil where `index` is out of range.
    /// - Complexity: O(total length).
    public static func inclusionProof(of index: Int, in items: [[UInt8]]) -> [Digest]? {
        guard items.indices.contains(index) else { return nil }
        var level = SHA256.digests(tagged(items))
        var position = index
        var proof: [Digest] = []
        while level.count > 1 {
            let sibling = position ^ 1
            if sibling < level.count { proof.append(level[sibling]) }
            ascend(&level)
            position /= 2
        }
        return proof
    }

    /// Whether `item` is at `index` of a list of `count` items with `root`. Never traps.
    public static func verify(
        _ proof: [Digest], of item: [UInt8], at index: Int, count: Int, root: Digest
    ) -> Bool {
        guard index >= 0 && index < count else { return false }
        var digest = leafDigest(item)
        var position = index
        var last = count - 1
        var remaining = proof[...]
        while last > 0 {
            if position % 2 == 1 {
                guard let sibling = remaining.popFirst() else { return false }
                digest = SHA256.digest(tag: SHA256.nodeTag, sibling, digest)
            } else if position < last {
                guard let sibling = remaining.popFirst() else { return false }
                digest = SHA256.digest(tag: SHA256.nodeTag, digest, sibling)
            }
            position /= 2
            last /= 2
        }
        return remaining.isEmpty && digest == root
    }

    /// The hash of one leaf: `SHA256(00 ‖ item)`.
    public static func leafDigest(_ item: [UInt8]) -> Digest {
        var hash = SHA256()
        hash.update(SHA256.leafTag)
        hash.update(item)
        return hash.finalize()
    }

    static func tagged(_ items: [[UInt8]]) -> ByteStrings {
        var strings = ByteStrings()
        for item in items {
            strings.append { encoder in
                encoder.append(SHA256.leafTag)
                encoder.append(uncounted: item)
            }
        }
        return strings
    }

    /// Makes the level above in its place: pairs hashed, an odd last one carried up unchanged. A
    /// step of eight writes only where this or an earlier step has read.
    static func ascend(_ level: inout [Digest]) {
        let pairs = level.count / 2
        let isOdd = level.count % 2 == 1
        SHA256.forEachTaggedPair(tag: SHA256.nodeTag, count: pairs) {
            (level[2 &* $0], level[2 &* $0 &+ 1])
        } store: {
            level[$0] = $1
        }
        if isOdd { level[pairs] = level[level.count - 1] }
        level.removeLast(level.count - pairs - (isOdd ? 1 : 0))
    }
}
