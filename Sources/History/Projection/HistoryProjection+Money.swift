/// What events do to accounts, and the lines of their statements.

import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets

extension HistoryProjection {
    /// Takes in an event that moves money; others change nothing here.
    mutating func readMoney(_ event: Event, _ reading: inout BlockReading) throws(HistoryFault) {
        switch event {
        case .deposited(let account, let amount, let reference):
            try move(amount, of: account, .deposit, detail: .outside(reference), &reading)
        case .withdrawn(let account, let amount, let destination):
            try move(-amount, of: account, .withdrawal, detail: .outside(destination), &reading)
        case .transferred(let source, let target, let amount):
            try move(-amount, of: source, .transfer, other: target, &reading)
            try move(amount, of: target, .transfer, other: source, &reading)
        case .interestCharged(let account, let amount):
            try move(-amount, of: account, .interest, &reading)
        case .liquidationFee(let account, let amount):
            try move(-amount, of: account, .liquidationFee, &reading)
        case .insurancePaid(let account, let amount):
            try move(amount, of: account, .lossCovered, &reading)
        case .lossShared(let account, let payer, let amount):
            // The payer's side stands in what it was asked for.
            try move(amount, of: account, .lossCovered, other: payer, &reading)
        case .lossAsked(let demand):
            try move(-demand.amount, of: demand.payer, .lossPaid, detail: .demand(demand), &reading)
        case .sliceTaken(let sale):
            try move(
                -sale.payment, of: sale.account, .slicePayment, other: sale.provider, &reading)
            try move(
                sale.payment, of: sale.provider, .slicePayment, other: sale.account, &reading)
        case .backstopPaid(let account, let amount):
            try move(amount, of: account, .backstopPay, &reading)
        case .makerMeasured(let epoch):
            guard epoch.rebate != .zero else { return }
            try move(epoch.rebate, of: epoch.account, .makerRebate, &reading)
        case .deleveraged, .sliceMoved, .backstopClosed, .positionSettled:
            try readPositions(event, &reading)
        default: try readAssets(event, &reading)
        }
    }

    /// What changes positions without a book.
    private mutating func readPositions(
        _ event: Event, _ reading: inout BlockReading
    ) throws(HistoryFault) {
        switch event {
        case .deleveraged(let closing):
            let held = try held(closing.instrument, closing.account, reading)
            let lots = Quantity(lots: -held.sign * closing.quantity.units)
            let notional = Amount(microunits: -held.sign * closing.notional.units)
            try book(
                closing.instrument, of: closing.account, lots, notional, .deleverage,
                other: closing.counterparty, .closing(closing), &reading)
            try book(
                closing.instrument, of: closing.counterparty, -lots, -notional, .deleverage,
                other: closing.account, .closing(closing), &reading)
        case .sliceMoved(let move), .backstopClosed(let move):
            let notional = Amount(microunits: move.quantity.sign * move.notional.units)
            try book(
                move.instrument, of: move.account, -move.quantity, -notional, .slice,
                other: move.provider, .none, &reading)
            try book(
                move.instrument, of: move.provider, move.quantity, notional, .slice,
                other: move.account, .none, &reading)
        case .positionSettled(let settlement):
            let group = try market(settlement.instrument, reading).group
            count(settlement, group, &reading)
            try book(
                settlement.instrument, of: settlement.account, -settlement.quantity,
                -settlement.payout, .delivery, other: nil, .settlement(settlement.kind),
                &reading)
        default: return
        }
    }

    private mutating func readAssets(
        _ event: Event, _ reading: inout BlockReading
    ) throws(HistoryFault) {
        switch event {
        case .assetDeposited(let account, let instrument, let lots, let reference):
            let market = try market(instrument, reading)
            let price = markets.carefulPrice(of: market)
            let cost: Amount
            do throws(ArithmeticFault) { cost = try market.worth(of: lots, at: price) } catch {
                throw reading.contradiction("an amount is out of range")
            }
            try move(lots, market, of: account, .deposit, .outside(reference), cost, &reading)
        case .assetWithdrawn(let account, let instrument, let lots, let destination):
            let market = try market(instrument, reading)
            _ = try move(
                -lots, market, of: account, .withdrawal, .outside(destination), .zero, &reading)
        case .assetTransferred(let source, let target, let instrument, let lots):
            let market = try market(instrument, reading)
            let cost = try move(
                -lots, market, of: source, .transfer, other: target, .none, .zero, &reading)
            try move(lots, market, of: target, .transfer, other: source, .none, cost, &reading)
        default: return
        }
    }

