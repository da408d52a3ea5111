/// A client's own note on an order, as bytes: the deterministic rooms compare no strings.

/// Up to 64 bytes of printable ASCII; the empty label is none. Source of the length: the label of
/// Deribit's order methods (`facts/deribit-api.md`).
@frozen
public struct Label: Comparable, Sendable, BitwiseCopyable {
    /// Most bytes.
    @inlinable
    public static var byteLimit: Int { 64 }

    private var low = Bytes32()
    private var high = Bytes32()
    /// How many bytes it has, in `0 ... 64`.
    public let count: UInt8

    /// No label.
    public init() { count = 0 }

    /// The label of these bytes; nil where there are more than 64, or one is not printable ASCII.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= Label.byteLimit else { return nil }
        for byte in bytes where byte < 0x20 || byte > 0x7E { return nil }
        let padded = bytes + [UInt8](repeating: 0, count: Label.byteLimit - bytes.count)
        low = Bytes32(padded)
        high = Bytes32(padded, at: 32)
        count = UInt8(bytes.count)
    }

    /// Whether there is none.
    public var isEmpty: Bool { count == 0 }

    /// By bytes, as the padding is lower than any byte of a label.
    public static func < (left: Label, right: Label) -> Bool {
        left.low == right.low ? left.high < right.high : left.low < right.low
    }

    /// The bytes without padding.
    public var bytes: [UInt8] {
        Array((low.bytes + high.bytes).prefix(Int(count)))
    }
}

extension Label: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(bytes: bytes) }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        let bytes = try decoder.byteString(limit: Label.byteLimit)
        guard let label = Label(bytes) else { throw DecodingFault(.outOfRange, at: start) }
        self = label
    }
}
