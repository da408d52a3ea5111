/// Writes the canonical encoding: see `CanonicalValue`. The room for the bytes is made ahead, so
/// that each integer is one comparison and one store.

public import FixedPoint

/// A growing byte string.
public struct CanonicalEncoder: Sendable {
    /// What has been written, and zeros or old bytes in the room behind it.
    @usableFromInline var storage: [UInt8]
    /// Bytes written, at most `storage.count`.
    @usableFromInline var length: Int

    @inlinable
    public init(reservingCapacity capacity: Int = 0) {
        storage = [UInt8](repeating: 0, count: capacity)
        length = 0
    }

    /// What has been written, as an array of its own. O(`count`).
    public var bytes: [UInt8] {
        length == storage.count ? storage : Array(storage[..<length])
    }

    /// The number of bytes written.
    @inlinable
    public var count: Int { length }

    /// Forgets what has been written and keeps the room it took.
    @inlinable
    public mutating func removeAll() { length = 0 }

    /// Room for the first bytes of an encoder that was given none.
    private static let firstRoom = 64

    @usableFromInline
    @inline(never)
    mutating func makeRoom(for count: Int) {
        let wanted = max(length + count, 2 * storage.count, CanonicalEncoder.firstRoom)
        var larger = [UInt8](repeating: 0, count: wanted)
        unsafe larger.withUnsafeMutableBytes { target in
            unsafe storage.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
        }
        storage = larger
    }

    /// Moves over `count` bytes that are about to be written, and says where they start.
    @inlinable
    mutating func extend(_ count: Int) -> Int {
        if storage.count &- length < count { makeRoom(for: count) }
        let start = length
        length = start &+ count
        return start
    }

    /// An integer, lowest byte first.
    @inlinable
    mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(integer value: Value) {
        let start = extend(MemoryLayout<Value>.size)
        unsafe storage.withUnsafeMutableBytes { raw in
            unsafe raw.storeBytes(of: value.littleEndian, toByteOffset: start, as: Value.self)
        }
    }

    /// One byte.
    @inlinable
    public mutating func append(_ value: UInt8) { append(integer: value) }

    /// Two bytes, lowest first.
    @inlinable
    public mutating func append(_ value: UInt16) { append(integer: value) }

    /// Four bytes, lowest first.
    @inlinable
    public mutating func append(_ value: UInt32) { append(integer: value) }

    /// Eight bytes, lowest first.
    @inlinable
    public mutating func append(_ value: UInt64) { append(integer: value) }

    /// Eight bytes, two's complement, lowest first.
    @inlinable
    public mutating func append(_ value: Int64) { append(integer: value) }

    /// Sixteen bytes, two's complement, lowest first.
    @inlinable
    public mutating func append(_ value: Int128) { append(integer: value) }

    /// One byte, 0 or 1.
    @inlinable
    public mutating func append(_ value: Bool) { append(integer: value ? 1 : 0 as UInt8) }

    /// A signed quantity: eight bytes.
    @inlinable
    public mutating func append<Value: IntegerQuantity>(_ value: Value) { append(value.units) }

    /// An instant: eight bytes.
    @inlinable
    public mutating func append(_ value: Timestamp) { append(value.nanoseconds) }

    /// Thirty-two bytes.
    @inlinable
    public mutating func append(_ value: Bytes32) {
        append(value.word0)
        append(value.word1)
        append(value.word2)
        append(value.word3)
    }

    /// A value of any type with an encoding.
    @inlinable
    public mutating func append<Value: CanonicalValue>(_ value: Value) {
        value.encode(into: &self)
    }

    /// A boolean, and the value if there is one.
    @inlinable
    public mutating func append<Value: CanonicalValue>(_ value: Value?) {
        append(value != nil)
        if let value { append(value) }
    }

    /// A 32-bit count and the elements.
    ///
    /// - Precondition: at most 2³² - 1 elements.
    @inlinable
    public mutating func append<Element: CanonicalValue>(_ list: [Element]) {
        append(UInt32(list.count))
        for element in list { append(element) }
    }

    /// A 32-bit count and the bytes.
    ///
    /// - Precondition: at most 2³² - 1 bytes.
    public mutating func append(bytes raw: [UInt8]) {
        append(UInt32(raw.count))
        append(uncounted: raw)
    }

    /// Bytes whose number is known from elsewhere.
    public mutating func append(uncounted raw: [UInt8]) { append(uncounted: raw.span) }

    /// Bytes whose number is known from elsewhere.
    public mutating func append(uncounted raw: borrowing Span<UInt8>) {
        let start = extend(raw.count)
        unsafe storage.withUnsafeMutableBytes { target in
            let room = unsafe UnsafeMutableRawBufferPointer(rebasing: target[start...])
            unsafe raw.withUnsafeBytes { unsafe room.copyMemory(from: $0) }
        }
    }
}
