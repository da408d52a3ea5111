/// Whole tables, a piece at a time: for a projection that goes on, and for comparison.

import Canonical

extension HistoryStore {
    /// Rows read at once.
    static var pieceSize: Int { 5_000 }

    /// The rows of a table in the order of their key.
    ///
    /// - Parameter condition: SQL without values; nil for all rows.
    func forEach<Row: HistoryRow>(
        _ type: Row.Type, where condition: String? = nil,
        _ take: (Row) throws(HistoryFault) -> Void
    ) throws(HistoryFault) {
        var scan = TableScan(Row.table, condition: condition)
        while let piece = try scan.next(from: self) {
            for values in piece {
                var fields = RowFields(values, of: Row.table.name)
                try take(try Row(from: &fields))
            }
        }
    }

    /// The last candle of an instrument.
    func lastCandle(
        of instrument: InstrumentIdentifier, length: UInt64
    ) throws(HistoryFault) -> CandleRow? {
        var conditions = Conditions(dialect)
        conditions.add("instrument", "=", Int64(instrument.number))
        conditions.add("length", "=", Int64(length))
        return try select(CandleRow.self, conditions, order: "span DESC", limit: 1).first
    }

    /// The last hour of an index.
    func lastIndex(of underlying: UnderlyingIdentifier) throws(HistoryFault) -> IndexRow? {
        var conditions = Conditions(dialect)
        conditions.add("underlying", "=", Int64(underlying.number))
        return try select(IndexRow.self, conditions, order: "hour DESC", limit: 1).first
    }

    /// How many rows a table has.
    package func count(of table: Table) throws(HistoryFault) -> Int {
        Int(try database.number("SELECT count(*) FROM \(table.name)") ?? 0)
    }
}

/// A walk through a table by its key.
struct TableScan {
    let table: Table
    private let condition: String?
    /// The key of the last row that was read.
    private var last: [SQLValue]?
    private var isDone = false

    init(_ table: Table, condition: String? = nil) {
        self.table = table
        self.condition = condition
    }

    /// The next rows; nil where there are no more.
    mutating func next(from store: HistoryStore) throws(HistoryFault) -> [[SQLValue]]? {
        guard !isDone else { return nil }
        var conditions = Conditions(store.dialect)
        if let condition { conditions.add(condition) }
        if let last {
            let places = last.map { conditions.parameter($0) }
            conditions.add(
                "(\(table.keyNames.joined(separator: ", "))) > "
                    + "(\(places.joined(separator: ", ")))")
        }
        let names = table.columns.map(\.name).joined(separator: ", ")
        let query =
            "SELECT \(names) FROM \(table.name)\(conditions.clause) "
            + "ORDER BY \(table.keyNames.joined(separator: ", ")) LIMIT \(HistoryStore.pieceSize)"
        var rows: [[SQLValue]] = []
        try store.database.rows(query, conditions.values, types: table.columns.map(\.type)) {
            (values) throws(HistoryFault) in rows.append(values)
        }
        isDone = rows.count < HistoryStore.pieceSize
        last = rows.last.map { Array($0.prefix(table.key)) }
        return rows.isEmpty ? nil : rows
    }
}
