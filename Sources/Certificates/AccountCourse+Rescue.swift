/// What came before the margin call by the account's own wish: cash of its owner's other accounts,
/// and a hedge of its delta. The terms that asked for it are not in a certificate.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Liquidation
import Markets
import Risk

extension AccountCourse {
    /// Cash of the same owner comes in or goes out.
    mutating func move(_ event: CollateralMove) throws(StepFault) {
        guard event.amount.isPositive else { throw .tooMuch }
        if event.target == identifier {
            _ = try matching(equity: event.equity, requirement: event.requirement)
            guard event.amount <= event.missing else { throw .tooMuch }
            try moveCapital(event.amount)
        } else {
            guard event.amount <= cash else { throw .tooMuch }
            try moveCapital(-event.amount)
        }
    }

    private mutating func moveCapital(_ amount: Amount) throws(StepFault) {
        let most = Bounds.valuationNotional
        guard amount.units.magnitude <= most.magnitude,
            (cash + amount).units.magnitude <= most.magnitude
        else { throw .tooMuch }
        accounts.creditCapital(amount, to: AccountCourse.own)
    }

    /// A hedge is sent before any call: toward a delta of zero, and such that with every lot filled
    /// at the limit less is required and more is left.
    mutating func send(_ hedge: HedgeOrder) throws(StepFault) {
        guard liquidationStart == nil else { throw .startedBefore }
        let before = try matching(equity: hedge.equity, requirement: hedge.requirement)
        let entry = try self.entry(hedge.instrument)
        let instrument = entry.instrument
        guard instrument.kind == .perpetual, hedge.quantity.isPositive, hedge.limit.isPositive,
            hedge.limit <= instrument.maximumPrice
        else { throw .uselessHedge }
        let signed = Quantity(lots: hedge.side.sign * hedge.quantity.units)
        try checkRoom(for: signed, in: entry)
        let positions = accounts[AccountCourse.own].positions
        let delta = delta(of: positions, in: instrument.underlying)
        let value = risk.instruments[Int(entry.own.number)]
        let hedged = Int128(value.deltaWorth) * Int128(signed.units)
        guard delta.signum() * hedged.signum() < 0, hedged.magnitude <= delta.magnitude else {
            throw .uselessHedge
        }
        risk.changePosition(of: AccountCourse.own, in: entry.own, by: signed)
        let after = margin.requirement
        risk.changePosition(of: AccountCourse.own, in: entry.own, by: -signed)
        guard after == hedge.requirementAfter else { throw .requirement }
        let worth = (value.markValue * signed.units) >> value.fractionBits
        let cost = hedge.limit.ticks * instrument.tickValue * signed.units
        guard hedge.equityAfter <= before.equity + Amount(microunits: worth - cost) else {
            throw .equity
        }
        guard after < before.requirement,
            Int128(hedge.equityAfter.units) - Int128(after.units) > Int128(before.health.units)
        else { throw .uselessHedge }
        // A hedge trades at once or not at all.
        orders.removeAll()
        orders.append(
            PlacedOrder(
                order: nil, instrument: hedge.instrument, side: hedge.side, limit: hedge.limit,
                left: hedge.quantity, isReducing: false, isLiquidation: false))
    }
}
