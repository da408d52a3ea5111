/// PostgreSQL behind `HistoryDatabase`. Rows go in by COPY; values of queries go as parameters,
/// integers in the binary form that the wire has for them. The URL may hold a password, so it is
/// never in a message: those name host and database only. Every pointer of libpq stays in this
/// folder.

import CPostgres

/// A connection.
@safe
final class PostgresDatabase: HistoryDatabase {
    let dialect = Dialect.postgres
    let name: String
    private let handle: OpaquePointer
    private let secrets: [String]
    private let mode: HistoryMode
    private var isClosed = false

    /// Where the tables are, so that a database may serve others too.
    static let schema = "rampart_history"
    /// Where they are made again.
    static let newSchema = "rampart_history_new"

    /// A lock that one writer of a database holds: "rampart" and the version of its meaning.
    private static let writerLock: Int64 = 0x72_616D_7061_7274

    /// - Throws: `HistoryFault.unavailable`; `.busy` where another writes to it.
    init(_ url: String, mode: HistoryMode) throws(HistoryFault) {
        secrets = PostgresDatabase.secrets(of: url)
        self.mode = mode
        guard let opened = unsafe PQconnectdb(PostgresDatabase.patient(url)) else {
            throw .unavailable("PostgreSQL: no memory for a connection")
        }
        unsafe handle = opened
        name = unsafe PostgresDatabase.name(of: opened)
        // Whatever throws from here on leaves the connection to `deinit`.
        guard unsafe PQstatus(handle) == CONNECTION_OK else {
            let reason = unsafe String(cString: PQerrorMessage(handle))
            throw .unavailable("\(name): \(PostgresDatabase.clean(reason, of: secrets))")
        }
        // Notices would go to standard error.
        _ = unsafe PQsetNoticeReceiver(handle, { _, _ in }, nil)
        try prepare(mode)
    }

