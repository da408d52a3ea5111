/// The stream against filtered historical simulation done from scratch in floating point.

import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Estimation

/// Everything is kept, and each forecast is made from all of it.
private struct NaiveSimulation {
    let memory: Double
    let window: Int
    let horizon: Int
    var variance: Double
    var returns: [Double] = []
    /// The volatility before each return.
    var foreseen: [Double] = []
    var residuals: [Double]

    mutating func observe(_ change: Double) {
        returns.append(change)
        foreseen.append(variance.squareRoot())
        variance = memory * variance + (1 - memory) * change * change
        let first = returns.count - horizon
        guard first >= 0 else { return }
        let sum = returns[first...].reduce(0, +)
        let residual = sum / (foreseen[first] * Double(horizon).squareRoot())
        residuals.append(min(10, max(-10, residual)))
    }

    /// Value at risk and expected shortfall, of falls and of rises.
    func forecast() -> [Double] {
        let sorted = residuals.suffix(window).sorted()
        let size = window / 100
        let scale = (variance * Double(horizon)).squareRoot()
        let low = -sorted.prefix(size).reduce(0, +) / Double(size)
        let high = sorted.suffix(size).reduce(0, +) / Double(size)
        return [-sorted[size - 1], low, sorted[window - size], high].map { $0 * scale }
    }
}

struct ReturnEstimatorTests {
    /// Returns with clusters and jumps.
    private func returns(_ count: Int, seed: UInt64) -> [Double] {
        var random = SeededGenerator(seed: seed)
        var size = 0.005
        return (0..<count).map { _ in
            size *= Double.random(in: 0.9...1.11, using: &random)
            size = min(0.03, max(0.001, size))
            var sum = 0.0
            for _ in 0..<6 { sum += Double.random(in: -1...1, using: &random) }
            let jump = Int.random(in: 0..<200, using: &random) == 0 ? 6.0 : 1.0
            return sum * size * jump / 2.0.squareRoot()
        }
    }

    @Test(arguments: [1, 4, 24] as [UInt8])
    func `it agrees with a simulation from scratch within a thousandth`(horizon: UInt8) {
        let parameters = EstimatorParameters(
            memory: Ratio(basisPoints: 9_850), window: 500, horizon: horizon)
        var estimator = ReturnEstimator(parameters, openingVolatility: Ratio(basisPoints: 50))
        var naive = NaiveSimulation(
            memory: 0.985, window: 500, horizon: Int(horizon), variance: 0.005 * 0.005,
            residuals: SeedResiduals.make(count: 500).map { Double($0) / 2_048 })
        for (place, change) in returns(2_000, seed: 73).enumerated() {
            estimator.observe(Real(bits: Int64((change * 0x1p40).rounded())))
            naive.observe(change)
            guard place % 53 == 0 else { continue }
            let found = estimator.forecast()
            let values = [
                found.lower.valueAtRisk, found.lower.expectedShortfall,
                found.upper.valueAtRisk, found.upper.expectedShortfall,
            ]
            for (value, expected) in zip(values, naive.forecast()) {
                #expect(abs(value.double / expected - 1) < 0.001, "after \(place)")
            }
        }
    }

    @Test func `a gap is one observation at the scale of its length`() {
        let parameters = EstimatorParameters(window: 500, horizon: 4)
        var gap = ReturnEstimator(parameters, openingVolatility: Ratio(basisPoints: 100))
        gap.observe(Real(3, over: 100), steps: 9)
        var step = ReturnEstimator(parameters, openingVolatility: Ratio(basisPoints: 100))
        step.observe(Real(1, over: 100))
        #expect(
            abs(gap.volatility.perStep.double - step.volatility.perStep.double) < 1e-9)
        // A horizon does not span it: the next three returns complete none.
        var twin = gap
        for _ in 0..<3 { gap.observe(Real(1, over: 2)) }
        for _ in 0..<3 { twin.observe(Real(-1, over: 2)) }
        #expect(gap.forecast() == twin.forecast())
        gap.observe(Real(1, over: 2))
        twin.observe(Real(-1, over: 2))
        #expect(gap.forecast() != twin.forecast())
    }

    @Test func `a longer reach counts for the volatility alone`() {
        let parameters = EstimatorParameters(window: 500, horizon: 1)
        var estimator = ReturnEstimator(parameters, openingVolatility: Ratio(basisPoints: 100))
        let foreseen = estimator.forecast(afterSize: Real(1, over: 10))
        estimator.observe(.zero, reach: Real(1, over: 10))
        let volatility = (0.99 * 0.000_1 + 0.01 * 0.01).squareRoot()
        #expect(abs(estimator.volatility.perStep.double - volatility) < 1e-9)
        #expect(
            abs(estimator.forecast().worstShortfall.double / foreseen.worstShortfall.double - 1)
                < 0.05)
    }

    @Test func `it reads as it was written, and nothing that does not fit its parameters`() throws {
        let parameters = EstimatorParameters(window: 500, horizon: 4)
        let opening = ReturnEstimator(parameters, openingVolatility: Ratio(basisPoints: 100))
        var estimator = opening
        for change in returns(50, seed: 74) {
            estimator.observe(Real(bits: Int64(change * 0x1p40)))
        }
        var encoder = CanonicalEncoder()
        estimator.encodeState(into: &encoder)
        var decoder = CanonicalDecoder(encoder.bytes)
        var read = opening
        try read.decodeState(from: &decoder)
        try decoder.finish()
        #expect(read == estimator)
        for other in [
            EstimatorParameters(window: 600, horizon: 4),
            EstimatorParameters(window: 500, horizon: 3),
        ] {
            var stranger = ReturnEstimator(other, openingVolatility: Ratio(basisPoints: 100))
            var decoder = CanonicalDecoder(encoder.bytes)
            #expect(throws: DecodingFault.self) { try stranger.decodeState(from: &decoder) }
        }
    }
}
