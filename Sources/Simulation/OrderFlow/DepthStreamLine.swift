/// One line of a Binance depth stream: the local time in nanoseconds, a space, and what the venue
/// sent as JSON. Prices and sizes are decimals in quotation marks and become exact integers here.
/// Source: Binance API documentation, "Diff. book depth streams", "Individual symbol book ticker
/// streams".

import Documents
import Markets

/// What the venue sent.
struct DepthStreamLine {
    /// A price level and its size; 0 is an empty level.
    typealias Level = OrderFlowLevel

    enum Content {
        /// The book as a whole, after the update of this number.
        case snapshot(last: UInt64, bids: [Level], asks: [Level])
        case update(DepthUpdate)
        /// The best prices after the update of this number.
        case ticker(last: UInt64, OrderFlowBest)
        case trade(side: Side, Level)
        /// A stream that is no part of the book.
        case other
    }

    /// Nanoseconds since 1970.
    let time: UInt64
    let content: Content

    /// - Throws: `OrderFlowReason` for a line that is none.
    init(_ line: ArraySlice<UInt8>) throws(OrderFlowReason) {
        let bytes = Array(line)
        guard let space = bytes.firstIndex(of: UInt8(ascii: " ")),
            let time = TimeText.nanoseconds(bytes, 0..<space)
        else {
            throw .notTime(
                field: "local time", value: PriceFile.printable(PriceFile.text(bytes.prefix(20))))
        }
        self.time = time
        let root: JSONNode
        do throws(JSONFault) {
            root = try JSONDocument.root(of: Array(bytes[space...]))
        } catch {
            throw .notJSON(error.reason)
        }
        if root.member("lastUpdateId") != nil {
            content = .snapshot(
                last: try root.unsigned("lastUpdateId"), bids: try root.levels("bids"),
                asks: try root.levels("asks"))
            return
        }
        guard let data = root.member("data") else { throw .missingMember("data") }
        let stream = try root.string("stream")
        if stream.contains("@depth") {
            content = .update(try DepthUpdate(data))
        } else if stream.hasSuffix("@bookTicker") {
            content = .ticker(
                last: try data.unsigned("u"),
                OrderFlowBest(
                    bid: try data.level("b", "B"), ask: try data.level("a", "A")))
        } else if stream.hasSuffix("@trade") {
            // `m`: the buyer's order rested.
            guard case .boolean(let isBuyerMaker) = data.member("m")?.content else {
                throw .missingMember("m")
            }
            let level = try data.level("p", "q")
            content = level.map { .trade(side: isBuyerMaker ? .buy : .sell, $0) } ?? .other
        } else {
            content = .other
        }
    }
}

/// Levels that changed, with their new sizes.
struct DepthUpdate {
    /// The number of its first change.
    let first: UInt64
    /// The number of its last change.
    let last: UInt64
    /// The last change of the update before, where the market says so.
    let previous: UInt64?
    let bids: [OrderFlowLevel]
    let asks: [OrderFlowLevel]

    init(_ data: JSONNode) throws(OrderFlowReason) {
        first = try data.unsigned("U")
        last = try data.unsigned("u")
        previous = data.member("pu") == nil ? nil : try data.unsigned("pu")
        bids = try data.levels("b")
        asks = try data.levels("a")
    }

    /// The last change that must have been seen before it.
    var expected: UInt64 { previous ?? first - 1 }
}

extension JSONNode {
    fileprivate func member(_ key: String) -> JSONNode? {
        guard case .object(let members) = content else { return nil }
        return members.first { $0.key == key }?.value
    }

    fileprivate func string(_ key: String) throws(OrderFlowReason) -> String {
        guard case .text(let text) = member(key)?.content else { throw .missingMember(key) }
        return text
    }

    fileprivate func unsigned(_ key: String) throws(OrderFlowReason) -> UInt64 {
        guard case .number(let digits) = member(key)?.content else { throw .missingMember(key) }
        guard let value = UInt64(digits), value > 0 else {
            throw .notNumber(field: key, value: PriceFile.printable(digits))
        }
        return value
    }

    /// A level of two members; nil where its size is zero.
    fileprivate func level(
        _ price: String, _ size: String
    ) throws(OrderFlowReason) -> OrderFlowLevel? {
        let level = OrderFlowLevel(
            price: try JSONNode.amount(string(price), field: price),
            size: try JSONNode.amount(string(size), field: size))
        return level.size > 0 && level.price > 0 ? level : nil
    }

    /// A list of `["price", "size"]`.
    fileprivate func levels(_ key: String) throws(OrderFlowReason) -> [OrderFlowLevel] {
        guard case .list(let items) = member(key)?.content else { throw .missingMember(key) }
        var levels: [OrderFlowLevel] = []
        for item in items {
            guard case .list(let pair) = item.content, pair.count == 2,
                case .text(let price) = pair[0].content, case .text(let size) = pair[1].content
            else { throw .missingMember(key) }
            levels.append(
                OrderFlowLevel(
                    price: try JSONNode.amount(price, field: key),
                    size: try JSONNode.amount(size, field: key)))
            if levels[levels.count - 1].price == 0 { throw .zero(field: key) }
        }
        return levels
    }

    private static func amount(_ text: String, field: String) throws(OrderFlowReason) -> Int64 {
        let bytes = Array(text.utf8)
        return try OrderFlowTable.decimal(bytes, bytes.indices, field: field)
    }
}
