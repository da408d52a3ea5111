/// Recovery of Ethereum addresses by libsecp256k1: the same verdicts as `Secp256k1` in
/// Cryptography, some five times faster. Only what the portable rule leaves open is asked of the
/// library: it would also take the larger s, and the two further values of its recovery number.
import CSecp256k1
package import Canonical
import Cryptography

/// libsecp256k1, with plain values.
package enum NativeSecp256k1 {
    /// Bytes of a point as the library writes it in full: a tag, x and y.
    private static let pointSize = 65

    /// The address of the only key that can have made the signature, or nil where none can: the
    /// verdict of `Secp256k1.recoveredAddress`.
    ///
    /// - Parameters:
    ///   - digest: what was signed, highest byte first.
    ///   - r, s: the signature, highest byte first.
    ///   - parity: 0 or 1.
    package static func recoveredAddress(
        digest: Bytes32, r: Bytes32, s: Bytes32, parity: UInt8
    ) -> EthereumAddress? {
        // The library aborts on numbers above 3.
        guard parity <= 1 else { return nil }
        let context = unsafe rampart_secp256k1_static_context()
        var recoverable = secp256k1_ecdsa_recoverable_signature()
        var plain = secp256k1_ecdsa_signature()
        var point = secp256k1_pubkey()
        let isRead =
            unsafe secp256k1_ecdsa_recoverable_signature_parse_compact(
                context, &recoverable, r.bytes + s.bytes, Int32(parity)) == 1
            && secp256k1_ecdsa_recoverable_signature_convert(context, &plain, &recoverable) == 1
        guard isRead else { return nil }
        let isHigh = unsafe secp256k1_ecdsa_signature_normalize(context, nil, &plain) == 1
        guard !isHigh,
            unsafe secp256k1_ecdsa_recover(context, &point, &recoverable, digest.bytes) == 1
        else { return nil }
        return address(of: point)
    }

    /// The last twenty bytes of Keccak-256 of the coordinates.
    static func address(of point: secp256k1_pubkey) -> EthereumAddress {
        var point = point
        var bytes = [UInt8](repeating: 0, count: pointSize)
        var count = pointSize
        _ = unsafe secp256k1_ec_pubkey_serialize(
            rampart_secp256k1_static_context(), &bytes, &count, &point,
            rampart_secp256k1_uncompressed)
        return EthereumAddress(publicKeyHash: Keccak256.hash(Array(bytes.dropFirst())))
    }

    /// A context for signing, blinded against side channels; nil where memory is short.
    static func makeSigningContext() -> OpaquePointer? {
        guard let context = unsafe secp256k1_context_create(rampart_secp256k1_context) else {
            return nil
        }
        var numbers = SystemRandomness()
        let blinding = Secret(count: EthereumKey.size, from: &numbers)
        let isBlinded = unsafe blinding.withAddress { bytes in
            unsafe secp256k1_context_randomize(context, bytes) == 1
        }
        guard isBlinded else {
            unsafe secp256k1_context_destroy(context)
            return nil
        }
        return unsafe context
    }
}
