/// Why a price file was refused: the file, the line and the reason, in words that tell its owner
/// what to change.

/// A refused price file. Thrown before anything runs.
package struct PriceFileFault: Error, Equatable {
    /// The path as the user gave it.
    package let file: String
    /// The line, from 1; nil when the fault is in the whole file.
    package let line: Int?
    package let reason: PriceFileReason

    package init(file: String, line: Int?, reason: PriceFileReason) {
        self.file = file
        self.line = line
        self.reason = reason
    }
}

/// Why a price file was refused. Values from the file are cut to 40 printable characters.
package enum PriceFileReason: Error, Equatable {
    /// The file cannot be opened or read.
    case unreadable(String)
    case empty
    /// There is a header and nothing below it.
    case noRows
    case gzipTruncated
    case gzipCorrupt
    case nulByte
    /// Longer than `LineReader.longestLine` bytes.
    case lineTooLong
    case tooManyRows
    /// The header has no column for what is named.
    case missingColumns(String)
    case repeatedColumn(String)
    /// The header is that of a file that holds something other than prices.
    case notPrices(String)
    case fieldCount(expected: Int, found: Int)
    case notDecimal(field: String, value: String)
    case negative(field: String, value: String)
    case zero(field: String)
    case tooLarge(field: String, value: String)
    case notTime(field: String, value: String)
    case timeGoesBack(field: String, value: String)
    case timeRepeats(field: String, value: String)
    /// The first field must not be above the second.
    case disorder(low: String, high: String)
    case badSymbol(String)
    case badVenue(String)
    /// Neither a column nor the file name says what is priced.
    case noSymbol
    /// The prices of one underlying lie so far apart that no unit shows both.
    case range(String)
}

extension PriceFileFault: CustomStringConvertible {
    /// `file: line 17: field 'close' is 'abc', not a decimal price`.
    package var description: String {
        guard let line else { return "\(file): \(reason)" }
        return "\(file): line \(line): \(reason)"
    }
}

extension PriceFileReason: CustomStringConvertible {
    package var description: String { wholeFile ?? perField }

    private var wholeFile: String? {
        switch self {
        case .unreadable(let why): "cannot be read: \(why)"
        case .empty: "is empty; a header line with column names was expected"
        case .noRows: "has a header but no rows"
        case .gzipTruncated: "the gzip data ends before its end; the file is cut off"
        case .gzipCorrupt: "the gzip data is damaged"
        case .nulByte: "holds a NUL byte, so it is not text"
        case .lineTooLong: "is longer than \(LineReader.longestLine) bytes"
        case .tooManyRows: "has more than \(PriceFile.mostBars) bars"
        case .missingColumns(let what):
            "the header lacks \(what); known shapes are time,open,high,low,close[,volume] · "
                + "time,bid_open…bid_close,ask_open…ask_close · timestamp,price,amount, "
                + "each with optional venue and symbol"
        case .repeatedColumn(let name): "the header names column '\(name)' twice"
        case .notPrices(let what):
            "is \(what), not prices; needed are the columns open,high,low,close or price"
        case .noSymbol:
            "has no 'symbol' column, and its name holds no symbol such as BTCUSD or BTC-PERP; "
                + "add the column, or rename the file, for example to BTCUSD.csv"
        default: nil
        }
    }

    private var perField: String {
        switch self {
        case .fieldCount(let expected, let found):
            "has \(found) fields, the header has \(expected)"
        case .notDecimal(let field, let value): "field '\(field)' is '\(value)', not a decimal"
        case .negative(let field, let value): "field '\(field)' is '\(value)', which is negative"
        case .zero(let field): "field '\(field)' is zero; a price must be positive"
        case .tooLarge(let field, let value):
            "field '\(field)' is '\(value)', above the largest accepted"
        case .notTime(let field, let value):
            "field '\(field)' is '\(value)', not a time: epoch seconds, ms, µs or ns, or "
                + "YYYY-MM-DD HH:MM:SS in UTC, from 1973 to 2200"
        case .timeGoesBack(let field, let value):
            "field '\(field)' is '\(value)', earlier than the row before of the same symbol"
        case .timeRepeats(let field, let value):
            "field '\(field)' is '\(value)', the same as the row before of the same symbol"
        case .disorder(let low, let high): "field '\(low)' is above field '\(high)'"
        case .badSymbol(let value):
            "symbol '\(value)' names no base and quote such as BTCUSD, BTC-USD or BTC-PERP"
        case .badVenue(let value):
            "venue '\(value)' is not a name of 1 to 40 letters, digits, '.', '-' or '_'"
        case .range(let name):
            "the prices of \(name) lie too far apart for one unit"
        default: ""
        }
    }
}

extension PriceFileReason {
    /// Whether the line that was being read belongs to the reason.
    var isAboutLine: Bool {
        switch self {
        case .unreadable, .empty, .noRows, .gzipTruncated, .gzipCorrupt, .noSymbol, .range,
            .tooManyRows:
            false
        default: true
        }
    }
}
