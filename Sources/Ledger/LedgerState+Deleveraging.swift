/// Step 4 of the waterfall: closing against the other side what the book did not take. Positions
/// close at the mark; who pays what is missing stands in `LedgerState+LossCover`.

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
}
