/// Rows of a comma-separated file, read by column into exact integers.

import Documents

/// A forward reader of rows. The header has been read when it is made.
struct OrderFlowTable {
    /// Bytes; the snapshot in a depth stream is one line.
    static let longestLine = 1_048_576
    /// 10⁻⁹ of one.
    static let one: Int64 = 1_000_000_000
    /// Units or quote: what 10⁻⁹ of fits in 64 bits.
    static let largest: Int64 = 9_000_000_000

    private var reader: LineReader
    private let names: [String]
    private var fields: [Range<Int>] = []

    /// Opens a file and reads its first line, which is the header if the file is a table.
    init(path: String) throws(OrderFlowReason) {
        var reader: LineReader
        do throws(PriceFileReason) {
            reader = try LineReader(path: path, longestLine: OrderFlowTable.longestLine)
            guard try reader.next() else { throw PriceFileReason.empty }
        } catch {
            throw OrderFlowTable.reason(error)
        }
        self.reader = reader
        names = PriceFile.split(reader.bytes, reader.line).map { range in
            PriceFile.text(reader.bytes[range])
        }
    }

    private static func reason(_ reason: PriceFileReason) -> OrderFlowReason {
        switch reason {
        case .lineTooLong: .lineTooLong(longestLine)
        case .empty: .noMessages
        default: .unreadable(reason.description)
        }
    }

    /// The number of the current line, from 1.
    var number: Int { reader.number }

    /// The current line whole.
    var line: ArraySlice<UInt8> { reader.bytes[reader.line] }

    /// Whether the header has all of these columns.
    func hasColumns(_ wanted: [String]) -> Bool { wanted.allSatisfy(names.contains) }

    /// The place of a column.
    func column(_ name: String) throws(OrderFlowReason) -> Int {
        guard let place = names.firstIndex(of: name) else { throw .missingColumn(name) }
        return place
    }

    /// Moves to the next line, whatever it holds; false at the end of the file.
    mutating func nextLine() throws(OrderFlowReason) -> Bool {
        do throws(PriceFileReason) {
            return try reader.next()
        } catch {
            throw OrderFlowTable.reason(error)
        }
    }

    /// Moves to the next row; empty lines are passed over.
    mutating func next() throws(OrderFlowReason) -> Bool {
        repeat {
            guard try nextLine() else { return false }
        } while reader.line.isEmpty
        PriceFile.split(reader.bytes, reader.line, into: &fields)
        guard fields.count == names.count else {
            throw .fieldCount(expected: names.count, found: fields.count)
        }
        return true
    }

    // MARK: Fields of the current row

    func text(_ column: Int) -> String { PriceFile.text(reader.bytes[fields[column]]) }

    /// A whole number that is not negative.
    func unsigned(_ column: Int) throws(OrderFlowReason) -> UInt64 {
        let text = text(column)
        guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let value = UInt64(text) else {
            throw .notNumber(field: names[column], value: PriceFile.printable(text))
        }
        return value
    }

    /// A positive whole number that counts `unit` 10⁻⁹.
    func count(_ column: Int, of unit: Int64) throws(OrderFlowReason) -> Int64 {
        let value = try unsigned(column)
        guard value > 0 else { throw .zero(field: names[column]) }
        guard let exact = Int64(exactly: value),
            exact <= OrderFlowTable.largest * (OrderFlowTable.one / unit)
        else { throw tooLarge(column) }
        return exact * unit
    }

    /// A positive decimal in 10⁻⁹.
    func decimal(_ column: Int) throws(OrderFlowReason) -> Int64 {
        let value = try OrderFlowTable.decimal(
            reader.bytes, fields[column], field: names[column])
        guard value > 0 else { throw .zero(field: names[column]) }
        return value
    }

    /// Epoch milliseconds, microseconds or nanoseconds as nanoseconds.
    func time(_ column: Int) throws(OrderFlowReason) -> UInt64 {
        guard let time = TimeText.nanoseconds(reader.bytes, fields[column]) else {
            throw .notTime(field: names[column], value: PriceFile.printable(text(column)))
        }
        return time
    }

    /// A code of a format that the format does not have.
    func unknownCode(_ column: Int) -> OrderFlowReason {
        .unknownCode(field: names[column], value: PriceFile.printable(text(column)))
    }

    private func tooLarge(_ column: Int) -> OrderFlowReason {
        .tooLarge(field: names[column], value: PriceFile.printable(text(column)))
    }

    /// A decimal that is not negative, in 10⁻⁹.
    static func decimal(
        _ bytes: [UInt8], _ range: Range<Int>, field: String
    ) throws(OrderFlowReason) -> Int64 {
        let shown = { PriceFile.printable(PriceFile.text(bytes[range])) }
        let value: Int128
        do throws(DecimalText.Failure) {
            value = try DecimalText.value(bytes, range, most: Int128(largest))
        } catch {
            switch error {
            case .notDecimal: throw .notNumber(field: field, value: shown())
            case .negative: throw .negative(field: field, value: shown())
            case .tooLarge: throw .tooLarge(field: field, value: shown())
            }
        }
        let (nano, rest) = value.quotientAndRemainder(dividingBy: 1_000)
        guard rest == 0 else { throw .tooFine(field: field, value: shown()) }
        return Int64(nano)
    }
}
