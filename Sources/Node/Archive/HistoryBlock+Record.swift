/// A block of the store as the history takes it in.

import Canonical
import History
import Ledger
import Replication

/// Why a record makes no history.
enum RecordFault: Error, Equatable {
    case unreadable(height: UInt64)
    /// It was stored by a version that did not write down where funding stood.
    case withoutFunding(height: UInt64)

    var text: String {
        switch self {
        case .unreadable(let height): "block \(height) cannot be read"
        case .withoutFunding(let height):
            "block \(height) was stored by an earlier version: run 'rampart history rebuild' once "
                + "with the node stopped"
        }
    }
}

extension HistoryBlock {
    /// - Throws: `RecordFault`.
    init(_ record: BlockRecord) throws(RecordFault) {
        let height = record.header.height
        let outcome: EncodedOutcome
        let block: Block
        do throws(DecodingFault) {
            outcome = try EncodedOutcome(canonicalBytes: record.outcome)
            block = try Block(canonicalBytes: record.block)
        } catch {
            throw .unreadable(height: height)
        }
        guard let funding = outcome.funding else { throw .withoutFunding(height: height) }
        self.init(record.header, block, outcome, funding: funding)
    }

    private init(
        _ header: BlockHeader, _ block: Block, _ outcome: EncodedOutcome, funding: [FundingIndex]
    ) {
        self.init(
            chain: header.chain, height: header.height, time: header.time, hash: header.hash,
            previous: header.previous, root: header.root, transactions: block.transactions,
            receipts: outcome.receipts, firstEvent: outcome.firstEvent, events: outcome.events,
            funding: funding)
    }
}
