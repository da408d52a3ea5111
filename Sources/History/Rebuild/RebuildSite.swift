/// Where a history is made again: a file beside the one that is there, or another schema of the
/// same PostgreSQL. What was there is replaced in one step, or not at all.

import Canonical
import Glibc

/// A history that has not its name yet.
final class RebuildSite {
    private let location: HistoryLocation
    private(set) var store: HistoryStore

    /// Begins; what an earlier rebuild left behind is thrown away.
    init(_ location: HistoryLocation, chain: Digest) throws(HistoryFault) {
        self.location = location
        switch location {
        case .nowhere: throw .missing("the setting history.database, which says none")
        case .sqlite(let path):
            try RebuildSite.checkReplaceable(path, chain)
            RebuildSite.removeFiles(path + RebuildSite.suffix)
            store = try HistoryStore(
                SQLiteDatabase(path + RebuildSite.suffix, mode: .writing), chain: chain,
                mode: .writing)
        case .postgres(let url):
            let database = try PostgresDatabase(url, mode: .writing)
            try database.enter(PostgresDatabase.newSchema, isNew: true)
            store = try HistoryStore(database, chain: chain, mode: .writing)
        }
    }

    private static let suffix = ".new"

    /// That what is there is a history, so that no other file is lost.
    private static func checkReplaceable(
        _ path: String, _ chain: Digest
    ) throws(HistoryFault) {
        do throws(HistoryFault) {
            _ = try HistoryStore(.sqlite(path: path), chain: chain, mode: .reading)
        } catch {
            switch error {
            case .foreign, .otherChain, .busy, .unavailable: throw error
            // None, another version or a damaged one: that is what a rebuild is for.
            default: return
            }
        }
    }

    /// Puts it in its place.
    func finish() throws(HistoryFault) {
        switch location {
        case .nowhere: return
        case .sqlite(let path):
            try store.database.run("PRAGMA wal_checkpoint(TRUNCATE)")
            store.close()
            RebuildSite.settle(path)
            guard unsafe rename(path + RebuildSite.suffix, path) == 0 else {
                throw .unavailable("\(path): \(unsafe String(cString: strerror(errno)))")
            }
            RebuildSite.removeFiles(path + RebuildSite.suffix)
        case .postgres:
            try store.transaction { () throws(HistoryFault) in
                try store.database.run(
                    "DROP SCHEMA IF EXISTS \(PostgresDatabase.schema) CASCADE")
                try store.database.run(
                    "ALTER SCHEMA \(PostgresDatabase.newSchema) "
                        + "RENAME TO \(PostgresDatabase.schema)")
            }
        }
    }

    /// Brings the file of the old history to a state that needs no log beside it, since that log
    /// would be read into the new one. Until the new one has its name, the old one is whole.
    private static func settle(_ path: String) {
        do throws(HistoryFault) {
            // Who closes last writes the log into the file.
            try SQLiteDatabase(path, mode: .writing).close()
        } catch {}
        for ending in sideFiles { _ = unsafe unlink(path + ending) }
    }

    private static let sideFiles = ["-wal", "-shm", "-journal"]

    /// Leaves nothing behind.
    func discard() {
        switch location {
        case .nowhere: return
        case .sqlite(let path):
            store.close()
            RebuildSite.removeFiles(path + RebuildSite.suffix)
        case .postgres:
            store.database.rollback()
            // Where it cannot be dropped the next rebuild does it.
            do throws(HistoryFault) {
                try store.database.run(
                    "DROP SCHEMA IF EXISTS \(PostgresDatabase.newSchema) CASCADE")
            } catch {}
        }
    }

    private static func removeFiles(_ path: String) {
        for ending in [""] + sideFiles { _ = unsafe unlink(path + ending) }
    }
}
