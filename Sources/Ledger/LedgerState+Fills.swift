/// What one trade does: both positions, both fees, both margins, the book, and what hangs on the
/// two orders.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Risk

extension LedgerState {
    /// Trades `lots` at the maker's price.
    mutating func fill(
        _ taker: inout OrderRecord, _ maker: OrderRecord, slot: OrderSlot, lots: Quantity
    ) {
        let lotNotional = lotNotional(of: maker.instrument, at: maker.price)
        let isLiquidation = taker.flags.isLiquidation
        // An account under liquidation pays its own fee to the insurance fund; no rebate is paid
        // for taking its position, so that every trade leaves the venue something.
        let takerFee =
            isLiquidation
            ? .zero
            : fee(of: taker.account, lotNotional: lotNotional, lots: lots, isMaker: false)
        var makerFee = fee(of: maker.account, lotNotional: lotNotional, lots: lots, isMaker: true)
        if isLiquidation { makerFee = max(.zero, makerFee) }

        if !isLiquidation { changeRisk(of: taker, from: taker.shown, to: taker.shown - lots) }
        let left = books.remaining(maker)
        changeRisk(of: maker, from: left, to: left - lots)
        exchange(
            taker, maker, lots: lots, lotNotional: lotNotional, takerFee: takerFee,
            makerFee: makerFee)
        countLoss(of: taker, lots, at: maker.price, isMaker: false)
        countLoss(of: maker, lots, at: maker.price, isMaker: true)
        taker.shown -= lots
        emit(
            .traded(
                Trade(
                    instrument: maker.instrument, makerOrder: maker.identifier,
                    takerOrder: taker.identifier, maker: maker.account, taker: taker.account,
                    takerSide: taker.side, price: maker.price, quantity: lots,
                    notional: Amount(microunits: lotNotional.units * lots.units),
                    makerFee: makerFee, takerFee: takerFee)))
        takeLots(lots, of: maker, slot: slot)
        let notional = Amount(microunits: lotNotional.units * lots.units)
        countTrade(taker, maker, notional, isAuction: false)
        countProtection(of: maker, notional)
        countProtection(of: taker, notional)
        if taker.isSpecial { releasePair(of: taker) }
    }

    /// Two accounts exchange lots and money.
    mutating func exchange(
        _ taker: OrderRecord, _ maker: OrderRecord, lots: Quantity, lotNotional: Amount,
        takerFee: Amount, makerFee: Amount
    ) {
        let place = Int(maker.instrument.number)
        let before = accounts.totals[place].openInterest
        book(taker.account, maker.instrument, taker.side, lots, lotNotional)
        book(maker.account, maker.instrument, taker.side.opposite, lots, lotNotional)
        caps.grow(by: accounts.totals[place].openInterest - before, of: place)
        touchInstrument(maker.instrument)
        accounts.chargeFee(takerFee, to: taker.account)
        accounts.chargeFee(makerFee, to: maker.account)
        let home = catalogue.instruments[Int(maker.instrument.number)].compartment
        let passed = accounts.fillInsurance(from: takerFee + makerFee, in: home)
        if backstop.hasIncentives {
            backstop.countFees(takerFee + makerFee - passed, in: home)
        }
    }

    /// Takes traded lots off a resting order: it shrinks, shows its next slice, or is filled.
    mutating func takeLots(_ lots: Quantity, of record: OrderRecord, slot: OrderSlot) {
        touch(record)
        guard lots == record.shown else {
            books.reduce(slot, by: lots)
            if record.isSpecial { releasePair(of: record) }
            return
        }
        guard record.isSpecial else {
            books.remove(slot)
            emit(.orderClosed(record.identifier, remaining: .zero, .filled))
            return
        }
        let terms = books.specialTerms(of: record)
        if terms.hidden.isPositive {
            books.refresh(slot, priority: takePriority())
            emit(.orderRefreshed(rest(of: books[slot])))
            releasePair(of: record)
        } else {
            books.remove(slot)
            emit(.orderClosed(record.identifier, remaining: .zero, .filled))
            closePair(terms.pair, of: record.account)
        }
    }

    /// One side of a trade, in accounts and in risk.
    private mutating func book(
        _ account: AccountIdentifier, _ instrument: InstrumentIdentifier, _ side: Side,
        _ lots: Quantity, _ lotNotional: Amount
    ) {
        let signed = Quantity(lots: side.sign * lots.units)
        accounts.trade(
            account, instrument: instrument, lots: signed, lotNotional: lotNotional, hour: hour)
        guard isMargined else { return }
        risk.changePosition(of: account, in: instrument, by: signed)
    }

    /// One cancels the other: an order has traded, so the one that it is paired with leaves.
    mutating func releasePair(of record: OrderRecord) {
        let terms = books.specialTerms(of: record)
        guard terms.pair.number != 0 else { return }
        var released = terms
        released.pair = OrderIdentifier(0)
        var record = record
        books.setSpecialTerms(released, of: &record)
        closePair(terms.pair, of: record.account)
    }

    /// Closes the other order of a pair, if it is still open.
    mutating func closePair(_ pair: OrderIdentifier, of account: AccountIdentifier) {
        guard pair.number != 0 else { return }
        guard pair != inFlight else {
            if inFlightStop == nil { inFlightStop = .pairedOrder }
            return
        }
        guard let slot = books.slot(of: pair, of: account) else { return }
        // So that it does not close its own pair in turn.
        books.setPair(OrderIdentifier(0), of: slot)
        closeOrder(slot, reason: .pairedOrder)
    }
}
