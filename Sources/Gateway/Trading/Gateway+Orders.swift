/// Sending, changing and ending orders.

import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets

extension Gateway {
    /// `private/buy`, `private/sell`.
    func place(_ call: Call, _ side: Side) throws(APIError) -> Completion {
        let (face, identifier) = try face(call)
        let request = try OrderDraft(call, face, identifier, side).request()
        if let linked = call.text("linked_order_type") {
            return try placePair(call, face, request, linked)
        }
        guard call.arguments["otoco_config"] == nil else {
            throw .parameter("otoco_config", "needs linked_order_type")
        }
        return try place(request, call)
    }

    private func place(_ request: OrderRequest, _ call: Call) throws(APIError) -> Completion {
        let account = try book(of: call).account
        let keeper = desk.keeper(of: call)
        return try send([.place(request)], of: call) {
            gateway, transaction, ledger, writer throws(APIError) in
            let order = try transaction.order()
            gateway.keep(order, keeper, of: account)
            try gateway.writePlaced(order, of: account, ledger, to: &writer)
        }
    }

    /// The result of a placement or an amendment: the order, and what it traded at once.
    func writePlaced(
        _ order: OrderIdentifier?, of account: AccountIdentifier, _ ledger: Ledger,
        to writer: inout JSONWriter
    ) throws(APIError) {
        guard let order, let book = desk.records[account], let entry = book[order] else {
            throw APIError(.orderNotFound)
        }
        writer.beginObject()
        writer.name("order")
        write(entry, ledger, to: &writer)
        writer.name("trades")
        writer.beginArray()
        for trade in book.changes.trades where trade.order == order {
            write(trade, of: book, ledger, to: &writer)
        }
        writer.endArray()
        writer.endObject()
    }

    // Changing.

    /// `private/edit`.
    func edit(_ call: Call) throws(APIError) -> Completion {
        let book = try book(of: call)
        return try edit(try openOrder(call, book), book, call)
    }

    /// `private/edit_by_label`: the one open order of a label in an instrument.
    func editByLabel(_ call: Call) throws(APIError) -> Completion {
        let book = try book(of: call)
        let (_, instrument) = try face(call)
        let label = try OrderDraft.label(call, "label")
        let found = book.openOrders.filter { $0.label == label && $0.instrument == instrument }
        guard let entry = found.first, !label.isEmpty else {
            throw APIError(.orderNotFound, reason: "no open order has this label")
        }
        guard found.count == 1 else {
            throw APIError(.badRequest, reason: "several open orders have this label")
        }
        return try edit(entry, book, call)
    }

    private func edit(
        _ entry: OrderEntry, _ book: AccountBook, _ call: Call
    ) throws(APIError) -> Completion {
        let face = face(of: entry.instrument, call.ledger)
        try refuseUnchangeable(entry, face, call)
        let isSized = call.number("amount") != nil || call.number("contracts") != nil
        let quantity = isSized ? try face.quantity(call) : entry.quantity
        guard quantity > entry.filled else {
            throw .parameter("amount", "not more than has been filled")
        }
        let trigger = try face.optionalPrice(call, "trigger_price")
        let request = AmendRequest(
            order: entry.identifier, limit: try face.optionalPrice(call, "price") ?? entry.limit,
            remaining: quantity - entry.filled, postOnly: call.boolean("post_only") ?? false,
            trigger: trigger)
        let account = book.account
        return try send([.amend(request)], of: call) {
            gateway, transaction, ledger, writer throws(APIError) in
            _ = try transaction.order()
            try gateway.writePlaced(entry.identifier, of: account, ledger, to: &writer)
        }
    }

    /// What an amendment cannot change must be as it is.
    private func refuseUnchangeable(
        _ entry: OrderEntry, _ face: InstrumentFace, _ call: Call
    ) throws(APIError) {
        if let value = call.boolean("reduce_only"), value != entry.flags.reduceOnly {
            throw .parameter("reduce_only", "cannot be changed")
        }
        if let value = call.boolean("mmp"), value != entry.flags.isProtected {
            throw .parameter("mmp", "cannot be changed")
        }
        if call.boolean("post_only") == true, call.boolean("reject_post_only") == false {
            throw .parameter(
                "reject_post_only", "an edit that would take is refused; it does not slide")
        }
        if let display = try face.optionalQuantity(call, "display_amount"),
            display != entry.display ?? entry.quantity
        {
            throw .parameter("display_amount", "cannot be changed")
        }
    }

