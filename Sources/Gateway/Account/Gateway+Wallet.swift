/// Money in and out, and between accounts of one owner. A credential moves nothing to strangers:
/// its key is an agent's of the scope to trade, which the ledger lets transfer to accounts of the
/// same owner alone, and withdraw not at all.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import History
import JSON
import Ledger
import Markets

extension Gateway {
    /// What a movement is of.
    private enum Wallet {
        case deposits, withdrawals, transfers

        func contains(_ kind: LogKind) -> Bool {
            switch (self, kind) {
            case (.deposits, .deposit), (.withdrawals, .withdrawal), (.transfers, .transfer): true
            default: false
            }
        }

        var kind: EntryKind {
            switch self {
            case .deposits: .deposit
            case .withdrawals: .withdrawal
            case .transfers: .transfer
            }
        }
    }

    /// `private/get_deposits`.
    func writeDeposits(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        try writeMovements(.deposits, call, &writer)
    }

    /// `private/get_withdrawals`.
    func writeWithdrawals(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        try writeMovements(.withdrawals, call, &writer)
    }

    /// `private/get_transfers`.
    func writeTransfers(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        try writeMovements(.transfers, call, &writer)
    }

    private func writeMovements(
        _ wallet: Wallet, _ call: Call, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let book = try book(of: call)
        let currency = try call.requiredText("currency")
        let offset = Int(call.integer("offset") ?? 0)
        let count = Int(call.integer("count") ?? Pages.usualCount)
        let meant = logCurrency(currency, of: book.account, call.ledger)
        guard hasHistory, let meant, !book.since.isWhole || book.log.hasForgotten else {
            let found = book.log.kept.reversed().filter { entry in
                wallet.contains(entry.kind) && entry.currency == meant?.currency
            }
            let page = Array(found.dropFirst(offset).prefix(count))
            write(page, of: found.count, currency, call.ledger, &writer)
            return .done
        }
        var lines = LineChoice()
        lines.kinds = [wallet.kind]
        lines.currency = meant
        let question = PastQuestion.page(book.account, lines, offset: offset, count: count)
        return try ask(question, of: call) { gateway, rows, ledger, writer throws(APIError) in
            guard case .page(let page, let total) = rows else { throw PastRows.mismatch }
            gateway.write(page, of: total, currency, ledger, &writer)
        }
    }

    private func write(
        _ page: [LogEntry], of total: Int, _ currency: String, _ ledger: Ledger,
        _ writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.put("count", total)
        writer.name("data")
        writer.beginArray()
        for entry in page { write(entry, currency, ledger, &writer) }
        writer.endArray()
        writer.endObject()
    }

    /// What an entry of the log counts.
    func currency(
        of entry: LogEntry, _ account: AccountIdentifier, _ ledger: Ledger
    ) -> String {
        switch entry.currency {
        case .quote: names.assets[Int(ledger.accounts.compartment(of: account).number)]
        case .asset(let spot):
            names.base(of: ledger.catalogue.instruments[Int(spot.number)])
        }
    }

    private func write(
        _ entry: LogEntry, _ currency: String, _ ledger: Ledger, _ writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.put("id", entry.number)
        writer.put("currency", currency)
        writer.put(
            "amount", wide: abs(units(entry.change, entry, ledger)), decimals: decimals(entry))
        switch entry.kind {
        case .deposit(let reference):
            writer.put("state", "completed")
            writer.put("transaction_id", Hexadecimal.text(reference.bytes))
            writer.put("address", "")
            writer.put("received_timestamp", entry.time)
        case .withdrawal(let destination):
            writer.put("state", "completed")
            writer.put("address", Hexadecimal.text(destination.bytes))
            writer.putNull("transaction_id")
            writer.put("fee", 0, decimals: 0)
            writer.put("created_timestamp", entry.time)
            writer.put("confirmed_timestamp", entry.time)
        case .transfer(let other, let isIncoming):
            writer.put("state", "confirmed")
            writer.put("type", "subaccount")
            writer.put("direction", isIncoming ? "income" : "payment")
            writer.put("other_side", "account_\(other.number)")
            writer.put("created_timestamp", entry.time)
        default: break
        }
        writer.put("updated_timestamp", entry.time)
        writer.endObject()
    }

    /// An amount of an entry in units of 10⁻ᵈ of its currency.
    func units(_ amount: Int64, _ entry: LogEntry, _ ledger: Ledger) -> Int128 {
        switch entry.currency {
        case .quote: Int128(amount)
        case .asset(let spot):
            Int128(amount) * Int128(ledger.catalogue.instruments[Int(spot.number)].lotSize)
        }
    }

    /// The d of `units`.
    func decimals(_ entry: LogEntry) -> Int {
        entry.currency == .quote ? APIDecimals.price : APIDecimals.amount
    }

    // Moving.

    /// `private/submit_transfer_to_subaccount` and `..._between_subaccounts`.
    func transfer(_ call: Call) throws(APIError) -> Completion {
        let own = try book(of: call).account
        if let source = call.integer("source"), source != Int64(own.number) {
            throw .parameter("source", "a credential moves money out of its own account only")
        }
        let target = try sister(
            of: own, try call.requiredInteger("destination"), call.ledger
        ).account
        guard target != own else { throw APIError(.transferNotAllowed, reason: "sameAccount") }
        let currency = try call.requiredText("currency")
        let command = try transferCommand(call, currency, from: own, to: target)
        return try send([command], of: call) {
            gateway, transaction, ledger, writer throws(APIError) in
            _ = try transaction.order()
            guard
                let entry = gateway.desk.records[own]?.log.kept.last(where: { entry in
                    if case .transfer(let other, false) = entry.kind {
                        other == target
                    } else {
                        false
                    }
                })
            else { throw APIError(.error) }
            gateway.write(entry, currency, ledger, &writer)
        }
    }

    private func transferCommand(
        _ call: Call, _ currency: String, from own: AccountIdentifier,
        to target: AccountIdentifier
    ) throws(APIError) -> Command {
        guard let amount = call.number("amount") else {
            throw .parameter("amount", "value required")
        }
        let home = call.ledger.accounts.compartment(of: own)
        if currency == names.assets[Int(home.number)] {
            guard let units = amount.scaled(by: APIDecimals.price), units > 0 else {
                throw .parameter("amount", "must be positive, of at most 6 decimals")
            }
            return .transfer(Amount(microunits: units), to: target)
        }
        guard let spot = spot(currency, in: home, call.ledger) else {
            throw .parameter("currency", "unknown currency")
        }
        let instrument = call.ledger.catalogue.instruments[Int(spot.number)]
        let lots = try instrument.lots(of: amount, parameter: "amount")
        return .transferAsset(spot, lots, to: target)
    }

    /// `private/withdraw`: always refused, and says what to do.
    func refuseWithdrawal(_ call: Call) throws(APIError) -> Completion {
        throw APIError(
            .forbidden,
            reason: "an API credential cannot withdraw: sign a withdraw command with the owner's "
                + "key, or with an agent of the scope withdraw, and send it by "
                + "public/submit_transaction")
    }

    /// `private/get_current_deposit_address`: there is none, and says how money arrives.
    func writeDepositAddress(
        _ call: Call, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        // The custodian credits accounts by number; the venue has no address for each.
        writer.null()
        return .done
    }
}
