/// Cancelling and amending resting orders. A cancel never fails on margin (DESIGN 2, principle 1).

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Risk

extension Ledger {
    func cancel(_ order: OrderIdentifier, for account: AccountIdentifier) throws(Refusal) {
        guard let reference = reference(to: order, of: account) else { throw .unknownOrder }
        // From here it must succeed.
        closeOrder(reference, of: account, reason: .cancelled)
    }

    /// Cancels by the client's name. Whether or not an order has it, placements of the name under
    /// lower nonces are void until the block ends.
    func cancel(
        named name: ClientOrderIdentifier, for account: AccountIdentifier, nonce: UInt64
    ) throws(Refusal) {
        guard name.number != 0 else { throw .unknownOrder }
        fences.cancel(name, of: account, nonce: nonce)
        for reference in references[Int(account.number)]
        where reference.clientIdentifier == name {
            closeOrder(reference, of: account, reason: .cancelled)
            return
        }
        throw .unknownOrder
    }

    func cancelAll(
        in instrument: InstrumentIdentifier?, for account: AccountIdentifier, nonce: UInt64
    ) throws(Refusal) {
        if let instrument, catalogue.instrument(instrument) == nil { throw .unknownInstrument }
        // From here it must succeed.
        fences.cancelAll(in: instrument, of: account, nonce: nonce)
        closeOrders(of: account, reason: .cancelled) { reference in
            instrument == nil || reference.instrument == instrument
        }
    }

    /// When an amendment runs: at once if it only shrinks or moves away, else as an order that may
    /// take, or after those if it is post-only.
    func amendClass(_ request: AmendRequest, _ context: CommandContext) -> CommandClass {
        guard case .account(let account) = context.signer,
            let reference = reference(to: request.order, of: account)
        else { return .first }
        let order = books[Int(reference.instrument.number)][reference.slot]
        let isAway = order.side.accepts(request.limit, limit: order.price)
        if isAway, request.remaining <= order.remaining { return .first }
        return request.postOnly ? .postOnly : .taking
    }

    func amend(_ request: AmendRequest, for account: AccountIdentifier) throws(Refusal) {
        guard let reference = reference(to: request.order, of: account) else {
            throw .unknownOrder
        }
        let book = Int(reference.instrument.number)
        let order = books[book][reference.slot]
        let instrument = catalogue.instruments[book]
        guard request.remaining.isPositive,
            request.remaining <= instrument.maximumOrderQuantity
        else { throw .quantityOutOfRange }
        guard request.limit.isPositive, request.limit <= instrument.maximumPrice else {
            throw .priceOutOfRange
        }
        let isAway = order.side.accepts(request.limit, limit: order.price)
        guard isAway, request.remaining <= order.remaining else {
            return try replace(order, reference, request, instrument)
        }
        // From here it must succeed: a smaller order, or one at a price better for its owner, needs
        // no more margin than it has.
        rearrange(order, reference, request)
    }

    /// Shrinks an order in its place, or moves it away to the end of another queue.
    private func rearrange(
        _ order: Order, _ reference: OrderReference, _ request: AmendRequest
    ) {
        let book = Int(reference.instrument.number)
        changeRisk(of: order, to: .zero)
        if request.limit != order.price {
            books[book].requeue(
                reference.slot, price: request.limit, remaining: request.remaining,
                priority: takePriority())
        } else if request.remaining < order.remaining {
            books[book].reduce(reference.slot, by: order.remaining - request.remaining)
        }
        let amended = books[book][reference.slot]
        changeRisk(of: amended, from: .zero, to: amended.remaining)
        touch(amended)
        emit(
            .orderAmended(
                OrderRest(
                    order: amended.identifier, price: amended.price, remaining: amended.remaining,
                    priority: amended.priority)))
    }

