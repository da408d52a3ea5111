/// The blocks of a store for a history that is made again: each is replayed through the ledger
/// first, and what it does compared with what is recorded.

import Canonical
import History
import Ledger
import Replication

/// Blocks from the first to a height.
struct VerifiedBlocks: HistorySource {
    private let store: BlockStore
    private var machine: LedgerMachine
    private let end: UInt64
    private var last: BlockHeader?
    private let show: (_ done: UInt64, _ total: UInt64) -> Void

    /// Blocks between two reports of progress.
    private static let step: UInt64 = 1_024

    /// - Parameter machine: before the first block.
    init(
        _ store: BlockStore, _ machine: LedgerMachine, upTo end: UInt64,
        show: @escaping (_ done: UInt64, _ total: UInt64) -> Void
    ) {
        self.store = store
        self.machine = machine
        self.end = end
        self.show = show
    }

    mutating func next() throws(StorageFault) -> HistoryBlock? {
        let height = (last?.height ?? 0) + 1
        guard height <= end else { return nil }
        let record = try store.record(at: height)
        try Replay.apply(record, to: &machine, following: last)
        last = record.header
        if height % VerifiedBlocks.step == 0 || height == end {
            show(height, end)
        }
        do throws(DecodingFault) {
            return try HistoryBlock(record)
        } catch {
            throw .corrupted(file: store.path, reason: "block \(height) cannot be read")
        }
    }
}
