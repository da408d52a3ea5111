/// Deribit's segregated portfolio margin, step by step as docs/margin.md section 4 says.

import Foundation

extension Reference {
    /// The parameters of Deribit's rule, by the words of the document.
    struct DeribitParameters {
        var priceRange: Precise
        var shock: VolatilityShock
        /// Moves of the extended table.
        var tails: [Precise] = [-0.66, -0.33, 0.5, 1, 2, 3, 4, 5]
        var tailFactor: Precise = 1
        /// What the extended table forgives per price range beyond the first, in the quote asset.
        var dampener: Precise
        /// The delta, in the quote asset, from which the delta shock grows.
        var deltaThreshold: Precise = 20_000_000
        /// Growth of the delta shock per unit of the underlying.
        var deltaIncrement: Precise
        var largestDeltaShock: Precise = 0.1
        var leastRoll: Precise
        var yearlyRoll: Precise
        /// Shares of the index that the contingencies of the earlier model ask; zero today.
        var optionContingency: Precise = 0
        var futureContingency: Precise = 0
        var maintenanceFactor: Precise = 0.8

        static let bitcoin = DeribitParameters(
            priceRange: 0.16, shock: VolatilityShock(up: 0.5, down: 0.25, leastUp: 0.5),
            dampener: 100_000, deltaIncrement: 0.00005, leastRoll: 0.01, yearlyRoll: 0.075)

        static let ether = DeribitParameters(
            priceRange: 0.18, shock: VolatilityShock(up: 0.4, down: 0.25, leastUp: 0.5),
            dampener: 200_000, deltaIncrement: 0.000004, leastRoll: 0.005, yearlyRoll: 0.05)

        /// The 27 scenarios of the table, from the largest fall to the largest rise, volatility up,
        /// unchanged and down at each.
        var grid: [Scenario] {
            (-4...4).flatMap { step in
                [Volatility.up, .none, .down].map {
                    Scenario(move: priceRange * Precise(step) / 4, volatility: $0)
                }
            }
        }
    }

    /// Initial and maintenance margin by Deribit's rule.
    static func deribit(
        _ portfolio: ReferencePortfolio, _ parameters: DeribitParameters = .bitcoin
    ) -> ReferenceResult {
        var profits = parameters.grid.map { portfolio.profit(in: $0, shock: parameters.shock) }
        for move in parameters.tails {
            profits.append(tailProfit(portfolio, move: move, parameters))
        }
        let (index, least) = worst(of: profits)
        let charges = [
            ReferenceCharge(name: "delta shock", amount: deltaShock(portfolio, parameters)),
            ReferenceCharge(name: "roll shock", amount: rollShock(portfolio, parameters)),
            ReferenceCharge(
                name: "option contingency",
                amount: portfolio.netShort { $0.quantity } * portfolio.index
                    * parameters.optionContingency),
            ReferenceCharge(
                name: "future contingency",
                amount: offsetLinears(portfolio) * portfolio.index * parameters.futureContingency),
        ]
        let equity = portfolio.equity
        let factor = parameters.maintenanceFactor
        return ReferenceResult(
            equity: equity,
            initial: ReferenceMargin(
                equity: equity, profits: profits, worst: index, scenarioLoss: -least,
                charges: charges + [portfolio.haircut(isInitial: true)]),
            maintenance: ReferenceMargin(
                equity: equity, profits: profits, worst: index, scenarioLoss: -least * factor,
                charges: charges.map {
                    ReferenceCharge(name: $0.name, amount: $0.amount * factor)
                } + [portfolio.haircut(isInitial: false)]))
    }

    /// A row of the extended table: a fraction of the result, less what is forgiven of a loss.
    private static func tailProfit(
        _ portfolio: ReferencePortfolio, move: Precise, _ parameters: DeribitParameters
    ) -> Precise {
        let ranges = abs(move) / parameters.priceRange
        let full = portfolio.profit(
            in: Scenario(move: move, volatility: .up), shock: parameters.shock)
        let fraction = full * parameters.tailFactor / ranges
        let forgiven = (max(ranges, 1) - 1) * parameters.dampener
        return fraction < 0 ? min(0, fraction + forgiven) : fraction
    }

    /// The delta that the delta shock takes: options bought may lower that of the rest, but neither
    /// raise nor turn it.
    static func shockedDelta(_ portfolio: ReferencePortfolio) -> Precise {
        var bought: Precise = 0
        var rest: Precise = 0
        for option in portfolio.options {
            if option.quantity > 0 {
                bought += portfolio.delta(of: option)
            } else {
                rest += portfolio.delta(of: option)
            }
        }
        for linear in portfolio.linears { rest += portfolio.delta(of: linear) }
        for collateral in portfolio.collaterals where collateral.isUnderlying {
            rest += collateral.quantity
        }
        let all = bought + rest
        return rest < 0 ? min(max(all, rest), 0) : max(min(all, rest), 0)
    }

    /// What a large one-sided delta asks.
    private static func deltaShock(
        _ portfolio: ReferencePortfolio, _ parameters: DeribitParameters
    ) -> Precise {
        let delta = abs(shockedDelta(portfolio))
        let beyond = max(0, delta - parameters.deltaThreshold / portfolio.index)
        let share = min(parameters.largestDeltaShock, beyond * parameters.deltaIncrement)
        return delta * portfolio.index * share
    }

    /// What deltas of different expiries ask, since their forwards do not move as one.
    private static func rollShock(
        _ portfolio: ReferencePortfolio, _ parameters: DeribitParameters
    ) -> Precise {
        var sum = abs(portfolio.delta(inExpiry: nil)) * parameters.leastRoll
        for expiry in portfolio.expiries.indices {
            let years = max(portfolio.expiries[expiry].seconds, 0) / ReferencePricing.year
            let share = max(parameters.leastRoll, exp(parameters.yearlyRoll * years) - 1)
            sum += abs(portfolio.delta(inExpiry: expiry)) * share
        }
        return sum * portfolio.index
    }

    /// Units of perpetuals and futures held long that are offset by others held short.
    private static func offsetLinears(_ portfolio: ReferencePortfolio) -> Precise {
        let quantities = portfolio.linears.map(\.quantity)
        let long = quantities.reduce(0) { $0 + max($1, 0) }
        let short = quantities.reduce(0) { $0 + max(-$1, 0) }
        return min(long, short)
    }
}
