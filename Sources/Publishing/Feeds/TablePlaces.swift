/// The columns of a table found in its heading, and a row of it read.

import FixedPoint

/// Where in a row the parts of a quote stand.
struct TablePlaces {
    let time: Int
    private let price: Int?
    private let bid: Int?
    private let ask: Int?
    private let depthBelow: Int?
    private let depthAbove: Int?
    private let filter: [(place: Int, value: [UInt8])]

    /// - Throws: `TableFault` for a column that the heading lacks.
    init(_ columns: TableColumns, _ heading: [[UInt8]]) throws(TableFault) {
        func place(_ name: String) throws(TableFault) -> Int {
            guard let place = heading.firstIndex(of: Array(name.utf8)) else {
                throw TableFault(line: 1, reason: "there is no column '\(name)'")
            }
            return place
        }
        func optional(_ name: String?) throws(TableFault) -> Int? {
            guard let name else { return nil }
            return try place(name)
        }
        time = try place(columns.time)
        price = try optional(columns.price)
        bid = try optional(columns.bid)
        ask = try optional(columns.ask)
        depthBelow = try optional(columns.depthBelow)
        depthAbove = try optional(columns.depthAbove)
        filter = try columns.filter.map { entry throws(TableFault) in
            (try place(entry.column), Array(entry.value.utf8))
        }
    }

    /// Whether a row is one of those that count.
    func admit(_ fields: [[UInt8]]) -> Bool {
        filter.allSatisfy { fields[$0.place] == $0.value }
    }

    /// What a row says.
    ///
    /// - Throws: `Finding` for a number that is none, or a price that cannot be.
    func quote(_ fields: [[UInt8]], unit: Int64) throws(Finding) -> Quote {
        func part(_ place: Int?, _ name: String) throws(Finding) -> IndexPrice? {
            guard let place else { return nil }
            return try ExactNumber.price(
                picos: try ExactNumber.picos(fields[place], name), unit: unit)
        }
        func depth(_ place: Int?, _ name: String) throws(Finding) -> Amount {
            guard let place else { return .zero }
            return try ExactNumber.amount(picos: try ExactNumber.picos(fields[place], name))
        }
        let quote = Quote(
            last: try part(price, "price"), bid: try part(bid, "bid"), ask: try part(ask, "ask"),
            depthBelow: try depth(depthBelow, "depthBelow"),
            depthAbove: try depth(depthAbove, "depthAbove"))
        _ = try quote.price()
        return quote
    }
}
