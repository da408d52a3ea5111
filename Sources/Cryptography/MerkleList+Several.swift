/// One proof for several items of a list: the siblings that the items do not give themselves, level
/// by level from the leaves up, each level from left to right. Items that stand side by side, as
/// the events of one liquidation do, share most of their way.
public import Canonical

/// Every level of a list's tree, for those who make many proofs of one list.
public struct MerkleLevels: Sendable {
    /// From the leaves up; the last has one digest, but for the empty list.
    private let levels: [[Digest]]

    /// O(total length).
    public init(_ items: [[UInt8]]) {
        var level = SHA256.digests(MerkleList.tagged(items))
        var levels = [level]
        while level.count > 1 {
            MerkleList.ascend(&level)
            levels.append(level)
        }
        self.levels = levels
    }

    /// The proof that items stand at some places of the list.
    ///
    /// - Parameter places: ascending, each once.
    /// - Returns: the siblings; nil where a place is out of range or order, or there is none.
    public func inclusionProof(of places: [Int]) -> [Digest]? {
        guard MerkleList.isOrdered(places, below: levels[0].count) else { return nil }
        var known = places
        var proof: [Digest] = []
        for level in levels.dropLast() {
            var parents: [Int] = []
            var next = 0
            while next < known.count {
                let place = known[next]
                let sibling = place ^ 1
                if next + 1 < known.count, known[next + 1] == sibling {
                    next += 1
                } else if sibling < level.count {
                    proof.append(level[sibling])
                }
                parents.append(place / 2)
                next += 1
            }
            known = parents
        }
        return proof
    }
}

extension MerkleList {
    /// The root of a list of `count` items of which some are given. Never traps.
    ///
    /// - Parameters:
    ///   - places: of the items, ascending, each once.
    ///   - items: by place.
    /// - Returns: nil where the proof has too many or too few siblings, or the places are out of
    ///   order or range.
    public static func root(
        _ proof: [Digest], of items: [[UInt8]], at places: [Int], count: Int
    ) -> Digest? {
        guard items.count == places.count, isOrdered(places, below: count) else { return nil }
        var known: [(place: Int, digest: Digest)] = []
        for place in places.indices { known.append((places[place], leafDigest(items[place]))) }
        var remaining = proof[...]
        var width = count
        while width > 1 {
            var parents: [(place: Int, digest: Digest)] = []
            var next = 0
            while next < known.count {
                let (place, digest) = known[next]
                let sibling = place ^ 1
                next += 1
                guard sibling < width else {
                    parents.append((place / 2, digest))
                    continue
                }
                let other: Digest
                if next < known.count, known[next].place == sibling {
                    other = known[next].digest
                    next += 1
                } else {
                    guard let given = remaining.popFirst() else { return nil }
                    other = given
                }
                let isLeft = place < sibling
                parents.append(
                    (
                        place / 2,
                        SHA256.digest(
                            tag: SHA256.nodeTag, isLeft ? digest : other, isLeft ? other : digest)
                    ))
            }
            known = parents
            width = (width + 1) / 2
        }
        return remaining.isEmpty ? known.first?.digest : nil
    }

    /// Whether places are ascending, each once, in `0 ..< count`, and at least one.
    static func isOrdered(_ places: [Int], below count: Int) -> Bool {
        guard let first = places.first, let last = places.last, first >= 0, last < count else {
            return false
        }
        for next in places.indices.dropFirst() where places[next] <= places[next - 1] {
            return false
        }
        return true
    }
}
