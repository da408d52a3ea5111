/// Signatures, hashes and the state tree, against libsodium.

import CSodium
import Canonical
import Cryptography
import Custody
import Simulation

enum CryptographyRows {
    static func all() -> [Result] {
        [single(), batch(), hashes(), root()].map { .measured($0) }
    }

    /// What one key signed, and the statement that it did.
    private struct Signed {
        let key: PublicKey
        let message: [UInt8]
        let signature: Signature

        var statement: SignedStatement {
            SignedStatement(key: key, message: message, signature: signature)
        }
    }

    private static func signed(_ count: Int) -> [Signed] {
        (0..<count).map { number in
            let key = SigningKey(seed: 7, number: UInt64(number))
            let message = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 200)
            return Signed(
                key: key.publicKey, message: message, signature: key.sign(message))
        }
    }

    private static func sodiumVerifies(_ statement: Signed) -> Bool {
        let signature = statement.signature.r.bytes + statement.signature.s.bytes
        let key = statement.key.storage.bytes
        let message = statement.message
        return unsafe crypto_sign_verify_detached(
            signature, message, UInt64(message.count), key) == 0
    }

    private static func single() -> Row {
        let all = signed(64)
        let times = Measurement.pair(rounds: 5) {
            for statement in all {
                precondition(
                    Ed25519.verify(
                        statement.signature, of: statement.message, by: statement.key),
                    "Invariant: a good signature is accepted")
            }
        } yardstick: {
            for statement in all {
                precondition(sodiumVerifies(statement), "Invariant: libsodium agrees")
            }
        }
        return .time(
            "ed25519.single", unit: "µs", scale: 1e3, pieces: 64, times,
            against: "libsodium verify",
            note: "verify one signature over 200 bytes, ZIP-215")
    }

    private static func batch() -> Row {
        let all = signed(64)
        let statements = all.map(\.statement)
        let times = Measurement.pair(rounds: 5) {
            precondition(
                Ed25519.verify(statements).allSatisfy { $0 }, "Invariant: a good batch is accepted")
        } yardstick: {
            for statement in all {
                precondition(sodiumVerifies(statement), "Invariant: libsodium agrees")
            }
        }
        return .time(
            "ed25519.batch64", unit: "µs", scale: 1e3, pieces: 64, times,
            against: "libsodium verify",
            note: "the same in batches of 64, per signature")
    }

    private static func sodiumHash(_ bytes: [UInt8]) -> UInt8 {
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe crypto_hash_sha256(&digest, bytes, UInt64(bytes.count))
        return digest[0]
    }

    private static func hashes() -> Row {
        let count = 100_000
        let left = (0..<count).map { number in
            SHA256.digest([
                UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8),
            ])
        }
        let node = [UInt8](repeating: 1, count: 65)
        var sink: UInt8 = 0
        let times = Measurement.pair(rounds: 5) {
            sink ^= SHA256.digests(tag: SHA256.nodeTag, left, left)[0].storage[0]
        } yardstick: {
            for _ in 0..<count { sink ^= sodiumHash(node) }
        }
        precondition(sink >= 0, "Invariant: the work was done")
        return .time(
            "sha256.node", unit: "ns", scale: 1, pieces: Double(count), times,
            against: "libsodium sha256, 65 bytes",
            note: "one tree node of 65 bytes, eight at once")
    }

    /// A root after 10,000 of 1,000,000 leaves changed. The yardstick is libsodium hashing as many
    /// nodes as change at least: 10,000 leaves and the 10,000 × 6.6 nodes above them that they do
    /// not share, and the 16,000 that they do.
    private static func root() -> Row {
        let leaves = 1_000_000
        let touched = 10_000
        var tree = SparseMerkleTree()
        tree.reserveCapacity(leaves)
        let paths = SHA256.digests(
            (0..<leaves).map { number in
                (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
            })
        tree.update(
            hashed: paths.map { HashedLeafChange(path: $0, valueDigest: $0) })
        let node = [UInt8](repeating: 1, count: 65)
        var sink: UInt8 = 0
        var round = 0
        var changes: [HashedLeafChange] = []
        let times = Measurement.pair(rounds: 5) {
            round += 1
            let stride = leaves / touched
            changes = (0..<touched).map { place in
                HashedLeafChange(
                    path: paths[place * stride + round],
                    valueDigest: paths[(place + round) % leaves])
            }
        } subject: {
            tree.update(hashed: changes)
        } yardstick: {
            for _ in 0..<(touched + touched * 66 / 10 + 16_000) { sink ^= sodiumHash(node) }
        }
        precondition(sink >= 0, "Invariant: the work was done")
        return .time(
            "root", unit: "ms", scale: 1e6, pieces: 1, times,
            against: "libsodium, as many nodes",
            target: .atMost(30),
            note: "state root after 10,000 of 1,000,000 leaves changed")
    }
}
