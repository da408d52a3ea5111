/// Reads the canonical encoding: see `CanonicalValue`. Nothing here traps on any input, and nothing
/// allocates more than the input could fill.

public import FixedPoint

/// A byte string and how far it has been read.
public struct CanonicalDecoder {
    private let bytes: [UInt8]
    /// The next byte to be read.
    public private(set) var offset = 0

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Bytes not yet read.
    public var remaining: Int { bytes.count - offset }

    /// Refuses bytes that are left over.
    ///
    /// - Throws: `DecodingFault.Reason.trailingBytes`.
    public func finish() throws(DecodingFault) {
        guard remaining == 0 else { throw DecodingFault(.trailingBytes, at: offset) }
    }

    /// Moves over `count` bytes and says where they start.
    private mutating func take(_ count: Int) throws(DecodingFault) -> Int {
        guard remaining >= count else { throw DecodingFault(.truncated, at: offset) }
        defer { offset += count }
        return offset
    }

    /// One byte.
    public mutating func byte() throws(DecodingFault) -> UInt8 { bytes[try take(1)] }

    /// Two bytes, lowest first.
    public mutating func uint16() throws(DecodingFault) -> UInt16 {
        let start = try take(2)
        return UInt16(bytes[start]) | UInt16(bytes[start + 1]) << 8
    }

    /// Four bytes, lowest first.
    public mutating func uint32() throws(DecodingFault) -> UInt32 {
        let low = UInt32(try uint16())
        return low | UInt32(try uint16()) << 16
    }

    /// Eight bytes, lowest first.
    public mutating func uint64() throws(DecodingFault) -> UInt64 {
        UInt64(littleEndianBytes: bytes, at: try take(8))
    }

    /// Eight bytes, two's complement.
    public mutating func int64() throws(DecodingFault) -> Int64 {
        Int64(bitPattern: try uint64())
    }

    /// Sixteen bytes, two's complement.
    public mutating func int128() throws(DecodingFault) -> Int128 {
        let low = UInt128(try uint64())
        return Int128(bitPattern: low | UInt128(try uint64()) << 64)
    }

    /// One byte that is 0 or 1.
    public mutating func boolean() throws(DecodingFault) -> Bool {
        let start = offset
        switch try byte() {
        case 0: return false
        case 1: return true
        default: throw DecodingFault(.notBoolean, at: start)
        }
    }

    /// A signed quantity.
    public mutating func quantity<Value: IntegerQuantity>(
        _ type: Value.Type = Value.self
    ) throws(DecodingFault) -> Value {
        Value(units: try int64())
    }

    /// An instant.
    public mutating func timestamp() throws(DecodingFault) -> Timestamp {
        Timestamp(nanoseconds: try uint64())
    }

    /// Thirty-two bytes.
    public mutating func bytes32() throws(DecodingFault) -> Bytes32 {
        Bytes32(bytes, at: try take(32))
    }

    /// A value of any type with an encoding.
    public mutating func value<Value: CanonicalValue>(
        _ type: Value.Type = Value.self
    ) throws(DecodingFault) -> Value {
        try Value(from: &self)
    }

    /// A boolean, and the value if it was 1.
    public mutating func optional<Value: CanonicalValue>(
        _ type: Value.Type = Value.self
    ) throws(DecodingFault) -> Value? {
        guard try boolean() else { return nil }
        return try value()
    }

    /// A 32-bit count and as many elements.
    ///
    /// - Throws: `DecodingFault.Reason.tooMany` above `limit`.
    public mutating func list<Element: CanonicalValue>(
        of type: Element.Type = Element.self, limit: Int
    ) throws(DecodingFault) -> [Element] {
        let count = try listCount(limit: limit)
        var list: [Element] = []
        list.reserveCapacity(min(count, remaining))
        for _ in 0..<count { list.append(try value()) }
        return list
    }

    /// A 32-bit count and as many bytes.
    ///
    /// - Throws: `DecodingFault.Reason.tooMany` above `limit`.
    public mutating func byteString(limit: Int) throws(DecodingFault) -> [UInt8] {
        let count = try listCount(limit: limit)
        let start = try take(count)
        return Array(bytes[start..<(start + count)])
    }

    /// A 32-bit count of at most `limit`.
    public mutating func listCount(limit: Int) throws(DecodingFault) -> Int {
        let start = offset
        let count = Int(try uint32())
        guard count <= limit else { throw DecodingFault(.tooMany, at: start) }
        return count
    }
}
