// Ed25519 against every published set of vectors under the rule of ZIP-215, and single against
// batch verification on mixtures of all of them. One vector of RFC 8032 stands here too, so that a
// machine without the shared folder still tests something.
import Canonical
import Cryptography
import Testing

struct Ed25519Tests {
    static let example = SignatureCase(
        name: "RFC 8032 7.1 TEST 2",
        key: bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
        message: [0x72],
        signature: bytes(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
        isValid: true)

    @Test func `the second vector of RFC 8032 is valid`() throws {
        #expect(verify(try #require(Self.example).statement))
    }

    private func check(_ cases: [SignatureCase], atLeast count: Int) {
        #expect(cases.count >= count)
        for entry in cases {
            #expect(verify(entry.statement) == entry.isValid, "\(entry)")
        }
        let verdicts = PortableVerifier().verify(cases.map(\.statement))
        #expect(verdicts == cases.map(\.isValid))
    }

    @Test(.sharedFiles) func `all of RFC 8032 section 7-1 is valid`() throws {
        check(try Ed25519Vectors.rfc8032(), atLeast: 5)
    }

    @Test(.sharedFiles) func `Bernstein's signatures are valid`() throws {
        check(try Ed25519Vectors.signInput(), atLeast: 256)
    }

    @Test(.sharedFiles) func `ZIP-215's small-order signatures have ZIP-215's verdict`() throws {
        check(try Ed25519Vectors.zip215(), atLeast: 196)
    }

    @Test(.sharedFiles) func `the edge cases of Taming the many EdDSAs are decided`() throws {
        check(try Ed25519Vectors.edgeCases(), atLeast: 12)
    }

    @Test(.sharedFiles) func `C2SP's signatures have the verdict of the cofactored rule`() throws {
        check(try Ed25519Vectors.community(), atLeast: 914)
    }

    @Test(.sharedFiles) func `Wycheproof's verdicts hold but for the named ones`() throws {
        check(try Ed25519Vectors.wycheproof(), atLeast: 130)
    }

    @Test(.sharedFiles) func `batch and single agree on random mixtures`() throws {
        var numbers = SeededNumbers(seed: 5)
        let all = try Ed25519Vectors.all()
        for size in [0, 1, 3, 4, 5, 64, 65] {
            var statements = (0..<size).map { _ in
                all[Int.random(in: 0..<all.count, using: &numbers)].statement
            }
            for index in statements.indices where Int.random(in: 0..<40, using: &numbers) == 0 {
                statements[index] = flipped(statements[index], using: &numbers)
            }
            #expect(Ed25519.verify(statements) == statements.map(verify))
        }
    }

    @Test(.sharedFiles) func `the size of batches changes no verdict`() throws {
        var numbers = SeededNumbers(seed: 8)
        let mixed = (try Ed25519Vectors.all() + Ed25519Vectors.signInput()).map(\.statement)
            .shuffled(using: &numbers)
        let expected = mixed.map(verify)
        for size in [1, 3, 4, 5, 128, 256, 10_000] {
            #expect(Ed25519.verify(mixed, batch: size, key: VerifyingKey.init) == expected)
        }
        let good = try Ed25519Vectors.signInput().map(\.statement)
        for size in [128, 256] {
            #expect(
                Ed25519.verify(good, batch: size, key: VerifyingKey.init)
                    == [Bool](repeating: true, count: good.count))
        }
    }

    @Test(.sharedFiles) func `one bad signature in a batch is found at every place`() throws {
        let good = try Ed25519Vectors.signInput().prefix(20).map(\.statement)
        for place in [0, 7, 19] {
            var statements = good
            statements[place].message = SignedMessage(statements[place].message.bytes + [0])
            let expected = good.indices.map { $0 != place }
            #expect(Ed25519.verify(statements) == expected)
        }
    }

    @Test(.sharedFiles) func `errors that cancel out in a plain sum do not pass a batch`() throws {
        // Swapping S between two signatures keeps the sum of all equations without coefficients.
        var statements = try Ed25519Vectors.signInput().prefix(8).map(\.statement)
        let first = statements[0].plainSignature.s
        statements[0].plainSignature.s = statements[1].plainSignature.s
        statements[1].plainSignature.s = first
        #expect(Ed25519.verify(statements) == [false, false] + Array(repeating: true, count: 6))
    }

    @Test(.sharedFiles) func `many statements of one key agree with single verification`() throws {
        let statement = try Ed25519Vectors.signInput()[9].statement
        var statements = Array(repeating: statement, count: 12)
        #expect(Ed25519.verify(statements) == Array(repeating: true, count: 12))
        statements[5].plainSignature.r.word0 ^= 1
        #expect(Ed25519.verify(statements) == (0..<12).map { $0 != 5 })
    }

