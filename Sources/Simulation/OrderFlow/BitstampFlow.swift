/// Bitstamp order events: every order by number, with the volume that is left of it. An order that
/// takes is created at its limit like any other, and what it and the others lost is told
/// afterwards; between the two the file's own book is crossed. Source: the R package ob-analytics,
/// which recorded the stream.

import Markets

/// Reads Bitstamp order events.
struct BitstampFlow {
    static let columns = ["id", "exchange.timestamp", "volume", "action", "direction"]
    /// Volumes count 10⁻⁸ BTC.
    private static let volumeUnit = OrderFlowTable.one / 100_000_000

    static func read(
        _ table: inout OrderFlowTable, most: Int
    ) throws(OrderFlowReason) -> [OrderFlowMessage] {
        let identifier = try table.column("id")
        let time = try table.column("timestamp")
        let price = try table.column("price")
        let volume = try table.column("volume")
        let event = try table.column("action")
        let direction = try table.column("direction")
        var messages: [OrderFlowMessage] = []
        while messages.count < most, try table.next() {
            let side: Side
            switch table.text(direction) {
            case "bid": side = .buy
            case "ask": side = .sell
            default: throw table.unknownCode(direction)
            }
            let isFilled = try table.unsigned(volume) == 0
            let order = OrderFlowOrder(
                identifier: try table.unsigned(identifier), side: side,
                price: try table.decimal(price),
                size: isFilled ? 0 : try table.count(volume, of: volumeUnit))
            let action: OrderFlowMessage.Action
            switch table.text(event) {
            case "created" where !isFilled: action = .add(order)
            case "changed" where !isFilled: action = .replace(order)
            case "created": throw .zero(field: "volume")
            case "changed", "deleted": action = .remove(order)
            default: throw table.unknownCode(event)
            }
            messages.append(OrderFlowMessage(time: try table.time(time), action: action))
        }
        return messages
    }
}
