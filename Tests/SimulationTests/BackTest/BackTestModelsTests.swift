/// What is tested with which parameters, and that the estimators of the room mean through the
/// back-test what they mean.
import Documents
import Estimation
import FixedPoint
import Foundation
import Testing

@testable import Simulation

private func models(_ base: String, _ step: UInt64, closes: Int = 30_000) -> BackTestModels {
    BackTestModels(
        for: BackTestSample.series([Int64](repeating: 1, count: closes), base: base, step: step))
}

@Test func byHourTheLedgersOwnParametersAreTested() {
    let hours = models("BTC", BackTestSample.day / 24)
    #expect(
        hours.parameters == .bitcoin && models("ETH", BackTestSample.day / 24).parameters == .ether)
    #expect(models("XRP", BackTestSample.day / 24).parameters == .longTail)
    #expect(hours.forecastHorizon == 4 && hours.marginHorizon == 4)
    #expect(models("XRP", BackTestSample.day / 24).marginHorizon == 8)
    #expect(hours.warmUp == 90 * 24)
    #expect(hours.initialFactor == 1.5 && models("XRP", BackTestSample.day).initialFactor == 2)
}

@Test func byDayTheyGrowWithTheRootOfTime() {
    let days = models("BTC", BackTestSample.day, closes: 2_125)
    let venue = MarginModelParameters.bitcoin
    #expect(days.warmUp == 124 && days.forecastHorizon == 1 && days.marginHorizon == 1)
    func ratio(_ slow: Ratio, _ fast: Ratio) -> Double {
        Double(slow.units) / Double(fast.units)
    }
    let held = Double(max(venue.liquidationHours, venue.estimator.horizon))
    #expect(abs(ratio(days.parameters.floor, venue.floor) - (24 / held).squareRoot()) < 1e-6)
    #expect(abs(ratio(days.parameters.cap, venue.cap) - (24 / held).squareRoot()) < 1e-6)
    #expect(
        abs(ratio(days.parameters.openingVolatility, venue.openingVolatility) - 4.898_979) < 1e-5)
    #expect(days.parameters.faultyField == nil)
    #expect(days.parameters.stressedWeight == venue.stressedWeight)
    // Nothing is more than everything.
    #expect(models("XRP", BackTestSample.day * 7, closes: 1_000).parameters.cap <= .one)
}

@Test func aShortSeriesWarmsUpForAFifthOfIt() {
    #expect(models("BTC", BackTestSample.day / 24, closes: 5_000).warmUp == 1_000)
    #expect(models("BTC", BackTestSample.day, closes: 100).warmUp == 20)
}

/// Closes of 5 % a day up and down.
private let zigzag = (0..<400).map { $0 % 2 == 0 ? Int64(1_000_000_000) : 1_050_000_000 }

@Test func plainHistoryForecastsWhatItSaw() throws {
    var estimator = HistoricalEstimator(EstimatorParameters(), horizon: 1)
    #expect(estimator.forecasts == nil)
    for close in zigzag { estimator.observe(close, steps: 1) }
    let forecasts = try #require(estimator.forecasts)
    for tail in [forecasts.long, forecasts.short] {
        #expect(abs(tail.quantile - log(1.05)) < 1e-9 && abs(tail.shortfall - log(1.05)) < 1e-9)
    }
    // Over two steps it came back each time; over a hole nothing counts.
    var pairs = HistoricalEstimator(EstimatorParameters(), horizon: 2)
    for close in zigzag { pairs.observe(close, steps: 1) }
    #expect(try #require(pairs.forecasts).long.shortfall < 1e-8)
    var holed = HistoricalEstimator(EstimatorParameters(), horizon: 1)
    for close in zigzag { holed.observe(close, steps: 2) }
    #expect(holed.forecasts == nil)
}

@Test func studentAndFilteredFollowTheVolatility() throws {
    var student = StudentEstimator(
        EstimatorParameters(), opening: Ratio(basisPoints: 100), horizon: 1)
    var filtered = FilteredEstimator(
        EstimatorParameters(), opening: Ratio(basisPoints: 100), horizon: 1)
    for close in zigzag {
        student.observe(close, steps: 1)
        filtered.observe(close, steps: 1)
    }
    let calm = try #require(student.forecasts).long
    // No tail at all has fewer degrees of freedom than a normal one: 2.33 volatilities.
    #expect(abs(calm.quantile / log(1.05) - 2.326) < 0.05, "\(calm)")
    let before = try #require(filtered.forecasts)
    for place in 0..<200 {
        let close = place % 2 == 0 ? Int64(1_200_000_000) : 1_000_000_000
        student.observe(close, steps: 1)
        filtered.observe(close, steps: 1)
    }
    let after = try #require(filtered.forecasts)
    #expect(try #require(student.forecasts).long.quantile > 2.5 * calm.quantile)
    #expect(after.long.quantile > 2 * before.long.quantile)
    #expect(after.short.shortfall >= after.short.quantile)
}

@Test func theModelAsRuleObeysItsBounds() throws {
    var rule = ModelRule(.bitcoin)
    let crash = BackTestSample.series(
        (0..<200).map { $0 < 100 ? 1_000_000_000 + Int64($0 % 2) * 1_000_000 : 500_000_000 },
        step: BackTestSample.day / 24)
    var moves: [RuleMoves] = []
    for place in crash.closes.indices {
        rule.observe(place, of: crash)
        moves.append(try #require(rule.moves))
    }
    let cap = Double(MarginModelParameters.bitcoin.cap.units) / 1e9
    #expect(moves[99].initial < cap && moves[100].initial == cap)
    let rises = zip(moves.dropFirst(), moves).map { $0.maintenance / $1.maintenance - 1 }
    #expect(
        try #require(rises.max()) <= 0.1 + 1e-9 && moves.allSatisfy { $0.maintenance <= $0.initial }
    )
}

@Test(arguments: [
    (Int64(5_000), UInt16(500), true), (4_999, 500, false), (9_999, 2_000, true),
    (10_000, 500, false), (9_400, 400, false), (9_400, 2_100, false), (9_400, 550, false),
])
func onlyWhatTheRoomAllowsMayBeTuned(_ memory: Int64, _ window: UInt16, _ isAllowed: Bool) {
    let tuning = BackTestTuning(memory: Ratio(basisPoints: memory), window: window)
    #expect((tuning != nil) == isAllowed)
    guard let tuning else { return }
    let tuned = BackTestModels(
        for: BackTestSample.series([1, 2], step: BackTestSample.day / 24), tuning: tuning)
    #expect(tuned.parameters.estimator.window == window)
    #expect(tuned.parameters.estimator.memory == Ratio(basisPoints: memory))
    #expect(tuned.parameters.floor == MarginModelParameters.bitcoin.floor)
}
