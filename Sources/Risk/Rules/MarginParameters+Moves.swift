/// What follows M where the index sets it (docs/margins.md): scenarios, floors that are shares of
/// it, haircuts and concentration. All of it goes through M, so that its bounds and rates are
/// theirs.

import Estimation
import FixedPoint

extension MarginParameters {
    /// M under a rule, as things stand.
    func move(_ kind: RuleKind, in market: MarketView) -> Ratio {
        guard let moves = market.moves else { return move }
        return kind == .initial ? moves.initial : moves.maintenance
    }

    /// A share that is stated for the move of reference, grown with M: never less than stated, at
    /// most all. Rounded up.
    func grown(_ share: Ratio, _ kind: RuleKind, in market: MarketView) -> Ratio {
        let current = move(kind, in: market)
        guard current > move else { return share }
        let product = Int128(share.units) * Int128(current.units)
        let reference = Int128(move.units)
        return min(.one, Ratio(units: Int64(clamping: (product + reference - 1) / reference)))
    }
}
