/// Quotes, the protection of those who make them, and what an order would ask of margin.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets
import Risk

extension Gateway {
    /// `private/mass_quote`: many quotes under one signature. A side that is left out stays as it
    /// is.
    func massQuote(_ call: Call) throws(APIError) -> Completion {
        let book = try book(of: call)
        let quotes = call.elements("quotes") ?? []
        guard (1...Transaction.commandLimit).contains(quotes.count) else {
            throw .parameter("quotes", "must hold 1 to \(Transaction.commandLimit) quotes")
        }
        guard call.text("mmp_group") == nil || call.text("mmp_group") == "default" else {
            throw .parameter("mmp_group", "protection is by underlying; the group is 'default'")
        }
        var commands: [Command] = []
        for quote in quotes { commands.append(.quote(try request(quote, book, call.ledger))) }
        let account = book.account
        let detailed = call.boolean("detailed") ?? true
        return try send(commands, of: call) {
            gateway, transaction, ledger, writer throws(APIError) in
            if let whole = transaction.receipts.first, whole.command == nil,
                let refusal = whole.refusal
            {
                throw APIError(refusal)
            }
            gateway.writeMassQuote(
                transaction, quotes, account, detailed: detailed, ledger, &writer)
        }
    }

    private func request(
        _ quote: JSON.Value, _ book: AccountBook, _ ledger: Ledger
    ) throws(APIError) -> QuoteRequest {
        guard let name = quote["instrument_name"]?.text else {
            throw .parameter("quotes", "'instrument_name' is missing")
        }
        let identifier = try instrument(named: name, "quotes")
        let face = face(of: identifier, ledger)
        let bid = try side(.buy, quote["bid"], face, identifier, book)
        let ask = try side(.sell, quote["ask"], face, identifier, book)
        return QuoteRequest(
            instrument: identifier, bid: bid.price, bidQuantity: bid.lots, ask: ask.price,
            askQuantity: ask.lots)
    }

    private func side(
        _ side: Side, _ value: JSON.Value?, _ face: InstrumentFace,
        _ identifier: InstrumentIdentifier, _ book: AccountBook
    ) throws(APIError) -> (price: Price, lots: Quantity) {
        guard let value else {
            let open = book.openOrders.first {
                $0.flags.isQuote && $0.instrument == identifier && $0.side == side
            }
            return (open?.limit ?? .zero, open?.remaining ?? .zero)
        }
        guard let amount = value["amount"]?.number else {
            throw .parameter("quotes", "'amount' is missing")
        }
        // Nothing pulls the side.
        guard amount.scaled(by: APIDecimals.amount) != 0 else { return (.zero, .zero) }
        guard let price = value["price"]?.number else {
            throw .parameter("quotes", "'price' is missing")
        }
        return (
            try face.instrument.ticks(of: price, parameter: "quotes"),
            try face.instrument.lots(of: amount, parameter: "quotes")
        )
    }

