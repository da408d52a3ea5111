/// What a book shows: its levels, and what it would cost to trade now, the impact price behind the
/// mark (DESIGN 7).

public import Canonical
public import FixedPoint

extension OrderBooks {
    /// The price levels of a side of a book, best first, as price and lots that show.
    public func depth(
        _ side: Side, in book: InstrumentIdentifier
    ) -> [(price: Price, quantity: Quantity)] {
        var depth: [(price: Price, quantity: Quantity)] = []
        forEachLevel(side, in: book) { price, quantity in
            depth.append((price, quantity))
            return true
        }
        return depth
    }

    /// Visits the levels of a side of a book, best first, until `visit` says false.
    public func forEachLevel(
        _ side: Side, in book: InstrumentIdentifier, _ visit: (Price, Quantity) -> Bool
    ) {
        var level = levels.best(ladder(side, book))
        while level != OrderRecord.none {
            guard visit(levels[level].price, levels[level].quantity) else { return }
            level = levels[level].worse
        }
    }

    /// The average price at which `notional` would trade against a side, in 10⁻⁶ ticks, to within
    /// the rounding of the lots traded to 10⁻⁶ lots. Lots that do not show do not count.
    ///
    /// - Parameters:
    ///   - side: the resting side that would be hit.
    ///   - notional: in micro-units; positive.
    ///   - tickValue: micro-units per tick and lot.
    /// - Returns: nil where the side does not hold so much.
    public func impactPrice(
        against side: Side, in book: InstrumentIdentifier, notional: Amount, tickValue: Int64
    ) -> Int64? {
        // Money left to trade, and lots traded in 10⁻⁶ lots; both bounded by the book's own
        // notional.
        var left = Int128(notional.units)
        var microLots: Int128 = 0
        forEachLevel(side, in: book) { price, quantity in
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
