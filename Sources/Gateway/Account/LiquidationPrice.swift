/// The mark at which an account would be liquidated, where one market decides it: a single position
/// in a perpetual or a future. Its worth and everything that it is asked follow the mark in
/// proportion. With equity E, signed worth V and maintenance margin R at the mark, health at a
/// share m above it is `E + V·m − R·(1 + m)`, which is zero at `mark · (V − E) / (V − R)`.
///
/// It is an estimate in that funding goes on, that M may change, and that the mark is taken to
/// move with the index. Where anything of the account does not follow that one price in proportion
/// there is none: other positions, options, a charge on concentration, a rule with amounts of money
/// in it, a settlement price that is fixed in part.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Oracle
import Risk

extension Ledger {
    /// The mark at which the liquidation of an account begins; nil where it is not decided by one
    /// price, and where no price leads to it.
    func liquidationMark(of account: AccountIdentifier) -> IndexPrice? {
        let positions = accounts[account].positions
        guard positions.count == 1, let worth = proportionalWorth(of: positions[0]),
            !risk.chargeParts(of: account, under: .maintenance).contains(where: {
                $0.kind == .concentration
            })
        else { return nil }
        let margin = maintenanceMargin(of: account)
        let mark = prices[Int(positions[0].instrument.number)].mark
        var (numerator, divisor) = (
            worth - Int128(margin.equity.units), worth - Int128(margin.requirement.units)
        )
        if divisor < 0 { (numerator, divisor) = (-numerator, -divisor) }
        guard numerator > 0, divisor > 0 else { return nil }
        let exact = (Int128(mark.units) * numerator + divisor / 2) / divisor
        return Int64(exactly: exact).map { IndexPrice(units: $0) }
    }

    /// The signed worth in µ of a position whose margin follows its mark in proportion.
    private func proportionalWorth(of position: Position) -> Int128? {
        let place = Int(position.instrument.number)
        let instrument = catalogue.instruments[place]
        switch instrument.kind {
        case .option, .spot: return nil
        case .future:
            guard expiryView(of: instrument)?.fixedShare == .zero else { return nil }
        case .perpetual: break
        }
        let rule = risk.parameters[Int(instrument.underlying.number)]
        guard risk.instruments[place].isPriced, rule.expiryTerms == nil, rule.deltaTerms == nil,
            rule.maintenance.scenarios.allSatisfy({ $0.dampener == .zero })
        else { return nil }
        return instrument.nanos(position.quantity) * Int128(prices[place].mark.units)
            / Int128(Instrument.lotScale)
    }
}
