/// What step 2 may choose from: each position of an account, and for those with options the
/// perpetual of the same underlying and compartment, as many lots as bring the account's delta to
/// zero and no more. That is the one case in which the engine opens a position: half of an option's
/// risk is its delta, and the perpetual's book is the deepest there is.

import Accounts
import Breakers
import Canonical
import Catalogue
import FixedPoint
import Liquidation
import Markets
import Risk

extension LedgerState {
    /// Hedges first, then positions in the order of their instruments.
    mutating func closingMoves(of identifier: AccountIdentifier) -> [ClosingMove] {
        let hedges = closingHedges(of: identifier)
        var moves = hedges
        for position in accounts[identifier].positions {
            // A hedge on the same side closes the position before it opens one.
            let isHedged = hedges.contains {
                $0.candidate.instrument == position.instrument
                    && $0.sells == position.quantity.isPositive
                    && $0.most >= position.quantity.magnitude
            }
            if isHedged { continue }
            moves.append(ClosingMove(closingCandidate(position.instrument, position.quantity)))
        }
        return moves
    }

    /// One for each underlying of which the account holds options.
    private mutating func closingHedges(of identifier: AccountIdentifier) -> [ClosingMove] {
        var hedged = UnderlyingSet()
        for position in accounts[identifier].positions {
            let instrument = catalogue.instruments[Int(position.instrument.number)]
            if case .option = instrument.kind { hedged.insert(instrument.underlying) }
        }
        guard !hedged.isEmpty else { return [] }
        var moves: [ClosingMove] = []
        let home = accounts.compartment(of: identifier)
        for perpetual in catalogue.live {
            let instrument = catalogue.instruments[Int(perpetual.number)]
            guard hedged.contains(instrument.underlying), instrument.kind == .perpetual,
                instrument.compartment == home, level(of: perpetual) == .normal
            else { continue }
            // Of several perpetuals the first.
            hedged.remove(instrument.underlying)
            if let move = hedge(identifier, with: perpetual, instrument) { moves.append(move) }
        }
        return moves
    }

    /// As many lots of a perpetual as bring the account's delta to zero, inside its position
    /// limit.
    private mutating func hedge(
        _ identifier: AccountIdentifier, with perpetual: InstrumentIdentifier,
        _ instrument: Instrument
    ) -> ClosingMove? {
        var delta: Int128 = 0
        for position in accounts[identifier].positions {
            let risk = risk.instruments[Int(position.instrument.number)]
            guard risk.instrument.underlying == instrument.underlying else { continue }
            delta += Int128(risk.deltaWorth) * Int128(position.quantity.units)
        }
        let perLot = Int128(risk.instruments[Int(perpetual.number)].deltaWorth)
        guard perLot > 0 else { return nil }
        // Toward zero: never through it.
        let held = accounts.quantity(of: identifier, in: perpetual).units
        let limit = instrument.positionLimit.units
        let lots = max(Int128(held - limit), min(delta / perLot, Int128(held + limit)))
        guard lots != 0 else { return nil }
        return ClosingMove(
            closingCandidate(perpetual, Quantity(lots: Int64(lots))), isHedge: true)
    }
}
