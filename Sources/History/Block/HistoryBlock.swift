/// A committed block as the history takes it in: what stands in the block log of it, and nothing
/// that only a ledger in the state behind it could say. So a history can be made from the log
/// alone.

package import Canonical
package import FixedPoint
package import Ledger

/// Until which block a history goes.
package struct HistoryMark: Equatable, Sendable {
    package let height: UInt64
    /// Of the block's header.
    package let hash: Digest
    /// The number of the first event after it.
    package let nextEvent: UInt64

    package init(height: UInt64, hash: Digest, nextEvent: UInt64) {
        self.height = height
        self.hash = hash
        self.nextEvent = nextEvent
    }
}

/// A committed block.
package struct HistoryBlock: Sendable {
    package var chain: Digest
    package var height: UInt64
    package var time: Timestamp
    /// Of its header, and of the header before it (the chain's name before the first block).
    package var hash: Digest
    package var previous: Digest
    /// Of the state behind it.
    package var root: Digest
    /// As they stand in the block.
    package var transactions: [[UInt8]]
    package var receipts: [Receipt]
    /// The number of the first event; the others follow without a gap.
    package var firstEvent: UInt64
    package var events: [Event]
    /// Of perpetuals whose funding has moved in this block. It moves before anything trades.
    package var funding: [FundingMove]

    package init(
        chain: Digest, height: UInt64, time: Timestamp, hash: Digest, previous: Digest,
        root: Digest, transactions: [[UInt8]], receipts: [Receipt], firstEvent: UInt64,
        events: [Event], funding: [FundingMove]
    ) {
        self.chain = chain
        self.height = height
        self.time = time
        self.hash = hash
        self.previous = previous
        self.root = root
        self.transactions = transactions
        self.receipts = receipts
        self.firstEvent = firstEvent
        self.events = events
        self.funding = funding
    }

    /// The mark of a history that ends with it.
    package var mark: HistoryMark {
        HistoryMark(height: height, hash: hash, nextEvent: firstEvent + UInt64(events.count))
    }

    /// Why it does not follow a mark; nil where it does.
    ///
    /// - Parameter mark: nil where nothing has been taken in; then only the chain's first block
    ///   follows.
    package func fault(following mark: HistoryMark?, on chain: Digest) -> HistoryFault? {
        guard self.chain == chain else { return .otherChain }
        guard height == (mark?.height ?? 0) + 1 else {
            return .gap(last: mark?.height ?? 0, found: height)
        }
        guard previous == mark?.hash ?? chain else { return .fork(height: height) }
        if let mark, firstEvent != mark.nextEvent {
            return .contradiction(
                height: height,
                "its events begin with \(firstEvent), and the next is \(mark.nextEvent)")
        }
        return nil
    }
}
