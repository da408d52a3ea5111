/// Quote balances below zero: how far orders and withdrawals may take them, and what that costs
/// (DESIGN 4, decision 0010).
///
/// Two limits hold whatever fills first, since what open buys of paid instruments would cost is
/// counted as if it had been spent (`DebtBook`): an account's own, and that of all accounts of the
/// compartment together, a share of what the vault holds. Losses, funding and interest may take an
/// account past its own limit; then its collateral is converted (`LedgerState+Conversion`).

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle
import Risk

extension Catalogue {
    /// The highest fee of any tier: commitments count it, so that they do not depend on the tier of
    /// an account, which may change while its orders rest.
    var highestFee: Ratio {
        feeTiers.reduce(.zero) { max($0, $1.maker, $1.taker) }
    }
}

extension LedgerState {
    /// The rule for debts in an account's compartment.
    func debtTerms(of account: AccountIdentifier) -> DebtTerms {
        catalogue.compartments[Int(accounts.compartment(of: account).number)].debt
    }

    // Orders.

    /// What an order would cost if all of it filled at its limit, with the highest fee: nothing
    /// where the price does not move as cash, or comes in.
    func commitment(
        _ size: OrderSize, _ side: Side, in instrument: InstrumentIdentifier
    ) -> Amount {
        guard side == .buy, accounts.isPaidAtFill(instrument), size.lots.isPositive else {
            return .zero
        }
        // Below 2³⁰ (`Bounds.largestLotWorth`) times 2²⁴ (`Bounds.largestFee`), and together no
        // more than the position limit is worth.
        let notional =
            size.price.units * catalogue.instruments[Int(instrument.number)].tickValue
        let fee = (notional * highestFee.units + Ratio.one.units - 1) / Ratio.one.units
        return Amount(microunits: (notional + fee) * size.lots.units)
    }

    /// Counts an order's change among the commitments of its account.
    mutating func commit(_ change: OrderChange) {
        guard change.side == .buy, accounts.isPaidAtFill(change.instrument) else { return }
        accounts.commit(
            commitment(change.new, .buy, in: change.instrument)
                - commitment(change.old, .buy, in: change.instrument), by: change.account)
    }

    /// That an order may be placed while collateral is converted, and that the account can pay for
    /// it: with everything filled that it has open, neither limit of debts is passed.
    mutating func checkCash(
        of account: AccountIdentifier, in instrument: InstrumentIdentifier, side: Side,
        reduceOnly: Bool, from old: OrderSize, to new: OrderSize
    ) throws(Refusal) {
        guard isMargined else { return }
        if !reduceOnly, isConverting(account) { throw .inConversion }
        guard side == .buy, accounts.isPaidAtFill(instrument) else { return }
        let more =
            commitment(new, side, in: instrument) - commitment(old, side, in: instrument)
        guard more.isPositive else { return }
        let terms = debtTerms(of: account)
        let left = accounts.cash(of: account) - accounts.commitments(of: account) - more
        guard left >= -terms.accountLimit else { throw .debtLimit }
        let added = accounts.addedDraw(more, by: account)
        guard added > 0 else { return }
        let home = accounts.compartment(of: account)
        let cap = terms.cap(vault: accounts.funds[Int(home.number)].vault)
        guard accounts.draws(in: home) + added <= Int128(cap.units) else { throw .debtCapReached }
    }

    // Withdrawals.

    /// That money may leave an account: that neither limit of debts is passed, and that the vault
    /// holds what leaves it.
    ///
    /// - Parameter amount: not negative, and backed by margin.
    func checkDebt(
        after amount: Amount, from account: AccountIdentifier, leavesVault: Bool
    ) throws(Refusal) {
        let terms = debtTerms(of: account)
        let left = accounts.cash(of: account) - accounts.commitments(of: account) - amount
        guard left >= -terms.accountLimit else { throw .debtLimit }
        let home = accounts.compartment(of: account)
        let vault = accounts.funds[Int(home.number)].vault
        let rest = leavesVault ? vault - amount : vault
        let added = accounts.addedDraw(amount, by: account)
        if added > 0 {
            let cap = terms.cap(vault: max(.zero, rest))
            guard accounts.draws(in: home) + added <= Int128(cap.units) else {
                throw .debtCapReached
            }
        }
        guard !rest.isNegative else { throw .vaultTooLow }
    }

    /// The most that may leave an account by the rules of `checkDebt`; for a transfer inside the
    /// compartment it is on the safe side, since that leaves the vault as it is.
    func borrowable(_ account: AccountIdentifier) -> Amount {
        let terms = debtTerms(of: account)
        let free = accounts.cash(of: account) - accounts.commitments(of: account)
        let home = accounts.compartment(of: account)
        let vault = accounts.funds[Int(home.number)].vault
        // Beyond what is free every unit is drawn, and the vault that the share is of shrinks by
        // it: draws + x − free ≤ share·(vault − x).
        let one = Int128(Ratio.one.units)
        let share = Int128(terms.vaultShare.units)
        let drawable =
            (Int128(vault.units) * share
                + (Int128(max(.zero, free).units) - accounts.draws(in: home)) * one)
            / (one + share)
        let most = max(Int128(free.units), drawable)
        return min(
            free + terms.accountLimit, vault,
            Amount(microunits: Int64(clamping: max(0, most))))
    }

    // Interest.

    /// Charges every debtor interest for the full minutes of pricing time that have passed. It goes
    /// to the insurance fund, which stands in for what debtors cannot pay, and makes nobody
    /// bankrupt: no more is charged than there is equity.
    mutating func chargeInterest(elapsed: Duration) {
        let last = Timestamp(
            nanoseconds: facts.pricingTime.nanoseconds - elapsed.nanoseconds)
        let minutes = facts.pricingTime.count(of: .minute) - last.count(of: .minute)
        guard minutes > 0, isMargined else { return }
        for identifier in accounts.debts.debtors {
            let terms = debtTerms(of: identifier)
            guard terms.interest.isPositive else { continue }
            let equity = maintenanceMargin(of: identifier).equity
            let interest = terms.interest(
                on: -accounts.cash(of: identifier), minutes: minutes, most: max(.zero, equity))
            guard interest.isPositive else { continue }
            let home = accounts.compartment(of: identifier)
            accounts.transfer(interest, from: .account(identifier), to: .insurance(home))
            emit(.interestCharged(identifier, interest))
        }
    }
}
