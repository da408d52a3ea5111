/// What one block closes against the other side, market by market, so that everyone there is asked
/// once for all of it: many liquidations in a block cost one look at the accounts, and nobody is
/// worse off for the order in which they come.

import Accounts
import Canonical
import Catalogue
import FixedPoint

/// What one account closes in one market.
struct ForcedPart: Equatable {
    let account: AccountIdentifier
    /// Signed as the position.
    var lots: Quantity
    /// What the market's other side is asked to pay of what the account lacks; not negative.
    var loss: Amount

    /// Takes off lots that have found the other side, and their share of the loss.
    mutating func take(_ count: Quantity) {
        let whole = Int128(lots.magnitude.units)
        let rest = whole - Int128(count.units)
        loss = Amount(microunits: Int64(Int128(loss.units) * rest / whole))
        lots -= Quantity(lots: lots.sign * count.units)
    }
}

/// What a block closes against the other side.
struct DeleveragingBatch {
    /// Ascending.
    private(set) var instruments: [InstrumentIdentifier] = []
    /// By place in `instruments`; ascending by account if they were added so.
    private(set) var parts: [[ForcedPart]] = []

    mutating func add(_ part: ForcedPart, in instrument: InstrumentIdentifier) {
        let place = instruments.firstIndex { $0 >= instrument } ?? instruments.count
        if place == instruments.count || instruments[place] != instrument {
            instruments.insert(instrument, at: place)
            parts.insert([], at: place)
        }
        parts[place].append(part)
    }
}

/// What this block has closed for an account so far, and whether it has said what that lacks.
struct ForcedTotals {
    var notional = Amount.zero
    var isAsked = false
}

extension LedgerState {
    /// By place in `identifiers`, which ascend. One pass over the events of the block.
    func forcedTotals(of identifiers: [AccountIdentifier]) -> [ForcedTotals] {
        var totals = [ForcedTotals](repeating: ForcedTotals(), count: identifiers.count)
        func add(_ notional: Amount, to account: AccountIdentifier) {
            if let place = LedgerState.place(of: account, in: identifiers) {
                totals[place].notional += notional
            }
        }
        for event in events {
            switch event {
            case .traded(let trade): add(trade.notional, to: trade.taker)
            case .deleveraged(let closing):
                add(closing.notional, to: closing.account)
                add(closing.notional, to: closing.counterparty)
            case .sliceMoved(let move): add(move.notional, to: move.account)
            case .positionSettled(let settlement):
                add(settlement.notional, to: settlement.account)
            case .shortfall(let shortfall):
                if let place = LedgerState.place(of: shortfall.account, in: identifiers) {
                    totals[place].isAsked = true
                }
            default: break
            }
        }
        return totals
    }

    private static func place(
        of account: AccountIdentifier, in identifiers: [AccountIdentifier]
    ) -> Int? {
        var (low, high) = (0, identifiers.count)
        while low < high {
            let middle = (low + high) / 2
            if identifiers[middle] < account { low = middle + 1 } else { high = middle }
        }
        return low < identifiers.count && identifiers[low] == account ? low : nil
    }

    /// By place in `instruments`: who holds them, ascending. One pass over all positions, made when
    /// something is closed rather than kept up with every fill.
    func holders(of instruments: [InstrumentIdentifier]) -> [[AccountIdentifier]] {
        var places = [Int](repeating: -1, count: catalogue.instruments.count)
        for (place, instrument) in instruments.enumerated() {
            places[Int(instrument.number)] = place
        }
        var result = [[AccountIdentifier]](repeating: [], count: instruments.count)
        let all = accounts.accounts.span
        for account in all.indices {
            for slot in 0..<all[account].positions.count {
                let place = places[Int(all[account].positions[slot].instrument.number)]
                if place >= 0 { result[place].append(AccountIdentifier(UInt32(account))) }
            }
        }
        return result
    }
}
