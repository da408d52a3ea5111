/// One proof for several leaves: any of a random tree's leaves together give its root, and nothing
/// that was changed does.

import Canonical
import Cryptography
import Testing

@Suite struct SparseMerkleTreeSeveralTests {
    private func key(_ number: Int) -> [UInt8] { [UInt8(number & 255), UInt8(number >> 8)] }

    private func tree(_ count: Int) -> SparseMerkleTree {
        var tree = SparseMerkleTree()
        tree.update((0..<count).map { LeafChange(key: key($0), value: [1, UInt8($0 & 255)]) })
        return tree
    }

    private func leaves(
        _ numbers: [Int], of tree: SparseMerkleTree
    ) throws -> (leaves: [ProvenLeaf], siblings: [Digest]) {
        let sorted = numbers.map { (number: $0, path: SparseMerkleTree.path(of: key($0))) }
            .sorted { $0.path < $1.path }
        let proof = try #require(tree.proof(ofSeveral: sorted.map { $0.path }))
        let leaves = sorted.enumerated().map { place, entry in
            ProvenLeaf(
                path: entry.path,
                valueDigest: SHA256.digest([1, UInt8(entry.number & 255)]),
                depth: proof.depths[place])
        }
        return (leaves, proof.siblings)
    }

    @Test func `any leaves together give the root`() throws {
        for count in [1, 2, 3, 10, 300] {
            let tree = tree(count)
            for size in [1, 2, 3, 5, 10, 300] where size <= count {
                let numbers = (0..<size).map { ($0 * 7 + 3) % count }
                guard Set(numbers).count == size else { continue }
                let (leaves, siblings) = try leaves(numbers, of: tree)
                #expect(
                    SparseMerkleTree.root(ofSeveral: leaves, siblings: siblings) == tree.root)
            }
        }
    }

    @Test func `several leaves need fewer siblings than one by one`() throws {
        let tree = tree(2_000)
        let numbers = [1, 20, 300, 1_500]
        let (_, together) = try leaves(numbers, of: tree)
        var alone = 0
        for number in numbers { alone += try leaves([number], of: tree).siblings.count }
        #expect(together.count < alone)
    }

    @Test func `a changed value, depth, order or sibling gives another root or none`() throws {
        let tree = tree(300)
        let (leaves, siblings) = try leaves([4, 9, 200], of: tree)
        for place in leaves.indices {
            var changed = leaves
            changed[place] = ProvenLeaf(
                path: leaves[place].path, valueDigest: .zero, depth: leaves[place].depth)
            #expect(
                SparseMerkleTree.root(ofSeveral: changed, siblings: siblings) != tree.root)
            for depth in [-1, 0, leaves[place].depth + 1, 1_000] {
                changed[place] = ProvenLeaf(
                    path: leaves[place].path, valueDigest: leaves[place].valueDigest,
                    depth: depth)
                #expect(
                    SparseMerkleTree.root(ofSeveral: changed, siblings: siblings) != tree.root)
            }
        }
        for place in siblings.indices {
            var changed = siblings
            changed[place] = SHA256.digest([9])
            #expect(SparseMerkleTree.root(ofSeveral: leaves, siblings: changed) != tree.root)
        }
        #expect(
            SparseMerkleTree.root(ofSeveral: leaves.reversed(), siblings: siblings) == nil)
        #expect(SparseMerkleTree.root(ofSeveral: leaves, siblings: siblings + [.zero]) == nil)
        #expect(SparseMerkleTree.root(ofSeveral: [], siblings: siblings) == nil)
    }

    @Test func `what is not there has no proof`() {
        let tree = tree(20)
        #expect(tree.proof(ofSeveral: [SparseMerkleTree.path(of: key(21))]) == nil)
        #expect(tree.proof(ofSeveral: []) == nil)
        let two = [0, 1].map { SparseMerkleTree.path(of: key($0)) }.sorted()
        #expect(tree.proof(ofSeveral: two.reversed()) == nil)
        #expect(SparseMerkleTree().proof(ofSeveral: [two[0]]) == nil)
    }
}
