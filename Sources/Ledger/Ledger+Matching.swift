/// The loop in which an incoming order meets the book. Margin was checked at admission with the
/// order at its limit; a fill then moves the order's part from O to L and cash in one step, and
/// never lowers initial health (`Risk`, invariant 2). Only orders that reduce, of accounts short of
/// initial margin, are judged again at each fill.
///
/// Definitions: the taker is the incoming order, the maker the resting one; they trade at the
/// maker's price. Accounts of one owner never trade with each other: the maker's order is
/// cancelled.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Risk

extension Ledger {
    /// Announces an admitted order and uses up its number.
    func accept(_ order: IncomingOrder) {
        facts.nextOrder += 1
        emit(
            .orderAccepted(
                OrderAcceptance(
                    order: order.identifier, account: order.account, instrument: order.instrument,
                    clientIdentifier: order.clientIdentifier, side: order.side, limit: order.limit,
                    quantity: order.remaining, reduceOnly: order.reduceOnly,
                    origin: order.origin)))
    }

    /// Trades an order against the book as far as its limit.
    ///
    /// - Returns: the order with what is left, and why it may not rest, if it may not.
    func match(_ incoming: IncomingOrder) -> (order: IncomingOrder, stop: CloseReason?) {
        var taker = incoming
        let book = Int(taker.instrument.number)
        while taker.remaining.isPositive, let slot = books[book].best(taker.side.opposite) {
            let maker = books[book][slot]
            guard taker.side.accepts(maker.price, limit: taker.limit) else { break }
            if let reason = reasonToClose(maker, against: taker) {
                closeMaker(maker, reason: reason)
                continue
            }
            var lots = min(taker.remaining, maker.remaining)
            if maker.reduceOnly { lots = min(lots, reducible(maker.account, in: taker.instrument)) }
            if taker.reduceOnly {
                lots = min(lots, reducible(taker.account, in: taker.instrument))
                guard lots.isPositive else { return (taker, .nothingToReduce) }
            }
            lots = min(lots, openInterestRoom(for: taker, maker))
            guard lots.isPositive else { return (taker, .openInterestLimit) }
            if maker.reduceOnly,
                isHarmful(maker.account, maker.side, lots, maker.price, maker.instrument, true)
            {
                closeMaker(maker, reason: .harmfulFill)
                continue
            }
            if taker.reduceOnly, taker.origin == .client,
                isHarmful(taker.account, taker.side, lots, maker.price, taker.instrument, false)
            {
                return (taker, .harmfulFill)
            }
            fill(&taker, maker, slot: slot, lots: lots)
        }
        return (taker, nil)
    }

    /// Rests what is left of an order, or closes it.
    func finish(_ result: (order: IncomingOrder, stop: CloseReason?), rests: Bool) {
        let order = result.order
        guard order.remaining.isPositive else {
            emit(.orderClosed(order.identifier, remaining: .zero, .filled))
            return
        }
        guard rests, result.stop == nil else {
            if order.origin == .client { changeRisk(of: order, from: order.remaining, to: .zero) }
            emit(
                .orderClosed(
                    order.identifier, remaining: order.remaining, result.stop ?? .notFilled))
            return
        }
        let resting = Order(
            identifier: order.identifier, account: order.account, instrument: order.instrument,
            clientIdentifier: order.clientIdentifier, side: order.side,
            reduceOnly: order.reduceOnly, price: order.limit, remaining: order.remaining,
            priority: takePriority())
        addToBook(resting)
        emit(
            .orderRested(
                OrderRest(
                    order: resting.identifier, price: resting.price, remaining: resting.remaining,
                    priority: resting.priority)))
    }

    /// Whether the book holds enough for a fill-or-kill order. Makers that only reduce are not
    /// counted, since how much of them can fill depends on what fills before: such an order is
    /// refused rather than filled in part.
    func isFillable(
        _ quantity: Quantity, _ side: Side, _ limit: Price, in instrument: InstrumentIdentifier,
        for account: AccountIdentifier
    ) -> Bool {
        let book = Int(instrument.number)
        var left = quantity
        var cursor = books[book].best(side.opposite)
        while left.isPositive, let slot = cursor {
            let maker = books[book][slot]
            guard side.accepts(maker.price, limit: limit) else { return false }
            if !maker.reduceOnly, !isSameOwner(maker.account, account) { left -= maker.remaining }
            cursor = books[book].next(after: slot)
        }
        let room =
            catalogue.instruments[book].openInterestLimit - accounts.totals[book].openInterest
        return !left.isPositive && quantity <= room
    }

    private func isSameOwner(_ left: AccountIdentifier, _ right: AccountIdentifier) -> Bool {
        left == right || accounts.owner(of: left) == accounts.owner(of: right)
    }

    /// Why a maker must leave the book instead of trading with this taker.
    private func reasonToClose(_ maker: Order, against taker: IncomingOrder) -> CloseReason? {
        if isSameOwner(maker.account, taker.account) { return .selfTrade }
        if maker.reduceOnly {
            let position = accounts.quantity(of: maker.account, in: maker.instrument)
            if position.sign * maker.side.sign >= 0 { return .nothingToReduce }
        }
        return nil
    }

    private func closeMaker(_ maker: Order, reason: CloseReason) {
        guard let reference = reference(to: maker.identifier, of: maker.account) else {
            preconditionFailure("Invariant: a resting order stands in its account's list")
        }
        closeOrder(reference, of: maker.account, reason: reason)
    }

