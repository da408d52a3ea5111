/// What is tested on a series, with its parameters: the estimators of the room `Estimation` as the
/// ledger runs them, on the clock of the series.
///
/// The ledger's model counts hours. On a daily series it is run with a day in the place of an hour,
/// so that the code under test is the ledger's own and only its clock runs slower: floor, cap and
/// what it starts with grow with the root of time, limits of speed with time, and it looks one step
/// ahead. Nothing else is changed, and nothing is fitted to the series.

import Documents
import Estimation
package import FixedPoint

/// What a run gives the estimators in the place of their own parameters, to see what hangs on them.
package struct BackTestTuning: Equatable, Sendable {
    /// λ: what remains of a squared return after a step; nil leaves it.
    package let memory: Ratio?
    /// How many residuals or returns are kept; nil leaves it.
    package let window: UInt16?

    /// Nil where the room does not allow it: a memory of `½ ..< 1`, a window of hundreds from 500
    /// to 2,000.
    package init?(memory: Ratio? = nil, window: UInt16? = nil) {
        var parameters = EstimatorParameters()
        parameters.memory = memory ?? parameters.memory
        parameters.window = window ?? parameters.window
        guard parameters.faultyField == nil else { return nil }
        self.memory = memory
        self.window = window
    }

    /// Nothing changed.
    package static let none = BackTestTuning()

    private init() {
        memory = nil
        window = nil
    }
}

/// Estimators and rules for one series.
struct BackTestModels {
    /// Closes before the first forecast.
    let warmUp: Int
    /// Steps that a forecast covers.
    let forecastHorizon: Int
    /// Steps over which margins are judged.
    let marginHorizon: Int
    /// What a new position is asked for, over what it must keep (`shared/facts/risk.md`).
    let initialFactor: Double
    /// The ledger's, on the clock of the series.
    let parameters: MarginModelParameters

    /// Closes of a daily series before the first forecast: of 2,125 it leaves 2,000.
    private static let leastWarmUp = 124
    /// What rules that look at whole months need to start with, where the series has it.
    private static let warmUpSpan = 90 * TimeText.day
    private static let mostWarmUpShare = 5
    static let hour = 60 * TimeText.minute
    private static let majorFactor = 1.5
    private static let longTailFactor = 2.0
    /// What remains of a squared return after a day: RiskMetrics, 1996.
    private static let dailyMemory = Ratio(basisPoints: 9_400)
    /// Days that are kept: two years, so that the seed has left when the third begins.
    private static let dailyWindow: UInt16 = 500

    init(for series: BackTestSeries, tuning: BackTestTuning = .none) {
        let span = Int(clamping: BackTestModels.warmUpSpan / series.step)
        warmUp = min(
            max(BackTestModels.leastWarmUp, span),
            series.closes.count / BackTestModels.mostWarmUpShare)
        let venue = BackTestModels.venue(series.base)
        initialFactor =
            venue == .longTail
            ? BackTestModels.longTailFactor : BackTestModels.majorFactor
        var parameters: MarginModelParameters
        switch series.step {
        case BackTestModels.hour:
            parameters = venue
            forecastHorizon = Int(venue.estimator.horizon)
            marginHorizon = max(forecastHorizon, Int(venue.liquidationHours))
        default:
            let hours = Double(series.step) / Double(BackTestModels.hour)
            parameters = BackTestModels.slowed(venue, hours: hours)
            (forecastHorizon, marginHorizon) = (1, 1)
        }
        parameters.estimator.memory = tuning.memory ?? parameters.estimator.memory
        parameters.estimator.window = tuning.window ?? parameters.estimator.window
        self.parameters = parameters
    }

    /// What the ledger runs for an asset.
    static func venue(_ base: String) -> MarginModelParameters {
        switch base {
        case "BTC": .bitcoin
        case "ETH": .ether
        default: .longTail
        }
    }

    /// The same with a step of other length in the place of an hour.
    private static func slowed(
        _ venue: MarginModelParameters, hours: Double
    ) -> MarginModelParameters {
        var slowed = venue
        let held = Double(max(venue.liquidationHours, venue.estimator.horizon))
        let horizonGrowth = (hours / held).squareRoot()
        slowed.estimator.horizon = 1
        slowed.liquidationHours = 1
        slowed.floor = grown(venue.floor, horizonGrowth)
        slowed.cap = grown(venue.cap, horizonGrowth)
        // What the chain has not lived through is said of the estimator's horizon.
        slowed.stressedShortfall = grown(
            venue.stressedShortfall,
            (hours / Double(venue.estimator.horizon)).squareRoot())
        slowed.openingVolatility = grown(venue.openingVolatility, hours.squareRoot())
        guard hours > 1 else { return slowed }
        slowed.estimator.memory = dailyMemory
        slowed.estimator.window = dailyWindow
        slowed.hourlyRise = .one
        slowed.dailyFall = Ratio(units: Ratio.one.units - 1)
        return slowed
    }

    /// A share that grows by a factor, to one at most.
    private static func grown(_ share: Ratio, _ factor: Double) -> Ratio {
        let units = (Double(share.units) * factor).rounded()
        return Ratio(units: Int64(min(units, Double(Ratio.one.units))))
    }

    var estimators: [any TailEstimator] {
        [
            FilteredEstimator(
                parameters.estimator, opening: parameters.openingVolatility,
                horizon: forecastHorizon),
            StudentEstimator(
                parameters.estimator, opening: parameters.openingVolatility,
                horizon: forecastHorizon),
            HistoricalEstimator(parameters.estimator, horizon: forecastHorizon),
        ]
    }

    var rules: [any MarginRule] {
        let bounds = MarginBounds(
            floor: share(parameters.floor), cap: share(parameters.cap), horizon: marginHorizon)
        return [
            ModelRule(parameters), FixedRule(bounds: bounds, warmUp: warmUp),
            ReviewedRule(bounds: bounds, warmUp: warmUp),
        ]
    }

    private func share(_ ratio: Ratio) -> Double {
        Double(ratio.units) / Double(Ratio.one.units)
    }
}
