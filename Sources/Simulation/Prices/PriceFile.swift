/// Reads one price file into raw bars per source. Raw means exact: 10⁻¹² per unit, before the unit
/// of the underlying is known, which may depend on other files.
///
/// Decided here: within one venue and symbol time must rise. A bar that repeats or precedes the bar
/// before it is refused, even if it says the same: a file that does so has been joined wrongly, and
/// which bar is right is not ours to guess. Rows of different symbols may come in any order, and
/// trades may share a time (the real files do).

import Documents

/// A reader of one price file.
struct PriceFile {
    /// More than nine years of minutes for one source, or the memory of a small machine.
    static let mostBars = 5_000_000
    /// Quote per unit: 10¹².
    static let highestPrice: Int128 = 1_000_000_000_000
    /// Units: what 10⁻⁶ of fits in 64 bits.
    static let highestVolume: Int128 = 9_000_000_000_000
    private static let longestVenue = 40

    private let name: PriceFileName
    private let shape: PriceShape
    private var reader: LineReader
    private var fields: [Range<Int>] = []
    private var sources: [RawSource] = []
    private var sourceOfKey: [[UInt8]: Int] = [:]
    private var bars = 0

    /// Reads `path`, plain or gzip.
    ///
    /// - Throws: a fault with the line and the reason.
    static func read(_ path: String) throws(PriceFileFault) -> [RawSource] {
        var reader: LineReader
        do throws(PriceFileReason) {
            reader = try LineReader(path: path)
        } catch {
            throw PriceFileFault(file: path, line: nil, reason: error)
        }
        do throws(PriceFileReason) {
            guard try reader.next() else { throw PriceFileReason.empty }
            let header = PriceFile.split(reader.bytes, reader.line).map { range in
                PriceFile.text(reader.bytes[range])
            }
            let shape = try PriceShape(header: header)
            var file = PriceFile(name: PriceFileName(path: path), shape: shape, reader: reader)
            return try PriceFile.readRows(&file, line: &reader)
        } catch {
            let isAboutLine = error.isAboutLine
            throw PriceFileFault(
                file: path, line: isAboutLine ? max(reader.number, 1) : nil, reason: error)
        }
    }

    private init(name: PriceFileName, shape: PriceShape, reader: LineReader) {
        self.name = name
        self.shape = shape
        self.reader = reader
    }

    /// Reads all rows; `line` follows the reader so that a fault can name its line.
    private static func readRows(
        _ file: inout PriceFile, line: inout LineReader
    ) throws(PriceFileReason) -> [RawSource] {
        defer { line = file.reader }
        while try file.reader.next() {
            if file.reader.line.isEmpty { continue }
            try file.readRow()
        }
        guard !file.sources.isEmpty else { throw .noRows }
        for index in file.sources.indices { file.settleDuration(of: index) }
        return file.sources
    }

    private mutating func readRow() throws(PriceFileReason) {
        PriceFile.split(reader.bytes, reader.line, into: &fields)
        guard fields.count == shape.names.count else {
            throw .fieldCount(expected: shape.names.count, found: fields.count)
        }
        guard let time = TimeText.nanoseconds(reader.bytes, fields[shape.time]) else {
            throw .notTime(field: shape.names[shape.time], value: value(shape.time))
        }
        let source = try sourceOfRow()
        let last = sources[source].lastTime
        if time < last {
            throw .timeGoesBack(field: shape.names[shape.time], value: value(shape.time))
        }
        let volume = try shape.volume.map { column throws(PriceFileReason) in
            try decimal(column, most: PriceFile.highestVolume)
        }
        switch shape.row {
        case .trade(let price):
            addTrade(at: time, price: try positive(price), volume: volume, to: source)
        case .bar(let columns):
            guard time > last else {
                throw .timeRepeats(field: shape.names[shape.time], value: value(shape.time))
            }
            let bar = try readBar(columns)
            append(at: time, bar, volume: volume, to: source)
        case .quote(let bid, let ask):
            guard time > last else {
                throw .timeRepeats(field: shape.names[shape.time], value: value(shape.time))
            }
            append(at: time, try readQuote(bid: bid, ask: ask), volume: volume, to: source)
        }
        sources[source].lastTime = time
        if bars > PriceFile.mostBars { throw .tooManyRows }
    }

    // MARK: Prices

    private typealias Prices = (open: Int128, high: Int128, low: Int128, close: Int128)

    private func readBar(_ columns: PriceShape.Bar) throws(PriceFileReason) -> Prices {
        let open = try positive(columns.open)
        let high = try positive(columns.high)
        let low = try positive(columns.low)
        let close = try positive(columns.close)
        let names = shape.names
        guard low <= high else {
            throw .disorder(low: names[columns.low], high: names[columns.high])
        }
        for (price, column) in [(open, columns.open), (close, columns.close)] {
            guard low <= price else {
                throw .disorder(low: names[columns.low], high: names[column])
            }
            guard price <= high else {
                throw .disorder(low: names[column], high: names[columns.high])
            }
        }
        return (open, high, low, close)
    }

