/// What each event does to the account, and what the rules say to it: one line an event in `take`,
/// one function for each, here or in the file of its step of the waterfall. An event that is added
/// to the waterfall gets its line here and in `Event.marginSubjects`.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Liquidation
import Markets
import Risk

extension AccountCourse {
    /// Books an event after checking it.
    ///
    /// - Throws: why the rules do not allow what it says.
    mutating func take(_ event: Event) throws(StepFault) {
        switch event {
        case .interestCharged(_, let amount): try chargeInterest(amount)
        case .positionSettled(let settlement): try settle(settlement)
        case .backstopPaid(_, let amount): try move(amount)
        case .makerMeasured(let epoch): try move(epoch.rebate)
        case .collateralMoved(let event): try move(event)
        case .hedgeSent(let hedge): try send(hedge)
        case .liquidationStarted(_, let equity, let requirement):
            try start(equity: equity, requirement: requirement)
        case .orderAccepted(let order): try place(order)
        case .traded(let trade): try book(trade)
        case .liquidationFee(_, let amount): try chargeFee(amount)
        case .deleveraged(let event):
            if event.account == identifier { try deleverage(event) } else { try close(event) }
        case .shortfall(let event): try state(event)
        case .lossAsked(let demand): try ask(demand)
        case .insurancePaid(_, let amount): try cover(amount)
        case .lossShared(let account, _, let amount):
            if account == identifier { try receive(amount) } else { try pay(amount) }
        case .badDebt(_, let amount): try owe(amount)
        case .backstopAuctionStarted(_, let equity, let requirement):
            try openAuction(equity: equity, requirement: requirement)
        case .sliceMoved(let event):
            if event.account == identifier { try give(event) } else { try take(event) }
        case .sliceTaken(let sale):
            if sale.account == identifier { try sell(sale) } else { try move(sale.payment) }
        case .backstopStopped(_, let underlying, let loss): try stop(underlying, loss: loss)
        case .backstopClosed(let event): try closeStopped(event)
        case .liquidationEnded(_, let equity, let requirement):
            try end(equity: equity, requirement: requirement)
        default: break
        }
    }

    // Before the margin call.

    private mutating func chargeInterest(_ amount: Amount) throws(StepFault) {
        let home = accounts.compartment(of: AccountCourse.own)
        let terms = genesis.catalogue.compartments[Int(home.number)].debt
        // Pricing time may have stood still for a step before the last block.
        let earliest = Timestamp(
            nanoseconds: lastTime.nanoseconds
                - min(
                    lastTime.nanoseconds, genesis.pricingStep.nanoseconds))
        let minutes = time.count(of: .minute) - earliest.count(of: .minute)
        guard cash.isNegative, amount.isPositive,
            amount
                <= terms.interest(
                    on: -cash, minutes: minutes, most: Amount(microunits: .max))
        else { throw .interest }
        accounts.credit(-amount, to: AccountCourse.own)
    }

    private mutating func settle(_ settlement: PositionSettlement) throws(StepFault) {
        let entry = try self.entry(settlement.instrument)
        let lots = accounts.quantity(of: AccountCourse.own, in: entry.own)
        guard lots == settlement.quantity, lots != .zero else { throw .position }
        guard let leaf = state.instrument(settlement.instrument),
            case .settled(let price) = leaf.phase
        else { throw .settlement }
        let value = entry.instrument.kind.series?.intrinsicValue(at: price) ?? price
        let (payout, worth): (Int64, Int64)
        do throws(ArithmeticFault) {
            payout = try entry.instrument.lotValue(at: value, fractionBits: 0)
            worth = try entry.instrument.lotValue(at: price, fractionBits: 0)
        } catch {
            throw .settlement
        }
        let lotPayout = Amount(microunits: payout)
        guard settlement.payout.units == payout * lots.units,
            settlement.notional.units == worth * lots.magnitude.units
        else { throw .settlement }
        accounts.trade(
            AccountCourse.own, instrument: entry.own, lots: -lots, lotNotional: lotPayout,
            hour: time.count(of: .hour))
        risk.changePosition(of: AccountCourse.own, in: entry.own, by: -lots)
        closed += settlement.notional
    }

    // The call and its end.

    private mutating func start(equity: Amount, requirement: Amount) throws(StepFault) {
        let margin = try matching(equity: equity, requirement: requirement)
        guard margin.health.isNegative else { throw .notBelowMaintenance }
        guard liquidationStart == nil else { throw .startedBefore }
        liquidationStart = time
        // What a hedge before the call has not traded by now is gone.
        orders.removeAll()
    }

    private mutating func end(equity: Amount, requirement: Amount) throws(StepFault) {
        let margin = try matching(equity: equity, requirement: requirement)
        guard liquidationStart != nil else { throw .notInLiquidation }
        guard isClosed || rule.missing(margin) <= 0 else { throw .notRestored }
        liquidationStart = nil
    }

    /// Margin, if it is what an event says.
    func matching(
        equity: Amount, requirement: Amount
    ) throws(StepFault) -> MarginBreakdown {
        let margin = margin
        guard margin.equity == equity else { throw .equity }
        guard margin.requirement == requirement else { throw .requirement }
        return margin
    }

    /// A share of an amount that is not negative.
    func share(_ ratio: Ratio, of amount: Amount, rounding: Rounding) -> Amount {
        let one = Int128(Ratio.one.units)
        let exact = Int128(amount.units) * Int128(ratio.units)
        return Amount(
            microunits: Int64(clamping: (exact + (rounding == .up ? one - 1 : 0)) / one))
    }

    /// Books a payment; none is larger than any account's money.
    mutating func move(_ amount: Amount) throws(StepFault) {
        let most = Bounds.valuationNotional
        guard amount.units.magnitude <= most.magnitude,
            (cash + amount).units.magnitude <= most.magnitude
        else { throw .tooMuch }
        accounts.credit(amount, to: AccountCourse.own)
    }

    /// Lots at the mark, rounded down, without their sign.
    func markNotional(_ lots: Quantity, of entry: InstrumentNumbering.Entry) -> Amount {
        let value = risk.instruments[Int(entry.own.number)]
        return Amount(microunits: (value.markValue * lots.magnitude.units) >> value.fractionBits)
    }

    /// The instrument of an event.
    func entry(
        _ identifier: InstrumentIdentifier
    ) throws(StepFault) -> InstrumentNumbering.Entry {
        guard let entry = numbering.entry(identifier) else { throw .position }
        return entry
    }
}
