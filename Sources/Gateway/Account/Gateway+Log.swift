/// The log of an account's money, its settlements, and what would be with other positions.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets
import Oracle
import Risk

extension Gateway {
    /// `private/get_transaction_log`: the newest first.
    func writeLog(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        let book = try subject(call)
        let currency = try call.requiredText("currency")
        let start = call.instant("start_timestamp") ?? .epoch
        let end = call.instant("end_timestamp") ?? call.now
        let count = Int(call.integer("count") ?? Gateway.usualLogCount)
        let before = UInt64(call.integer("continuation") ?? .max)
        let query = call.text("query")
        let found = book.log.kept.reversed().filter { entry in
            entry.number < before && entry.time >= start
                && entry.time.milliseconds <= end.milliseconds
                && (query == nil || entry.kind.word == query)
                && (currency == "any"
                    || self.currency(of: entry, book.account, call.ledger) == currency)
        }
        // An event's entries stay together, so that a continuation neither repeats nor skips.
        var page = found.prefix(count)
        while let last = page.last, page.count < found.count,
            found[page.count].number == last.number
        {
            page = found.prefix(page.count + 1)
        }
        writer.beginObject()
        writer.name("continuation")
        if let last = page.last, page.count < found.count {
            writer.integer(last.number)
        } else {
            writer.null()
        }
        writer.name("logs")
        writer.beginArray()
        for entry in page { write(entry, of: book, call.ledger, &writer) }
        writer.endArray()
        writer.endObject()
        return .done
    }

    private static let usualLogCount: Int64 = 100

    private func write(
        _ entry: LogEntry, of book: AccountBook, _ ledger: Ledger, _ writer: inout JSONWriter
    ) {
        let decimals = decimals(entry)
        writer.beginObject()
        writer.put("id", entry.number)
        writer.put("user_seq", entry.number)
        writer.put("user_id", book.account.number)
        writer.put("username", "account_\(book.account.number)")
        writer.put("timestamp", entry.time)
        writer.put("type", entry.kind.word)
        writer.put("currency", currency(of: entry, book.account, ledger))
        writer.put("change", wide: units(entry.change, entry, ledger), decimals: decimals)
        writer.put("cashflow", wide: units(entry.change, entry, ledger), decimals: decimals)
        if let balance = entry.balance {
            writer.put("balance", wide: units(balance, entry, ledger), decimals: decimals)
        } else {
            writer.putNull("balance")
        }
        writeDetails(entry, of: book, ledger, &writer)
        writer.endObject()
    }

    private func writeDetails(
        _ entry: LogEntry, of book: AccountBook, _ ledger: Ledger, _ writer: inout JSONWriter
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
                    (book[trade.order]?.flags.reduceOnly ?? false ? "close " : "open ")
                        + trade.side.word)
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
        let count = Int(call.integer("count") ?? Gateway.usualSettlementCount)
        let before = call.text("continuation").flatMap { UInt64($0) } ?? .max
        let latest = call.instant("search_start_timestamp")
        let found = book.log.kept.reversed().filter { entry in
            guard let instrument = entry.instrument, let word = Gateway.settlementType(entry),
                filter.contains(instrument, self, call.ledger)
            else { return false }
            return (type == nil || word == type) && entry.number < before
                && (latest.map { entry.time <= $0 } ?? true)
        }
        writer.beginObject()
        writer.name("settlements")
        writer.beginArray()
        for entry in found.prefix(count) { writeSettlement(entry, call.ledger, &writer) }
        writer.endArray()
        writer.put(
            "continuation", found.count > count ? String(found[count - 1].number) : "none")
        writer.endObject()
        return .done
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

    // What would be.

    /// `private/simulate_portfolio`, `private/pme/simulate`: the engine's own margin of the account
    /// with other positions.
    func simulate(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        let book = try book(of: call)
        let home = call.ledger.accounts.compartment(of: book.account)
        let currency = names.assets[Int(home.number)]
        guard call.text("currency").map({ $0 == currency || $0 == "CROSS" }) ?? true else {
            throw .parameter("currency", "margin is in \(currency)")
        }
        var changes = try simulated(call)
        if call.boolean("add_positions") == false {
            for position in call.ledger.accounts[book.account].positions {
                changes[position.instrument.number, default: .zero] -= position.quantity
            }
        }
        let list = changes.filter { $0.value != .zero }.sorted { $0.key < $1.key }
            .map { HypotheticalLots(InstrumentIdentifier($0.key), $0.value) }
        guard
            let margins = call.ledger.hypotheticalMargins(of: book.account, adding: list)
        else {
            throw .parameter(
                "simulated_positions", "a position is beyond its limit, or has no price")
        }
        writer.beginObject()
        writer.put("currency", currency)
        writer.put("balance", call.ledger.accounts.cash(of: book.account))
        writer.put("equity", margins.maintenance.equity)
        writer.put("margin_balance", margins.initial.equity)
        writer.put("initial_margin", margins.initial.requirement)
        writer.put("maintenance_margin", margins.maintenance.requirement)
        writer.put("projected_initial_margin", margins.initial.requirement)
        writer.put("projected_maintenance_margin", margins.maintenance.requirement)
        writer.put("available_funds", max(.zero, margins.initial.health))
        writer.put("scenario_loss", margins.initial.scenarioLoss)
        writer.put("charges", margins.initial.charges)
        writeSimulatedGreeks(list, book.account, call.ledger, &writer)
        writer.put("portfolio_margining_enabled", true)
        writer.put("cross_collateral_enabled", true)
        writer.put("margin_model", "cross_pm")
        writer.endObject()
        return .done
    }

    private func simulated(_ call: Call) throws(APIError) -> [UInt16: Quantity] {
        guard let value = call.arguments["simulated_positions"] else { return [:] }
        var changes: [UInt16: Quantity] = [:]
        for member in value.members ?? [] {
            let identifier = try instrument(named: member.name, "simulated_positions")
            let instrument = call.ledger.catalogue.instruments[Int(identifier.number)]
            guard let units = member.value.number?.scaled(by: APIDecimals.amount),
                units.isMultiple(of: instrument.lotSize)
            else {
                throw .parameter("simulated_positions", "'\(member.name)' is no multiple of a lot")
            }
            changes[identifier.number] = Quantity(lots: units / instrument.lotSize)
        }
        return changes
    }

    private func writeSimulatedGreeks(
        _ changes: [HypotheticalLots], _ account: AccountIdentifier, _ ledger: Ledger,
        _ writer: inout JSONWriter
    ) {
        var sum = PositionGreeks()
        var lots: [UInt16: Quantity] = [:]
        for position in ledger.accounts[account].positions {
            lots[position.instrument.number] = position.quantity
        }
        for change in changes { lots[change.instrument.number, default: .zero] += change.lots }
        for (number, quantity) in lots.sorted(by: { $0.key < $1.key }) {
            sum += PositionGreeks(
                quantity, of: ledger.catalogue.instruments[Int(number)], ledger)
        }
        writer.put("delta_total", sum.delta, decimals: APIDecimals.amount)
        writer.put("gamma", sum.gamma, decimals: APIDecimals.gamma)
        writer.put("vega", sum.vega, decimals: APIDecimals.price)
        writer.put("theta", sum.theta, decimals: APIDecimals.price)
    }
}
