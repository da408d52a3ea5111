/// Keys and signatures of both kinds: one encoding each, one order, and no third kind.

import Canonical
import TestKit
import Testing

@Suite struct SignerKeyTests {
    private let word = Bytes32((0..<32).map { UInt8($0) })

    @Test func `keys and signatures are read as they were written`() throws {
        let address = EthereumAddress(publicKeyHash: word)
        #expect(address.bytes == Array(12..<32))
        #expect(EthereumAddress(address.bytes) == address)
        #expect(address.canonicalBytes == address.bytes)
        let signature = Signature(r: word, s: word)
        for (key, count) in [
            (SignerKey.ed25519(PublicKey(word)), 33), (.ethereum(address), 21),
        ] {
            #expect(key.canonicalBytes.count == count)
            #expect(try SignerKey(canonicalBytes: key.canonicalBytes) == key)
        }
        for value in [
            SignerSignature.ed25519(signature), .ethereum(r: word, s: word, parity: 0),
            .ethereum(r: word, s: word, parity: 1),
        ] {
            #expect(value.canonicalBytes.count == value.byteCount)
            #expect(try SignerSignature(canonicalBytes: value.canonicalBytes) == value)
        }
    }

    @Test func `other kinds and other parities are refused`() throws {
        var key = SignerKey.ed25519(PublicKey(word)).canonicalBytes
        key[0] = 2
        #expect(throws: DecodingFault(.unknownTag, at: 0)) {
            _ = try SignerKey(canonicalBytes: key)
        }
        var signature = SignerSignature.ethereum(r: word, s: word, parity: 1).canonicalBytes
        signature[65] = 2
        #expect(throws: DecodingFault(.outOfRange, at: 65)) {
            _ = try SignerSignature(canonicalBytes: signature)
        }
        signature[0] = 3
        #expect(throws: DecodingFault(.unknownTag, at: 0)) {
            _ = try SignerSignature(canonicalBytes: signature)
        }
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `keys are ordered by kind and bytes`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let keys = (0..<200).map { _ -> SignerKey in
            let bytes = (0..<32).map { _ in UInt8.random(in: 0...2, using: &random) }
            return Bool.random(using: &random)
                ? .ed25519(PublicKey(Bytes32(bytes))) : .ethereum(EthereumAddress(bytes))
        }
        for (left, right) in zip(keys, keys.dropFirst()) {
            let isBefore = left.canonicalBytes.lexicographicallyPrecedes(right.canonicalBytes)
            #expect((left < right) == isBefore, "seed \(seed)")
        }
    }
}
