/// The store of one chain on one machine. Every block is one synced write before anyone is told of
/// it; leaves follow in the background; at start-up the last leaves and the blocks behind them give
/// the state again.
///
/// Definitions: the **tip** is the last committed block. The **mark** is the block at which the
/// leaves on disk stand. The **first block** is the lowest height whose block is kept; its
/// predecessor's header is kept too.
///
/// Invariants:
/// 1. Header, block and outcome of a height are written in one batch, on disk before the tip file
///    says so, and the tip file is on disk before `commit` returns.
/// 2. first block - 1 <= mark <= tip, and every block behind the mark is there.
/// 3. A store has its name only when it is complete: it is made in `<name>.unfinished`.
/// 4. One opening at a time: a lock on a file that the system lets go of with the process.
///
/// `commit`, `recover`, `raiseTerm`, `prune` and `close` are for one thread (the engine's); reading
/// is for any.

package import Canonical
import Cryptography

/// An open store.
package final class BlockStore: @unchecked Sendable {
    /// The folder.
    package let path: String
    /// The chain's identifier.
    package let chain: Digest
    let options: StoreOptions
    let paths: StorePaths

    private let monitor = Monitor()
    /// Nil when the store has been closed.
    private var lockFile: File?
    private var opened: OpenedStore?
    private var users = 0
    private var tipHeader: BlockHeader?
    private var hasFailed = false
    let writer: LeafWriter

    /// Opens a store.
    ///
    /// - Throws: `StorageFault`: `.absent`, `.locked`, `.wrongChain`, `.unknownVersion`,
    ///   `.corrupted`, `.tipDamaged`, `.tipLost`, `.tipDiffers` or `.missingBlock`. Nothing in the
    ///   folder has changed then.
    package init(
        opening path: String, chain: Digest, options: StoreOptions = StoreOptions()
    ) throws(StorageFault) {
        self.path = path
        self.chain = chain
        self.options = options
        paths = StorePaths(folder: path)
        guard BlockStore.exists(at: path) else { throw .absent(folder: path) }
        let lockFile = try File(paths.lock, .updating)
        do throws(StorageFault) {
            try lockFile.lock()
        } catch {
            throw error == .locked(folder: paths.lock) ? .locked(folder: path) : error
        }
        let opened = try OpenedStore(paths, chain: chain, options: options)
        tipHeader = opened.tip
        writer = try LeafWriter(opened.leaves, mark: opened.mark, options: options)
        self.opened = opened
        self.lockFile = consume lockFile
    }

    deinit { writer.stop() }

    /// Whether something that could be a store is at `path`.
    package static func exists(at path: String) -> Bool {
        let paths = StorePaths(folder: path)
        return Folder.exists(paths.lock) || Folder.exists(paths.blocks) || Folder.exists(paths.tip)
    }

    /// The last committed header; nil before the first block.
    package var tip: BlockHeader? { monitor.locked { tipHeader } }

    /// Height and hash of the last committed header, or 0 and the chain's identifier.
    package var chainTip: ChainTip {
        let header = tip
        return ChainTip(height: header?.height ?? 0, hash: header?.hash ?? chain)
    }

    /// At which height the leaves on disk stand.
    package var leafHeight: UInt64 { writer.mark.height }

    /// The databases, for as long as `body` runs.
    func withDatabases<Result>(
        _ body: (OpenedStore) throws(StorageFault) -> Result
    ) throws(StorageFault) -> Result {
        let current = monitor.locked {
            if opened != nil { users += 1 }
            return opened
        }
        guard let current else { throw .interrupted(folder: path) }
        defer {
            monitor.locked {
                users -= 1
                monitor.wakeAll()
            }
        }
        return try body(current)
    }

    /// Stores the next block: when this returns, it survives a crash of program and machine.
    ///
    /// The block that is the tip already is taken once more if a failed `commit` has left it there
    /// without its leaves, so that the one who tries again after `recover` need not know.
    ///
    /// - Parameters:
    ///   - record: its header must follow the tip and name the block's digest.
    ///   - leaves: what the block changed.
    /// - Throws: `StorageFault`: `.brokenChain`, `.staleTerm`, `.diskFull`, `.interrupted` after an
    ///   earlier fault. Whether the block is stored is known after `recover`.
    package func commit(_ record: BlockRecord, leaves: LeafList) throws(StorageFault) {
        guard !hasFailed else { throw .interrupted(folder: path) }
        let header = record.header
        let mark = LeafMark(height: header.height, hash: header.hash, root: header.root)
        let last = tip
        if header == last && writer.appendedHeight + 1 == header.height {
            return writer.append(leaves, mark: mark)
        }
        if let fault = header.fault(following: last, on: chain) {
            throw .brokenChain(height: header.height, fault: fault)
        }
        guard writer.appendedHeight + 1 == header.height else {
            throw .missingBlock(height: writer.appendedHeight + 1)
        }
        do throws(StorageFault) {
            try writer.check()
            try withDatabases { (opened) throws(StorageFault) in
                guard header.term >= opened.term else {
                    throw .staleTerm(promised: opened.term, found: header.term)
                }
                try opened.write(record)
                try opened.writeTip(ChainTip(height: header.height, hash: mark.hash))
            }
        } catch {
            if case .staleTerm = error { throw error }
            hasFailed = true
            throw error
        }
        monitor.locked { tipHeader = header }
        writer.append(leaves, mark: mark)
    }

    /// Goes on after a fault: opens the databases again and checks them as at start-up. The tip may
    /// have become the block whose `commit` threw.
    package func recover() throws(StorageFault) {
        hasFailed = true
        writer.release()
        monitor.locked {
            while users > 0 { monitor.wait() }
            opened = nil
        }
        let again = try OpenedStore(paths, chain: chain, options: options)
        monitor.locked {
            opened = again
            tipHeader = again.tip
        }
        writer.resume(again.leaves, mark: again.mark)
        hasFailed = false
    }

    /// Writes the collected leaves, and returns when the disk has them.
    package func flushLeaves() throws(StorageFault) { try writer.flush() }

    /// Ends the store in order: leaves and tables are written, so that the next start is quick.
    ///
    /// - Throws: `StorageFault`; the store is closed all the same and nothing acknowledged is lost.
    package func close() throws(StorageFault) {
        defer {
            writer.stop()
            monitor.locked {
                while users > 0 { monitor.wait() }
                opened = nil
            }
            lockFile = nil
        }
        guard !hasFailed else { return }
        try writer.flush()
        try withDatabases { (opened) throws(StorageFault) in
            try opened.blocks.flush()
            try opened.leaves.flush()
        }
    }
}
