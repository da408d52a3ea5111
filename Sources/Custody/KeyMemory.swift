/// The points of Ed25519 keys that have signed before. To find a point and its multiples costs a
/// quarter of a verification, and the same keys sign again and again. What is kept is a function of
/// the key alone, so verdicts do not depend on it.
import Canonical
import Cryptography
import Synchronization

/// A bounded memory of verifying keys; a new key takes the place of an older one.
final class KeyMemory: Sendable {
    private let slots: Mutex<[VerifyingKey?]>
    private let capacity: Int

    /// A memory of at most `capacity` keys of 1.4 KB each.
    ///
    /// - Precondition: `capacity` is 1 or more.
    init(capacity: Int) {
        precondition(capacity > 0, "Invariant: a memory has room, here for \(capacity)")
        self.capacity = capacity
        slots = Mutex([VerifyingKey?](repeating: nil, count: capacity))
    }

    /// What `VerifyingKey(key)` is.
    func verifyingKey(_ key: PublicKey) -> VerifyingKey? {
        let place = place(of: key)
        if let found = slots.withLock({ $0[place] }), found.publicKey == key { return found }
        guard let made = VerifyingKey(key) else { return nil }
        slots.withLock { $0[place] = made }
        return made
    }

    /// Where a key stands, if it does. The hash is seeded anew in each process, so nobody can
    /// choose keys that drive out each other.
    private func place(of key: PublicKey) -> Int {
        var hasher = Hasher()
        hasher.combine(key.storage.word0)
        hasher.combine(key.storage.word1)
        hasher.combine(key.storage.word2)
        hasher.combine(key.storage.word3)
        return Int(UInt(bitPattern: hasher.finalize()) % UInt(capacity))
    }
}
