/// Whether two histories are equal row for row: those of two databases, or one and the same made
/// again. It says the first difference, not that there is one.

import Canonical

/// The first difference of two histories.
package enum HistoryDifference: Equatable, Sendable {
    /// Only the first has a row of this key.
    case missingInSecond(table: String, key: [SQLValue])
    /// Only the second has.
    case missingInFirst(table: String, key: [SQLValue])
    case value(table: String, key: [SQLValue], column: String, first: SQLValue, second: SQLValue)
}

extension HistoryDifference: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missingInSecond(let table, let key):
            "\(table): only the first has a row \(HistoryDifference.text(key))"
        case .missingInFirst(let table, let key):
            "\(table): only the second has a row \(HistoryDifference.text(key))"
        case .value(let table, let key, let column, let first, let second):
            "\(table): row \(HistoryDifference.text(key)) differs in \(column): "
                + HistoryDifference.text([first]) + " and " + HistoryDifference.text([second])
        }
    }

    private static func text(_ values: [SQLValue]) -> String {
        values.map { value in
            switch value {
            case .null: "nothing"
            case .integer(let number): String(number)
            case .text(let text): text
            case .bytes(let bytes): "\(bytes.count) bytes"
            }
        }.joined(separator: "/")
    }
}

/// Compares histories.
package enum HistoryComparison {
    /// The first difference, table by table in the order of `Schema.tables`; nil where there is
    /// none. O(rows), in little memory.
    package static func difference(
        _ first: HistoryStore, _ second: HistoryStore
    ) throws(HistoryFault) -> HistoryDifference? {
        for table in Schema.tables {
            if let found = try difference(in: table, first, second) { return found }
        }
        return nil
    }

    private static func difference(
        in table: Table, _ first: HistoryStore, _ second: HistoryStore
    ) throws(HistoryFault) -> HistoryDifference? {
        var left = TableScan(table)
        var right = TableScan(table)
        while true {
            let ours = try left.next(from: first) ?? []
            let theirs = try right.next(from: second) ?? []
            for (row, other) in zip(ours, theirs) where row != other {
                return difference(row, other, table)
            }
            let shared = min(ours.count, theirs.count)
            if ours.count > shared {
                return .missingInSecond(
                    table: table.name, key: Array(ours[shared].prefix(table.key)))
            }
            if theirs.count > shared {
                return .missingInFirst(
                    table: table.name, key: Array(theirs[shared].prefix(table.key)))
            }
            if shared == 0 { return nil }
        }
    }

    private static func difference(
        _ row: [SQLValue], _ other: [SQLValue], _ table: Table
    ) -> HistoryDifference {
        let key = Array(row.prefix(table.key))
        for (column, (value, otherValue)) in zip(table.columns, zip(row, other))
        where value != otherValue {
            guard !table.keyNames.contains(column.name) else {
                // The smaller key is the one that the other does not have.
                let otherKey = Array(other.prefix(table.key))
                return precedes(key, otherKey)
                    ? .missingInSecond(table: table.name, key: key)
                    : .missingInFirst(table: table.name, key: otherKey)
            }
            return .value(
                table: table.name, key: key, column: column.name, first: value,
                second: otherValue)
        }
        preconditionFailure("Invariant: rows that differ differ in a column of \(table.name)")
    }

    private static func precedes(_ key: [SQLValue], _ other: [SQLValue]) -> Bool {
        for case (.integer(let number), .integer(let otherNumber)) in zip(key, other)
        where number != otherNumber { return number < otherNumber }
        return false
    }
}
