/// Liquidation, in the block where the breach happens and in every block until it ends (DESIGN 6;
/// docs/liquidation.md): cancel the orders, close on the book inside a band, auction slices of what
/// is left, and close against the other side what must not wait. While there is no price good
/// enough to liquidate on, the account is frozen and nothing of it is sold.
///
///     healthy ──startLiquidation──▶ in liquidation ─settleLiquidations─▶ healthy, or no positions
///                                     │      ▲
///                                     └──────┘ liquidationStep, once a block with a valid price

import Accounts
import Canonical
import Catalogue
import FixedPoint
package import Liquidation
import Markets
import Oracle
import Risk

extension Genesis {
    /// The rule of liquidation without what a laboratory has switched off.
    package var judgedLiquidation: LiquidationParameters {
        var rule = liquidation
        if !safeguards.isOn(.exitLevel) { rule.exitLevel = .one }
        if !safeguards.isOn(.depthThrottle) {
            rule.depthShare = .zero
            rule.optionDepthShare = .zero
        }
        return rule
    }
}

extension LedgerState {
    /// Freezes an account below maintenance and cancels its orders.
    mutating func startLiquidation(_ identifier: AccountIdentifier) {
        let margin = maintenanceMargin(of: identifier)
        accounts.setLiquidationStart(facts.time, of: identifier)
        countLiquidation(of: identifier)
        liquidating.append(identifier)
        emit(
            .liquidationStarted(
                identifier, equity: margin.equity, requirement: margin.requirement))
        closeOrders(of: identifier, reason: .liquidation)
    }

    /// Takes the next step of every account under liquidation, and ends what has done its work.
    mutating func liquidate() {
        guard !liquidating.isEmpty else { return }
        liquidating.sort()
        for identifier in liquidationQueue() { liquidationStep(identifier) }
        settleLiquidations()
    }

    /// The accounts that have a price good enough to liquidate on and need it: who has the smallest
    /// part of maintenance margin left goes first, since what a book takes in a window is little,
    /// and he is the next whose loss others bear.
    private mutating func liquidationQueue() -> [AccountIdentifier] {
        var queue: [(left: Int64, account: AccountIdentifier)] = []
        for identifier in liquidating where hasPrices(identifier, for: .liquidate) {
            let margin = maintenanceMargin(of: identifier)
            guard liquidationRule.missing(margin) > 0 else { continue }
            let left = (Int128(margin.equity.units) << 32) / Int128(margin.requirement.units + 1)
            queue.append((Int64(clamping: left), identifier))
        }
        queue.sort { ($0.left, $0.account) < ($1.left, $1.account) }
        return queue.map { $0.account }
    }

    /// Takes the next step.
    private mutating func liquidationStep(_ identifier: AccountIdentifier) {
        // Another one's step may have closed what was missing.
        guard let start = accounts.liquidationStart(of: identifier), !isRestored(identifier) else {
            return
        }
        let elapsed = facts.time.elapsed(since: start)
        let isThrottled = closeOnBook(identifier, elapsed: elapsed)
        guard !isRestored(identifier), !auction(identifier) else { return }
        if mustDeleverage(identifier, elapsed: elapsed, isThrottled: isThrottled) {
            deleverage(identifier)
        }
    }

    /// Whether what the book did not take is closed against the other side: equity is too low to
    /// wait, or the band has opened in full and the book holds no more inside it. Where it does and
    /// only the throttle is in the way, the account waits as long again and no longer, so that
    /// there is always an end.
    private func mustDeleverage(
        _ identifier: AccountIdentifier, elapsed: Duration, isThrottled: Bool
    ) -> Bool {
        let rule = liquidationRule
        let margin = maintenanceMargin(of: identifier)
        let floor = proven { () throws(ArithmeticFault) in
            try margin.requirement.multiplied(by: rule.auctionLevel, rounding: .up)
        }
        let patience = rule.bandTime.nanoseconds * (isThrottled ? 2 : 1)
        return margin.equity < floor || elapsed.nanoseconds >= patience
    }

    /// After all steps: closes against the other side what must be, covers what accounts without
    /// positions owe, whoever closed them, and ends the liquidations that have done their work.
    private mutating func settleLiquidations() {
        closeAgainstOthers()
        coverLosses()
        for identifier in liquidating
        where accounts[identifier].positions.isEmpty || isRestored(identifier) {
            endLiquidation(identifier)
        }
        var left: [AccountIdentifier] = []
        for identifier in liquidating where accounts.liquidationStart(of: identifier) != nil {
            left.append(identifier)
        }
        liquidating = left
    }

    /// Whether equity has reached the exit level.
    private func isRestored(_ identifier: AccountIdentifier) -> Bool {
        liquidationRule.missing(maintenanceMargin(of: identifier)) <= 0
    }

    private mutating func endLiquidation(_ identifier: AccountIdentifier) {
        let margin = maintenanceMargin(of: identifier)
        accounts.setLiquidationStart(nil, of: identifier)
        emit(
            .liquidationEnded(
                identifier, equity: margin.equity, requirement: margin.requirement))
    }
}
