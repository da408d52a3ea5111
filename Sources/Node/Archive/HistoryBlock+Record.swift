/// A block of the store as the history takes it in.

import Canonical
import History
import Ledger
import Replication

extension HistoryBlock {
    /// - Throws: `DecodingFault` where the record is not what a node writes.
    init(_ record: BlockRecord) throws(DecodingFault) {
        let header = record.header
        let outcome = try EncodedOutcome(canonicalBytes: record.outcome)
        let block = try Block(canonicalBytes: record.block)
        self.init(
            chain: header.chain, height: header.height, time: header.time, hash: header.hash,
            previous: header.previous, root: header.root, transactions: block.transactions,
            receipts: outcome.receipts, firstEvent: outcome.firstEvent, events: outcome.events,
            funding: outcome.funding)
    }
}
