/// Many byte strings one behind another in one buffer. Whoever hashes thousands of small values a
/// block (events, receipts, leaves) encodes them here, and keeps the buffer for the next block,
/// instead of making an array for each.

/// A list of byte strings in one buffer.
public struct ByteStrings: Sendable {
    @usableFromInline var encoder: CanonicalEncoder
    /// Where each string ends; the next one starts there.
    @usableFromInline var ends: [Int]

    /// No strings.
    @inlinable
    public init() {
        encoder = CanonicalEncoder()
        ends = []
    }

    /// The strings of `list`, copied.
    public init(_ list: [[UInt8]]) {
        self.init()
        for string in list { append { $0.append(uncounted: string) } }
    }

    /// The number of strings.
    @inlinable
    public var count: Int { ends.count }

    /// Forgets the strings and keeps their room.
    @inlinable
    public mutating func removeAll() {
        encoder.removeAll()
        ends.removeAll(keepingCapacity: true)
    }

    /// Appends one string: what `write` writes.
    @inlinable
    public mutating func append(_ write: (inout CanonicalEncoder) -> Void) {
        write(&encoder)
        ends.append(encoder.length)
    }

    /// Appends one string, copied.
    public mutating func append(_ string: borrowing Span<UInt8>) {
        encoder.append(uncounted: string)
        ends.append(encoder.length)
    }

    /// The bytes of all strings.
    @inlinable
    public var byteCount: Int { encoder.length }

    /// Where string `index` stands in `storage`.
    ///
    /// - Precondition: `index` is in `0 ..< count`.
    @inlinable
    public func range(of index: Int) -> Range<Int> {
        (index == 0 ? 0 : ends[index &- 1])..<ends[index]
    }

    /// The buffer; bytes outside the ranges of the strings mean nothing.
    @inlinable
    public var storage: [UInt8] { encoder.storage }
}
