// The naive twin of the state tree: a sorted list of leaves and a recursion that follows the
// definition word for word, hashing everything anew each time.
import Canonical
import Cryptography

struct NaiveMerkleTree {
    private(set) var leaves: [(path: Digest, valueDigest: Digest)] = []

    mutating func update(_ changes: [HashedLeafChange]) {
        for change in changes {
            leaves.removeAll { $0.path == change.path }
            if let valueDigest = change.valueDigest { leaves.append((change.path, valueDigest)) }
        }
        leaves.sort { $0.path < $1.path }
    }

    var root: Digest { Self.root(leaves[...], depth: 0) }

    private static func root(
        _ leaves: ArraySlice<(path: Digest, valueDigest: Digest)>, depth: Int
    ) -> Digest {
        if leaves.isEmpty { return .zero }
        if let leaf = leaves.first, leaves.count == 1 {
            return SHA256.digest([0] + leaf.path.storage.bytes + leaf.valueDigest.storage.bytes)
        }
        let left = root(leaves.filter { !$0.path.storage.bit(depth) }[...], depth: depth + 1)
        let right = root(leaves.filter { $0.path.storage.bit(depth) }[...], depth: depth + 1)
        return SHA256.digest([1] + left.storage.bytes + right.storage.bytes)
    }
}
