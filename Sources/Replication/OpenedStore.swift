/// Both databases and the tip file of a store, opened and found to agree. Everything is first
/// opened for reading only: RocksDB, opened for writing, cuts a damaged log and deletes what it no
/// longer needs, and what a refusal is about must stay for whoever looks into it.

import Canonical

/// What an open store works with.
final class OpenedStore: @unchecked Sendable {
    let blocks: Database
    let leaves: Database
    /// The last stored header; nil before the first block.
    let tip: BlockHeader?
    /// At which block the leaves stand.
    let mark: LeafMark
    private let monitor = Monitor()
    private var currentTerm: UInt64
    private var lowestBlock: UInt64
    private let tipFile: TipFile

    /// The lowest term that a new block may have.
    var term: UInt64 { monitor.locked { currentTerm } }

    /// The lowest height whose block is kept.
    var firstBlock: UInt64 { monitor.locked { lowestBlock } }

    /// What the databases say of themselves.
    private struct Facts {
        var tip: BlockHeader?
        var term: UInt64
        var firstBlock: UInt64
        var mark: LeafMark
    }

    /// - Throws: `StorageFault`; nothing has changed on disk then.
    init(_ paths: StorePaths, chain: Digest, options: StoreOptions) throws(StorageFault) {
        tipFile = try TipFile(opening: paths.tip, chain: chain)
        let content = try tipFile.read()
        do {
            let blocks = try OpenedStore.open(blocksOf: paths, .reading, options)
            let leaves = try OpenedStore.open(leavesOf: paths, .reading, options)
            let facts = try OpenedStore.facts(blocks, leaves, chain: chain)
            try OpenedStore.check(facts, content, chain: chain, paths, options, blocks)
        }
        try DiskRoom.check(paths)
        blocks = try OpenedStore.open(blocksOf: paths, .updating, options)
        leaves = try OpenedStore.open(leavesOf: paths, .updating, options)
        let facts = try OpenedStore.facts(blocks, leaves, chain: chain)
        try OpenedStore.check(facts, content, chain: chain, paths, options, blocks)
        tip = facts.tip
        currentTerm = facts.term
        lowestBlock = facts.firstBlock
        mark = facts.mark
        let now = ChainTip(height: facts.tip?.height ?? 0, hash: facts.tip?.hash ?? chain)
        if content.tip != now || !content.isWhole { try tipFile.repair(now) }
    }

    static func open(
        blocksOf paths: StorePaths, _ mode: Database.Mode, _ options: StoreOptions
    ) throws(StorageFault) -> Database {
        try Database(
            paths.blocks, families: BlockFamily.families, buffer: options.blockBuffer, mode: mode)
    }

    static func open(
        leavesOf paths: StorePaths, _ mode: Database.Mode, _ options: StoreOptions
    ) throws(StorageFault) -> Database {
        try Database(
            paths.leaves, families: LeafFamily.families, buffer: options.leafBuffer, mode: mode)
    }

    private static func facts(
        _ blocks: Database, _ leaves: Database, chain: Digest
    ) throws(StorageFault) -> Facts {
        let path = blocks.path
        guard let bytes = try blocks.value(BlockFamily.formatKey, in: BlockFamily.facts.rawValue)
        else { throw .corrupted(file: path, reason: "it does not say its version") }
        let format = try StoreFormat(stored: bytes, in: path)
        guard format.version == StoreFormat.version else {
            throw .unknownVersion(file: path, found: format.version)
        }
        guard format.chain == chain else {
            throw .wrongChain(expected: chain, found: format.chain)
        }
        guard let marked = try leaves.value(LeafFamily.markKey, in: LeafFamily.facts.rawValue)
        else { throw .corrupted(file: leaves.path, reason: "it does not say its height") }
        var tip: BlockHeader?
        if let last = try blocks.last(in: BlockFamily.headers.rawValue) {
            let header = try BlockHeader(stored: last.value, in: path)
            guard last.key == BlockFamily.key(header.height) else {
                throw .corrupted(file: path, reason: "a header stands at another height")
            }
            tip = header
        }
        return Facts(
            tip: tip,
            term: try blocks.number(BlockFamily.termKey) ?? 0,
            firstBlock: try blocks.number(BlockFamily.firstBlockKey) ?? 1,
            mark: try LeafMark(stored: marked, in: leaves.path))
    }

    /// Compares the databases with the tip file and with each other.
    private static func check(
        _ facts: Facts, _ content: TipFile.Content, chain: Digest, _ paths: StorePaths,
        _ options: StoreOptions, _ blocks: Database
    ) throws(StorageFault) {
        let found = ChainTip(height: facts.tip?.height ?? 0, hash: facts.tip?.hash ?? chain)
        if options.acceptedTip == nil || options.acceptedTip != found {
            try check(found, content, paths, chain: chain, blocks)
        }
        try check(facts, found, chain: chain, paths, blocks)
    }

