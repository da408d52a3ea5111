/// What the ledger needs of signatures: verdicts on a list of signed statements. The ledger is
/// generic over it, so that a node may bring a verifier that remembers what admission has already
/// verified; the verdicts must be those of ZIP-215 in every build. Source: the design of the state
/// machine (`ARCHITECTURE.md`).
public import Canonical

/// That `key` signed `message`, as someone claims.
public struct SignedStatement: Sendable {
    /// The key that is said to have signed.
    public var key: PublicKey
    /// The bytes that are said to be signed.
    public var message: [UInt8]
    /// The signature.
    public var signature: Signature

    /// The claim that `key` made `signature` on `message`.
    public init(key: PublicKey, message: [UInt8], signature: Signature) {
        self.key = key
        self.message = message
        self.signature = signature
    }
}

/// Gives verdicts on signed statements.
public protocol SignatureVerifier: Sendable {
    /// Whether each statement's signature is valid by the rule of ZIP-215, in order.
    ///
    /// A pure function of `statements`: equal in every process, build and machine.
    func verify(_ statements: [SignedStatement]) -> [Bool]
}

/// The verifier in Swift: batches of up to 64, with no memory between calls.
public struct Ed25519Verifier: SignatureVerifier {
    /// A verifier; it holds nothing.
    public init() {}

    /// Whether each statement's signature is valid by the rule of ZIP-215, in order. O(total length
    /// of the messages), and a constant per signature.
    public func verify(_ statements: [SignedStatement]) -> [Bool] {
        Ed25519.verify(statements)
    }
}
