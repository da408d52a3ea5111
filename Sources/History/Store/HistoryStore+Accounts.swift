/// Questions about one account: fills, orders, its statement; and liquidations.

package import Canonical
import FixedPoint
import Markets

extension HistoryStore {
    /// What an account traded.
    package func fills(
        of account: AccountIdentifier, _ scope: InstrumentScope, _ window: HistoryWindow
    ) throws(HistoryFault) -> HistoryPage<FillRow> {
        try page(FillRow.self, window) { conditions in
            conditions.add("account", "=", Int64(account.number))
            conditions.add(scope)
        }
    }

    /// What an order of an account traded.
    package func fills(
        of order: OrderIdentifier, _ account: AccountIdentifier, _ window: HistoryWindow
    ) throws(HistoryFault) -> HistoryPage<FillRow> {
        try page(FillRow.self, window) { conditions in
            conditions.add("order_number", "=", Int64(clamping: order.number))
            conditions.add("account", "=", Int64(account.number))
        }
    }

    // Orders.

    /// An order of an account; nil where there is none of this number.
    package func order(
        _ number: OrderIdentifier, of account: AccountIdentifier
    ) throws(HistoryFault) -> OrderRow? {
        var conditions = Conditions(dialect)
        conditions.add("number", "=", Int64(clamping: number.number))
        conditions.add("account", "=", Int64(account.number))
        return try select(OrderRow.self, conditions, order: "number", limit: 1).first
    }

    /// Orders that have ended, by the event that ended them.
    package func endedOrders(
        of account: AccountIdentifier, _ wish: OrderWish, _ window: HistoryWindow
    ) throws(HistoryFault) -> HistoryPage<OrderRow> {
        try page(OrderRow.self, window, column: "ended") { conditions in
            conditions.add("account", "=", Int64(account.number))
            conditions.add(wish)
        }
    }

    /// Orders that are open, the oldest first.
    package func openOrders(
        of account: AccountIdentifier, limit: Int
    ) throws(HistoryFault) -> [OrderRow] {
        var conditions = Conditions(dialect)
        conditions.add("account", "=", Int64(account.number))
        conditions.add("ended IS NULL")
        return try select(OrderRow.self, conditions, order: "number", limit: limit)
    }

    /// Orders with a label, open ones included, the newest first.
    package func orders(
        of account: AccountIdentifier, label: Label, limit: Int
    ) throws(HistoryFault) -> [OrderRow] {
        guard !label.isEmpty else { return [] }
        var conditions = Conditions(dialect)
        conditions.add("account", "=", Int64(account.number))
        conditions.add("label <> ''")
        conditions.add("label", String(decoding: label.bytes, as: UTF8.self))
        return try select(OrderRow.self, conditions, order: "number DESC", limit: limit)
    }

    // The statement.

    /// The lines of an account's statement. A page ends with a whole event, so it may be a few
    /// lines longer than the limit.
    ///
    /// - Parameters:
    ///   - kinds: nil for all.
    ///   - currency: nil for all.
    package func statement(
        of account: AccountIdentifier, kinds: [EntryKind]? = nil, currency: EntryCurrency? = nil,
        in scope: InstrumentScope = .all, _ window: HistoryWindow
    ) throws(HistoryFault) -> HistoryPage<StatementLine> {
        var found = HistoryPage<StatementLine>(rows: [], hasMore: false)
        if kinds?.contains(.trade) ?? true {
            try addFills(of: account, currency, scope, window, to: &found)
        }
        let others = kinds?.filter { $0 != .trade }
        if others?.isEmpty != true {
            let entries = try entries(of: account, others, currency, scope, window)
            found.rows += entries.rows.map { .entry($0) }
            found.hasMore = found.hasMore || entries.hasMore
        }
        // Within an event, funding that was due comes before the fill that made it due.
        let isAscending = window.isAscending
        found.rows.sort { first, second in
            guard first.event == second.event else {
                return isAscending ? first.event < second.event : first.event > second.event
            }
            return isAscending ? first.place < second.place : first.place > second.place
        }
        var end = min(window.limit, found.rows.count)
        while end > 0, end < found.rows.count, found.rows[end].event == found.rows[end - 1].event {
            end += 1
        }
        found.hasMore = found.hasMore || end < found.rows.count
        found.rows.removeLast(found.rows.count - end)
        return found
    }

    private func addFills(
        of account: AccountIdentifier, _ currency: EntryCurrency?, _ scope: InstrumentScope,
        _ window: HistoryWindow, to found: inout HistoryPage<StatementLine>
    ) throws(HistoryFault) {
        var window = window
        window.limit += HistoryStore.linesOfEvent
        let fills = try page(FillRow.self, window) { conditions in
            conditions.add("account", "=", Int64(account.number))
            conditions.add(scope)
            if case .asset(let instrument) = currency {
                conditions.add("instrument", "=", Int64(instrument.number))
                conditions.add("spot = 1")
            }
        }
        found.hasMore = fills.hasMore
        for fill in fills.rows {
            if currency == nil || currency == .quote { found.rows.append(.fill(fill)) }
            if fill.isSpot, currency != .quote { found.rows.append(.asset(fill)) }
        }
    }

    /// Most lines of one event of an account, so that a page holds the whole of its last event.
    private static let linesOfEvent = 4

    private func entries(
        of account: AccountIdentifier, _ kinds: [EntryKind]?, _ currency: EntryCurrency?,
        _ scope: InstrumentScope, _ window: HistoryWindow
    ) throws(HistoryFault) -> HistoryPage<EntryRow> {
        var window = window
        window.limit += HistoryStore.linesOfEvent
        return try page(EntryRow.self, window) { conditions in
            conditions.add("account", "=", Int64(account.number))
            if let kinds { conditions.add("kind", in: kinds.map { Int64($0.rawValue) }) }
            conditions.add(scope)
            switch currency {
            case .quote: conditions.add("asset IS NULL")
            case .asset(let instrument):
                conditions.add("asset", "=", Int64(instrument.number))
            case nil: break
            }
        }
    }

    // Liquidations.

    /// What was done to accounts short of margin: to one, or to all.
    package func liquidations(
        of account: AccountIdentifier?, _ window: HistoryWindow
    ) throws(HistoryFault) -> HistoryPage<LiquidationRow> {
        try page(LiquidationRow.self, window) { conditions in
            if let account { conditions.add("account", "=", Int64(account.number)) }
        }
    }
}

extension StatementLine {
    /// Among the lines of its event.
    fileprivate var place: Int {
        switch self {
        case .entry(let row): row.kind == .funding ? Int(row.line) - 256 : Int(row.line)
        case .fill: 0
        case .asset: 1
        }
    }
}

extension Conditions {
    mutating func add(_ scope: InstrumentScope) {
        switch scope {
        case .all: break
        case .one(let instrument): add("instrument", "=", Int64(instrument.number))
        case .groups(let groups): add("market", in: groups.map(\.number))
        }
    }

    mutating func add(_ wish: OrderWish) {
        add(wish.scope)
        if !wish.includesUnfilled { add("filled > 0") }
        if let isMarket = wish.isMarket {
            add(isMarket ? "limit_price IS NULL" : "limit_price IS NOT NULL")
        }
        if !wish.triggers.isEmpty {
            let kinds = wish.triggers.map { kind in
                kind.map { "trigger_kind = " + parameter(.integer(Int64($0.rawValue))) }
                    ?? "trigger_kind IS NULL"
            }
            add("(" + kinds.joined(separator: " OR ") + ")")
        }
        if let label = wish.label {
            add("label", String(decoding: label.bytes, as: UTF8.self))
        }
    }
}
