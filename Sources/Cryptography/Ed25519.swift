/// Verification of Ed25519 signatures by the rule of ZIP-215, which every replica must share.
///
/// A signature (R, S) on M by A is valid if and only if
/// 1. A and R decode to points (values of p and above and a sign on x = 0 are accepted),
/// 2. S, read as 256 bits, is below L, and
/// 3. [8][S]B = [8]R + [8][k]A, where k = SHA-512(R ‖ A ‖ M) modulo L over the bytes as received.
///
/// The factor 8 makes single and batch verification agree on every input; verifiers without it do
/// not. It costs no security: who forges a signature under rule 3 breaks the discrete logarithm
/// just as well. Keys of small order are accepted and verify for every message: whoever registers a
/// key may refuse them. Signing is not here; it belongs to whoever holds secrets.
///
/// Variable time: public data only. Source: RFC 8032; ZIP-215; Chalkias, Garillot and Nikolaenko,
/// "Taming the many EdDSAs" (2020).
public import Canonical

/// Verification of Ed25519 signatures.
public enum Ed25519 {
    /// Whether `signature` is one of `message` by `key`. O(`message.count`).
    public static func verify(
        _ signature: Signature, of message: [UInt8], by key: PublicKey
    ) -> Bool {
        guard let verifyingKey = VerifyingKey(key) else { return false }
        return verify(signature, of: message, by: verifyingKey)
    }

    /// Whether `signature` is one of `message` by `key`, whose point is known. A seventh faster.
    public static func verify(
        _ signature: Signature, of message: [UInt8], by key: VerifyingKey
    ) -> Bool {
        verify(signature, of: SignedMessage(message), by: key)
    }

    private static func verify(
        _ signature: Signature, of message: SignedMessage, by key: VerifyingKey
    ) -> Bool {
        guard let claim = SignatureClaim(signature, of: message, by: key) else { return false }
        return claim.holds
    }
}

/// A public key with the curve point that it encodes and small multiples of it, for those who
/// verify often: 1.3 KB.
public struct VerifyingKey: Sendable {
    /// The key as it stands on the wire, which is what is hashed.
    public let publicKey: PublicKey
    let point: EdwardsPoint
    /// 1, 3, … 15 times the point.
    let oddMultiples: [AddendPoint]

    /// The key with its point, or nil where the bytes encode no point.
    public init?(_ publicKey: PublicKey) {
        guard let point = EdwardsPoint(decoding: publicKey.storage) else { return nil }
        self.publicKey = publicKey
        self.point = point
        oddMultiples = MultiScalar.oddMultiples(of: point)
    }

    /// Whether the key's order divides 8, so that it verifies signatures nobody made. O(1).
    public var hasSmallOrder: Bool { point.projective.hasSmallOrder }
}

/// A well-formed signature with everything decoded: rules 1 and 2 hold, rule 3 is open.
struct SignatureClaim {
    var key: VerifyingKey
    var r: EdwardsPoint
    var s: Scalar
    /// k = SHA-512(R ‖ A ‖ M) modulo L.
    var challenge: Scalar

    init?(_ signature: Signature, of message: SignedMessage, by key: VerifyingKey) {
        guard let s = Scalar(canonical: signature.s),
            let r = EdwardsPoint(decoding: signature.r)
        else { return nil }
        self.key = key
        self.r = r
        self.s = s
        var hash = SHA512()
        hash.update(signature.r)
        hash.update(key.publicKey.storage)
        if let label = message.label { hash.update(label.header) }
        hash.update(message.storage, 0..<message.count)
        challenge = Scalar(reducing: hash.littleEndianWords())
    }

    /// Rule 3: whether R + [k]A − [S]B has an order that divides 8.
    var holds: Bool {
        var sum = MultiScalar(capacity: 1)
        sum.add(challenge, times: key)
        let difference = sum.sum(plusBase: -s).plus(r)
        return difference.hasSmallOrder
    }
}
