// The state tree against its naive twin: random batches, paths that share long beginnings,
// deletions that collapse, and independence of order and batching.
import Canonical
import Cryptography
import Testing

struct SparseMerkleTreeTests {
    /// Paths from a small pool, half of which share long beginnings with one another.
    private static func pool(_ numbers: inout SeededNumbers, count: Int) -> [Digest] {
        var paths = (0..<count / 2).map { _ in numbers.digest() }
        while paths.count < count {
            var bytes = paths[Int.random(in: 0..<paths.count, using: &numbers)].storage.bytes
            let bit = Int.random(in: 0..<40, using: &numbers)
            bytes[bit / 8] ^= 0x80 >> UInt8(bit % 8)
            let path = Digest(Bytes32(bytes))
            if !paths.contains(path) { paths.append(path) }
        }
        return paths
    }

    @Test func `the empty tree has root zero`() {
        var tree = SparseMerkleTree()
        #expect(tree.root == .zero)
        tree.update([])
        tree.update([LeafChange(key: [1], value: nil)])
        #expect(tree.root == .zero)
        #expect(tree.count == 0)
        tree.checkInvariants()
    }

    @Test func `a single leaf is the root`() {
        var tree = SparseMerkleTree()
        tree.update([LeafChange(key: [1, 2], value: [3])])
        let path = SHA256.digest([1, 2])
        let expected = SHA256.digest(
            [0] + path.storage.bytes + SHA256.digest([3]).storage.bytes)
        #expect(tree.root == expected)
        #expect(tree.leafDigest(at: path) == expected)
        #expect(tree.leafDigest(at: .zero) == nil)
    }

    @Test("random batches give the naive root", arguments: 1...8)
    func agreesWithNaiveTwin(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let pool = Self.pool(&numbers, count: 40)
        var tree = SparseMerkleTree()
        var naive = NaiveMerkleTree()
        for _ in 0..<15 {
            let deleting = UInt8.random(in: 0...100, using: &numbers)
            let batch = (0..<Int.random(in: 0...30, using: &numbers)).map { _ in
                HashedLeafChange(
                    path: pool[Int.random(in: 0..<pool.count, using: &numbers)],
                    valueDigest: UInt8.random(in: 0..<100, using: &numbers) < deleting
                        ? nil : numbers.digest())
            }
            tree.update(hashed: batch)
            naive.update(batch)
            #expect(tree.root == naive.root)
            #expect(tree.count == naive.leaves.count)
            tree.checkInvariants()
        }
    }

    @Test func `the root does not depend on order or batching`() {
        var numbers = SeededNumbers(seed: 20)
        let changes = Self.pool(&numbers, count: 100).map {
            HashedLeafChange(path: $0, valueDigest: numbers.digest())
        }
        var whole = SparseMerkleTree()
        whole.update(hashed: changes)
        for _ in 0..<3 {
            var pieces = SparseMerkleTree()
            var rest = changes.shuffled(using: &numbers)[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...20, using: &numbers)
                pieces.update(hashed: Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            #expect(pieces.root == whole.root)
        }
    }

    @Test func `deleting what was added gives the root from before`() {
        var numbers = SeededNumbers(seed: 21)
        let pool = Self.pool(&numbers, count: 80)
        var tree = SparseMerkleTree()
        tree.update(hashed: pool[..<40].map { HashedLeafChange(path: $0, valueDigest: $0) })
        let root = tree.root
        let added = Array(pool[40...])
        tree.update(hashed: added.map { HashedLeafChange(path: $0, valueDigest: $0) })
        #expect(tree.root != root)
        tree.update(hashed: added.map { HashedLeafChange(path: $0, valueDigest: nil) })
        #expect(tree.root == root)
        tree.update(hashed: pool.map { HashedLeafChange(path: $0, valueDigest: nil) })
        #expect(tree.root == .zero)
        tree.checkInvariants()
    }

    @Test func `changes in two buffers are the changes one by one`() {
        var numbers = SeededNumbers(seed: 71)
        var tree = SparseMerkleTree()
        var expected = SparseMerkleTree()
        for _ in 0..<20 {
            var keys = ByteStrings()
            var values = ByteStrings()
            for _ in 0..<30 {
                let key = [UInt8.random(in: 0...60, using: &numbers)]
                let value = numbers.bytes(Int.random(in: 0...3, using: &numbers) * 40)
                keys.append { $0.append(uncounted: key) }
                values.append { $0.append(uncounted: value) }
                expected.update([LeafChange(key: key, value: value.isEmpty ? nil : value)])
            }
            tree.update(keys: keys, values: values)
            #expect(tree.root == expected.root)
            #expect(tree.count == expected.count)
        }
        tree.checkInvariants()
    }

    @Test func `of several changes to one key the last wins`() {
        var tree = SparseMerkleTree()
        tree.update([
            LeafChange(key: [1], value: [1]), LeafChange(key: [2], value: [2]),
            LeafChange(key: [1], value: nil), LeafChange(key: [2], value: [3]),
        ])
        var expected = SparseMerkleTree()
        expected.update([LeafChange(key: [2], value: [3])])
        #expect(tree.root == expected.root)
        #expect(tree.count == 1)
    }

    @Test func `paths that differ in the last bit alone stand at depth 256`() {
        var bytes = [UInt8](repeating: 0, count: 32)
        let first = Digest(Bytes32(bytes))
        bytes[31] = 1
        let second = Digest(Bytes32(bytes))
        let batch = [first, second].map { HashedLeafChange(path: $0, valueDigest: $0) }
        var tree = SparseMerkleTree()
        var naive = NaiveMerkleTree()
        tree.update(hashed: batch)
        naive.update(batch)
        #expect(tree.root == naive.root)
        tree.checkInvariants()
        tree.update(hashed: [HashedLeafChange(path: first, valueDigest: nil)])
        #expect(tree.root == SparseMerkleTree.leafDigest(path: second, valueDigest: second))
        tree.checkInvariants()
    }
}
