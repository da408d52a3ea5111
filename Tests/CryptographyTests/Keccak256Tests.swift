// Keccak-256 against published hashes around the length of a block, and in pieces of every size.
import Canonical
import Cryptography
import TestKit
import Testing

struct Keccak256Tests {
    private struct KnownAnswer: Decodable {
        var msg: String
        var keccak256: String
    }

    @Test func `nothing has the hash that every Ethereum client knows`() {
        #expect(
            hexadecimal(Keccak256.hash([]).bytes)
                == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")
    }

    @Test func `it is not SHA3-256, which pads otherwise`() {
        #expect(
            hexadecimal(Keccak256.hash([]).bytes)
                != "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a")
    }

    @Test(.sharedFiles) func `known answers around the rate of 136 bytes hold`() throws {
        let cases = try SharedFiles.json(
            [KnownAnswer].self, "vectors/eip712-keccak/keccak256_kat.json")
        #expect(cases.count >= 16)
        let lengths = cases.map { bytes($0.msg).count }
        #expect([135, 136, 137].allSatisfy { lengths.contains($0) })
        for entry in cases {
            #expect(
                hexadecimal(Keccak256.hash(bytes(entry.msg)).bytes) == entry.keccak256,
                "\(entry.msg.count / 2) bytes")
        }
    }

    @Test(.sharedFiles) func `selectors of known functions are found`() throws {
        let selectors = try SharedFiles.json(
            [String: String].self, "vectors/eip712-keccak/abi_selectors.json")
        #expect(selectors.count >= 4)
        for (signature, selector) in selectors {
            #expect(
                hexadecimal(Array(Keccak256.hash(Array(signature.utf8)).bytes.prefix(4)))
                    == selector)
        }
    }

    @Test func `pieces of any size give the hash of the whole`() {
        var numbers = SeededNumbers(seed: 7)
        for length in [0, 1, 7, 8, 31, 135, 136, 137, 272, 500] {
            let message = numbers.bytes(length)
            let whole = Keccak256.hash(message)
            for _ in 0..<20 {
                var hash = Keccak256()
                var start = 0
                while start < length {
                    let end = Int.random(in: start...length, using: &numbers)
                    hash.update(Array(message[start..<end]))
                    start = end
                }
                #expect(hash.finalize() == whole)
            }
        }
    }

    @Test func `asking for the hash does not end it`() {
        var hash = Keccak256()
        hash.update([1, 2])
        #expect(hash.finalize() == Keccak256.hash([1, 2]))
        hash.update(Bytes32())
        #expect(hash.finalize() == Keccak256.hash([1, 2] + [UInt8](repeating: 0, count: 32)))
    }
}
