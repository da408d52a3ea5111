/// The residuals of a new chain: a distribution, whole, in an order that keeps it while they leave.

import FixedPoint
import Testing

@testable import Estimation

struct SeedResidualsTests {
    @Test func `they are quantiles of Student's t with four degrees`() {
        // The distribution function of t with four degrees, of a variance of one.
        func below(_ residual: Double) -> Double {
            let t = residual * 2.0.squareRoot()
            let x = t / (t * t + 4).squareRoot()
            return 0.5 + 0.75 * (x - x * x * x / 3)
        }
        for place in 0..<1_000 {
            let residual = Double(SeedResiduals.quantile(place, of: 1_000)) / 2_048
            let share = (Double(place) + 0.5) / 1_000
            #expect(abs(below(residual) - share) < 0.000_4, "\(place)")
        }
    }

    @Test(arguments: [500, 700, 1_000, 1_900, 2_000])
    func `each quantile stands once, and each quarter has its part of both tails`(count: Int) {
        let residuals = SeedResiduals.make(count: count)
        let quantiles = (0..<count).map { SeedResiduals.quantile($0, of: count) }
        #expect(residuals.sorted() == quantiles)
        let bound = quantiles[count / 20]
        for quarter in 0..<4 {
            let part = residuals[(quarter * count / 4)..<((quarter + 1) * count / 4)]
            let share = part.count { $0 <= bound }
            #expect(abs(share - count / 80) <= 2 + count / 400, "\(quarter)")
        }
    }

    @Test func `the forecast of a new chain is that of Student's t`() {
        let estimator = ReturnEstimator(
            EstimatorParameters(horizon: 1), openingVolatility: Ratio(basisPoints: 100))
        let seeded = estimator.forecast()
        let exact = TailForecast.student(volatility: Real(1, over: 100), degrees: 4)
        for (found, expected) in [
            (seeded.lower.valueAtRisk, exact.lower.valueAtRisk),
            (seeded.upper.expectedShortfall, exact.upper.expectedShortfall),
        ] {
            // Twenty quantiles stand for the tail.
            #expect(abs(found.double / expected.double - 1) < 0.02)
        }
        #expect(seeded.lower == seeded.upper)
    }
}
