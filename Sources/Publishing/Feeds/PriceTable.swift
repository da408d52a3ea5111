/// A file of recorded prices that is played again, faster if wanted: rows with a time, of which
/// those count that a filter admits. What the table says at a moment is its last row until then,
/// and the row's time moved into the present, so that a gap in the recording is as stale as it was.

/// How the columns of a table are called.
package struct TableColumns: Equatable, Sendable {
    package var time: String
    package var price: String?
    package var bid: String?
    package var ask: String?
    package var depthBelow: String?
    package var depthAbove: String?
    /// Columns that must hold a value, such as `exchange` and `gemini`.
    package var filter: [(column: String, value: String)]

    package init(
        time: String, price: String? = nil, bid: String? = nil, ask: String? = nil,
        depthBelow: String? = nil, depthAbove: String? = nil,
        filter: [(column: String, value: String)] = []
    ) {
        self.time = time
        self.price = price
        self.bid = bid
        self.ask = ask
        self.depthBelow = depthBelow
        self.depthAbove = depthAbove
        self.filter = filter
    }

    package static func == (left: TableColumns, right: TableColumns) -> Bool {
        left.all == right.all && left.filter.map(\.value) == right.filter.map(\.value)
    }

    /// Every name, in one order.
    private var all: [String?] {
        [time, price, bid, ask, depthBelow, depthAbove] + filter.map(\.column)
    }
}

/// Why a file is no table.
package struct TableFault: Error, Equatable, Sendable {
    /// From 1.
    package let line: Int
    package let reason: String
}

/// Recorded prices of one market.
package struct PriceTable: Equatable, Sendable {
    /// A row: its time, and what it says or what is wrong with that.
    private struct Row: Equatable, Sendable {
        let time: UInt64
        let quote: Quote?
        let finding: Finding?
    }

    private var rows: [Row] = []
    private static let lineFeed = UInt8(ascii: "\n")
    private static let comma = UInt8(ascii: ",")

    /// Reads a file with a heading, fields without quotation marks between commas.
    ///
    /// - Parameter unit: how many of the file's units one of the underlying is.
    /// - Throws: `TableFault` where a column is missing, a time is none, or times fall. A price
    ///   that is none is kept with its fault, as a feed would have said it.
    package init(
        _ bytes: [UInt8], _ columns: TableColumns, unit: Int64 = 1
    ) throws(TableFault) {
        var lines = bytes.split(separator: PriceTable.lineFeed, omittingEmptySubsequences: true)[
            ...]
        guard let first = lines.popFirst() else {
            throw TableFault(line: 1, reason: "the file is empty")
        }
        let heading = PriceTable.fields(first)
        let places = try TablePlaces(columns, heading)
        for (number, line) in lines.enumerated() {
            let fields = PriceTable.fields(line)
            guard fields.count == heading.count else {
                throw TableFault(
                    line: number + 2,
                    reason: "\(fields.count) fields, the heading has \(heading.count)")
            }
            guard places.admit(fields) else { continue }
            try append(fields, places, line: number + 2, unit: unit)
        }
        guard !rows.isEmpty else { throw TableFault(line: 1, reason: "no row is admitted") }
    }

    private static func fields(_ line: ArraySlice<UInt8>) -> [[UInt8]] {
        var line = line
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line.split(separator: comma, omittingEmptySubsequences: false).map(Array.init)
    }

    private mutating func append(
        _ fields: [[UInt8]], _ places: TablePlaces, line: Int, unit: Int64
    ) throws(TableFault) {
        let time: UInt64
        do throws(Finding) {
            time = try ExactNumber.time(fields[places.time])
        } catch {
            throw TableFault(line: line, reason: error.detail)
        }
        if let last = rows.last, last.time > time {
            throw TableFault(line: line, reason: "its time lies before that of the row above")
        }
        do throws(Finding) {
            let quote = try places.quote(fields, unit: unit)
            rows.append(Row(time: time, quote: quote, finding: nil))
        } catch {
            rows.append(Row(time: time, quote: nil, finding: error))
        }
    }

    /// The time of the first row.
    package var start: UInt64 { rows[0].time }

    /// What the table says.
    ///
    /// - Parameters:
    ///   - now: nanoseconds since 1970.
    ///   - began: when the first row was played.
    ///   - speed: seconds of the recording in one of ours.
    /// - Returns: the quote, its time moved into the present.
    /// - Throws: `waiting`, the fault of the row, or `ended` once the last row is over.
    package func quote(at now: UInt64, began: UInt64, speed: UInt64) throws(Finding) -> Quote {
        let elapsed = (now < began ? 0 : now - began).multipliedReportingOverflow(by: speed)
        let (time, tooLate) = start.addingReportingOverflow(elapsed.partialValue)
        guard !elapsed.overflow, !tooLate, let last = rows.last, time <= last.time else {
            throw .ended
        }
        // The first row after `time`.
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].time <= time { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { throw .waiting }
        let row = rows[low - 1]
        guard var quote = row.quote else { throw row.finding ?? .waiting }
        quote.time = began + (row.time - start) / speed
        return quote
    }
}
