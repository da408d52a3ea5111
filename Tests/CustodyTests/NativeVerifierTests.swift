// The native verifier gives the verdicts of the portable one: on good, corrupted and crafted
// statements of both kinds, with any number of workers, from any number of threads.
import Canonical
import Cryptography
import Foundation
import TestKit
import Testing

@testable import Custody

struct NativeVerifierTests {
    private func agree(_ statements: [SignedStatement], workers: Int = 2) {
        let portable = PortableVerifier().verify(statements)
        let native = NativeVerifier(workers: workers).verify(statements)
        #expect(native.count == statements.count)
        for index in statements.indices where native[index] != portable[index] {
            Issue.record("statement \(index) of \(statements.count): \(statements[index])")
        }
    }

    @Test func `good statements of both kinds are accepted, at any number`() {
        var numbers = SeededGenerator(seed: 31)
        for count in [0, 1, 2, 127, 128, 129, 300] {
            let statements = (0..<count).map { number in
                number % 7 == 0 ? Statements.ethereum(&numbers) : Statements.ed25519(&numbers)
            }
            for workers in [1, 2, 3] {
                #expect(
                    NativeVerifier(workers: workers).verify(statements)
                        == [Bool](repeating: true, count: count))
            }
        }
    }

    @Test func `whose a signature is, is what the portable verifier says`() {
        var numbers = SeededGenerator(seed: 34)
        for count in [0, 1, 8, 9, 30] {
            let signatures = (0..<count).compactMap { number -> RecoverableSignature? in
                var statement = Statements.ethereum(&numbers)
                if number % 3 == 2 { statement = Statements.corrupted(statement, &numbers) }
                guard case .ethereum(let r, let s, let parity) = statement.signature,
                    let digest = statement.message.digest
                else { return nil }
                return RecoverableSignature(digest: digest, r: r, s: s, parity: parity)
            }
            let expected = PortableVerifier().recover(signatures)
            for workers in [1, 2, 3] {
                let native = NativeVerifier(workers: workers)
                #expect(native.recover(signatures) == expected)
                let memory = AdmittedSignatures(capacity: 1, bytes: 1_000)
                #expect(
                    RememberingVerifier(memory, inner: native).recover(signatures) == expected)
            }
        }
    }

    @Test func `a recovery leads to the key that signed, or nowhere`() {
        var numbers = SeededGenerator(seed: 35)
        let statement = Statements.ethereum(&numbers)
        guard case .ethereum(let r, let s, let parity) = statement.signature,
            case .ethereum(let address) = statement.key, let digest = statement.message.digest
        else {
            Issue.record("it is of an Ethereum key")
            return
        }
        let good = RecoverableSignature(digest: digest, r: r, s: s, parity: parity)
        let unknown = RecoverableSignature(digest: digest, r: r, s: s, parity: 2)
        let zero = RecoverableSignature(digest: digest, r: Bytes32(), s: s, parity: 0)
        let found = NativeVerifier(workers: 1).recover([good, unknown, zero])
        #expect(found == [address, nil, nil])
        #expect(PortableVerifier().recover([good, unknown, zero]) == found)
    }

    @Test func `a bad statement is found at every place, and alone`() {
        var numbers = SeededGenerator(seed: 32)
        let good = (0..<260).map { number in
            number % 5 == 0 ? Statements.ethereum(&numbers) : Statements.ed25519(&numbers)
        }
        for place in [0, 1, 127, 128, 255, 259] {
            var statements = good
            statements[place] = Statements.corrupted(statements[place], &numbers)
            let expected = statements.indices.map { $0 != place }
            #expect(NativeVerifier(workers: 2).verify(statements) == expected)
        }
    }

    @Test func `corrupted statements have the portable verdict`() {
        var numbers = SeededGenerator(seed: 33)
        for _ in 0..<6 {
            let statements = (0..<200).map { number -> SignedStatement in
                let statement =
                    number % 2 == 0 ? Statements.ethereum(&numbers) : Statements.ed25519(&numbers)
                return Int.random(in: 0..<3, using: &numbers) == 0
                    ? Statements.corrupted(statement, &numbers) : statement
            }
            agree(statements)
        }
    }

    @Test(.sharedFiles) func `crafted Ed25519 signatures have the portable verdict`() throws {
        let crafted = try Statements.crafted()
        #expect(crafted.count >= 1_100)
        agree(crafted)
        var numbers = SeededGenerator(seed: 34)
        agree(crafted.shuffled(using: &numbers))
        let mixed = crafted + (0..<500).map { _ in Statements.ed25519(&numbers) }
        agree(mixed.shuffled(using: &numbers))
    }

    @Test(.sharedFiles) func `kept keys change no verdict, however few are kept`() throws {
        var numbers = SeededGenerator(seed: 38)
        var statements =
            try Statements.crafted()
            + (0..<100).map { _ in
                Statements.ed25519(&numbers)
            }
        for capacity in [1, 7, 4_096] {
            let verifier = NativeVerifier(workers: 2, keyCapacity: capacity)
            for _ in 0..<3 {
                statements.shuffle(using: &numbers)
                #expect(
                    verifier.verify(statements) == PortableVerifier().verify(statements),
                    "\(capacity) keys")
            }
        }
    }

    @Test func `the memory of keys gives each key its own point`() {
        var numbers = SeededGenerator(seed: 39)
        let memory = KeyMemory(capacity: 2)
        let keys = (0..<8).map { _ in SigningKey.generate(using: &numbers).publicKey }
        for _ in 0..<3 {
            for key in keys { #expect(memory.verifyingKey(key)?.publicKey == key) }
        }
        // y = 2 is on no point of the curve.
        let none = PublicKey(Bytes32([2] + [UInt8](repeating: 0, count: 31)))
        for _ in 0..<2 { #expect(memory.verifyingKey(none) == nil) }
    }

    @Test func `a key and a signature of different kinds never agree`() {
        var numbers = SeededGenerator(seed: 35)
        let first = Statements.ed25519(&numbers)
        let second = Statements.ethereum(&numbers)
        let crossed = [
            SignedStatement(key: first.key, message: first.message, signature: second.signature),
            SignedStatement(key: second.key, message: second.message, signature: first.signature),
        ]
        #expect(NativeVerifier(workers: 1).verify(crossed) == [false, false])
        agree(crossed)
    }

    @Test func `an Ethereum key signs 32 bytes without a label and nothing else`() {
        var numbers = SeededGenerator(seed: 36)
        let good = Statements.ethereum(&numbers)
        let digest = good.message.bytes
        let messages = [
            SignedMessage(digest + [0]), SignedMessage(Array(digest.dropLast())),
            SignedMessage(label: .transaction, digest),
        ]
        let statements = messages.map {
            SignedStatement(key: good.key, message: $0, signature: good.signature)
        }
        #expect(NativeVerifier(workers: 1).verify(statements) == [false, false, false])
        agree(statements)
    }

    @Test func `several threads may ask one verifier at once`() {
        var numbers = SeededGenerator(seed: 37)
        let lists = (0..<6).map { _ in
            (0..<150).map { number -> SignedStatement in
                let statement = Statements.ed25519(&numbers)
                return number % 40 == 3 ? Statements.corrupted(statement, &numbers) : statement
            }
        }
        let verifier = NativeVerifier(workers: 3)
        let expected = lists.map { PortableVerifier().verify($0) }
        let pool = WorkerPool(workers: 4)
        #expect(pool.map(lists) { verifier.verify($0) } == expected)
    }
}

struct WorkerPoolTests {
    @Test func `the outputs stand in the order of the inputs`() {
        for workers in [-1, 0, 1, 2, 5] {
            let pool = WorkerPool(workers: workers)
            #expect(pool.workers == max(1, workers))
            for count in [0, 1, 2, 7, 1_000] {
                let inputs = Array(0..<count)
                #expect(pool.map(inputs) { $0 * 2 } == inputs.map { $0 * 2 })
            }
        }
    }

    @Test func `a pool is used again and again, and ends`() {
        for _ in 0..<20 {
            let pool = WorkerPool(workers: 3)
            for round in 0..<50 { #expect(pool.map([1, 2, 3]) { $0 + round }[2] == 3 + round) }
        }
    }

    @Test func `a pool may be asked from within its own work`() {
        let pool = WorkerPool(workers: 2)
        let sums = pool.map([10, 20, 30, 40]) { size in
            pool.map(Array(0..<size)) { $0 }.reduce(0, +)
        }
        #expect(sums == [45, 190, 435, 780])
    }
}
