/// Liquidation, in the block where the breach happens and in every block until it ends (DESIGN 6,
/// here without the auction): cancel the orders, close on the book inside a band, and close against
/// the other side what must not wait.
///
///     healthy ──startLiquidation──▶ in liquidation ──endLiquidation──▶ healthy, or without positions
///                                     │      ▲
///                                     └──────┘ liquidationStep, once a block with a valid price

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Liquidation
import Markets
import Oracle
import Risk

extension Ledger {
    /// Freezes an account below maintenance and cancels its orders.
    func startLiquidation(_ identifier: AccountIdentifier) {
        let margin = maintenanceMargin(of: identifier)
        accounts.setLiquidationStart(facts.time, of: identifier)
        liquidating.append(identifier)
        liquidating.sort()
        emit(
            .liquidationStarted(
                identifier, equity: margin.equity, requirement: margin.requirement))
        closeOrders(of: identifier, reason: .liquidation)
    }

    /// Takes the next step, if there is a price good enough to liquidate on.
    func liquidationStep(_ identifier: AccountIdentifier) {
        if accounts[identifier].positions.isEmpty {
            // Another's deleveraging closed the last position: what is missing is due all the same.
            coverLoss(of: identifier, closedNotional: notionalClosedAgainst(identifier))
        }
        guard !endIfHealthy(identifier), hasPrices(identifier, for: .liquidate),
            let start = accounts[identifier].liquidationStart
        else { return }
        let elapsed = facts.time.elapsed(since: start)
        var closed = closeOnBook(identifier, elapsed: elapsed)
        if !isRestored(identifier), mustDeleverage(identifier, elapsed: elapsed) {
            closed += deleverage(identifier)
        }
        if accounts[identifier].positions.isEmpty {
            coverLoss(of: identifier, closedNotional: closed)
        }
        _ = endIfHealthy(identifier)
    }

    /// What others' deleveraging closed of an account in this block.
    private func notionalClosedAgainst(_ identifier: AccountIdentifier) -> Amount {
        var total = Amount.zero
        for case .deleveraged(let event) in events where event.counterparty == identifier {
            total += event.notional
        }
        return total
    }

    /// Whether equity has reached the exit level.
    private func isRestored(_ identifier: AccountIdentifier) -> Bool {
        let margin = maintenanceMargin(of: identifier)
        let target = proven { () throws(ArithmeticFault) in
            try margin.requirement.multiplied(by: genesis.liquidation.exitLevel, rounding: .up)
        }
        return margin.equity >= target
    }

    private func endIfHealthy(_ identifier: AccountIdentifier) -> Bool {
        guard accounts[identifier].positions.isEmpty || isRestored(identifier) else {
            return false
        }
        let margin = maintenanceMargin(of: identifier)
        accounts.setLiquidationStart(nil, of: identifier)
        liquidating.removeAll { $0 == identifier }
        emit(
            .liquidationEnded(
                identifier, equity: margin.equity, requirement: margin.requirement))
        return true
    }

    /// Whether what the book did not take is closed against the other side: equity is too low to
    /// wait, or the band has opened in full.
    private func mustDeleverage(_ identifier: AccountIdentifier, elapsed: Duration) -> Bool {
        let rule = genesis.liquidation
        let margin = maintenanceMargin(of: identifier)
        let floor = proven { () throws(ArithmeticFault) in
            try margin.requirement.multiplied(by: rule.deleverageLevel, rounding: .up)
        }
        return margin.equity < floor || elapsed >= rule.bandTime
    }

    /// The positions of an account by the margin that they free.
    func closingCandidates(of identifier: AccountIdentifier) -> [ClosingCandidate] {
        genesis.liquidation.ranking(
            of: accounts[identifier].positions.map { position in
                ClosingCandidate(
                    risk: risk.instruments[Int(position.instrument.number)],
                    instrument: position.instrument, quantity: position.quantity)
            })
    }

    /// Closes on the book what is needed to reach the exit level, as far as the band allows.
    ///
    /// - Returns: the notional that traded.
    private func closeOnBook(_ identifier: AccountIdentifier, elapsed: Duration) -> Amount {
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
        guard total.isPositive else { return total }
        let equity = maintenanceMargin(of: identifier).equity
        let fee = rule.closingFee(notional: total, equity: equity)
        if fee.isPositive {
            let home = accounts[identifier].compartment
            accounts.transfer(fee, from: .account(identifier), to: .insurance(home))
            emit(.liquidationFee(identifier, fee))
        }
        return total
    }

    /// Sends a closing order as immediate-or-cancel.
    ///
    /// - Returns: the notional that traded.
    private func trade(_ plan: ClosingOrder, for identifier: AccountIdentifier) -> Amount {
        let order = IncomingOrder(
            identifier: OrderIdentifier(facts.nextOrder), account: identifier,
            instrument: plan.instrument, clientIdentifier: ClientOrderIdentifier(0),
            side: plan.sells ? .sell : .buy, limit: plan.limit, reduceOnly: true,
            remaining: plan.lots, origin: .liquidation)
        let first = events.count
        accept(order)
        finish(match(order), rests: false)
        var notional = Amount.zero
        for case .traded(let trade) in events[first...] { notional += trade.notional }
        return notional
    }
}
