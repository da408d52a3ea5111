/// Losses of underlyings whose rules are more than a minimum over sums of lanes: with dampeners,
/// terms of deltas, or expiries asked apart. They are rules of other venues; Rampart's own need
/// none of it.

import Accounts
import Canonical
import FixedPoint

extension MarginParameters {
    /// Whether its loss is more than the lowest lane.
    var isSpecial: Bool {
        deltaTerms != nil || expiryTerms != nil
            || initial.scenarios.contains { $0.dampener.isPositive }
            || maintenance.scenarios.contains { $0.dampener.isPositive }
    }
}

extension RiskState {
    /// The loss of such an underlying, in 2^-fractionBits µ; at most zero.
    ///
    /// - Parameter adjustment: a fill to be counted as if it had happened.
    func specialLoss(
        _ place: Int, of underlying: UnderlyingIdentifier, under rule: RuleKind,
        _ adjustment: Adjustment? = nil
    ) -> Int64 {
        let worst =
            parameters[Int(underlying.number)].expiryTerms != nil
            ? worstByExpiry(place, of: underlying, under: rule, adjustment)
            : worstDampened(place, of: underlying, under: rule, adjustment)
        return loss(place, of: underlying, under: rule, worst: worst, adjustment)
    }

    /// The lowest lane, each lessened by its dampener; at most zero.
    private func worstDampened(
        _ place: Int, of underlying: UnderlyingIdentifier, under rule: RuleKind,
        _ adjustment: Adjustment?
    ) -> Int64 {
        let parameters = parameters[Int(underlying.number)]
        guard let market = markets[Int(underlying.number)] else { return 0 }
        let isInitial = rule == .initial
        let scenarios = isInitial ? parameters.initial.scenarios : parameters.maintenance.scenarios
        let lanes = isInitial ? market.lanes.initial : market.lanes.maintenance
        let factor = Real(lanes.factor)
        let row = row(accounts[place], underlying)
        let bits = fractionBits[Int(underlying.number)]
        var worst: Int64 = 0
        for lane in lanes.lanes.indices {
            let vector = lane / 4 + (isInitial ? 0 : table.count)
            var sum = table[row, vector][lane % 4]
            if isInitial { sum += table[row, 2 * table.count + lane / 4][lane % 4] }
            if let adjustment, self.underlying(of: adjustment.instrument) == underlying {
                let delta = deltas[Int(adjustment.instrument.number), vector]
                sum += adjustment.lots.units * delta[lane % 4]
            }
            if lane < scenarios.count {
                sum += (scenarios[lane].dampener.units &<< bits).scaled(by: factor)
            }
            worst = min(worst, sum)
        }
        return worst
    }
}
