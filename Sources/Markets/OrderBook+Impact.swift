/// What it would cost to trade now: the impact price behind the mark (DESIGN 7).

import Canonical
public import FixedPoint

extension OrderBook {
    /// The average price at which `notional` would trade against a side, in 10⁻⁶ ticks, to within
    /// the rounding of the lots traded to 10⁻⁶ lots.
    ///
    /// - Parameters:
    ///   - side: the resting side that would be hit.
    ///   - notional: in micro-units; positive.
    ///   - tickValue: micro-units per tick and lot.
    /// - Returns: nil where the side does not hold so much.
    public func impactPrice(against side: Side, notional: Amount, tickValue: Int64) -> Int64? {
        // Money left to trade, and lots traded in 10⁻⁶ lots; both bounded by the book's own
        // notional.
        var left = Int128(notional.units)
        var microLots: Int128 = 0
        forEachLevel(side) { price, quantity in
            let perLot = Int128(price.units) * Int128(tickValue)
            let whole = perLot * Int128(quantity.units)
            guard whole < left else {
                microLots += left * 1_000_000 / perLot
                left = 0
                return false
            }
            microLots += Int128(quantity.units) * 1_000_000
            left -= whole
            return true
        }
        guard left == 0, microLots > 0 else { return nil }
        let ticks =
            Int128(notional.units) * 1_000_000 * 1_000_000 / (microLots * Int128(tickValue))
        return Int64(exactly: ticks)
    }
}
