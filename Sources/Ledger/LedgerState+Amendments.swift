/// Amending open orders. An order keeps its place if only its size shrinks; one that moves away
/// goes to the end of its new queue; one that grows or comes closer is judged like a new order.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Risk

extension LedgerState {
    /// When an amendment runs: at once if it only shrinks or moves away, or changes an order that
    /// waits; else as an order that may take, or after those if it is post-only.
    ///
    /// - Returns: the class, and where the order is.
    mutating func amendClass(
        _ request: AmendRequest, of account: AccountIdentifier
    ) -> (CommandClass, slot: OrderSlot) {
        guard let slot = books.slot(of: request.order, of: account) else {
            return (.first, OrderRecord.none)
        }
        let order = books[slot]
        guard let limit = request.limit, !books.isWaiting(order) else { return (.first, slot) }
        let isAway = order.side.accepts(limit, limit: order.price)
        if isAway, request.remaining <= books.remaining(order) { return (.first, slot) }
        return (request.postOnly ? .postOnly : .taking, slot)
    }

    mutating func amend(
        _ request: AmendRequest, for account: AccountIdentifier, by agent: UInt8,
        hint: OrderSlot
    ) throws(Refusal) {
        guard let slot = books.slot(of: request.order, of: account, hint: hint) else {
            throw .unknownOrder
        }
        let order = books[slot]
        let place = Int(order.instrument.number)
        guard request.remaining.isPositive,
            request.remaining <= catalogue.instruments[place].maximumOrderQuantity
        else { throw .quantityOutOfRange }
        let highest = catalogue.instruments[place].maximumPrice
        guard isOnGrid(request.limit, highest), isOnGrid(request.trigger, highest) else {
            throw .priceOutOfRange
        }
        if order.isSpecial {
            let display = books.specialTerms(of: order).display
            guard hasFewSlices(request.remaining, display: display) else {
                throw .displayOutOfRange
            }
        }
        if books.isWaiting(order) { return try amendWaiting(slot, order, request, by: agent) }
        guard let limit = request.limit, request.trigger == nil else { throw .conflictingTerms }
        let isAway = order.side.accepts(limit, limit: order.price)
        guard isAway, request.remaining <= books.remaining(order) else {
            return try replace(slot, order, limit: limit, request, by: agent)
        }
        // From here it must succeed: a smaller order, or one at a price better for its owner, needs
        // no more margin than it has.
        rearrange(slot, order, limit: limit, remaining: request.remaining, by: agent)
    }

    /// Whether a price, if there is one, is among those that an instrument can have.
    private mutating func isOnGrid(_ price: Price?, _ highest: Price) -> Bool {
        guard let price else { return true }
        return price.isPositive && price <= highest
    }

    /// Shrinks an order in its place, or moves it away to the end of another queue.
    mutating func rearrange(
        _ slot: OrderSlot, _ order: OrderRecord, limit: Price, remaining: Quantity,
        by agent: UInt8
    ) {
        let old = books.remaining(order)
        if isMargined {
            let change = change(
                of: order, from: OrderSize(price: order.price, lots: old),
                to: OrderSize(price: limit, lots: remaining))
            risk.apply(change)
            commit(change)
        }
        if limit != order.price {
            books.setAgent(agent, of: slot)
            books.requeue(slot, price: limit, remaining: remaining, priority: takePriority())
        } else if remaining < old {
            books.shrink(slot, by: old - remaining)
        }
        touch(order)
        emit(
            .orderAmended(
                OrderRest(
                    order: order.identifier, price: limit, remaining: remaining,
                    shown: books.shown(of: slot), priority: books.priority(of: slot))))
    }

    /// Gives an order a better price or a larger size: it leaves its place, is judged like a new
    /// order, and may take. If it is refused it stays as it was.
    private mutating func replace(
        _ slot: OrderSlot, _ order: OrderRecord, limit: Price, _ request: AmendRequest,
        by agent: UInt8
    ) throws(Refusal) {
        try checkOpen(order.instrument)
        try checkLevel(of: order.instrument, order.account, reduceOnly: order.reduceOnly)
        guard accounts.liquidationStart(of: order.account) == nil else { throw .inLiquidation }
        _ = try checkPrice(
            limit, side: order.side, reduceOnly: order.reduceOnly, order.instrument)
        var moved = order
        moved.flags.agent = agent
        moved.price = limit
        moved.shown = request.remaining
        _ = try agentPrice(
            limit, isMarket: false, moved.flags, of: order.account, in: order.instrument)
        if request.postOnly || order.flags.isQuote,
            crossed(order.side, limit, in: order.instrument) != nil
        {
            throw .wouldTake
        }
        let old = books.remaining(order)
        try checkLimits(
            order.account, order.instrument, side: order.side, adding: request.remaining - old,
            reduceOnly: order.reduceOnly, mayTake: !request.postOnly && !order.flags.isQuote)
        try checkCash(
            of: order.account, in: order.instrument, side: order.side,
            reduceOnly: order.reduceOnly, from: OrderSize(price: order.price, lots: old),
            to: OrderSize(price: limit, lots: request.remaining))
        try checkLossLimit(of: moved)
        guard back(moved, from: OrderSize(price: order.price, lots: old)) else {
            throw .insufficientMargin
        }
        // From here it must succeed.
        books.setAgent(agent, of: slot)
        books.withdraw(slot)
        emit(
            .orderAmended(
                OrderRest(
                    order: order.identifier, price: limit, remaining: request.remaining,
                    shown: request.remaining, priority: 0)))
        let stop = match(&moved)
        finish(moved, slot: slot, stop: stop, rests: true)
    }

    /// Changes an order that waits for its trigger: nothing of it is margined yet.
    private mutating func amendWaiting(
        _ slot: OrderSlot, _ order: OrderRecord, _ request: AmendRequest, by agent: UInt8
    ) throws(Refusal) {
        let terms = books.specialTerms(of: order)
        guard (request.limit == nil) == (order.price == .zero), let waiting = terms.trigger,
            terms.display < request.remaining
        else { throw .conflictingTerms }
        if let price = request.trigger {
            let trigger = Trigger(waiting.kind, on: waiting.reference, at: price)
            guard try !isMet(trigger, order.side, in: order.instrument) else {
                throw .triggerAlreadyMet
            }
        }
        // From here it must succeed.
        books.setAgent(agent, of: slot)
        if let price = request.trigger { books.setTrigger(price, of: slot) }
        books.requeue(
            slot, price: request.limit ?? .zero, remaining: request.remaining,
            priority: takePriority())
        touch(order)
        emit(.orderAmended(rest(of: books[slot])))
    }
}
