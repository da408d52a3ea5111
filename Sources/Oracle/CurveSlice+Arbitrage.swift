/// Whether a curve, or two of neighbouring expiries, could be traded against itself without risk.
///
/// **Butterflies.** A slice is free of them where Durrleman's function
/// g = (1 − k·w′/2w)² − (w′²/4)·(1/w + ¼) + w″/2 is not negative (Gatheral and Jacquier,
/// "Arbitrage-free SVI volatility surfaces", 2014, lemma 2.2), with k = ln(K/F) and derivatives by
/// k. That form is used, rather than convexity of prices at some strikes, because it needs four
/// products and a quotient a point and no normal distribution, and because it says the same at
/// every time scale: in the spline's own units it is
/// g = (1 − z·q/2)² − q·v′/4 − (s·v′)²/16 + v″/2 with q = v′/v.
/// It is asked at every node and at three points of every piece, and in closed form for all of the
/// straight wings.
///
/// **Calendars.** Total variance must not fall with the expiry at the same ln(K/F) (lemma 2.1). It
/// is compared at every node of both slices and halfway between the nodes of the earlier.

import FixedPoint

extension CurveSlice {
    /// Whether the slice admits no butterfly arbitrage, its variance is positive, and it is no
    /// steeper than the bounds below.
    func isFreeOfButterflies() -> Bool {
        for piece in 0..<SmileGrid.pieces {
            let quarter = grid.steps[piece] * CurveSlice.quarter
            var offset = Real.zero
            for _ in 0..<CurveSlice.pointsPerPiece {
                let z = grid.nodes[piece] + offset
                guard isFree(smile.point(in: piece, at: offset), at: z) else { return false }
                offset = offset + quarter
            }
        }
        let last = SmileGrid.pieces
        guard isFree(smile.point(in: last, at: .zero), at: grid.nodes[last]) else { return false }
        return isWingFree(
            slope: smile.slopes[last], value: smile.values[last], edge: grid.nodes[last])
            && isWingFree(
                slope: -smile.slopes[0], value: smile.values[0],
                edge: -grid.nodes[0])
    }

    /// Whether g is not negative at a point of the spline.
    private func isFree(_ point: Smile.Point, at z: Real) -> Bool {
        guard point.value >= CurveSlice.leastVariance,
            point.slope.magnitude <= CurveSlice.mostSlope
        else { return false }
        let lean = scale * point.slope
        let relative = point.slope / point.value
        guard lean.magnitude <= CurveSlice.mostLean,
            relative.magnitude <= CurveSlice.mostRelative
        else { return false }
        let core = Real.one - z * relative * CurveSlice.half
        let outer = relative * point.slope + lean * (lean * CurveSlice.quarter)
        return core * core + point.bend * CurveSlice.half >= outer * CurveSlice.quarter
    }

    /// Whether the straight line beyond an end node is free, all the way.
    ///
    /// With w = a + b·k the function is quadratic in y = 1/w:
    /// g = a²/4·y² + (2a − b²)/4·y + (4 − b²)/16.
    /// It is not negative at y → 0 if b ≤ 2; at the node it is asked as at any other; its lowest
    /// point y = (b² − 2a)/2a² matters where it lies between these, and is not negative there if
    /// b² ≤ a·(4 − a). Here b = s·slope and a = s²·α.
    ///
    /// - Parameter slope: of v, away from the centre. A falling wing is held level, where g = 1.
    private func isWingFree(slope: Real, value: Real, edge: Real) -> Bool {
        guard slope > .zero else { return true }
        guard scale * slope <= CurveSlice.steepest else { return false }
        let alpha = value - slope * edge
        // Values are below 2⁹, slopes below 2¹⁰ and α below 2¹⁴, each with 40 fraction bits, so
        // these products stay below 2¹²⁷ where those of `Real` would not.
        let square = Int128(slope.bits) * Int128(slope.bits)
        let twice = Int128((alpha + alpha).bits) << CurveSlice.fractionShift
        guard square > twice else { return true }
        let excess = (square - twice) >> CurveSlice.fractionShift
        guard excess * Int128(value.bits) < 2 * Int128(alpha.bits) * Int128(alpha.bits) else {
            return true
        }
        let rest = CurveSlice.four - scale * (scale * alpha)
        return square <= Int128(alpha.bits) * Int128(rest.bits)
    }

    /// Whether total variance is nowhere below an earlier slice's.
    func isFreeOfCalendars(after earlier: CurveSlice) -> Bool {
        for node in 0..<NodeVolatilities.count {
            let at = earlier.grid.nodes[node]
            guard isAbove(earlier, at: earlier.scale * at),
                isAbove(earlier, at: scale * grid.nodes[node])
            else { return false }
            if node < SmileGrid.pieces {
                let middle = at + earlier.grid.steps[node] * CurveSlice.half
                guard isAbove(earlier, at: earlier.scale * middle) else { return false }
            }
        }
        return true
    }

    private func isAbove(_ earlier: CurveSlice, at logMoneyness: Real) -> Bool {
        totalVariance(logMoneyness: logMoneyness) + CurveSlice.tolerance
            >= earlier.totalVariance(logMoneyness: logMoneyness)
    }

    /// Points at which g is asked on each piece, from its left node on.
    private static let pointsPerPiece = 4
    private static let half = Real(1, over: 2)
    private static let quarter = Real(1, over: 4)
    private static let four = Real(4)
    /// Of v: a tenth of the lowest a node may have, so that 1/v stays far inside the range.
    private static let leastVariance = Real(1, over: 4_000)
    /// Of v per unit of z; of w per unit of ln(K/F); of ln v per unit of z. Beyond any quoted
    /// smile, and small enough that no product above leaves 2²³.
    private static let mostSlope = Real(1_000)
    private static let mostLean = Real(8)
    private static let mostRelative = Real(500)
    /// Rounding of two total variances, in 2⁻⁴⁰.
    private static let tolerance = Real(bits: 64)
    private static let fractionShift = Int128(Real.fractionBits)
}
