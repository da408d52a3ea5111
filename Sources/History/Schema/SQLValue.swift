/// What a field of a row can be. Both databases know these four and nothing else of ours: every
/// quantity is a whole number of its smallest unit, so that nothing is rounded on the way.

/// One value of a column.
package enum SQLValue: Equatable, Sendable {
    case null
    case integer(Int64)
    /// Without zero bytes.
    case text(String)
    case bytes([UInt8])
}

/// What a column holds.
package enum ColumnType: Sendable {
    case integer, text, bytes
}

/// A column of a table.
package struct Column: Equatable, Sendable {
    package let name: String
    package let type: ColumnType
    package let isOptional: Bool

    static func integer(_ name: String) -> Column {
        Column(name: name, type: .integer, isOptional: false)
    }

    static func text(_ name: String) -> Column {
        Column(name: name, type: .text, isOptional: false)
    }

    static func bytes(_ name: String) -> Column {
        Column(name: name, type: .bytes, isOptional: false)
    }

    /// The same where nothing may stand.
    var optional: Column { Column(name: name, type: type, isOptional: true) }
}

/// An index beside the key.
package struct TableIndex: Sendable {
    let columns: [String]
    /// SQL that both databases read; nil where every row is in it.
    var condition: String?
}

/// A table: both databases are made from this one description.
package struct Table: Sendable {
    package let name: String
    package let columns: [Column]
    /// What tells rows apart; the first columns of the table.
    let key: Int
    /// Whether a row may be written again with other values.
    let isChanging: Bool
    let indexes: [TableIndex]

    init(
        _ name: String, key: Int, isChanging: Bool = false, _ columns: [Column],
        indexes: [TableIndex] = []
    ) {
        self.name = name
        self.columns = columns
        self.key = key
        self.isChanging = isChanging
        self.indexes = indexes
    }

    var keyNames: [String] { columns.prefix(key).map(\.name) }
}

/// A row of one table.
package protocol HistoryRow: Equatable, Sendable {
    static var table: Table { get }

    /// Appends its values in the order of the table's columns.
    func put(into values: inout RowValues)

    /// Reads what `put` wrote.
    ///
    /// - Throws: `HistoryFault.damaged` where a value cannot be one of ours.
    init(from fields: inout RowFields) throws(HistoryFault)
}
