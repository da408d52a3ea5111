/// The back-tests of expected shortfall of Acerbi and Szekely, "Backtesting expected shortfall"
/// (Risk, December 2014): Z1 asks whether losses beyond the quantile are as large as the forecast
/// says, Z2 whether their sum is, so it sees their number too. Both are 0 on average for a true
/// model and negative for one that is too low.
///
/// Critical values are simulated under the forecasts themselves. A forecast here is a quantile and
/// a shortfall, not a whole distribution, so beyond the quantile losses are drawn from the
/// generalised Pareto law that has the forecast's mean and the tail index of a Student-t with four
/// degrees of freedom. The paper found critical values to hardly depend on that choice; a test
/// holds it against normal and Student-t tails.
import Foundation

/// Z1 and Z2 with their chances.
package struct ShortfallTest: Equatable, Sendable {
    /// Nil without a breach: there is nothing to judge.
    package let size: TestResult?
    /// Z2.
    package let sum: TestResult

    static let standardSimulations = 2_000
    /// The inverse of four degrees of freedom.
    private static let tailIndex = 0.25

    /// - Parameters:
    ///   - losses: one per observation, gains negative.
    ///   - forecasts: what was said of each before it; as many.
    ///   - promised: the rate of breaches that the quantiles stand for.
    init(
        losses: [Double], forecasts: [LossForecast], promised: Double, seed: UInt64,
        simulations: Int = ShortfallTest.standardSimulations
    ) {
        let expected = Double(losses.count) * promised
        var sizes: [Double] = []
        for (loss, forecast) in zip(losses, forecasts) where loss > forecast.quantile {
            sizes.append(loss / forecast.shortfall)
        }
        let total = sizes.reduce(0, +)
        let size = sizes.isEmpty ? nil : 1 - total / Double(sizes.count)
        let sum = 1 - total / expected
        var generator = SimulationGenerator(seed: seed)
        var simulatedSizes: [Double] = []
        var simulatedSums: [Double] = []
        for _ in 0..<simulations {
            let drawn = ShortfallTest.draw(forecasts, promised, &generator)
            simulatedSums.append(1 - drawn.total / expected)
            if drawn.count > 0 {
                simulatedSizes.append(1 - drawn.total / Double(drawn.count))
            }
        }
        self.size = size.map { ShortfallTest.judged($0, simulatedSizes) }
        self.sum = ShortfallTest.judged(sum, simulatedSums)
    }

    /// Breaches of one history that obeys the forecasts: their number, and their losses over the
    /// forecast shortfall, summed. Places between breaches are skipped by the geometric law.
    private static func draw(
        _ forecasts: [LossForecast], _ promised: Double, _ generator: inout SimulationGenerator
    ) -> (count: Int, total: Double) {
        var count = 0
        var total = 0.0
        let rate = log1p(-promised)
        var place = -1.0
        while true {
            place += 1 + (log(generator.unit()) / rate).rounded(.down)
            guard place < Double(forecasts.count) else { return (count, total) }
            let forecast = forecasts[Int(place)]
            let quantile = min(1, forecast.quantile / forecast.shortfall)
            // Mean one: scale (1 − index) over index.
            let excess = (1 - tailIndex) / tailIndex * (pow(generator.unit(), -tailIndex) - 1)
            count += 1
            total += quantile + (1 - quantile) * excess
        }
    }

    /// Two-sided: twice the smaller tail of what was simulated, the value itself counted.
    private static func judged(_ value: Double, _ simulated: [Double]) -> TestResult {
        let below = simulated.count { $0 <= value }
        let above = simulated.count { $0 >= value }
        let tail = Double(min(below, above) + 1) / Double(simulated.count + 1)
        return TestResult(statistic: value, pValue: min(1, 2 * tail))
    }
}

extension SimulationGenerator {
    /// Uniform in `0 ... 1`, exclusive of zero.
    mutating func unit() -> Double { Double((next() >> 11) + 1) * 0x1p-53 }
}
