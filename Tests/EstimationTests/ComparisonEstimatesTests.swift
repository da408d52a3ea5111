/// The simpler estimates against their definitions, integrated numerically.

import Estimation
import FixedPoint
import TestKit
import Testing

struct ComparisonEstimatesTests {
    /// Value at risk and expected shortfall at 99 % of a density, over its volatility.
    private func tail(_ density: (Double) -> Double) -> (risk: Double, shortfall: Double) {
        // Midpoints of x = tan(u), which reaches into tails of any weight.
        let steps = 400_000
        var (mass, second) = (0.0, 0.0)
        var cells: [(x: Double, weight: Double)] = []
        for step in 0..<steps {
            let u = (Double(step) + 0.5) / Double(steps) * Double.pi / 2
            let (sine, cosine) = (sinOf(u), sinOf(Double.pi / 2 - u))
            let x = sine / cosine
            let weight = density(x) / (cosine * cosine)
            mass += weight
            second += weight * x * x
            cells.append((x, weight))
        }
        var (above, moment, place) = (0.0, 0.0, steps - 1)
        while above < 0.02 * mass {
            above += cells[place].weight
            moment += cells[place].weight * cells[place].x
            place -= 1
        }
        let deviation = (second / mass).squareRoot()
        return (cells[place].x / deviation, moment / above / deviation)
    }

    /// The sine by its series, for there is no Foundation here.
    private func sinOf(_ x: Double) -> Double {
        var (term, sum) = (x, x)
        for place in 1..<14 {
            term *= -x * x / Double(2 * place * (2 * place + 1))
            sum += term
        }
        return sum
    }

    @Test(arguments: 3...12) func `the table of Student's t is that of its density`(degrees: Int) {
        let (risk, shortfall) = tail { x in
            var power = 1.0
            let base = 1 + x * x / Double(degrees)
            for _ in 0...degrees { power /= base }
            return power.squareRoot()
        }
        let found = TailForecast.student(volatility: .one, degrees: degrees)
        // The variance with three degrees converges slowly.
        let error = degrees == 3 ? 0.01 : 0.001
        #expect(abs(double(found.lower.valueAtRisk) / risk - 1) < error)
        #expect(abs(double(found.upper.expectedShortfall) / shortfall - 1) < error)
    }

    @Test func `few degrees count as three and many as the normal distribution`() {
        func shortfall(_ degrees: Int) -> Real {
            TailForecast.student(volatility: .one, degrees: degrees).worstShortfall
        }
        #expect(shortfall(.min) == shortfall(3))
        #expect(shortfall(13) == shortfall(.max))
        #expect(abs(double(shortfall(13)) - 2.665_214) < 1e-6)
    }

    @Test func `plain simulation takes the worst of the sample`() {
        let returns = (0..<250).map { Real(Int64($0 * 37 % 250 - 100), over: 1_000) }
        let forecast = TailForecast.historical(returns)
        #expect(abs(double(forecast.lower.valueAtRisk) - 0.099) < 1e-9)
        #expect(abs(double(forecast.lower.expectedShortfall) - 0.099_5) < 1e-9)
        #expect(abs(double(forecast.upper.valueAtRisk) - 0.148) < 1e-9)
        #expect(abs(double(forecast.upper.expectedShortfall) - 0.148_5) < 1e-9)
    }

    @Test func `degrees of freedom follow the kurtosis`() {
        // Two in a hundred at ±5, the others at ±1/7: a kurtosis far above three.
        let spiked = (0..<100).map { place in
            place < 2 ? Real(place == 0 ? 5 : -5) : Real(place % 2 == 0 ? 1 : -1, over: 7)
        }
        #expect(TailForecast.degreesOfFreedom(spiked) == 4)
        let flat = [Real.one, -.one, .one, -.one]
        #expect(TailForecast.degreesOfFreedom(flat) == .max)
    }

    private func double(_ value: Real) -> Double { Double(value.bits) * 0x1p-40 }
}
