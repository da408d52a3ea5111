/// All tables, and the SQL that makes them. One description serves both databases; where they
/// differ is said here and nowhere else.

/// The tables of a history.
package enum Schema {
    /// Raised with every change of a table.
    package static let version: Int64 = 1

    /// What stands in `meta` of a database that is a history.
    static let application = "rampart history"

    /// In the order in which they are written and compared. `blocks` comes last, so that its last
    /// row says that everything before it is there.
    package static let tables: [Table] = [
        TradeRow.table, FillRow.table, OrderRow.table, EntryRow.table, FundingRow.table,
        IndexRow.table, SettlementRow.table, DeliveryRow.table, CandleRow.table,
        LiquidationRow.table, BalanceRow.table, HoldingRow.table, InstrumentRow.table,
        UnderlyingRow.table, BlockRow.table,
    ]
}

/// What the two databases call things.
package enum Dialect: Sendable {
    case sqlite, postgres

    func name(of type: ColumnType) -> String {
        switch (self, type) {
        case (.sqlite, .integer): "INTEGER"
        case (.postgres, .integer): "BIGINT"
        // A byte order of its own, so that both sort alike.
        case (.postgres, .text): "TEXT COLLATE \"C\""
        case (.sqlite, .text): "TEXT"
        case (.sqlite, .bytes): "BLOB"
        case (.postgres, .bytes): "BYTEA"
        }
    }

    /// The parameter of this number, from 1.
    func parameter(_ number: Int) -> String {
        switch self {
        case .sqlite: "?\(number)"
        case .postgres: "$\(number)"
        }
    }

    /// A table whose key has several columns is stored by its key in SQLite: an account's rows
    /// lie side by side.
    func creation(of table: Table) -> String {
        var lines = table.columns.map { column in
            "\(column.name) \(name(of: column.type))\(column.isOptional ? "" : " NOT NULL")"
        }
        lines.append("PRIMARY KEY (\(table.keyNames.joined(separator: ", ")))")
        let isClustered = self == .sqlite && table.key > 1
        let ending =
            self == .sqlite ? (isClustered ? ") STRICT, WITHOUT ROWID" : ") STRICT") : ")"
        return "CREATE TABLE \(table.name) (\(lines.joined(separator: ", "))" + ending
    }

    /// The statements that make the indexes of a table.
    func indexes(of table: Table) -> [String] {
        table.indexes.enumerated().map { place, index in
            "CREATE INDEX IF NOT EXISTS \(table.name)_\(place + 1) ON \(table.name) "
                + "(\(index.columns.joined(separator: ", ")))"
                + (index.condition.map { " WHERE " + $0 } ?? "")
        }
    }

    /// The statements that take them away again.
    func indexRemovals(of table: Table) -> [String] {
        table.indexes.indices.map { "DROP INDEX IF EXISTS \(table.name)_\($0 + 1)" }
    }

    /// What follows `INSERT ... VALUES` so that a row that is there already is written again.
    func replacement(of table: Table) -> String {
        guard table.isChanging else { return "" }
        let changes = table.columns.dropFirst(table.key).map { "\($0.name) = excluded.\($0.name)" }
        return " ON CONFLICT (\(table.keyNames.joined(separator: ", "))) DO UPDATE SET "
            + changes.joined(separator: ", ")
    }

    /// Writes one row.
    func insertion(into table: Table) -> String {
        let names = table.columns.map(\.name).joined(separator: ", ")
        let places = (1...table.columns.count).map { parameter($0) }.joined(separator: ", ")
        return "INSERT INTO \(table.name) (\(names)) VALUES (\(places))" + replacement(of: table)
    }
}
