/// The state tree: a sparse Merkle tree over SHA-256, the `smt` specification of ICS-23.
///
/// A leaf's **path** is `SHA256(key)`, read from its first bit. A leaf stands at the shallowest
/// depth at which no other leaf shares its path so far; its hash is `SHA256(00 ‖ path ‖
/// SHA256(value))`. A node's hash is `SHA256(01 ‖ left ‖ right)`, an empty subtree's is 32 zero
/// bytes at every height. So the root is a function of the set of leaves alone.
///
/// Nodes live in flat arrays. Two siblings share a **pair** of slots, so that an inner node names
/// its children by one number and hashing it reads 64 neighbouring bytes. Slot 1 is the root; pair
/// 0 is no one's child, so a link of 0 can mean "empty".
///
/// Invariants:
/// 1. `links[slot] == 0`: empty, and its digest is zero. Positive: an inner node whose children are
///    slots `2 * link` and `2 * link + 1`. Negative: the leaf whose path is `paths[~link]`.
/// 2. An inner node has two leaves below it or more: neither an empty pair, nor a leaf beside
///    an empty slot.
/// 3. Each pair and each path has one user, or stands in its free list.
/// 4. Between two updates, each inner digest is the hash of its children.
///
/// The tree holds paths and hashes only; who wants a proof supplies keys and values.
/// Source: ICS-23 (cosmos/ics23, `SmtSpec`); Dahlberg, Pulls and Peeters, "Efficient sparse Merkle
/// trees" (2016). The layout is ours.
public import Canonical

/// A sparse Merkle tree of up to 2³⁰ leaves, updated in batches. About 150 bytes a leaf.
public struct SparseMerkleTree: Sendable {
    /// The hash of each slot.
    var digests: [Digest]
    /// What each slot holds (invariant 1).
    var links: [Int32]
    /// The path of each leaf.
    var paths: [Bytes32]
    /// Pairs of slots that are free, last in first out.
    var freePairs: [Int32]
    /// Places in `paths` that are free, last in first out.
    var freePaths: [Int32]

    /// The number of leaves.
    public private(set) var count: Int

    /// The empty tree: its root is zero.
    public init() {
        digests = [.zero, .zero]
        links = [0, 0]
        paths = []
        freePairs = []
        freePaths = []
        count = 0
    }

    /// The hash of the whole tree; `Digest.zero` when it is empty.
    public var root: Digest { digests[Self.rootSlot] }

    static let rootSlot = 1

    /// The number of bits of a path.
    static let pathBits = 256

    /// Makes room for `leaves` leaves with evenly spread paths, so that loading does not
    /// reallocate.
    public mutating func reserveCapacity(_ leaves: Int) {
        digests.reserveCapacity(leaves * 3)
        links.reserveCapacity(leaves * 3)
        paths.reserveCapacity(leaves)
    }

    /// The path of `key`: its SHA-256 hash.
    public static func path(of key: [UInt8]) -> Digest { SHA256.digest(key) }

    /// The hash of the leaf at `path`, or nil where there is none. O(depth).
    ///
    /// It equals `SparseMerkleTree.leafDigest(path:valueDigest:)` of the leaf's value.
    public func leafDigest(at path: Digest) -> Digest? {
        let slot = descent(to: path.storage).slot
        let link = links[slot]
        guard link < 0, paths[Int(~link)] == path.storage else { return nil }
        return digests[slot]
    }

    /// The hash of a leaf: `SHA256(00 ‖ path ‖ valueDigest)`.
    public static func leafDigest(path: Digest, valueDigest: Digest) -> Digest {
        SHA256.digest(tag: SHA256.leafTag, path, valueDigest)
    }

    /// The slot where the way to `path` ends, at a leaf or an empty slot, and its depth.
    func descent(to path: Bytes32) -> (slot: Int, depth: Int) {
        var slot = Self.rootSlot
        var depth = 0
        while links[slot] > 0 {
            slot = 2 * Int(links[slot]) + (path.bit(depth) ? 1 : 0)
            depth += 1
        }
        return (slot, depth)
    }

    // MARK: Slots

    /// A pair of empty slots.
    mutating func takePair() -> Int32 {
        if let pair = freePairs.popLast() { return pair }
        let pair = Int32(truncatingIfNeeded: links.count / 2)
        precondition(links.count < Int(Int32.max), "Invariant: the tree has at most 2³⁰ pairs")
        links.append(0)
        links.append(0)
        digests.append(.zero)
        digests.append(.zero)
        return pair
    }

    /// Empties and frees the pair below an inner node.
    mutating func release(pair: Int32) {
        let left = 2 * Int(pair)
        clear(left)
        clear(left + 1)
        freePairs.append(pair)
    }

    /// Makes `slot` empty; what it held is the caller's.
    mutating func clear(_ slot: Int) {
        links[slot] = 0
        digests[slot] = .zero
    }

    /// A place for the path of one more leaf.
    mutating func takePath(_ path: Bytes32) -> Int32 {
        count += 1
        if let place = freePaths.popLast() {
            paths[Int(place)] = path
            return place
        }
        precondition(paths.count < Int(Int32.max), "Invariant: the tree has at most 2³⁰ leaves")
        paths.append(path)
        return Int32(truncatingIfNeeded: paths.count - 1)
    }

    /// Frees the place of a deleted leaf's path.
    mutating func release(path place: Int32) {
        count -= 1
        freePaths.append(place)
    }

    /// Checks invariants 1 to 4 over the whole tree. O(count); for tests and for audits.
    public func checkInvariants() {
        var leaves = 0
        var pairs = 1
        var stack: [(slot: Int, depth: Int)] = [(Self.rootSlot, 0)]
        while let (slot, depth) = stack.popLast() {
            let link = links[slot]
            if link == 0 {
                precondition(digests[slot] == .zero, "Invariant 1: an empty slot has digest zero")
            } else if link < 0 {
                leaves += 1
                let end = descent(to: paths[Int(~link)])
                precondition(end.slot == slot, "Invariant 1: a leaf stands on its own path")
                precondition(end.depth == depth, "Invariant 1: a leaf stands at its own depth")
            } else {
                let left = 2 * Int(link)
                pairs += 1
                let smaller = min(links[left], links[left + 1])
                let larger = max(links[left], links[left + 1])
                precondition(
                    larger > 0 || (smaller < 0 && larger < 0),
                    "Invariant 2: an inner node has two leaves or more")
                precondition(
                    digests[slot]
                        == SHA256.digest(tag: SHA256.nodeTag, digests[left], digests[left + 1]),
                    "Invariant 4: an inner digest is the hash of its children")
                stack.append((left, depth + 1))
                stack.append((left + 1, depth + 1))
            }
        }
        precondition(leaves == count, "Invariant 3: \(leaves) leaves are \(count) counted")
        precondition(paths.count - freePaths.count == count, "Invariant 3: paths used or free")
        precondition(links.count / 2 - freePairs.count == pairs, "Invariant 3: pairs used or free")
    }
}
