/// Verification of many Ed25519 signatures at once. A batch is accepted as a whole if
///
///     [8] ( Σ zᵢ Rᵢ + Σ zᵢ kᵢ Aᵢ − [Σ zᵢ Sᵢ] B ) = 0,
///
/// with zᵢ of 128 bits. They are not random but drawn from SHA-512 over the whole batch, so that
/// every replica computes the same; a batch with a wrong signature that passes must be searched for
/// with some 2¹²⁷ hashes. Where the equation fails, each signature is verified by itself, so batch
/// and single verification give the same verdicts. Keys that occur more than once count once.
/// Variable time: public data only. Source: Bernstein and others, "High-speed high-security
/// signatures" (2011), section 5; ZIP-215 on agreement; Chalkias, Garillot and Nikolaenko (2020).
public import Canonical

extension Ed25519 {
    /// Below this many signatures the batch equation saves nothing.
    static let smallestBatch = 4
    /// The most signatures in one equation, where nothing else is asked for; its tables fill 160
    /// KB.
    static let usualBatch = 64

    /// Whether each statement's signature is valid, in order; the verdicts are those of
    /// `verify(_:of:by:)`, and false for statements of another kind of key. About half the time of
    /// single verification where all are valid, and half as much again where one of 64 is not.
    public static func verify(_ statements: [SignedStatement]) -> [Bool] {
        verify(statements, batch: usualBatch, key: VerifyingKey.init)
    }

    /// The same verdicts with at most `batch` signatures in one equation, and with `key` to make
    /// the point of a key, for those who keep some; it must give what `VerifyingKey.init` gives.
    ///
    /// - Precondition: `batch` is 1 or more.
    public static func verify(
        _ statements: [SignedStatement], batch: Int, key makeKey: (PublicKey) -> VerifyingKey?
    ) -> [Bool] {
        precondition(batch > 0, "Invariant: a batch has room, here for \(batch)")
        var verdicts = [Bool](repeating: false, count: statements.count)
        var pending: [PendingClaim] = []
        pending.reserveCapacity(statements.count)
        var lastKey: PublicKey?
        var verifyingKey: VerifyingKey?
        var keyNumber: Int32 = 0
        for (publicKey, index) in orderedByKey(statements) {
            if publicKey != lastKey {
                lastKey = publicKey
                verifyingKey = makeKey(publicKey)
                keyNumber += 1
            }
            guard let key = verifyingKey,
                case .ed25519(let signature) = statements[Int(index)].signature,
                let claim = SignatureClaim(
                    signature, of: statements[Int(index)].message, by: key)
            else { continue }
            pending.append(
                PendingClaim(
                    claim: claim, index: index, keyNumber: keyNumber,
                    statement: (publicKey, signature)))
        }
        var start = 0
        while start < pending.count {
            let end = min(pending.count, start + batch)
            let part = pending[start..<end]
            let allHold = part.count >= smallestBatch && batchEquationHolds(part)
            for entry in part { verdicts[Int(entry.index)] = allHold || entry.claim.holds }
            start = end
        }
        return verdicts
    }

    /// The statements of Ed25519 keys, those of one key together.
    private static func orderedByKey(
        _ statements: [SignedStatement]
    ) -> [(key: PublicKey, index: Int32)] {
        var order: [(key: PublicKey, index: Int32)] = []
        order.reserveCapacity(statements.count)
        for index in statements.indices {
            guard case .ed25519(let key) = statements[index].key else { continue }
            order.append((key, Int32(truncatingIfNeeded: index)))
        }
        order.sort { left, right in
            left.key != right.key ? left.key < right.key : left.index < right.index
        }
        return order
    }

    private static func batchEquationHolds(_ batch: ArraySlice<PendingClaim>) -> Bool {
        let coefficients = BatchCoefficients(batch)
        var sum = MultiScalar(capacity: 2 * batch.count)
        var baseScalar = Scalar.zero
        var keyScalar = Scalar.zero
        var position = 0
        for index in batch.indices {
            let entry = batch[index]
            let coefficient = coefficients[position]
            baseScalar = baseScalar + coefficient * entry.claim.s
            keyScalar = keyScalar + coefficient * entry.claim.challenge
            let next = index + 1
            if next == batch.endIndex || batch[next].keyNumber != entry.keyNumber {
                sum.add(keyScalar, times: entry.claim.key)
                keyScalar = .zero
            }
            position += 1
        }
        position = 0
        for entry in batch {
            sum.addShort(coefficients[position], times: entry.claim.r)
            position += 1
        }
        return sum.sum(plusBase: -baseScalar).hasSmallOrder
    }
}

/// A decoded signature on its way through a batch.
struct PendingClaim {
    var claim: SignatureClaim
    /// Its place among the statements.
    var index: Int32
    /// Equal for equal keys; claims with one key stand together.
    var keyNumber: Int32
    var statement: (key: PublicKey, signature: Signature)
}

/// The coefficients zᵢ of a batch, odd and below 2¹²⁸.
///
/// The seed is SHA-512 over a header, the number of claims, and A, R, S and k of each (k stands for
/// the message); block j of coefficients 4 j to 4 j + 3 is SHA-512 over the seed and j.
private struct BatchCoefficients {
    private var words: [UInt64] = []

    init(_ batch: ArraySlice<PendingClaim>) {
        var transcript = SHA512()
        transcript.update(Array("rampart/ed25519-batch/1".utf8))
        transcript.update(Bytes32(integer: UInt64(batch.count)))
        for entry in batch {
            transcript.update(entry.statement.key.storage)
            transcript.update(entry.statement.signature.r)
            transcript.update(entry.statement.signature.s)
            transcript.update(entry.claim.challenge.bytes)
        }
        let seed = transcript.finalize()
        words.reserveCapacity(2 * batch.count + 8)
        var block: UInt64 = 0
        while words.count < 2 * batch.count {
            var hash = SHA512()
            hash.update(seed)
            hash.update(Bytes32(integer: block))
            let output = hash.littleEndianWords()
            for index in 0..<8 { words.append(output[index]) }
            block += 1
        }
    }

    subscript(index: Int) -> Scalar {
        Scalar(low: words[2 * index] | 1, high: words[2 * index + 1])
    }
}

extension Bytes32 {
    /// A small integer, lowest byte first.
    fileprivate init(integer: UInt64) {
        self.init()
        word0 = integer
    }
}
