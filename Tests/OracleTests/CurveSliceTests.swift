/// The curve between and beyond its nodes: against a spline solved in floating point, and what its
/// arbitrage checks promise, against Durrleman's function on a dense grid.
import Canonical
import FixedPoint
import Foundation
import TestKit
import Testing

@testable import Oracle

/// 2⁴⁰, what one is in a `Real`.
private let unit = 1_099_511_627_776.0

extension Real {
    fileprivate var double: Double { Double(bits) / unit }
}

/// A natural cubic spline by Gaussian elimination of the whole system, in floating point.
private struct NaiveSpline {
    let nodes: [Double]
    let values: [Double]
    var curvatures: [Double]

    init(_ volatilities: NodeVolatilities) {
        let parameters = SurfaceFixture.parameters
        let reference = Double(parameters.referenceVolatility.units) / 1e9
        nodes = parameters.nodes.map { Double($0.units) / 1e9 }
        values = (0..<NodeVolatilities.count).map {
            let relative = Double(volatilities[$0]) / 1e6 / reference
            return relative * relative
        }
        let count = nodes.count
        var rows = [[Double]](repeating: [Double](repeating: 0, count: count + 1), count: count)
        for row in 0..<count { rows[row][row] = 1 }
        for row in 1..<(count - 1) {
            let left = nodes[row] - nodes[row - 1]
            let right = nodes[row + 1] - nodes[row]
            rows[row][row - 1] = left
            rows[row][row] = 2 * (left + right)
            rows[row][row + 1] = right
            let bend =
                (values[row + 1] - values[row]) / right
                - (values[row] - values[row - 1]) / left
            rows[row][count] = 6 * bend
        }
        for pivot in 0..<count {
            for row in 0..<count where row != pivot {
                let factor = rows[row][pivot] / rows[pivot][pivot]
                for column in 0...count { rows[row][column] -= factor * rows[pivot][column] }
            }
        }
        curvatures = (0..<count).map { rows[$0][count] / rows[$0][$0] }
    }

    /// Value, slope and bend inside the nodes.
    func point(_ z: Double) -> (Double, Double, Double) {
        var piece = 0
        while piece < nodes.count - 2, z > nodes[piece + 1] { piece += 1 }
        let step = nodes[piece + 1] - nodes[piece]
        let a = (nodes[piece + 1] - z) / step
        let b = 1 - a
        let (left, right) = (curvatures[piece], curvatures[piece + 1])
        let value =
            a * values[piece] + b * values[piece + 1]
            + ((a * a * a - a) * left + (b * b * b - b) * right) * step * step / 6
        let slope =
            (values[piece + 1] - values[piece]) / step
            + step / 6 * (-(3 * a * a - 1) * left + (3 * b * b - 1) * right)
        return (value, slope, a * left + b * right)
    }

    /// Durrleman's function at `z`, with total variance in units of `scale`².
    func durrleman(_ z: Double, scale: Double) -> Double {
        let (value, slope, bend) = point(z)
        let core = 1 - z * slope / (2 * value)
        return core * core - slope * slope / 4 * (1 / value + scale * scale / 4) + bend / 2
    }
}

@Test func theSplineIsTheOneThatEliminationInFloatingPointFinds() {
    let seed: UInt64 = 71
    var random = SeededGenerator(seed: seed)
    for round in 0..<200 {
        let volatilities = SurfaceFixture.randomSmile(&random)
        let naive = NaiveSpline(volatilities)
        let smile = SurfaceFixture.grid.smile(volatilities)
        for step in 0...200 {
            let z = -5 + Double(step) / 20
            let exact = naive.point(z)
            let found = SurfaceFixture.grid.point(of: smile, at: Real(bits: Int64(z * unit)))
            #expect(abs(found.value.double - exact.0) < 1e-9, "seed \(seed), round \(round)")
            #expect(abs(found.slope.double - exact.1) < 1e-9, "seed \(seed), round \(round)")
            #expect(abs(found.bend.double - exact.2) < 1e-9, "seed \(seed), round \(round)")
        }
    }
}

@Test func theCurveReturnsTheVolatilityOfEveryNode() {
    let volatilities = SurfaceFixture.smile()
    for days in [1, 7, 30, 365] as [UInt64] {
        let slice = SurfaceFixture.slice(volatilities, days: days)
        for node in 0..<NodeVolatilities.count {
            let found = slice.volatility(
                logMoneyness: slice.scale * SurfaceFixture.grid.nodes[node])
            #expect(abs(found.double - Double(volatilities[node]) / 1e6) < 1e-6)
        }
    }
}

@Test func totalVarianceGrowsWithTimeAndIsFlatForAFlatSmile() {
    let slice = SurfaceFixture.slice(NodeVolatilities(flat: 500_000), days: 365)
    for dollars in [1, 1_000, 50_000, 100_000, 250_000, 100_000_000] as [Int64] {
        let variance = slice.totalVariance(strike: IndexPrice(micros: dollars * 1_000_000))
        #expect(abs(variance.double - 0.25) < 1e-9, "\(dollars)")
    }
}

