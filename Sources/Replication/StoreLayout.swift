/// How a store lies on disk, and what can be chosen about it. `docs/storage.md` draws it.

import Canonical

/// What can be chosen when a store is opened.
package struct StoreOptions: Sendable {
    /// Changed leaves are written after so many blocks.
    package var leafBlocks = 256
    /// Or when so many bytes of them are collected.
    package var leafBytes = 16 << 20
    /// Committing waits while more bytes of leaves than this are not yet written.
    package var mostPendingBytes = 256 << 20
    /// So many blocks below the tip are never pruned: what a follower that was away may ask for.
    package var keptBlocks: UInt64 = 10_000
    /// Bytes of blocks that are in memory and in the log before they go to a table; as much log is
    /// set aside on disk.
    package var blockBuffer = 16 << 20
    /// The same for leaves.
    package var leafBuffer = 64 << 20
    /// What an operator states as the last acknowledged block after the tip file was damaged. It
    /// is taken only if the store ends with exactly that block.
    package var acceptedTip: ChainTip?

    package init() {}
}

/// The families of the database of blocks. The number is the place in `families`.
enum BlockFamily: Int {
    /// Version, chain, term, first block.
    case facts
    case headers
    case blocks
    case outcomes

    static let families = [
        DatabaseFamily(name: "default", isCompressed: false),
        DatabaseFamily(name: "headers", isCompressed: false),
        DatabaseFamily(name: "blocks", isCompressed: true),
        DatabaseFamily(name: "outcomes", isCompressed: true),
    ]

    static let formatKey = Array("format".utf8)
    static let termKey = Array("term".utf8)
    static let firstBlockKey = Array("first".utf8)

    /// Keys ascend with the height: eight bytes, highest first.
    static func key(_ height: UInt64) -> [UInt8] {
        (0..<UInt64(MemoryLayout<UInt64>.size)).reversed().map {
            UInt8(truncatingIfNeeded: height >> ($0 * UInt64(UInt8.bitWidth)))
        }
    }
}

/// The families of the database of leaves.
enum LeafFamily: Int {
    /// The mark.
    case facts
    case leaves

    static let families = [
        DatabaseFamily(name: "default", isCompressed: false),
        DatabaseFamily(name: "leaves", isCompressed: true),
    ]

    static let markKey = Array("mark".utf8)
}

/// The version of what is stored and the chain, under `BlockFamily.formatKey`.
struct StoreFormat: Equatable {
    /// 2: outcomes say where funding stands.
    static let version: UInt32 = 2

    var version = StoreFormat.version
    var chain: Digest
}

extension StoreFormat: CanonicalValue {
    func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(version)
        encoder.append(chain)
    }

    init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        version = try decoder.uint32()
        chain = try decoder.value()
    }
}

/// The paths of a store.
struct StorePaths {
    let folder: String

    var lock: String { folder + "/LOCK" }
    var tip: String { folder + "/TIP" }
    var blocks: String { folder + "/blocks" }
    var leaves: String { folder + "/leaves" }

    /// Where a store is made before it gets its name.
    var unfinished: StorePaths { StorePaths(folder: folder + ".unfinished") }
}

extension CanonicalValue {
    /// The value that a file or database holds.
    ///
    /// - Throws: `StorageFault.corrupted`.
    init(stored bytes: [UInt8], in file: String) throws(StorageFault) {
        do throws(DecodingFault) {
            try self.init(canonicalBytes: bytes)
        } catch {
            throw .corrupted(file: file, reason: "\(error.reason) at byte \(error.offset)")
        }
    }
}
