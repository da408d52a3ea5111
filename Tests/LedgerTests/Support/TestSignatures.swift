/// A signature scheme for tests of everything but signatures: fast, deterministic, and forgeable by
/// anyone. A signature is valid where both halves are SHA-256(key ‖ message). Ed25519 itself is
/// tested end to end in `Tests/SimulationTests/SignedLedgerTests.swift`.

import Canonical
import Cryptography

/// Signs and verifies by hashing.
struct TestSignatures: SignatureVerifier {
    /// The one signature that is valid for `message` under `key`.
    static func signature(of message: [UInt8], by key: PublicKey) -> Signature {
        let hash = SHA256.digest(key.storage.bytes + message).storage
        return Signature(r: hash, s: hash)
    }

    func verify(_ statements: [SignedStatement]) -> [Bool] {
        statements.map { statement in
            statement.signature
                == TestSignatures.signature(of: statement.message.bytes, by: statement.key)
        }
    }
}

/// Public keys that exist only by name.
enum TestKeys {
    static let custodian = key("custodian")
    static let `operator` = key("operator")

    static func owner(_ number: Int) -> PublicKey { key("owner \(number)") }

    static func publisher(_ number: Int) -> PublicKey { key("publisher \(number)") }

    private static func key(_ name: String) -> PublicKey {
        PublicKey(SHA256.digest(Array(name.utf8)).storage)
    }
}