@Test func beyondTheNodesVarianceIsALineNoSteeperThanTwo() {
    // Far steeper than two at a year: 20 % in the middle, 900 % at the last nodes.
    var steep = NodeVolatilities(flat: 200_000)
    steep[0] = 9_000_000
    steep[10] = 9_000_000
    // Falling toward the ends: held level.
    let falling = SurfaceFixture.smile(level: 600_000, lean: 0, bend: -8_000)
    for (volatilities, most, least) in [(steep, 2.0, 1.99), (falling, 1e-9, -1e-9)] {
        let slice = SurfaceFixture.slice(volatilities, days: 365)
        for side in [-1.0, 1.0] {
            let variances = (0...8).map { step in
                slice.totalVariance(
                    logMoneyness: Real(bits: Int64(side * (3 + Double(step)) * unit))
                ).double
            }
            for (left, right) in zip(variances, variances.dropFirst()) {
                #expect(right - left <= most + 1e-9 && right - left >= least)
            }
        }
    }
}

@Test func extremeStrikesAndTheLastSecondHaveAVariance() {
    let smile = SurfaceFixture.smile()
    for seconds in [0, 1, 60, 86_400, 5 * 365 * 86_400, 4_000_000_000] as [UInt64] {
        for forward in [1, 100_000_000_000, Int64.max] {
            let slice = CurveSlice(
                grid: SurfaceFixture.grid, smile: SurfaceFixture.grid.smile(smile),
                forward: IndexPrice(micros: forward), remaining: .seconds(seconds))
            for strike in [Int64.min, 0, 1, 100_000_000_000, .max] {
                let variance = slice.totalVariance(strike: IndexPrice(micros: strike))
                #expect(variance >= .zero && variance.double < 200)
            }
        }
    }
}

@Test func whatPassesTheButterflyCheckIsFreeOnADenseGrid() {
    let seed: UInt64 = 72
    var random = SeededGenerator(seed: seed)
    var passed = 0
    var failed = 0
    var lowest = 1.0
    for round in 0..<1_500 {
        let volatilities = SurfaceFixture.randomSmile(&random)
        let days = UInt64.random(in: 1...700, using: &random)
        let slice = SurfaceFixture.slice(volatilities, days: days)
        let naive = NaiveSpline(volatilities)
        let values = (0...1_000).map {
            naive.durrleman(-5 + Double($0) / 100, scale: slice.scale.double)
        }
        let least = values.min() ?? 1
        if slice.isFreeOfButterflies() {
            passed += 1
            lowest = min(lowest, least)
            // Between the points that are asked g dips by less than a hundredth.
            #expect(least > -0.01, "seed \(seed), round \(round)")
        } else {
            failed += 1
        }
        if least < -0.01 { #expect(!slice.isFreeOfButterflies(), "seed \(seed), round \(round)") }
    }
    #expect(passed > 200 && failed > 200, "\(passed) \(failed) \(lowest)")
}

@Test func aSmileWithAHumpAdmitsAButterfly() {
    var hump = NodeVolatilities(flat: 500_000)
    #expect(SurfaceFixture.slice(hump, days: 30).isFreeOfButterflies())
    hump[NodeVolatilities.centre] = 700_000
    #expect(!SurfaceFixture.slice(hump, days: 30).isFreeOfButterflies())
}

@Test func aWingAdmitsAButterflyWhereItsLineDoes() {
    // w = a + b·k from the last node on: the closed form against g on the line itself.
    let seed: UInt64 = 73
    var random = SeededGenerator(seed: seed)
    var differing = 0
    for _ in 0..<600 {
        let volatilities = SurfaceFixture.smile(
            level: Int64.random(in: 200_000...900_000, using: &random),
            lean: Int64.random(in: -90_000...90_000, using: &random),
            bend: Int64.random(in: 0...90_000, using: &random))
        let days = UInt64.random(in: 1...1_500, using: &random)
        let slice = SurfaceFixture.slice(volatilities, days: days)
        let scale = slice.scale.double
        let end = NaiveSpline(volatilities).point(5)
        let slope = max(end.1, 0)
        let isFree = (0...4_000).allSatisfy { step in
            let z = 5 + Double(step) * Double(step) / 400
            let value = end.0 + slope * (z - 5)
            let core = 1 - z * slope / (2 * value)
            return core * core - slope * slope / 4 * (1 / value + scale * scale / 4) > -1e-9
        }
        if !isFree {
            differing += 1
            #expect(!slice.isFreeOfButterflies())
        }
    }
    #expect(differing > 20)
}

@Test func varianceThatFallsWithTheExpiryIsACalendarArbitrage() {
    let flat = { (volatility: UInt32, days: UInt64) in
        SurfaceFixture.slice(NodeVolatilities(flat: volatility), days: days)
    }
    // 60 % over 10 days and 42.43 % over 20 days have the same total variance.
    #expect(flat(424_270, 20).isFreeOfCalendars(after: flat(600_000, 10)))
    #expect(!flat(424_260, 20).isFreeOfCalendars(after: flat(600_000, 10)))
    #expect(flat(600_000, 10).isFreeOfCalendars(after: flat(600_000, 10)))
    // Only a wing of the earlier one is too high.
    var wing = NodeVolatilities(flat: 600_000)
    wing[10] = 2_000_000
    #expect(!flat(600_000, 20).isFreeOfCalendars(after: SurfaceFixture.slice(wing, days: 10)))
}
