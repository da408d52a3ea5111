/// Positions, balances and accounts of one owner.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets
import Risk

extension Gateway {
    /// The account that a call speaks of: its own, or one of the same owner by `subaccount_id`.
    ///
    /// - Throws: 13021 where that is somebody else's.
    func subject(_ call: Call, _ name: String = "subaccount_id") throws(APIError) -> AccountBook {
        let own = try book(of: call)
        guard let number = call.integer(name) else { return own }
        return try sister(of: own.account, number, call.ledger)
    }

    /// What is remembered of an account of the same owner.
    func sister(
        of account: AccountIdentifier, _ number: Int64, _ ledger: Ledger
    ) throws(APIError) -> AccountBook {
        guard let number = UInt32(exactly: number),
            sisters(of: account, ledger).contains(AccountIdentifier(number))
        else { throw APIError(.forbidden, reason: "not an account of the same owner") }
        return desk.records.watch(AccountIdentifier(number), ledger: ledger)
    }

    /// All accounts of an account's owner, itself included.
    func sisters(of account: AccountIdentifier, _ ledger: Ledger) -> [AccountIdentifier] {
        ledger.accounts(ofOwner: ledger.accounts.owner(of: account))
    }

    // Positions.

    /// `private/get_positions`.
    func writePositions(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        let book = try subject(call)
        let filter = OrderFilter(call)
        writer.beginArray()
        for position in call.ledger.accounts[book.account].positions
        where filter.contains(position.instrument, self, call.ledger) {
            write(position, of: book, call, &writer)
        }
        writer.endArray()
        return .done
    }

    /// `private/get_position`.
    func writePosition(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        let book = try book(of: call)
        let (_, identifier) = try face(call)
        let held = call.ledger.accounts[book.account].positions
            .first { $0.instrument == identifier }
        let empty = Position(
            instrument: identifier,
            fundingIndex: call.ledger.accounts.totals[Int(identifier.number)].fundingIndex)
        write(held ?? empty, of: book, call, &writer)
        return .done
    }

    func write(
        _ position: Position, of book: AccountBook, _ call: Call, _ writer: inout JSONWriter
    ) {
        writer.position(
            PositionFigures(position, of: book.account, call.ledger),
            RealisedToday(book, at: call.now) { $0 == position.instrument },
            face(of: position.instrument, call.ledger))
    }

    // Summaries.

    /// `private/get_account_summary`.
    func writeSummary(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        let book = try subject(call)
        let currency = try call.requiredText("currency")
        guard currencies(of: book.account, call.ledger).contains(currency) else {
            throw .parameter("currency", "unknown currency")
        }
        writer.beginObject()
        writeFields(of: currency, book, call.ledger, call.now, &writer)
        if call.boolean("extended") ?? false { writeIdentity(of: book.account, &writer) }
        writer.endObject()
        return .done
    }

