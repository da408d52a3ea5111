/// The steps that close positions: orders on the book with their fills and fee, and closing against
/// the other side, from both sides.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Liquidation
import Markets
import Risk

extension AccountCourse {
    /// An order that the engine placed: it closes, no more than it takes to reach the exit level,
    /// at a limit inside the band.
    mutating func place(_ order: OrderAcceptance) throws(StepFault) {
        guard let start = liquidationStart else { throw .notInLiquidation }
        let entry = try self.entry(order.instrument)
        let held = accounts.quantity(of: AccountCourse.own, in: entry.own)
        guard held.sign * order.side.sign < 0 else { throw .addsRisk }
        let margin = margin
        let rule = genesis.liquidation
        let candidate = ClosingCandidate(
            risk: risk.instruments[Int(entry.own.number)], instrument: entry.own, quantity: held)
        let most = rule.lotsToClose(
            of: candidate, requirement: margin.requirement, equity: margin.equity)
        guard order.quantity.isPositive, order.quantity <= most else { throw .tooManyLots }
        let widest = rule.closingOrder(
            for: candidate, lots: order.quantity, equity: margin.equity,
            elapsed: time.elapsed(since: start)
        ).limit
        guard order.side == .sell ? order.limit >= widest : order.limit <= widest else {
            throw .outsideBand
        }
        orders.append(
            PlacedOrder(
                order: order.order, instrument: order.instrument, side: order.side,
                limit: order.limit, left: order.quantity))
    }

    /// A trade of the account, with its own closing order or with one of others.
    mutating func book(_ trade: Trade) throws(StepFault) {
        let entry = try self.entry(trade.instrument)
        let isTaker = trade.taker == identifier
        if isTaker { try fill(trade) }
        let limit = entry.instrument.positionLimit
        guard trade.quantity.isPositive, trade.quantity.units / 2 <= limit.units,
            trade.price.isPositive, trade.price <= entry.instrument.maximumPrice
        else { throw .notional }
        let lotNotional = Amount(microunits: trade.price.ticks * entry.instrument.tickValue)
        guard trade.notional.units == lotNotional.units * trade.quantity.units else {
            throw .notional
        }
        let fee = isTaker ? trade.takerFee : trade.makerFee
        guard fee.units.magnitude <= trade.notional.units.magnitude else { throw .fee }
        let side = isTaker ? trade.takerSide : trade.takerSide.opposite
        let lots = Quantity(lots: side.sign * trade.quantity.units)
        accounts.trade(
            AccountCourse.own, instrument: entry.own, lots: lots, lotNotional: lotNotional,
            hour: time.count(of: .hour))
        accounts.credit(-fee, to: AccountCourse.own)
        risk.changePosition(of: AccountCourse.own, in: entry.own, by: lots)
        if isTaker {
            closed += trade.notional
            charged += trade.notional
        }
    }

    /// Takes a trade off the order that the engine placed.
    private mutating func fill(_ trade: Trade) throws(StepFault) {
        guard
            let place = orders.firstIndex(where: {
                $0.order == trade.takerOrder && $0.instrument == trade.instrument
            })
        else { throw .unknownOrder }
        let order = orders[place]
        guard trade.takerSide == order.side,
            order.side == .sell ? trade.price >= order.limit : trade.price <= order.limit
        else { throw .beyondLimit }
        guard trade.quantity <= order.left else { throw .tooManyLots }
        orders[place].left -= trade.quantity
    }

    /// The fee on what was closed on the book.
    mutating func chargeFee(_ amount: Amount) throws(StepFault) {
        let due = genesis.liquidation.closingFee(notional: charged, equity: margin.equity)
        guard amount == due, amount.isPositive else { throw .fee }
        accounts.credit(-amount, to: AccountCourse.own)
        charged = .zero
    }

    /// Closing the account's position against another's, at the mark, when it may wait no longer.
    mutating func deleverage(_ event: Deleverage) throws(StepFault) {
        guard let start = liquidationStart else { throw .notInLiquidation }
        if !isDue {
            let margin = margin
            let floor = share(
                genesis.liquidation.auctionLevel, of: margin.requirement, rounding: .up)
            guard
                margin.equity < floor
                    || time.elapsed(since: start) >= genesis.liquidation.bandTime
            else { throw .tooEarly }
            isDue = true
        }
        try exchange(event)
    }

    /// Being closed against: the figures by which the account was ranked are its own.
    mutating func close(_ event: Deleverage) throws(StepFault) {
        guard margin.equity == event.equity else { throw .equity }
        guard profit == event.profit else { throw .profit }
        try exchange(event)
    }

    private mutating func exchange(_ event: Deleverage) throws(StepFault) {
        let entry = try self.entry(event.instrument)
        let held = accounts.quantity(of: AccountCourse.own, in: entry.own)
        guard event.quantity.isPositive, event.quantity <= held.magnitude else { throw .position }
        let value = risk.instruments[Int(entry.own.number)]
        let notional = (value.markValue * event.quantity.units) >> value.fractionBits
        guard event.notional.units == notional else { throw .notional }
        let lots = Quantity(lots: -held.sign * event.quantity.units)
        accounts.book(
            AccountCourse.own, instrument: entry.own, lots: lots,
            notional: Amount(microunits: -held.sign * notional), hour: time.count(of: .hour))
        risk.changePosition(of: AccountCourse.own, in: entry.own, by: lots)
        closed += event.notional
    }
}