    /// Gives an order a better price or a larger size: it leaves its place, is judged like a new
    /// order, and may take. If it is refused it stays as it was.
    private func replace(
        _ order: Order, _ reference: OrderReference, _ request: AmendRequest,
        _ instrument: Instrument
    ) throws(Refusal) {
        guard accounts.liquidationStart(of: order.account) == nil else { throw .inLiquidation }
        _ = try checkPrice(
            request.limit, side: order.side, reduceOnly: order.reduceOnly, order.instrument,
            instrument)
        if request.postOnly, crosses(order.side, request.limit, in: order.instrument) {
            throw .wouldTake
        }
        try checkLimits(
            order.account, order.instrument, instrument, side: order.side,
            adding: request.remaining - order.remaining, reduceOnly: order.reduceOnly)
        let incoming = IncomingOrder(
            identifier: order.identifier, account: order.account, instrument: order.instrument,
            clientIdentifier: order.clientIdentifier, side: order.side, limit: request.limit,
            reduceOnly: order.reduceOnly, remaining: request.remaining, origin: .client)
        changeRisk(of: order, to: .zero)
        changeRisk(of: incoming, from: .zero, to: incoming.remaining)
        guard isBacked(incoming, whole: false) else {
            changeRisk(of: incoming, from: incoming.remaining, to: .zero)
            changeRisk(of: order, from: .zero, to: order.remaining)
            throw .insufficientMargin
        }
        // From here it must succeed.
        removeFromBook(reference, of: order.account)
        emit(
            .orderAmended(
                OrderRest(
                    order: order.identifier, price: request.limit, remaining: request.remaining,
                    priority: 0)))
        finish(match(incoming), rests: true)
    }

    /// The open order of this number, if it is this account's. O(log open orders).
    func reference(
        to order: OrderIdentifier, of account: AccountIdentifier
    ) -> OrderReference? {
        let list = references[Int(account.number)]
        let place = referencePlace(of: order, in: list)
        guard place < list.count, list[place].identifier == order else { return nil }
        return list[place]
    }

    private func referencePlace(
        of order: OrderIdentifier, in list: [OrderReference]
    ) -> Int {
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            if list[middle].identifier < order { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Takes a resting order out for good, its margin included, and says why.
    func closeOrder(
        _ reference: OrderReference, of account: AccountIdentifier, reason: CloseReason
    ) {
        let order = books[Int(reference.instrument.number)][reference.slot]
        changeRisk(of: order, to: .zero)
        removeFromBook(reference, of: account)
        emit(.orderClosed(order.identifier, remaining: order.remaining, reason))
    }

    /// Closes the open orders that fit, oldest first.
    func closeOrders(
        of account: AccountIdentifier, reason: CloseReason,
        where fits: (OrderReference) -> Bool = { _ in true }
    ) {
        for reference in references[Int(account.number)] where fits(reference) {
            closeOrder(reference, of: account, reason: reason)
        }
    }

    /// Takes an order out of its book and its account's list; risk is the caller's.
    func removeFromBook(_ reference: OrderReference, of account: AccountIdentifier) {
        let order = books[Int(reference.instrument.number)][reference.slot]
        touch(order)
        books[Int(reference.instrument.number)].remove(reference.slot)
        let list = references[Int(account.number)]
        references[Int(account.number)].remove(
            at: referencePlace(of: reference.identifier, in: list))
    }

    /// Puts an order into the book and its account's list.
    func addToBook(_ order: Order) {
        let slot = books[Int(order.instrument.number)].add(order)
        let list = references[Int(order.account.number)]
        references[Int(order.account.number)].insert(
            OrderReference(
                identifier: order.identifier, clientIdentifier: order.clientIdentifier,
                instrument: order.instrument, slot: slot),
            at: referencePlace(of: order.identifier, in: list))
        touch(order)
    }

    /// A number that stands behind every other in time priority.
    func takePriority() -> UInt64 {
        defer { facts.nextPriority += 1 }
        return facts.nextPriority
    }

    /// Marks an order's leaf as changed.
    func touch(_ order: Order) { touchedOrders.append((order.identifier, order.account)) }

    private func changeRisk(of order: Order, to new: Quantity) {
        changeRisk(of: order, from: order.remaining, to: new)
    }

    func changeRisk(of order: Order, from old: Quantity, to new: Quantity) {
        guard isMargined else { return }
        risk.changeOrder(
            of: order.account, in: order.instrument, side: order.side, price: order.price,
            reduceOnly: order.reduceOnly, from: old, to: new, tier: tier(of: order.account))
    }
}
