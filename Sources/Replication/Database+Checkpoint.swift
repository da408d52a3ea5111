/// A copy of an open database: hard links of its tables, which never change, and a copy of its log
/// so far. Writing goes on meanwhile.

import CRocksDB

extension Database {
    /// Bytes of log above which memory is written to tables first; zero always does, so that a
    /// copy's log is short.
    private static let logBeforeTables: UInt64 = 0

    /// Copies the database as it stands to a folder that does not exist, on the same disk.
    ///
    /// - Throws: `StorageFault`; what is in the folder then counts for nothing.
    func checkpoint(at folder: String) throws(StorageFault) {
        var message: UnsafeMutablePointer<CChar>?
        let object = unsafe rocksdb_checkpoint_object_create(handle, &message)
        if let text = unsafe Database.take(message) { throw .database(text, folder: path) }
        guard let object = unsafe object else {
            throw .inaccessible(file: path, reason: "the database makes no copy of itself")
        }
        defer { unsafe rocksdb_checkpoint_object_destroy(object) }
        unsafe rocksdb_checkpoint_create(object, folder, Database.logBeforeTables, &message)
        if let text = unsafe Database.take(message) { throw .database(text, folder: folder) }
    }
}
