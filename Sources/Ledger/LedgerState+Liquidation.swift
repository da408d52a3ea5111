/// Liquidation, in the block where the breach happens and in every block until it ends (DESIGN 6):
/// cancel the orders, close on the book inside a band, auction slices of what is left, and close
/// against the other side what must not wait.
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
        if !isRestored(identifier), !auction(identifier),
            mustDeleverage(identifier, elapsed: elapsed)
        {
            deleverage(identifier)
        }
    }

    /// After all steps: covers what accounts without positions owe, whoever closed them, and ends
    /// the liquidations that have done their work.
    mutating func settleLiquidations() {
        for identifier in liquidating {
            let isClosed = accounts[identifier].positions.isEmpty
            if isClosed {
                coverLoss(of: identifier, closedNotional: closedNotional(of: identifier))
            }
            if isClosed || isRestored(identifier) { endLiquidation(identifier) }
        }
    }

    /// The notional of an account that this block closed so far, by its own step or by another's.
    private mutating func closedNotional(of identifier: AccountIdentifier) -> Amount {
        var total = Amount.zero
        for event in events {
            switch event {
            case .traded(let trade) where trade.taker == identifier: total += trade.notional
            case .deleveraged(let event)
            where event.account == identifier || event.counterparty == identifier:
                total += event.notional
            case .sliceMoved(let move) where move.account == identifier: total += move.notional
            case .positionSettled(let event) where event.account == identifier:
                total += event.notional
            default: break
            }
        }
        return total
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
