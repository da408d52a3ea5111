/// What a portfolio can really lose inside the range that a rule claims to cover: every position
/// revalued at price steps of a tenth of a percent, under the rule's own moves of volatility. In
/// binary floating point and apart from the engine, from docs/margin.md, sections 1 and 2, alone:
/// it shares no table, no scenario and no arithmetic with what it judges.
import FixedPoint
import Foundation
import Risk

/// The range and the shocks of a rule.
struct TrueLoss: Sendable {
    /// A state of the world, with what the portfolio gains in it.
    struct Point: Equatable, Sendable {
        /// In thousandths of the index.
        let move: Int64
        let volatility: VolatilityMove
        /// In units of the index; negative is a loss.
        let profit: Double
    }

    /// The largest price move that counts in full, in thousandths.
    let range: Int64
    private let shock: VolatilityShock

    init(_ parameters: MarginParameters) {
        shock = parameters.volatility
        var widest = 0.0
        for scenario in parameters.maintenance.scenarios
        where scenario.weight == .one && scenario.dampener == .zero {
            widest = max(widest, abs(TrueLoss.double(scenario.move)))
        }
        range = Int64((widest * TrueLoss.double(parameters.move) * 1_000).rounded())
    }

    private static func double(_ ratio: Ratio) -> Double { Double(ratio.units) / 1e9 }

    /// The worst of all states.
    func worst(of portfolio: BlindSpotPortfolio) -> Point {
        var worst = Point(move: 0, volatility: .unchanged, profit: 0)
        for volatility in VolatilityMove.allCases {
            for point in curve(of: portfolio, volatility) where point.profit < worst.profit {
                worst = point
            }
        }
        return worst
    }

    /// Gains over the whole range under one move of volatility, the lowest price first.
    func curve(
        of portfolio: BlindSpotPortfolio, _ volatility: VolatilityMove
    ) -> [Point] {
        var profits = [Double](repeating: 0, count: Int(2 * range + 1))
        for leg in portfolio.legs {
            let years = Double(leg.hours) / (365 * 24)
            let before = Double(portfolio.volatility) / 100
            let after = shocked(before, days: Double(leg.hours) / 24, volatility)
            let strike = Double(leg.strike) / 1_000
            let size = Double(leg.tenths) / 10
            let now = TrueLoss.black(1, strike, before * years.squareRoot(), isCall: leg.isCall)
            let total = after * years.squareRoot()
            for place in profits.indices {
                let forward = 1 + Double(Int64(place) - range) / 1_000
                profits[place] +=
                    size * (TrueLoss.black(forward, strike, total, isCall: leg.isCall) - now)
            }
        }
        let perpetual = Double(portfolio.perpetual) / 10
        return profits.indices.map { place in
            let move = Int64(place) - range
            return Point(
                move: move, volatility: volatility,
                profit: profits[place] + perpetual * Double(move) / 1_000)
        }
    }

    /// σ′ of docs/margin.md, section 2.
    func shocked(_ volatility: Double, days: Double, _ move: VolatilityMove) -> Double {
        let counted = max(days, TrueLoss.double(shock.leastDays))
        let power = TrueLoss.double(counted < 30 ? shock.shortPower : shock.longPower)
        let growth = pow(30 / counted, power)
        switch move {
        case .unchanged: return volatility
        case .up:
            return max(
                TrueLoss.double(shock.leastUp),
                volatility * (1 + TrueLoss.double(shock.up) * growth))
        case .down:
            return max(
                min(volatility, TrueLoss.double(shock.leastDown)),
                volatility * max(0, 1 - TrueLoss.double(shock.down) * growth))
        }
    }

    /// Black (1976), undiscounted, for a total volatility σ·√T.
    static func black(
        _ forward: Double, _ strike: Double, _ total: Double, isCall: Bool
    ) -> Double {
        guard total > 0 else {
            return max(0, isCall ? forward - strike : strike - forward)
        }
        let upper = log(forward / strike) / total + total / 2
        let lower = upper - total
        return isCall
            ? forward * normal(upper) - strike * normal(lower)
            : strike * normal(-lower) - forward * normal(-upper)
    }

    private static func normal(_ value: Double) -> Double {
        erfc(-value / 2.0.squareRoot()) / 2
    }
}
