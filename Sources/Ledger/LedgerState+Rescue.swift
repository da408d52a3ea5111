/// Own collateral before liquidation (DESIGN 6): an account whose margin ratio, equity over the
/// maintenance requirement, has fallen below its trigger gets cash from other accounts of its owner
/// in the compartment, as far as both have agreed to by their master keys; then its delta is hedged
/// (`LedgerState+Hedge`); and only if that was not enough is it liquidated (docs/protection.md).
///
/// Accounts are served in the order of their numbers, sources in the order that the terms name. In
/// a block who has received gives nothing and who has given receives nothing, and a source stays at
/// its own target: so nothing cascades and nothing goes back and forth.

import Accounts
public import Canonical
import Catalogue
public import FixedPoint
import Oracle
import Risk

/// Cash that came from an account of the same owner, and the arithmetic behind it.
public struct CollateralMove: Equatable, Sendable {
    public let source: AccountIdentifier
    public let target: AccountIdentifier
    public let amount: Amount
    /// Of the target under the maintenance rule, before.
    public let equity: Amount
    public let requirement: Amount
    /// What was missing to the level that the terms aim at; at least `amount`.
    public let missing: Amount
}

extension LedgerState {
    /// Sets an account's terms, or takes them away.
    mutating func setRescue(
        _ terms: RescueTerms?, of account: AccountIdentifier
    ) throws(Refusal) {
        guard let terms else {
            guard rescues.holds(account) else { throw .noRescueTerms }
            // From here it must succeed.
            rescues[account] = nil
            emit(.rescueCleared(account))
            return
        }
        try check(terms, of: account)
        // From here it must succeed.
        var rescue = rescues[account] ?? AccountRescue(terms: terms)
        rescue.terms = terms
        rescues[account] = rescue
        emit(.rescueSet(account, terms))
    }

    private func check(_ terms: RescueTerms, of account: AccountIdentifier) throws(Refusal) {
        guard terms.rebalancing != nil || terms.hedge != nil || terms.giving != nil else {
            throw .rescueTermsEmpty
        }
        if let rule = terms.rebalancing {
            guard rule.hasLevelsInRange else { throw .rescueLevelOutOfRange }
            guard rule.dailyMost.isPositive else { throw .rescueAmountOutOfRange }
            try checkSources(rule.sources, of: account)
        }
        if let hedge = terms.hedge, !hedge.areInRange { throw .hedgeTermsOutOfRange }
        if let giving = terms.giving, !giving.areInRange { throw .rescueAmountOutOfRange }
    }

    /// That sources are other accounts of the owner in the same compartment, each once.
    private func checkSources(
        _ sources: [AccountIdentifier], of account: AccountIdentifier
    ) throws(Refusal) {
        guard (1...RescueTerms.sourceLimit).contains(sources.count) else {
            throw .rescueSourceNotOwn
        }
        for (place, source) in sources.enumerated() {
            guard accounts.account(source) != nil, source != account,
                accounts.owner(of: source) == accounts.owner(of: account),
                accounts.compartment(of: source) == accounts.compartment(of: account),
                !sources[..<place].contains(source)
            else { throw .rescueSourceNotOwn }
        }
    }

    // What the engine does.

    /// Looks after the accounts with terms that this block's prices have margined: rebalances and
    /// hedges, and then liquidates who is below maintenance all the same. Nothing without such.
    mutating func rescueWatched() {
        guard !watched.isEmpty else { return }
        var list: [AccountIdentifier] = []
        swap(&list, &watched)
        list.sort()
        var parties = RescueParties()
        var last: AccountIdentifier?
        for identifier in list where identifier != last {
            last = identifier
            guard accounts.liquidationStart(of: identifier) == nil else { continue }
            if hasPrices(identifier, for: .liquidate), let rescue = rescues[identifier] {
                if let rule = rescue.terms.rebalancing { rebalance(identifier, rule, &parties) }
                if let terms = rescue.terms.hedge { hedge(identifier, terms) }
            }
            if risk.maintenanceHealth(of: identifier, in: accounts).isNegative {
                startLiquidation(identifier)
            }
        }
        list.removeAll(keepingCapacity: true)
        swap(&list, &watched)
    }

