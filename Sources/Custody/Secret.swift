/// Bytes that must not be copied, printed or left behind: seeds, passphrases, the secrets of API
/// credentials. The type cannot be copied, has no description, compares in constant time and is
/// overwritten when it goes. It is not kept out of swap: a host that holds keys has none, or an
/// encrypted one. Source: libsodium's documentation, "Secure memory".
import CSodium

/// Secret bytes; their number is not secret.
@safe
package struct Secret: ~Copyable, Sendable {
    /// The number of bytes.
    package let count: Int
    nonisolated(unsafe) private let memory: UnsafeMutablePointer<UInt8>

    /// `count` zero bytes, then what `write` makes of them.
    ///
    /// - Precondition: `count` is not negative.
    init<E: Error>(
        count: Int, _ write: (UnsafeMutablePointer<UInt8>) throws(E) -> Void
    ) throws(E) {
        precondition(count >= 0, "Invariant: a secret has no negative count, here \(count)")
        Sodium.prepare()
        self.count = count
        // One byte at least, so that there is an address also where there is nothing.
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: max(count, 1))
        unsafe memory.initialize(repeating: 0, count: max(count, 1))
        unsafe self.memory = memory
        unsafe try write(memory)
    }

    /// A copy of `bytes`; the caller's array stays as it is, for values that are no secret yet,
    /// such as those of tests and of decoders. Where it can, let it be `init(taking:)`.
    package init(copying bytes: [UInt8]) {
        unsafe self.init(count: bytes.count) { memory in
            for index in bytes.indices { unsafe memory[index] = bytes[index] }
        }
    }

    /// The bytes of `bytes`, which is overwritten and emptied. Other copies of the array are not.
    package init(taking bytes: inout [UInt8]) {
        self.init(copying: bytes)
        unsafe bytes.withUnsafeMutableBytes { raw in
            unsafe sodium_memzero(raw.baseAddress, raw.count)
        }
        bytes = []
    }

    /// `count` bytes from `numbers`.
    package init(count: Int, from numbers: inout some RandomNumberGenerator) {
        unsafe self.init(count: count) { memory in
            for index in 0..<count {
                unsafe memory[index] = UInt8.random(in: .min ... .max, using: &numbers)
            }
        }
    }

    deinit {
        unsafe sodium_memzero(memory, count)
        unsafe memory.deallocate()
    }

    /// Lends the bytes to `body`, which must not keep them.
    package borrowing func withBytes<Result, E: Error>(
        _ body: (borrowing Span<UInt8>) throws(E) -> Result
    ) throws(E) -> Result {
        try body(unsafe Span(_unsafeStart: UnsafePointer(memory), count: count))
    }

    /// Lends the address to C. Valid during `body` only.
    borrowing func withAddress<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        unsafe body(UnsafePointer(memory))
    }

    /// A second secret with the same bytes, for those who must have their own.
    package borrowing func copy() -> Secret {
        let memory = unsafe self.memory
        let count = self.count
        return unsafe Secret(count: count) { copy in unsafe copy.update(from: memory, count: count)
        }
    }

    /// Whether two secrets are the same. The time depends on their lengths alone.
    package borrowing func isEqual(to other: borrowing Secret) -> Bool {
        guard count == other.count else { return false }
        return unsafe sodium_memcmp(memory, other.memory, count) == 0
    }
}

/// libsodium as a whole.
enum Sodium {
    /// Chooses implementations for this processor and opens the source of randomness, once.
    private static let isReady: Bool = sodium_init() >= 0

    /// Makes libsodium usable from any thread.
    static func prepare() {
        precondition(isReady, "Invariant: libsodium starts on this machine")
    }
}
