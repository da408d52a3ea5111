/// LOBSTER: one row per change of a Nasdaq book, and beside the messages a second file whose row i
/// holds the best prices after message i. Source: lobsterdata.com, "Output structure". A file of
/// level 1 tells only what happens at the best prices; what happens behind them is seen when it
/// comes into sight.

import Documents
import Foundation
import Markets

/// Reads LOBSTER messages and the book beside them.
struct LobsterFlow {
    static let columns = ["time_s_after_midnight", "type", "order_id", "size", "price_x10000"]
    private static let bookColumns = ["ask_px_x10000", "ask_size", "bid_px_x10000", "bid_size"]
    /// Prices count 10⁻⁴ dollars.
    private static let priceUnit = OrderFlowTable.one / 10_000
    private static let messages = "_messages_"
    private static let book = "_orderbook_"

    /// - Parameter midnight: of the day, in nanoseconds since 1970.
    static func read(
        _ table: inout OrderFlowTable, midnight: UInt64, most: Int
    ) throws(OrderFlowReason) -> [OrderFlowMessage] {
        let time = try table.column("time_s_after_midnight")
        let kind = try table.column("type")
        let identifier = try table.column("order_id")
        let size = try table.column("size")
        let price = try table.column("price_x10000")
        let direction = try table.column("direction")
        var messages: [OrderFlowMessage] = []
        while messages.count < most, try table.next() {
            func order(_ table: OrderFlowTable) throws(OrderFlowReason) -> OrderFlowOrder {
                let side: Side
                switch table.text(direction) {
                case "1": side = .buy
                case "-1": side = .sell
                default: throw table.unknownCode(direction)
                }
                return OrderFlowOrder(
                    identifier: try table.unsigned(identifier), side: side,
                    price: try table.count(price, of: priceUnit),
                    size: try table.count(size, of: OrderFlowTable.one))
            }
            let action: OrderFlowMessage.Action
            switch table.text(kind) {
            case "1": action = .add(try order(table))
            case "2": action = .reduce(try order(table))
            case "3": action = .remove(try order(table))
            case "4": action = .execute(try order(table))
            case "5": action = .hiddenExecution
            case "6": action = .trade
            case "7": action = .halt
            default: throw table.unknownCode(kind)
            }
            let seconds = try table.decimal(time)
            messages.append(
                OrderFlowMessage(time: midnight + UInt64(seconds), action: action))
        }
        return messages
    }

    /// Gives each message the best prices of its row in the book.
    static func attachBook(
        _ table: inout OrderFlowTable, to messages: inout [OrderFlowMessage]
    ) throws(OrderFlowReason) {
        var places: [Int] = []
        for name in bookColumns { places.append(try table.column(name)) }
        func level(
            _ table: OrderFlowTable, _ price: Int, _ size: Int
        ) throws(OrderFlowReason) -> OrderFlowLevel? {
            // An empty side has size 0 and a price that is no price.
            guard try table.unsigned(size) > 0 else { return nil }
            return OrderFlowLevel(
                price: try table.count(price, of: priceUnit),
                size: try table.count(size, of: OrderFlowTable.one))
        }
        for place in messages.indices {
            guard try table.next() else { throw .bookTooShort }
            messages[place].best = OrderFlowBest(
                bid: try level(table, places[2], places[3]),
                ask: try level(table, places[0], places[1]))
        }
    }

    /// The book that lies beside a file of messages, if there is one.
    static func bookPath(beside path: String) -> String? {
        let beside = path.replacingOccurrences(of: messages, with: book)
        return beside != path && FileManager.default.fileExists(atPath: beside) ? beside : nil
    }

    /// Whether the name says that only the best prices are told.
    static func isWindow(_ path: String) -> Bool { path.contains("_level1") }

    /// Midnight of the date in the name, in nanoseconds since 1970; 0 where it holds none.
    static func midnight(_ path: String) -> UInt64 {
        for word in path.split(whereSeparator: { $0 == "_" || $0 == "/" || $0 == "." }) {
            let bytes = Array(word.utf8)
            guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"),
                let time = TimeText.nanoseconds(bytes, bytes.indices)
            else { continue }
            return time
        }
        return 0
    }
}