    /// Whether equity is below so many maintenance requirements.
    func isBelow(_ level: Ratio, _ margin: MarginBreakdown) -> Bool {
        margin.requirement.isPositive
            && margin.equity < LedgerState.level(level, of: margin.requirement)
    }

    /// So many requirements, rounded up.
    private static func level(_ level: Ratio, of requirement: Amount) -> Amount {
        proven { () throws(ArithmeticFault) in
            try requirement.multiplied(by: level, rounding: .up)
        }
    }

    private mutating func rebalance(
        _ target: AccountIdentifier, _ rule: RebalancingTerms, _ parties: inout RescueParties
    ) {
        guard !parties.givers.contains(target) else { return }
        let today = day
        for source in rule.sources where !parties.takers.contains(source) {
            let margin = maintenanceMargin(of: target)
            // A source that gave less than was asked lets the next one make it up to the target.
            guard parties.takers.contains(target) || isBelow(rule.trigger, margin) else { return }
            let missing =
                LedgerState.level(rule.target, of: margin.requirement) - margin.equity
            let room = rescues[target]?.roomToMove(on: today) ?? .zero
            let amount = min(missing, room, givable(source, to: target))
            guard amount.isPositive else { continue }
            do throws(Refusal) {
                try checkLeaving(amount, from: source, leavesVault: false)
            } catch {
                continue
            }
            accounts.moveCapital(amount, from: .account(source), to: .account(target))
            rescues[target]?.countMoved(amount, on: today)
            rescues[source]?.countGiven(amount, on: today)
            if !parties.takers.contains(target) { parties.takers.append(target) }
            if !parties.givers.contains(source) { parties.givers.append(source) }
            emit(
                .collateralMoved(
                    CollateralMove(
                        source: source, target: target, amount: amount, equity: margin.equity,
                        requirement: margin.requirement, missing: missing)))
            emit(.transferred(from: source, to: target, amount))
        }
    }

    /// What a source may give: what it could send away itself, beyond what it keeps and what waits
    /// to be withdrawn, never by going into debt, and never below its own target.
    private func givable(_ source: AccountIdentifier, to target: AccountIdentifier) -> Amount {
        guard let rescue = rescues[source], let giving = rescue.terms.giving,
            // What is committed to a backstop stays until its notice is over.
            !backstop.isProvider(source),
            // From a guarded account money goes only to guarded ones (decision 0012).
            !keys[source].isGuarded(at: facts.time) || keys[target].isGuarded(at: facts.time)
        else { return .zero }
        let waiting = breakers.standings[source].queued?.amount ?? .zero
        var amount = min(
            withdrawable(source) - giving.keeps - waiting, rescue.roomToGive(on: day),
            accounts.cash(of: source) - accounts.commitments(of: source))
        if let own = rescue.terms.rebalancing?.target {
            let margin = maintenanceMargin(of: source)
            amount = min(amount, margin.equity - LedgerState.level(own, of: margin.requirement))
        }
        return max(.zero, amount)
    }

    // Leaves.

    /// Puts the terms of accounts in their places.
    mutating func restoreRescues(
        _ entries: [(account: AccountIdentifier, value: AccountRescue)]
    ) throws(RestoreFault) {
        for (identifier, value) in entries {
            guard accounts.account(identifier) != nil, !rescues.holds(identifier) else {
                throw .unexpected(.rescue(identifier))
            }
            do throws(Refusal) {
                try check(value.terms, of: identifier)
            } catch {
                throw .unexpected(.rescue(identifier))
            }
            rescues[identifier] = value
        }
        rescues.clearTouched()
    }
}

/// Who has given and who has received in a block.
private struct RescueParties {
    var givers: [AccountIdentifier] = []
    var takers: [AccountIdentifier] = []
}