    /// Compares the databases with each other.
    private static func check(
        _ facts: Facts, _ found: ChainTip, chain: Digest, _ paths: StorePaths, _ blocks: Database
    ) throws(StorageFault) {
        guard facts.mark.height <= found.height else {
            throw .tipLost(acknowledged: facts.mark.height, found: found.height)
        }
        guard facts.mark.height + 1 >= facts.firstBlock else {
            throw .missingBlock(height: facts.mark.height + 1)
        }
        guard try hash(of: facts.mark.height, in: blocks, chain: chain) == facts.mark.hash else {
            throw .corrupted(
                file: paths.leaves, reason: "its leaves are of another chain of blocks")
        }
    }

    /// The last block of a copy that has no tip file yet; its databases are found to agree, and
    /// nothing in them changes.
    static func tip(
        ofCopy paths: StorePaths, chain: Digest, _ options: StoreOptions
    ) throws(StorageFault) -> ChainTip {
        let blocks = try open(blocksOf: paths, .reading, options)
        let leaves = try open(leavesOf: paths, .reading, options)
        let facts = try facts(blocks, leaves, chain: chain)
        let tip = ChainTip(height: facts.tip?.height ?? 0, hash: facts.tip?.hash ?? chain)
        try check(facts, tip, chain: chain, paths, blocks)
        return tip
    }

    /// Compares what is stored last with what was acknowledged last (`TipFile` says why so).
    private static func check(
        _ found: ChainTip, _ content: TipFile.Content, _ paths: StorePaths, chain: Digest,
        _ blocks: Database
    ) throws(StorageFault) {
        guard let tip = content.tip else { throw .tipDamaged(file: paths.tip) }
        guard found.height >= tip.height else {
            throw .tipLost(acknowledged: tip.height, found: found.height)
        }
        guard try hash(of: tip.height, in: blocks, chain: chain) == tip.hash else {
            throw .tipDiffers(height: tip.height)
        }
        let ahead = found.height - tip.height
        let allowed: ClosedRange<UInt64> = content.isWhole ? 0...1 : 1...2
        guard allowed.contains(ahead) else { throw .tipDamaged(file: paths.tip) }
    }

    /// The hash of the header at a height; the chain's identifier for 0, nil where there is none.
    private static func hash(
        of height: UInt64, in blocks: Database, chain: Digest
    ) throws(StorageFault) -> Digest? {
        if height == 0 { return chain }
        guard
            let bytes = try blocks.value(
                BlockFamily.key(height), in: BlockFamily.headers.rawValue)
        else { return nil }
        return try BlockHeader(stored: bytes, in: blocks.path).hash
    }

    /// Writes a block; on disk when this returns.
    func write(_ record: BlockRecord) throws(StorageFault) {
        let batch = WriteBatch()
        let key = BlockFamily.key(record.header.height)
        batch.put(
            key, record.header.canonicalBytes, in: BlockFamily.headers.rawValue,
            of: blocks)
        batch.put(key, record.block, in: BlockFamily.blocks.rawValue, of: blocks)
        batch.put(key, record.outcome, in: BlockFamily.outcomes.rawValue, of: blocks)
        try blocks.write(batch)
    }

    func writeTip(_ tip: ChainTip) throws(StorageFault) { try tipFile.write(tip) }

    /// Stores a higher term; on disk when this returns.
    func write(term: UInt64) throws(StorageFault) {
        let batch = WriteBatch()
        batch.put(number: term, at: BlockFamily.termKey, of: blocks)
        try blocks.write(batch)
        monitor.locked { currentTerm = term }
    }

    /// Deletes the blocks and outcomes below `height`, and the headers below the one before it.
    func prune(below height: UInt64) throws(StorageFault) {
        let batch = WriteBatch()
        let end = BlockFamily.key(height)
        for family in [BlockFamily.blocks, .outcomes] {
            batch.delete(
                from: BlockFamily.key(0), to: end, in: family.rawValue, of: blocks)
        }
        batch.delete(
            from: BlockFamily.key(0), to: BlockFamily.key(height - 1),
            in: BlockFamily.headers.rawValue, of: blocks)
        batch.put(number: height, at: BlockFamily.firstBlockKey, of: blocks)
        try blocks.write(batch)
        monitor.locked { lowestBlock = height }
    }
}

extension Database {
    /// A number among the facts; nil where there is none.
    func number(_ key: [UInt8]) throws(StorageFault) -> UInt64? {
        guard let bytes = try value(key, in: BlockFamily.facts.rawValue) else { return nil }
        return try StoredNumber(stored: bytes, in: path).value
    }
}

extension WriteBatch {
    func put(number: UInt64, at key: [UInt8], of database: Database) {
        put(
            key, StoredNumber(value: number).canonicalBytes,
            in: BlockFamily.facts.rawValue, of: database)
    }
}

/// A number of 64 bits as a value of its own.
private struct StoredNumber: CanonicalValue {
    var value: UInt64

    init(value: UInt64) { self.value = value }

    func encode(into encoder: inout CanonicalEncoder) { encoder.append(value) }

    init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        value = try decoder.uint64()
    }
}
