/// The loop in which orders meet: price and time decide who trades, margin and position what may.
/// Every trade changes both accounts, both margins and the book in one step.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Risk

extension LedgerState {
    /// Announces an admitted order and uses up its number.
    mutating func accept(_ order: OrderRecord, trigger: Trigger?) {
        facts.nextOrder += 1
        emit(
            .orderAccepted(
                OrderAcceptance(
                    order: order.identifier, account: order.account, instrument: order.instrument,
                    clientIdentifier: order.clientIdentifier, limit: order.price,
                    quantity: order.shown, flags: order.flags, trigger: trigger)))
    }

    /// Trades an order against the book as far as its limit.
    ///
    /// - Parameter taker: what it shows is what is left of it.
    /// - Returns: why it may not rest, if it may not.
    mutating func match(_ taker: inout OrderRecord) -> CloseReason? {
        guard phases[Int(taker.instrument.number)].isContinuous else { return nil }
        inFlight = taker.identifier
        inFlightStop = nil
        defer { inFlight = OrderIdentifier(0) }
        while taker.shown.isPositive,
            let slot = books.best(taker.side.opposite, in: taker.instrument)
        {
            let maker = books[slot]
            guard taker.side.accepts(maker.price, limit: taker.price) else { break }
            if isSameOwner(maker.account, taker.account) {
                countSelfTrade(of: taker.account)
                let mode = taker.flags.selfTrade
                if mode != .cancelTaker { closeOrder(slot, reason: .selfTrade) }
                if mode != .cancelMaker { return .selfTrade }
            } else if maker.reduceOnly, !hasToReduce(maker) {
                closeOrder(slot, reason: .nothingToReduce)
            } else if let stop = trade(&taker, maker, slot: slot) {
                return stop
            }
            if let inFlightStop { return inFlightStop }
        }
        return nil
    }

    /// Trades a taker with one maker, or closes the maker if that may not trade.
    ///
    /// - Returns: why the taker stops, if it does.
    private mutating func trade(
        _ taker: inout OrderRecord, _ maker: OrderRecord, slot: OrderSlot
    ) -> CloseReason? {
        var lots = min(taker.shown, maker.shown)
        if maker.reduceOnly { lots = min(lots, reducible(maker.account, in: taker.instrument)) }
        if taker.reduceOnly {
            lots = min(lots, reducible(taker.account, in: taker.instrument))
            guard lots.isPositive else { return .nothingToReduce }
        }
        lots = min(lots, openInterestRoom(buyer: taker, seller: maker))
        guard lots.isPositive else { return .openInterestLimit }
        if maker.reduceOnly, isHarmful(maker, lots, at: maker.price, isMaker: true) {
            closeOrder(slot, reason: .harmfulFill)
            return nil
        }
        if passesLossLimit(maker, lots, at: maker.price, isMaker: true) {
            closeOrder(slot, reason: .agentLossLimit)
            return nil
        }
        if taker.reduceOnly, !taker.flags.isLiquidation,
            isHarmful(taker, lots, at: maker.price, isMaker: false)
        {
            return .harmfulFill
        }
        fill(&taker, maker, slot: slot, lots: lots)
        return nil
    }

    /// Rests what is left of an order, or closes it.
    ///
    /// - Parameters:
    ///   - slot: its place, if it was open before.
    ///   - stop: why it may not rest, if it may not.
    mutating func finish(_ order: OrderRecord, slot: OrderSlot?, stop: CloseReason?, rests: Bool) {
        guard order.shown.isPositive, rests, stop == nil else {
            end(order, slot: slot, reason: order.shown.isPositive ? stop ?? .notFilled : .filled)
            return
        }
        let priority = takePriority()
        let place: OrderSlot
        if let slot {
            books.requeue(slot, price: order.price, remaining: order.shown, priority: priority)
            place = slot
        } else {
            place = books.add(order, priority: priority)
        }
        touch(order)
        emit(
            .orderRested(
                OrderRest(
                    order: order.identifier, price: order.price, remaining: order.shown,
                    shown: books.shown(of: place), priority: priority)))
    }

