// Secrets, keys from randomness, message authentication and tokens.
import Canonical
import Cryptography
import TestKit
import Testing

@testable import Custody

struct SecretTests {
    @Test func `a secret has the bytes it was given and takes them from the giver`() {
        var given: [UInt8] = [1, 2, 3]
        let secret = Secret(taking: &given)
        #expect(given.isEmpty)
        let count = secret.count
        let shown = revealed(secret)
        #expect(count == 3)
        #expect(shown == [1, 2, 3])
    }

    @Test func `secrets are equal in all bytes or not at all`() {
        func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
            Secret(copying: left).isEqual(to: Secret(copying: right))
        }
        #expect(areEqual([1, 2, 3], [1, 2, 3]))
        #expect(areEqual([], []))
        for other: [UInt8] in [[], [1, 2], [1, 2, 4], [0, 2, 3], [1, 2, 3, 0]] {
            #expect(!areEqual([1, 2, 3], other))
        }
    }

    @Test func `a copy is equal and outlives the first`() {
        func copied() -> Secret { Secret(copying: [5, 6]).copy() }
        let shown = revealed(copied())
        #expect(shown == [5, 6])
    }

    @Test func `a generated key signs, is another each time, and comes back from its seed`() {
        let first = SigningKey.generate()
        let again = SigningKey(seed: first.seed())
        let (firstKey, againKey) = (first.publicKey, again.publicKey)
        let otherKey = SigningKey.generate().publicKey
        let signature = first.sign([1, 2])
        #expect(firstKey != otherKey)
        #expect(againKey == firstKey)
        #expect(Ed25519.verify(signature, of: [1, 2], by: againKey))
        let addresses = [EthereumKey.generate().address, EthereumKey.generate().address]
        #expect(addresses[0] != addresses[1])
    }

    @Test func `given the same numbers the same key is generated`() {
        var first = SeededGenerator(seed: 61)
        var second = SeededGenerator(seed: 61)
        let keys = [
            SigningKey.generate(using: &first).publicKey,
            SigningKey.generate(using: &second).publicKey,
        ]
        #expect(keys[0] == keys[1])
    }

    @Test func `the first key pair of RFC 8032 is made from its seed`() {
        let seed = bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
        let key = SigningKey(seed: Secret(copying: seed)).publicKey
        #expect(
            key.storage.bytes
                == bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"))
    }
}

struct MessageAuthenticationTests {
    private func accepts(_ tag: [UInt8], _ message: [UInt8], _ key: [UInt8]) -> Bool {
        MessageAuthentication.isValid(tag: tag, of: message, key: Secret(copying: key))
    }

    @Test func `the second case of RFC 4231 holds`() {
        let key = Secret(copying: Array("Jefe".utf8))
        let message = Array("what do ya want for nothing?".utf8)
        let tag = bytes("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        let made = MessageAuthentication.tag(of: message, key: key).bytes
        #expect(made == tag)
        #expect(accepts(tag, message, [UInt8]("Jefe".utf8)))
    }

    @Test func `a tag that differs in a bit, in length, key or message is refused`() {
        let key: [UInt8] = [1, 2, 3]
        let message: [UInt8] = [4, 5]
        let tag = MessageAuthentication.tag(of: message, key: Secret(copying: key)).bytes
        #expect(accepts(tag, message, key))
        for bit in 0..<256 {
            var changed = tag
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!accepts(changed, message, key))
        }
        for wrong in [[], Array(tag.dropLast()), tag + [0]] {
            #expect(!accepts(wrong, message, key))
        }
        #expect(!accepts(tag, message + [0], key))
        #expect(!accepts(tag, message, [1, 2, 4]))
    }

    private struct File: Decodable {
        struct Group: Decodable {
            struct Case: Decodable {
                var tcId: Int
                var key: String
                var msg: String
                var tag: String
                var result: String
            }
            var tagSize: Int
            var tests: [Case]
        }
        var testGroups: [Group]
    }

    @Test(.sharedFiles) func `Wycheproof's verdicts hold for whole tags`() throws {
        let file = try SharedFiles.json(File.self, "vectors/wycheproof/hmac_sha256_test.json")
        let cases = file.testGroups.filter { $0.tagSize == 256 }.flatMap(\.tests)
        #expect(cases.count >= 80)
        for entry in cases {
            let isValid = accepts(bytes(entry.tag), bytes(entry.msg), bytes(entry.key))
            #expect(isValid == (entry.result == "valid"), "tcId \(entry.tcId)")
        }
    }
}

struct TokenSourceTests {
    @Test func `text is that of RFC 4648 without padding, and url-safe`() {
        let cases: [(String, String)] = [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
        ]
        for (plain, text) in cases { #expect(URLSafeText.encode(Array(plain.utf8)) == text) }
        #expect(URLSafeText.encode([0xfb, 0xff, 0xbf]) == "-_-_")
    }

    @Test func `tokens have 43 characters, identifiers 16, and none comes twice`() {
        var source = TokenSource()
        let tokens = (0..<500).map { _ in source.token() }
        let identifiers = (0..<500).map { _ in source.identifier() }
        #expect(tokens.allSatisfy { $0.utf8.count == 43 })
        #expect(identifiers.allSatisfy { $0.utf8.count == 16 })
        #expect(Set(tokens + identifiers).count == 1_000)
        let isSafe = (tokens + identifiers).joined().allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")
        }
        #expect(isSafe)
    }

    @Test func `the same numbers give the same tokens`() {
        var first = TokenSource(numbers: SeededGenerator(seed: 62))
        var second = TokenSource(numbers: SeededGenerator(seed: 62))
        #expect(first.token() == second.token())
        #expect(first.token() != first.token())
    }
}
