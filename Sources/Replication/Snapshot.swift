/// The state of a chain in one file: the header that it stands at and every leaf, in order of keys.
/// A node starts from it without the blocks before. The frame finds every damage; that the leaves
/// are the state of that header is found when a machine takes them over, by their root.

package import Canonical

/// At which block the state of a snapshot stands.
package struct SnapshotFacts: Equatable, Sendable {
    /// The chain's identifier.
    package var chain: Digest
    /// The root of the leaves.
    package var root: Digest
    /// The header of the block; nil before the first.
    package var header: BlockHeader?
    /// How many leaves there are.
    package var leaves: UInt64

    /// 0 before the first block.
    package var height: UInt64 { header?.height ?? 0 }

    /// The header's hash: what to compare with a source that is trusted.
    package var hash: Digest { header?.hash ?? chain }
}

/// The kinds of chunks, by their first byte.
private enum SnapshotChunk: UInt8 {
    /// Chain, root, header: the first chunk.
    case facts = 1
    case leaves = 2
    /// The number of leaves: the last chunk.
    case end = 3
}

/// Reading snapshots.
package enum Snapshot {
    /// Most bytes of a key or a value.
    static let mostLeafBytes = 64 << 20
    /// A chunk is written when it has so many bytes.
    fileprivate static let chunkBytes = 1 << 20

    /// Reads a whole file and hands over its leaves, chunk by chunk.
    ///
    /// - Parameter chain: the chain that it must belong to.
    /// - Throws: `StorageFault`: `.wrongChain`, `.unknownVersion`, `.corrupted`, `.truncated`, or
    ///   what `body` throws. What `body` was given counts for nothing then.
    static func read(
        _ path: String, chain: Digest, _ body: (LeafList) throws(StorageFault) -> Void
    ) throws(StorageFault) -> SnapshotFacts {
        var reader = try ArchiveReader(path, .snapshot)
        var contents = SnapshotContents(path: path, chain: chain)
        while let chunk = try reader.next() {
            if let leaves = try contents.take(chunk) { try body(leaves) }
        }
        return try contents.finish()
    }

    /// Checks a whole file and says at which block it stands.
    package static func inspect(
        _ path: String, chain: Digest
    ) throws(StorageFault) -> SnapshotFacts {
        try read(path, chain: chain) { _ in }
    }

    /// Puts a machine into the state of a snapshot.
    ///
    /// - Parameter machine: made from the chain's genesis and not used yet.
    /// - Throws: `StorageFault`: what `read` throws, `.refusedLeaves`, `.diverged`.
    package static func load<Machine: StateMachine & ~Copyable>(
        _ path: String, into machine: inout Machine
    ) throws(StorageFault) -> SnapshotFacts {
        var leaves = LeafList()
        let facts = try read(path, chain: machine.chain) { chunk in
            for index in 0..<chunk.count {
                leaves.append(key: chunk.key(index), value: chunk.value(index))
            }
        }
        do throws(Machine.RestoreRefusal) {
            try machine.restore(leaves, root: facts.root)
        } catch {
            throw .refusedLeaves(height: facts.height, reason: "\(error)")
        }
        guard machine.height == facts.height, machine.root == facts.root else {
            throw .diverged(height: facts.height, in: .root)
        }
        return facts
    }
}

/// What of a snapshot has been read.
private struct SnapshotContents {
    let path: String
    let chain: Digest
    private var facts: SnapshotFacts?
    private var lastKey: [UInt8] = []
    private var count: UInt64 = 0
    private var isEnded = false

    init(path: String, chain: Digest) {
        self.path = path
        self.chain = chain
    }

    /// The leaves of a chunk; nil where it holds none.
    mutating func take(_ chunk: [UInt8]) throws(StorageFault) -> LeafList? {
        let leaves = try decode(chunk)
        if let facts, facts.chain != chain {
            throw .wrongChain(expected: chain, found: facts.chain)
        }
        return leaves
    }

    private mutating func decode(_ chunk: [UInt8]) throws(StorageFault) -> LeafList? {
        var decoder = CanonicalDecoder(chunk)
        do throws(DecodingFault) {
            let kind = SnapshotChunk(rawValue: try decoder.byte())
            var leaves: LeafList?
            switch (kind, facts != nil, isEnded) {
            case (.facts, false, false): facts = try SnapshotContents.facts(&decoder)
            case (.leaves, true, false): leaves = try self.leaves(&decoder)
            case (.end, true, false):
                guard try decoder.uint64() == count else { throw DecodingFault(.outOfRange, at: 1) }
                isEnded = true
            default: throw DecodingFault(.unknownTag, at: 0)
            }
            try decoder.finish()
            return leaves
        } catch {
            throw .corrupted(
                file: path, reason: "\(error.reason) at byte \(error.offset) of a chunk")
        }
    }

