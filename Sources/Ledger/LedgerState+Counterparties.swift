/// Who holds the other side of what must be closed, and by what he is ranked.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Liquidation
import Risk

extension LedgerState {
    /// Those of some accounts that hold a side of an instrument.
    ///
    /// - Parameters:
    ///   - side: 1 for longs, -1 for shorts.
    ///   - isFair: false ranks by what the position has gained since it was opened, as queues do.
    func counterparties(
        _ holders: [AccountIdentifier], ofSide side: Int64, in instrument: InstrumentIdentifier,
        isFair: Bool
    ) -> [Counterparty] {
        holders.compactMap { identifier in
            guard accounts.quantity(of: identifier, in: instrument).sign == side else {
                return nil
            }
            let counterparty = standing(of: identifier, in: instrument)
            return isFair
                ? counterparty
                : Counterparty(
                    account: identifier, lots: counterparty.lots,
                    profit: positionProfit(of: identifier, in: instrument),
                    equity: counterparty.equity, grossNotional: counterparty.grossNotional)
        }
    }

    /// An account as one of the other side.
    func standing(
        of identifier: AccountIdentifier, in instrument: InstrumentIdentifier
    ) -> Counterparty {
        let equity = maintenanceMargin(of: identifier).equity
        return Counterparty(
            account: identifier,
            lots: accounts.quantity(of: identifier, in: instrument).magnitude,
            profit: accounts[identifier].anchors.profit(equity: equity), equity: equity,
            grossNotional: grossNotional(of: identifier))
    }

    private func positionProfit(
        of identifier: AccountIdentifier, in instrument: InstrumentIdentifier
    ) -> Amount {
        let place = Int(instrument.number)
        for position in accounts[identifier].positions where position.instrument == instrument {
            return position.unrealisedProfit(
                lotValue: risk.instruments[place].markValue,
                fractionBits: risk.instruments[place].fractionBits)
        }
        return .zero
    }

    /// What all positions of an account are worth at the mark, longs and shorts added.
    func grossNotional(of identifier: AccountIdentifier) -> Amount {
        var total = Amount.zero
        for slot in 0..<accounts[identifier].positions.count {
            let position = accounts[identifier].positions[slot]
            total += markNotional(
                position.quantity, of: Int(position.instrument.number))
        }
        return total
    }
}