    // Cancelling.

    /// `private/cancel`.
    func cancel(_ call: Call) throws(APIError) -> Completion {
        let book = try book(of: call)
        let entry = try openOrder(call, book)
        let account = book.account
        return try send([.cancel(entry.identifier)], of: call, needs: .cancel) {
            gateway, transaction, ledger, writer throws(APIError) in
            let ended = gateway.desk.records[account]?[entry.identifier]
            // It may have been filled in the meantime: then it is not open, and the client learns
            // so.
            if transaction.refusal(at: 0) == .unknownOrder { throw APIError(.notOpenOrder) }
            _ = try transaction.order()
            guard let ended else { throw APIError(.orderNotFound) }
            gateway.write(ended, ledger, to: &writer)
        }
    }

    /// The open order that a call names.
    ///
    /// - Throws: 10004 where the account never had it, 11044 where it has ended.
    func openOrder(_ call: Call, _ book: AccountBook) throws(APIError) -> OrderEntry {
        let entry = try order(call, book)
        guard !entry.status.isFinal else { throw APIError(.notOpenOrder) }
        return entry
    }

    /// The order that a call names.
    ///
    /// - Throws: 10004 where it is not the account's, or forgotten.
    func order(_ call: Call, _ book: AccountBook) throws(APIError) -> OrderEntry {
        guard let number = UInt64(try call.requiredText("order_id")),
            let entry = book[OrderIdentifier(number)]
        else { throw APIError(.orderNotFound) }
        return entry
    }

    /// Cancels what fits, and answers how many orders left, or which.
    ///
    /// - Parameter whole: one command that says the same, where there is one.
    func cancel(
        _ call: Call, _ writer: inout JSONWriter, whole: Command? = nil,
        where fits: (OrderEntry) -> Bool
    ) throws(APIError) -> Completion {
        let book = try book(of: call)
        let orders = book.openOrders.filter(fits).map(\.identifier)
        let detailed = call.boolean("detailed") ?? false
        guard call.boolean("freeze_quotes") != true else {
            throw .parameter("freeze_quotes", "not offered; see private/set_mmp_config")
        }
        var commands = whole.map { [$0] } ?? orders.map { Command.cancel($0) }
        let tally = CancelTally(whole == nil ? orders : nil)
        let account = book.account
        while commands.count > Transaction.commandLimit {
            let part = Array(commands.prefix(Transaction.commandLimit))
            commands.removeFirst(part.count)
            _ = try send(part, of: call, needs: .cancel) { gateway, _, _, _ in
                tally.count(in: gateway.desk.records[account])
            }
        }
        guard !commands.isEmpty else {
            // With nothing to cancel there is nothing to send.
            write(tally, of: account, detailed: detailed, call.ledger, to: &writer)
            return .done
        }
        return try send(commands, of: call, needs: .cancel) {
            gateway, transaction, ledger, writer throws(APIError) in
            if whole != nil { _ = try transaction.order() }
            tally.count(in: gateway.desk.records[account])
            gateway.write(tally, of: account, detailed: detailed, ledger, to: &writer)
        }
    }

    private func write(
        _ tally: CancelTally, of account: AccountIdentifier, detailed: Bool, _ ledger: Ledger,
        to writer: inout JSONWriter
    ) {
        guard detailed, let book = desk.records[account] else {
            return writer.integer(tally.orders.count)
        }
        writer.beginArray()
        for order in tally.orders {
            if let entry = book[order] { write(entry, ledger, to: &writer) }
        }
        writer.endArray()
    }
}

/// Counts what several transactions of one call cancelled.
final class CancelTally {
    private(set) var orders: [OrderIdentifier] = []
    /// Those that count; nil counts all.
    private let wanted: Set<UInt64>?

    init(_ wanted: [OrderIdentifier]?) { self.wanted = wanted.map { Set($0.map(\.number)) } }

    /// Adds the orders that the last block ended by their owner's wish.
    func count(in book: AccountBook?) {
        guard let book else { return }
        for order in book.changes.orders {
            guard let entry = book[order], case .cancelled(let end) = entry.status,
                end == .left(word: "user_request"), wanted?.contains(order.number) ?? true,
                !orders.contains(order)
            else { continue }
            orders.append(order)
        }
    }
}
