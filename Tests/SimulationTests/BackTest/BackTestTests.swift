/// The whole walk: on series made by a known law the right model stands and mutated ones are
/// noticed; on the real histories of `shared/data`, where they are, what docs/backtest.md says.
import Documents
import FixedPoint
import Foundation
import TestKit
import Testing

@testable import Simulation

/// A day whose volatility remembers (GARCH): the best model knows tomorrow's exactly.
private struct World {
    var closes: [Int64] = []
    /// Of the step that ends with each close.
    var volatilities: [Double] = []

    init(days: Int, seed: UInt64) {
        var generator = SimulationGenerator(seed: seed)
        var variance = 0.0009
        var level = 1e14
        for _ in 0..<days {
            volatilities.append(variance.squareRoot())
            let change = variance.squareRoot() * BackTestSample.normal(&generator)
            level *= exp(change)
            closes.append(Int64(level))
            variance = 0.000_02 + 0.1 * change * change + 0.875 * variance
        }
    }
}

/// Knows the law of its world, but for what a mutation does to it.
private struct Oracle: TailEstimator {
    let name = "oracle"
    let volatilities: [Double]
    var quantile = 2.326_348
    var shortfall = 2.665_214
    var seen = 0

    var forecasts: LossForecasts? {
        let volatility = volatilities[min(seen, volatilities.count - 1)]
        let tail = LossForecast(
            quantile: quantile * volatility, shortfall: shortfall * volatility)
        return LossForecasts(long: tail, short: tail)
    }

    mutating func observe(_ close: Int64, steps: UInt64) { seen += 1 }
}

/// The sides of estimators on worlds of five thousand days, and how many a test rejects at 1 %.
private func rejections(
    worlds: Int = 20, _ test: (TailRecord) -> TestResult?, _ estimator: (World) -> any TailEstimator
) -> Int {
    var count = 0
    for seed in 0..<worlds {
        let world = World(days: 5_124, seed: UInt64(seed))
        let walked = BackTestSample.series(world.closes)
        let result = BackTestResult(
            walked, BackTestModels(for: walked), estimators: [estimator(world)], seed: 1)
        let sides = result.estimators[0].sides
        count += sides.count { test($0.record).map { $0.pValue < 0.01 } ?? false }
    }
    return count
}

@Test func whoKnowsTheLawIsRejectedByChanceAlone() {
    let tests: [(TailRecord) -> TestResult?] = [
        { $0.proportion }, { $0.independence }, { $0.conditional }, { $0.shortfall.size },
        { $0.shortfall.sum },
    ]
    for test in tests {
        // Of 40 sides; binomially 4 or more at 1 % have a chance below a thousandth.
        #expect(rejections(test) { Oracle(volatilities: $0.volatilities) } <= 3)
    }
}

@Test func aQuantileOfTheWrongTailIsNoticed() {
    // 2.5 % and 0.4 % in the place of 1 %.
    #expect(
        rejections(worlds: 5, { $0.proportion }) {
            Oracle(volatilities: $0.volatilities, quantile: 1.960)
        } == 10)
    #expect(
        rejections(worlds: 5, { $0.proportion }) {
            Oracle(volatilities: $0.volatilities, quantile: 2.652)
        } >= 8)
}

@Test func aForecastThatDoesNotFollowVolatilityClusters() {
    let rejected = rejections({ $0.independence }) { world in
        let mean = world.volatilities.map { $0 * $0 }.reduce(0, +) / 5_124
        return Oracle(volatilities: [mean.squareRoot()])
    }
    #expect(rejected >= 12, "\(rejected) of 40")
}

@Test func aShortfallThatIsTooLowIsNoticed() {
    let rejected = rejections(worlds: 5, { $0.shortfall.size }) {
        Oracle(volatilities: $0.volatilities, shortfall: 2.40)
    }
    #expect(rejected >= 8, "\(rejected) of 10")
}

@Test func theVerdictSaysWhichTestRejected() {
    let forecasts = [LossForecast](
        repeating: LossForecast(quantile: 1, shortfall: 1.2), count: 2_000)
    func verdict(_ breaches: Int, _ loss: Double) -> String {
        TailRecord(
            losses: (0..<2_000).map { $0 % 25 == 0 && $0 / 25 < breaches ? loss : 0 },
            forecasts: forecasts, seed: 1
        ).verdict
    }
    #expect(verdict(20, 1.2) == "not rejected")
    #expect(verdict(60, 1.2) == "too many breaches, risk too low in sum")
    #expect(verdict(3, 1.2) == "too few, risk too high in sum")
    #expect(verdict(20, 2).hasPrefix("larger than said"))
    #expect(verdict(31, 1.2) == "perhaps too many breaches, perhaps risk too low in sum")
}

@Test func aSeriesOfDaysOnlyHasNoMargins() {
    let world = World(days: 1_100, seed: 1)
    let minutes = BackTestSample.series(world.closes, step: BackTestSample.day / 1_440)
    let result = BackTestResult(minutes, BackTestModels(for: minutes), seed: 1)
    #expect(result.rules.isEmpty && result.estimators.count == 3)
    let days = BackTestSample.series(world.closes)
    #expect(BackTestResult(days, BackTestModels(for: days), seed: 1).rules.count == 3)
}

// MARK: Real histories

private func real(_ files: [String], _ assets: [String]) throws -> [BackTestResult] {
    let paths = files.map { SharedFiles.path("data/" + $0) }
    let taken = BackTestSeries.taken(
        from: try PriceFiles.histories(of: paths), assets: assets)
    return BackTestReport(taken.series, seed: 1).results
}

@Test(.enabled(if: SharedFiles.exist, "no shared folder"))
func onRealDaysTheFilteredForecastsStandAndThePlainOnesCluster() throws {
    let results = try real(
        [
            "prices_daily/BTCUSD_bitstamp_coinbase_1d_2011-2025.csv.gz",
            "prices_daily/coinbase_multi_asset_1d_2020-2025.csv.gz",
        ], ["BTC", "ETH", "LTC"])
    #expect(results.map(\.series.base) == ["BTC", "ETH", "LTC"])
    for result in results {
        let name = result.series.base
        #expect(result.estimators[0].long.observations >= 2_000, "\(name)")
        for side in result.estimators[0].sides {
            #expect(side.record.leastChance >= BackTest.rejection, "\(name) \(side.name)")
        }
        let own = result.rules[0]
        #expect(!own.maintenance.isInsufficient && !own.initial.isInsufficient, "\(name)")
        #expect(own.maintenance.peakToTrough <= 4.001, "\(name)")
        #expect(own.initial.rate <= own.maintenance.rate, "\(name)")
    }
    #expect(results[0].estimators[2].sides.allSatisfy { $0.record.independence.pValue <= 0.01 })
}

@Test(.enabled(if: SharedFiles.exist, "no shared folder"))
func onRealHoursMaintenanceNeverRisesByMoreThanATenthInAnHour() throws {
    let results = try real(["prices_hourly/2019_2021_binance_bitstamp_1h.csv.gz"], ["ETH"])
    let own = try #require(results.first).rules[0]
    #expect(own.maintenance.steepest <= 0.1 + 1e-9, "\(own.maintenance.steepest)")
    // Initial margin follows at once, which is what the limit spares those who hold.
    #expect(own.initial.steepest > 0.2)
    #expect(own.maintenance.peakToTrough <= 4.001 && !own.maintenance.isInsufficient)
    let fixed = results[0].rules[1].maintenance
    #expect(own.maintenance.largestExcess < fixed.largestExcess)
}
