/// What an account's orders and fills are and were: out of memory, or out of the history.

import Canonical
import Catalogue
import FixedPoint
import History
import JSON
import Ledger
import Markets

extension Gateway {
    /// `private/get_order_state`.
    func writeOrder(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        let book = try book(of: call)
        guard hasHistory, let order = unknownOrder(call, book) else {
            write(try order(call, book), call.ledger, to: &writer)
            return .done
        }
        return try ask(.order(book.account, order), of: call) {
            gateway, rows, ledger, writer throws(APIError) in
            guard case .orders(let found) = rows else { throw PastRows.mismatch }
            guard let entry = found.first else { throw APIError(.orderNotFound) }
            gateway.write(entry, ledger, to: &writer)
        }
    }

    /// The order that a call names, if it may be one that memory has forgotten.
    private func unknownOrder(_ call: Call, _ book: AccountBook) -> OrderIdentifier? {
        guard let number = call.text("order_id").flatMap({ UInt64($0) }) else { return nil }
        let order = OrderIdentifier(number)
        if let entry = book[order] { return entry.isWhole ? nil : order }
        return book.knowsAllOrders ? nil : order
    }

    /// `private/get_order_state_by_label`: the newest first.
    func writeOrdersByLabel(
        _ call: Call, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let book = try book(of: call)
        var filter = OrderFilter(call)
        let label = try OrderDraft.label(call, "label")
        filter.label = label
        guard hasHistory, !book.knowsAllOrders, !label.isEmpty else {
            let all = (book.endedOrders + book.openOrders).filter {
                filter.contains($0, self, call.ledger)
            }
            write(all.sorted { $0.identifier > $1.identifier }, call.ledger, to: &writer)
            return .done
        }
        return try ask(.labelled(book.account, label), of: call) {
            [filter] gateway, rows, ledger, writer throws(APIError) in
            guard case .orders(let found) = rows else { throw PastRows.mismatch }
            let meant = found.filter { filter.contains($0, gateway, ledger) }
            gateway.write(meant, ledger, to: &writer)
        }
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

    /// The orders that have ended and that a filter means, the last to end first.
    func writeOrderHistory(
        _ call: Call, _ filter: OrderFilter, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let book = try book(of: call)
        let count = Int(call.integer("count") ?? Pages.usualCount)
        let offset = Int(call.integer("offset") ?? 0)
        let includesUnfilled = call.boolean("include_unfilled") ?? false
        let known = book.endedOrders(offset + count, isForgetful: hasHistory) {
            filter.contains($0, self, call.ledger)
                && (includesUnfilled || $0.filled.isPositive)
        }
        if let known {
            write(Array(known.dropFirst(offset)), call.ledger, to: &writer)
            return .done
        }
        let question = PastQuestion.ended(
            book.account, filter.scope(self, call.ledger), includesUnfilled: includesUnfilled,
            offset: offset, count: count)
        return try ask(question, of: call) { gateway, rows, ledger, writer throws(APIError) in
            guard case .orders(let found) = rows else { throw PastRows.mismatch }
            gateway.write(found, ledger, to: &writer)
        }
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
        let range = try PastRange(fillsOf: call)
        let since = hasHistory ? book.since : .whole
        let page = book.trades.page(range, since: since, isForgetful: hasHistory) {
            ($0.number, $0.time)
        } where: {
            filter.contains($0.instrument, self, call.ledger)
        }
        if let page, !hasHistory || page.elements.allSatisfy({ book.knows($0.order) }) {
            write(page, call.ledger, to: &writer) { book[$0] }
            return .done
        }
        let question = PastQuestion.fills(book.account, filter.scope(self, call.ledger), range)
        return try ask(question, of: call) { gateway, rows, ledger, writer throws(APIError) in
            guard case .fills(let fills) = rows else { throw PastRows.mismatch }
            gateway.write(fills.page, ledger, to: &writer) { fills.orders[$0.number] }
        }
    }

    private func write(
        _ page: PastPage<UserTrade>, _ ledger: Ledger, to writer: inout JSONWriter,
        _ order: (OrderIdentifier) -> OrderEntry?
    ) {
        writer.beginObject()
        writer.name("trades")
        write(page.elements, ledger, to: &writer, order)
        writer.put("has_more", page.hasMore)
        writer.endObject()
    }

    private func write(
        _ trades: [UserTrade], _ ledger: Ledger, to writer: inout JSONWriter,
        _ order: (OrderIdentifier) -> OrderEntry?
    ) {
        writer.beginArray()
        for trade in trades {
            writer.userTrade(trade, order(trade.order), face(of: trade.instrument, ledger))
        }
        writer.endArray()
    }

    /// `private/get_user_trades_by_order`.
    func writeTradesOfOrder(
        _ call: Call, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let book = try book(of: call)
        let isDescending = call.text("sorting") == "desc"
        guard hasHistory, let order = incompleteOrder(call, book) else {
            let entry = try order(call, book)
            let found = book.trades.kept.filter { $0.order == entry.identifier }
            write(isDescending ? found.reversed() : found, call.ledger, to: &writer) { book[$0] }
            return .done
        }
        return try ask(.fillsOfOrder(book.account, order), of: call) {
            gateway, rows, ledger, writer throws(APIError) in
            guard case .fills(let fills) = rows else { throw PastRows.mismatch }
            guard fills.orders[order.number] != nil else { throw APIError(.orderNotFound) }
            let found = fills.page.elements
            gateway.write(isDescending ? found.reversed() : found, ledger, to: &writer) {
                fills.orders[$0.number]
            }
        }
    }

    /// The order that a call names, if memory may lack some of its fills.
    private func incompleteOrder(_ call: Call, _ book: AccountBook) -> OrderIdentifier? {
        if let order = unknownOrder(call, book) { return order }
        guard
            let entry = call.text("order_id").flatMap({ UInt64($0) }).flatMap({
                book[OrderIdentifier($0)]
            })
        else { return nil }
        let reach = book.trades.reach(book.since) { ($0.number, $0.time) }
        return reach.isWhole || entry.created > reach.time ? nil : entry.identifier
    }
}

/// How much is answered at once.
enum Pages {
    /// Where the caller does not say.
    static let usualCount: Int64 = 10
    static let mostCount: Int64 = 1_000
}

extension PastRange {
    /// From when, or which number, to when; the newest first, unless the caller wants it otherwise
    /// or counts from a beginning.
    ///
    /// - Throws: -32602 where a trade's name has no number.
    fileprivate init(fillsOf call: Call) throws(APIError) {
        let start = call.instant("start_timestamp")?.nanoseconds ?? 0
        let end = call.integer("end_timestamp").map { Timestamp(endOfMillisecond: $0).nanoseconds }
        let first = try call.tradeNumber("start_id") ?? PastRange.number(call, "start_seq")
        let last = try call.tradeNumber("end_id") ?? PastRange.number(call, "end_seq")
        let hasStart = start > 0 || first != nil
        self.init(
            times: Timestamp(nanoseconds: start)...Timestamp(nanoseconds: max(start, end ?? .max)),
            numbers: (first ?? 0)...max(first ?? 0, last ?? .max),
            isAscending: call.text("sorting") == "asc"
                || (call.text("sorting") != "desc" && hasStart),
            count: Int(call.integer("count") ?? Pages.usualCount))
    }

    private static func number(_ call: Call, _ name: String) -> UInt64? {
        call.integer(name).map { UInt64(max($0, 0)) }
    }
}

extension Timestamp {
    /// The last moment that counts to a millisecond.
    init(endOfMillisecond milliseconds: Int64) {
        let next = milliseconds == .max ? milliseconds : milliseconds + 1
        self.init(nanoseconds: max(1, Timestamp(milliseconds: next).nanoseconds) - 1)
    }
}
