/// The lane arithmetic behind `RiskState`: O(lanes) for a position or an order. It wraps; `Bounds`
/// proves that nothing overflows.

import Canonical
import Catalogue
import FixedPoint
import Markets

extension RiskState {
    /// Adds `lots·Δ` to both L rows.
    func addPositionLanes(
        _ account: AccountIdentifier, _ instrument: InstrumentIdentifier, lots: Quantity
    ) {
        guard lots != .zero, self.lots[Int(instrument.number)].isPriced,
            let row = row(of: account, instrument)
        else { return }
        // A row of Δ holds the initial vectors, then the maintenance vectors, as the row of L does.
        table.add(
            deltas, row: Int32(instrument.number), count: 2 * blocks, to: row, times: lots.units)
    }

    /// Adds or takes away one order's part of O.
    func addOrderLanes(
        _ account: AccountIdentifier, _ instrument: InstrumentIdentifier, _ side: Side,
        _ price: Price, lots: Quantity, _ tier: FeeTier, sign: Int64
    ) {
        guard lots != .zero, self.lots[Int(instrument.number)].isPriced,
            let row = row(of: account, instrument)
        else { return }
        let terms = orderTerms(instrument, side, price, lots: lots, tier)
        table.addOrder(
            deltas, row: Int32(instrument.number), count: blocks, to: row, from: 2 * blocks,
            gain: terms.gain, floor: terms.floor, lots: side.sign * lots.units, sign: sign)
    }

    /// What an order would add to equity if it filled at its limit, and the most it may count as
    /// (the negative order floor), both in 2^-fractionBits µ.
    func orderTerms(
        _ instrument: InstrumentIdentifier, _ side: Side, _ price: Price, lots: Quantity,
        _ tier: FeeTier
    ) -> (gain: Int64, floor: Int64) {
        let terms = self.lots[Int(instrument.number)]
        let lotNotional = Amount(microunits: price.units * terms.tickValue)
        let fee = proven { () throws(ArithmeticFault) in
            try tier.highestFee(lotNotional: lotNotional, lots: lots.units)
        }
        let limitValue = lotNotional.units << terms.fractionBits
        let perLot = side.sign * (terms.initialValue(isLong: side == .buy) - limitValue)
        return (
            perLot * lots.units - (fee.units << terms.fractionBits),
            -terms.orderFloor * lots.units
        )
    }

    /// The row of an account for an instrument's underlying.
    func row(of account: AccountIdentifier, _ instrument: InstrumentIdentifier) -> Int32? {
        let place = Int(account.number)
        let (slot, found) = accounts[place].rowPlace(underlying(of: instrument))
        return found ? accounts[place].rows[slot].row : nil
    }

    /// One vector of Δ.
    func delta(_ instrument: InstrumentIdentifier, initial: Bool, _ block: Int) -> Lanes {
        deltas[Int32(instrument.number), initial ? block : blocks + block]
    }
}
