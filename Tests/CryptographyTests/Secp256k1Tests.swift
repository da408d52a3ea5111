// ECDSA on secp256k1 against Wycheproof, the EIP-712 examples' signatures and crafted signatures;
// `Tests/CustodyTests` compares it with libsecp256k1.
import Canonical
import TestKit
import Testing

@testable import Cryptography

struct Secp256k1Tests {
    /// The first example of the EIP-712 text, signed by its key, Keccak-256 of "cow".
    private static let digest = Bytes32(
        bytes("be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2"))
    private static let r = Bytes32(
        bytes("4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d"))
    private static let s = Bytes32(
        bytes("07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b91562"))
    private static let signer = EthereumAddress(bytes("cd2a3d9f938e13cd947ec05abc7fe734df8dd826"))

    private func recovered(
        digest: Bytes32 = Secp256k1Tests.digest, r: Bytes32 = Secp256k1Tests.r,
        s: Bytes32 = Secp256k1Tests.s, parity: UInt8 = 1
    ) -> EthereumAddress? {
        Secp256k1.recoveredAddress(digest: digest, r: r, s: s, parity: parity)
    }

    @Test func `the example of EIP-712 leads back to its signer`() {
        #expect(recovered() == Self.signer)
    }

    @Test func `another digest, r, s or parity leads elsewhere or nowhere`() {
        for index in [0, 15, 31] {
            func flipped(_ value: Bytes32) -> Bytes32 {
                var copy = value.bytes
                copy[index] ^= 1
                return Bytes32(copy)
            }
            #expect(recovered(digest: flipped(Self.digest)) != Self.signer)
            #expect(recovered(r: flipped(Self.r)) != Self.signer)
            #expect(recovered(s: flipped(Self.s)) != Self.signer)
        }
        #expect(recovered(parity: 0) != Self.signer)
    }

    @Test func `a parity above 1 is refused`() {
        for parity: UInt8 in [2, 3, 27, 28, 255] { #expect(recovered(parity: parity) == nil) }
    }

    @Test func `the mirrored signature with a high s is refused`() {
        // Without the bound it would recover the same key.
        let mirrored = Secp256k1Numbers.negated(Self.s)
        #expect(recovered(s: mirrored, parity: 0) == nil)
    }

    @Test func `s is accepted up to half the order and refused above`() {
        let limit = Secp256k1Numbers.halfOrder
        #expect(recovered(s: limit) != nil)
        #expect(recovered(s: Secp256k1Numbers.negated(limit)) == nil)
        #expect(recovered(s: Secp256k1Numbers.small(1)) != nil)
    }

    @Test func `r and s of 0, n and above are refused`() {
        let zero = Bytes32()
        let order = Secp256k1Numbers.order
        let ones = Bytes32([UInt8](repeating: 255, count: 32))
        for value in [zero, order, Secp256k1Numbers.prime, ones] {
            #expect(recovered(r: value) == nil)
            #expect(recovered(s: value) == nil)
        }
    }

    @Test func `an r that is no point's x is refused`() {
        // x = 5: 5³ + 7 is no square modulo p.
        #expect(recovered(r: Secp256k1Numbers.small(5)) == nil)
        #expect(recovered(r: Secp256k1Numbers.small(1)) != nil)
    }

    @Test func `a signature that leads to the neutral element is refused`() {
        // R = B, s = z: s R − z B is the neutral element.
        let base = Secp256k1AffinePoint.base
        let number = Secp256k1Numbers.small(9)
        let parity: UInt8 = base.y.isOdd ? 1 : 0
        let r = base.x.bigEndianBytes
        #expect(recovered(digest: number, r: r, s: number, parity: parity) == nil)
        // With the other parity it is −2 z B / r, a key like any other.
        #expect(recovered(digest: number, r: r, s: number, parity: 1 - parity) != nil)
    }

    @Test func `a digest of 0, or of n and above, counts modulo n`() {
        let zero = recovered(digest: Bytes32())
        #expect(zero != nil)
        #expect(zero == recovered(digest: Secp256k1Numbers.order))
        let two = Secp256k1Numbers.small(2)
        let above = Secp256k1Numbers.difference(
            two, Secp256k1Numbers.difference(Bytes32(), Secp256k1Numbers.order))
        #expect(recovered(digest: two) == recovered(digest: above))
    }

    @Test func `a key off the curve or with coordinates of p and above is none`() throws {
        let base = Secp256k1AffinePoint.base
        let x = base.x.bigEndianBytes
        let y = base.y.bigEndianBytes
        #expect(Secp256k1PublicKey(x: x, y: y) != nil)
        #expect(Secp256k1PublicKey(x: y, y: x) == nil)
        #expect(Secp256k1PublicKey(x: Bytes32(), y: Bytes32()) == nil)
        // x = 1 is on the curve, so p + 1 would be if it were reduced.
        let one = try #require(Secp256k1AffinePoint(x: .one, isOdd: false))
        let prime = Secp256k1Numbers.prime
        #expect(Secp256k1PublicKey(x: one.x.bigEndianBytes, y: one.y.bigEndianBytes) != nil)
        let above = Secp256k1Numbers.difference(
            Secp256k1Numbers.small(1), Secp256k1Numbers.difference(Bytes32(), prime))
        #expect(Secp256k1PublicKey(x: above, y: one.y.bigEndianBytes) == nil)
    }

    @Test(.sharedFiles) func `Wycheproof's verdicts hold where s is low`() throws {
        let fixed = try ECDSAVectors.fixedWidth()
        let plain = try ECDSAVectors.plain()
        let bitcoin = try ECDSAVectors.bitcoin()
        #expect(fixed.count >= 200)
        #expect(plain.count >= 200)
        #expect(bitcoin.count >= 200)
        for entry in fixed + plain + bitcoin {
            #expect(entry.isAccepted() == (entry.isValid && !entry.hasHighS), "\(entry)")
        }
    }

    @Test(.sharedFiles) func `what Wycheproof accepts with a high s holds when mirrored`() throws {
        let high = try (ECDSAVectors.fixedWidth() + ECDSAVectors.plain()).filter {
            $0.isValid && $0.hasHighS
        }
        #expect(high.count >= 20)
        for entry in high { #expect(entry.mirrored.isAccepted(), "\(entry)") }
    }

    @Test(.sharedFiles) func `valid signatures lead back to their key, others do not`() throws {
        // The one exception is an r whose point has an x above n, which two parities cannot name.
        let cases = try ECDSAVectors.fixedWidth() + ECDSAVectors.bitcoin()
        var unnamed = 0
        for entry in cases {
            let usable = entry.hasHighS ? entry.mirrored : entry
            if usable.isAccepted() && !usable.isRecovered() {
                unnamed += 1
                let gap = Secp256k1Numbers.difference(
                    Secp256k1Numbers.prime, Secp256k1Numbers.order)
                #expect(usable.r < gap, "\(entry)")
            } else {
                #expect(usable.isAccepted() == usable.isRecovered(), "\(entry)")
            }
        }
        #expect(unnamed >= 1)
    }
}
