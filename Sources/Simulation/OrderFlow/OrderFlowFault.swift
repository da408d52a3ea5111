/// Why an order-flow file was refused: the file, the line and the reason. Thrown before anything
/// runs.

/// A refused file.
package struct OrderFlowFault: Error, Equatable, CustomStringConvertible {
    /// The path as the user gave it, or of the book that lies beside it.
    package let file: String
    /// From 1; nil when the fault is in the whole file.
    package let line: Int?
    package let reason: OrderFlowReason

    package init(file: String, line: Int?, reason: OrderFlowReason) {
        self.file = file
        self.line = line
        self.reason = reason
    }

    package var description: String {
        line.map { "\(file): line \($0): \(reason)" } ?? "\(file): \(reason)"
    }
}

/// What is wrong. Values from the file are cut to 40 printable characters.
package enum OrderFlowReason: Error, Equatable, CustomStringConvertible {
    /// The file cannot be opened, read or decompressed.
    case unreadable(String)
    /// Longer than the longest line of the format, in bytes.
    case lineTooLong(Int)
    /// Neither a known header nor a depth stream.
    case unknownFormat
    /// There is no message below the header.
    case noMessages
    case missingColumn(String)
    case fieldCount(expected: Int, found: Int)
    case notNumber(field: String, value: String)
    case negative(field: String, value: String)
    case zero(field: String)
    /// Beyond 9·10⁹ units or quote.
    case tooLarge(field: String, value: String)
    /// Below 10⁻⁹ units or quote.
    case tooFine(field: String, value: String)
    /// A code that the format does not have.
    case unknownCode(field: String, value: String)
    case notTime(field: String, value: String)
    /// The book that lies beside it ends before the messages do.
    case bookTooShort
    case notJSON(String)
    case missingMember(String)
    /// A depth stream without the snapshot that it starts from.
    case noSnapshot
    case secondSnapshot
    /// Updates are missing before this one.
    case gap(expected: UInt64, found: UInt64)

    package var description: String {
        switch self {
        case .unreadable(let why): why
        case .lineTooLong(let bytes): "is longer than \(bytes) bytes"
        case .unknownFormat:
            "is no order flow; known are LOBSTER messages, Bitstamp order events, "
                + "CME market by order and Binance depth streams"
        case .noMessages: "holds no messages"
        case .missingColumn(let name): "the header lacks the column '\(name)'"
        case .fieldCount(let expected, let found):
            "has \(found) fields, the header has \(expected)"
        case .notNumber(let field, let value): "field '\(field)' is '\(value)', not a number"
        case .negative(let field, let value):
            "field '\(field)' is '\(value)', which is negative"
        case .zero(let field): "field '\(field)' is zero"
        case .tooLarge(let field, let value): "field '\(field)' is '\(value)', above 9,000,000,000"
        case .tooFine(let field, let value):
            "field '\(field)' is '\(value)', finer than nine decimals"
        case .unknownCode(let field, let value):
            "field '\(field)' is '\(value)', a code that the format does not have"
        case .notTime(let field, let value): "field '\(field)' is '\(value)', not a time"
        case .bookTooShort: "ends before the messages do"
        case .notJSON(let why): "is no JSON: \(why)"
        case .missingMember(let name): "lacks the member '\(name)'"
        case .noSnapshot: "holds no snapshot (lastUpdateId) to start from"
        case .secondSnapshot: "holds a second snapshot"
        case .gap(let expected, let found):
            "updates are missing: this one follows \(found), the last was \(expected)"
        }
    }

    /// Whether the line that was being read belongs to the reason.
    var isAboutLine: Bool {
        switch self {
        case .unreadable, .unknownFormat, .noMessages, .noSnapshot, .bookTooShort: false
        default: true
        }
    }
}
