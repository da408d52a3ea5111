/// One proof for several leaves of the state tree: the depth of each leaf, and the siblings that
/// the leaves do not give themselves, in the order of a walk from the root, left before right.
/// Leaves share the siblings near the root, so that five of a hundred thousand need a fifth less.
/// This is no ICS-23 proof; each leaf alone has one (`SparseMerkleTree+Proof`).
public import Canonical

/// A leaf that a proof of several is about.
public struct ProvenLeaf: Equatable, Sendable {
    /// The hash of its key.
    public let path: Digest
    /// The hash of its value.
    public let valueDigest: Digest
    /// Steps from the root.
    public let depth: Int

    public init(path: Digest, valueDigest: Digest, depth: Int) {
        self.path = path
        self.valueDigest = valueDigest
        self.depth = depth
    }
}

extension SparseMerkleTree {
    /// The proof of the leaves at some paths.
    ///
    /// - Parameter paths: ascending, each once.
    /// - Returns: the depth of each leaf, and the siblings; nil where a path has no leaf, or paths
    ///   are out of order.
    /// - Complexity: O(paths × depth).
    public func proof(ofSeveral paths: [Digest]) -> (depths: [Int], siblings: [Digest])? {
        for next in paths.indices.dropFirst() where !(paths[next - 1] < paths[next]) { return nil }
        var depths: [Int] = []
        var siblings: [Digest] = []
        for path in paths {
            let end = descent(to: path.storage)
            let link = links[end.slot]
            guard link < 0, self.paths[Int(~link)] == path.storage else { return nil }
            depths.append(end.depth)
        }
        guard !paths.isEmpty else { return nil }
        collect(paths[...], slot: Self.rootSlot, depth: 0, into: &siblings)
        return (depths, siblings)
    }

    private func collect(
        _ paths: ArraySlice<Digest>, slot: Int, depth: Int, into siblings: inout [Digest]
    ) {
        guard links[slot] > 0 else { return }
        let left = 2 * Int(links[slot])
        let middle = Self.split(paths.indices, at: depth) { paths[$0] }
        for (child, part) in [
            (left, paths[..<middle]), (left + 1, paths[middle...]),
        ] {
            if part.isEmpty {
                siblings.append(digests[child])
            } else {
                collect(part, slot: child, depth: depth + 1, into: &siblings)
            }
        }
    }

    /// The root of a tree of which some leaves are given. Never traps.
    ///
    /// - Parameter leaves: ascending by path, each once.
    /// - Returns: nil where there is no leaf, leaves are out of order or stand above one another,
    ///   or there are too many or too few siblings.
    public static func root(ofSeveral leaves: [ProvenLeaf], siblings: [Digest]) -> Digest? {
        for next in leaves.indices.dropFirst()
        where !(leaves[next - 1].path < leaves[next].path) { return nil }
        var remaining = siblings[...]
        guard !leaves.isEmpty, let root = root(leaves[...], depth: 0, &remaining),
            remaining.isEmpty
        else { return nil }
        return root
    }

    /// The digest of the subtree that holds exactly these leaves of those given.
    private static func root(
        _ leaves: ArraySlice<ProvenLeaf>, depth: Int, _ siblings: inout ArraySlice<Digest>
    ) -> Digest? {
        guard let first = leaves.first else { return siblings.popFirst() }
        if first.depth == depth {
            return leaves.count == 1
                ? leafDigest(path: first.path, valueDigest: first.valueDigest) : nil
        }
        guard depth < pathBits else { return nil }
        let middle = split(leaves.indices, at: depth) { leaves[$0].path }
        guard let left = root(leaves[..<middle], depth: depth + 1, &siblings),
            let right = root(leaves[middle...], depth: depth + 1, &siblings)
        else { return nil }
        return SHA256.digest(tag: SHA256.nodeTag, left, right)
    }

    /// The first place whose path goes right at a depth.
    private static func split(
        _ places: Range<Int>, at depth: Int, _ path: (Int) -> Digest
    ) -> Int {
        var middle = places.lowerBound
        while middle < places.upperBound, !path(middle).storage.bit(depth) { middle += 1 }
        return middle
    }
}
