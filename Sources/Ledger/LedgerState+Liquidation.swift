/// Liquidation, in the block where the breach happens and in every block until it ends (DESIGN 6,
/// here without the auction): cancel the orders, close on the book inside a band, and close against
/// the other side what must not wait.
///
///     healthy ──startLiquidation──▶ in liquidation ─settleLiquidations─▶ healthy, or no positions
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

extension LedgerState {
    /// Freezes an account below maintenance and cancels its orders.
    mutating func startLiquidation(_ identifier: AccountIdentifier) {
        let margin = maintenanceMargin(of: identifier)
        accounts.setLiquidationStart(facts.time, of: identifier)
        countLiquidation(of: identifier)
        liquidating.append(identifier)
        liquidating.sort()
        emit(
            .liquidationStarted(
                identifier, equity: margin.equity, requirement: margin.requirement))
        closeOrders(of: identifier, reason: .liquidation)
    }

    /// Takes the next step, if there is a price good enough to liquidate on.
    mutating func liquidationStep(_ identifier: AccountIdentifier) {
        guard let start = accounts.liquidationStart(of: identifier), !isRestored(identifier),
            hasPrices(identifier, for: .liquidate)
        else { return }
        let elapsed = facts.time.elapsed(since: start)
        closeOnBook(identifier, elapsed: elapsed)
        if !isRestored(identifier), mustDeleverage(identifier, elapsed: elapsed) {
            deleverage(identifier)
        }
    }

    /// After all steps: closes against the other side what must be, covers what accounts without
    /// positions owe, whoever closed them, and ends the liquidations that have done their work.
    mutating func settleLiquidations() {
        closeAgainstOthers()
        coverLosses()
        for identifier in liquidating
        where accounts[identifier].positions.isEmpty || isRestored(identifier) {
            endLiquidation(identifier)
        }
    }

    /// Whether equity has reached the exit level.
    private mutating func isRestored(_ identifier: AccountIdentifier) -> Bool {
        let margin = maintenanceMargin(of: identifier)
        let target = proven { () throws(ArithmeticFault) in
            try margin.requirement.multiplied(by: genesis.liquidation.exitLevel, rounding: .up)
        }
        return margin.equity >= target
    }

    private mutating func endLiquidation(_ identifier: AccountIdentifier) {
        let margin = maintenanceMargin(of: identifier)
        accounts.setLiquidationStart(nil, of: identifier)
        liquidating.removeAll { $0 == identifier }
        emit(
            .liquidationEnded(
                identifier, equity: margin.equity, requirement: margin.requirement))
    }

    /// Whether what the book did not take is closed against the other side: equity is too low to
    /// wait, or the band has opened in full.
    private mutating func mustDeleverage(_ identifier: AccountIdentifier, elapsed: Duration) -> Bool
    {
        let rule = genesis.liquidation
        let margin = maintenanceMargin(of: identifier)
        let floor = proven { () throws(ArithmeticFault) in
            try margin.requirement.multiplied(by: rule.auctionLevel, rounding: .up)
        }
        return margin.equity < floor || elapsed >= rule.bandTime
    }
}
