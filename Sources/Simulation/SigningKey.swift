/// Ed25519 signing for simulated traders and publishers, by libsodium. The one file that touches
/// libsodium, so all its unsafe calls are here. Signing is deterministic (RFC 8032), so a replay is too.
/// These keys come from seeds and guard nothing of value.
import CSodium
package import Canonical

/// A secret key that cannot be copied or printed, and is overwritten when it goes.
@safe
package struct SigningKey: ~Copyable {
    /// Bytes of an RFC 8032 seed.
    package static let seedSize = 32
    /// Bytes of libsodium's secret key: seed, then public key.
    private static let secretSize = 64
    private static let signatureSize = 64

    /// The key others verify with.
    package let publicKey: PublicKey
    private let secret: UnsafeMutablePointer<UInt8>

    /// The key pair of `seed`, 32 bytes.
    ///
    /// - Precondition: `seed` holds 32 bytes.
    package init(seed: [UInt8]) {
        precondition(
            seed.count == SigningKey.seedSize,
            "Invariant: a seed has 32 bytes, this one has \(seed.count)")
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: SigningKey.secretSize)
        unsafe memory.initialize(repeating: 0, count: SigningKey.secretSize)
        var key = [UInt8](repeating: 0, count: SigningKey.seedSize)
        unsafe crypto_sign_seed_keypair(&key, memory, seed)
        unsafe secret = memory
        publicKey = PublicKey(Bytes32(key))
    }

    /// The key pair of a trader known by number: its seed is drawn from `seed` and `number`.
    package init(seed: UInt64, number: UInt64) {
        var generator = SimulationGenerator(seed: seed, stream: number)
        var bytes: [UInt8] = []
        for _ in 0..<4 { generator.next().appendLittleEndian(to: &bytes) }
        self.init(seed: bytes)
    }

    deinit {
        unsafe sodium_memzero(secret, SigningKey.secretSize)
        unsafe secret.deallocate()
    }

    /// The signature of `message` (RFC 8032, Ed25519 without prehash).
    package borrowing func sign(_ message: [UInt8]) -> Signature {
        var bytes = [UInt8](repeating: 0, count: SigningKey.signatureSize)
        unsafe crypto_sign_detached(&bytes, nil, message, UInt64(message.count), secret)
        return Signature(r: Bytes32(bytes), s: Bytes32(bytes, at: 32))
    }
}
