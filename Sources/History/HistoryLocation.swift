/// Where a history is kept, as the setting `history.database` says it.

/// A database of the history.
package enum HistoryLocation: Equatable, Sendable {
    /// None is kept.
    case nowhere
    /// A file of SQLite.
    case sqlite(path: String)
    /// A database of PostgreSQL, by a URL or a connection string as libpq reads it.
    case postgres(url: String)

    /// Reads `none`, a URL that begins with `postgres://` or `postgresql://`, or a path.
    ///
    /// - Parameter folder: where the file lies if `text` is empty.
    package init(_ text: String, folder: String) {
        switch text {
        case "none": self = .nowhere
        case "": self = .sqlite(path: folder + "/history.sqlite")
        case _ where text.hasPrefix("postgres://") || text.hasPrefix("postgresql://"):
            self = .postgres(url: text)
        default: self = .sqlite(path: text)
        }
    }
}
