/// Who pays what is missing: the account's equity, then its owner's other accounts and the
/// insurance fund within its caps, then those who close against it, then all profitable accounts of
/// the compartment; nobody more than the day's profit, nor what his initial margin needs. Each
/// payment has its own event, and before it stands the arithmetic of the demand.

import Accounts
import Canonical
import FixedPoint
import Liquidation
import Risk

extension LedgerState {
    /// Covers what accounts in liquidation without positions owe, whoever closed them.
    mutating func coverLosses() {
        let bankrupt = liquidating.filter {
            accounts[$0].positions.isEmpty && accounts.cash(of: $0).isNegative
        }
        guard !bankrupt.isEmpty else { return }
        let totals = forcedTotals(of: bankrupt)
        // What deleveraging left has been with owner and fund already.
        for (place, identifier) in bankrupt.enumerated() where !totals[place].isAsked {
            payShortfall(-accounts.cash(of: identifier), of: identifier, totals[place])
        }
        for place in accounts.funds.indices {
            let home = CompartmentIdentifier(UInt16(place))
            let owed = bankrupt.filter {
                accounts.compartment(of: $0) == home && accounts.cash(of: $0).isNegative
            }.map { AccountSum(account: $0, amount: -accounts.cash(of: $0)) }
            if !owed.isEmpty { ask(profitableAccounts(of: home), to: owed, .compartment) }
        }
        for identifier in bankrupt where accounts.cash(of: identifier).isNegative {
            emit(.badDebt(identifier, -accounts.cash(of: identifier)))
        }
    }

    /// Has an owner's other accounts and the fund pay what they may.
    ///
    /// - Returns: what is left.
    @discardableResult
    mutating func payShortfall(
        _ shortfall: Amount, of identifier: AccountIdentifier, _ totals: ForcedTotals
    ) -> Amount {
        var left = shortfall
        if genesis.safeguards.isOn(.fairDeleveraging) {
            left = ask(
                siblings(of: identifier),
                to: [AccountSum(account: identifier, amount: shortfall)], .owner)
        }
        let home = accounts.compartment(of: identifier)
        let cover = accounts.insuranceCover(
            shortfall: left, notional: totals.notional, in: home, day: day,
            isCapped: genesis.safeguards.isOn(.fundCap))
        if cover.isPositive {
            accounts.payInsurance(cover, to: identifier, day: day)
            countDrawdown(cover, of: home)
            emit(.insurancePaid(identifier, cover))
        }
        emit(
            .shortfall(
                Shortfall(
                    account: identifier, amount: shortfall, byOwner: shortfall - left,
                    byFund: cover)))
        return left - cover
    }

    /// Asks those who closed against bankrupt accounts for the difference to the price at which
    /// these would owe nothing: for each lot the same.
    mutating func askCounterparties(
        _ closings: [CounterClosing], to parts: [ForcedPart], in instrument: InstrumentIdentifier,
        isFair: Bool
    ) {
        let owed = parts.filter { $0.loss.isPositive }
            .map { AccountSum(account: $0.account, amount: $0.loss) }
        guard !owed.isEmpty else { return }
        let payers = closings.map { closing in
            let payer = payer(closing.account, share: closing.lots.units)
            return isFair
                ? payer
                : Payer(
                    account: payer.account, share: payer.share, profit: payer.profit,
                    headroom: payer.headroom, limit: .max)
        }
        ask(payers, to: owed, .counterparty, in: instrument)
    }

    /// Divides what accounts are owed among payers, and has them pay.
    ///
    /// - Returns: what nobody could be asked for.
    @discardableResult
    private mutating func ask(
        _ payers: [Payer], to owed: [AccountSum], _ stage: LossStage,
        in instrument: InstrumentIdentifier? = nil
    ) -> Amount {
        let loss = owed.reduce(Amount.zero) { $0 + $1.amount }
        let shares = payers.reduce(Int128(0)) { $0 + Int128($1.share) }
        let (sums, uncovered) = Deleveraging.sharing(of: loss, among: payers)
        var place = 0
        for sum in sums {
            // Both stand in one order.
            while payers[place].account != sum.account { place += 1 }
            let payer = payers[place]
            emit(
                .lossAsked(
                    LossDemand(
                        payer: payer.account, stage: stage, instrument: instrument, loss: loss,
                        share: payer.share, shares: shares, profit: payer.profit,
                        headroom: payer.headroom, limit: payer.limit, amount: sum.amount)))
        }
        for payment in Deleveraging.payments(from: sums, to: owed) {
            accounts.transfer(
                payment.amount, from: .account(payment.payer), to: .account(payment.account))
            emit(.lossShared(payment.account, payer: payment.payer, payment.amount))
        }
        return uncovered
    }

    /// The other accounts of an owner in the compartment, as far as they can pay. They are valued
    /// at the mark: the stable price, which lags in a gap, would hide what the other leg has won.
    private func siblings(of identifier: AccountIdentifier) -> [Payer] {
        let home = accounts.compartment(of: identifier)
        return accounts.accounts(ofOwner: accounts.owner(of: identifier)).filter {
            $0 != identifier && accounts.compartment(of: $0) == home
        }.compactMap { sibling in
            let equity = maintenanceMargin(of: sibling).equity
            let payer = Payer(
                account: sibling, share: 0,
                profit: accounts[sibling].anchors.profit(equity: equity),
                headroom: equity - initialMargin(of: sibling).requirement)
            return payable(payer)
        }
    }

    private func profitableAccounts(of home: CompartmentIdentifier) -> [Payer] {
        accounts.accounts.indices.compactMap { place in
            let identifier = AccountIdentifier(UInt32(place))
            return accounts.compartment(of: identifier) == home ? profitable(identifier) : nil
        }
    }

    /// An account that can be asked, by what it can be asked for.
    private func profitable(_ identifier: AccountIdentifier) -> Payer? {
        let equity = maintenanceMargin(of: identifier).equity
        // Most have no profit, and need no initial margin to be known.
        guard accounts[identifier].anchors.profit(equity: equity).isPositive else { return nil }
        return payable(payer(identifier, share: 0))
    }

    /// A payer that shares by what it can be asked for, if it can be asked at all.
    private func payable(_ payer: Payer) -> Payer? {
        guard payer.limit.isPositive else { return nil }
        return Payer(
            account: payer.account, share: payer.limit.units, profit: payer.profit,
            headroom: payer.headroom)
    }

    /// What an account can be asked for as it now stands.
    private func payer(_ identifier: AccountIdentifier, share: Int64) -> Payer {
        let equity = maintenanceMargin(of: identifier).equity
        return Payer(
            account: identifier, share: share,
            profit: accounts[identifier].anchors.profit(equity: equity),
            headroom: initialMargin(of: identifier).health)
    }
}
