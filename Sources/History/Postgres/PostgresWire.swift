/// Values as PostgreSQL has them on the wire: whole numbers of eight bytes, the highest first, text
/// and bytes as they are.

import CPostgres

/// Object identifiers of the types in use, from `pg_type`.
private enum PostgresType {
    static let integer: Oid = 20
    static let text: Oid = 25
    static let bytes: Oid = 17
}

/// The parameters of a query.
struct PostgresParameters {
    private var types: [Oid] = []
    private var values: [[UInt8]?] = []

    init(_ parameters: [SQLValue]) {
        for parameter in parameters {
            switch parameter {
            case .null:
                types.append(0)
                values.append(nil)
            case .integer(let number):
                types.append(PostgresType.integer)
                values.append(number.wireBytes)
            case .text(let text):
                types.append(PostgresType.text)
                values.append(Array(text.utf8))
            case .bytes(let bytes):
                types.append(PostgresType.bytes)
                values.append(bytes)
            }
        }
    }

    /// What libpq reads while a query is sent.
    @unsafe
    struct Pointers {
        let types: UnsafePointer<Oid>?
        let values: UnsafePointer<UnsafePointer<CChar>?>?
        let lengths: UnsafePointer<Int32>?
        let formats: UnsafePointer<Int32>?
    }

    /// The parameters as libpq wants them, while `body` runs.
    func withPointers<Result>(_ body: (Pointers) -> Result) -> Result {
        // All of them lie in one buffer, so that one address holds while it is used.
        let lengths = values.map { Int32($0?.count ?? 0) }
        let formats = values.map { _ in Int32(1) }
        var buffer: [UInt8] = []
        for value in values { buffer += (value ?? []) + [0] }
        return unsafe buffer.withUnsafeBytes { buffer in
            var offset = 0
            var places: [UnsafePointer<CChar>?] = unsafe []
            for value in values {
                unsafe places.append(
                    value == nil
                        ? nil
                        : buffer.baseAddress?.advanced(by: offset)
                            .assumingMemoryBound(to: CChar.self))
                offset += (value?.count ?? 0) + 1
            }
            return unsafe types.withUnsafeBufferPointer { types in
                unsafe places.withUnsafeBufferPointer { places in
                    unsafe lengths.withUnsafeBufferPointer { lengths in
                        unsafe formats.withUnsafeBufferPointer { formats in
                            unsafe body(
                                Pointers(
                                    types: types.baseAddress, values: places.baseAddress,
                                    lengths: lengths.baseAddress, formats: formats.baseAddress))
                        }
                    }
                }
            }
        }
    }
}

/// Rows in the binary form of COPY (PostgreSQL's manual, "COPY", "Binary Format").
struct PostgresCopy {
    private let width: Int
    private var bytes: [UInt8]

    /// Bytes that are sent at once.
    private static let pieceSize = 1 << 18
    /// "PGCOPY\n\377\r\n\0", no flags, no extension.
    private static let signature: [UInt8] =
        [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00]
        + [UInt8](repeating: 0, count: 8)

    init(width: Int) {
        self.width = width
        bytes = PostgresCopy.signature
        bytes.reserveCapacity(PostgresCopy.pieceSize * 2)
    }

    /// Appends rows until there is enough to send.
    ///
    /// - Returns: the place behind them.
    mutating func append(_ values: [SQLValue], from start: Int) -> Int {
        var place = start
        while place < values.count, bytes.count < PostgresCopy.pieceSize {
            bytes.append(UInt8(truncatingIfNeeded: width >> 8))
            bytes.append(UInt8(truncatingIfNeeded: width))
            for column in 0..<width { append(values[place + column]) }
            place += width
        }
        return place
    }

    private mutating func append(_ value: SQLValue) {
        switch value {
        case .null: append(count: -1)
        case .integer(let number):
            append(count: 8)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: number >> Int64(shift)))
            }
        case .text(let text):
            append(count: text.utf8.count)
            bytes.append(contentsOf: text.utf8)
        case .bytes(let field):
            append(count: field.count)
            bytes.append(contentsOf: field)
        }
    }

    private mutating func append(count: Int) {
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: count >> shift)) }
    }

    /// What there is to send.
    mutating func takeBytes() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    /// What ends the rows.
    mutating func ending() -> [UInt8] { takeBytes() + [0xFF, 0xFF] }
}

extension Int64 {
    /// Eight bytes, the highest first.
    fileprivate var wireBytes: [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> Int64($0)) }
    }
}
