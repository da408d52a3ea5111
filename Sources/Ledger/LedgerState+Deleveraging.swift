/// Closing against the other side, and who pays what is missing: the account's equity, then the
/// insurance fund within its caps, then the counterparties and all profitable accounts of the
/// compartment within theirs. Positions close at the mark; a share of the loss is a payment of its
/// own, with its own event, so that everyone sees the arithmetic.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Liquidation
import Markets
import Oracle
import Risk

extension LedgerState {
    /// Closes at the mark what is needed to reach the exit level; all of it where there is no
    /// equity.
    mutating func deleverage(_ identifier: AccountIdentifier) {
        // An asset is owed by nobody, so nobody could close against it.
        for candidate in closingCandidates(of: identifier) where !isSpot(candidate.instrument) {
            let margin = maintenanceMargin(of: identifier)
            let lots = genesis.liquidation.lotsToClose(
                of: candidate, requirement: margin.requirement, equity: margin.equity)
            guard lots.isPositive else { break }
            deleverage(identifier, candidate, lots: lots)
        }
    }

    private mutating func deleverage(
        _ identifier: AccountIdentifier, _ candidate: ClosingCandidate, lots: Quantity
    ) {
        let ranked = Deleveraging.ranking(
            of: counterparties(against: candidate.quantity, in: candidate.instrument))
        let parts = Deleveraging.allocation(of: lots, among: ranked)
        let isLong = candidate.quantity.isPositive
        touchInstrument(candidate.instrument)
        for (rank, part) in parts.enumerated() {
            let risk = candidate.risk
            let notional = Amount(
                microunits: (risk.markValue * part.lots.units) >> risk.fractionBits)
            accounts.closeAgainst(
                long: isLong ? identifier : part.account,
                short: isLong ? part.account : identifier, instrument: candidate.instrument,
                lots: part.lots, notional: notional, hour: hour)
            let signed = Quantity(lots: candidate.quantity.sign * part.lots.units)
            self.risk.changePosition(of: identifier, in: candidate.instrument, by: -signed)
            self.risk.changePosition(of: part.account, in: candidate.instrument, by: signed)
            emit(
                .deleveraged(
                    Deleverage(
                        account: identifier, counterparty: part.account,
                        instrument: candidate.instrument, quantity: part.lots, notional: notional,
                        rank: UInt32(rank), profit: ranked[rank].profit,
                        equity: ranked[rank].equity)))
        }
        // A position that shrank may have hedged open orders.
        for part in parts { cancelUnbacked(part.account) }
    }

    /// Everyone who holds the other side of a position.
    private mutating func counterparties(
        against quantity: Quantity, in instrument: InstrumentIdentifier
    ) -> [Counterparty] {
        var result: [Counterparty] = []
        for place in 0..<accounts.accounts.count {
            let identifier = AccountIdentifier(UInt32(place))
            let held = accounts.quantity(of: identifier, in: instrument)
            guard held.sign * quantity.sign < 0 else { continue }
            let equity = maintenanceMargin(of: identifier).equity
            result.append(
                Counterparty(
                    account: identifier, lots: held.magnitude,
                    profit: accounts[identifier].anchors.profit(equity: equity), equity: equity,
                    grossNotional: grossNotional(of: identifier)))
        }
        return result
    }

    /// What all positions of an account are worth at the mark, longs and shorts added.
    func grossNotional(of identifier: AccountIdentifier) -> Amount {
        var total = Amount.zero
        for position in accounts[identifier].positions {
            let risk = risk.instruments[Int(position.instrument.number)]
            total += Amount(
                microunits: (risk.markValue * position.quantity.magnitude.units)
                    >> risk.fractionBits)
        }
        return total
    }

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
