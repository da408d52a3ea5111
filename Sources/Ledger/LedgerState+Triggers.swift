/// Orders that wait for a price. Until it comes nothing of them is margined; then each is admitted
/// or refused as a new order (DESIGN 5). They run before the takers of the block, oldest first, so
/// that whoever cancels in time is heard and nobody jumps ahead of a stop by seeing its trigger.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle
import Risk

extension LedgerState {
    /// Admits an order to wait for its trigger.
    mutating func wait(
        _ request: OrderRequest, for account: AccountIdentifier, _ stamp: NonceStamp
    ) throws(Refusal) -> OrderIdentifier {
        if let trigger = request.trigger,
            try isMet(trigger, request.side, in: request.instrument)
        {
            throw .triggerAlreadyMet
        }
        // From here it must succeed.
        var order = record(of: request, for: account, limit: request.limit ?? .zero, stamp)
        attachSpecialTerms(of: request, to: &order)
        accept(order, trigger: request.trigger)
        let slot = books.add(order, priority: takePriority())
        touch(books[slot])
        return order.identifier
    }

    /// Whether a trigger would fire now.
    ///
    /// - Throws: `Refusal.priceTooOld` where nobody can tell.
    mutating func isMet(
        _ trigger: Trigger, _ side: Side, in instrument: InstrumentIdentifier
    ) throws(Refusal) -> Bool {
        guard marketBounds[Int(instrument.number)].mayTrade else { throw .priceTooOld }
        let ticks = referenceTicks(trigger.reference, in: instrument)
        return trigger.fires(side, floor: ticks.floor, ceiling: ticks.ceiling)
    }

    /// A reference price in ticks, rounded down and up.
    private mutating func referenceTicks(
        _ reference: TriggerReference, in instrument: InstrumentIdentifier
    ) -> (floor: Price, ceiling: Price) {
        let place = Int(instrument.number)
        let price =
            reference == .mark
            ? prices[place].mark
            : feeds[Int(catalogue.instruments[place].underlying.number)].index
        return proven { () throws(ArithmeticFault) in
            (
                try catalogue.instruments[place].ticks(at: price, rounding: .down),
                try catalogue.instruments[place].ticks(at: price, rounding: .up)
            )
        }
    }

    /// Fires the orders whose trigger this block's prices meet.
    mutating func runTriggers() {
        fired.removeAll(keepingCapacity: true)
        for instrument in catalogue.live {
            let place = Int(instrument.number)
            guard marketBounds[place].mayTrade, phases[place].isContinuous else { continue }
            for reference in TriggerReference.allCases {
                let ticks = referenceTicks(reference, in: instrument)
                books.appendFired(
                    by: reference, floor: ticks.floor, ceiling: ticks.ceiling, in: instrument,
                    to: &fired)
            }
        }
        guard !fired.isEmpty else { return }
        var orders = fired.map { (slot: $0, order: books[$0]) }
        orders.sort { $0.order.identifier < $1.order.identifier }
        for (slot, order) in orders
        // An earlier one may have closed it, and its slot may have been used again.
        where books.slot(of: order.identifier, of: order.account) == slot {
            fire(slot)
        }
    }

    private mutating func fire(_ slot: OrderSlot) {
        releasePair(of: books[slot])
        var order = books.withdraw(slot)
        let isMarket = order.price == .zero
        touch(order)
        emit(.orderTriggered(order.identifier))
        do throws(Refusal) {
            try admitFired(&order, isMarket: isMarket)
        } catch {
            books.remove(slot)
            emit(.triggerRefused(order.identifier, error))
            emit(
                .orderClosed(order.identifier, remaining: order.shown, .refusedAtTrigger))
            return
        }
        let stop = match(&order)
        finish(
            order, slot: slot, stop: stop, rests: order.flags.timeInForce.rests && !isMarket)
    }

    /// Judges a fired order as a new one, and gives a market order its limit.
    private mutating func admitFired(_ order: inout OrderRecord, isMarket: Bool) throws(Refusal) {
        try checkLevel(of: order.instrument, order.account, reduceOnly: order.reduceOnly)
        order.price = try checkPrice(
            isMarket ? nil : order.price, side: order.side, reduceOnly: order.reduceOnly,
            order.instrument)
        order.price = try agentPrice(
            order.price, isMarket: isMarket, order.flags, of: order.account, in: order.instrument)
        try checkLimits(
            order.account, order.instrument, side: order.side, adding: order.shown,
            reduceOnly: order.reduceOnly, mayTake: true)
        if order.flags.isProtected { try checkProtection(of: order.account, in: order.instrument) }
        try checkCash(
            of: order.account, in: order.instrument, side: order.side,
            reduceOnly: order.reduceOnly, from: .none,
            to: OrderSize(price: order.price, lots: order.shown))
        try checkLossLimit(of: order)
        try checkFillable(order)
        guard back(order, from: .none) else { throw .insufficientMargin }
    }
}
