/// The worst scenario under a rule that asks something expiry by expiry (`ExpiryTerms`): then lanes
/// do not simply add up over instruments, and the loss is made from the positions each time. Δ of
/// such a rule holds plain gains, without weight and factor.

import Accounts
import Canonical
import Catalogue
import FixedPoint

/// What multiplies the worth of an expiry's options after a scenario, and its basis loss.
struct ExpiryFactors: Sendable {
    let long: Real
    let short: Real
    let basis: Real

    init(_ expiry: ExpiryView, _ terms: ExpiryTerms, discount: Real) {
        let years = ExpiryShocks.years(expiry.timeLeft)
        func growth(_ rule: SignDiscount) -> Real {
            (Real(max(expiry.rate, .zero)) * Real(rule.rateFactor) + Real(rule.rateAddition))
                * years
        }
        long = Real(terms.long.shift) * Real.exp(-growth(terms.long))
        short = min(Real(terms.short.shift) * Real.exp(growth(terms.short)), .one / discount)
        basis = Real(terms.basisAddition) + Real(terms.basisFactor) * years
    }
}

extension RiskState {
    /// The worst lane of an underlying, weights and factor included; at most zero.
    func worstByExpiry(
        _ place: Int, of underlying: UnderlyingIdentifier, under rule: RuleKind,
        _ adjustment: Adjustment?
    ) -> Int64 {
        guard let market = markets[Int(underlying.number)] else { return 0 }
        let results = resultsByExpiry(place, of: underlying, market, under: rule, adjustment)
        let scenarios = parameters[Int(underlying.number)].rule(rule).scenarios
        var worst = min(0, results.basis)
        for lane in scenarios.indices { worst = min(worst, results.lanes[lane]) }
        let factor =
            rule == .initial ? market.lanes.initial.factor : market.lanes.maintenance.factor
        return worst.scaled(by: Real(factor))
    }

    /// What every scenario gives, and the basis contingency: with weights, without the factor.
    func resultsByExpiry(
        _ place: Int, of underlying: UnderlyingIdentifier, _ market: OpenMarket,
        under rule: RuleKind, _ adjustment: Adjustment?
    ) -> (lanes: InlineArray<64, Int64>, basis: Int64) {
        let parameters = parameters[Int(underlying.number)]
        let lanes = rule == .initial ? market.lanes.initial : market.lanes.maintenance
        let scenarios =
            rule == .initial ? parameters.initial.scenarios : parameters.maintenance.scenarios
        var sums = InlineArray<64, Int64>(repeating: 0)
        var basis: Int64 = 0
        let list = accounts[place].exposures
        for slot in 0..<list.count {
            let instrument = Int(exposurePool[list, slot].instrument.number)
            guard lots[instrument].underlying == underlying else { continue }
            guard let expiry = instruments[instrument].instrument.expiry,
                let factors = instruments[instrument].expiryFactors
            else {
                let held = held(list, slot, adjustment)
                for lane in scenarios.indices {
                    let gain = held * delta(instrument, lane, rule)
                    sums[lane] += gain.scaled(by: lanes.weights[lane])
                }
                continue
            }
            // Each expiry at its first option.
            var isFirst = true
            for earlier in 0..<slot where isOption(list, earlier, underlying, expiry) {
                isFirst = false
            }
            guard isFirst else { continue }
            var gains = InlineArray<64, Int64>(repeating: 0)
            var worth: Int64 = 0
            for other in slot..<list.count where isOption(list, other, underlying, expiry) {
                let option = Int(exposurePool[list, other].instrument.number)
                let held = held(list, other, adjustment)
                worth += held * instruments[option].modelValue
                for lane in 0..<(scenarios.count + 2) {
                    gains[lane] += held * delta(option, lane, rule)
                }
            }
            for lane in scenarios.indices {
                let after = gains[lane] + worth
                let change =
                    after.scaled(by: after < 0 ? factors.short : factors.long) - worth
                let isTilt = scenarios[lane].skew != .zero || scenarios[lane].smile != .zero
                sums[lane] += (isTilt ? -abs(change) : change).scaled(by: lanes.weights[lane])
            }
            let least = min(0, gains[scenarios.count], gains[scenarios.count + 1])
            basis += least.scaled(by: factors.basis)
        }
        return (sums, basis)
    }

    private func delta(_ instrument: Int, _ lane: Int, _ rule: RuleKind) -> Int64 {
        let lanes =
            rule == .initial
            ? instruments[instrument].initialDelta : instruments[instrument].maintenanceDelta
        return lanes[lane / 4][lane % 4]
    }

    private func held(_ list: PooledList, _ slot: Int, _ adjustment: Adjustment?) -> Int64 {
        let exposure = exposurePool[list, slot]
        let lots = exposure.position.units
        guard let adjustment, adjustment.instrument == exposure.instrument else { return lots }
        return lots + adjustment.lots.units
    }

    private func isOption(
        _ list: PooledList, _ slot: Int, _ underlying: UnderlyingIdentifier, _ expiry: Timestamp
    ) -> Bool {
        let instrument = Int(exposurePool[list, slot].instrument.number)
        return lots[instrument].underlying == underlying
            && instruments[instrument].expiryFactors != nil
            && instruments[instrument].instrument.expiry == expiry
    }
}
