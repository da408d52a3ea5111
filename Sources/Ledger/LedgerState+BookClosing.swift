/// Step 2 of the waterfall: closing on the book, inside a band around the mark.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Liquidation
import Markets
import Risk

extension LedgerState {
    /// The positions of an account by the margin that they free.
    mutating func closingCandidates(of identifier: AccountIdentifier) -> [ClosingCandidate] {
        genesis.liquidation.ranking(
            of: accounts[identifier].positions.map { position in
                ClosingCandidate(
                    risk: risk.instruments[Int(position.instrument.number)],
                    instrument: position.instrument, quantity: position.quantity)
            })
    }

    /// Closes on the book what is needed to reach the exit level, as far as the band allows.
    mutating func closeOnBook(_ identifier: AccountIdentifier, elapsed: Duration) {
        let rule = genesis.liquidation
        var total = Amount.zero
        for candidate in closingCandidates(of: identifier) {
            let margin = maintenanceMargin(of: identifier)
            let lots = rule.lotsToClose(
                of: candidate, requirement: margin.requirement, equity: margin.equity)
            guard lots.isPositive else { break }
            let plan = rule.closingOrder(
                for: candidate, lots: lots, equity: margin.equity, elapsed: elapsed)
            total += trade(plan, for: identifier)
        }
        guard total.isPositive else { return }
        let equity = maintenanceMargin(of: identifier).equity
        let fee = rule.closingFee(notional: total, equity: equity)
        if fee.isPositive { chargeLiquidationFee(fee, of: identifier) }
    }

    /// Sends a closing order as immediate-or-cancel.
    ///
    /// - Returns: the notional that traded.
    private mutating func trade(_ plan: ClosingOrder, for identifier: AccountIdentifier) -> Amount {
        // A market that collects orders takes none that must trade at once.
        guard phases[Int(plan.instrument.number)].isContinuous else { return .zero }
        var order = OrderRecord(
            identifier: OrderIdentifier(facts.nextOrder), account: identifier,
            instrument: plan.instrument, clientIdentifier: ClientOrderIdentifier(0),
            flags: OrderFlags(
                plan.sells ? .sell : .buy, reduceOnly: true, isLiquidation: true,
                timeInForce: .immediateOrCancel),
            price: plan.limit, remaining: plan.lots)
        let first = events.count
        accept(order, trigger: nil)
        let stop = match(&order)
        finish(order, slot: nil, stop: stop, rests: false)
        var notional = Amount.zero
        for case .traded(let trade) in events[first...] { notional += trade.notional }
        return notional
    }
}
