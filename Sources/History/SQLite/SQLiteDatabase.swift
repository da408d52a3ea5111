/// SQLite behind `HistoryDatabase`. The file is the owner's alone (0600), readers and the writer do
/// not wait for each other (WAL), and what is committed is on disk. Every pointer of the library
/// stays in this folder.

import CSQLite
import Glibc

/// A file of SQLite.
@safe
final class SQLiteDatabase: HistoryDatabase {
    let dialect = Dialect.sqlite
    let name: String
    private let path: String
    private let handle: OpaquePointer
    /// Statements that have been prepared once, by their text.
    private var statements: [String: SQLiteStatement] = [:]
    private var isOpen = false
    private var isClosed = false
    /// Until when a question may take.
    let deadline = Deadline()

    /// Statements kept prepared.
    private static let statementLimit = 200
    /// How long a statement waits for another writer, in milliseconds.
    private static let patience: Int32 = 5_000
    /// Steps of SQLite's machine between two looks at the clock.
    private static let stepsBetweenLooks: Int32 = 50_000
    /// Only the owner reads or writes it.
    private static let rights: mode_t = 0o600

    /// - Throws: `HistoryFault.missing` where there is no file and nothing is to be written;
    ///   `.foreign` for what is no database; `.unavailable`.
    init(_ path: String, mode: HistoryMode) throws(HistoryFault) {
        self.path = path
        name = path
        if mode == .reading, unsafe access(path, F_OK) != 0 { throw .missing(path) }
        if mode == .writing { try SQLiteDatabase.create(path) }
        var opened: OpaquePointer?
        let flags =
            (mode == .writing ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY)
            | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE
        let result = unsafe sqlite3_open_v2(path, &opened, flags, nil)
        guard result == SQLITE_OK, let opened = unsafe opened else {
            let reason = unsafe String(cString: sqlite3_errstr(result))
            unsafe sqlite3_close_v2(opened)
            throw .unavailable("\(path): \(reason)")
        }
        unsafe handle = opened
        _ = unsafe sqlite3_busy_timeout(handle, SQLiteDatabase.patience)
        // Whatever throws from here on leaves the handle to `deinit`.
        try run("PRAGMA trusted_schema = OFF")
        try run("PRAGMA cache_size = -65536")
        if mode == .writing {
            try run("PRAGMA journal_mode = WAL")
            try run("PRAGMA synchronous = FULL")
            try run("PRAGMA wal_autocheckpoint = 4000")
        } else {
            try run("PRAGMA query_only = ON")
            unsafe sqlite3_progress_handler(
                handle, SQLiteDatabase.stepsBetweenLooks,
                { unsafe Deadline.isOver($0) ? 1 : 0 },
                Unmanaged.passUnretained(deadline).toOpaque())
        }
    }

    deinit { close() }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        statements = [:]
        unsafe sqlite3_close_v2(handle)
    }

    /// Makes the file with the owner's rights before SQLite could make it with others.
    private static func create(_ path: String) throws(HistoryFault) {
        let descriptor = unsafe open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, rights)
        guard descriptor >= 0 else {
            throw .unavailable("\(path): \(unsafe String(cString: strerror(errno)))")
        }
        defer { Glibc.close(descriptor) }
        guard fchmod(descriptor, rights) == 0 else {
            throw .unavailable("\(path): \(unsafe String(cString: strerror(errno)))")
        }
    }

    // Statements.

    func run(_ statement: String) throws(HistoryFault) {
        let result = unsafe sqlite3_exec(handle, statement, nil, nil, nil)
        guard result == SQLITE_OK else { throw fault(result) }
    }

    func rows(
        _ query: String, _ parameters: [SQLValue], types: [ColumnType],
        _ take: ([SQLValue]) throws(HistoryFault) -> Void
    ) throws(HistoryFault) {
        let statement = try statement(query)
        defer { statement.reset() }
        deadline.begin()
        guard statement.bind(parameters[...]) else { throw fault(SQLITE_RANGE) }
        while true {
            let result = statement.step()
            if result == SQLITE_DONE { return }
            guard result == SQLITE_ROW else { throw fault(result) }
            try take(statement.values(count: types.count))
        }
    }

    func insert(_ values: [SQLValue], into table: Table) throws(HistoryFault) {
        let width = table.columns.count
        let statement = try statement(dialect.insertion(into: table))
        defer { statement.reset() }
        for start in stride(from: 0, to: values.count, by: width) {
            guard statement.bind(values[start..<start + width]) else { throw fault(SQLITE_RANGE) }
            let result = statement.step()
            guard result == SQLITE_DONE else { throw fault(result) }
            statement.reset()
        }
    }

    func tableNames() throws(HistoryFault) -> [String] {
        var names: [String] = []
        try rows(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' "
                + "ESCAPE '\\'", [], types: [.text]
        ) { (values) throws(HistoryFault) in
            if case .text(let name) = values[0] { names.append(name) }
        }
        return names
    }

    private func statement(_ text: String) throws(HistoryFault) -> SQLiteStatement {
        if let known = statements[text] { return known }
        if statements.count >= SQLiteDatabase.statementLimit { statements = [:] }
        var prepared: OpaquePointer?
        let result = unsafe sqlite3_prepare_v3(
            handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard result == SQLITE_OK, let prepared = unsafe prepared else { throw fault(result) }
        let statement = unsafe SQLiteStatement(prepared)
        statements[text] = statement
        return statement
    }

    // Transactions.

    func begin() throws(HistoryFault) {
        try run("BEGIN IMMEDIATE")
        isOpen = true
    }

    func commit() throws(HistoryFault) {
        try run("COMMIT")
        isOpen = false
    }

    func rollback() {
        guard isOpen else { return }
        isOpen = false
        // Where SQLite has rolled back by itself there is nothing left to do.
        _ = unsafe sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
    }

    func beginLoading() throws(HistoryFault) {
        try run("PRAGMA journal_mode = OFF")
        try run("PRAGMA synchronous = OFF")
        try run("PRAGMA locking_mode = EXCLUSIVE")
        try run("PRAGMA cache_size = -262144")
    }

    func endLoading() throws(HistoryFault) {
        try run("PRAGMA locking_mode = NORMAL")
        try run("PRAGMA synchronous = FULL")
        try run("PRAGMA journal_mode = WAL")
        try run("PRAGMA optimize")
        try run("PRAGMA cache_size = -65536")
        let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unavailable("\(path): it cannot be opened") }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw .unavailable("\(path): \(unsafe String(cString: strerror(errno)))")
        }
    }

    // What went wrong.

    private func fault(_ result: Int32) -> HistoryFault {
        let reason = "\(path): \(unsafe String(cString: sqlite3_errmsg(handle)))"
        return switch result & SQLiteDatabase.primaryCode {
        case SQLITE_BUSY, SQLITE_LOCKED: .busy(reason)
        case SQLITE_NOTADB: .foreign(path)
        case SQLITE_INTERRUPT:
            .unavailable("\(path): the question took longer than \(deadline.seconds) s")
        default: .unavailable(reason)
        }
    }

    /// The bits of a result that say its kind.
    private static let primaryCode: Int32 = 0xFF
}
