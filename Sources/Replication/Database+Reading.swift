/// Reading a database: single values, ranges, and a view that does not change while it is read.

import CRocksDB

/// A database as it stood at one moment.
@safe
final class DatabaseView: @unchecked Sendable {
    private let database: Database
    private let snapshot: OpaquePointer
    private let options: OpaquePointer

    /// The database as it stands now.
    init(_ database: Database) {
        self.database = database
        unsafe snapshot = Database.required(rocksdb_create_snapshot(database.handle))
        unsafe options = Database.readOptions()
        unsafe rocksdb_readoptions_set_snapshot(options, snapshot)
    }

    deinit {
        unsafe rocksdb_readoptions_destroy(options)
        unsafe rocksdb_release_snapshot(database.handle, snapshot)
    }

    func value(_ key: [UInt8], in family: Int) throws(StorageFault) -> [UInt8]? {
        unsafe try database.value(key, in: family, options: options)
    }

    func forEach(
        from lower: [UInt8] = [], in family: Int,
        _ body: (borrowing Span<UInt8>, borrowing Span<UInt8>) throws(StorageFault) -> Bool
    ) throws(StorageFault) {
        unsafe try database.forEach(from: lower, in: family, options: options, body)
    }
}

extension Database {
    /// The value of a key; nil where there is none.
    ///
    /// - Throws: `StorageFault.corrupted` where a checksum does not fit.
    func value(_ key: [UInt8], in family: Int) throws(StorageFault) -> [UInt8]? {
        unsafe try value(key, in: family, options: reading)
    }

    /// Every key and value of a family from `lower` on, ascending, until `body` returns false. The
    /// spans are good during the call only.
    func forEach(
        from lower: [UInt8] = [], in family: Int,
        _ body: (borrowing Span<UInt8>, borrowing Span<UInt8>) throws(StorageFault) -> Bool
    ) throws(StorageFault) {
        unsafe try forEach(from: lower, in: family, options: reading, body)
    }

    /// The last key and value of a family; nil where it is empty.
    func last(in family: Int) throws(StorageFault) -> (key: [UInt8], value: [UInt8])? {
        let iterator = unsafe Database.required(
            rocksdb_create_iterator_cf(handle, reading, families[family]))
        defer { unsafe rocksdb_iter_destroy(iterator) }
        unsafe rocksdb_iter_seek_to_last(iterator)
        try unsafe check(iterator)
        guard unsafe rocksdb_iter_valid(iterator) != 0 else { return nil }
        var length = 0
        let key = unsafe Database.bytes(rocksdb_iter_key(iterator, &length), length)
        let value = unsafe Database.bytes(rocksdb_iter_value(iterator, &length), length)
        return unsafe (Array(key), Array(value))
    }

    fileprivate func value(
        _ key: [UInt8], in family: Int, options: OpaquePointer
    ) throws(StorageFault) -> [UInt8]? {
        var message: UnsafeMutablePointer<CChar>?
        let found = unsafe key.withUnsafeBufferPointer { key in
            unsafe rocksdb_get_pinned_cf(
                handle, options, families[family], Database.characters(key), key.count, &message)
        }
        if let text = unsafe Database.take(message) { throw .database(text, folder: path) }
        guard let found = unsafe found else { return nil }
        defer { unsafe rocksdb_pinnableslice_destroy(found) }
        var length = 0
        let start = unsafe rocksdb_pinnableslice_value(found, &length)
        return unsafe Array(Database.bytes(start, length))
    }

    fileprivate func forEach(
        from lower: [UInt8], in family: Int, options: OpaquePointer,
        _ body: (borrowing Span<UInt8>, borrowing Span<UInt8>) throws(StorageFault) -> Bool
    ) throws(StorageFault) {
        let iterator = unsafe Database.required(
            rocksdb_create_iterator_cf(handle, options, families[family]))
        defer { unsafe rocksdb_iter_destroy(iterator) }
        if lower.isEmpty {
            unsafe rocksdb_iter_seek_to_first(iterator)
        } else {
            unsafe lower.withUnsafeBufferPointer { lower in
                unsafe rocksdb_iter_seek(iterator, Database.characters(lower), lower.count)
            }
        }
        while unsafe rocksdb_iter_valid(iterator) != 0 {
            var keyLength = 0
            var valueLength = 0
            let key = unsafe Database.bytes(rocksdb_iter_key(iterator, &keyLength), keyLength)
            let value = unsafe Database.bytes(
                rocksdb_iter_value(iterator, &valueLength), valueLength)
            guard unsafe try body(key.span, value.span) else { return }
            unsafe rocksdb_iter_next(iterator)
        }
        try unsafe check(iterator)
    }

    private func check(_ iterator: OpaquePointer) throws(StorageFault) {
        var message: UnsafeMutablePointer<CChar>?
        unsafe rocksdb_iter_get_error(iterator, &message)
        if let text = unsafe Database.take(message) { throw .database(text, folder: path) }
    }

    private static func bytes(
        _ start: UnsafePointer<CChar>?, _ count: Int
    ) -> UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(
            start: UnsafeRawPointer(start)?.assumingMemoryBound(to: UInt8.self), count: count)
    }
}
