/// Writes the canonical encoding: see `CanonicalValue`.

public import FixedPoint

/// A growing byte string.
public struct CanonicalEncoder {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []

    public init(reservingCapacity capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// Forgets what has been written and keeps the room it took.
    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// One byte.
    public mutating func append(_ value: UInt8) { bytes.append(value) }

    /// Two bytes, lowest first.
    public mutating func append(_ value: UInt16) {
        bytes.append(UInt8(truncatingIfNeeded: value))
        bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    }

    /// Four bytes, lowest first.
    public mutating func append(_ value: UInt32) {
        append(UInt16(truncatingIfNeeded: value))
        append(UInt16(truncatingIfNeeded: value >> 16))
    }

    /// Eight bytes, lowest first.
    public mutating func append(_ value: UInt64) { value.appendLittleEndian(to: &bytes) }

    /// Eight bytes, two's complement, lowest first.
    public mutating func append(_ value: Int64) { append(UInt64(bitPattern: value)) }

    /// Sixteen bytes, two's complement, lowest first.
    public mutating func append(_ value: Int128) {
        append(UInt64(truncatingIfNeeded: value))
        append(UInt64(truncatingIfNeeded: value >> 64))
    }

    /// One byte, 0 or 1.
    public mutating func append(_ value: Bool) { bytes.append(value ? 1 : 0) }

    /// A signed quantity: eight bytes.
    public mutating func append<Value: IntegerQuantity>(_ value: Value) { append(value.units) }

    /// An instant: eight bytes.
    public mutating func append(_ value: Timestamp) { append(value.nanoseconds) }

    /// Thirty-two bytes.
    public mutating func append(_ value: Bytes32) { value.append(to: &bytes) }

    /// A value of any type with an encoding.
    public mutating func append<Value: CanonicalValue>(_ value: Value) {
        value.encode(into: &self)
    }

    /// A boolean, and the value if there is one.
    public mutating func append<Value: CanonicalValue>(_ value: Value?) {
        append(value != nil)
        if let value { append(value) }
    }

    /// A 32-bit count and the elements.
    ///
    /// - Precondition: at most 2³² - 1 elements.
    public mutating func append<Element: CanonicalValue>(_ list: [Element]) {
        append(UInt32(list.count))
        for element in list { append(element) }
    }

    /// A 32-bit count and the bytes.
    ///
    /// - Precondition: at most 2³² - 1 bytes.
    public mutating func append(bytes raw: [UInt8]) {
        append(UInt32(raw.count))
        bytes.append(contentsOf: raw)
    }
}