    /// `private/get_account_summaries`.
    func writeSummaries(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        let book = try subject(call)
        writer.beginObject()
        writeIdentity(of: book.account, &writer)
        writer.name("summaries")
        writer.beginArray()
        for currency in currencies(of: book.account, call.ledger) {
            writer.beginObject()
            writeFields(of: currency, book, call.ledger, call.now, &writer)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return .done
    }

    /// The collateral of an account, and the assets beside it.
    func currencies(of account: AccountIdentifier, _ ledger: Ledger) -> [String] {
        let home = ledger.accounts.compartment(of: account)
        let collateral = names.assets[Int(home.number)]
        return [collateral] + names.bases.filter { $0 != collateral }
    }

    /// The fields of one currency's summary.
    func writeFields(
        of currency: String, _ book: AccountBook, _ ledger: Ledger, _ now: Timestamp,
        _ writer: inout JSONWriter
    ) {
        let home = ledger.accounts.compartment(of: book.account)
        guard currency != names.assets[Int(home.number)] else {
            let isOption = { (instrument: InstrumentIdentifier) in
                ledger.catalogue.instruments[Int(instrument.number)].kind.series != nil
            }
            return writer.summaryFields(
                AccountFigures(book.account, ledger),
                futures: RealisedToday(book, at: now) { !isOption($0) },
                options: RealisedToday(book, at: now, where: isOption), currency: currency,
                indexes: names.indexes)
        }
        var held: Int128 = 0
        var free: Int128 = 0
        if let spot = spot(currency, in: home, ledger) {
            let instrument = ledger.catalogue.instruments[Int(spot.number)]
            let exposure = ledger.risk.exposure(of: book.account, in: spot)
            held = Int128(exposure.position.lots) * Int128(instrument.lotSize)
            free =
                Int128((exposure.position - exposure.sells).lots) * Int128(instrument.lotSize)
        }
        writer.holdingFields(held: held, free: free, currency: currency)
    }

    /// The spot instrument of an asset in a compartment.
    func spot(
        _ currency: String, in home: CompartmentIdentifier, _ ledger: Ledger
    ) -> InstrumentIdentifier? {
        ledger.catalogue.live.first { identifier in
            let instrument = ledger.catalogue.instruments[Int(identifier.number)]
            return instrument.kind == .spot && instrument.compartment == home
                && names.base(of: instrument) == currency
        }
    }

    /// Who an account is. The venue knows keys, and no names or mail.
    private func writeIdentity(of account: AccountIdentifier, _ writer: inout JSONWriter) {
        writer.put("id", account.number)
        writer.put("username", "account_\(account.number)")
        writer.put("system_name", "account_\(account.number)")
        writer.put("email", "")
        writer.put("type", "main")
        writer.put("security_keys_enabled", true)
        writer.put("mmp_enabled", true)
        writer.put("login_enabled", false)
        writer.put("interuser_transfers_enabled", false)
        writer.put("self_trading_reject_mode", "cancel_maker")
        // A text in Deribit's reference; its clients (Nautilus) read a boolean.
        writer.put("self_trading_extended_to_subaccounts", true)
    }

    // Accounts of one owner.

    /// `private/get_subaccounts`.
    func writeSubaccounts(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        let own = try book(of: call).account
        writer.beginArray()
        for account in sisters(of: own, call.ledger) {
            let book = desk.records.watch(account, ledger: call.ledger)
            writer.beginObject()
            writer.put("id", account.number)
            writer.put("username", "account_\(account.number)")
            writer.put("system_name", "account_\(account.number)")
            writer.put("email", "")
            writer.put("type", account == own ? "main" : "subaccount")
            writer.put("is_password", false)
            writer.put("tfa_enabled", false)
            writer.put("receive_notifications", false)
            writer.put("login_enabled", false)
            writer.put("security_keys_enabled", true)
            writer.put("margin_model", "cross_pm")
            if call.boolean("with_portfolio") ?? false {
                writer.name("portfolio")
                writer.beginObject()
                for currency in currencies(of: account, call.ledger) {
                    writer.name(currency.lowercased())
                    writer.beginObject()
                    writeFields(of: currency, book, call.ledger, call.now, &writer)
                    writer.endObject()
                }
                writer.endObject()
            }
            writer.endObject()
        }
        writer.endArray()
        return .done
    }

    /// `private/get_subaccounts_details`.
    func writeSubaccountDetails(
        _ call: Call, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let own = try book(of: call).account
        let filter = OrderFilter(call)
        writer.beginArray()
        for account in sisters(of: own, call.ledger) {
            let book = desk.records.watch(account, ledger: call.ledger)
            writer.beginObject()
            writer.put("uid", account.number)
            writer.name("positions")
            writer.beginArray()
            for position in call.ledger.accounts[account].positions
            where filter.contains(position.instrument, self, call.ledger) {
                write(position, of: book, call, &writer)
            }
            writer.endArray()
            if call.boolean("with_open_orders") ?? false {
                writer.name("open_orders")
                writer.beginArray()
                for entry in book.openOrders where filter.contains(entry, self, call.ledger) {
                    write(entry, call.ledger, to: &writer)
                }
                writer.endArray()
            }
            writer.endObject()
        }
        writer.endArray()
        return .done
    }
}
