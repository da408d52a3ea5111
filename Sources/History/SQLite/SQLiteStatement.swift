/// A prepared statement of SQLite: values in, values out.

import CSQLite

/// One statement; it is used again after `reset`.
@safe
final class SQLiteStatement {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { unsafe self.handle = handle }

    deinit { unsafe sqlite3_finalize(handle) }

    /// Forgets rows and values.
    func reset() {
        _ = unsafe sqlite3_reset(handle)
        _ = unsafe sqlite3_clear_bindings(handle)
    }

    func step() -> Int32 { unsafe sqlite3_step(handle) }

    /// Binds the first parameters.
    ///
    /// - Returns: whether SQLite took them.
    func bind(_ values: ArraySlice<SQLValue>) -> Bool {
        for (place, value) in values.enumerated() {
            guard bind(value, Int32(place + 1)) == SQLITE_OK else { return false }
        }
        return true
    }

    private func bind(_ value: SQLValue, _ place: Int32) -> Int32 {
        switch value {
        case .null: unsafe sqlite3_bind_null(handle, place)
        case .integer(let number): unsafe sqlite3_bind_int64(handle, place, number)
        case .text(var text):
            text.withUTF8 { bytes in
                unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                    // Of an empty text there is no address, and none would be null.
                    unsafe characters.baseAddress == nil
                        ? sqlite3_bind_text(handle, place, "", 0, SQLiteStatement.copied)
                        : sqlite3_bind_text(
                            handle, place, characters.baseAddress, Int32(characters.count),
                            SQLiteStatement.copied)
                }
            }
        case .bytes(let bytes):
            unsafe bytes.withUnsafeBytes { buffer in
                unsafe buffer.baseAddress == nil
                    ? sqlite3_bind_zeroblob(handle, place, 0)
                    : sqlite3_bind_blob(
                        handle, place, buffer.baseAddress, Int32(buffer.count),
                        SQLiteStatement.copied)
            }
        }
    }

    /// Tells SQLite to keep a copy of what it is given: `SQLITE_TRANSIENT`, which is a macro.
    private static var copied: sqlite3_destructor_type {
        unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }

    /// The first columns of the row that it stands on.
    func values(count: Int) -> [SQLValue] {
        (0..<Int32(count)).map { place in
            switch unsafe sqlite3_column_type(handle, place) {
            case SQLITE_INTEGER: return .integer(unsafe sqlite3_column_int64(handle, place))
            case SQLITE_TEXT: return .text(String(decoding: bytes(place), as: UTF8.self))
            case SQLITE_BLOB: return .bytes(bytes(place))
            default: return .null
            }
        }
    }

    private func bytes(_ place: Int32) -> [UInt8] {
        // The pointer first: it decides the form of which the count is.
        let pointer = unsafe sqlite3_column_blob(handle, place)
        let count = Int(unsafe sqlite3_column_bytes(handle, place))
        guard let pointer = unsafe pointer, count > 0 else { return [] }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: pointer, count: count))
    }
}
