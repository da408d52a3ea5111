/// CME market by order in Databento's encoding: A add, C cancel, M modify, T trade, F fill, R
/// clear. A trade and its fills do not touch the book; the cancel or modify that follows each fill
/// does. So a fill becomes the execution, and of the cancel behind it only what the fills have not
/// told is left. Source: databento.com, "MBO schema".

import Markets

/// Reads CME market by order.
struct MarketByOrderFlow {
    static let columns = ["ts_event", "ts_recv", "action", "side", "order_id", "flags"]
    /// In `flags`: the last record of an event.
    private static let lastOfEvent: UInt64 = 128

    private let time: Int
    private let code: Int
    private let side: Int
    private let identifier: Int
    private let price: Int
    private let size: Int
    private let flags: Int
    /// What fills have told of orders whose cancel or modify is still to come, by order.
    private var filled: [UInt64: Int64] = [:]

    private init(_ table: OrderFlowTable) throws(OrderFlowReason) {
        time = try table.column("ts_recv")
        code = try table.column("action")
        side = try table.column("side")
        identifier = try table.column("order_id")
        price = try table.column("price")
        size = try table.column("size")
        flags = try table.column("flags")
    }

    static func read(
        _ table: inout OrderFlowTable, most: Int
    ) throws(OrderFlowReason) -> [OrderFlowMessage] {
        var flow = try MarketByOrderFlow(table)
        var messages: [OrderFlowMessage] = []
        while messages.count < most, try table.next() {
            let flags = try table.unsigned(flow.flags)
            messages.append(
                OrderFlowMessage(
                    time: try table.time(flow.time), action: try flow.action(table),
                    endsEvent: flags & lastOfEvent != 0))
        }
        return messages
    }

    private mutating func action(
        _ table: OrderFlowTable
    ) throws(OrderFlowReason) -> OrderFlowMessage.Action {
        switch table.text(code) {
        case "A": return .add(try order(table))
        case "M":
            let order = try order(table)
            filled[order.identifier] = nil
            return .replace(order)
        case "C":
            var order = try order(table)
            let told = min(filled.removeValue(forKey: order.identifier) ?? 0, order.size)
            order.size -= told
            return order.size > 0 ? .reduce(order) : .confirmation
        case "F":
            let order = try order(table)
            filled[order.identifier, default: 0] += order.size
            return .execute(order)
        case "T": return .trade
        case "R": return .clear
        default: throw table.unknownCode(code)
        }
    }

    private func order(_ table: OrderFlowTable) throws(OrderFlowReason) -> OrderFlowOrder {
        let side: Side
        switch table.text(self.side) {
        case "B": side = .buy
        case "A": side = .sell
        default: throw table.unknownCode(self.side)
        }
        return OrderFlowOrder(
            identifier: try table.unsigned(identifier), side: side,
            price: try table.decimal(price),
            size: try table.count(size, of: OrderFlowTable.one))
    }
}
