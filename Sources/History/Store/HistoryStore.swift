/// A history in a database: opened, checked, written block by block, and read. One object is one
/// connection and is used by one thread at a time; several may stand on one database, of which one
/// writes.
///
/// 1. A block's rows and its row in `blocks` go into one transaction, or none of them do.
/// 2. No block is written twice, and none that does not follow the last.
/// 3. Nothing here depends on how blocks were put together into batches: rows are equal.

package import Canonical
import FixedPoint

/// How a history is opened.
package enum HistoryMode: Sendable {
    /// It is made where there is none.
    case writing
    /// It must exist; nothing changes.
    case reading
}

/// A history.
package final class HistoryStore: @unchecked Sendable {
    package let database: any HistoryDatabase
    let mode: HistoryMode

    /// Opens the history of a chain.
    ///
    /// - Throws: `HistoryFault`.
    package convenience init(
        _ location: HistoryLocation, chain: Digest, mode: HistoryMode
    ) throws(HistoryFault) {
        try self.init(HistoryStore.open(location, mode), chain: chain, mode: mode)
    }

    init(
        _ database: any HistoryDatabase, chain: Digest, mode: HistoryMode
    ) throws(HistoryFault) {
        self.database = database
        self.mode = mode
        try check(chain)
    }

    private static func open(
        _ location: HistoryLocation, _ mode: HistoryMode
    ) throws(HistoryFault) -> any HistoryDatabase {
        switch location {
        case .nowhere: throw .missing("the setting history.database, which says none")
        case .sqlite(let path): return try SQLiteDatabase(path, mode: mode)
        case .postgres(let url):
            let database = try PostgresDatabase(url, mode: mode)
            try database.enter(PostgresDatabase.schema, isNew: false)
            return database
        }
    }

    // What is there.

    private func check(_ chain: Digest) throws(HistoryFault) {
        let names = try database.tableNames()
        guard names.contains("meta") else {
            guard names.isEmpty else { throw .foreign(database.name) }
            guard mode == .writing else { throw .missing(database.name) }
            return try create(chain)
        }
        guard try meta("application") == .text(Schema.application) else {
            throw .foreign(database.name)
        }
        guard case .integer(let version) = try meta("version") else {
            throw .foreign(database.name)
        }
        guard version <= Schema.version else {
            throw .newer(found: version, known: Schema.version)
        }
        guard version == Schema.version else {
            throw .older(found: version, known: Schema.version)
        }
        guard try meta("chain") == .bytes(chain.storage.bytes) else { throw .otherChain }
        guard Set(names).isSuperset(of: Schema.tables.map(\.name)) else {
            throw .foreign(database.name)
        }
        if mode == .writing {
            try transaction { () throws(HistoryFault) in try makeIndexes() }
        }
    }

    private func meta(_ name: String) throws(HistoryFault) -> SQLValue {
        let type: ColumnType
        let column: String
        switch name {
        case "version": (type, column) = (.integer, "number")
        case "chain": (type, column) = (.bytes, "bytes")
        default: (type, column) = (.text, "text")
        }
        var found = SQLValue.null
        try database.rows(
            "SELECT \(column) FROM meta WHERE name = \(database.dialect.parameter(1))",
            [.text(name)], types: [type]
        ) { (values) throws(HistoryFault) in found = values[0] }
        return found
    }

    private func create(_ chain: Digest) throws(HistoryFault) {
        try transaction { () throws(HistoryFault) in
            for table in Schema.tables { try database.run(database.dialect.creation(of: table)) }
            try makeIndexes()
            try database.run(database.dialect.creation(of: HistoryStore.metaTable))
            try database.insert(
                [
                    .text("application"), .null, .text(Schema.application), .null,
                    .text("version"), .integer(Schema.version), .null, .null,
                    .text("chain"), .null, .null, .bytes(chain.storage.bytes),
                ], into: HistoryStore.metaTable)
        }
    }

    static let metaTable = Table(
        "meta", key: 1,
        [
            .text("name"), .integer("number").optional, .text("text").optional,
            .bytes("bytes").optional,
        ])

    /// Makes the indexes that are not there.
    func makeIndexes() throws(HistoryFault) {
        for table in Schema.tables {
            for statement in database.dialect.indexes(of: table) { try database.run(statement) }
        }
    }

    /// Runs `body` as one: all of it is on disk when this returns, or none of it.
    func transaction(_ body: () throws(HistoryFault) -> Void) throws(HistoryFault) {
        try database.begin()
        do throws(HistoryFault) {
            try body()
            try database.commit()
        } catch {
            database.rollback()
            throw error
        }
    }

    // Writing.

    /// Until where the history goes; nil where nothing is in it.
    package func mark() throws(HistoryFault) -> HistoryMark? { try lastBlock()?.mark }

    /// The last block; nil where nothing is in it.
    package func lastBlock() throws(HistoryFault) -> BlockRow? {
        try select(BlockRow.self, order: "height DESC", limit: 1).first
    }

    /// Writes what some blocks made: all of it, or nothing.
    ///
    /// - Throws: `HistoryFault.gap` where the batch does not begin where the history ends.
    package func write(_ batch: HistoryBatch) throws(HistoryFault) {
        guard !batch.blocks.isEmpty else { return }
        precondition(mode == .writing, "Invariant: only who opened it for writing writes")
        try transaction { () throws(HistoryFault) in
            guard try mark() == batch.start else {
                throw .gap(last: try mark()?.height ?? 0, found: batch.blocks[0].height)
            }
            try batch.forEach { (table, values) throws(HistoryFault) in
                try database.insert(values, into: table)
            }
        }
    }

    /// Lets go of the database; nothing may be asked after it.
    package func close() { database.close() }

    /// Prepares an empty history for very many rows: until `endLoading` it is not safe against
    /// loss of power, and has no indexes.
    package func beginLoading() throws(HistoryFault) {
        try database.beginLoading()
        for table in Schema.tables {
            for statement in database.dialect.indexRemovals(of: table) {
                try database.run(statement)
            }
        }
    }

    /// Makes it whole: indexes, and all of it on disk.
    package func endLoading() throws(HistoryFault) {
        try transaction { () throws(HistoryFault) in try makeIndexes() }
        try database.endLoading()
    }
}
