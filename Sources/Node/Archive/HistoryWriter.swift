/// An open history with what is needed to go on with it. When a write fails it is thrown away and
/// opened again, so that memory and database never part.

import Canonical
import History
import Ledger
import Replication

/// Why the history does not go on.
struct KeepingFault: Error, Equatable {
    let text: String
    /// Whether trying again may help.
    let isPassing: Bool

    init(_ text: String, isPassing: Bool = false) {
        self.text = text
        self.isPassing = isPassing
    }

    init(_ fault: HistoryFault) {
        text = fault.description
        switch fault {
        // Somebody else has written: what he wrote is taken over.
        case .unavailable, .busy, .gap: isPassing = true
        default: isPassing = false
        }
    }

    static func of<Result>(
        _ body: () throws(HistoryFault) -> Result
    ) throws(KeepingFault) -> Result {
        do throws(HistoryFault) { return try body() } catch { throw KeepingFault(error) }
    }

    static func stored<Result>(
        _ body: () throws(StorageFault) -> Result
    ) throws(KeepingFault) -> Result {
        do throws(StorageFault) { return try body() } catch {
            throw KeepingFault("\(error). \(error.advice)")
        }
    }
}

/// Writes blocks of a store into a history.
final class HistoryWriter {
    private let store: HistoryStore
    private let blocks: BlockStore
    private var projection: HistoryProjection

    /// Blocks and rows of one transaction, about.
    private static let mostBlocks: UInt64 = 1_000
    private static let mostRows = 20_000

    /// Opens the history, which must end where these blocks have been.
    ///
    /// - Throws: `KeepingFault` that says what to do.
    init(
        _ location: HistoryLocation, genesis: Genesis, blocks: BlockStore
    ) throws(KeepingFault) {
        self.blocks = blocks
        let opened = try KeepingFault.of { () throws(HistoryFault) in
            let store = try HistoryStore(location, chain: genesis.chain, mode: .writing)
            return (store, try HistoryProjection(genesis: genesis, from: store))
        }
        store = opened.0
        projection = opened.1
        try check()
    }

    /// The last block that is written.
    var height: UInt64 { projection.mark?.height ?? 0 }

    private func check() throws(KeepingFault) {
        let tip = blocks.chainTip.height
        guard height <= tip else {
            throw KeepingFault(
                "the history stands at block \(height), and the chain at block \(tip): it was kept "
                    + "of other blocks; run 'rampart history rebuild' with the node stopped")
        }
        let stored = try KeepingFault.stored { () throws(StorageFault) in
            (first: try blocks.firstBlock, hash: try blocks.hash(at: height))
        }
        if let mark = projection.mark, let hash = stored.hash, hash != mark.hash {
            throw KeepingFault(
                "block \(height) of the history is not that of the chain: run "
                    + "'rampart history rebuild' with the node stopped")
        }
        guard height == tip || height + 1 >= stored.first else {
            throw KeepingFault(
                "the history stands at block \(height), and the store keeps blocks from "
                    + "\(stored.first) on: take over the history of a node that has the others, "
                    + "or set history.database = none")
        }
    }

    /// Writes the next blocks up to a height, as many as one transaction takes.
    ///
    /// - Throws: `KeepingFault`; this is of no use any more then.
    func advance(to end: UInt64) throws(KeepingFault) {
        let last = min(end, height + HistoryWriter.mostBlocks)
        while height < last, projection.pendingRows < HistoryWriter.mostRows {
            let block = try block(at: height + 1)
            try KeepingFault.of { () throws(HistoryFault) in try projection.take(block) }
        }
        let batch = projection.takeBatch()
        try KeepingFault.of { () throws(HistoryFault) in try store.write(batch) }
    }

    private func block(at height: UInt64) throws(KeepingFault) -> HistoryBlock {
        let record = try KeepingFault.stored { () throws(StorageFault) in
            try blocks.record(at: height)
        }
        do throws(DecodingFault) { return try HistoryBlock(record) } catch {
            throw KeepingFault("block \(height) of the store cannot be read")
        }
    }
}
