/// What the history needs of a database. Two have it: SQLite and PostgreSQL. Values go in and out
/// as parameters only, never inside the text of a statement.

/// An open database.
package protocol HistoryDatabase: AnyObject {
    var dialect: Dialect { get }
    /// For messages: no password in it.
    var name: String { get }

    /// Runs a statement without parameters and without rows.
    func run(_ statement: String) throws(HistoryFault)

    /// Runs a query and hands over its rows.
    ///
    /// - Parameter types: of the columns that come back.
    func rows(
        _ query: String, _ parameters: [SQLValue], types: [ColumnType],
        _ take: ([SQLValue]) throws(HistoryFault) -> Void
    ) throws(HistoryFault)

    /// Writes rows, inside the transaction that is open.
    ///
    /// - Parameter values: of all columns, row behind row.
    func insert(_ values: [SQLValue], into table: Table) throws(HistoryFault)

    /// The names of the tables that are there.
    func tableNames() throws(HistoryFault) -> [String]

    /// Begins a transaction that will write.
    func begin() throws(HistoryFault)
    /// Writes are on disk when it returns.
    func commit() throws(HistoryFault)
    /// Forgets what the transaction wrote; does nothing where none is open.
    func rollback()

    /// Prepares for many rows at once, before any are there: nothing needs to be safe until
    /// `endLoading`.
    func beginLoading() throws(HistoryFault)
    func endLoading() throws(HistoryFault)

    /// Lets go of the database; nothing may be asked after it.
    func close()
}

extension HistoryDatabase {
    /// The first number of the only row; nil where there is no row or no number.
    func number(_ query: String, _ parameters: [SQLValue] = []) throws(HistoryFault) -> Int64? {
        var found: Int64?
        try rows(query, parameters, types: [.integer]) { (values) throws(HistoryFault) in
            if case .integer(let number) = values[0] { found = number }
        }
        return found
    }
}
