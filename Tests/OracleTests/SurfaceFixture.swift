/// Surfaces and votes for tests: publishers of equal weight, curves around one shape.
import Canonical
import FixedPoint
import TestKit

@testable import Oracle

enum SurfaceFixture {
    static let parameters = SurfaceParameters.standard
    static let grid = SmileGrid(parameters)
    static let index = IndexPrice(micros: 100_000_000_000)
    static let start = Timestamp(nanoseconds: 1_770_000_000_000_000_000)

    static func expiry(days: UInt64) -> Timestamp {
        start.advanced(by: .seconds(days * 86_400))
    }

    /// A parabola of volatility over the nodes: level in 10⁻⁶, lean and bend in 10⁻⁶ per node unit.
    static func smile(
        level: Int64 = 600_000, lean: Int64 = -20_000, bend: Int64 = 12_000
    ) -> NodeVolatilities {
        var result = NodeVolatilities(flat: 0)
        for node in 0..<NodeVolatilities.count {
            // In hundredths of a unit.
            let z = parameters.nodes[node].units / 10_000_000
            result[node] = UInt32(
                clamping: level + lean * z / 100 + bend * z * z / 10_000)
        }
        return result
    }

    static func curve(
        days: UInt64, forward: Int64 = 100_000_000_000, _ volatilities: NodeVolatilities
    ) -> CurveObservation {
        CurveObservation(
            underlying: UnderlyingIdentifier(0), expiry: expiry(days: days),
            forward: IndexPrice(micros: forward), volatilities: volatilities)
    }

    /// A surface with these expiries open.
    static func feed(
        _ days: [UInt64], publishers: Int,
        parameters: SurfaceParameters = SurfaceFixture.parameters, off: DefenceSet = DefenceSet()
    ) -> SurfaceFeed {
        var feed = SurfaceFeed(parameters: parameters, publishers: publishers, off: off)
        for day in days { _ = feed.open(expiry(days: day)) }
        return feed
    }

    static func slice(_ volatilities: NodeVolatilities, days: UInt64) -> CurveSlice {
        CurveSlice(
            grid: grid, smile: grid.smile(volatilities), forward: index,
            remaining: .seconds(days * 86_400))
    }

    /// A smile that leans at random: total variance is a hyperbola (Gatheral's SVI).
    static func hyperbola(_ random: inout SeededGenerator) -> NodeVolatilities {
        let lean = Double.random(in: -0.95...0.95, using: &random)
        let slope = Double.random(in: 0.1...1.2, using: &random)
        let width = Double.random(in: 0.1...1, using: &random)
        let centre = Double.random(in: -2...2, using: &random)
        let least = Double.random(in: 0.6...1.6, using: &random)
        let floor = least - slope * width * (1 - lean * lean).squareRoot()
        var result = NodeVolatilities(flat: 0)
        for node in 0..<NodeVolatilities.count {
            let z = Double(parameters.nodes[node].units) / 1e9 - centre
            let variance = floor + slope * (lean * z + (z * z + width * width).squareRoot())
            result[node] = UInt32(max(0.01, variance).squareRoot() * 500_000)
        }
        return result
    }

    /// A sound smile at random, seldom flat and never twice the same.
    static func randomSmile(_ random: inout SeededGenerator) -> NodeVolatilities {
        var result = smile(
            level: Int64.random(in: 300_000...1_500_000, using: &random),
            lean: Int64.random(in: -60_000...60_000, using: &random),
            bend: Int64.random(in: -2_000...40_000, using: &random))
        for node in 0..<NodeVolatilities.count {
            let noise = Int64.random(in: -6_000...6_000, using: &random)
            result[node] = UInt32(clamping: max(Int64(result[node]) + noise, 25_000))
        }
        return result
    }
}

extension SurfaceFeed {
    /// Records the curves of a publisher who sees the fixture's index.
    mutating func vote(
        _ publisher: Int, _ curves: [CurveObservation],
        at now: Timestamp = SurfaceFixture.start
    ) -> [DroppedCurve] {
        record(
            curves[...], price: SurfaceFixture.index,
            from: PublisherIdentifier(UInt16(publisher)), at: now, now: now)
    }
}
