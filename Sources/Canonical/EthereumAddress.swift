/// The name of a secp256k1 key as Ethereum gives it: the last twenty bytes of Keccak-256 over the
/// public point. Wallets know and show no other. Stored as machine words, first byte in the lowest
/// bits, like `Bytes32`; public data only. Source: Ethereum yellow paper, appendix F.

/// Twenty bytes that name a secp256k1 key.
@frozen
public struct EthereumAddress: Equatable, Sendable, BitwiseCopyable {
    /// How many bytes an address has.
    @inlinable
    public static var byteCount: Int { 20 }

    /// Bytes 0 to 7, first byte in the lowest bits.
    public var word0: UInt64
    /// Bytes 8 to 15, first byte in the lowest bits.
    public var word1: UInt64
    /// Bytes 16 to 19, first byte in the lowest bits.
    public var word2: UInt32

    /// The bytes at `offset ..< offset + 20` of `bytes`.
    ///
    /// - Precondition: `bytes` holds at least `offset + 20` bytes.
    public init(_ bytes: [UInt8], at offset: Int = 0) {
        precondition(
            offset >= 0 && bytes.count &- offset >= EthereumAddress.byteCount,
            "Invariant: 20 bytes follow the offset")
        word0 = UInt64(littleEndianBytes: bytes, at: offset)
        word1 = UInt64(littleEndianBytes: bytes, at: offset + 8)
        word2 = UInt32(
            truncatingIfNeeded: UInt64(littleEndianBytes: bytes, at: offset + 12) >> 32)
    }

    /// The address of a public point whose hash this is: its last twenty bytes.
    public init(publicKeyHash hash: Bytes32) {
        self.init(hash.bytes, at: 12)
    }

    /// The twenty bytes in order.
    public var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(EthereumAddress.byteCount)
        word0.appendLittleEndian(to: &out)
        word1.appendLittleEndian(to: &out)
        for place in 0..<4 as Range<UInt32> {
            out.append(UInt8(truncatingIfNeeded: word2 >> (8 * place)))
        }
        return out
    }
}

extension EthereumAddress: Comparable {
    /// Lexicographic order of the bytes, first byte most significant.
    public static func < (left: EthereumAddress, right: EthereumAddress) -> Bool {
        if left.word0 != right.word0 { return left.word0.byteSwapped < right.word0.byteSwapped }
        if left.word1 != right.word1 { return left.word1.byteSwapped < right.word1.byteSwapped }
        return left.word2.byteSwapped < right.word2.byteSwapped
    }
}

extension EthereumAddress: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(word0)
        encoder.append(word1)
        encoder.append(word2)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        word0 = try decoder.uint64()
        word1 = try decoder.uint64()
        word2 = try decoder.uint32()
    }
}
