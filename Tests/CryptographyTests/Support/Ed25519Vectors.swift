// The published Ed25519 vectors, read from the shared folder and brought to one shape: statements
// with the verdict that ZIP-215 prescribes.
import Canonical
import Cryptography
import TestKit

struct SignatureCase: Sendable, CustomStringConvertible {
    var name: String
    var statement: SignedStatement
    var isValid: Bool

    var description: String { name }

    /// Nil where key or signature have a length that no `PublicKey` or `Signature` can hold.
    init?(name: String, key: [UInt8], message: [UInt8], signature: [UInt8], isValid: Bool) {
        guard key.count == 32, signature.count == 64 else { return nil }
        self.name = name
        self.isValid = isValid
        statement = SignedStatement(
            key: PublicKey(Bytes32(key)), message: message,
            signature: Signature(r: Bytes32(signature), s: Bytes32(signature, at: 32)))
    }
}

extension SignedStatement {
    /// The key as one of Ed25519; that of zeros where it is of another kind.
    var plainKey: PublicKey {
        get { if case .ed25519(let key) = key { key } else { PublicKey(Bytes32()) } }
        set { key = .ed25519(newValue) }
    }

    /// The signature as one of Ed25519; that of zeros where it is of another kind.
    var plainSignature: Signature {
        get {
            if case .ed25519(let signature) = signature {
                signature
            } else {
                Signature(r: Bytes32(), s: Bytes32())
            }
        }
        set { signature = .ed25519(newValue) }
    }
}

func verify(_ statement: SignedStatement) -> Bool {
    Ed25519.verify(
        statement.plainSignature, of: statement.message.bytes, by: statement.plainKey)
}

enum Ed25519Vectors {
    private struct Plain: Decodable {
        var `public`: String
        var message: String
        var signature: String
        var algorithm: String?
        var name: String?
    }

    /// RFC 8032, section 7.1 (the variants with context or prehash are not ours).
    static func rfc8032() throws -> [SignatureCase] {
        try SharedFiles.json([Plain].self, "vectors/ed25519/rfc8032.json")
            .filter { $0.algorithm == "Ed25519" }.compactMap {
                SignatureCase(
                    name: $0.name ?? "", key: bytes($0.public), message: bytes($0.message),
                    signature: bytes($0.signature), isValid: true)
            }
    }

    /// The first 256 rows of Bernstein's sign.input.
    static func signInput() throws -> [SignatureCase] {
        try SharedFiles.json([Plain].self, "vectors/ed25519/sign_input_256.json").enumerated()
            .compactMap { row, vector in
                SignatureCase(
                    name: "row \(row)", key: bytes(vector.public), message: bytes(vector.message),
                    signature: bytes(vector.signature), isValid: true)
            }
    }

    private struct Zip215: Decodable {
        var key: String
        var signature: String
        var isValid: Bool

        enum CodingKeys: String, CodingKey {
            case key = "vk_bytes"
            case signature = "sig_bytes"
            case isValid = "valid_zip215"
        }
    }

    /// ZIP-215's own: small-order points in every encoding.
    static func zip215() throws -> [SignatureCase] {
        try SharedFiles.json([Zip215].self, "vectors/ed25519/zip215.json").enumerated()
            .compactMap { row, vector in
                SignatureCase(
                    name: "row \(row)", key: bytes(vector.key), message: Array("Zcash".utf8),
                    signature: bytes(vector.signature), isValid: vector.isValid)
            }
    }

    private struct EdgeCase: Decodable {
        var message: String
        var key: String
        var signature: String

        enum CodingKeys: String, CodingKey {
            case message
            case key = "pub_key"
            case signature
        }
    }

    /// "Taming the many EdDSAs", table 5: ZIP-215 accepts cases 0 to 5 and 9 to 11. Cases 6 and 7
    /// have S above L. Cases 8 and 9 have a non-canonical R, and 8 was made with the hash over the
    /// re-encoded R. Cases 10 and 11 have a non-canonical A, which is of small order, so that the
    /// hash does not matter.
    static func edgeCases() throws -> [SignatureCase] {
        try SharedFiles.json([EdgeCase].self, "vectors/ed25519/speccheck_edge_cases.json")
            .enumerated().compactMap { row, vector in
                SignatureCase(
                    name: "case \(row)", key: bytes(vector.key),
                    message: bytes(vector.message), signature: bytes(vector.signature),
                    isValid: ![6, 7, 8].contains(row))
            }
    }

    private struct Community: Decodable {
        var number: Int
        var key: String
        var sig: String
        var msg: String
        var flags: [String]?
    }

    /// C2SP's: every S is below L, and all satisfy the cofactored equation over the hash that they
    /// were made with. Those flagged `reencoded_k` were made with the hash over re-encoded points,
    /// which ZIP-215 does not take; that is without effect where A is of small order.
    static func community() throws -> [SignatureCase] {
        try SharedFiles.json([Community].self, "vectors/ed25519/cctv_ed25519vectors.json")
            .compactMap { vector in
                let flags = vector.flags ?? []
                return SignatureCase(
                    name: "\(vector.number) \(flags)", key: bytes(vector.key),
                    message: Array(vector.msg.utf8), signature: bytes(vector.sig),
                    isValid: !flags.contains("reencoded_k") || flags.contains("low_order_A"))
            }
    }

    private struct Wycheproof: Decodable {
        struct Group: Decodable {
            struct Key: Decodable { var pk: String }
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

    /// Wycheproof's cases where ZIP-215 accepts what RFC 8032 refuses: an R with y = 1 and the sign
    /// bit set, although x is 0.
    static let acceptedDespiteWycheproof = [151]

    /// Wycheproof's, without those whose signature is not 64 bytes long.
    static func wycheproof() throws -> [SignatureCase] {
        let file = try SharedFiles.json(Wycheproof.self, "vectors/wycheproof/ed25519_test.json")
        return file.testGroups.flatMap { group in
            group.tests.compactMap { test in
                SignatureCase(
                    name: "tcId \(test.tcId)", key: bytes(group.publicKey.pk),
                    message: bytes(test.msg), signature: bytes(test.sig),
                    isValid: test.result == "valid"
                        || acceptedDespiteWycheproof.contains(test.tcId))
            }
        }
    }

    static func all() throws -> [SignatureCase] {
        try rfc8032() + signInput() + zip215() + edgeCases() + community() + wycheproof()
    }
}
