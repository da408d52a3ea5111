/// One cancels the other: two orders of one instrument in one transaction, which the ledger joins.
/// The partner's terms stand in `otoco_config`; where the second is refused the first leaves again.

import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets

extension Gateway {
    /// `linked_order_type` of `private/buy` and `private/sell`.
    func placePair(
        _ call: Call, _ face: InstrumentFace, _ request: OrderRequest, _ linked: String
    ) throws(APIError) -> Completion {
        guard linked == "one_cancels_other" else {
            throw .parameter("linked_order_type", "\(linked) is not offered")
        }
        guard let configured = call.elements("otoco_config"), configured.count == 1 else {
            throw .parameter("otoco_config", "must hold the one other order")
        }
        var partner = try OrderDraft(
            call.replacingArguments(with: configured[0]), face, request.instrument,
            configured[0]["direction"]?.text == "sell" ? .sell : .buy
        ).request()
        var request = request
        let account = try book(of: call).account
        // An order that waits is placed first by the ledger's classes, so it carries the name.
        let isPartnerFirst = partner.trigger != nil && request.trigger == nil
        let name = ClientOrderIdentifier(desk.takeName(call))
        if isPartnerFirst {
            partner.clientIdentifier = name
            request.pair = name
        } else {
            request.clientIdentifier = name
            partner.pair = name
        }
        let commands: [Command] =
            isPartnerFirst
            ? [.place(partner), .place(request)] : [.place(request), .place(partner)]
        let keeper = desk.keeper(of: call)
        let credential = try credential(of: call, needs: .trade)
        let now = call.now
        return try send(commands, of: call) {
            gateway, transaction, ledger, writer throws(APIError) in
            let first = try transaction.order(at: 0)
            gateway.keep(first, keeper, of: account)
            if let refusal = transaction.refusal(at: 1) {
                gateway.withdraw(first, of: account, credential, now: now)
                throw APIError(refusal)
            }
            let second = try transaction.order(at: 1)
            gateway.keep(second, keeper, of: account)
            try gateway.writePlaced(
                isPartnerFirst ? second : first, of: account, ledger, to: &writer)
        }
    }

    /// Takes back the order whose partner was refused, if it is still open.
    private func withdraw(
        _ order: OrderIdentifier?, of account: AccountIdentifier, _ credential: Credential,
        now: Timestamp
    ) {
        guard let order, desk.records[account]?[order]?.status.isFinal == false else { return }
        let bytes = desk.sign(
            [.cancel(order)], by: credential,
            expiry: now.advanced(by: desk.settings.transactionLife))
        act(.submit(takeTicket(), bytes))
    }
}

extension Call {
    /// The same call with the members of an object as its arguments.
    func replacingArguments(with value: JSON.Value) throws(APIError) -> Call {
        var arguments: [String: JSON.Value] = [:]
        for member in value.members ?? [] {
            guard let property = OrderParameters.partner.first(where: { $0.name == member.name })
            else { throw .parameter("otoco_config", "'\(member.name)' is not offered") }
            do throws(SchemaFault) {
                try property.schema.check(member.value)
            } catch {
                throw .parameter("otoco_config", "'\(member.name)' \(error.reason)")
            }
            arguments[member.name] = member.value
        }
        return Call(
            method: method, ledger: ledger, now: now, session: session, authority: authority,
            arguments: arguments)
    }
}
