/// Byte strings of a fixed length: hashes, public keys and signatures. Each is its own type, so
/// that a key cannot be passed where a hash is due. They are stored as machine words, compare in
/// constant layout order (first byte first), and hold public data only.

/// Thirty-two bytes in four words; word 0 holds bytes 0 to 7, first byte in the lowest bits.
@frozen
public struct Bytes32: Equatable, Sendable {
    /// Bytes 0 to 7, first byte in the lowest bits.
    public var word0: UInt64
    /// Bytes 8 to 15, first byte in the lowest bits.
    public var word1: UInt64
    /// Bytes 16 to 23, first byte in the lowest bits.
    public var word2: UInt64
    /// Bytes 24 to 31, first byte in the lowest bits.
    public var word3: UInt64

    /// Thirty-two zero bytes.
    @inlinable
    public init() {
        word0 = 0
        word1 = 0
        word2 = 0
        word3 = 0
    }

    /// The bytes at `offset ..< offset + 32` of `bytes`.
    ///
    /// - Precondition: `bytes` holds at least `offset + 32` bytes.
    @inlinable
    public init(_ bytes: [UInt8], at offset: Int = 0) {
        precondition(bytes.count >= offset + 32, "Invariant: 32 bytes follow the offset")
        word0 = UInt64(littleEndianBytes: bytes, at: offset)
        word1 = UInt64(littleEndianBytes: bytes, at: offset + 8)
        word2 = UInt64(littleEndianBytes: bytes, at: offset + 16)
        word3 = UInt64(littleEndianBytes: bytes, at: offset + 24)
    }

    /// Byte `index`, in `0 ..< 32`.
    @inlinable
    public subscript(index: Int) -> UInt8 {
        let word =
            switch index >> 3 {
            case 0: word0
            case 1: word1
            case 2: word2
            default: word3
            }
        return UInt8(truncatingIfNeeded: word >> UInt64((index & 7) * 8))
    }

    /// Bit `index` in `0 ..< 256`, counted from the highest bit of the first byte.
    @inlinable
    public func bit(_ index: Int) -> Bool {
        self[index >> 3] & (0x80 >> UInt8(index & 7)) != 0
    }

    /// The thirty-two bytes in order.
    @inlinable
    public var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(32)
        append(to: &out)
        return out
    }

    /// Appends the thirty-two bytes in order.
    @inlinable
    public func append(to out: inout [UInt8]) {
        word0.appendLittleEndian(to: &out)
        word1.appendLittleEndian(to: &out)
        word2.appendLittleEndian(to: &out)
        word3.appendLittleEndian(to: &out)
    }
}

extension Bytes32: Comparable {
    /// Lexicographic order of the bytes, first byte most significant.
    @inlinable
    public static func < (left: Bytes32, right: Bytes32) -> Bool {
        if left.word0 != right.word0 { return left.word0.byteSwapped < right.word0.byteSwapped }
        if left.word1 != right.word1 { return left.word1.byteSwapped < right.word1.byteSwapped }
        if left.word2 != right.word2 { return left.word2.byteSwapped < right.word2.byteSwapped }
        return left.word3.byteSwapped < right.word3.byteSwapped
    }
}

/// A SHA-256 digest.
@frozen
public struct Digest: Equatable, Comparable, Sendable {
    /// The bytes.
    public var storage: Bytes32

    /// Wraps 32 bytes, whatever they are.
    @inlinable
    public init(_ storage: Bytes32) { self.storage = storage }

    /// Thirty-two zero bytes: by convention the root of an empty tree.
    @inlinable
    public static var zero: Digest { Digest(Bytes32()) }

    /// Lexicographic order of the bytes.
    @inlinable
    public static func < (left: Digest, right: Digest) -> Bool { left.storage < right.storage }
}

/// An Ed25519 public key as it stands on the wire (RFC 8032); not known to be a curve point.
@frozen
public struct PublicKey: Equatable, Comparable, Sendable {
    /// The bytes.
    public var storage: Bytes32

    /// Wraps 32 bytes, whatever they are.
    @inlinable
    public init(_ storage: Bytes32) { self.storage = storage }

    /// Lexicographic order of the bytes.
    @inlinable
    public static func < (left: PublicKey, right: PublicKey) -> Bool {
        left.storage < right.storage
    }
}

/// An Ed25519 signature as it stands on the wire (RFC 8032): R, then S.
@frozen
public struct Signature: Equatable, Sendable {
    /// The encoded commitment.
    public var r: Bytes32
    /// The encoded response.
    public var s: Bytes32

    /// Joins the two halves.
    @inlinable
    public init(r: Bytes32, s: Bytes32) {
        self.r = r
        self.s = s
    }
}

extension UInt64 {
    /// The eight bytes at `offset`, lowest first.
    ///
    /// - Precondition: `bytes` holds at least `offset + 8` bytes.
    @inlinable
    public init(littleEndianBytes bytes: [UInt8], at offset: Int) {
        precondition(
            offset >= 0 && bytes.count &- offset >= 8, "Invariant: 8 bytes follow the offset")
        self = unsafe bytes.withUnsafeBytes { raw in
            UInt64(littleEndian: unsafe raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
    }

    /// Appends the eight bytes, lowest first.
    @inlinable
    public func appendLittleEndian(to out: inout [UInt8]) {
        // Eight single appends each check for room; everything hashed, signed or stored comes by
        // here.
        unsafe withUnsafeBytes(of: littleEndian) { bytes in
            unsafe out.append(contentsOf: bytes)
        }
    }
}
