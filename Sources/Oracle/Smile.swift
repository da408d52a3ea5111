/// A smile: the variance of one expiry between its nodes, as a natural cubic spline over the
/// standardised log-moneyness z = ln(K/F)/s with s = σ_ref·√T (de Boor, "A Practical Guide to
/// Splines", chapter IV; for implied variance Fengler, "Arbitrage-free smoothing of the implied
/// volatility surface", 2009). What is splined is v = w/s² = (σ/σ_ref)², the total variance w in a
/// scale on which it is about one for any expiry, so that 64 bits suffice. Interpolation is linear
/// in the node values and in time; beyond the last nodes v goes on in a straight line, and since
/// the second derivative of a natural spline is zero there, smoothly.

import FixedPoint

/// The nodes of an underlying, and what solving for a spline over them needs.
struct SmileGrid: Sendable {
    /// Nodes less one: the cubic pieces.
    static let pieces = NodeVolatilities.count - 1

    let referenceVolatility: Real
    let nodes: PerNode<Real>
    /// To the next node; the last is unused.
    let steps: PerNode<Real>
    /// The reciprocals of the steps.
    let rates: PerNode<Real>
    /// The elimination of the spline's tridiagonal system (Thomas): superdiagonal and reciprocal
    /// pivot of each row.
    private var above: PerNode<Real>
    private var pivots: PerNode<Real>

    /// - Precondition: the parameters have no faulty field.
    init(_ parameters: SurfaceParameters) {
        referenceVolatility = Real(parameters.referenceVolatility)
        var nodes = PerNode<Real>(repeating: .zero)
        for node in 0..<NodeVolatilities.count { nodes[node] = Real(parameters.nodes[node]) }
        var steps = PerNode<Real>(repeating: .zero)
        var rates = PerNode<Real>(repeating: .zero)
        for piece in 0..<SmileGrid.pieces {
            steps[piece] = nodes[piece + 1] - nodes[piece]
            rates[piece] = .one / steps[piece]
        }
        self.nodes = nodes
        self.steps = steps
        self.rates = rates
        above = PerNode(repeating: .zero)
        pivots = PerNode(repeating: .zero)
        for row in 1..<SmileGrid.pieces {
            let sum = steps[row - 1] + steps[row]
            let pivot = sum + sum - steps[row - 1] * above[row - 1]
            pivots[row] = .one / pivot
            above[row] = steps[row] * pivots[row]
        }
    }

    /// The variance of a volatility in 10⁻⁶, as a multiple of the reference variance.
    func variance(_ millionths: UInt32) -> Real {
        let relative = Real(Int64(millionths), over: SmileGrid.millionths) / referenceVolatility
        return relative * relative
    }

    /// The volatility of a variance, in 10⁻⁶, rounded down.
    func volatility(_ variance: Real) -> UInt32 {
        let volatility = referenceVolatility * variance.squareRoot()
        return UInt32(clamping: Ratio(volatility).units / NodeVolatilities.billionths)
    }

    /// 10⁻⁶ in one.
    private static let millionths: Int64 = 1_000_000

    /// The spline through the variances at the nodes.
    func smile(_ volatilities: NodeVolatilities) -> Smile {
        var values = PerNode<Real>(repeating: .zero)
        for node in 0..<NodeVolatilities.count { values[node] = variance(volatilities[node]) }
        return smile(values)
    }

    /// The spline through values at the nodes.
    private func smile(_ values: PerNode<Real>) -> Smile {
        var chords = PerNode<Real>(repeating: .zero)
        for piece in 0..<SmileGrid.pieces {
            chords[piece] = (values[piece + 1] - values[piece]) * rates[piece]
        }
        // Second derivatives: forward elimination, then substitution from the right end.
        var curvatures = PerNode<Real>(repeating: .zero)
        for row in 1..<SmileGrid.pieces {
            let bend = chords[row] - chords[row - 1]
            let right = bend * SmileGrid.six - steps[row - 1] * curvatures[row - 1]
            curvatures[row] = right * pivots[row]
        }
        for row in (1..<SmileGrid.pieces).reversed() {
            curvatures[row] = curvatures[row] - above[row] * curvatures[row + 1]
        }
        var smile = Smile(values: values)
        for piece in 0..<SmileGrid.pieces {
            let left = curvatures[piece]
            let right = curvatures[piece + 1]
            let lean = (left + left + right) * steps[piece] * SmileGrid.sixth
            smile.slopes[piece] = chords[piece] - lean
            smile.bends[piece] = left * SmileGrid.half
            smile.twists[piece] = (right - left) * rates[piece] * SmileGrid.sixth
        }
        let last = SmileGrid.pieces - 1
        let end = smile.point(in: last, at: steps[last])
        smile.slopes[SmileGrid.pieces] = end.slope
        return smile
    }

    /// The value and its first two derivatives; `z` lies anywhere, the line goes on past the ends.
    func point(of smile: borrowing Smile, at z: Real) -> Smile.Point {
        if z < nodes[0] {
            let slope = smile.slopes[0]
            return Smile.Point(
                value: smile.values[0] + slope * (z - nodes[0]), slope: slope, bend: .zero)
        }
        var piece = 0
        while piece < SmileGrid.pieces, z >= nodes[piece + 1] { piece += 1 }
        return smile.point(in: piece, at: z - nodes[piece])
    }

    private static let half = Real(1, over: 2)
    private static let six = Real(6)
    private static let sixth = Real(1, over: 6)
}

/// The pieces of one spline: on each `value + x·(slope + x·(bend + x·twist))` with x from its left
/// node. The last entry is the line to the right of the last node.
struct Smile: Sendable {
    /// A place on the curve.
    struct Point {
        let value: Real
        /// The first derivative.
        let slope: Real
        /// The second derivative.
        let bend: Real
    }

    let values: PerNode<Real>
    fileprivate(set) var slopes = PerNode<Real>(repeating: .zero)
    fileprivate(set) var bends = PerNode<Real>(repeating: .zero)
    fileprivate(set) var twists = PerNode<Real>(repeating: .zero)

    fileprivate init(values: PerNode<Real>) { self.values = values }

    /// The point so far to the right of a piece's left node.
    func point(in piece: Int, at x: Real) -> Point {
        let bend = bends[piece]
        let twist = twists[piece]
        let tilt = bend + x * twist
        let thrice = twist + twist + twist
        return Point(
            value: values[piece] + x * (slopes[piece] + x * tilt),
            slope: slopes[piece] + x * (bend + bend + x * thrice),
            bend: bend + bend + x * (thrice + thrice))
    }
}
