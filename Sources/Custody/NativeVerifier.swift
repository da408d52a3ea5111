/// The verifier of a node: the verdicts of `PortableVerifier`, from several threads and C
/// libraries. Ed25519 runs through our own batches, since libsodium follows another rule than
/// ZIP-215 (decision 0013); Ethereum signatures go to libsecp256k1.
package import Canonical
package import Cryptography

/// Verifies with a fixed number of threads.
package final class NativeVerifier: SignatureVerifier {
    /// Statements that one worker takes at a time, and the most in one batch. Larger batches take
    /// as long per signature, and cost more where one is false.
    static let pieceSize = 64

    /// Keys whose points are kept, about 12 MB.
    static let keyCapacity = 8_192

    private let pool: WorkerPool
    private let keys: KeyMemory

    /// A verifier that works on `workers` cores, the caller's included; 1 or more.
    package convenience init(workers: Int) {
        self.init(workers: workers, keyCapacity: Self.keyCapacity)
    }

    /// The same with another number of kept keys; 1 or more.
    init(workers: Int, keyCapacity: Int) {
        keys = KeyMemory(capacity: keyCapacity)
        pool = WorkerPool(workers: workers)
    }

    /// Whether each statement's signature is valid, in order. May be called from several threads.
    package func verify(_ statements: [SignedStatement]) -> [Bool] {
        let pieces = stride(from: 0, to: statements.count, by: Self.pieceSize).map { start in
            statements[start..<min(statements.count, start + Self.pieceSize)]
        }
        return pool.map(pieces) { [keys] piece in
            NativeVerifier.verdicts(Array(piece), keys)
        }.flatMap { $0 }
    }

    /// Signatures that one worker recovers at a time: those of an update of Pyth go to two.
    private static let recoveryPieceSize = 8

    /// Who made each signature, in order: the answers of `PortableVerifier`.
    package func recover(_ signatures: [RecoverableSignature]) -> [EthereumAddress?] {
        let size = Self.recoveryPieceSize
        let pieces = stride(from: 0, to: signatures.count, by: size).map { start in
            signatures[start..<min(signatures.count, start + size)]
        }
        return pool.map(pieces) { piece in
            piece.map {
                NativeSecp256k1.recoveredAddress(
                    digest: $0.digest, r: $0.r, s: $0.s, parity: $0.parity)
            }
        }.flatMap { $0 }
    }

    private static func verdicts(_ statements: [SignedStatement], _ keys: KeyMemory) -> [Bool] {
        var verdicts = Ed25519.verify(
            statements, batch: pieceSize, key: keys.verifyingKey)
        for (index, statement) in statements.enumerated() {
            guard case .ethereum(let address) = statement.key,
                case .ethereum(let r, let s, let parity) = statement.signature,
                let digest = statement.message.digest
            else { continue }
            let signer = NativeSecp256k1.recoveredAddress(
                digest: digest, r: r, s: s, parity: parity)
            verdicts[index] = signer == address
        }
        return verdicts
    }
}