    /// Closes an order that is on its way.
    private mutating func end(_ order: OrderRecord, slot: OrderSlot?, reason: CloseReason) {
        if order.shown.isPositive, !order.flags.isLiquidation {
            changeRisk(of: order, from: order.shown, to: .zero)
        }
        let pair = books.specialTerms(of: order).pair
        if let slot {
            touch(order)
            books.remove(slot)
        } else {
            books.dropSpecialTerms(of: order)
        }
        emit(.orderClosed(order.identifier, remaining: order.shown, reason))
        closePair(pair, of: order.account)
    }

    /// Where an open order stands, for its event.
    mutating func rest(of record: OrderRecord) -> OrderRest {
        OrderRest(
            order: record.identifier, price: record.price, remaining: books.remaining(record),
            shown: record.shown, priority: record.priority)
    }

    mutating func isSameOwner(_ left: AccountIdentifier, _ right: AccountIdentifier) -> Bool {
        left == right || accounts.owner(of: left) == accounts.owner(of: right)
    }

    /// Whether an order that only reduces has a position to reduce.
    mutating func hasToReduce(_ order: OrderRecord) -> Bool {
        accounts.quantity(of: order.account, in: order.instrument).sign * order.side.sign < 0
    }

    /// The lots that an account can still reduce.
    mutating func reducible(
        _ account: AccountIdentifier, in instrument: InstrumentIdentifier
    ) -> Quantity {
        accounts.quantity(of: account, in: instrument).magnitude
    }

    /// How many lots two orders may trade before the open interest passes its limit.
    mutating func openInterestRoom(buyer left: OrderRecord, seller right: OrderRecord) -> Quantity {
        let place = Int(left.instrument.number)
        let room = interestRoom(of: place)
        // Lots far inside the limit need no closer look.
        if room >= left.shown { return room }
        let buyer = left.side == .buy ? left.account : right.account
        let seller = left.side == .buy ? right.account : left.account
        // Open interest grows by what the buyer opens less what the seller closes: by the lots less
        // the shorts that the buyer covers and the longs that the seller sells.
        let covered = max(.zero, -accounts.quantity(of: buyer, in: left.instrument))
        let sold = max(.zero, accounts.quantity(of: seller, in: left.instrument))
        return room + covered + sold
    }

    /// Whether a fill would take an account that is short of initial margin below zero equity, or
    /// lower its maintenance health (DESIGN 5; `facts/risk.md`, attack 4).
    mutating func isHarmful(
        _ order: OrderRecord, _ lots: Quantity, at price: Price, isMaker: Bool
    ) -> Bool {
        let account = order.account
        guard isMargined, initialHealth(of: account).isNegative,
            genesis.safeguards.isOn(.reduceCheck)
        else { return false }
        let lotNotional = lotNotional(of: order.instrument, at: price)
        // A rebate is not counted on, since a fill against a liquidation pays none.
        let fee = max(
            .zero, self.fee(of: account, lotNotional: lotNotional, lots: lots, isMaker: isMaker))
        let signed = Quantity(lots: order.side.sign * lots.units)
        let adjustment = Adjustment(
            instrument: order.instrument, lots: signed,
            cost: Amount(microunits: lotNotional.units * signed.units) + fee)
        let before = maintenanceMargin(of: account)
        let after = maintenanceMargin(of: account, adjustment: adjustment)
        return after.equity.isNegative || after.health < before.health
    }

    /// What one lot costs at a price.
    mutating func lotNotional(of instrument: InstrumentIdentifier, at price: Price) -> Amount {
        Amount(
            microunits: price.units * catalogue.instruments[Int(instrument.number)].tickValue)
    }

    mutating func fee(
        of account: AccountIdentifier, lotNotional: Amount, lots: Quantity, isMaker: Bool
    ) -> Amount {
        proven { () throws(ArithmeticFault) in
            try tier(of: account).fee(
                lotNotional: lotNotional, lots: lots.units, isMaker: isMaker)
        }
    }
}
