/// Paradex's portfolio margin, step by step as docs/margin.md section 5 says.

extension Reference {
    /// The parameters of Paradex's rule, by the words of the document.
    struct ParadexParameters {
        var scenarios: [Scenario]
        var shock: VolatilityShock
        var unhedgedFactor: Precise
        var hedgedFactor: Precise
        /// The most that the fee of an option may be, as a share of its value.
        var optionFeeCap: Precise = 0.125
        var maintenanceFactor: Precise = 0.5

        /// BTC and ETH.
        static let major = ParadexParameters(
            scenarios: table(step: 0.04, tails: [0.18, 0.36, 0.24, 0.12, 0.06, 0.04, 0.03, 0.024]),
            shock: VolatilityShock(up: 0.40, down: 0.22, leastUp: 0.40),
            unhedgedFactor: 0.02, hedgedFactor: 0.01)

        /// HYPE.
        static let minor = ParadexParameters(
            scenarios: table(step: 0.07, tails: [0.30, 0.50, 0.40, 0.20, 0.10, 0.07, 0.05, 0.04]),
            shock: VolatilityShock(up: 0.64, down: 0.352, leastUp: 0.60),
            unhedgedFactor: 0.03, hedgedFactor: 0.015)

        /// The 24 rows in the order of the document.
        private static func table(step: Precise, tails: [Precise]) -> [Scenario] {
            var rows: [Scenario] = [Scenario(move: 4 * step, volatility: .up)]
            for count: Precise in [3, 2, 1, 0, -1, -2, -3] {
                rows.append(Scenario(move: count * step, volatility: .up))
                rows.append(Scenario(move: count * step, volatility: .down))
            }
            rows.append(Scenario(move: -4 * step, volatility: .up))
            let moves: [Precise] = [-0.66, -0.33, 0.5, 1, 2, 3, 4, 5]
            for (move, weight) in zip(moves, tails) {
                rows.append(Scenario(move: move, volatility: .up, weight: weight))
            }
            return rows
        }
    }

    /// Initial and maintenance margin by Paradex's rule.
    static func paradex(
        _ portfolio: ReferencePortfolio, _ parameters: ParadexParameters = .major
    ) -> ReferenceResult {
        let profits = parameters.scenarios.map {
            $0.weight * portfolio.profit(in: $0, shock: parameters.shock)
        }
        let (index, least) = worst(of: profits)
        let missing = max(0, leastForDelta(portfolio, parameters) + least)
        let provisions = [
            ReferenceCharge(name: "funding", amount: funding(portfolio)),
            ReferenceCharge(name: "fee", amount: fees(portfolio, parameters)),
        ]
        let equity = portfolio.equity
        func margin(factor: Precise, isInitial: Bool) -> ReferenceMargin {
            ReferenceMargin(
                equity: equity, profits: profits, worst: index, scenarioLoss: -least * factor,
                charges: [ReferenceCharge(name: "minimum delta", amount: missing * factor)]
                    + provisions + [portfolio.haircut(isInitial: isInitial)])
        }
        return ReferenceResult(
            equity: equity, initial: margin(factor: 1, isInitial: true),
            maintenance: margin(factor: parameters.maintenanceFactor, isInitial: false))
    }

    /// The least that deltas ask, hedged or not.
    private static func leastForDelta(
        _ portfolio: ReferencePortfolio, _ parameters: ParadexParameters
    ) -> Precise {
        let deltas = portfolio.options.map(portfolio.delta) + portfolio.linears.map(portfolio.delta)
        let net = abs(deltas.reduce(0, +))
        let gross = deltas.reduce(0) { $0 + abs($1) }
        let hedged = (gross - net) / 2
        return (parameters.unhedgedFactor * net + parameters.hedgedFactor * hedged)
            * portfolio.index
    }

    /// What the perpetual will pay over eight hours.
    private static func funding(_ portfolio: ReferencePortfolio) -> Precise {
        let held = portfolio.linears.filter { $0.expiry == nil }.reduce(0) { $0 + $1.quantity }
        return max(0, held * portfolio.index * portfolio.fundingRate)
    }

    /// What closing everything costs in fees.
    private static func fees(
        _ portfolio: ReferencePortfolio, _ parameters: ParadexParameters
    ) -> Precise {
        var sum: Precise = 0
        for option in portfolio.options {
            let fee = min(
                portfolio.feeRate * portfolio.index,
                parameters.optionFeeCap * portfolio.value(of: option))
            sum += abs(option.quantity) * fee
        }
        for linear in portfolio.linears {
            sum += abs(linear.quantity) * linear.mark * portfolio.feeRate
        }
        return sum
    }
}
