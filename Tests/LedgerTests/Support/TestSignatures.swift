/// A signature scheme for tests of everything but signatures: fast, deterministic, and forgeable by
/// anyone. A signature is of the kind of its key, and valid where both halves are SHA-256(key ‖
/// message) over the key's encoding. Ed25519 itself is
/// tested end to end in `Tests/SimulationTests/SignedLedgerTests.swift`.

import Canonical
import Cryptography

/// Signs and verifies by hashing.
struct TestSignatures: SignatureVerifier {
    /// The one signature that is valid for `message` under `key`.
    static func signature(of message: [UInt8], by key: SignerKey) -> SignerSignature {
        let hash = SHA256.digest(key.canonicalBytes + message).storage
        return switch key {
        case .ed25519: .ed25519(Signature(r: hash, s: hash))
        case .ethereum: .ethereum(r: hash, s: hash, parity: 0)
        }
    }

    /// The same for a publisher's key.
    static func signature(of message: [UInt8], by key: PublicKey) -> Signature {
        let hash = SHA256.digest(SignerKey.ed25519(key).canonicalBytes + message).storage
        return Signature(r: hash, s: hash)
    }

    func verify(_ statements: [SignedStatement]) -> [Bool] {
        statements.map { statement in
            statement.signature
                == TestSignatures.signature(of: statement.message.bytes, by: statement.key)
        }
    }
}

extension TestSignatures {
    /// By the model of `AttestedBytes`: s is the digest, and r begins with the signer's address.
    func recover(_ signatures: [RecoverableSignature]) -> [EthereumAddress?] {
        signatures.map { $0.s == $0.digest ? EthereumAddress($0.r.bytes) : nil }
    }
}

/// Public keys that exist only by name.
enum TestKeys {
    static let custodian = key("custodian")
    static let `operator` = key("operator")
    static let guardian = key("guardian")

    static func owner(_ number: Int) -> SignerKey { .ed25519(key("owner \(number)")) }

    /// A key that can become a master or an agent: its bytes are a point of the curve.
    static func usable(_ number: Int) -> SignerKey {
        var attempt = 0
        while true {
            let candidate = key("usable \(number) \(attempt)")
            if VerifyingKey(candidate) != nil { return .ed25519(candidate) }
            attempt += 1
        }
    }

    /// An Ethereum address that exists only by name.
    static func ethereum(_ number: Int) -> SignerKey {
        .ethereum(
            EthereumAddress(publicKeyHash: SHA256.digest(Array("wallet \(number)".utf8)).storage))
    }

    static func publisher(_ number: Int) -> PublicKey { key("publisher \(number)") }

    private static func key(_ name: String) -> PublicKey {
        PublicKey(SHA256.digest(Array(name.utf8)).storage)
    }
}
