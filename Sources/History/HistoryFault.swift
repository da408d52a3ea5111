/// Why a history cannot be written or read. Texts name the database without its password, and say
/// what to do where something can be done.

/// What went wrong with a history.
package enum HistoryFault: Error, Equatable, Sendable {
    /// The database does not answer, or refused.
    case unavailable(String)
    /// Somebody else is writing to it; trying again helps.
    case busy(String)
    /// There is a database, but not one of ours.
    case foreign(String)
    /// It was made by a later program.
    case newer(found: Int64, known: Int64)
    /// It was made by an earlier program, whose tables are others.
    case older(found: Int64, known: Int64)
    /// It is the history of another chain.
    case otherChain
    /// There is none, and the caller wants to read only.
    case missing(String)
    /// A value that no program of ours writes.
    case damaged(table: String, column: Int)
    /// The block does not follow the last one that the history holds.
    case gap(last: UInt64, found: UInt64)
    /// The block has the right height, but names another block before it.
    case fork(height: UInt64)
    /// The block says what cannot be after what came before.
    case contradiction(height: UInt64, String)
}

extension HistoryFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unavailable(let reason): "the history is not available: \(reason)"
        case .busy(let reason): "the history is busy: \(reason)"
        case .foreign(let name):
            "\(name) holds something else than a history; name another database"
        case .newer(let found, let known):
            "the history has version \(found), and this program knows \(known): "
                + "start the newer program, or rebuild with `rampart history rebuild`"
        case .older(let found, let known):
            "the history has version \(found), and this program writes \(known): "
                + "rebuild it with `rampart history rebuild`"
        case .otherChain:
            "the history belongs to another chain: name another database"
        case .missing(let name):
            "there is no history in \(name); make it with `rampart history rebuild`"
        case .damaged(let table, let column):
            "the history is damaged (\(table), column \(column)): "
                + "rebuild it with `rampart history rebuild`"
        case .gap(let last, let found):
            "the history stands at block \(last), and block \(found) does not follow it: "
                + "rebuild it with `rampart history rebuild`"
        case .fork(let height):
            "block \(height) does not follow the block that the history holds before it: "
                + "rebuild it with `rampart history rebuild`"
        case .contradiction(let height, let what):
            "block \(height) cannot follow the history: \(what)"
        }
    }
}
