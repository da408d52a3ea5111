/// A curve at one moment: what it says of every strike while the time to expiry stands still. The
/// total variance of a strike is w = s²·v(z) with s = σ_ref·√T and z = ln(K/F)/s (`Smile`). Beyond
/// the last nodes w goes on in a straight line over ln(K/F), whose slope is held between 0 and 2
/// away from the centre: 2 is the most that moments of the price allow (Lee, "The moment formula
/// for implied volatility at extreme strikes", 2004), and 0 keeps the wing from sinking.

public import FixedPoint

/// The total variances of one expiry at one time.
public struct CurveSlice: Sendable {
    /// What a strike is compared with.
    public let forward: IndexPrice
    /// Years of 365 days until the expiry.
    public let years: Real
    /// σ_ref·√T: one unit of standardised log-moneyness.
    public let scale: Real

    let grid: SmileGrid
    let smile: Smile
    /// Total variance at the first and the last node, and where they stand.
    private let left: Wing
    private let right: Wing

    /// A straight line over the distance from an end node.
    private struct Wing {
        /// ln(K/F) of the node.
        let edge: Real
        let variance: Real
        /// Away from the centre, per unit of ln(K/F); in `0 ... 2`.
        let slope: Real

        init(edge: Real, value: Real, slope: Real, scale: Real) {
            self.edge = edge
            variance = scale * (scale * value)
            self.slope = min(max(scale * slope, .zero), CurveSlice.steepest)
        }
    }

    /// The most that total variance grows per unit of ln(K/F).
    static let steepest = Real(2)

    /// - Parameter remaining: to the expiry; less than a second counts as one.
    init(grid: SmileGrid, smile: Smile, forward: IndexPrice, remaining: Duration) {
        self.grid = grid
        self.smile = smile
        self.forward = forward
        years = CurveSlice.years(remaining)
        scale = grid.referenceVolatility * years.squareRoot()
        let last = SmileGrid.pieces
        left = Wing(
            edge: scale * grid.nodes[0], value: smile.values[0],
            slope: .zero - smile.slopes[0], scale: scale)
        right = Wing(
            edge: scale * grid.nodes[last], value: smile.values[last],
            slope: smile.slopes[last], scale: scale)
    }

    /// ln(K/F).
    public func logMoneyness(strike: IndexPrice) -> Real {
        Real.log(max(strike.units, 1), over: max(forward.units, 1))
    }

    /// The variance of the logarithm of the price at expiry, σ²·T, for a strike.
    public func totalVariance(strike: IndexPrice) -> Real {
        totalVariance(logMoneyness: logMoneyness(strike: strike))
    }

    /// The same for ln(K/F), within ±44. Never negative.
    public func totalVariance(logMoneyness: Real) -> Real {
        if logMoneyness < left.edge {
            return left.variance + left.slope * (left.edge - logMoneyness)
        }
        if logMoneyness > right.edge {
            return right.variance + right.slope * (logMoneyness - right.edge)
        }
        let value = grid.point(of: smile, at: logMoneyness / scale).value
        return max(scale * (scale * value), .zero)
    }

    /// The total variance where the standardised log-moneyness is `z`, inside the nodes.
    func totalVariance(standardised z: Real) -> Real {
        scale * (scale * grid.point(of: smile, at: z).value)
    }

    /// The implied volatility, a year, of ln(K/F).
    public func volatility(logMoneyness: Real) -> Real {
        (totalVariance(logMoneyness: logMoneyness) / years).squareRoot()
    }

    /// A span in years of 365 days; at least a second.
    static func years(_ span: Duration) -> Real {
        // Microseconds, so that quotients of spans up to five years stay exact in 64 bits.
        let micros = max(span, .seconds(1)).nanoseconds / nanosecondsPerMicrosecond
        let bounded = min(micros, longest.nanoseconds / nanosecondsPerMicrosecond)
        return Real(Int64(bounded), over: microsecondsPerYear)
    }

    /// The farthest expiry whose curve is kept: five years of 365 days.
    static let longest = Duration.seconds(5 * 365 * 86_400)
    private static let nanosecondsPerMicrosecond: UInt64 = 1_000
    private static let microsecondsPerYear: Int64 = 365 * 86_400 * 1_000_000
}
