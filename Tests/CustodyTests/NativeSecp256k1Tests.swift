// Our recovery on secp256k1 against libsecp256k1, and signing with keys of that kind against the
// published signatures of the EIP-712 examples.
import CSecp256k1
import Canonical
import Cryptography
import TestKit
import Testing

@testable import Custody

struct NativeSecp256k1Tests {
    private static let order = Bytes32(
        bytes("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"))
    private static let half = Bytes32(
        bytes("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0"))
    private static let prime = Bytes32(
        bytes("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f"))
    /// x of the base point; its y is even.
    private static let baseX = Bytes32(
        bytes("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"))

    private static func small(_ value: UInt8) -> Bytes32 {
        Bytes32([UInt8](repeating: 0, count: 31) + [value])
    }

    /// `value` with `amount` added to its last byte, which does not carry.
    private static func moved(_ value: Bytes32, by amount: Int) -> Bytes32 {
        var copy = value.bytes
        copy[31] = UInt8(Int(copy[31]) + amount)
        return Bytes32(copy)
    }

    @discardableResult
    private func agree(
        _ digest: Bytes32, _ r: Bytes32, _ s: Bytes32, _ parity: UInt8
    ) -> EthereumAddress? {
        let ours = Secp256k1.recoveredAddress(digest: digest, r: r, s: s, parity: parity)
        let theirs = NativeSecp256k1.recoveredAddress(digest: digest, r: r, s: s, parity: parity)
        #expect(ours == theirs, "\(digest.bytes) \(r.bytes) \(s.bytes) \(parity)")
        return ours
    }

    @Test func `random numbers in place of a signature have one verdict`() {
        var numbers = SeededGenerator(seed: 41)
        var found = 0
        for _ in 0..<1_000 {
            let digest = Bytes32(random(32, &numbers))
            let r = Bytes32(random(32, &numbers))
            var low = random(32, &numbers)
            low[0] &= 0x7f
            let parity = UInt8.random(in: 0...1, using: &numbers)
            if agree(digest, r, Bytes32(low), parity) != nil { found += 1 }
        }
        // Half of all x are on the curve.
        #expect((400...600).contains(found))
    }

    @Test func `good signatures lead back to the key that made them`() {
        var numbers = SeededGenerator(seed: 42)
        for _ in 0..<200 {
            let key = EthereumKey.generate(using: &numbers)
            let digest = Bytes32(random(32, &numbers))
            guard case .ethereum(let r, let s, let parity) = key.sign(digest) else {
                Issue.record("an Ethereum key makes Ethereum signatures")
                continue
            }
            #expect(agree(digest, r, s, parity) == key.address)
            #expect(agree(digest, r, s, 1 - parity) != key.address)
            #expect(!(Self.half < s))
        }
    }

    @Test func `crafted numbers at every limit have one verdict`() {
        let ones = Bytes32([UInt8](repeating: 255, count: 32))
        let edges = [
            Bytes32(), Self.small(1), Self.small(2), Self.small(3), Self.half,
            Self.moved(Self.half, by: 1), Self.moved(Self.half, by: -1), Self.order,
            Self.moved(Self.order, by: -1), Self.moved(Self.order, by: 1), Self.prime,
            Self.moved(Self.prime, by: -1), ones, Self.baseX,
        ]
        var verdicts = 0
        for digest in edges {
            for r in edges {
                for s in edges {
                    for parity: UInt8 in 0...1 where agree(digest, r, s, parity) != nil {
                        verdicts += 1
                    }
                }
            }
        }
        #expect(verdicts > 200)
    }

    @Test func `what leads to the neutral element is refused by both`() {
        // R = B and s = z, so that s R − z B is the neutral element.
        for value: UInt8 in [1, 2, 7, 200] {
            #expect(agree(Self.small(value), Self.baseX, Self.small(value), 0) == nil)
            #expect(agree(Self.small(value), Self.baseX, Self.small(value), 1) != nil)
        }
    }

    @Test func `other parities are refused without asking the library, which would abort`() {
        for parity: UInt8 in [2, 3, 4, 27, 255] {
            #expect(agree(Self.small(1), Self.baseX, Self.small(1), parity) == nil)
        }
    }

    @Test func `secrets of 0 and of n and above are no keys`() {
        let ones = Bytes32([UInt8](repeating: 255, count: 32))
        for secret in [Bytes32(), Self.order, Self.moved(Self.order, by: 1), ones] {
            #expect(address(ofSecret: secret) == nil)
        }
        // B and −B: one x, two keys.
        let first = EthereumAddress(bytes("7e5f4552091a69125d5dfcb7b8c2659029395bdf"))
        #expect(address(ofSecret: Self.small(1)) == first)
        let last = address(ofSecret: Self.moved(Self.order, by: -1))
        #expect(last != nil)
        #expect(last != first)
    }

    private struct Example: Decodable {
        struct Signature: Decodable {
            var r: String
            var s: String
            var v: UInt8
        }
        var name: String
        var digest: String
        var signature: Signature

        enum CodingKeys: String, CodingKey {
            case name, digest
            case signature = "cow_key_signature"
        }
    }

    /// Numbers in the file stand without leading zeros.
    private static func padded(_ number: String) -> Bytes32 {
        let digits = String(number.dropFirst(2))
        return Bytes32(bytes(String(repeating: "0", count: 64 - digits.count) + digits))
    }

    @Test(.sharedFiles) func `the signatures of the EIP-712 examples are made again`() throws {
        let secret = Keccak256.hash(Array("cow".utf8))
        guard let key = EthereumKey(Secret(copying: secret.bytes)) else {
            Issue.record("Keccak-256 of cow is a key")
            return
        }
        #expect(key.address == EthereumAddress(bytes("cd2a3d9f938e13cd947ec05abc7fe734df8dd826")))
        let examples = try SharedFiles.json(
            [Example].self, "vectors/eip712-keccak/eip712_valid.json")
        #expect(examples.count >= 18)
        for example in examples {
            let expected = example.signature
            #expect(
                key.sign(Bytes32(bytes(example.digest)))
                    == .ethereum(
                        r: Self.padded(expected.r), s: Self.padded(expected.s),
                        parity: expected.v - 27), "\(example.name)")
        }
    }

    @Test func `an exported key is the same key`() {
        var numbers = SeededGenerator(seed: 43)
        let key = EthereumKey.generate(using: &numbers)
        guard let again = EthereumKey(key.exported()) else {
            Issue.record("an exported key is a key")
            return
        }
        #expect(again.address == key.address)
        #expect(again.sign(Self.baseX) == key.sign(Self.baseX))
    }
}
