/// Reads the formats of other chains: highest byte first, and nothing left over. Every read is
/// bounded by what is there, so no input traps and none allocates more than it holds.

import Canonical

/// A part of a byte string, and how far it has been read.
struct WireReader {
    let bytes: [UInt8]
    /// Behind the last byte that may be read.
    private let end: Int
    /// The next byte to be read, in `0 ... end`.
    private(set) var offset: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        end = bytes.count
        offset = 0
    }

    /// Bytes not yet read.
    var remaining: Int { end - offset }

    /// Moves over `count` bytes and says where they start.
    ///
    /// - Throws: `PullFault.malformed` where there are fewer, as every function below.
    private mutating func take(_ count: Int) throws(PullFault) -> Int {
        guard remaining >= count else { throw .malformed }
        defer { offset += count }
        return offset
    }

    /// A whole number of `count` bytes, 8 at most.
    private mutating func number(_ count: Int) throws(PullFault) -> UInt64 {
        let start = try take(count)
        var value: UInt64 = 0
        for place in start..<(start + count) { value = value << 8 | UInt64(bytes[place]) }
        return value
    }

    mutating func byte() throws(PullFault) -> UInt8 { UInt8(truncatingIfNeeded: try number(1)) }

    mutating func uint16() throws(PullFault) -> UInt16 {
        UInt16(truncatingIfNeeded: try number(2))
    }

    mutating func uint32() throws(PullFault) -> UInt32 {
        UInt32(truncatingIfNeeded: try number(4))
    }

    mutating func uint64() throws(PullFault) -> UInt64 { try number(8) }

    /// Two's complement.
    mutating func int32() throws(PullFault) -> Int32 { Int32(bitPattern: try uint32()) }

    /// Two's complement.
    mutating func int64() throws(PullFault) -> Int64 { Int64(bitPattern: try number(8)) }

    /// Two's complement, sixteen bytes.
    mutating func int128() throws(PullFault) -> Int128 {
        let high = try number(8)
        return Int128(Int64(bitPattern: high)) << 64 | Int128(try number(8))
    }

    mutating func bytes32() throws(PullFault) -> Bytes32 { Bytes32(bytes, at: try take(32)) }

    mutating func address() throws(PullFault) -> EthereumAddress {
        EthereumAddress(bytes, at: try take(EthereumAddress.byteCount))
    }

    mutating func string(_ count: Int) throws(PullFault) -> [UInt8] {
        let start = try take(count)
        return Array(bytes[start..<(start + count)])
    }

    /// Everything that is left.
    mutating func rest() throws(PullFault) -> [UInt8] { try string(remaining) }

    /// Refuses anything but these bytes.
    mutating func expect(_ expected: [UInt8]) throws(PullFault) {
        guard try string(expected.count) == expected else { throw .malformed }
    }

    /// Refuses bytes that are left over.
    func finish() throws(PullFault) {
        guard remaining == 0 else { throw .malformed }
    }
}
