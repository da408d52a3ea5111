/// The tests of expected shortfall: critical values as their authors published them, right
/// forecasts of light and of heavy tails rejected about as often as the level says, wrong ones
/// nearly always, too low and too high.
import Foundation
import Testing

@testable import Simulation

/// At 99 %, by `scipy.stats`.
private let normalTail = LossForecast(quantile: 2.326_347_874, shortfall: 2.665_214_220)
private let studentTail = LossForecast(quantile: 3.746_947_388, shortfall: 5.220_584_199)

private func chances(
    _ truth: LossForecast, scaled: Double = 1, tail: Double = 1, rounds: Int = 300,
    draw: (inout SimulationGenerator) -> Double
) -> (size: Double, sum: Double) {
    var generator = SimulationGenerator(seed: 3)
    let forecast = LossForecast(
        quantile: truth.quantile * scaled, shortfall: truth.shortfall * scaled * tail)
    var (sizes, sums) = (0, 0)
    for round in 0..<rounds {
        let losses = (0..<2_000).map { _ in draw(&generator) }
        let test = ShortfallTest(
            losses: losses, forecasts: [LossForecast](repeating: forecast, count: 2_000),
            promised: 0.01, seed: UInt64(round), simulations: 400)
        if let size = test.size, size.pValue < 0.05 { sizes += 1 }
        if test.sum.pValue < 0.05 { sums += 1 }
    }
    return (Double(sizes) * 100 / Double(rounds), Double(sums) * 100 / Double(rounds))
}

/// Acerbi and Szekely (2014): with 250 days and a tail of 2.5 %, Z2 is below −0.70 in 5 % of
/// histories and below −1.8 in 0.01 %, whatever the tail.
@Test(arguments: [(1.959_964, 2.337_803), (2.570_582, 3.521_577)])
func theCriticalValuesAreThosePublished(_ quantile: Double, _ shortfall: Double) {
    let forecast = LossForecast(quantile: quantile, shortfall: shortfall)
    // So many losses of the forecast size that Z2 is what is wanted.
    func chance(_ statistic: Double) -> Double {
        let breaches = 6
        let each = (1 - statistic) * 250 * 0.025 / Double(breaches) * shortfall
        let losses = (0..<250).map { $0 < breaches ? each : 0 }
        let test = ShortfallTest(
            losses: losses, forecasts: [LossForecast](repeating: forecast, count: 250),
            promised: 0.025, seed: 1, simulations: 20_000)
        #expect(abs(test.sum.statistic - statistic) < 1e-9)
        return test.sum.pValue / 2
    }
    #expect((0.04...0.07).contains(chance(-0.70)), "\(chance(-0.70))")
    #expect(chance(-1.8) < 0.002)
    #expect(chance(0) > 0.3)
}

@Test func trueForecastsOfNormalLossesStand() {
    let rejected = chances(normalTail) { BackTestSample.normal(&$0) }
    #expect(rejected.size < 9 && rejected.sum < 9, "\(rejected)")
}

@Test func trueForecastsOfHeavyTailsStand() {
    let rejected = chances(studentTail) { BackTestSample.student(4, &$0) }
    #expect(rejected.size < 9 && rejected.sum < 9, "\(rejected)")
}

@Test func aShortfallThatIsTooLowOrTooHighIsSeen() {
    // Each loss beyond a normal quantile is a quarter larger than what a normal tail says.
    #expect(chances(normalTail) { BackTestSample.normal(&$0) * 1.25 }.sum > 95)
    #expect(chances(normalTail, scaled: 1.3) { BackTestSample.normal(&$0) }.sum > 80)
    // The quantile is right and the tail beyond it is not.
    let thin = LossForecast(
        quantile: studentTail.quantile, shortfall: studentTail.quantile * 1.05)
    #expect(chances(thin) { BackTestSample.student(4, &$0) }.size > 80)
    #expect(chances(normalTail, tail: 1.6) { BackTestSample.normal(&$0) }.size > 80)
}

@Test func withoutABreachThereIsASumButNoSize() {
    let test = ShortfallTest(
        losses: [Double](repeating: 0, count: 2_000),
        forecasts: [LossForecast](repeating: normalTail, count: 2_000), promised: 0.01, seed: 1)
    #expect(test.size == nil && test.sum.statistic == 1)
    #expect(test.sum.pValue < 0.01)
}

@Test func theSameSeedGivesTheSameChances() {
    let losses = (0..<2_000).map { $0 % 80 == 0 ? 3.0 : 0 }
    let forecasts = [LossForecast](repeating: normalTail, count: 2_000)
    let first = ShortfallTest(losses: losses, forecasts: forecasts, promised: 0.01, seed: 2)
    #expect(
        first == ShortfallTest(losses: losses, forecasts: forecasts, promised: 0.01, seed: 2))
}
