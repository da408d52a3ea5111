/// The scenarios of one underlying at one moment, in the form in which they are applied to its
/// instruments: each a factor on the forward with its logarithm and inverse, so that an option
/// costs no logarithm and no division a scenario. The scenarios at strikes come last; those that
/// are not needed stand still.

import FixedPoint

struct ScenarioLanes {
    /// One scenario.
    struct Lane {
        /// S' / S.
        let factor: Real
        /// ln of it.
        let logarithm: Real
        /// One divided by it.
        let inverse: Real
        let volatility: VolatilityMove
        /// In multiples of the basis shock.
        let basis: Real
        let skew: Real
        let smile: Real

        /// The same with another factor.
        func moved(by factor: Real) -> Lane {
            let product = self.factor * factor
            return Lane(
                factor: product, logarithm: logarithm + Real.log(factor),
                inverse: Real.one / product, volatility: volatility, basis: basis, skew: skew,
                smile: smile)
        }

        /// Whether it leaves the volatility as it is.
        var keepsVolatility: Bool {
            volatility == .unchanged && skew == .zero && smile == .zero
        }
    }

    /// The scenarios of a rule, and how much each counts.
    struct Rule {
        /// M.
        fileprivate(set) var move = Ratio.one
        fileprivate(set) var lanes: [Lane] = []
        /// The share of the result that counts, by lane.
        fileprivate(set) var weights: [Real] = []
        /// What Δ is multiplied by, by lane: weight × factor; one where expiries are asked apart.
        fileprivate(set) var scales: [Real] = []
        /// The rule's factor, what the peg adds included.
        fileprivate(set) var factor = Ratio.one
    }

    private(set) var initial = Rule()
    private(set) var maintenance = Rule()
    /// Whether both rules have the same scenarios, so that one valuation does for both.
    let isShared: Bool
    /// The stable price over the index.
    let stableFactor: Real

    /// - Parameters:
    ///   - strikes: of the expiries within the horizon, nearest to the index first; those that are
    ///     too many or beyond M are left out.
    init(_ market: MarketView, strikes: [IndexPrice], _ parameters: MarginParameters) {
        let (initialMove, maintenanceMove) = (
            parameters.move(.initial, in: market), parameters.move(.maintenance, in: market)
        )
        isShared =
            initialMove == maintenanceMove
            && parameters.initial.scenarios == parameters.maintenance.scenarios
        stableFactor = Real(market.stable.units, over: market.index.units)
        let peg = parameters.peg.raisesFactor ? parameters.peg.rate(at: market.peg) : .zero
        initial = ScenarioLanes.rule(
            parameters.initial, move: initialMove, factor: parameters.initial.factor + peg,
            parameters, ScenarioLanes.strikeMoves(strikes, within: initialMove, market, parameters))
        maintenance = ScenarioLanes.rule(
            parameters.maintenance, move: maintenanceMove, factor: parameters.maintenance.factor,
            parameters,
            ScenarioLanes.strikeMoves(strikes, within: maintenanceMove, market, parameters))
    }

    /// The scenarios at strikes, as factors on the index.
    private static func strikeMoves(
        _ strikes: [IndexPrice], within move: Ratio, _ market: MarketView,
        _ parameters: MarginParameters
    ) -> [Real] {
        var factors: [Real] = []
        for strike in scenarioStrikes(strikes, within: move, market, parameters) {
            factors.append(Real(strike.units, over: market.index.units))
        }
        while factors.count < Int(parameters.strikeScenarios) { factors.append(.one) }
        return factors
    }

    /// Those of some strikes that become scenarios.
    static func scenarioStrikes(
        _ strikes: [IndexPrice], within move: Ratio, _ market: MarketView,
        _ parameters: MarginParameters
    ) -> [IndexPrice] {
        let reach = Real(move)
        var result: [IndexPrice] = []
        for strike in strikes where result.count < Int(parameters.strikeScenarios) {
            let factor = Real(strike.units, over: market.index.units)
            if factor >= Real.one - reach, factor <= Real.one + reach { result.append(strike) }
        }
        return result
    }

    private static func rule(
        _ rule: MarginRule, move size: Ratio, factor: Ratio, _ parameters: MarginParameters,
        _ strikes: [Real]
    ) -> Rule {
        var result = Rule()
        result.move = size
        result.factor = factor
        let factor = Real(factor)
        let isPlain = parameters.expiryTerms != nil
        for scenario in rule.scenarios {
            let move = Real.one + Real(scenario.move) * Real(size)
            let weight = Real(scenario.weight)
            result.lanes.append(lane(factor: move, scenario))
            result.weights.append(weight)
            result.scales.append(isPlain ? .one : weight * factor)
        }
        let still = Scenario(move: .zero, weight: .one)
        var others = strikes
        if let terms = parameters.expiryTerms {
            others.append(Real.one + Real(terms.basisUp))
            others.append(Real.one + Real(terms.basisDown))
        }
        for move in others {
            result.lanes.append(lane(factor: move, still))
            result.weights.append(.one)
            result.scales.append(isPlain ? .one : factor)
        }
        return result
    }

    private static func lane(factor: Real, _ scenario: Scenario) -> Lane {
        let factor = max(factor, leastFactor)
        return Lane(
            factor: factor, logarithm: Real.log(factor), inverse: Real.one / factor,
            volatility: scenario.volatility, basis: Real(scenario.basis),
            skew: Real(scenario.skew), smile: Real(scenario.smile))
    }

    /// No scenario leaves less of a price than a millionth.
    private static let leastFactor = Real(Ratio(billionths: 1_000))
}
