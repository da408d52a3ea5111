// The memory of admitted signatures is asked to lie in every way there is: it may answer only for
// what is equal in key, signed bytes and signature, and it stays within its bounds.
import Canonical
import Cryptography
import Synchronization
import TestKit
import Testing

@testable import Custody

/// Refuses everything, and counts what it was asked.
private final class Refusing: SignatureVerifier {
    private let counter = Mutex(0)
    var asked: Int { counter.withLock { $0 } }

    func verify(_ statements: [SignedStatement]) -> [Bool] {
        counter.withLock { $0 += statements.count }
        return [Bool](repeating: false, count: statements.count)
    }
}

struct AdmittedSignaturesTests {
    private var numbers = SeededGenerator(seed: 51)

    private func memory() -> AdmittedSignatures {
        AdmittedSignatures(capacity: 8, bytes: 10_000)
    }

    /// Whether the memory alone vouches for `statement`.
    private func vouches(_ memory: AdmittedSignatures, _ statement: SignedStatement) -> Bool {
        RememberingVerifier(memory, inner: Refusing()).verify([statement]) == [true]
    }

    @Test mutating func `what was remembered is vouched for, nothing else`() {
        let memory = memory()
        let known = [Statements.ed25519(&numbers), Statements.ethereum(&numbers)]
        let unknown = [Statements.ed25519(&numbers), Statements.ethereum(&numbers)]
        for statement in known { memory.insert(statement) }
        for statement in known { #expect(vouches(memory, statement)) }
        for statement in unknown { #expect(!vouches(memory, statement)) }
    }

    @Test mutating func `another key with the same bytes and signature is not vouched for`() {
        // After a rotation the account's key is another, and the old signature must not pass.
        let memory = memory()
        for statement in [Statements.ed25519(&numbers), Statements.ethereum(&numbers)] {
            memory.insert(statement)
            for other in [Statements.ed25519(&numbers).key, Statements.ethereum(&numbers).key] {
                var stolen = statement
                stolen.key = other
                #expect(!vouches(memory, stolen))
            }
        }
    }

    @Test mutating func `other bytes with the same key and signature are not vouched for`() {
        let memory = memory()
        let body = Array(UInt8(0)..<100)
        var statement = Statements.ed25519(&numbers)
        statement.message = SignedMessage(label: .transaction, body, unsigned: 64)
        memory.insert(statement)
        #expect(vouches(memory, statement))
        var longer = body
        longer[35] ^= 1
        let others = [
            SignedMessage(label: .observation, body, unsigned: 64),
            SignedMessage(Array(body.prefix(36))),
            SignedMessage(label: .transaction, body, unsigned: 63),
            SignedMessage(label: .transaction, body, unsigned: 65),
            SignedMessage(label: .transaction, longer, unsigned: 64), SignedMessage([]),
        ]
        for other in others {
            var changed = statement
            changed.message = other
            #expect(!vouches(memory, changed))
        }
        // What stands behind the signed bytes is not signed, and does not matter.
        var behind = body
        behind[36] ^= 1
        statement.message = SignedMessage(label: .transaction, behind, unsigned: 64)
        #expect(vouches(memory, statement))
    }

    @Test mutating func `a signature that differs in any bit is not vouched for`() {
        let memory = memory()
        for statement in [Statements.ed25519(&numbers), Statements.ethereum(&numbers)] {
            memory.insert(statement)
            for changed in Self.mutations(of: statement) { #expect(!vouches(memory, changed)) }
        }
    }

    /// The statement with each single bit of its signature changed.
    private static func mutations(of statement: SignedStatement) -> [SignedStatement] {
        func flips(_ value: Bytes32) -> [Bytes32] {
            (0..<256).map { bit in
                var copy = value.bytes
                copy[bit / 8] ^= 1 << UInt8(bit % 8)
                return Bytes32(copy)
            }
        }
        let signatures: [SignerSignature] =
            switch statement.signature {
            case .ed25519(let whole):
                flips(whole.r).map { .ed25519(Signature(r: $0, s: whole.s)) }
                    + flips(whole.s).map { .ed25519(Signature(r: whole.r, s: $0)) }
            case .ethereum(let r, let s, let parity):
                flips(r).map { .ethereum(r: $0, s: s, parity: parity) }
                    + flips(s).map { .ethereum(r: r, s: $0, parity: parity) }
                    + [.ethereum(r: r, s: s, parity: 1 - parity)]
            }
        return signatures.map {
            SignedStatement(key: statement.key, message: statement.message, signature: $0)
        }
    }

    @Test mutating func `only what is not remembered is passed on, in order`() {
        let memory = memory()
        let statements = (0..<6).map { _ in Statements.ed25519(&numbers) }
        for index in [1, 4] { memory.insert(statements[index]) }
        let inner = Refusing()
        let verdicts = RememberingVerifier(memory, inner: inner).verify(statements)
        #expect(verdicts == [false, true, false, false, true, false])
        #expect(inner.asked == 4)
        let native = RememberingVerifier(memory, inner: NativeVerifier(workers: 1))
        var mixed = statements
        mixed[2] = Statements.corrupted(mixed[2], &numbers)
        #expect(native.verify(mixed) == [true, true, false, true, true, true])
        #expect(RememberingVerifier(memory, inner: inner).verify([]) == [])
    }

    @Test mutating func `the oldest are forgotten beyond the capacity`() {
        let memory = memory()
        let statements = (0..<9).map { _ in Statements.ed25519(&numbers) }
        for statement in statements.prefix(8) { memory.insert(statement) }
        #expect(memory.contain(statements) == [Bool](repeating: true, count: 8) + [false])
        memory.insert(statements[8])
        #expect(memory.contain(statements) == [false] + [Bool](repeating: true, count: 8))
        #expect(memory.count == 8)
    }

    @Test mutating func `what comes again counts as new, and once`() {
        let memory = memory()
        let statements = (0..<9).map { _ in Statements.ed25519(&numbers) }
        for statement in statements.prefix(7) { memory.insert(statement) }
        memory.insert(statements[0])
        #expect(memory.count == 7)
        memory.insert(statements[7])
        #expect(memory.contain([statements[0], statements[7]]) == [true, true])
        for _ in 0..<100 { memory.insert(statements[8]) }
        #expect(memory.count <= 8)
        #expect(vouches(memory, statements[8]))
    }

    @Test mutating func `messages take no more bytes than allowed`() {
        let memory = AdmittedSignatures(capacity: 100, bytes: 1_000)
        func statement(_ size: Int) -> SignedStatement {
            var statement = Statements.ed25519(&numbers)
            statement.message = SignedMessage([UInt8](repeating: 1, count: size))
            return statement
        }
        let first = statement(600)
        let second = statement(400)
        memory.insert(first)
        memory.insert(second)
        #expect(memory.contain([first, second]) == [true, true])
        let third = statement(1)
        memory.insert(third)
        #expect(memory.contain([first, second, third]) == [false, true, true])
        let tooLong = statement(1_001)
        memory.insert(tooLong)
        #expect(memory.contain([second, third, tooLong]) == [true, true, false])
    }
}
