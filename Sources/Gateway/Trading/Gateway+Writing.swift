/// How a call that changes something becomes a transaction: the commands of one client under the
/// agent key of his credential, with that key's next nonce.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets

extension Gateway {
    /// Signs commands in the name of a call's credential and sends them to admission.
    ///
    /// - Parameters:
    ///   - scope: what the credential must be for; one that only cancels may not trade.
    ///   - finish: writes the result when the block is on disk.
    /// - Throws: 13021 where the credential is for less, 10047 where too much waits.
    func send(
        _ commands: [Command], of call: Call, needs scope: CredentialScope = .trade,
        finish:
            @escaping (Gateway, CommittedTransaction, Ledger, inout JSONWriter) throws(APIError)
            -> Void
    ) throws(APIError) -> Completion {
        let credential = try credential(of: call, needs: scope)
        desk.learn(credential, ledger: call.ledger)
        let bytes = desk.sign(commands, by: credential, expiry: try expiry(of: call))
        return try submit(bytes, from: call.session, finish: finish)
    }

    /// The credential that a call speaks with.
    ///
    /// - Throws: 13009 where it is gone, 13021 where it is for less.
    func credential(
        of call: Call, needs scope: CredentialScope
    ) throws(APIError) -> Credential {
        guard let authority = call.authority, let credential = desk.vault[authority.credential]
        else { throw APIError(.unauthorized, reason: "invalid_token") }
        guard credential.scope.rawValue >= scope.rawValue else {
            throw APIError(
                .forbidden, reason: "the credential is for \(credential.scope.name) only")
        }
        return credential
    }

    /// Until when a call may run: as the client says, else for a while.
    ///
    /// - Throws: 11008 where it is over already.
    private func expiry(of call: Call) throws(APIError) -> Timestamp {
        guard let stated = call.instant("valid_until") else {
            return call.now.advanced(by: desk.settings.transactionLife)
        }
        guard stated >= call.now else {
            throw .parameter("valid_until", "lies in the past")
        }
        return stated
    }

    // Reading.

    /// What is remembered of the account of a call.
    ///
    /// - Throws: 13009 where there is no such account.
    func book(of call: Call) throws(APIError) -> AccountBook {
        guard let authority = call.authority,
            call.ledger.accounts.account(authority.account) != nil
        else { throw APIError(.unauthorized, reason: "the account does not exist") }
        return desk.records.watch(authority.account, ledger: call.ledger)
    }

    /// The instrument that a call names.
    ///
    /// - Throws: -32602.
    func face(
        _ call: Call, _ name: String = "instrument_name"
    ) throws(APIError) -> (InstrumentFace, InstrumentIdentifier) {
        let text = try call.requiredText(name)
        let identifier = try instrument(named: text, name)
        return (face(of: identifier, call.ledger), identifier)
    }

    /// The instrument of a name.
    ///
    /// - Throws: -32602.
    func instrument(
        named text: String, _ parameter: String
    ) throws(APIError) -> InstrumentIdentifier {
        guard let identifier = names.instrument(text) else {
            throw .parameter(parameter, "wrong format or unknown instrument")
        }
        return identifier
    }

    /// An instrument with its names.
    func face(of identifier: InstrumentIdentifier, _ ledger: Ledger) -> InstrumentFace {
        let instrument = ledger.catalogue.instruments[Int(identifier.number)]
        return InstrumentFace(
            name: names[identifier], instrument: instrument,
            currency: names.asset(of: instrument))
    }

    /// Writes an order.
    func write(_ entry: OrderEntry, _ ledger: Ledger, to writer: inout JSONWriter) {
        writer.order(entry, face(of: entry.instrument, ledger))
    }

    /// Writes a fill of an account.
    func write(
        _ trade: UserTrade, of book: AccountBook, _ ledger: Ledger, to writer: inout JSONWriter
    ) {
        writer.userTrade(trade, book[trade.order], face(of: trade.instrument, ledger))
    }
}

extension CommittedTransaction {
    /// The order that a placement at this place of the transaction created.
    ///
    /// - Throws: the refusal of the command, or of the whole.
    func order(at place: Int = 0) throws(APIError) -> OrderIdentifier? {
        for receipt in receipts where receipt.command == nil || Int(receipt.command ?? 0) == place {
            if let refusal = receipt.refusal { throw APIError(refusal) }
            return receipt.order
        }
        throw APIError(.retry, reason: "the block has no receipt of it")
    }

    /// The refusal of a command, or of the whole.
    func refusal(at place: Int) -> Refusal? {
        receipts.first { $0.command == nil || Int($0.command ?? 0) == place }?.refusal
    }
}