    private func writeMassQuote(
        _ transaction: CommittedTransaction, _ quotes: [JSON.Value], _ account: AccountIdentifier,
        detailed: Bool, _ ledger: Ledger, _ writer: inout JSONWriter
    ) {
        var refused: [(name: String, refusal: Refusal)] = []
        for (place, quote) in quotes.enumerated() {
            guard let refusal = transaction.refusal(at: place) else { continue }
            refused.append((quote["instrument_name"]?.text ?? "", refusal))
        }
        writer.beginObject()
        if detailed, let book = desk.records[account] {
            writer.name("orders")
            writer.beginArray()
            for order in book.changes.orders {
                guard let entry = book[order], entry.flags.isQuote else { continue }
                write(entry, ledger, to: &writer)
            }
            writer.endArray()
            writer.name("trades")
            writer.beginArray()
            writer.endArray()
        }
        writer.put("errors_count", refused.count)
        writer.name("errors")
        writer.beginArray()
        for entry in refused {
            writer.beginObject()
            writer.put("instrument_name", entry.name)
            writer.name("error")
            APIError(entry.refusal).write(to: &writer)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }

    // Protection.

    /// `private/set_mmp_config`.
    func setProtection(_ call: Call) throws(APIError) -> Completion {
        let name = try call.requiredText("index_name")
        guard let underlying = names.underlying(ofIndex: name) else {
            throw .parameter("index_name", "unknown index")
        }
        let interval = Duration.seconds(UInt64(try call.requiredInteger("interval")))
        let freeze = Duration.seconds(UInt64(try call.requiredInteger("frozen_time")))
        let isOff = interval == .zero
        guard
            let limit = call.number("notional_limit")?.scaled(by: APIDecimals.price)
                ?? (isOff ? 0 : nil)
        else { throw .parameter("notional_limit", "value required, unless interval is 0") }
        let account = try book(of: call).account
        let command = Command.setProtection(
            underlying, window: interval, freeze: freeze,
            limit: isOff ? .zero : Amount(microunits: limit))
        return try send([command], of: call) {
            gateway, transaction, ledger, writer throws(APIError) in
            _ = try transaction.order()
            gateway.writeProtections(of: account, in: underlying, ledger, &writer)
        }
    }

    /// `private/reset_mmp`.
    func resetProtection(_ call: Call) throws(APIError) -> Completion {
        guard let underlying = names.underlying(ofIndex: try call.requiredText("index_name"))
        else { throw .parameter("index_name", "unknown index") }
        return try send([.resetProtection(underlying)], of: call) {
            _, transaction, _, writer throws(APIError) in
            _ = try transaction.order()
            writer.string("ok")
        }
    }

    /// `private/get_mmp_config`.
    func writeProtections(
        _ call: Call, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let account = try book(of: call).account
        var underlying: UnderlyingIdentifier?
        if let name = call.text("index_name") {
            underlying = names.underlying(ofIndex: name)
            guard underlying != nil else { throw .parameter("index_name", "unknown index") }
        }
        writeProtections(of: account, in: underlying, call.ledger, &writer)
        return .done
    }

    private func writeProtections(
        of account: AccountIdentifier, in underlying: UnderlyingIdentifier?, _ ledger: Ledger,
        _ writer: inout JSONWriter
    ) {
        writer.beginArray()
        for protection in ledger.protections(of: account)
        where underlying == nil || protection.underlying == underlying {
            writer.beginObject()
            writer.put("index_name", names.indexes[Int(protection.underlying.number)])
            writer.put("mmp_group", "default")
            writer.put("interval", protection.window.wholeSeconds)
            writer.put("frozen_time", protection.freeze.wholeSeconds)
            writer.put("notional_limit", protection.limit)
            let isFrozen = protection.isFrozen(at: ledger.time)
            writer.put("is_frozen", isFrozen)
            if isFrozen, protection.freeze != .zero {
                writer.put("frozen_until", protection.frozenUntil)
            }
            writer.endObject()
        }
        writer.endArray()
    }

    // Margin.

    /// `private/close_position`.
    func closePosition(_ call: Call) throws(APIError) -> Completion {
        let (face, identifier) = try face(call)
        let book = try book(of: call)
        let held = call.ledger.accounts.quantity(of: book.account, in: identifier)
        guard held != .zero else { throw APIError(.alreadyClosed, reason: "no position") }
        let isLimit = call.text("type") == "limit"
        let limit = try face.optionalPrice(call, "price")
        guard isLimit == (limit != nil) else {
            throw .parameter("price", isLimit ? "value required" : "not of a market order")
        }
        let request = OrderRequest(
            instrument: identifier, side: held.isPositive ? .sell : .buy, limit: limit,
            quantity: held.magnitude,
            timeInForce: isLimit ? .goodTillCancelled : .immediateOrCancel, reduceOnly: true)
        let account = book.account
        return try send([.place(request)], of: call) {
            gateway, transaction, ledger, writer throws(APIError) in
            let order = try transaction.order()
            try gateway.writePlaced(order, of: account, ledger, to: &writer)
        }
    }

    /// `private/get_margins`: by how much the initial requirement would grow with a position of
    /// the amount; the price plays no part in it but for the check.
    func writeMargins(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        let (face, identifier) = try face(call)
        let account = try book(of: call).account
        let lots = try face.quantity(call)
        _ = try face.optionalPrice(call, "price")
        let now = call.ledger.initialMargin(of: account).requirement
        writer.beginObject()
        for (name, signed) in [("buy", lots), ("sell", -lots)] {
            guard
                let margins = call.ledger.hypotheticalMargins(
                    of: account, adding: [HypotheticalLots(identifier, signed)])
            else {
                writer.putNull(name)
                continue
            }
            writer.put(name, max(.zero, margins.initial.requirement - now))
        }
        let band = call.ledger.priceBand(of: identifier)
        for (name, price) in [("min_price", band?.lowestSell), ("max_price", band?.highestBuy)] {
            if let price {
                writer.put(name, price, of: face.instrument)
            } else {
                writer.putNull(name)
            }
        }
        writer.endObject()
        return .done
    }
}
