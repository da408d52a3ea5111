/// ECDSA on secp256k1 by libsecp256k1: signing digests as an Ethereum wallet does, for the command
/// line, for tests and for simulated traders. Nonces are those of RFC 6979, so signing is
/// deterministic, and s is always the lower one.
import CSecp256k1
import CSodium
package import Canonical
import Cryptography

/// A secret key that cannot be copied or printed, and is overwritten when it goes.
@safe
package struct EthereumKey: ~Copyable, Sendable {
    /// Bytes of a secret key.
    package static let size = 32

    /// What others know the key by.
    package let address: EthereumAddress
    private let secret: Secret
    nonisolated(unsafe) private let context: OpaquePointer

    /// The key of `secret`, 32 bytes with the highest first; nil where that is 0, or n or more.
    ///
    /// - Precondition: `secret` holds 32 bytes.
    package init?(_ secret: consuming Secret) {
        let count = secret.count
        precondition(
            count == EthereumKey.size, "Invariant: a key has 32 bytes, this one has \(count)")
        guard let context = unsafe NativeSecp256k1.makeSigningContext() else { return nil }
        var point = secp256k1_pubkey()
        let isValid = unsafe secret.withAddress { bytes in
            unsafe secp256k1_ec_pubkey_create(context, &point, bytes) == 1
        }
        guard isValid else {
            unsafe secp256k1_context_destroy(context)
            return nil
        }
        address = NativeSecp256k1.address(of: point)
        self.secret = secret
        unsafe self.context = context
    }

    /// A new key from the system's randomness.
    package static func generate() -> EthereumKey {
        var numbers = SystemRandomness()
        return generate(using: &numbers)
    }

    /// A new key from `numbers`, which must not be predictable outside tests.
    static func generate(using numbers: inout some RandomNumberGenerator) -> EthereumKey {
        while true {
            // About one in 2¹²⁸ strings is no key.
            if let key = EthereumKey(Secret(count: size, from: &numbers)) { return key }
        }
    }

    deinit { unsafe secp256k1_context_destroy(context) }

    /// The secret, for a sealed file.
    package borrowing func exported() -> Secret {
        secret.copy()
    }

    /// The signature of a 32-byte digest: always `.ethereum`, with the lower s.
    package borrowing func sign(_ digest: Bytes32) -> SignerSignature {
        let message = digest.bytes
        var signature = secp256k1_ecdsa_recoverable_signature()
        var compact = [UInt8](repeating: 0, count: 64)
        var parity: Int32 = 0
        var attempt: UInt8 = 0
        repeat {
            // A third bit is needed where x of the commitment is n or more, about once in 2¹²⁷
            // signatures; other nonces, by RFC 6979, section 3.6, lead elsewhere.
            let extra = [UInt8](repeating: attempt, count: EthereumKey.size)
            let isSigned = unsafe secret.withAddress { key in
                unsafe extra.withUnsafeBytes { raw in
                    unsafe secp256k1_ecdsa_sign_recoverable(
                        context, &signature, message, key, nil,
                        attempt == 0 ? nil : raw.baseAddress)
                }
            }
            precondition(isSigned == 1, "Invariant: a valid key signs")
            _ = unsafe secp256k1_ecdsa_recoverable_signature_serialize_compact(
                context, &compact, &parity, &signature)
            attempt &+= 1
        } while parity > 1
        return .ethereum(
            r: Bytes32(compact), s: Bytes32(compact, at: 32),
            parity: UInt8(truncatingIfNeeded: parity))
    }
}