    /// The middle of bid and ask, column by column.
    private func readQuote(
        bid: PriceShape.Bar, ask: PriceShape.Bar
    ) throws(PriceFileReason) -> Prices {
        let bids = try readBar(bid)
        let asks = try readBar(ask)
        let names = shape.names
        guard bids.open <= asks.open else {
            throw .disorder(low: names[bid.open], high: names[ask.open])
        }
        guard bids.close <= asks.close else {
            throw .disorder(low: names[bid.close], high: names[ask.close])
        }
        return (
            (bids.open + asks.open) / 2, (bids.high + asks.high) / 2, (bids.low + asks.low) / 2,
            (bids.close + asks.close) / 2
        )
    }

    private mutating func append(
        at time: UInt64, _ prices: Prices, volume: Int128?, to source: Int
    ) {
        bars += 1
        sources[source].bars.append(
            RawBar(
                start: time, open: prices.open, high: prices.high, low: prices.low,
                close: prices.close, volume: volume))
    }

    /// Adds a trade to the bar of its minute.
    private mutating func addTrade(
        at time: UInt64, price: Int128, volume: Int128?, to source: Int
    ) {
        let minute = time - time % TimeText.minute
        guard let last = sources[source].bars.indices.last,
            sources[source].bars[last].start == minute
        else {
            append(at: minute, (price, price, price, price), volume: volume, to: source)
            return
        }
        sources[source].bars[last].high = max(sources[source].bars[last].high, price)
        sources[source].bars[last].low = min(sources[source].bars[last].low, price)
        sources[source].bars[last].close = price
        let total = (sources[source].bars[last].volume ?? 0) + (volume ?? 0)
        let most = PriceFile.highestVolume * DecimalText.one
        sources[source].bars[last].volume = volume == nil ? nil : min(total, most)
    }

    /// A bar lasts as long as the shortest step between two bars, a day at most; a trade bar or a
    /// lone bar lasts a minute.
    private mutating func settleDuration(of index: Int) {
        if case .trade = shape.row { return }
        let starts = sources[index].bars.map(\.start)
        let steps = zip(starts.dropFirst(), starts).map { $0 - $1 }
        if let shortest = steps.min() { sources[index].duration = min(shortest, TimeText.day) }
    }

    // MARK: Fields

    private func positive(_ column: Int) throws(PriceFileReason) -> Int128 {
        let price = try decimal(column, most: PriceFile.highestPrice)
        guard price > 0 else { throw .zero(field: shape.names[column]) }
        return price
    }

    private func decimal(_ column: Int, most: Int128) throws(PriceFileReason) -> Int128 {
        do throws(DecimalText.Failure) {
            return try DecimalText.value(reader.bytes, fields[column], most: most)
        } catch {
            let field = shape.names[column]
            switch error {
            case .notDecimal: throw .notDecimal(field: field, value: value(column))
            case .negative: throw .negative(field: field, value: value(column))
            case .tooLarge: throw .tooLarge(field: field, value: value(column))
            }
        }
    }

    /// The source of the current row, made when it is the first of its venue and symbol.
    private mutating func sourceOfRow() throws(PriceFileReason) -> Int {
        var key: [UInt8] = []
        if let venue = shape.venue { key += reader.bytes[fields[venue]] }
        key.append(UInt8(ascii: ","))
        if let symbol = shape.symbol { key += reader.bytes[fields[symbol]] }
        if let known = sourceOfKey[key] { return known }
        var symbol = name.symbol
        if let column = shape.symbol {
            let text = PriceFile.text(reader.bytes[fields[column]])
            symbol = PriceSymbol(text)
            if symbol == nil { throw .badSymbol(PriceFile.printable(text)) }
        }
        guard let symbol else { throw .noSymbol }
        let venue = try venueOfRow() + (symbol.isPerpetual ? "-perp" : "")
        sources.append(RawSource(venue: venue, symbol: symbol))
        sourceOfKey[key] = sources.count - 1
        return sources.count - 1
    }

    private func venueOfRow() throws(PriceFileReason) -> String {
        let text = shape.venue.map { PriceFile.text(reader.bytes[fields[$0]]) } ?? name.venue
        let isName = text.utf8.allSatisfy { byte in
            Unicode.Scalar(byte).properties.isAlphabetic && byte < 0x80
                || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
                || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte)
        }
        guard isName, !text.isEmpty, text.utf8.count <= PriceFile.longestVenue else {
            throw .badVenue(PriceFile.printable(text))
        }
        return text.lowercased()
    }

    private func value(_ column: Int) -> String {
        PriceFile.printable(PriceFile.text(reader.bytes[fields[column]]))
    }
}
