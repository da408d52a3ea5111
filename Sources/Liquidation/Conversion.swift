/// Which holdings to sell, and how much of them, so that an account that owes too much of the quote
/// asset owes little enough again (DESIGN 4: debts "are covered by converting collateral"). At what
/// limit they may be sold is the band of liquidation (`BookClosing`).

import Canonical
import Catalogue
public import FixedPoint
import Risk

/// The arithmetic of conversion.
public enum Conversion {
    /// The holdings by what they are worth at the mark, most first; at equal worth by instrument.
    public static func ranking(of holdings: [ClosingCandidate]) -> [ClosingCandidate] {
        holdings.sorted { left, right in
            left.worth != right.worth
                ? left.worth > right.worth : left.instrument < right.instrument
        }
    }

    /// How many lots bring in so much, if all of them trade at the mark: rounded up, at most the
    /// holding.
    ///
    /// - Parameters:
    ///   - missing: positive.
    ///   - fee: that the account pays on each lot's notional.
    public static func lotsToSell(
        of holding: ClosingCandidate, missing: Amount, fee: Ratio
    ) -> Quantity {
        let all = holding.quantity
        let one = Int128(Ratio.one.units)
        // In 2^-fractionBits µ × 10⁻⁹.
        let perLot = Int128(holding.risk.markValue) * (one - Int128(fee.units))
        guard perLot > 0 else { return all }
        let wanted = (Int128(missing.units) << Int128(holding.risk.fractionBits)) * one
        let lots = (wanted + perLot - 1) / perLot
        return lots < Int128(all.units) ? Quantity(lots: Int64(lots)) : all
    }
}

extension ClosingCandidate {
    /// What it is worth at the mark, in µ, rounded down.
    var worth: Int64 { (risk.markValue * quantity.units) >> risk.fractionBits }
}
