/// What an account's orders and fills are and were.

import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets

extension Gateway {
    /// `private/get_order_state`.
    func writeOrder(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        let book = try book(of: call)
        write(try order(call, book), call.ledger, to: &writer)
        return .done
    }

    /// `private/get_order_state_by_label`: the newest first.
    func writeOrdersByLabel(
        _ call: Call, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let book = try book(of: call)
        var filter = OrderFilter(call)
        filter.label = try OrderDraft.label(call, "label")
        let all = (book.endedOrders + book.openOrders).filter {
            filter.contains($0, self, call.ledger)
        }
        write(all.sorted { $0.identifier > $1.identifier }, call.ledger, to: &writer)
        return .done
    }

    /// The open orders that a filter means, the oldest first.
    func writeOpenOrders(
        _ call: Call, _ filter: OrderFilter, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let book = try book(of: call)
        let orders = book.openOrders.filter { filter.contains($0, self, call.ledger) }
        write(orders, call.ledger, to: &writer)
        return .done
    }

    /// The orders that have ended and that a filter means, the newest first.
    func writeOrderHistory(
        _ call: Call, _ filter: OrderFilter, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let book = try book(of: call)
        let count = Int(call.integer("count") ?? Pages.usualCount)
        let offset = Int(call.integer("offset") ?? 0)
        let includesUnfilled = call.boolean("include_unfilled") ?? false
        let ended = book.endedOrders.reversed().lazy.filter {
            filter.contains($0, self, call.ledger)
                && (includesUnfilled || $0.filled.isPositive)
        }
        write(Array(ended.dropFirst(offset).prefix(count)), call.ledger, to: &writer)
        return .done
    }

    private func write(_ orders: [OrderEntry], _ ledger: Ledger, to writer: inout JSONWriter) {
        writer.beginArray()
        for entry in orders { write(entry, ledger, to: &writer) }
        writer.endArray()
    }

    // Fills.

    /// The fills that a filter means, by time or by number.
    func writeUserTrades(
        _ call: Call, _ filter: OrderFilter, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let book = try book(of: call)
        let range = try TradeRange(call)
        let count = Int(call.integer("count") ?? Pages.usualCount)
        let found = book.trades.kept.filter {
            range.contains($0) && filter.contains($0.instrument, self, call.ledger)
        }
        // Newest first, unless the caller wants it otherwise or counts from a beginning.
        let isAscending =
            call.text("sorting") == "asc" || (call.text("sorting") != "desc" && range.hasStart)
        let ordered = isAscending ? Array(found) : found.reversed()
        writer.beginObject()
        writer.name("trades")
        writer.beginArray()
        for trade in ordered.prefix(count) { write(trade, of: book, call.ledger, to: &writer) }
        writer.endArray()
        writer.put("has_more", ordered.count > count)
        writer.endObject()
        return .done
    }

    /// `private/get_user_trades_by_order`.
    func writeTradesOfOrder(
        _ call: Call, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let book = try book(of: call)
        let entry = try order(call, book)
        let found = book.trades.kept.filter { $0.order == entry.identifier }
        writer.beginArray()
        for trade in call.text("sorting") == "desc" ? found.reversed() : Array(found) {
            write(trade, of: book, call.ledger, to: &writer)
        }
        writer.endArray()
        return .done
    }
}

/// How much is answered at once.
enum Pages {
    /// Where the caller does not say.
    static let usualCount: Int64 = 10
    static let mostCount: Int64 = 1_000
}

/// From when, or which number, to when.
private struct TradeRange {
    private let times: ClosedRange<UInt64>
    private let numbers: ClosedRange<UInt64>
    let hasStart: Bool

    /// - Throws: -32602 where a trade's name has no number.
    init(_ call: Call) throws(APIError) {
        let start = call.instant("start_timestamp")?.nanoseconds ?? 0
        // The whole of the last millisecond counts.
        let end = call.integer("end_timestamp").map {
            Timestamp(milliseconds: $0 == .max ? $0 : $0 + 1).nanoseconds - 1
        }
        times = start...max(start, end ?? .max)
        let first = try call.tradeNumber("start_id") ?? TradeRange.number(call, "start_seq")
        let last = try call.tradeNumber("end_id") ?? TradeRange.number(call, "end_seq")
        numbers = (first ?? 0)...max(first ?? 0, last ?? .max)
        hasStart = start > 0 || first != nil
    }

    func contains(_ trade: UserTrade) -> Bool {
        times.contains(trade.time.nanoseconds) && numbers.contains(trade.number)
    }

    private static func number(_ call: Call, _ name: String) -> UInt64? {
        call.integer(name).map { UInt64(max($0, 0)) }
    }
}
