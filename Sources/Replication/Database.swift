/// RocksDB behind one safe class: every pointer of its C interface stays in the files `Database`
/// and `Database+…`. Checksums are on for every read, a damaged record of the write-ahead log ends
/// the replay there (what came after is not shown), and nothing is created unless it is asked for.

import CRocksDB
import Glibc

/// A column family of a store's database: its name on disk and what to expect in it.
struct DatabaseFamily {
    let name: String
    /// Whether values are large and alike enough that compressing them pays.
    let isCompressed: Bool
}

/// An open database. Reads and writes may come from several threads.
@safe
final class Database: @unchecked Sendable {
    /// How a database is opened.
    enum Mode {
        /// It must not exist.
        case creating
        /// It must exist.
        case updating
        /// It must exist, and nothing in it changes, not even a torn log.
        case reading
    }

    let path: String
    let handle: OpaquePointer
    let families: [OpaquePointer]
    private let synced: OpaquePointer
    let reading: OpaquePointer

    /// - Parameters:
    ///   - families: the first must be named "default".
    ///   - buffer: bytes collected in memory before a table is written.
    /// - Throws: `StorageFault.corrupted`, `.locked`, `.diskFull` or `.inaccessible`.
    init(
        _ path: String, families: [DatabaseFamily], buffer: Int, mode: Mode
    ) throws(StorageFault) {
        self.path = path
        let general = unsafe Database.options(buffer: buffer, isCompressed: false)
        let own = unsafe families.map {
            unsafe Database.options(buffer: buffer, isCompressed: $0.isCompressed)
        }
        defer {
            unsafe rocksdb_options_destroy(general)
            unsafe own.forEach { unsafe rocksdb_options_destroy($0) }
        }
        let isNew: UInt8 = mode == .creating ? 1 : 0
        unsafe rocksdb_options_set_create_if_missing(general, isNew)
        unsafe rocksdb_options_set_create_missing_column_families(general, isNew)
        unsafe rocksdb_options_set_error_if_exists(general, isNew)
        var message: UnsafeMutablePointer<CChar>?
        var handles = unsafe [OpaquePointer?](repeating: nil, count: families.count)
        let names = unsafe families.map { unsafe strdup($0.name) }
        defer { unsafe names.forEach { unsafe free($0) } }
        let constantNames = unsafe names.map { unsafe UnsafePointer($0) }
        let constantOptions = unsafe own.map { unsafe Optional($0) }
        let count = Int32(families.count)
        let opened: OpaquePointer? =
            unsafe mode == .reading
            ? rocksdb_open_for_read_only_column_families(
                general, path, count, constantNames, constantOptions, &handles, 0, &message)
            : rocksdb_open_column_families(
                general, path, count, constantNames, constantOptions, &handles, &message)
        if let text = unsafe Database.take(message) { throw .database(text, folder: path) }
        guard let opened = unsafe opened else {
            throw .inaccessible(file: path, reason: "the database did not open")
        }
        unsafe handle = opened
        unsafe self.families = handles.compactMap { unsafe $0 }
        unsafe synced = rocksdb_writeoptions_create()
        unsafe rocksdb_writeoptions_set_sync(synced, 1)
        unsafe reading = Database.readOptions()
    }

    deinit {
        unsafe rocksdb_cancel_all_background_work(handle, 1)
        unsafe families.forEach { unsafe rocksdb_column_family_handle_destroy($0) }
        unsafe rocksdb_writeoptions_destroy(synced)
        unsafe rocksdb_readoptions_destroy(reading)
        unsafe rocksdb_close(handle)
    }

    /// Writes a batch as one; on disk when this returns.
    ///
    /// - Throws: `StorageFault`; whether the batch is there is not known then.
    func write(_ batch: borrowing WriteBatch) throws(StorageFault) {
        var message: UnsafeMutablePointer<CChar>?
        unsafe rocksdb_write(handle, synced, batch.handle, &message)
        if let text = unsafe Database.take(message) { throw .database(text, folder: path) }
    }

    /// Writes what is in memory to tables, so that the next start has no log to replay.
    func flush() throws(StorageFault) {
        let options = unsafe rocksdb_flushoptions_create()
        defer { unsafe rocksdb_flushoptions_destroy(options) }
        unsafe rocksdb_flushoptions_set_wait(options, 1)
        var message: UnsafeMutablePointer<CChar>?
        for place in unsafe families.indices {
            unsafe rocksdb_flush_cf(handle, options, families[place], &message)
            if let text = unsafe Database.take(message) { throw .database(text, folder: path) }
        }
    }

    /// The text of an error, freed; nil where there is none.
    static func take(_ message: UnsafeMutablePointer<CChar>?) -> String? {
        guard let message = unsafe message else { return nil }
        defer { unsafe rocksdb_free(message) }
        return unsafe String(cString: message)
    }

    static func readOptions() -> OpaquePointer {
        let options = unsafe rocksdb_readoptions_create()
        unsafe rocksdb_readoptions_set_verify_checksums(options, 1)
        return unsafe required(options)
    }

    /// The C interface never returns null where it allocates: it throws out of memory first.
    static func required(_ pointer: OpaquePointer?) -> OpaquePointer {
        guard let pointer = unsafe pointer else {
            preconditionFailure("Invariant: RocksDB allocates what it is asked for")
        }
        return unsafe pointer
    }
}

/// Changes that are written as one.
@safe
struct WriteBatch: ~Copyable {
    let handle: OpaquePointer

    init() { unsafe handle = Database.required(rocksdb_writebatch_create()) }

    deinit { unsafe rocksdb_writebatch_destroy(handle) }

    /// The bytes that the batch takes.
    var byteCount: Int {
        var size = 0
        _ = unsafe rocksdb_writebatch_data(handle, &size)
        return size
    }

    /// Sets a key of a family of `database`.
    func put(
        _ key: borrowing Span<UInt8>, _ value: borrowing Span<UInt8>, in family: Int,
        of database: Database
    ) {
        unsafe key.withUnsafeBufferPointer { key in
            unsafe value.withUnsafeBufferPointer { value in
                unsafe rocksdb_writebatch_put_cf(
                    handle, database.families[family], Database.characters(key), key.count,
                    Database.characters(value), value.count)
            }
        }
    }

    /// The same of whole arrays, which live while this runs.
    func put(_ key: [UInt8], _ value: [UInt8], in family: Int, of database: Database) {
        put(key.span, value.span, in: family, of: database)
    }

    /// Deletes a key of a family of `database`; fine where there is none.
    func delete(_ key: borrowing Span<UInt8>, in family: Int, of database: Database) {
        unsafe key.withUnsafeBufferPointer { key in
            unsafe rocksdb_writebatch_delete_cf(
                handle, database.families[family], Database.characters(key), key.count)
        }
    }

    /// Deletes the keys from `lower` up to but not including `upper`.
    func delete(from lower: [UInt8], to upper: [UInt8], in family: Int, of database: Database) {
        unsafe lower.withUnsafeBufferPointer { lower in
            unsafe upper.withUnsafeBufferPointer { upper in
                unsafe rocksdb_writebatch_delete_range_cf(
                    handle, database.families[family], Database.characters(lower), lower.count,
                    Database.characters(upper), upper.count)
            }
        }
    }
}

extension Database {
    /// The bytes as C characters, never null.
    static func characters(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafePointer<CChar>? {
        unsafe UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
    }
}
