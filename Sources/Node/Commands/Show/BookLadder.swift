/// An order book as lines: bids to the left, asks to the right, best on top, laid out for the
/// screen that it is shown on. It is drawn once, or again with every change.

import JSON

/// A price and what stands there, as the node writes them.
struct LadderLevel: Equatable {
    let price: JSON.Number
    let amount: JSON.Number

    init?(_ value: JSON.Value) {
        guard let parts = value.elements, parts.count == 2, let price = parts[0].number,
            let amount = parts[1].number
        else { return nil }
        self.price = price
        self.amount = amount
    }

    var json: JSON.Value { .array([.number(price), .number(amount)]) }
    var priceText: String { FigureText.trimmed(price.text) }
    var amountText: String { FigureText.trimmed(amount.text) }
}

/// What is shown of one market.
struct BookLadder: Equatable {
    let name: String
    var bids: [LadderLevel] = []
    var asks: [LadderLevel] = []
    /// The height of the block that last changed it.
    var change: Int64?
    /// Of the ticker: mark, index, open interest, phase.
    var facts: [(name: String, value: String)] = []

    init(name: String) { self.name = name.printable }

    static func == (left: BookLadder, right: BookLadder) -> Bool {
        left.name == right.name && left.bids == right.bids && left.asks == right.asks
            && left.change == right.change
            && left.facts.elementsEqual(right.facts) { $0 == $1 }
    }

    /// Takes in a book.
    ///
    /// - Returns: false of a value that is none.
    mutating func take(book value: JSON.Value) -> Bool {
        guard let bids = value["bids"]?.elements, let asks = value["asks"]?.elements else {
            return false
        }
        let (left, right) = (bids.compactMap(LadderLevel.init), asks.compactMap(LadderLevel.init))
        guard left.count == bids.count, right.count == asks.count else { return false }
        self.bids = left
        self.asks = right
        change = value["change_id"]?.number?.integer
        return true
    }

    /// Takes in a ticker.
    mutating func take(ticker value: JSON.Value) {
        facts = [
            ("mark", value.shown("mark_price")), ("index", value.shown("index_price")),
            ("open interest", value.shown("open_interest")),
        ]
        let phase = value.shown("phase")
        if phase != "continuous", phase != "–" { facts.append(("phase", phase)) }
        let level = value.shown("level")
        if level != "normal", level != "–" { facts.append(("held", level)) }
        facts = facts.map { ($0.name, $0.value.printable) }
    }

    /// The lines, without line feeds.
    ///
    /// - Parameter rows: the most levels.
    func lines(on screen: Screen, rows: Int) -> [String] {
        var lines = heading(screen)
        guard !bids.isEmpty || !asks.isEmpty else { return lines + ["nothing is offered or bid"] }
        let count = min(rows, max(bids.count, asks.count))
        let bids = Array(bids.prefix(count))
        let asks = Array(asks.prefix(count))
        let columns = Columns(bids, asks, room: screen.columns ?? Columns.usualRoom)
        lines.append(screen.painted(columns.title, .quiet))
        for place in 0..<count {
            let left = bids.indices.contains(place) ? bids[place] : nil
            let right = asks.indices.contains(place) ? asks[place] : nil
            lines.append(columns.line(left, right, place, bids, asks, screen))
        }
        return lines
    }

    private func heading(_ screen: Screen) -> [String] {
        let room = screen.columns ?? Int.max
        var line = screen.painted(name, .strong)
        var length = name.count
        for fact in facts where length + fact.name.count + fact.value.count + 4 <= room {
            line += "   " + screen.painted(fact.name, .quiet) + " " + fact.value
            length += fact.name.count + fact.value.count + 4
        }
        return [line]
    }

    /// For scripts.
    var json: JSON.Value {
        .object([
            JSON.Member("instrument_name", .string(name)),
            JSON.Member("change_id", change.map { .number(JSON.Number($0)) } ?? .null),
            JSON.Member("bids", .array(bids.map(\.json))),
            JSON.Member("asks", .array(asks.map(\.json))),
        ])
    }
}

/// The layout of a ladder: amounts and prices, and a bar for amounts where there is room.
private struct Columns {
    static let usualRoom = 80
    private static let titles = (amount: "AMOUNT", bid: "BID", ask: "ASK")
    private static let gap = 2

    let price: Int
    let amount: Int
    /// Columns of the bar on each side; 0 is none.
    let bar: Int

    init(_ bids: [LadderLevel], _ asks: [LadderLevel], room: Int) {
        let levels = bids + asks
        price = levels.map(\.priceText.count).max().map { max($0, 3) } ?? 3
        amount = levels.map(\.amountText.count).max().map { max($0, 6) } ?? 6
        let plain = 2 * (price + amount + Columns.gap) + Columns.gap
        bar = min(20, max(0, (room - plain) / 2 - 1))
    }

    private func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private func blank(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

    var title: String {
        let gap = blank(Columns.gap)
        return blank(bar > 0 ? bar + 1 : 0) + right(Columns.titles.amount, amount) + gap
            + right(Columns.titles.bid, price) + gap + Columns.titles.ask.padded(to: price) + gap
            + right(Columns.titles.amount, amount)
    }

    func line(
        _ bid: LadderLevel?, _ ask: LadderLevel?, _ place: Int, _ bids: [LadderLevel],
        _ asks: [LadderLevel], _ screen: Screen
    ) -> String {
        let gap = blank(Columns.gap)
        let most = max(Columns.largest(bids), Columns.largest(asks))
        let left = length(bid, most)
        var line = bar > 0 ? blank(bar - left) + bars(left, .good, screen) + " " : ""
        line += right(bid?.amountText ?? "", amount) + gap
        line += blank(price - (bid?.priceText.count ?? 0))
        line += screen.painted(bid?.priceText ?? "", .good)
        guard let ask else { return line }
        line += gap + screen.painted(ask.priceText, .bad) + blank(price - ask.priceText.count) + gap
        line += right(ask.amountText, amount)
        let reach = length(ask, most)
        return reach > 0 ? line + " " + bars(reach, .bad, screen) : line
    }

    private func bars(_ count: Int, _ tone: Tone, _ screen: Screen) -> String {
        screen.painted(String(repeating: "▪", count: count), tone)
    }

    private func length(_ level: LadderLevel?, _ most: Int64) -> Int {
        guard bar > 0, most > 0, let level,
            let units = level.amount.scaled(by: ExactDecimal.sizeDigits)
        else { return 0 }
        return max(1, Int(Int128(units) * Int128(bar) / Int128(most)))
    }

    private static func largest(_ levels: [LadderLevel]) -> Int64 {
        levels.compactMap { $0.amount.scaled(by: ExactDecimal.sizeDigits) }.max() ?? 0
    }
}