    // Steps.

    func known(
        _ account: AccountIdentifier, _ reading: BlockReading
    ) throws(HistoryFault) {
        guard money.isKnown(account) else {
            throw reading.contradiction("account \(account.number) was never opened")
        }
    }

    private func held(
        _ instrument: InstrumentIdentifier, _ account: AccountIdentifier, _ reading: BlockReading
    ) throws(HistoryFault) -> Quantity {
        try known(account, reading)
        return money.quantity(of: instrument, account)
    }

    /// Moves cash, and writes the line.
    private mutating func move(
        _ amount: Amount, of account: AccountIdentifier, _ kind: EntryKind,
        detail: EntryDetail = .none, other: AccountIdentifier? = nil,
        _ reading: inout BlockReading
    ) throws(HistoryFault) {
        try known(account, reading)
        do throws(ArithmeticFault) { try money.add(amount, to: account) } catch {
            throw reading.contradiction("an amount is out of range")
        }
        batch.entries.append(
            EntryRow(
                account: account, event: reading.number, line: reading.line(of: account),
                time: reading.time, kind: kind, currency: .quote, change: amount.units,
                balance: money.cash(of: account).units, other: other, detail: detail))
    }

    /// Moves lots of an asset, and writes the line.
    ///
    /// - Parameters:
    ///   - lots: signed.
    ///   - cost: of record, of lots that come in.
    /// - Returns: the cost of record of lots that went out.
    @discardableResult
    private mutating func move(
        _ lots: Quantity, _ market: MarketState, of account: AccountIdentifier,
        _ kind: EntryKind, other: AccountIdentifier? = nil, _ detail: EntryDetail, _ cost: Amount,
        _ reading: inout BlockReading
    ) throws(HistoryFault) -> Amount {
        let instrument = market.row.instrument
        let held = try held(instrument, account, reading)
        guard !lots.isNegative || held >= lots.magnitude else {
            throw reading.contradiction("account \(account.number) does not hold that much")
        }
        var released = Amount.zero
        do throws(ArithmeticFault) {
            if lots.isNegative {
                released = try money.release(lots.magnitude, of: instrument, by: account)
            } else {
                try money.receive(lots, of: instrument, cost: cost, by: account)
            }
        } catch {
            throw reading.contradiction("an amount is out of range")
        }
        batch.entries.append(
            EntryRow(
                account: account, event: reading.number, line: reading.line(of: account),
                time: reading.time, kind: kind, currency: .asset(instrument),
                change: lots.units,
                balance: money.quantity(of: instrument, account).units, instrument: instrument,
                group: market.group, quantity: lots.magnitude, other: other, detail: detail))
        return released
    }

    /// Changes a position without an order, and writes the lines: funding that was due, and what
    /// the change moved.
    private mutating func book(
        _ instrument: InstrumentIdentifier, of account: AccountIdentifier, _ lots: Quantity,
        _ notional: Amount, _ kind: EntryKind, other: AccountIdentifier?, _ detail: EntryDetail,
        _ reading: inout BlockReading
    ) throws(HistoryFault) {
        try known(account, reading)
        let market = try market(instrument, reading)
        let effect: TradeEffect
        do throws(ArithmeticFault) {
            effect = try money.trade(market, of: account, lots: lots, notional: notional)
        } catch {
            throw reading.contradiction("an amount is out of range")
        }
        writeFunding(effect, market, of: account, after: effect.cash, &reading)
        batch.entries.append(
            EntryRow(
                account: account, event: reading.number, line: reading.line(of: account),
                time: reading.time, kind: kind, currency: .quote, change: effect.cash.units,
                balance: money.cash(of: account).units, instrument: instrument,
                group: market.group, position: effect.position, quantity: lots.magnitude,
                profit: effect.profit, other: other, detail: detail))
    }

    /// Writes the funding that was due when a position changed.
    ///
    /// - Parameter change: by how much cash has moved since.
    mutating func writeFunding(
        _ effect: TradeEffect, _ market: MarketState, of account: AccountIdentifier,
        after change: Amount, _ reading: inout BlockReading
    ) {
        guard effect.funding != .zero else { return }
        batch.entries.append(
            EntryRow(
                account: account, event: reading.number, line: reading.line(of: account),
                time: reading.time, kind: .funding, currency: .quote,
                change: -effect.funding.units,
                balance: money.cash(of: account).units - change.units,
                instrument: market.row.instrument, group: market.group))
    }
}
