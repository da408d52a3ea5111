/// What admission has verified, so that the engine need not verify it again. The memory answers for
/// a statement only if key, signed bytes and signature are all equal to those of one that was
/// remembered; whatever else is asked goes to the verifier behind it. So it can make a verdict
/// faster, never different, also after a key of an account was exchanged.
package import Canonical
package import Cryptography
import Synchronization

/// A bounded memory of statements with a valid signature; the oldest are forgotten.
package final class AdmittedSignatures: Sendable {
    private let memory: Mutex<Memory>

    /// A memory of at most `capacity` statements with at most `bytes` bytes of messages.
    ///
    /// - Precondition: both are 1 or more.
    package init(capacity: Int, bytes: Int) {
        precondition(
            capacity > 0 && bytes > 0,
            "Invariant: a memory has room, here for \(capacity) of \(bytes) bytes")
        memory = Mutex(Memory(capacity: capacity, byteLimit: bytes))
    }

    /// The number of statements remembered.
    package var count: Int { memory.withLock { $0.count } }

    /// Remembers a statement, whose signature the caller has found valid. Never pass another.
    package func insert(_ statement: SignedStatement) {
        memory.withLock { $0.insert(statement) }
    }

    /// Whether each statement is remembered: equal in key, signed bytes and signature.
    package func contain(_ statements: [SignedStatement]) -> [Bool] {
        memory.withLock { memory in statements.map { memory.contains($0) } }
    }
}

/// The statements by their signature, and the order in which they came.
private struct Memory {
    private let capacity: Int
    private let byteLimit: Int
    private var statements: [SignatureName: (statement: SignedStatement, turn: UInt64)] = [:]
    /// Signatures by age, in a ring; a turn whose statement came again is passed over.
    private var ring: [SignatureName?]
    private var firstTurn: UInt64 = 0
    private var nextTurn: UInt64 = 0
    private var byteCount = 0

    init(capacity: Int, byteLimit: Int) {
        self.capacity = capacity
        self.byteLimit = byteLimit
        ring = [SignatureName?](repeating: nil, count: capacity)
    }

    var count: Int { statements.count }

    func contains(_ statement: SignedStatement) -> Bool {
        guard let found = statements[SignatureName(statement)]?.statement else { return false }
        return found.key == statement.key && found.signature == statement.signature
            && found.message == statement.message
    }

    mutating func insert(_ statement: SignedStatement) {
        let size = statement.message.count
        guard size <= byteLimit else { return }
        let name = SignatureName(statement)
        if let old = statements.removeValue(forKey: name) {
            byteCount -= old.statement.message.count
        }
        while nextTurn - firstTurn >= UInt64(capacity) || byteCount > byteLimit - size {
            forgetOldest()
        }
        statements[name] = (statement, nextTurn)
        ring[place(of: nextTurn)] = name
        nextTurn += 1
        byteCount += size
    }

    private mutating func forgetOldest() {
        let place = place(of: firstTurn)
        if let name = ring[place], let oldest = statements[name], oldest.turn == firstTurn {
            byteCount -= oldest.statement.message.count
            statements[name] = nil
        }
        ring[place] = nil
        firstTurn += 1
    }

    private func place(of turn: UInt64) -> Int { Int(turn % UInt64(capacity)) }
}

/// A signature as a key of a table. It is hashed under the process's random seed, so nobody can
/// choose signatures that meet in one place.
private struct SignatureName: Hashable {
    private let words: InlineArray<4, UInt64>

    /// Two words of each half: enough to find a statement, which is then compared in full.
    init(_ statement: SignedStatement) {
        switch statement.signature {
        case .ed25519(let signature):
            words = [
                signature.r.word0, signature.r.word2, signature.s.word0, signature.s.word2,
            ]
        case .ethereum(let r, let s, _):
            words = [r.word0, r.word2, s.word0, s.word2]
        }
    }

    static func == (left: SignatureName, right: SignatureName) -> Bool {
        left.words[0] == right.words[0] && left.words[1] == right.words[1]
            && left.words[2] == right.words[2] && left.words[3] == right.words[3]
    }

    func hash(into hasher: inout Hasher) {
        for index in 0..<4 { hasher.combine(words[index]) }
    }
}

/// A verifier that does not ask again for what admission has verified.
package struct RememberingVerifier<Inner: SignatureVerifier>: SignatureVerifier {
    private let admitted: AdmittedSignatures
    private let inner: Inner

    /// Answers from `admitted` where it can, and asks `inner` for the rest.
    package init(_ admitted: AdmittedSignatures, inner: Inner) {
        self.admitted = admitted
        self.inner = inner
    }

    /// Whether each statement's signature is valid, in order: the verdicts of `inner`.
    package func verify(_ statements: [SignedStatement]) -> [Bool] {
        var verdicts = admitted.contain(statements)
        let open = verdicts.indices.filter { !verdicts[$0] }
        guard !open.isEmpty else { return verdicts }
        let answers = inner.verify(open.map { statements[$0] })
        for (index, answer) in zip(open, answers) { verdicts[index] = answer }
        return verdicts
    }

    /// Who made each signature: the answers of `inner`.
    package func recover(_ signatures: [RecoverableSignature]) -> [EthereumAddress?] {
        inner.recover(signatures)
    }
}
