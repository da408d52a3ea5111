/// What can be read from an open store, from any thread; and what is seldom changed: the term and
/// how far back blocks are kept.

package import Canonical

extension BlockStore {
    /// The version of the layout that this program reads and writes.
    package static var format: UInt32 { StoreFormat.version }

    /// The lowest height whose block is kept.
    package var firstBlock: UInt64 {
        get throws(StorageFault) { try withDatabases { $0.firstBlock } }
    }

    /// The lowest term that a new block may have.
    package var term: UInt64 {
        get throws(StorageFault) { try withDatabases { $0.term } }
    }

    /// The header at a height; nil where it is not kept or not yet there.
    package func header(at height: UInt64) throws(StorageFault) -> BlockHeader? {
        guard let bytes = try value(height, in: .headers) else { return nil }
        let header = try BlockHeader(stored: bytes, in: paths.blocks)
        guard header.height == height, header.chain == chain else {
            throw .corrupted(file: paths.blocks, reason: "header \(height) is another one")
        }
        return header
    }

    /// The encoded block at a height, as it was committed.
    package func block(at height: UInt64) throws(StorageFault) -> [UInt8]? {
        try value(height, in: .blocks)
    }

    /// The encoded outcome of the block at a height.
    package func outcome(at height: UInt64) throws(StorageFault) -> [UInt8]? {
        try value(height, in: .outcomes)
    }

    /// Everything about a height.
    ///
    /// - Throws: `StorageFault.missingBlock` where it is not kept or not yet there.
    package func record(at height: UInt64) throws(StorageFault) -> BlockRecord {
        guard let header = try header(at: height), let block = try block(at: height),
            let outcome = try outcome(at: height)
        else { throw .missingBlock(height: height) }
        return BlockRecord(header: header, block: block, outcome: outcome)
    }

    private func value(_ height: UInt64, in family: BlockFamily) throws(StorageFault) -> [UInt8]? {
        try withDatabases { (opened) throws(StorageFault) in
            try opened.blocks.value(BlockFamily.key(height), in: family.rawValue)
        }
    }

    /// The hash of the header at a height; the chain's identifier for 0, nil where it is not kept.
    package func hash(at height: UInt64) throws(StorageFault) -> Digest? {
        height == 0 ? chain : try header(at: height)?.hash
    }

    /// Promises that no block of a lower term will be stored; on disk when this returns.
    ///
    /// - Throws: `StorageFault.staleTerm` where a higher one has been promised.
    package func raiseTerm(to term: UInt64) throws(StorageFault) {
        try withDatabases { (opened) throws(StorageFault) in
            guard term >= opened.term else {
                throw .staleTerm(promised: opened.term, found: term)
            }
            if term > opened.term { try opened.write(term: term) }
        }
    }

    /// The highest height below which blocks can be pruned: leaves must be written past them, and
    /// the options keep some for followers. 1 where none can.
    package var prunableBelow: UInt64 {
        let height = chainTip.height
        let kept = height >= options.keptBlocks ? height - options.keptBlocks + 1 : 1
        return min(kept, leafHeight + 1)
    }

    /// Forgets the blocks below `height`. The state and everything from there on stay.
    ///
    /// - Throws: `StorageFault.unprunable` above `prunableBelow`.
    package func prune(below height: UInt64) throws(StorageFault) {
        let allowed = prunableBelow
        guard height <= allowed else { throw .unprunable(below: height, allowed: allowed) }
        try withDatabases { (opened) throws(StorageFault) in
            if height > opened.firstBlock { try opened.prune(below: height) }
        }
    }
}