    @Test(.sharedFiles) func `flipping any bit of key, message or signature refuses`() throws {
        var numbers = SeededNumbers(seed: 6)
        let valid = try Ed25519Vectors.signInput()
        for _ in 0..<60 {
            let entry = valid[Int.random(in: 1..<valid.count, using: &numbers)]
            #expect(!verify(flipped(entry.statement, using: &numbers)), "\(entry)")
        }
    }

    @Test func `S of L or more is refused`() throws {
        var statement = try #require(Self.example).statement
        // S + L, which satisfies the equation.
        let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        var sum: [UInt8] = []
        var carry = 0
        for (digit, addend) in zip(statement.plainSignature.s.bytes, order) {
            carry += Int(digit) + Int(addend)
            sum.append(UInt8(carry & 0xff))
            carry >>= 8
        }
        statement.plainSignature.s = Bytes32(sum)
        #expect(!verify(statement))
        statement.plainSignature.s = Bytes32(order)
        #expect(!verify(statement))
        statement.plainSignature.s = Bytes32([UInt8](repeating: 0xff, count: 32))
        #expect(!verify(statement))
    }

    @Test func `S of 0 is accepted and S of L refused for the neutral key`() {
        // With A the neutral element, [8]([S]B - R) = 0 holds for R = A and S = 0 modulo L.
        let neutral = Bytes32([1] + [UInt8](repeating: 0, count: 31))
        let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        for (s, isValid) in [(Bytes32(), true), (Bytes32(order), false)] {
            let statement = SignedStatement(
                key: PublicKey(neutral), message: [], signature: Signature(r: neutral, s: s))
            #expect(verify(statement) == isValid)
        }
    }

    @Test func `a message in two pieces is verified as the message in one`() throws {
        let example = try #require(Self.example).statement
        let whole = SignedMessage(label: .transaction, [7, 8, 9], unsigned: 2)
        #expect(whole.bytes == HashLabel.transaction.header + [7])
        #expect(SignedMessage(label: .observation, [1]).bytes == HashLabel.observation.header + [1])
        #expect(SignedMessage([1, 2]).bytes == [1, 2])
        // Under a label, and with bytes that are not signed, nobody's signature holds any more.
        let message = example.message.bytes
        let pieces: [(message: SignedMessage, isValid: Bool)] = [
            (SignedMessage(message), true),
            (SignedMessage(label: .transaction, message), false),
            (SignedMessage(label: .transaction, message + [1, 2], unsigned: 2), false),
        ]
        for piece in pieces {
            let statement = SignedStatement(
                key: example.key, message: piece.message, signature: example.signature)
            #expect(Ed25519.verify([statement]) == [piece.isValid])
            #expect(verify(statement) == piece.isValid)
        }
    }

    @Test func `a key that is no point has no verifying key`() {
        // y = 2 is on no point of the curve.
        #expect(VerifyingKey(PublicKey(Bytes32([2] + [UInt8](repeating: 0, count: 31)))) == nil)
    }

    @Test func `a verifying key knows small order, and agrees with the plain key`() throws {
        let neutral = PublicKey(Bytes32([1] + [UInt8](repeating: 0, count: 31)))
        #expect(try #require(VerifyingKey(neutral)).hasSmallOrder)
        let statement = try #require(Self.example).statement
        let key = try #require(VerifyingKey(statement.plainKey))
        #expect(!key.hasSmallOrder)
        #expect(Ed25519.verify(statement.plainSignature, of: statement.message.bytes, by: key))
    }

    private func flipped(
        _ statement: SignedStatement, using numbers: inout SeededNumbers
    ) -> SignedStatement {
        var copy = statement
        let bit = UInt8(1) << UInt8.random(in: 0..<8, using: &numbers)
        let place = Int.random(in: 0..<32, using: &numbers)
        func flip(_ value: Bytes32) -> Bytes32 {
            var bytes = value.bytes
            bytes[place] ^= bit
            return Bytes32(bytes)
        }
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: copy.plainKey = PublicKey(flip(copy.plainKey.storage))
        case 1: copy.plainSignature.r = flip(copy.plainSignature.r)
        case 2: copy.plainSignature.s = flip(copy.plainSignature.s)
        default:
            var message = copy.message.bytes
            if message.isEmpty { message = [bit] }
            message[place % message.count] ^= bit
            copy.message = SignedMessage(message)
        }
        return copy
    }
}
