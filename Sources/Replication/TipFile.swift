/// What was acknowledged last, kept apart from the database: the height and the header's hash of
/// the last block that the disk had before anyone was told.
///
/// A log alone cannot tell a torn last write, which nobody was told of, from an acknowledged block
/// that a flipped bit or a cut file took away. With the tip, start-up can: the database may be one
/// block ahead (the crash came between the two writes), never behind.
///
/// The file has two slots, written in turn, each with its own checksum, so that a torn write leaves
/// the other. A slot is written after its block is on disk. So if a slot is unreadable because the
/// crash came while it was written, the database is ahead of the other slot; where it is not, the
/// unreadable slot may have held more, and the file is not relied on.

package import Canonical
import Cryptography
import Glibc

/// The height and hash of a header.
package struct ChainTip: Equatable, Sendable {
    /// 0 before the first block.
    package var height: UInt64
    /// The header's hash; the chain's identifier before the first block.
    package var hash: Digest

    package init(height: UInt64, hash: Digest) {
        self.height = height
        self.hash = hash
    }
}

/// The open file.
struct TipFile: ~Copyable {
    private let file: File
    private let chain: Digest

    /// "RAMPTIP" and a line feed: what a slot begins with.
    private static let magic = Array("RAMPTIP\n".utf8)
    private static let version: UInt32 = 1
    /// Slots lie in different pages, so that no write of one can tear the other.
    private static let slotDistance = 4_096
    private static let slotCount = 2
    private static let digestBytes = 32
    private static let slotBytes = 8 + 4 + 32 + 8 + 32 + digestBytes

    /// What the slots say.
    struct Content {
        /// The highest readable one; nil where none is.
        var tip: ChainTip?
        /// Whether all can be read.
        var isWhole: Bool
    }

    /// Creates the file with both slots at `tip`, on disk when this returns.
    static func create(_ path: String, chain: Digest, tip: ChainTip) throws(StorageFault) {
        let created = TipFile(try File(path, .creating), chain: chain)
        try created.repair(tip)
    }

    private init(_ file: consuming File, chain: Digest) {
        self.file = file
        self.chain = chain
    }

    /// - Throws: `StorageFault.tipDamaged` where there is no such file.
    init(opening path: String, chain: Digest) throws(StorageFault) {
        guard Folder.exists(path) else { throw .tipDamaged(file: path) }
        self.init(try File(path, .updating), chain: chain)
    }

    /// Writes the slot of `tip`; on disk when this returns.
    func write(_ tip: ChainTip) throws(StorageFault) {
        try write(tip, slot: Int(tip.height % UInt64(TipFile.slotCount)))
        try file.synchronize()
    }

    /// Writes both slots.
    func repair(_ tip: ChainTip) throws(StorageFault) {
        for slot in 0..<TipFile.slotCount { try write(tip, slot: slot) }
        try file.synchronize()
    }

    private func write(_ tip: ChainTip, slot: Int) throws(StorageFault) {
        var encoder = CanonicalEncoder()
        encoder.append(uncounted: TipFile.magic)
        encoder.append(TipFile.version)
        encoder.append(chain)
        encoder.append(tip.height)
        encoder.append(tip.hash)
        encoder.append(SHA256.digest(encoder.bytes))
        try file.write(encoder.bytes, at: slot * TipFile.slotDistance)
    }

    /// Reads the slots.
    ///
    /// - Throws: `StorageFault.wrongChain`, `.unknownVersion`, or what the system says.
    func read() throws(StorageFault) -> Content {
        var content = Content(tip: nil, isWhole: true)
        let bytes = try read(whole: TipFile.slotDistance + TipFile.slotBytes)
        for slot in 0..<TipFile.slotCount {
            let start = slot * TipFile.slotDistance
            let end = start + TipFile.slotBytes
            let found = end <= bytes.count ? try decode(Array(bytes[start..<end])) : nil
            if let found {
                if content.tip.map({ $0.height < found.height }) ?? true { content.tip = found }
            } else {
                content.isWhole = false
            }
        }
        return content
    }

    private func read(whole count: Int) throws(StorageFault) -> [UInt8] {
        let reader = try File(file.path, .reading)
        return try reader.read(upTo: count)
    }

    /// The tip in a slot; nil where its checksum is wrong.
    private func decode(_ slot: [UInt8]) throws(StorageFault) -> ChainTip? {
        let end = slot.count - TipFile.digestBytes
        guard SHA256.digest(Array(slot[..<end])) == Digest(Bytes32(slot, at: end)),
            Array(slot[..<TipFile.magic.count]) == TipFile.magic
        else { return nil }
        var decoder = CanonicalDecoder(slot, in: TipFile.magic.count..<end)
        let version: UInt32
        let found: Digest
        let tip: ChainTip
        do throws(DecodingFault) {
            version = try decoder.uint32()
            found = try decoder.value()
            let height = try decoder.uint64()
            tip = ChainTip(height: height, hash: try decoder.value())
        } catch {
            return nil
        }
        guard version == TipFile.version else {
            throw .unknownVersion(file: file.path, found: version)
        }
        guard found == chain else { throw .wrongChain(expected: chain, found: found) }
        return tip
    }
}
