/// From blocks to rows: pure logic over what stands in the block log. Its own state is what is
/// open: orders, balances, holdings, the candles that run. All of it stands in the database too, so
/// that a node goes on where its history ends.
///
/// 1. The same blocks make the same rows, however they are put together into batches.
/// 2. A block that does not follow the last changes nothing.
/// 3. The lines of an account's statement sum to its balance, which is the ledger's (tested).

package import Canonical
import Catalogue
import FixedPoint
package import Ledger
import Markets

/// Blocks in, rows out.
package struct HistoryProjection {
    package let chain: Digest
    /// Of the last block taken in.
    package private(set) var mark: HistoryMark?
    var markets: MarketStates
    var orders = OpenOrders()
    var money = RunningMoney()
    /// What has been made since the last batch was taken.
    var batch: HistoryBatch

    /// Before the first block of a chain.
    package init(genesis: Genesis) {
        chain = genesis.chain
        markets = MarketStates(genesis)
        batch = HistoryBatch(start: nil)
    }

    /// Where a history ends.
    ///
    /// - Throws: `HistoryFault`.
    package init(genesis: Genesis, from store: HistoryStore) throws(HistoryFault) {
        self.init(genesis: genesis)
        guard let mark = try store.mark() else { return }
        self.mark = mark
        batch.start = mark
        try markets.restore(from: store)
        try orders.restore(from: store)
        try money.restore(from: store)
    }

    /// Takes in a block.
    ///
    /// - Throws: `HistoryFault.otherChain`, `.gap` or `.fork` for one that does not follow, and
    ///   nothing has changed; `.contradiction` for one whose events cannot be, and this is of no
    ///   use any more.
    package mutating func take(_ block: HistoryBlock) throws(HistoryFault) {
        if let fault = block.fault(following: mark, on: chain) { throw fault }
        for funding in block.funding { markets.move(funding) }
        var reading = BlockReading(block)
        for event in block.events {
            try read(event, &reading)
            reading.next()
        }
        batch.settlements += reading.settlements.filter { $0.event != SettlementRow.unsettled }
        batch.blocks.append(
            BlockRow(
                height: block.height, time: block.time, hash: block.hash, root: block.root,
                firstEvent: block.firstEvent, nextEvent: block.mark.nextEvent))
        mark = block.mark
    }

    /// About how many rows wait for `takeBatch`.
    package var pendingRows: Int {
        batch.rowCount + orders.changed.count + money.changed.count
    }

    /// What has been made since the last time.
    package mutating func takeBatch() -> HistoryBatch {
        orders.flush(into: &batch)
        money.flush(into: &batch)
        markets.flush(into: &batch)
        var taken = HistoryBatch(start: mark)
        swap(&taken, &batch)
        return taken
    }
}

/// A block whose events are being read.
struct BlockReading {
    let height: UInt64
    let time: Timestamp
    /// Of the event that is read.
    private(set) var number: UInt64
    /// Contracts that end in this block, in the order of the first event that says so.
    var settlements: [SettlementRow] = []
    /// Lines written for the event that is read, by account.
    private var lines: [(account: AccountIdentifier, count: UInt8)] = []
    var requests: RequestFinder

    init(_ block: HistoryBlock) {
        height = block.height
        time = block.time
        number = block.firstEvent
        requests = RequestFinder(block)
    }

    mutating func next() {
        number += 1
        lines.removeAll(keepingCapacity: true)
    }

    /// The number of an account's next line of this event.
    mutating func line(of account: AccountIdentifier) -> UInt8 {
        if let place = lines.firstIndex(where: { $0.account == account }) {
            lines[place].count += 1
            return lines[place].count - 1
        }
        lines.append((account, 1))
        return 0
    }

    func contradiction(_ what: String) -> HistoryFault {
        .contradiction(height: height, "event \(number): \(what)")
    }
}
