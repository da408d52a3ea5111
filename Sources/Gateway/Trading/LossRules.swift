/// What happens to orders when a connection is lost: a client may ask that they leave. What is
/// asked for a connection counts for the orders that it sends from then on; what is asked for the
/// account counts for all its orders, whichever of its connections is lost.

import Canonical
import FixedPoint
import JSON
import Ledger

/// Who asked for it.
struct LossRules {
    /// The connections that asked for themselves, with the orders that they have sent since.
    fileprivate var connections: [SessionIdentifier: [OrderIdentifier]] = [:]
    /// The credentials that asked for their account.
    fileprivate var credentials: Set<String> = []

    /// Most orders remembered of a connection before those that have ended are forgotten.
    fileprivate static let orderLimit = 1_024
}

/// The connection that an order on its way is kept for.
struct OrderKeeper {
    let session: SessionIdentifier
    let credential: Credential
}

extension AccountDesk {
    /// Who keeps the orders of a call; nil where nobody asked.
    func keeper(of call: Call) -> OrderKeeper? {
        guard lossRules.connections[call.session] != nil, let authority = call.authority,
            let credential = vault[authority.credential]
        else { return nil }
        return OrderKeeper(session: call.session, credential: credential)
    }
}

extension Gateway {
    /// Takes note of an order that was placed for a connection; it leaves at once if that is gone.
    func keep(
        _ order: OrderIdentifier?, _ keeper: OrderKeeper?, of account: AccountIdentifier
    ) {
        guard let order, let keeper else { return }
        guard sessions[keeper.session] != nil else {
            return leave([.cancel(order)], by: keeper.credential, now: desk.records.time)
        }
        guard var kept = desk.lossRules.connections[keeper.session] else { return }
        if kept.count >= LossRules.orderLimit, let book = desk.records[account] {
            kept.removeAll { book[$0]?.status.isFinal ?? true }
        }
        kept.append(order)
        desk.lossRules.connections[keeper.session] = kept
    }

    /// A connection is gone: its orders leave if that was asked, and its tokens end.
    func leave(_ session: SessionIdentifier, now: Timestamp) {
        let kept = desk.lossRules.connections.removeValue(forKey: session)
        guard let grant = desk.grants.removeValue(forKey: session) else { return }
        desk.tokens.removeAll(of: session.number)
        guard let credential = desk.vault[grant.client], credential.scope != .read,
            let book = desk.records[credential.account]
        else { return }
        if desk.lossRules.credentials.contains(grant.client) {
            return leave([.cancelAll(nil)], by: credential, now: now)
        }
        let open = (kept ?? []).filter { book[$0].map { !$0.status.isFinal } ?? false }
        leave(open.map { .cancel($0) }, by: credential, now: now)
    }

    private func leave(_ commands: [Command], by credential: Credential, now: Timestamp) {
        var rest = commands[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(Transaction.commandLimit))
            rest = rest.dropFirst(part.count)
            let bytes = desk.sign(
                part, by: credential, expiry: now.advanced(by: desk.settings.transactionLife))
            // Nobody waits for it, so there is nobody to be told that the queue is full.
            act(.submit(takeTicket(), bytes))
        }
    }

    /// `private/enable_cancel_on_disconnect` and its opposite.
    func setLossRule(
        _ call: Call, isOn: Bool, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let credential = try credential(of: call, needs: .cancel)
        if call.text("scope") == "account" {
            if isOn {
                desk.lossRules.credentials.insert(credential.identifier)
            } else {
                desk.lossRules.credentials.remove(credential.identifier)
            }
        } else {
            guard sessions[call.session]?.transport == .webSocket else {
                throw .parameter("scope", "a connection's own is for WebSockets")
            }
            if !isOn {
                desk.lossRules.connections[call.session] = nil
            } else if desk.lossRules.connections[call.session] == nil {
                desk.lossRules.connections[call.session] = []
            }
        }
        writer.string("ok")
        return .done
    }

    /// `private/get_cancel_on_disconnect`.
    func writeLossRule(
        _ call: Call, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let isAccount = call.text("scope") == "account"
        let credential = call.authority?.credential ?? ""
        writer.beginObject()
        writer.put("scope", isAccount ? "account" : "connection")
        writer.put(
            "enabled",
            isAccount
                ? desk.lossRules.credentials.contains(credential)
                : desk.lossRules.connections[call.session] != nil)
        writer.endObject()
        return .done
    }
}
