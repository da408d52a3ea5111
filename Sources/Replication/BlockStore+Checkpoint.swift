/// A copy of a store that is open and goes on: a store of its own, which stands at one block and
/// has everything that was acknowledged when it was asked for. What back-ups are made of.

extension BlockStore {
    /// Copies the store as it stands to a folder that does not exist, on the same disk; tables are
    /// linked, so it takes milliseconds and little room. From any thread, while blocks are
    /// committed.
    ///
    /// - Returns: the block at which the copy stands.
    /// - Throws: `StorageFault`: `.missingBlock` where blocks were pruned meanwhile (ask again),
    ///   `.interrupted` after an earlier fault, or what the disk says. What is in the folder then
    ///   counts for nothing.
    package func checkpoint(at path: String) throws(StorageFault) -> ChainTip {
        let acknowledged = chainTip
        let copy = StorePaths(folder: path)
        guard !Folder.exists(path) else { throw .notEmpty(folder: path) }
        try Folder.create(path)
        try withDatabases { (opened) throws(StorageFault) in
            // Leaves first: they must not stand behind the last block of the copy.
            try opened.leaves.checkpoint(at: copy.leaves)
            try opened.blocks.checkpoint(at: copy.blocks)
        }
        let tip = try OpenedStore.tip(ofCopy: copy, chain: chain, options)
        guard tip.height >= acknowledged.height else {
            throw .tipLost(acknowledged: acknowledged.height, found: tip.height)
        }
        try TipFile.create(copy.tip, chain: chain, tip: tip)
        _ = try File(copy.lock, .creating)
        try Folder.synchronize(path)
        return tip
    }
}
