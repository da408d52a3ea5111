// The general EIP-712 encoder of TestKit against the published messages, and the signatures on them
// against recovery: Keccak-256 and secp256k1 as a wallet combines them.
import Canonical
import Cryptography
import Foundation
import TestKit
import Testing

struct TypedDataTests {
    private struct Example: Decodable {
        struct Signature: Decodable {
            var r: String
            var s: String
            var v: UInt8
        }
        var name: String
        var typedData: TypedData
        var domainSeparator: String
        var structHash: String
        var digest: String
        var signature: Signature

        enum CodingKeys: String, CodingKey {
            case name, digest
            case typedData = "typed_data"
            case domainSeparator = "domain_separator"
            case structHash = "struct_hash"
            case signature = "cow_key_signature"
        }
    }

    private func hash(_ bytes: [UInt8]) -> [UInt8] { Keccak256.hash(bytes).bytes }

    private func number(_ text: String) -> Bytes32 {
        let digits = String(text.dropFirst(2))
        return Bytes32(bytes(String(repeating: "0", count: 64 - digits.count) + digits))
    }

    @Test(.sharedFiles) func `valid messages have the published hashes and signer`() throws {
        let examples = try SharedFiles.json(
            [Example].self, "vectors/eip712-keccak/eip712_valid.json")
        #expect(examples.count >= 18)
        // The key of all signatures is Keccak-256 of "cow".
        for example in examples {
            let data = example.typedData
            #expect(hexadecimal(try data.domainSeparator(hash)) == example.domainSeparator)
            #expect(hexadecimal(try data.structHash(hash)) == example.structHash, "\(example.name)")
            let digest = try data.digest(hash)
            #expect(hexadecimal(digest) == example.digest, "\(example.name)")
            let signer = Secp256k1.recoveredAddress(
                digest: Bytes32(digest), r: number(example.signature.r),
                s: number(example.signature.s), parity: example.signature.v - 27)
            #expect(signer?.bytes == bytes("cd2a3d9f938e13cd947ec05abc7fe734df8dd826"))
        }
    }

    @Test(.sharedFiles) func `invalid messages have no hash`() throws {
        let messages = try SharedFiles.json(
            [String: TypedData].self, "vectors/eip712-keccak/eip712_invalid.json")
        #expect(messages.count >= 8)
        for (name, data) in messages {
            #expect(throws: TypedData.Malformed.self, "\(name)") { try data.digest(hash) }
        }
    }

    @Test func `numbers have the width of their type, and no more`() throws {
        func digest(_ type: String, _ value: String) throws -> [UInt8] {
            let json = """
                {"types": {"A": [{"name": "x", "type": "\(type)"}]}, "primaryType": "A",
                 "domain": {}, "message": {"x": \(value)}}
                """
            return try TypedData(json: Data(json.utf8)).structHash(hash)
        }
        func expected(_ type: String, _ word: [UInt8]) -> [UInt8] {
            hash(hash(Array("A(\(type) x)".utf8)) + word)
        }
        let zeros = [UInt8](repeating: 0, count: 31)
        #expect(try digest("uint8", "255") == expected("uint8", zeros + [255]))
        #expect(throws: TypedData.Malformed.self) { try digest("uint8", "256") }
        #expect(throws: TypedData.Malformed.self) { try digest("uint8", "-1") }
        #expect(
            try digest("int8", "-1") == expected("int8", [UInt8](repeating: 255, count: 32)))
        #expect(try digest("bool", "true") == expected("bool", zeros + [1]))
        #expect(try digest("bytes1", "\"0x07\"") == expected("bytes1", [7] + zeros))
        #expect(try digest("bytes", "\"0x0708\"") == expected("bytes", hash([7, 8])))
        #expect(
            try digest("uint64", "18446744073709551615")
                == expected("uint64", Array(zeros.prefix(24)) + [UInt8](repeating: 255, count: 8)))
        #expect(throws: TypedData.Malformed.self) { try digest("uint7", "1") }
        #expect(throws: TypedData.Malformed.self) { try digest("uint8[2]", "[1]") }
    }
}
