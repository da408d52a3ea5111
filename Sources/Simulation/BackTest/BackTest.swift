/// A walk forward through one series: before each close every model says what it expects and every
/// rule what it asks, then the close is shown to all. Nothing is fitted to what comes later.

import Documents
import Foundation

/// The levels of a back-test.
package enum BackTest {
    /// The rate of breaches that forecasts and margins stand for.
    package static let promised = 0.01
    /// A test with a smaller chance rejects.
    package static let rejection = 0.01
    /// One with a smaller chance casts doubt.
    package static let doubt = 0.05
    /// Below, margins are not judged: a rule that is reviewed each month would be asked once.
    static let leastSpan = 60 * TimeText.day
}

/// What came of one series.
package struct BackTestResult: Sendable {
    package let series: BackTestSeries
    package let warmUp: Int
    /// Steps over which margins are judged.
    package let horizon: Int
    /// What a new position is asked for, over what it must keep.
    package let initialFactor: Double
    package let estimators: [EstimatorRecord]
    /// Empty where the series is too short in time.
    package let rules: [RuleRecord]
    /// Steps that forecasts cover.
    package let forecastHorizon: Int
    /// Closes that were forecast, with what the first estimator said of each.
    let forecasts: [(place: Int, forecasts: LossForecasts)]

    /// Both margins of one rule, with what it asked after each close.
    package struct RuleRecord: Sendable {
        package let name: String
        package let initial: MarginRecord
        package let maintenance: MarginRecord
        let moves: [(place: Int, moves: RuleMoves)]
    }

    /// Runs models and rules over the series.
    ///
    /// - Parameters:
    ///   - estimators: those of the models, unless a test brings its own.
    ///   - seed: of the simulated critical values and the bootstrap.
    init(
        _ series: BackTestSeries, _ models: BackTestModels,
        estimators: [any TailEstimator]? = nil, seed: UInt64
    ) {
        self.series = series
        warmUp = models.warmUp
        horizon = models.marginHorizon
        initialFactor = models.initialFactor
        let steps = models.forecastHorizon
        forecastHorizon = steps
        var walks = (estimators ?? models.estimators).map {
            EstimatorWalk(estimator: $0, horizon: steps)
        }
        for place in walks.indices { walks[place].run(series, warmUp: warmUp) }
        self.estimators = walks.map { $0.record(seed: seed) }
        forecasts = walks.first.map { zip($0.places, $0.forecasts).map { ($0, $1) } } ?? []
        let span = (series.times.last ?? 0) - (series.times.first ?? 0)
        var records: [RuleRecord] = []
        for rule in models.rules where span >= BackTest.leastSpan {
            let record = BackTestResult.walk(
                rule, series, models, seed: seed)
            if let record { records.append(record) }
        }
        self.rules = records
    }

    private static func walk(
        _ rule: any MarginRule, _ series: BackTestSeries, _ models: BackTestModels, seed: UInt64
    ) -> RuleRecord? {
        let horizon = models.marginHorizon
        var rule = rule
        var moves: [(place: Int, moves: RuleMoves)] = []
        var changes: [Double] = []
        for place in series.closes.indices {
            rule.observe(place, of: series)
            guard place >= models.warmUp, let asked = rule.moves,
                let change = series.change(horizon, to: place + horizon)
            else { continue }
            moves.append((place, asked))
            changes.append(change)
        }
        guard !moves.isEmpty else { return nil }
        func record(_ margin: (RuleMoves) -> Double) -> MarginRecord {
            MarginRecord(
                margins: moves.map { margin($0.moves) }, changes: changes, overlap: horizon > 1,
                seed: seed)
        }
        return RuleRecord(
            name: rule.name, initial: record { $0.initial * models.initialFactor },
            maintenance: record { $0.maintenance }, moves: moves)
    }
}

/// One estimator on its way through a series.
private struct EstimatorWalk {
    var estimator: any TailEstimator
    /// Steps that a forecast covers. Forecasts are judged that far apart, so that none overlap.
    let horizon: Int
    var places: [Int] = []
    var forecasts: [LossForecasts] = []
    var changes: [Double] = []

    mutating func run(_ series: BackTestSeries, warmUp: Int) {
        var judged = warmUp
        for place in series.closes.indices {
            estimator.observe(series.closes[place], steps: series.steps(to: place))
            guard place >= judged, let change = series.change(horizon, to: place + horizon),
                let forecast = estimator.forecasts
            else { continue }
            judged = place + horizon
            places.append(judged)
            forecasts.append(forecast)
            changes.append(log1p(change))
        }
    }

    func record(seed: UInt64) -> EstimatorRecord {
        EstimatorRecord(
            name: estimator.name,
            long: TailRecord(
                losses: changes.map { -$0 }, forecasts: forecasts.map(\.long), seed: seed),
            short: TailRecord(
                losses: changes, forecasts: forecasts.map(\.short), seed: seed))
    }
}
