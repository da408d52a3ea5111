/// The log of an account's money and its settlements, out of memory or out of the history.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import History
import JSON
import Ledger
import Markets
import Oracle
import Risk

extension Gateway {
    /// `private/get_transaction_log`: the newest first.
    func writeLog(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        let book = try subject(call)
        let account = book.account
        let range = logRange(
            call, count: Int(call.integer("count") ?? Gateway.usualLogCount),
            before: UInt64(call.integer("continuation") ?? .max))
        var lines = LineChoice()
        let query = call.text("query")
        if let query { lines.kinds = LogKind.entryKinds(of: query) }
        let currency = try call.requiredText("currency")
        let meant = logCurrency(currency, of: account, call.ledger)
        guard let range, currency == "any" || meant != nil else {
            write(PastPage([], hasMore: false), of: account, call.ledger, &writer) { _ in nil }
            return .done
        }
        lines.currency = meant
        let page = page(of: book, range) { entry in
            (query == nil || entry.kind.word == query)
                && (meant == nil || entry.currency == meant?.currency)
        }
        if let page, !hasHistory || page.elements.allSatisfy({ $0.isKnown(in: book) }) {
            write(page, of: account, call.ledger, &writer) { book[$0] }
            return .done
        }
        return try ask(.log(account, lines, range), of: call) {
            gateway, rows, ledger, writer throws(APIError) in
            guard case .log(let log) = rows else { throw PastRows.mismatch }
            gateway.write(log.page, of: account, ledger, &writer) { log.orders[$0.number] }
        }
    }

    private static let usualLogCount: Int64 = 100

    /// The newest first before an event; nil where there can be none.
    private func logRange(_ call: Call, count: Int, before: UInt64) -> PastRange? {
        let start = call.instant("start_timestamp") ?? .epoch
        let end = call.integer("end_timestamp") ?? call.now.milliseconds
        let last = Timestamp(endOfMillisecond: end)
        guard before > 0, start <= last else { return nil }
        return PastRange(times: start...last, numbers: 0...(before - 1), count: count)
    }

    /// What a currency is of an account's; nil for any, and where it has none of this name.
    func logCurrency(
        _ name: String, of account: AccountIdentifier, _ ledger: Ledger
    ) -> EntryCurrency? {
        let home = ledger.accounts.compartment(of: account)
        if name == names.assets[Int(home.number)] { return .quote }
        return spot(name, in: home, ledger).map { .asset($0) }
    }

    /// The lines of a range out of memory: a page ends with a whole event, so that a continuation
    /// neither repeats nor skips.
    ///
    /// - Returns: nil where memory may lack some.
    private func page(
        of book: AccountBook, _ range: PastRange, where isWanted: (LogEntry) -> Bool
    ) -> PastPage<LogEntry>? {
        guard !hasHistory || !book.hasCorrections else { return nil }
        var wider = range
        wider.count += Gateway.linesOfEvent
        let since = hasHistory ? book.since : .whole
        let page = book.log.page(wider, since: since, isForgetful: hasHistory) {
            ($0.number, $0.time)
        } where: {
            isWanted($0)
        }
        guard let page else { return nil }
        let found = page.elements
        var end = min(range.count, found.count)
        while end > 0, end < found.count, found[end].number == found[end - 1].number { end += 1 }
        return PastPage(Array(found[..<end]), hasMore: page.hasMore || end < found.count)
    }

    /// Most lines of one event of an account.
    private static let linesOfEvent = 4

    private func write(
        _ page: PastPage<LogEntry>, of account: AccountIdentifier, _ ledger: Ledger,
        _ writer: inout JSONWriter, _ order: (OrderIdentifier) -> OrderEntry?
    ) {
        writer.beginObject()
        writer.name("continuation")
        if let last = page.elements.last, page.hasMore {
            writer.integer(last.number)
        } else {
            writer.null()
        }
        writer.name("logs")
        writer.beginArray()
        for entry in page.elements {
            var trade: OrderEntry?
            if case .trade(let fill) = entry.kind { trade = order(fill.order) }
            write(entry, of: account, trade, ledger, &writer)
        }
        writer.endArray()
        writer.endObject()
    }

    /// - Parameter order: of a trade's line.
    private func write(
        _ entry: LogEntry, of account: AccountIdentifier, _ order: OrderEntry?,
        _ ledger: Ledger, _ writer: inout JSONWriter
    ) {
        let decimals = decimals(entry)
        writer.beginObject()
        writer.put("id", entry.number)
        writer.put("user_seq", entry.number)
        writer.put("user_id", account.number)
        writer.put("username", "account_\(account.number)")
        writer.put("timestamp", entry.time)
        writer.put("type", entry.kind.word)
        writer.put("currency", currency(of: entry, account, ledger))
        writer.put("change", wide: units(entry.change, entry, ledger), decimals: decimals)
        writer.put("cashflow", wide: units(entry.change, entry, ledger), decimals: decimals)
        if let balance = entry.balance {
            writer.put("balance", wide: units(balance, entry, ledger), decimals: decimals)
        } else {
            writer.putNull("balance")
        }
        writeDetails(entry, order, ledger, &writer)
        writer.endObject()
    }

