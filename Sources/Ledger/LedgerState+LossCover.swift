/// Who pays what is missing: the account's equity, then the insurance fund within its caps, then
/// the counterparties and all profitable accounts of the compartment within theirs. A share of the
/// loss is a payment of its own, with its own event, so that everyone sees the arithmetic.

import Accounts
import Canonical
import FixedPoint
import Liquidation
import Risk

extension LedgerState {
    /// Covers what an account without positions owes.
    mutating func coverLoss(of identifier: AccountIdentifier, closedNotional: Amount) {
        let home = accounts.compartment(of: identifier)
        guard accounts[identifier].cash.isNegative else { return }
        let cover = accounts.insuranceCover(
            shortfall: -accounts[identifier].cash, notional: closedNotional, in: home, day: day,
            isCapped: genesis.safeguards.isOn(.fundCap))
        if cover.isPositive {
            accounts.payInsurance(cover, to: identifier, day: day)
            countDrawdown(cover, of: home)
            emit(.insurancePaid(identifier, cover))
        }
        guard accounts[identifier].cash.isNegative else { return }
        shareLoss(of: identifier, among: closingCounterparties(of: identifier))
        guard accounts[identifier].cash.isNegative else { return }
        shareLoss(of: identifier, among: profitableAccounts(of: home, but: identifier))
        if accounts[identifier].cash.isNegative {
            emit(.badDebt(identifier, -accounts[identifier].cash))
        }
    }

    /// The accounts that deleveraged against `identifier` in this block, each with the notional
    /// that it closed.
    private mutating func closingCounterparties(of identifier: AccountIdentifier) -> [Payer] {
        var shares: [(account: AccountIdentifier, share: Int64)] = []
        for case .deleveraged(let event) in events where event.account == identifier {
            if let place = shares.firstIndex(where: { $0.account == event.counterparty }) {
                shares[place].share += event.notional.units
            } else {
                shares.append((event.counterparty, event.notional.units))
            }
        }
        return shares.map { payer($0.account, share: $0.share) }
    }

    private mutating func profitableAccounts(
        of home: CompartmentIdentifier, but identifier: AccountIdentifier
    ) -> [Payer] {
        var payers: [Payer] = []
        for (place, account) in accounts.accounts.enumerated()
        where account.compartment == home && AccountIdentifier(UInt32(place)) != identifier {
            let candidate = AccountIdentifier(UInt32(place))
            let limit = payer(candidate, share: 0).limit
            if limit.isPositive {
                payers.append(Payer(account: candidate, share: limit.units, limit: limit))
            }
        }
        return payers
    }

    /// What an account can be asked for: no more than the day's profit, and nothing that its
    /// initial margin needs.
    private mutating func payer(_ identifier: AccountIdentifier, share: Int64) -> Payer {
        let equity = maintenanceMargin(of: identifier).equity
        let profit = accounts[identifier].anchors.profit(equity: equity)
        let headroom = initialMargin(of: identifier).health
        return Payer(
            account: identifier, share: share, limit: max(.zero, min(profit, headroom)))
    }

    private mutating func shareLoss(of identifier: AccountIdentifier, among payers: [Payer]) {
        let (payments, _) = Deleveraging.sharing(
            of: -accounts[identifier].cash, among: payers)
        for payment in payments {
            accounts.transfer(
                payment.amount, from: .account(payment.account), to: .account(identifier))
            emit(.lossShared(identifier, payer: payment.account, payment.amount))
        }
    }
}