    deinit { close() }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        // Of a connection that is gone the server frees the lock only when it comes to see it.
        if mode == .writing { unsafe PQclear(PQexec(handle, "SELECT pg_advisory_unlock_all()")) }
        unsafe PQfinish(handle)
    }

    /// Works in a schema from now on.
    ///
    /// - Parameter isNew: whether what is there is thrown away first.
    func enter(_ schema: String, isNew: Bool) throws(HistoryFault) {
        if isNew { try run("DROP SCHEMA IF EXISTS \(schema) CASCADE") }
        if mode == .writing { try run("CREATE SCHEMA IF NOT EXISTS \(schema)") }
        try run("SET search_path = \(schema)")
    }

    private func prepare(_ mode: HistoryMode) throws(HistoryFault) {
        try run("SET client_encoding = 'UTF8'")
        try run("SET statement_timeout = '60s'")
        guard mode == .writing else {
            try run("SET statement_timeout = '\(Deadline.usualSeconds)s'")
            return try run("SET default_transaction_read_only = on")
        }
        try run("SET synchronous_commit = on")
        let isHeld = try number(
            "SELECT pg_try_advisory_lock(\(PostgresDatabase.writerLock))::int::bigint")
        guard isHeld == 1 else { throw .busy("\(name): another program writes to it") }
    }

    // Names and secrets.

    /// A connection string that does not wait for ever for a host that is silent, unless it says
    /// itself how long.
    private static func patient(_ url: String) -> String {
        let isURL = url.hasPrefix("postgres://") || url.hasPrefix("postgresql://")
        var text = url
        for limit in ["connect_timeout=5", "tcp_user_timeout=10000"] {
            guard let name = limit.split(separator: "=").first, !url.contains(name) else {
                continue
            }
            text += (isURL ? (text.contains("?") ? "&" : "?") : " ") + limit
        }
        return text
    }

    private static func name(of connection: OpaquePointer) -> String {
        let host = unsafe PQhost(connection).map { unsafe String(cString: $0) } ?? ""
        let database = unsafe PQdb(connection).map { unsafe String(cString: $0) } ?? ""
        return "PostgreSQL \(database) at \(host.isEmpty ? "the local socket" : host)"
    }

    /// What of a connection string must not be shown, as it stands there and decoded.
    private static func secrets(of url: String) -> [String] {
        var secrets = [url]
        if let options = unsafe PQconninfoParse(url, nil) {
            defer { unsafe PQconninfoFree(options) }
            var place = 0
            while let keyword = unsafe options[place].keyword {
                if unsafe String(cString: keyword).contains("pass"),
                    let value = unsafe options[place].val
                {
                    secrets.append(unsafe String(cString: value))
                }
                place += 1
            }
        }
        if let authority = url.split(separator: "/").dropFirst().first,
            let end = authority.lastIndex(of: "@"),
            let colon = authority[..<end].firstIndex(of: ":")
        {
            secrets.append(String(authority[authority.index(after: colon)..<end]))
        }
        return secrets.filter { !$0.isEmpty }
    }

    /// A message of libpq on one line, without any secret.
    private static func clean(_ message: String, of secrets: [String]) -> String {
        var text = message
        for secret in secrets {
            text = text.split(separator: secret, omittingEmptySubsequences: false)
                .joined(separator: "…")
        }
        return text.split(whereSeparator: \.isNewline).joined(separator: "; ")
    }

    private func fault(_ result: OpaquePointer?) -> HistoryFault {
        let state = unsafe PQresultErrorField(result, PostgresDatabase.sqlState)
            .map { unsafe String(cString: $0) }
        let message = unsafe String(cString: PQerrorMessage(handle))
        let reason = "\(name): \(PostgresDatabase.clean(message, of: secrets))"
        // Serialisation failures, dead locks, locks not to be had.
        return ["40001", "40P01", "55P03"].contains(state) ? .busy(reason) : .unavailable(reason)
    }

    /// `PG_DIAG_SQLSTATE`, which is a character of a macro.
    private static let sqlState = Int32(UInt8(ascii: "C"))

    // Statements.

    func run(_ statement: String) throws(HistoryFault) {
        let result = unsafe PQexec(handle, statement)
        defer { unsafe PQclear(result) }
        let status = unsafe PQresultStatus(result)
        guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else {
            throw unsafe fault(result)
        }
    }

    func rows(
        _ query: String, _ parameters: [SQLValue], types: [ColumnType],
        _ take: ([SQLValue]) throws(HistoryFault) -> Void
    ) throws(HistoryFault) {
        let result = unsafe PostgresParameters(parameters).withPointers {
            unsafe PQexecParams(
                handle, query, Int32(parameters.count), $0.types, $0.values, $0.lengths,
                $0.formats, 1)
        }
        defer { unsafe PQclear(result) }
        guard unsafe PQresultStatus(result) == PGRES_TUPLES_OK else { throw unsafe fault(result) }
        for row in 0..<(unsafe PQntuples(result)) {
            var values: [SQLValue] = []
            values.reserveCapacity(types.count)
            for (column, type) in types.enumerated() {
                unsafe values.append(
                    PostgresDatabase.value(result, row, Int32(column), type))
            }
            try take(values)
        }
    }

    private static func value(
        _ result: OpaquePointer?, _ row: Int32, _ column: Int32, _ type: ColumnType
    ) -> SQLValue {
        guard unsafe PQgetisnull(result, row, column) == 0 else { return .null }
        let count = Int(unsafe PQgetlength(result, row, column))
        guard let pointer = unsafe PQgetvalue(result, row, column) else { return .null }
        let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: pointer, count: count))
        switch type {
        case .integer:
            // Whole numbers of any width, the highest byte first.
            let start: Int64 = bytes.first.map { $0 & 0x80 != 0 ? -1 : 0 } ?? 0
            return .integer(bytes.reduce(start) { $0 << 8 | Int64($1) })
        case .text: return .text(String(decoding: bytes, as: UTF8.self))
        case .bytes: return .bytes(bytes)
        }
    }

    func tableNames() throws(HistoryFault) -> [String] {
        var names: [String] = []
        try rows(
            "SELECT tablename::text FROM pg_tables WHERE schemaname = (current_schemas(false))[1]",
            [],
            types: [.text]
        ) { (values) throws(HistoryFault) in
            if case .text(let name) = values[0] { names.append(name) }
        }
        return names
    }

    // Rows.

    func insert(_ values: [SQLValue], into table: Table) throws(HistoryFault) {
        let names = table.columns.map(\.name).joined(separator: ", ")
        guard table.isChanging else { return try copy(values, to: table.name, table) }
        // COPY cannot replace, so rows go by way of a table of their own.
        let staging = "incoming_" + table.name
        try run(
            "CREATE TEMPORARY TABLE IF NOT EXISTS \(staging) "
                + "(LIKE \(table.name)) ON COMMIT DELETE ROWS")
        try copy(values, to: staging, table)
        try run(
            "INSERT INTO \(table.name) (\(names)) SELECT \(names) FROM \(staging)"
                + dialect.replacement(of: table))
        try run("DELETE FROM \(staging)")
    }

    private func copy(_ values: [SQLValue], to name: String, _ table: Table) throws(HistoryFault) {
        let names = table.columns.map(\.name).joined(separator: ", ")
        let begun = unsafe PQexec(handle, "COPY \(name) (\(names)) FROM STDIN (FORMAT binary)")
        defer { unsafe PQclear(begun) }
        guard unsafe PQresultStatus(begun) == PGRES_COPY_IN else { throw unsafe fault(begun) }
        var stream = PostgresCopy(width: table.columns.count)
        var place = 0
        while place < values.count {
            place = stream.append(values, from: place)
            guard send(stream.takeBytes()) else { throw unsafe fault(nil) }
        }
        guard send(stream.ending()), unsafe PQputCopyEnd(handle, nil) == 1 else {
            throw unsafe fault(nil)
        }
        var failure: HistoryFault?
        while let result = unsafe PQgetResult(handle) {
            if unsafe PQresultStatus(result) != PGRES_COMMAND_OK, failure == nil {
                failure = unsafe fault(result)
            }
            unsafe PQclear(result)
        }
        if let failure { throw failure }
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { buffer in
            unsafe PQputCopyData(
                handle, buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(buffer.count)) == 1
        }
    }

    // Transactions.

    func begin() throws(HistoryFault) { try run("BEGIN") }
    func commit() throws(HistoryFault) { try run("COMMIT") }
    func rollback() {
        guard unsafe PQtransactionStatus(handle) != PQTRANS_IDLE else { return }
        unsafe PQclear(PQexec(handle, "ROLLBACK"))
    }

    func beginLoading() throws(HistoryFault) {
        try run("SET synchronous_commit = off")
        try run("SET statement_timeout = 0")
    }

    func endLoading() throws(HistoryFault) {
        try run("SET synchronous_commit = on")
        // A commit that waits for the disk takes all before it along.
        try run("ANALYZE")
        try run("SET statement_timeout = '60s'")
    }
}
