/// Verification of ECDSA signatures on secp256k1, as Ethereum wallets make them: the key is known
/// by its address and is recovered from the signature.
///
/// A signature (r, s, parity) on a 32-byte digest z is valid for an address if and only if
/// 1. r and s are in `[1, n)`, s is at most (n − 1) / 2, and parity is 0 or 1,
/// 2. x = r and that parity of y name a point R of the curve, and
/// 3. Q = r⁻¹ (s R − z B) is not the neutral element, and Keccak-256 of its coordinates ends in the
///    address.
///
/// Without the bound on s, (r, n − s, 1 − parity) would be a second signature that anyone can make
/// from the first (EIP-2, and libsecp256k1 by default). A point whose x lies between n and p would
/// need a third bit; nobody meets one by chance (probability 2⁻¹²⁷), and none is accepted.
///
/// Variable time: public data only. Source: SEC 1 version 2.0, sections 4.1.4 and 4.1.6; Ethereum
/// Yellow Paper, appendix F.
public import Canonical

/// Verification of ECDSA signatures on secp256k1.
public enum Secp256k1 {
    /// The address of the only key that can have made the signature, or nil where none can.
    ///
    /// - Parameters:
    ///   - digest: what was signed, highest byte first.
    ///   - r, s: the signature, highest byte first.
    ///   - parity: whether y of R is odd: 0 or 1 (a wallet's v less 27).
    public static func recoveredAddress(
        digest: Bytes32, r: Bytes32, s: Bytes32, parity: UInt8
    ) -> EthereumAddress? {
        guard let claim = ECDSAClaim(digest: digest, r: r, s: s), parity <= 1,
            let commitment = Secp256k1AffinePoint(
                x: Secp256k1Field(bigEndian: r), isOdd: parity == 1)
        else { return nil }
        let inverse = claim.r.inverse
        let point = Secp256k1Point.sum(
            claim.s * inverse, times: commitment, plusBase: -(claim.digest * inverse))
        return point.affine.map { Secp256k1PublicKey($0).address }
    }

    /// Whether (r, s) is a signature of `digest` by `publicKey`; s above (n − 1) / 2 is refused.
    ///
    /// - Parameters:
    ///   - digest: what was signed, highest byte first.
    ///   - r, s: the signature, highest byte first.
    public static func isValid(
        digest: Bytes32, publicKey: Secp256k1PublicKey, r: Bytes32, s: Bytes32
    ) -> Bool {
        guard let claim = ECDSAClaim(digest: digest, r: r, s: s) else { return false }
        let inverse = claim.s.inverse
        let point = Secp256k1Point.sum(
            claim.r * inverse, times: publicKey.point, plusBase: claim.digest * inverse)
        guard let affine = point.affine else { return false }
        // x modulo n must be r, so x is r or r + n. Reducing x once tells both.
        let residue = Secp256k1Scalar(reducing: affine.x.bigEndianBytes)
        return residue == claim.r
    }
}

/// A point of secp256k1 as a public key; it is on the curve and not the neutral element.
public struct Secp256k1PublicKey: Sendable {
    let point: Secp256k1AffinePoint

    init(_ point: Secp256k1AffinePoint) { self.point = point }

    /// The key with those coordinates, highest byte first, or nil where they are p or more or off
    /// the curve.
    public init?(x: Bytes32, y: Bytes32) {
        point = Secp256k1AffinePoint(
            x: Secp256k1Field(bigEndian: x), y: Secp256k1Field(bigEndian: y))
        guard point.x.bigEndianBytes == x, point.y.bigEndianBytes == y, point.isOnCurve else {
            return nil
        }
    }

    /// The last twenty bytes of Keccak-256 of the coordinates.
    public var address: EthereumAddress {
        var hash = Keccak256()
        hash.update(point.x.bigEndianBytes)
        hash.update(point.y.bigEndianBytes)
        return EthereumAddress(publicKeyHash: hash.finalize())
    }
}

/// A signature with its numbers read: rule 1 holds but for the parity.
private struct ECDSAClaim {
    var digest: Secp256k1Scalar
    var r: Secp256k1Scalar
    var s: Secp256k1Scalar

    init?(digest: Bytes32, r: Bytes32, s: Bytes32) {
        guard let r = Secp256k1Scalar(inRange: r), let s = Secp256k1Scalar(inRange: s), !s.isHigh
        else { return nil }
        self.digest = Secp256k1Scalar(reducing: digest)
        self.r = r
        self.s = s
    }
}
