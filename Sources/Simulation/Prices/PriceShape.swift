/// Which columns of a price file mean what, decided by its header alone.

/// The columns of one price file.
struct PriceShape {
    /// Four columns of prices.
    struct Bar {
        let open: Int
        let high: Int
        let low: Int
        let close: Int
    }

    /// What a row holds.
    enum Row {
        case bar(Bar)
        case quote(bid: Bar, ask: Bar)
        case trade(price: Int)
    }

    /// Lower-case names of all columns, for messages.
    let names: [String]
    let time: Int
    let venue: Int?
    let symbol: Int?
    let volume: Int?
    let row: Row

    private static let timeNames = ["open_time", "minute", "time", "timestamp", "date"]
    private static let venueNames = ["venue", "exchange"]
    private static let volumeNames = ["volume", "volume_base", "amount"]
    private static let barNames = ["open", "high", "low", "close"]

    /// Reads a header line split into `fields`.
    ///
    /// - Throws: `.repeatedColumn`, `.notPrices` or `.missingColumns`.
    init(header fields: [String]) throws(PriceFileReason) {
        let columns = fields.map { field in
            field.filter { !$0.isWhitespace && $0 != "\u{feff}" && $0 != "\"" }.lowercased()
        }
        names = columns
        for (index, name) in columns.enumerated() where columns[..<index].contains(name) {
            throw .repeatedColumn(PriceFile.printable(name))
        }
        func index(of candidates: [String]) -> Int? {
            candidates.lazy.compactMap { columns.firstIndex(of: $0) }.first
        }
        row = try PriceShape.row(columns)
        guard let timeColumn = index(of: PriceShape.timeNames) else {
            throw .missingColumns("a time column (time, timestamp, open_time, minute or date)")
        }
        time = timeColumn
        venue = index(of: PriceShape.venueNames)
        symbol = index(of: ["symbol"])
        volume = index(of: PriceShape.volumeNames)
    }

    private static func row(_ columns: [String]) throws(PriceFileReason) -> Row {
        if columns.contains(where: { $0.hasPrefix("bid_") || $0.hasPrefix("ask_") }) {
            let names = barNames.map { "bid_" + $0 } + barNames.map { "ask_" + $0 }
            if names.contains(where: columns.contains) {
                return .quote(
                    bid: try bar(columns, prefix: "bid_", of: names),
                    ask: try bar(columns, prefix: "ask_", of: names))
            }
        }
        if barNames.contains(where: columns.contains) {
            return .bar(try bar(columns, prefix: "", of: barNames))
        }
        if let price = columns.firstIndex(of: "price") { return .trade(price: price) }
        if let other = otherKind(columns) { throw .notPrices(other) }
        throw .missingColumns("prices (open,high,low,close or price)")
    }

    private static func bar(
        _ columns: [String], prefix: String, of needed: [String]
    ) throws(PriceFileReason) -> Bar {
        let found = barNames.compactMap { columns.firstIndex(of: prefix + $0) }
        guard found.count == barNames.count else {
            let missing = needed.filter { !columns.contains($0) }.map { "'\($0)'" }
            throw .missingColumns(
                (missing.count == 1 ? "column " : "columns ") + missing.joined(separator: ", "))
        }
        return Bar(open: found[0], high: found[1], low: found[2], close: found[3])
    }

    /// Names what a file without prices seems to hold.
    private static func otherKind(_ columns: [String]) -> String? {
        if columns.contains("percentage") && columns.contains("depth") {
            return "order-book depth (cumulative size within a percentage of an unstated middle)"
        }
        if columns.contains(where: { $0.contains("funding") }) { return "funding rates" }
        if columns.contains(where: { $0.hasSuffix("volume") }) { return "a table of volumes" }
        return nil
    }
}
