/// What is asked of a history, and what comes back: a page, with whether there is more.

package import Canonical
package import FixedPoint
package import Markets

/// Which events, and how many rows.
package struct HistoryWindow: Sendable {
    /// Most rows of one page.
    package static let rowLimit = 10_000

    /// Numbers of events. To go on behind a page, leave out what it had: the event of its last row
    /// is the bound.
    package var events: ClosedRange<UInt64> = 0...UInt64(Int64.max)
    /// Of their blocks.
    package var times: ClosedRange<Timestamp> =
        Timestamp.epoch...Timestamp(nanoseconds: UInt64(Int64.max))
    /// In `1 ... rowLimit`.
    package var limit: Int
    /// The oldest first; else the newest.
    package var isAscending = false
    /// Rows to skip.
    package var offset = 0

    package init(limit: Int) { self.limit = min(max(limit, 1), HistoryWindow.rowLimit) }
}

/// Rows, and whether there are more of them.
package struct HistoryPage<Row: Sendable>: Sendable {
    package var rows: [Row]
    package var hasMore: Bool

    package init(rows: [Row], hasMore: Bool) {
        self.rows = rows
        self.hasMore = hasMore
    }
}

/// Of which instruments.
package enum InstrumentScope: Sendable {
    case all
    case one(InstrumentIdentifier)
    /// All that belong to one of these.
    case groups([InstrumentGroup])
}

/// Which orders of an account.
package struct OrderWish: Sendable {
    package var scope = InstrumentScope.all
    /// Those too of which nothing traded.
    package var includesUnfilled = true
    /// Of these kinds of trigger; empty: whatever they have; nil inside: without one.
    package var triggers: [TriggerKind?] = []
    /// Market orders only, or those with a limit only; nil: both.
    package var isMarket: Bool?
    package var label: Label?

    package init() {}
}

/// A line of a statement: an entry, or what a fill did.
package enum StatementLine: Equatable, Sendable {
    case entry(EntryRow)
    /// The money of a fill.
    case fill(FillRow)
    /// The asset that a fill of spot moved.
    case asset(FillRow)

    package var event: UInt64 {
        switch self {
        case .entry(let row): row.event
        case .fill(let row), .asset(let row): row.event
        }
    }

    package var time: Timestamp {
        switch self {
        case .entry(let row): row.time
        case .fill(let row), .asset(let row): row.time
        }
    }

    package var kind: EntryKind {
        if case .entry(let row) = self { row.kind } else { .trade }
    }

    package var currency: EntryCurrency {
        switch self {
        case .entry(let row): row.currency
        case .fill: .quote
        case .asset(let row): .asset(row.instrument)
        }
    }

    /// Signed; in the unit of the currency.
    package var change: Int64 {
        switch self {
        case .entry(let row): row.change
        case .fill(let row): row.change.units
        case .asset(let row): row.side.sign * row.quantity.lots
        }
    }

    /// After it.
    package var balance: Int64 {
        switch self {
        case .entry(let row): row.balance
        case .fill(let row): row.balance.units
        case .asset(let row): row.position.lots
        }
    }
}