    private static func facts(
        _ decoder: inout CanonicalDecoder
    ) throws(DecodingFault) -> SnapshotFacts {
        let chain: Digest = try decoder.value()
        let root: Digest = try decoder.value()
        let header: BlockHeader? = try decoder.optional()
        guard header.map({ $0.chain == chain && $0.root == root }) ?? true else {
            throw DecodingFault(.outOfRange, at: 0)
        }
        return SnapshotFacts(chain: chain, root: root, header: header, leaves: 0)
    }

    private mutating func leaves(
        _ decoder: inout CanonicalDecoder
    ) throws(DecodingFault) -> LeafList {
        var leaves = LeafList()
        while decoder.remaining > 0 {
            let start = decoder.offset
            let key = try decoder.byteString(limit: Snapshot.mostLeafBytes)
            let value = try decoder.byteString(limit: Snapshot.mostLeafBytes)
            guard !key.isEmpty, !value.isEmpty else { throw DecodingFault(.outOfRange, at: start) }
            guard lastKey.lexicographicallyPrecedes(key) else {
                throw DecodingFault(.outOfOrder, at: start)
            }
            leaves.append(key: key, value: value)
            lastKey = key
            count += 1
        }
        return leaves
    }

    func finish() throws(StorageFault) -> SnapshotFacts {
        guard var facts, isEnded else { throw .truncated(file: path) }
        facts.leaves = count
        return facts
    }
}

extension BlockStore {
    /// Writes the state at the height where the leaves on disk stand; after `flushLeaves` that is
    /// the tip. Blocks may be committed meanwhile.
    ///
    /// - Throws: `StorageFault.notEmpty` where there is such a file, or what the disk says.
    package func exportSnapshot(to path: String) throws(StorageFault) -> SnapshotFacts {
        try withDatabases { (opened) throws(StorageFault) in
            let view = DatabaseView(opened.leaves)
            guard let marked = try view.value(LeafFamily.markKey, in: LeafFamily.facts.rawValue)
            else { throw .corrupted(file: paths.leaves, reason: "it does not say its height") }
            let mark = try LeafMark(stored: marked, in: paths.leaves)
            let header = try mark.height == 0 ? nil : header(at: mark.height)
            guard header?.hash ?? chain == mark.hash else {
                throw .missingBlock(height: mark.height)
            }
            var facts = SnapshotFacts(chain: chain, root: mark.root, header: header, leaves: 0)
            var writer = try ArchiveWriter(path, .snapshot)
            try writer.write(facts.chunk)
            var encoder = CanonicalEncoder()
            encoder.append(SnapshotChunk.leaves.rawValue)
            try view.forEach(in: LeafFamily.leaves.rawValue) { (key, value) throws(StorageFault) in
                encoder.append(UInt32(key.count))
                encoder.append(uncounted: key)
                encoder.append(UInt32(value.count))
                encoder.append(uncounted: value)
                facts.leaves += 1
                if encoder.count >= Snapshot.chunkBytes {
                    try writer.write(encoder.bytes)
                    encoder.removeAll()
                    encoder.append(SnapshotChunk.leaves.rawValue)
                }
                return true
            }
            if encoder.count > 1 { try writer.write(encoder.bytes) }
            encoder.removeAll()
            encoder.append(SnapshotChunk.end.rawValue)
            encoder.append(facts.leaves)
            try writer.write(encoder.bytes)
            try writer.finish()
            return facts
        }
    }

    /// Makes a store from a snapshot. Its first block is the one behind the snapshot's.
    ///
    /// - Parameters:
    ///   - file: a snapshot.
    ///   - chain: the chain that it must belong to.
    ///   - path: a folder that is empty or does not exist.
    /// - Throws: `StorageFault`; there is no store at `path` then.
    package static func importSnapshot(
        _ file: String, chain: Digest, at path: String, options: StoreOptions = StoreOptions()
    ) throws(StorageFault) -> SnapshotFacts {
        // All of it is checked before anything is written.
        let facts = try Snapshot.inspect(file, chain: chain)
        let creation = try StoreCreation(at: path, chain: chain, options: options)
        let again = try Snapshot.read(file, chain: chain) { (leaves) throws(StorageFault) in
            try creation.append(leaves)
        }
        guard again == facts else { throw .corrupted(file: file, reason: "it changed meanwhile") }
        try creation.finish(
            LeafMark(height: facts.height, hash: facts.hash, root: facts.root),
            header: facts.header, term: facts.header?.term ?? 0)
        return facts
    }
}

extension SnapshotFacts {
    fileprivate var chunk: [UInt8] {
        var encoder = CanonicalEncoder()
        encoder.append(SnapshotChunk.facts.rawValue)
        encoder.append(chain)
        encoder.append(root)
        encoder.append(header)
        return encoder.bytes
    }
}
