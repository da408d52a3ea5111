/// The one binary encoding for everything that is hashed, signed or stored. Integers have a fixed
/// width, lowest byte first; booleans are 0 or 1; an optional is a boolean and, if it is 1, the
/// value; a list is a 32-bit count and its elements; a choice is one tag byte and its fields; a
/// structure is its fields in the order of their declaration. So a value has exactly one encoding,
/// and since every width and count is fixed by what was read before, two different values never
/// share one. The decoder rejects every other byte string (Invariants 1 and 2 of this room).

/// A value with exactly one encoding.
public protocol CanonicalValue {
    /// Appends the encoding.
    func encode(into encoder: inout CanonicalEncoder)

    /// Reads one value and leaves the decoder behind it.
    ///
    /// - Throws: `DecodingFault` when the bytes are not the encoding of a value of this type.
    init(from decoder: inout CanonicalDecoder) throws(DecodingFault)
}

extension CanonicalValue {
    /// The encoding.
    @inlinable
    public var canonicalBytes: [UInt8] {
        var encoder = CanonicalEncoder()
        encode(into: &encoder)
        return encoder.bytes
    }

    /// The value whose encoding is all of `bytes`.
    ///
    /// - Throws: `DecodingFault`; bytes left over are a fault.
    @inlinable
    public init(canonicalBytes bytes: [UInt8]) throws(DecodingFault) {
        var decoder = CanonicalDecoder(bytes)
        self = try Self(from: &decoder)
        try decoder.finish()
    }
}

/// Why a byte string is not an encoding, and where.
@frozen
public struct DecodingFault: Error, Equatable, Sendable {
    /// What was wrong.
    @frozen
    public enum Reason: UInt16, Sendable {
        /// The bytes end inside a value.
        case truncated = 1
        /// Bytes are left after the value.
        case trailingBytes = 2
        /// A boolean was neither 0 nor 1.
        case notBoolean = 3
        /// No case of the choice has this tag.
        case unknownTag = 4
        /// A list is longer than its type allows.
        case tooMany = 5
        /// A field is outside the range of its type.
        case outOfRange = 6
        /// A list that must ascend does not.
        case outOfOrder = 7
    }

    public let reason: Reason
    /// The byte at which the faulty field starts.
    public let offset: Int

    @inlinable
    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}