    /// The lots that an account can still reduce.
    private func reducible(
        _ account: AccountIdentifier, in instrument: InstrumentIdentifier
    ) -> Quantity {
        accounts.quantity(of: account, in: instrument).magnitude
    }

    /// How many lots may trade before the open interest passes its limit.
    private func openInterestRoom(for taker: IncomingOrder, _ maker: Order) -> Quantity {
        let book = Int(taker.instrument.number)
        let room =
            catalogue.instruments[book].openInterestLimit - accounts.totals[book].openInterest
        let buyer = taker.side == .buy ? taker.account : maker.account
        let seller = taker.side == .buy ? maker.account : taker.account
        // Open interest grows by what the buyer opens less what the seller closes, so at most by
        // what is left after the shorts that the buyer covers and the longs that the seller sells.
        let covered = max(.zero, -accounts.quantity(of: buyer, in: taker.instrument))
        let sold = max(.zero, accounts.quantity(of: seller, in: taker.instrument))
        return max(.zero, room) + max(covered, sold)
    }

    /// Whether a fill would take an account that is short of initial margin below zero equity, or
    /// lower its maintenance health (DESIGN 5; `facts/risk.md`, attack 4).
    private func isHarmful(
        _ account: AccountIdentifier, _ side: Side, _ lots: Quantity, _ price: Price,
        _ instrument: InstrumentIdentifier, _ isMaker: Bool
    ) -> Bool {
        guard isMargined, initialMargin(of: account).health.isNegative else { return false }
        let lotNotional = lotNotional(of: instrument, at: price)
        // A rebate is not counted on, since a fill against a liquidation pays none.
        let fee = max(
            .zero, self.fee(of: account, lotNotional: lotNotional, lots: lots, isMaker: isMaker))
        let signed = Quantity(lots: side.sign * lots.units)
        let adjustment = Adjustment(
            instrument: instrument, lots: signed,
            cost: Amount(microunits: lotNotional.units * signed.units) + fee)
        let before = maintenanceMargin(of: account)
        let after = maintenanceMargin(of: account, adjustment: adjustment)
        return after.equity.isNegative || after.health < before.health
    }

    /// What one lot costs at a price.
    private func lotNotional(of instrument: InstrumentIdentifier, at price: Price) -> Amount {
        Amount(
            microunits: price.units * catalogue.instruments[Int(instrument.number)].tickValue)
    }

    private func fee(
        of account: AccountIdentifier, lotNotional: Amount, lots: Quantity, isMaker: Bool
    ) -> Amount {
        proven { () throws(ArithmeticFault) in
            try tier(of: account).fee(
                lotNotional: lotNotional, lots: lots.units, isMaker: isMaker)
        }
    }

    /// Trades `lots` at the maker's price: both positions, both fees, both margins, the book.
    private func fill(
        _ taker: inout IncomingOrder, _ maker: Order, slot: OrderSlot, lots: Quantity
    ) {
        let lotNotional = lotNotional(of: maker.instrument, at: maker.price)
        let isLiquidation = taker.origin == .liquidation
        // An account under liquidation pays its own fee to the insurance fund; no rebate is paid
        // for taking its position, so that every trade leaves the venue something.
        let takerFee =
            isLiquidation
            ? .zero
            : fee(of: taker.account, lotNotional: lotNotional, lots: lots, isMaker: false)
        var makerFee = fee(of: maker.account, lotNotional: lotNotional, lots: lots, isMaker: true)
        if isLiquidation { makerFee = max(.zero, makerFee) }

        if !isLiquidation {
            changeRisk(of: taker, from: taker.remaining, to: taker.remaining - lots)
        }
        changeRisk(of: maker, from: maker.remaining, to: maker.remaining - lots)
        book(taker.account, maker.instrument, taker.side, lots, lotNotional)
        book(maker.account, maker.instrument, maker.side, lots, lotNotional)
        accounts.chargeFee(takerFee, to: taker.account)
        accounts.chargeFee(makerFee, to: maker.account)
        accounts.fillInsurance(
            from: takerFee + makerFee,
            in: catalogue.instruments[Int(maker.instrument.number)].compartment)
        taker.remaining -= lots
        emit(
            .traded(
                Trade(
                    instrument: maker.instrument, makerOrder: maker.identifier,
                    takerOrder: taker.identifier, maker: maker.account, taker: taker.account,
                    takerSide: taker.side, price: maker.price, quantity: lots,
                    notional: Amount(microunits: lotNotional.units * lots.units),
                    makerFee: makerFee, takerFee: takerFee)))
        if lots == maker.remaining {
            guard let reference = reference(to: maker.identifier, of: maker.account) else {
                preconditionFailure("Invariant: a resting order stands in its account's list")
            }
            removeFromBook(reference, of: maker.account)
            emit(.orderClosed(maker.identifier, remaining: .zero, .filled))
        } else {
            books[Int(maker.instrument.number)].reduce(slot, by: lots)
            touch(maker)
        }
    }

    /// One side of a trade, in accounts and in risk.
    private func book(
        _ account: AccountIdentifier, _ instrument: InstrumentIdentifier, _ side: Side,
        _ lots: Quantity, _ lotNotional: Amount
    ) {
        let signed = Quantity(lots: side.sign * lots.units)
        accounts.trade(
            account, instrument: instrument, lots: signed, lotNotional: lotNotional, hour: hour)
        guard isMargined else { return }
        risk.changePosition(of: account, in: instrument, by: signed)
    }
}
