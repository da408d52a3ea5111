/// What the ledger needs of signatures: verdicts on a list of signed statements. The ledger is
/// generic over it, so that a node may bring a verifier that remembers what admission has already
/// verified; the verdicts must be the same in every build. Source: the design of the state machine
/// (`ARCHITECTURE.md`).
public import Canonical

/// The bytes that are signed: a label's header, if there is one, and the first bytes of an array.
/// Whoever holds an encoding whose last field is the signature passes it on without a copy.
public struct SignedMessage: Sendable {
    /// What the bytes are signed as; nil where they are signed by themselves.
    public let label: HashLabel?
    /// The signed bytes, and behind them what is not signed.
    let storage: [UInt8]
    /// How many bytes are signed, without the label's header.
    public let count: Int

    /// All of `bytes`, without a header.
    public init(_ bytes: [UInt8]) {
        label = nil
        storage = bytes
        count = bytes.count
    }

    /// The header of `label`, and `bytes` without the last `unsigned`.
    ///
    /// - Precondition: `bytes` has `unsigned` bytes or more.
    public init(label: HashLabel, _ bytes: [UInt8], unsigned: Int = 0) {
        precondition(
            unsigned >= 0 && unsigned <= bytes.count,
            "Invariant: \(unsigned) bytes can be left out of \(bytes.count)")
        self.label = label
        storage = bytes
        count = bytes.count - unsigned
    }

    /// The 32 bytes that an Ethereum key signs; nil where this is not the digest of something.
    public var digest: Bytes32? {
        label == nil && count == 32 ? Bytes32(storage) : nil
    }

    /// The bytes in one piece. O(length); nothing is copied where there is no header.
    public var bytes: [UInt8] {
        let body = count == storage.count ? storage : Array(storage[..<count])
        guard let label else { return body }
        return label.header + body
    }
}

extension SignedMessage: Equatable {
    /// Whether label and signed bytes are the same; what stands behind them does not matter.
    public static func == (left: SignedMessage, right: SignedMessage) -> Bool {
        guard left.label == right.label, left.count == right.count else { return false }
        return left.storage[..<left.count].elementsEqual(right.storage[..<right.count])
    }
}

/// That `key` signed `message`, as someone claims.
///
/// The key's kind and the signature's must be the same; if they are not, no verifier accepts it.
public struct SignedStatement: Sendable {
    /// The key that is said to have signed.
    public var key: SignerKey
    /// The bytes that are said to be signed; for an Ethereum key the 32 bytes of a digest.
    public var message: SignedMessage
    /// The signature.
    public var signature: SignerSignature

    /// The claim that `key` made `signature` on `message`.
    public init(key: SignerKey, message: SignedMessage, signature: SignerSignature) {
        self.key = key
        self.message = message
        self.signature = signature
    }

    /// The claim that an Ed25519 key made `signature` on `message`.
    public init(key: PublicKey, message: SignedMessage, signature: Signature) {
        self.init(key: .ed25519(key), message: message, signature: .ed25519(signature))
    }

    /// The claim that an Ed25519 key made `signature` on the bytes of `message`, without a label.
    public init(key: PublicKey, message: [UInt8], signature: Signature) {
        self.init(key: key, message: SignedMessage(message), signature: signature)
    }
}

/// An ECDSA signature on secp256k1 whose maker is asked for, not claimed: that is how the signers
/// of other chains are known.
public struct RecoverableSignature: Equatable, Sendable {
    /// What was signed, highest byte first.
    public let digest: Bytes32
    /// The signature, highest byte first.
    public let r: Bytes32
    public let s: Bytes32
    /// Whether y of the signature's point is odd: 0 or 1.
    public let parity: UInt8

    public init(digest: Bytes32, r: Bytes32, s: Bytes32, parity: UInt8) {
        self.digest = digest
        self.r = r
        self.s = s
        self.parity = parity
    }
}

/// Gives verdicts on signed statements.
public protocol SignatureVerifier: Sendable {
    /// Whether each statement's signature is valid, in order: Ed25519 by the rule of ZIP-215,
    /// Ethereum by recovery with the lower of the two possible s.
    ///
    /// A pure function of `statements`: equal in every process, build and machine.
    func verify(_ statements: [SignedStatement]) -> [Bool]

    /// Who made each signature, in order; nil where nobody can have, or s is high.
    ///
    /// A pure function of `signatures`: equal in every process, build and machine.
    func recover(_ signatures: [RecoverableSignature]) -> [EthereumAddress?]
}

extension SignatureVerifier {
    /// In Swift, one by one.
    public func recover(_ signatures: [RecoverableSignature]) -> [EthereumAddress?] {
        signatures.map {
            Secp256k1.recoveredAddress(digest: $0.digest, r: $0.r, s: $0.s, parity: $0.parity)
        }
    }
}

/// The verifier in Swift: Ed25519 in batches of up to 64, Ethereum one by one, with no memory
/// between calls.
public struct PortableVerifier: SignatureVerifier {
    /// A verifier; it holds nothing.
    public init() {}

    /// Whether each statement's signature is valid, in order. O(total length of the messages), and
    /// a constant per signature.
    public func verify(_ statements: [SignedStatement]) -> [Bool] {
        var verdicts = Ed25519.verify(statements)
        for place in statements.indices {
            if case .ethereum(let address) = statements[place].key {
                verdicts[place] = PortableVerifier.accepts(statements[place], by: address)
            }
        }
        return verdicts
    }

    /// Whether an Ethereum signature over a digest leads back to `address`.
    private static func accepts(
        _ statement: SignedStatement, by address: EthereumAddress
    ) -> Bool {
        guard case .ethereum(let r, let s, let parity) = statement.signature,
            let digest = statement.message.digest
        else { return false }
        return Secp256k1.recoveredAddress(digest: digest, r: r, s: s, parity: parity) == address
    }
}