    private func writeDetails(
        _ entry: LogEntry, _ order: OrderEntry?, _ ledger: Ledger, _ writer: inout JSONWriter
    ) {
        var commission = Amount.zero
        if let identifier = entry.instrument {
            let face = face(of: identifier, ledger)
            writer.put("instrument_name", face.name)
            if let position = entry.position {
                writer.put("position", position, of: face.instrument)
            }
            if let quantity = entry.quantity {
                writer.put("amount", quantity, of: face.instrument)
                writer.put("contracts", quantity.lots)
            }
            if case .trade(let trade) = entry.kind {
                if entry.currency == .quote { commission = trade.fee }
                writer.put("price", trade.price, of: face.instrument)
                writer.put("price_currency", face.currency)
                writer.put(
                    "side",
                    (order?.flags.reduceOnly ?? false ? "close " : "open ") + trade.side.word)
                writer.put("trade_id", face.tradeName(trade.number))
                writer.put("order_id", String(trade.order.number))
                writer.put("user_role", trade.isMaker ? "maker" : "taker")
                writer.put("fee_role", trade.isMaker ? "maker" : "taker")
                writer.put("mark_price", trade.mark)
                writer.put("index_price", trade.index)
                writer.put("profit_as_cashflow", true)
            }
        }
        writer.put("commission", commission)
        if let profit = entry.profit { writer.put("session_rpl", profit) }
        if let closing = entry.closing { write(closing, &writer) }
        if let demand = entry.demand { write(demand, &writer) }
    }

    /// Why it was this account that closed: the counterparty's score is profit × gross notional /
    /// equity, and it closed its part of the demand by that.
    private func write(_ closing: Deleverage, _ writer: inout JSONWriter) {
        writer.name("deleverage")
        writer.beginObject()
        writer.put("kind", "\(closing.kind)")
        writer.put("counterparty", closing.counterparty.number)
        writer.put("notional", closing.notional)
        writer.put("rank", closing.rank)
        writer.put("profit", closing.profit)
        writer.put("equity", closing.equity)
        writer.put("gross_notional", closing.grossNotional)
        writer.put("held_contracts", closing.held.lots)
        writer.put("demand_contracts", closing.demand.lots)
        writer.endObject()
    }

    /// Why it pays so much: loss × share / shares, at most the limit.
    private func write(_ demand: LossDemand, _ writer: inout JSONWriter) {
        writer.name("loss_share")
        writer.beginObject()
        writer.put("stage", "\(demand.stage)")
        writer.put("loss", demand.loss)
        writer.put("share", demand.share)
        writer.put("shares", Int64(clamping: demand.shares))
        writer.put("profit", demand.profit)
        writer.put("headroom", demand.headroom)
        writer.put("limit", demand.limit)
        writer.put("amount", demand.amount)
        writer.endObject()
    }

    // Settlements.

    /// `private/get_settlement_history_by_instrument` and `..._by_currency`: deliveries of
    /// contracts, and funding that was paid when a position changed; the newest first.
    func writeSettlements(
        _ call: Call, _ filter: OrderFilter, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let book = try book(of: call)
        let type = call.text("type")
        let before = call.text("continuation").flatMap { UInt64($0) } ?? .max
        let latest = call.instant("search_start_timestamp") ?? Timestamp(nanoseconds: .max)
        guard before > 0 else {
            writeSettlements(PastPage([], hasMore: false), call.ledger, &writer)
            return .done
        }
        let range = PastRange(
            times: Timestamp.epoch...latest, numbers: 0...(before - 1),
            count: Int(call.integer("count") ?? Gateway.usualSettlementCount))
        let page = page(of: book, range) { entry in
            guard let instrument = entry.instrument, let word = Gateway.settlementType(entry),
                filter.contains(instrument, self, call.ledger)
            else { return false }
            return type == nil || word == type
        }
        if let page {
            writeSettlements(page, call.ledger, &writer)
            return .done
        }
        var lines = LineChoice()
        lines.kinds = EntryKind.ofSettlements(type)
        lines.instruments = Set(
            call.ledger.catalogue.instruments.indices.map { UInt16($0) }.filter {
                filter.contains(InstrumentIdentifier($0), self, call.ledger)
            })
        return try ask(.log(book.account, lines, range), of: call) {
            gateway, rows, ledger, writer throws(APIError) in
            guard case .log(let log) = rows else { throw PastRows.mismatch }
            gateway.writeSettlements(log.page, ledger, &writer)
        }
    }

    private func writeSettlements(
        _ page: PastPage<LogEntry>, _ ledger: Ledger, _ writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.name("settlements")
        writer.beginArray()
        for entry in page.elements { writeSettlement(entry, ledger, &writer) }
        writer.endArray()
        let last = page.hasMore ? page.elements.last : nil
        writer.put("continuation", last.map { String($0.number) } ?? "none")
        writer.endObject()
    }

    private static let usualSettlementCount: Int64 = 20

    private static func settlementType(_ entry: LogEntry) -> String? {
        switch entry.kind {
        case .delivery: "delivery"
        case .funding: "settlement"
        default: nil
        }
    }

    private func writeSettlement(
        _ entry: LogEntry, _ ledger: Ledger, _ writer: inout JSONWriter
    ) {
        guard let identifier = entry.instrument else { return }
        let face = face(of: identifier, ledger)
        let profit = entry.profit ?? .zero
        let isFunding = entry.kind == .funding
        writer.beginObject()
        writer.put("type", isFunding ? "settlement" : "delivery")
        writer.put("timestamp", entry.time)
        writer.put("instrument_name", face.name)
        writer.put("position", entry.quantity ?? .zero, of: face.instrument)
        writer.put("profit_loss", profit)
        writer.put("session_profit_loss", profit)
        writer.put("funding", isFunding ? Amount(microunits: entry.change) : .zero)
        writer.put("index_price", ledger.index(of: face.instrument))
        writer.put("mark_price", ledger.prices[Int(identifier.number)].mark)
        writer.endObject()
    }
}
