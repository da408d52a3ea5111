/// Placing, amending and cancelling: what is refused, and why, before anything changes. What
/// happens after is in `Ledger+Matching`.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle
import Risk

/// An order on its way into the book.
struct IncomingOrder {
    let identifier: OrderIdentifier
    let account: AccountIdentifier
    let instrument: InstrumentIdentifier
    let clientIdentifier: ClientOrderIdentifier
    let side: Side
    let limit: Price
    let reduceOnly: Bool
    var remaining: Quantity
    let origin: OrderOrigin
}

extension Ledger {
    /// Admits an order, matches it, and rests what is left if it may rest.
    func place(
        _ request: OrderRequest, for account: AccountIdentifier, nonce: UInt64
    ) throws(Refusal) -> OrderIdentifier {
        let instrument = try checkTerms(request, for: account, nonce: nonce)
        let limit = try checkPrice(
            request.limit, side: request.side, reduceOnly: request.reduceOnly,
            request.instrument, instrument)
        if request.postOnly, crosses(request.side, limit, in: request.instrument) {
            throw .wouldTake
        }
        try checkLimits(
            account, request.instrument, instrument, side: request.side, adding: request.quantity,
            reduceOnly: request.reduceOnly)
        if request.timeInForce == .fillOrKill {
            let held = accounts.quantity(of: account, in: request.instrument).magnitude
            if request.reduceOnly, request.quantity > held { throw .notFillable }
            guard
                isFillable(
                    request.quantity, request.side, limit, in: request.instrument, for: account)
            else { throw .notFillable }
        }
        let order = IncomingOrder(
            identifier: OrderIdentifier(facts.nextOrder), account: account,
            instrument: request.instrument, clientIdentifier: request.clientIdentifier,
            side: request.side, limit: limit, reduceOnly: request.reduceOnly,
            remaining: request.quantity, origin: .client)
        changeRisk(of: order, from: .zero, to: order.remaining)
        guard isBacked(order, whole: request.timeInForce == .fillOrKill) else {
            changeRisk(of: order, from: order.remaining, to: .zero)
            throw .insufficientMargin
        }
        // From here it must succeed.
        accept(order)
        let rests = request.timeInForce == .goodTillCancelled && request.limit != nil
        finish(match(order), rests: rests)
        return order.identifier
    }

    /// The refusals that need no price.
    private func checkTerms(
        _ request: OrderRequest, for account: AccountIdentifier, nonce: UInt64
    ) throws(Refusal) -> Instrument {
        guard let instrument = catalogue.instrument(request.instrument) else {
            throw .unknownInstrument
        }
        guard instrument.compartment == accounts.compartment(of: account) else {
            throw .wrongCompartment
        }
        guard accounts.liquidationStart(of: account) == nil else { throw .inLiquidation }
        guard request.quantity.isPositive, request.quantity <= instrument.maximumOrderQuantity
        else { throw .quantityOutOfRange }
        if let limit = request.limit {
            guard limit.isPositive, limit <= instrument.maximumPrice else {
                throw .priceOutOfRange
            }
        }
        let isImmediate = request.timeInForce != .goodTillCancelled
        if request.postOnly, isImmediate || request.limit == nil { throw .conflictingTerms }
        if request.clientIdentifier.number != 0 {
            for reference in references[Int(account.number)]
            where reference.clientIdentifier == request.clientIdentifier {
                throw .duplicateClientOrder
            }
        }
        if fences.voids(request, of: account, nonce: nonce) { throw .cancelledBefore }
        guard references[Int(account.number)].count < Int(genesis.orderLimit) else {
            throw .tooManyOrders
        }
        return instrument
    }

    /// The limit, or the band price of a market order, inside the price band.
    func checkPrice(
        _ limit: Price?, side: Side, reduceOnly: Bool, _ identifier: InstrumentIdentifier,
        _ instrument: Instrument
    ) throws(Refusal) -> Price {
        guard
            feeds[Int(instrument.underlying.number)].isValid(
                for: reduceOnly ? .reduce : .trade, at: facts.time)
        else {
            throw .priceTooOld
        }
        let bound = bandPrice(side, identifier, instrument)
        guard let limit else { return bound }
        guard side.accepts(limit, limit: bound) else { throw .outsidePriceBand }
        return limit
    }

    /// The worst price that an order of a side may have: through the mark by the band.
    private func bandPrice(
        _ side: Side, _ identifier: InstrumentIdentifier, _ instrument: Instrument
    ) -> Price {
        let mark = perpetuals[Int(identifier.number)].mark
        let factor = Ratio.one + Ratio(units: side.sign * instrument.priceBand.units)
        let bound = proven { () throws(ArithmeticFault) in
            try instrument.ticks(
                at: try mark.multiplied(by: factor, rounding: side == .buy ? .down : .up),
                rounding: side == .buy ? .down : .up)
        }
        return bound.clamped(Price(ticks: 1), instrument.maximumPrice)
    }

    /// Position limit, and that orders which reduce do so.
    func checkLimits(
        _ account: AccountIdentifier, _ identifier: InstrumentIdentifier,
        _ instrument: Instrument, side: Side, adding lots: Quantity, reduceOnly: Bool
    ) throws(Refusal) {
        guard isMargined else { return }
        let exposure = risk.exposure(of: account, in: identifier)
        if reduceOnly, exposure.position.sign * side.sign >= 0 { throw .notReducing }
        let reach =
            side == .buy
            ? exposure.position + exposure.buys + lots
            : -exposure.position + exposure.sells + lots
        guard reach <= instrument.positionLimit else { throw .positionLimit }
    }

    /// Whether initial margin backs an order that risk already counts; or, where it does not,
    /// whether the order belongs to those that reduce, together no more than the position (DESIGN
    /// 5).
    func isBacked(_ order: IncomingOrder, whole: Bool) -> Bool {
        if !isMargined || !initialMargin(of: order.account).health.isNegative { return true }
        guard order.reduceOnly, !whole else { return false }
        let exposure = risk.exposure(of: order.account, in: order.instrument)
        let reducing = order.side == .buy ? exposure.reducingBuys : exposure.reducingSells
        return reducing <= exposure.position.magnitude
    }

    func changeRisk(of order: IncomingOrder, from old: Quantity, to new: Quantity) {
        guard isMargined else { return }
        risk.changeOrder(
            of: order.account, in: order.instrument, side: order.side, price: order.limit,
            reduceOnly: order.reduceOnly, from: old, to: new, tier: tier(of: order.account))
    }

    /// Whether a price of a side would trade with the other side's best.
    func crosses(_ side: Side, _ limit: Price, in instrument: InstrumentIdentifier) -> Bool {
        guard let best = books[Int(instrument.number)].bestPrice(side.opposite) else {
            return false
        }
        return side.accepts(best, limit: limit)
    }
}
