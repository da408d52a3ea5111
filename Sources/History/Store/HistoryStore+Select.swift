/// How questions become statements: conditions joined by AND, values as parameters. One text serves
/// both databases.

import Canonical
import FixedPoint

/// The conditions of a query, with their values.
struct Conditions {
    let dialect: Dialect
    private(set) var texts: [String] = []
    private(set) var values: [SQLValue] = []

    init(_ dialect: Dialect) { self.dialect = dialect }

    /// Takes note of a value.
    ///
    /// - Returns: the parameter that stands for it.
    mutating func parameter(_ value: SQLValue) -> String {
        values.append(value)
        return dialect.parameter(values.count)
    }

    /// - Parameter comparison: such as `=` or `<=`.
    mutating func add(_ column: String, _ comparison: String, _ value: Int64) {
        texts.append("\(column) \(comparison) " + parameter(.integer(value)))
    }

    mutating func add(_ column: String, _ value: String) {
        texts.append("\(column) = " + parameter(.text(value)))
    }

    /// One of these; nothing where there are none.
    mutating func add(_ column: String, in list: [Int64]) {
        let places = list.map { parameter(.integer($0)) }
        texts.append(list.isEmpty ? "1 = 0" : "\(column) IN (\(places.joined(separator: ", ")))")
    }

    /// A condition without a value.
    mutating func add(_ text: String) { texts.append(text) }

    mutating func add(_ events: ClosedRange<UInt64>, of column: String = "event") {
        add(column, ">=", Int64(clamping: events.lowerBound))
        add(column, "<=", Int64(clamping: events.upperBound))
    }

    var clause: String { texts.isEmpty ? "" : " WHERE " + texts.joined(separator: " AND ") }
}

extension HistoryStore {
    var dialect: Dialect { database.dialect }

    /// Rows of a table.
    func select<Row: HistoryRow>(
        _ type: Row.Type, _ conditions: Conditions? = nil, order: String, limit: Int,
        offset: Int = 0
    ) throws(HistoryFault) -> [Row] {
        let names = Row.table.columns.map(\.name).joined(separator: ", ")
        var conditions = conditions ?? Conditions(dialect)
        let clause = conditions.clause
        var query = "SELECT \(names) FROM \(Row.table.name)\(clause) ORDER BY \(order)"
        query += " LIMIT " + conditions.parameter(.integer(Int64(limit)))
        if offset > 0 { query += " OFFSET " + conditions.parameter(.integer(Int64(offset))) }
        var rows: [Row] = []
        try database.rows(query, conditions.values, types: Row.table.columns.map(\.type)) {
            (values) throws(HistoryFault) in
            var fields = RowFields(values, of: Row.table.name)
            rows.append(try Row(from: &fields))
        }
        return rows
    }

    /// The events that happened in a time, cut to those that are wanted; nil where there are none.
    func events(of window: HistoryWindow) throws(HistoryFault) -> ClosedRange<UInt64>? {
        var lower = window.events.lowerBound
        var upper = window.events.upperBound
        if window.times.lowerBound > .epoch {
            var conditions = Conditions(dialect)
            conditions.add("time", ">=", Int64(clamping: window.times.lowerBound.nanoseconds))
            let first = try select(BlockRow.self, conditions, order: "time", limit: 1)
            guard let first = first.first else { return nil }
            lower = max(lower, first.firstEvent)
        }
        if window.times.upperBound.nanoseconds < UInt64(Int64.max) {
            var conditions = Conditions(dialect)
            conditions.add("time", "<=", Int64(clamping: window.times.upperBound.nanoseconds))
            let last = try select(BlockRow.self, conditions, order: "time DESC", limit: 1)
            guard let last = last.first, last.nextEvent > 0 else { return nil }
            upper = min(upper, last.nextEvent - 1)
        }
        return lower <= upper ? lower...upper : nil
    }

    /// A page of a table whose rows are told apart by their event.
    func page<Row: HistoryRow>(
        _ type: Row.Type, _ window: HistoryWindow, column: String = "event",
        _ add: (inout Conditions) -> Void
    ) throws(HistoryFault) -> HistoryPage<Row> {
        guard let events = try events(of: window) else {
            return HistoryPage(rows: [], hasMore: false)
        }
        var conditions = Conditions(dialect)
        add(&conditions)
        conditions.add(events, of: column)
        var rows = try select(
            type, conditions, order: column + (window.isAscending ? "" : " DESC"),
            limit: window.limit + 1, offset: window.offset)
        let hasMore = rows.count > window.limit
        if hasMore { rows.removeLast(rows.count - window.limit) }
        return HistoryPage(rows: rows, hasMore: hasMore)
    }
}
