// Signed statements for the tests of this room: good ones, corrupted ones, and the crafted keys and
// signatures of the published sets, whose verdicts Tests/CryptographyTests knows.
import Canonical
import Cryptography
import Foundation
import TestKit
import Testing

@testable import Custody

extension Trait where Self == ConditionTrait {
    /// Runs a test only where the shared vectors are.
    static var sharedFiles: Self {
        .enabled(if: SharedFiles.exist, "needs the shared vectors: set RAMPART_SHARED")
    }
}

extension SharedFiles {
    static func json<T: Decodable>(_ type: T.Type, _ path: String) throws -> T {
        let data = try Data(contentsOf: URL(fileURLWithPath: SharedFiles.path(path)))
        return try JSONDecoder().decode(type, from: data)
    }
}

func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
        UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
}

/// The bytes of a secret; tests look where the program does not.
func revealed(_ secret: borrowing Secret) -> [UInt8] {
    secret.withBytes { bytes in (0..<bytes.count).map { bytes[$0] } }
}

/// The address of the key with that secret, or nil where it is none.
func address(ofSecret secret: Bytes32) -> EthereumAddress? {
    EthereumKey(Secret(copying: secret.bytes))?.address
}

func random(_ count: Int, _ numbers: inout SeededGenerator) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &numbers) }
}

enum Statements {
    /// A good statement by a new Ed25519 key.
    static func ed25519(_ numbers: inout SeededGenerator) -> SignedStatement {
        let key = SigningKey.generate(using: &numbers)
        let message = random(Int.random(in: 0..<300, using: &numbers), &numbers)
        return SignedStatement(
            key: key.publicKey, message: message, signature: key.sign(message))
    }

    /// A good statement by a new Ethereum key.
    static func ethereum(_ numbers: inout SeededGenerator) -> SignedStatement {
        let key = EthereumKey.generate(using: &numbers)
        let digest = Bytes32(random(32, &numbers))
        return SignedStatement(
            key: .ethereum(key.address), message: SignedMessage(digest.bytes),
            signature: key.sign(digest))
    }

    /// The statement with one bit of its key, message or signature changed.
    static func corrupted(
        _ statement: SignedStatement, _ numbers: inout SeededGenerator
    ) -> SignedStatement {
        var copy = statement
        switch Int.random(in: 0..<3, using: &numbers) {
        case 0: copy.key = flipped(copy.key, &numbers)
        case 1: copy.signature = flipped(copy.signature, &numbers)
        default:
            var message = copy.message.bytes
            if message.isEmpty { message = [0] }
            message[Int.random(in: message.indices, using: &numbers)] ^= 1
            copy.message = SignedMessage(message)
        }
        return copy
    }

    private static func flipped(
        _ value: Bytes32, _ numbers: inout SeededGenerator
    ) -> Bytes32 {
        var copy = value.bytes
        copy[Int.random(in: 0..<32, using: &numbers)] ^=
            1 << UInt8.random(in: 0..<8, using: &numbers)
        return Bytes32(copy)
    }

    private static func flipped(_ key: SignerKey, _ numbers: inout SeededGenerator) -> SignerKey {
        switch key {
        case .ed25519(let key): return .ed25519(PublicKey(flipped(key.storage, &numbers)))
        case .ethereum(let address):
            var copy = address.bytes
            copy[Int.random(in: copy.indices, using: &numbers)] ^= 1
            return .ethereum(EthereumAddress(copy))
        }
    }

    private static func flipped(
        _ signature: SignerSignature, _ numbers: inout SeededGenerator
    ) -> SignerSignature {
        let half = Bool.random(using: &numbers)
        switch signature {
        case .ed25519(let whole):
            return .ed25519(
                Signature(
                    r: half ? flipped(whole.r, &numbers) : whole.r,
                    s: half ? whole.s : flipped(whole.s, &numbers)))
        case .ethereum(let r, let s, let parity):
            return .ethereum(
                r: half ? flipped(r, &numbers) : r, s: half ? s : flipped(s, &numbers),
                parity: parity)
        }
    }

    private struct Zip215: Decodable {
        var key: String
        var signature: String

        enum CodingKeys: String, CodingKey {
            case key = "vk_bytes"
            case signature = "sig_bytes"
        }
    }

    private struct EdgeCase: Decodable {
        var message: String
        var key: String
        var signature: String

        enum CodingKeys: String, CodingKey {
            case key = "pub_key"
            case message, signature
        }
    }

    private struct Community: Decodable {
        var key: String
        var sig: String
        var msg: String
    }

    /// ZIP-215's, speccheck's and C2SP's crafted signatures: over a thousand.
    static func crafted() throws -> [SignedStatement] {
        func statement(_ key: String, _ message: [UInt8], _ signature: String) -> SignedStatement {
            SignedStatement(
                key: PublicKey(Bytes32(bytes(key))), message: message,
                signature: Signature(
                    r: Bytes32(bytes(signature)), s: Bytes32(bytes(signature), at: 32)))
        }
        let zip215 = try SharedFiles.json([Zip215].self, "vectors/ed25519/zip215.json")
        let edges = try SharedFiles.json(
            [EdgeCase].self, "vectors/ed25519/speccheck_edge_cases.json")
        let community = try SharedFiles.json(
            [Community].self, "vectors/ed25519/cctv_ed25519vectors.json")
        return zip215.map { statement($0.key, Array("Zcash".utf8), $0.signature) }
            + edges.map { statement($0.key, bytes($0.message), $0.signature) }
            + community.map { statement($0.key, Array($0.msg.utf8), $0.sig) }
    }

    /// An Ethereum statement with everything chosen by hand.
    static func claimed(
        digest: Bytes32, r: Bytes32, s: Bytes32, parity: UInt8, by address: EthereumAddress
    ) -> SignedStatement {
        SignedStatement(
            key: .ethereum(address), message: SignedMessage(digest.bytes),
            signature: .ethereum(r: r, s: s, parity: parity))
    }
}
