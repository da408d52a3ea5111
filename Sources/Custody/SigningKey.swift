/// Ed25519 signing by libsodium: for agents of the gateway, for the command line, and for simulated
/// traders and publishers. Signing is deterministic (RFC 8032), so a replay is too.
import CSodium
package import Canonical

/// A secret key that cannot be copied or printed, and is overwritten when it goes.
@safe
package struct SigningKey: ~Copyable, Sendable {
    /// Bytes of an RFC 8032 seed.
    package static let seedSize = 32
    /// Bytes of libsodium's secret key: seed, then public key.
    private static let secretSize = 64
    private static let signatureSize = 64

    /// The key others verify with.
    package let publicKey: PublicKey
    nonisolated(unsafe) private let secret: UnsafeMutablePointer<UInt8>

    /// The key pair of `seed`, 32 bytes.
    ///
    /// - Precondition: `seed` holds 32 bytes.
    package init(seed: [UInt8]) {
        self.init(seed: Secret(copying: seed))
    }

    /// The key pair of `seed`, 32 bytes.
    ///
    /// - Precondition: `seed` holds 32 bytes.
    package init(seed: borrowing Secret) {
        let count = seed.count
        precondition(
            count == SigningKey.seedSize, "Invariant: a seed has 32 bytes, this one has \(count)")
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: SigningKey.secretSize)
        unsafe memory.initialize(repeating: 0, count: SigningKey.secretSize)
        var key = [UInt8](repeating: 0, count: SigningKey.seedSize)
        _ = unsafe seed.withAddress { seed in
            unsafe crypto_sign_seed_keypair(&key, memory, seed)
        }
        unsafe secret = memory
        publicKey = PublicKey(Bytes32(key))
    }

    /// A new key from the system's randomness.
    package static func generate() -> SigningKey {
        var numbers = SystemRandomness()
        return generate(using: &numbers)
    }

    /// A new key from `numbers`, which must not be predictable outside tests.
    static func generate(using numbers: inout some RandomNumberGenerator) -> SigningKey {
        SigningKey(seed: Secret(count: seedSize, from: &numbers))
    }

    deinit {
        unsafe sodium_memzero(secret, SigningKey.secretSize)
        unsafe secret.deallocate()
    }

    /// The seed, for a sealed file.
    package borrowing func seed() -> Secret {
        let secret = unsafe self.secret
        return unsafe Secret(count: SigningKey.seedSize) { memory in
            unsafe memory.update(from: secret, count: SigningKey.seedSize)
        }
    }

    /// The signature of `message` (RFC 8032, Ed25519 without prehash).
    package borrowing func sign(_ message: [UInt8]) -> Signature {
        var bytes = [UInt8](repeating: 0, count: SigningKey.signatureSize)
        unsafe crypto_sign_detached(&bytes, nil, message, UInt64(message.count), secret)
        return Signature(r: Bytes32(bytes), s: Bytes32(bytes, at: 32))
    }
}
