/// What the gateway remembers of one account: its orders, its fills, and what moved its money. All
/// of it is bounded, the oldest goes first; open orders never go.

import Canonical
import FixedPoint
import Ledger
import Markets

/// How much is kept of each account.
package struct AccountLimits: Equatable, Sendable {
    /// Orders that have ended.
    package var orders = 10_000
    package var trades = 10_000
    /// Lines of the log of money.
    package var entries = 10_000

    package init() {}
}

/// What a block did to an account.
struct AccountChanges {
    /// Each once, in the order of their first change.
    var orders: [OrderIdentifier] = []
    var trades: [UserTrade] = []
    /// Whether money or positions moved.
    var hasMoved = false
    /// The underlyings in which market-maker protection tripped.
    var trips: [UnderlyingIdentifier] = []
    /// Whether its owner has given or revoked keys.
    var hasNewKeys = false

    var isEmpty: Bool { orders.isEmpty && trades.isEmpty && !hasMoved && trips.isEmpty }
}

/// One account. It is a class so that it is changed in place.
final class AccountBook {
    let account: AccountIdentifier
    /// Nil while old blocks are told again.
    var running: RunningBalance?
    /// From where on fills and lines of the log are known, with the balances behind them.
    var since = MemoryReach.after(Timestamp(nanoseconds: .max))
    /// From where on orders are.
    var ordersSince = MemoryReach.after(Timestamp(nanoseconds: .max))
    private(set) var orders: [UInt64: OrderEntry] = [:]
    /// Ascending.
    private(set) var open: [OrderIdentifier] = []
    private(set) var ended: Ring<OrderIdentifier>
    private(set) var trades: Ring<UserTrade>
    private(set) var log: Ring<LogEntry>
    /// Whether money has moved that no line of the log explains.
    var hasCorrections = false
    /// Of the block that is being taken in, or of the last.
    var changes = AccountChanges()
    private var isChanged: Set<UInt64> = []
    /// Counts the changes of orders, for those who resume.
    private(set) var sequence: UInt64 = 0

    init(_ account: AccountIdentifier, limits: AccountLimits) {
        self.account = account
        ended = Ring(limit: limits.orders)
        trades = Ring(limit: limits.trades)
        log = Ring(limit: limits.entries)
    }

    /// Begins another block.
    func beginBlock() {
        changes = AccountChanges()
        isChanged.removeAll(keepingCapacity: true)
    }

    // Orders.

    /// The order of this number, if it is the account's and not forgotten.
    subscript(order: OrderIdentifier) -> OrderEntry? { orders[order.number] }

    /// The orders that have ended, oldest first.
    var endedOrders: [OrderEntry] { ended.kept.compactMap { orders[$0.number] } }

    /// Whether there is no order that is not remembered.
    var knowsAllOrders: Bool { ordersSince.isWhole && !ended.hasForgotten }

    /// Whether an order is remembered from its beginning.
    func knows(_ order: OrderIdentifier) -> Bool { orders[order.number]?.isWhole ?? false }

    /// The last to end, the last first.
    ///
    /// - Parameter isForgetful: whether it matters that older ones are not remembered.
    /// - Returns: nil where some may be missing.
    func endedOrders(
        _ count: Int, isForgetful: Bool, where isMeant: (OrderEntry) -> Bool
    ) -> [OrderEntry]? {
        var found: [OrderEntry] = []
        for place in (0..<ended.count).reversed() {
            guard found.count < count else { return found }
            guard let entry = orders[ended[place].number] else { continue }
            if isForgetful {
                guard entry.isWhole, ordersSince.covers(number: 0, at: entry.updated) else {
                    return nil
                }
            }
            if isMeant(entry) { found.append(entry) }
        }
        return found.count == count || !isForgetful || knowsAllOrders ? found : nil
    }

    /// The open orders, oldest first.
    var openOrders: [OrderEntry] { open.compactMap { orders[$0.number] } }

    /// Takes in a new order.
    func insert(_ entry: OrderEntry) {
        guard orders[entry.identifier.number] == nil else { return }
        orders[entry.identifier.number] = entry
        open.append(entry.identifier)
        note(entry.identifier)
    }

    /// Changes an order that is open.
    ///
    /// - Returns: whether it was there.
    @discardableResult
    func change(_ order: OrderIdentifier, _ change: (inout OrderEntry) -> Void) -> Bool {
        guard var entry = orders[order.number], !entry.status.isFinal else { return false }
        change(&entry)
        orders[order.number] = entry
        note(order)
        guard entry.status.isFinal else { return true }
        if let place = open.firstIndex(of: order) { open.remove(at: place) }
        if ended.count == ended.limit { orders[ended[0].number] = nil }
        ended.append(order)
        return true
    }

    private func note(_ order: OrderIdentifier) {
        sequence += 1
        orders[order.number]?.sequence = sequence
        guard isChanged.insert(order.number).inserted else { return }
        changes.orders.append(order)
    }

    // Fills and money.

    func append(_ trade: UserTrade) {
        trades.append(trade)
        changes.trades.append(trade)
    }

    func append(_ entry: LogEntry) {
        log.append(entry)
        changes.hasMoved = true
    }

    /// Says what the last trade realised.
    func setProfit(_ profit: Amount) {
        if !trades.isEmpty { trades[trades.count - 1].profit = profit }
        if !changes.trades.isEmpty { changes.trades[changes.trades.count - 1].profit = profit }
    }
}

extension Ring {
    /// All elements, the oldest first.
    var kept: [Element] { (0..<count).map { self[$0] } }
}
