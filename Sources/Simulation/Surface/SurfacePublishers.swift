/// Simulated publishers of volatility curves: each looks at the same chain with noise of its own
/// and fits it; the last one lies, in a manner that changes from snapshot to snapshot.
import Documents
import Canonical
import FixedPoint
import Foundation
import Oracle

/// How the liar lies.
package enum SurfaceLie: Int, CaseIterable, Sendable {
    case higherLevel, lowerLevel, higherForward, wing, hump, inverted

    package var name: String {
        switch self {
        case .higherLevel: "every volatility a third higher"
        case .lowerLevel: "every volatility a third lower"
        case .higherForward: "the forward 5 % higher"
        case .wing: "one far wing 4 volatility points higher"
        case .hump: "a hump in the middle"
        case .inverted: "long expiries at half their volatility"
        }
    }
}

/// Votes on snapshots.
struct SurfacePublishers {
    static let honest = 5
    /// The last publisher.
    static let liar = honest
    static let count = honest + 1

    /// Of a quote's volatility, in 10⁻⁶.
    private static let quoteNoise: Int64 = 2_000
    /// Of a forward, in 10⁻⁹.
    private static let forwardNoise: Int64 = 50_000
    /// Node units; farther quotes say nothing about the nodes.
    private static let farthest = 8.0
    private static let leastQuotes = 3

    let grid: FitGrid
    private let fit: CurveFit
    private var random: SimulationGenerator

    init(parameters: SurfaceParameters, seed: UInt64) {
        grid = FitGrid(parameters)
        fit = CurveFit(grid: grid)
        random = SimulationGenerator(seed: seed)
    }

    /// A publisher's curves of a snapshot, ascending by expiry.
    mutating func curves(
        of snapshot: OptionSnapshot, by publisher: Int, lie: SurfaceLie
    ) -> [CurveObservation] {
        var earlier: FittedCurve?
        var result: [CurveObservation] = []
        for chain in snapshot.expiries where chain.quotes.count >= SurfacePublishers.leastQuotes {
            let scale = SurfaceClock.scale(grid, from: snapshot.time, to: chain.expiry)
            let points = chain.quotes.map { quote in
                let noise = Double(random.normal(deviation: SurfacePublishers.quoteNoise)) / 1e6
                let relative = max(quote.markVolatility + noise, 0.03) / grid.reference
                return CurveFit.Point(
                    z: log(quote.strike / quote.forward) / scale, variance: relative * relative,
                    weight: CurveFit.weight(delta: quote.delta))
            }.filter { abs($0.z) <= SurfacePublishers.farthest }
            guard points.count >= SurfacePublishers.leastQuotes else { continue }
            var curve = fit.curve(points, scale: scale, above: earlier)
            earlier = curve
            let noise = Double(random.normal(deviation: SurfacePublishers.forwardNoise)) / 1e9
            var forward = chain.forward * (1 + noise)
            if publisher == SurfacePublishers.liar {
                let isLong = chain.expiry - snapshot.time > 60 * TimeText.day
                tell(lie, &curve, &forward, isLong: isLong)
            }
            result.append(
                CurveObservation(
                    underlying: UnderlyingIdentifier(0),
                    expiry: Timestamp(nanoseconds: chain.expiry),
                    forward: IndexPrice(micros: Int64(forward * 1e6)),
                    volatilities: volatilities(curve)))
        }
        return result
    }

    private func tell(
        _ lie: SurfaceLie, _ curve: inout FittedCurve, _ forward: inout Double, isLong: Bool
    ) {
        switch lie {
        case .higherLevel: curve.variances = curve.variances.map { $0 * 16 / 9 }
        case .lowerLevel: curve.variances = curve.variances.map { $0 * 4 / 9 }
        case .higherForward: forward *= 1.05
        case .wing:
            let last = FitGrid.count - 1
            let volatility = curve.variances[last].squareRoot() + 0.04 / grid.reference
            curve.variances[last] = volatility * volatility
        case .hump: curve.variances[NodeVolatilities.centre] *= 1.5
        case .inverted: if isLong { curve.variances = curve.variances.map { $0 / 4 } }
        }
    }

    private func volatilities(_ curve: FittedCurve) -> NodeVolatilities {
        var result = NodeVolatilities(flat: 0)
        for node in 0..<FitGrid.count {
            let volatility = curve.variances[node].squareRoot() * grid.reference
            result[node] = UInt32(min(max(volatility * 1e6, 0), 1e9))
        }
        return result
    }
}

/// Time as the surface counts it, in floating point.
enum SurfaceClock {
    /// Nanoseconds of a year of 365 days.
    static let year = 365.0 * Double(TimeText.day)

    /// σ_ref·√T.
    static func scale(_ grid: FitGrid, from time: UInt64, to expiry: UInt64) -> Double {
        grid.reference * (Double(expiry - time) / year).squareRoot()
    }
}
