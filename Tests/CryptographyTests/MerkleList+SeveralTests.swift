/// One proof for several items: for every set of places of small lists it gives the list's root,
/// and nothing else does.

import Canonical
import Cryptography
import Testing

@Suite struct MerkleListSeveralTests {
    private func items(_ count: Int) -> [[UInt8]] { (0..<count).map { [UInt8($0), 7] } }

    @Test func `every set of places of every list up to nine has a proof`() throws {
        for count in 1...9 {
            let items = items(count)
            let levels = MerkleLevels(items)
            for mask in 1..<(1 << count) {
                let places = (0..<count).filter { mask >> $0 & 1 == 1 }
                let proof = try #require(levels.inclusionProof(of: places))
                let root = MerkleList.root(
                    proof, of: places.map { items[$0] }, at: places, count: count)
                #expect(root == MerkleList.root(of: items))
            }
        }
    }

    @Test func `one item has the proof that it has alone`() throws {
        let items = items(13)
        for place in items.indices {
            #expect(
                MerkleLevels(items).inclusionProof(of: [place])
                    == MerkleList.inclusionProof(of: place, in: items))
        }
    }

    @Test func `another item, place, count or sibling gives another root or none`() throws {
        let items = items(11)
        let proof = try #require(MerkleLevels(items).inclusionProof(of: [2, 3, 9]))
        let root = MerkleList.root(of: items)
        let chosen = [items[2], items[3], items[9]]
        #expect(MerkleList.root(proof, of: chosen, at: [2, 3, 9], count: 11) == root)
        #expect(
            MerkleList.root(proof, of: [items[3], items[2], items[9]], at: [2, 3, 9], count: 11)
                != root)
        #expect(MerkleList.root(proof, of: chosen, at: [2, 4, 9], count: 11) != root)
        #expect(MerkleList.root(proof, of: chosen, at: [2, 3, 9], count: 9) == nil)
        #expect(MerkleList.root(proof + [.zero], of: chosen, at: [2, 3, 9], count: 11) == nil)
        #expect(
            MerkleList.root(Array(proof.dropLast()), of: chosen, at: [2, 3, 9], count: 11) == nil)
    }

    @Test func `places out of order, out of range, twice or none are refused`() {
        let levels = MerkleLevels(items(5))
        for places in [[], [1, 0], [2, 2], [5], [-1]] {
            #expect(levels.inclusionProof(of: places) == nil)
            #expect(
                MerkleList.root([], of: places.map { _ in [0] }, at: places, count: 5) == nil)
        }
        #expect(MerkleLevels([]).inclusionProof(of: [0]) == nil)
    }
}
