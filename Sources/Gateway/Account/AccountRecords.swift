/// What the gateway remembers of the accounts it answers for, and of no others: those that have a
/// credential, and their sisters. It follows from the events of committed blocks alone, so that it
/// can be made again from old blocks when the gateway starts; an account that is watched later
/// begins with the orders that it has open.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets

/// What a committed block brings.
struct BlockRecord {
    let time: Timestamp
    /// The number of the first event; the others follow without a gap.
    let firstEvent: UInt64
    let events: [Event]
    let receipts: [Receipt]
    /// As they stood in the block.
    let transactions: [[UInt8]]

    /// - Parameter sent: by transaction, what the gateway itself has sent: for where the block's
    ///   own are not told.
    init(_ block: CommittedBlock, sent: [[UInt8]] = []) {
        time = block.time
        firstEvent = block.outcome.firstEvent
        events = block.outcome.events
        receipts = block.outcome.receipts
        transactions = block.transactions.isEmpty ? sent : block.transactions
    }
}

/// The accounts that are watched.
struct AccountRecords {
    let limits: AccountLimits
    private(set) var books: [UInt32: AccountBook] = [:]
    /// Who owns the open orders of watched accounts.
    private var owners: [UInt64: AccountIdentifier] = [:]
    /// Whether all blocks from the first on have been told.
    var isFromStart = false
    /// Of the last block.
    private(set) var time = Timestamp.epoch
    /// The accounts that the block being taken in, or the last, has changed.
    private(set) var changed: [AccountIdentifier] = []

    init(limits: AccountLimits = AccountLimits()) { self.limits = limits }

    /// What is remembered of an account; nil where it is not watched.
    subscript(account: AccountIdentifier) -> AccountBook? { books[account.number] }

    /// Begins to watch an account.
    ///
    /// - Returns: what is remembered of it.
    @discardableResult
    mutating func watch(_ account: AccountIdentifier, ledger: Ledger) -> AccountBook {
        if let book = books[account.number] { return book }
        let book = AccountBook(account, limits: limits)
        books[account.number] = book
        adopt(book, ledger: ledger)
        return book
    }

    /// Begins to watch an account whose past is about to be told.
    mutating func prepare(_ account: AccountIdentifier) {
        guard books[account.number] == nil else { return }
        books[account.number] = AccountBook(account, limits: limits)
    }

    /// Ends the telling of the past: balances run from here on.
    mutating func adoptAll(ledger: Ledger) {
        for book in books.values { adopt(book, ledger: ledger) }
        changed = []
        time = ledger.time
    }

    /// Brings what is remembered of an account to what the ledger says of it.
    private mutating func adopt(_ book: AccountBook, ledger: Ledger) {
        guard let account = ledger.accounts.account(book.account) else {
            // What is still to be opened has no past.
            book.running = RunningBalance()
            book.since = .whole
            book.ordersSince = .whole
            return
        }
        book.since = .after(ledger.time)
        book.ordersSince = isFromStart ? .whole : book.since
        book.running = RunningBalance(account)
        let open = ledger.openOrders(of: book.account)
        for order in open where book[order.identifier] == nil {
            book.insert(OrderEntry(order, at: ledger.time))
        }
        for order in open { owners[order.identifier.number] = book.account }
        book.beginBlock()
    }

    // Blocks.

    /// Takes in a block.
    ///
    /// - Parameters:
    ///   - trades: of this block, as the public sees them.
    ///   - ledger: as it is after the block, or later while old blocks are told again.
    mutating func apply(
        _ block: BlockRecord, trades: [TradeRecord], ledger: Ledger, isLive: Bool
    ) {
        for account in changed { books[account.number]?.beginBlock() }
        changed.removeAll(keepingCapacity: true)
        time = block.time
        guard !books.isEmpty else { return }
        var requests = RequestFinder(block)
        let view = EventView(block: block, trades: trades, ledger: ledger, isLive: isLive)
        for (place, event) in block.events.enumerated() {
            take(event, number: block.firstEvent + UInt64(place), view, &requests)
        }
        guard isLive else { return }
        for account in changed { reconcile(account, view) }
    }

    /// Compares what has run with the ledger; what differs is said.
    private func reconcile(_ account: AccountIdentifier, _ view: EventView) {
        guard let book = books[account.number], let state = view.ledger.accounts.account(account)
        else { return }
        if let running = book.running, running.cash != state.cash {
            book.hasCorrections = true
            book.append(
                LogEntry(
                    number: view.block.firstEvent, time: view.block.time, kind: .correction,
                    currency: .quote, change: (state.cash - running.cash).units,
                    balance: state.cash.units))
        }
        book.running = RunningBalance(state)
    }

    // For the events.

    /// What is remembered of an account, which an event is about to change.
    mutating func touch(_ account: AccountIdentifier) -> AccountBook? {
        guard let book = books[account.number] else { return nil }
        if book.changes.isEmpty, !changed.contains(account) { changed.append(account) }
        return book
    }

    /// The same of an order's owner.
    mutating func touch(ownerOf order: OrderIdentifier) -> AccountBook? {
        guard let owner = owners[order.number] else { return nil }
        return touch(owner)
    }

    mutating func setOwner(_ account: AccountIdentifier, of order: OrderIdentifier) {
        owners[order.number] = account
    }

    mutating func forgetOwner(of order: OrderIdentifier) { owners[order.number] = nil }
}

/// What the events of a block are read against.
struct EventView {
    let block: BlockRecord
    /// Ascending by number.
    let trades: [TradeRecord]
    let ledger: Ledger
    /// Whether the ledger is as it was after this block.
    let isLive: Bool

    /// A trade as the public sees it.
    func trade(_ number: UInt64) -> TradeRecord? {
        var low = 0
        var high = trades.count
        while low < high {
            let middle = (low + high) / 2
            if trades[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low < trades.count && trades[low].number == number ? trades[low] : nil
    }
}

/// Finds the request behind an order: a transaction is decoded when the first of its orders is
/// asked for, and not otherwise.
struct RequestFinder {
    private let block: BlockRecord
    /// The place of the receipt that is looked at next.
    private var next = 0
    private var decoded: (place: UInt32, transaction: Transaction?)?
    /// By order: its receipt; made when first asked.
    private var receipts: [UInt64: Int]?

    init(_ block: BlockRecord) { self.block = block }

    /// The request of an order that this block admitted; nil where no client sent it.
    mutating func request(of order: OrderIdentifier) -> OrderRequest? {
        if receipts == nil {
            var found: [UInt64: Int] = [:]
            for (place, receipt) in block.receipts.enumerated() {
                if let number = receipt.order?.number { found[number] = place }
            }
            receipts = found
        }
        guard let place = receipts?[order.number] else { return nil }
        let receipt = block.receipts[place]
        guard let command = receipt.command,
            let transaction = transaction(receipt.transaction),
            Int(command) < transaction.commands.count,
            case .place(let request) = transaction.commands[Int(command)]
        else { return nil }
        return request
    }

    private mutating func transaction(_ place: UInt32) -> Transaction? {
        if let decoded, decoded.place == place { return decoded.transaction }
        var transaction: Transaction?
        if Int(place) < block.transactions.count {
            var decoder = CanonicalDecoder(block.transactions[Int(place)])
            transaction = try? Transaction(from: &decoder)
        }
        decoded = (place, transaction)
        return transaction
    }
}
