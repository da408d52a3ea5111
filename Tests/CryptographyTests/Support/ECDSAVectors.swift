// Wycheproof's ECDSA vectors over secp256k1 and SHA-256, brought to one shape: digest, key, r and s
// of 32 bytes each. Signatures whose encoding cannot be brought to that shape are left out, since
// no caller of this room could pass them on.
import Canonical
import Cryptography
import TestKit

struct ECDSACase: CustomStringConvertible {
    var name: String
    var digest: Bytes32
    var x: Bytes32
    var y: Bytes32
    var r: Bytes32
    var s: Bytes32
    var isValid: Bool

    var description: String { name }
    var publicKey: Secp256k1PublicKey? { Secp256k1PublicKey(x: x, y: y) }
    var hasHighS: Bool { Secp256k1Numbers.halfOrder < s }

    /// The other signature that goes with this one: n − s in place of s.
    var mirrored: ECDSACase {
        var copy = self
        copy.s = Secp256k1Numbers.negated(s)
        return copy
    }

    func isAccepted() -> Bool {
        guard let publicKey else { return false }
        return Secp256k1.isValid(digest: digest, publicKey: publicKey, r: r, s: s)
    }

    /// Whether one of the two parities leads back to the key.
    func isRecovered() -> Bool {
        guard let address = publicKey?.address else { return false }
        return [0, 1].contains { parity in
            Secp256k1.recoveredAddress(digest: digest, r: r, s: s, parity: parity) == address
        }
    }
}

/// Numbers of the curve, as bytes with the highest first.
enum Secp256k1Numbers {
    static let order = Bytes32(
        bytes("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"))
    static let prime = Bytes32(
        bytes("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f"))
    static let halfOrder = Bytes32(
        bytes("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0"))

    /// n − `value`, for values of at most n.
    static func negated(_ value: Bytes32) -> Bytes32 { difference(order, value) }

    /// `left` − `right` modulo 2²⁵⁶.
    static func difference(_ left: Bytes32, _ right: Bytes32) -> Bytes32 {
        var out = [UInt8](repeating: 0, count: 32)
        var borrow = 0
        for index in (0..<32).reversed() {
            let value = Int(left[index]) - Int(right[index]) - borrow
            borrow = value < 0 ? 1 : 0
            out[index] = UInt8(truncatingIfNeeded: value)
        }
        return Bytes32(out)
    }

    static func small(_ value: UInt8) -> Bytes32 {
        Bytes32([UInt8](repeating: 0, count: 31) + [value])
    }
}

enum ECDSAVectors {
    private struct File: Decodable {
        struct Group: Decodable {
            struct Key: Decodable { var uncompressed: String }
            struct Case: Decodable {
                var tcId: Int
                var msg: String
                var sig: String
                var result: String
            }
            var publicKey: Key
            var tests: [Case]
        }
        var testGroups: [Group]
    }

    private static func read(
        _ name: String, parse: ([UInt8]) -> (r: Bytes32, s: Bytes32)?
    ) throws -> [ECDSACase] {
        try SharedFiles.json(File.self, "vectors/wycheproof/\(name)_test.json").testGroups.flatMap {
            group in
            let key = bytes(group.publicKey.uncompressed)
            return group.tests.compactMap { test -> ECDSACase? in
                guard let signature = parse(bytes(test.sig)) else { return nil }
                return ECDSACase(
                    name: "\(name) tcId \(test.tcId)",
                    digest: SHA256.digest(bytes(test.msg)).storage, x: Bytes32(key, at: 1),
                    y: Bytes32(key, at: 33), r: signature.r, s: signature.s,
                    isValid: test.result == "valid")
            }
        }
    }

    /// Both halves behind each other, 32 bytes each; s may be high.
    static func fixedWidth() throws -> [ECDSACase] {
        try read("ecdsa_secp256k1_sha256_p1363") { signature in
            signature.count == 64 ? (Bytes32(signature), Bytes32(signature, at: 32)) : nil
        }
    }

    /// The Bitcoin variant, where a high s is invalid.
    static func bitcoin() throws -> [ECDSACase] {
        try read("ecdsa_secp256k1_sha256_bitcoin", parse: strictDER)
    }

    /// The plain variant, where a high s is valid.
    static func plain() throws -> [ECDSACase] {
        try read("ecdsa_secp256k1_sha256", parse: strictDER)
    }

    /// The two integers of a DER sequence, or nil where the encoding is not the shortest, or an
    /// integer is negative or above 2²⁵⁶.
    private static func strictDER(_ signature: [UInt8]) -> (r: Bytes32, s: Bytes32)? {
        guard signature.count >= 2, signature[0] == 0x30, Int(signature[1]) == signature.count - 2
        else { return nil }
        var position = 2
        func integer() -> Bytes32? {
            guard position + 2 <= signature.count, signature[position] == 2 else { return nil }
            let start = position + 2
            let end = start + Int(signature[position + 1])
            guard end <= signature.count, start < end, signature[start] < 0x80 else { return nil }
            var body = signature[start..<end]
            if body.count > 1, body[start] == 0 {
                body = body.dropFirst()
                if let first = body.first, first < 0x80 { return nil }
            }
            guard body.count <= 32 else { return nil }
            position = end
            return Bytes32([UInt8](repeating: 0, count: 32 - body.count) + body)
        }
        guard let r = integer(), let s = integer(), position == signature.count else { return nil }
        return (r, s)
    }
}
