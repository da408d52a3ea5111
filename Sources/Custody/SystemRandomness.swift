/// The system's randomness through libsodium, as a generator of Swift's. Whatever draws secrets or
/// tokens takes a generator, so that tests hand in a seeded one and nothing else does.
import CSodium

/// The system's randomness; holds no state.
package struct SystemRandomness: RandomNumberGenerator, Sendable {
    package init() { Sodium.prepare() }

    /// 64 random bits.
    package mutating func next() -> UInt64 {
        var value: UInt64 = 0
        unsafe randombytes_buf(&value, MemoryLayout<UInt64>.size)
        return value
    }
}
