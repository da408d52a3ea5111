// Merkle roots of lists against the reference roots of Certificate Transparency (RFC 6962), and
// inclusion proofs of every item of lists up to 17.
import Canonical
import Cryptography
import Testing

struct MerkleListTests {
    private static let items = [
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ].map { bytes($0) }

    @Test(
        "roots are those of the Certificate Transparency reference tree",
        arguments: [
            (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
            (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
            (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
            (4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
            (5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
            (6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
            (7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
            (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
        ])
    func agreesWithReference(count: Int, root: String) {
        #expect(MerkleList.root(of: Array(Self.items.prefix(count))) == digest(root))
    }

    @Test func `a list in one buffer has the root of the list of arrays`() {
        var numbers = SeededNumbers(seed: 41)
        var buffer = ByteStrings()
        for count in [0, 1, 2, 3, 8, 9, 31, 200] {
            let items = (0..<count).map { _ in
                numbers.bytes(Int.random(in: 0...150, using: &numbers))
            }
            buffer.removeAll()
            for item in items {
                buffer.append { encoder in
                    encoder.append(SHA256.leafTag)
                    encoder.append(uncounted: item)
                }
            }
            #expect(MerkleList.root(ofTagged: buffer) == MerkleList.root(of: items))
        }
    }

    @Test func `every item of every short list has a proof, and only for its own place`() throws {
        var numbers = SeededNumbers(seed: 40)
        for count in 1...17 {
            let items = (0..<count).map { numbers.bytes($0 % 7) + [UInt8($0)] }
            let root = MerkleList.root(of: items)
            for index in items.indices {
                let proof = try #require(MerkleList.inclusionProof(of: index, in: items))
                func holds(_ proof: [Digest], _ item: [UInt8], _ index: Int, _ count: Int) -> Bool {
                    MerkleList.verify(proof, of: item, at: index, count: count, root: root)
                }
                #expect(holds(proof, items[index], index, count))
                #expect(!holds(proof, items[index] + [0], index, count))
                #expect(!holds(proof, items[index], (index + 1) % count, count) || count == 1)
                #expect(!holds(proof + [.zero], items[index], index, count))
                #expect(!holds(proof, items[index], count, count))
                #expect(!holds(proof, items[index], -1, count))
                if !proof.isEmpty {
                    #expect(!holds(Array(proof.dropLast()), items[index], index, count))
                }
            }
            #expect(MerkleList.inclusionProof(of: count, in: items) == nil)
        }
    }
}
