/// A report of Chainlink Data Streams in full: what was signed, and the signatures. The wrapping is
/// the ABI of `(bytes32[3], bytes, bytes32[], bytes32[], bytes32)`; of the many ways in which that
/// can be written only the one that encoders write is taken: offsets in order without gaps, no
/// padding, zeros behind the last parity. Source: Chainlink, `Verifier.sol`; layout in
/// `docs/pull-oracles.md`.

public import Canonical
public import Cryptography

/// A report, taken apart and not yet verified.
public struct ChainlinkReport: Equatable, Sendable {
    /// Most signatures of a report: as many as there can be parities in a word.
    public static let signatureLimit = 32

    /// Names the signers.
    public let configuration: Bytes32
    public let signatures: [RecoverableSignature]
    public let body: Body

    private static let wordSize = 32
    /// Three words of context, three offsets and the parities.
    private static let headSize: UInt64 = 7 * 32

    /// Takes all of `bytes` apart.
    ///
    /// - Throws: `malformed`, or `outOfScale` for a price beyond 2¹²⁷.
    public init(_ bytes: [UInt8]) throws(PullFault) {
        var reader = WireReader(bytes)
        let context = try reader.string(3 * ChainlinkReport.wordSize)
        configuration = Bytes32(context)
        let offsets = [try reader.whole(), try reader.whole(), try reader.whole()]
        let parities = try reader.bytes32()
        guard offsets[0] == ChainlinkReport.headSize else { throw .malformed }
        let size = try reader.whole()
        guard size <= UInt64(reader.remaining), size % UInt64(ChainlinkReport.wordSize) == 0
        else { throw .malformed }
        let blob = try reader.string(Int(size))
        guard offsets[1] == UInt64(reader.offset) else { throw .malformed }
        let rs = try reader.list()
        guard offsets[2] == UInt64(reader.offset) else { throw .malformed }
        let ss = try reader.list()
        try reader.finish()
        guard rs.count == ss.count else { throw .malformed }
        for place in 0..<ChainlinkReport.wordSize
        where parities[place] > (place < rs.count ? 1 : 0) {
            throw .malformed
        }
        let digest = Keccak256.hash(Keccak256.hash(blob).bytes + context)
        signatures = rs.indices.map { place in
            RecoverableSignature(
                digest: digest, r: rs[place], s: ss[place], parity: parities[place])
        }
        body = try Body(blob)
    }
}

extension WireReader {
    /// A word that holds a whole number below 2⁶⁴.
    mutating func whole() throws(PullFault) -> UInt64 {
        try expect([UInt8](repeating: 0, count: 24))
        return try uint64()
    }

    /// A count in a word, 1 to 32, and as many words.
    fileprivate mutating func list() throws(PullFault) -> [Bytes32] {
        let count = try whole()
        guard (1...UInt64(ChainlinkReport.signatureLimit)).contains(count) else {
            throw .malformed
        }
        var words: [Bytes32] = []
        for _ in 0..<count { words.append(try bytes32()) }
        return words
    }
}
