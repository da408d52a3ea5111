/// Reads the canonical encoding: see `CanonicalValue`. Nothing here traps on any input, and nothing
/// allocates more than the input could fill. Each integer is one comparison and one load; all of it
/// is inlinable, since every command of a block comes by here from another room.

public import FixedPoint

/// A byte string, or a part of one, and how far it has been read.
public struct CanonicalDecoder {
    @usableFromInline let bytes: [UInt8]
    /// Behind the last byte that may be read; at most `bytes.count`.
    @usableFromInline let end: Int
    /// The next byte to be read, in `0 ... end`. Every read compares it with `end` first, which is
    /// what makes the loads below safe.
    @usableFromInline var position: Int

    /// Reads all of `bytes`.
    @inlinable
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        end = bytes.count
        position = 0
    }

    /// Reads `bytes[range]` without a copy; offsets count from the start of `bytes`.
    ///
    /// - Precondition: `range` lies within `bytes`.
    @inlinable
    public init(_ bytes: [UInt8], in range: Range<Int>) {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= bytes.count,
            "Invariant: what is decoded lies within its bytes")
        self.bytes = bytes
        end = range.upperBound
        position = range.lowerBound
    }

    /// The next byte to be read.
    @inlinable
    public var offset: Int { position }

    /// Bytes not yet read.
    @inlinable
    public var remaining: Int { end &- position }

    /// Refuses bytes that are left over.
    ///
    /// - Throws: `DecodingFault.Reason.trailingBytes`.
    @inlinable
    public func finish() throws(DecodingFault) {
        guard remaining == 0 else { throw DecodingFault(.trailingBytes, at: position) }
    }

    /// Moves over `count` bytes and says where they start.
    @inlinable
    mutating func take(_ count: Int) throws(DecodingFault) -> Int {
        let start = position
        guard end &- start >= count else { throw DecodingFault(.truncated, at: start) }
        position = start &+ count
        return start
    }

    /// An integer, lowest byte first.
    @inlinable
    mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type = Value.self
    ) throws(DecodingFault) -> Value {
        let start = try take(MemoryLayout<Value>.size)
        return unsafe bytes.withUnsafeBytes { raw in
            Value(littleEndian: unsafe raw.loadUnaligned(fromByteOffset: start, as: type))
        }
    }

    /// One byte.
    @inlinable
    public mutating func byte() throws(DecodingFault) -> UInt8 { try integer() }

    /// Two bytes, lowest first.
    @inlinable
    public mutating func uint16() throws(DecodingFault) -> UInt16 { try integer() }

    /// Four bytes, lowest first.
    @inlinable
    public mutating func uint32() throws(DecodingFault) -> UInt32 { try integer() }

    /// Eight bytes, lowest first.
    @inlinable
    public mutating func uint64() throws(DecodingFault) -> UInt64 { try integer() }

    /// Eight bytes, two's complement.
    @inlinable
    public mutating func int64() throws(DecodingFault) -> Int64 { try integer() }

    /// Sixteen bytes, two's complement.
    @inlinable
    public mutating func int128() throws(DecodingFault) -> Int128 { try integer() }

    /// One byte that is 0 or 1.
    @inlinable
    public mutating func boolean() throws(DecodingFault) -> Bool {
        let start = position
        switch try byte() {
        case 0: return false
        case 1: return true
        default: throw DecodingFault(.notBoolean, at: start)
        }
    }

    /// A signed quantity.
    @inlinable
    public mutating func quantity<Value: IntegerQuantity>(
        _ type: Value.Type = Value.self
    ) throws(DecodingFault) -> Value {
        Value(units: try int64())
    }

    /// An instant.
    @inlinable
    public mutating func timestamp() throws(DecodingFault) -> Timestamp {
        Timestamp(nanoseconds: try uint64())
    }

    /// Thirty-two bytes.
    @inlinable
    public mutating func bytes32() throws(DecodingFault) -> Bytes32 {
        Bytes32(bytes, at: try take(32))
    }

    /// A value of any type with an encoding.
    @inlinable
    public mutating func value<Value: CanonicalValue>(
        _ type: Value.Type = Value.self
    ) throws(DecodingFault) -> Value {
        try Value(from: &self)
    }

    /// A boolean, and the value if it was 1.
    @inlinable
    public mutating func optional<Value: CanonicalValue>(
        _ type: Value.Type = Value.self
    ) throws(DecodingFault) -> Value? {
        guard try boolean() else { return nil }
        return try value()
    }

    /// A 32-bit count and as many elements.
    ///
    /// - Throws: `DecodingFault.Reason.tooMany` above `limit`.
    @inlinable
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
    @inlinable
    public mutating func listCount(limit: Int) throws(DecodingFault) -> Int {
        let start = position
        let count = Int(try uint32())
        guard count <= limit else { throw DecodingFault(.tooMany, at: start) }
        return count
    }
}
