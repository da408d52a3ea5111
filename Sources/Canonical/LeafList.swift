/// Leaves of the state tree as bytes: what storage, snapshots and a machine that starts again hand
/// to each other. A million of them are four buffers and not two million arrays.

/// Keys and values side by side.
public struct LeafList: Sendable {
    /// The keys.
    public private(set) var keys: ByteStrings
    /// The values, as many as keys; in a list of changes an empty one stands for a deletion.
    public private(set) var values: ByteStrings

    /// No leaves.
    public init() {
        keys = ByteStrings()
        values = ByteStrings()
    }

    /// The number of leaves.
    @inlinable
    public var count: Int { keys.count }

    /// The bytes of all keys and values.
    @inlinable
    public var byteCount: Int { keys.byteCount + values.byteCount }

    /// Forgets the leaves and keeps their room.
    public mutating func removeAll() {
        keys.removeAll()
        values.removeAll()
    }

    /// Appends a leaf, or a deletion where `value` is empty.
    public mutating func append(key: [UInt8], value: [UInt8]) {
        append(key: key.span, value: value.span)
    }

    /// Appends a leaf, or a deletion where `value` is empty.
    public mutating func append(key: borrowing Span<UInt8>, value: borrowing Span<UInt8>) {
        keys.append(key)
        values.append(value)
    }

    /// The key of leaf `index`, in `0 ..< count`.
    public func key(_ index: Int) -> [UInt8] { Array(keys.storage[keys.range(of: index)]) }

    /// The value of leaf `index`, in `0 ..< count`.
    public func value(_ index: Int) -> [UInt8] { Array(values.storage[values.range(of: index)]) }
}
