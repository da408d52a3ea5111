/// How a publisher makes a curve from quotes: least squares over the volatilities, each weighed by
/// how much of the option's value depends on it, with a little smoothing and with penalties where
/// the curve would admit arbitrage (the conditions of `CurveSlice+Arbitrage`, linearised anew in
/// each step). Publishers may use floating point; what they sign is whole numbers.
import Oracle

/// A curve in floating point.
struct FittedCurve {
    /// σ_ref·√T.
    let scale: Double
    /// (σ/σ_ref)² at the nodes.
    var variances: [Double]
}

/// Fits curves over one grid.
struct CurveFit {
    let grid: FitGrid

    /// Penalties that grow, and the rounds of linearised least squares with each.
    private static let penalties: [Double] = [1, 5, 25, 100, 400]
    private static let rounds = 40
    /// Of the way to each round's solution: full steps would jump from side to side of a limit.
    private static let step = 0.5
    /// Shares of a level curve that are mixed in until the result is sound.
    private static let blends = [
        0, 0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 1,
    ]
    /// How far g must stay above zero.
    private static let margin = 0.02
    /// The same for the rise of total variance between expiries, as a share.
    private static let rise = 1.002
    private static let leastVariance = 0.01
    private static let smoothing = 0.012
    /// A step this long is held back by as much as a whole quote would.
    private static let damping = 0.01
    /// The weight of an option nearly without time value.
    private static let leastWeight = 0.0005

    /// A quote as the fit sees it.
    struct Point {
        let z: Double
        let variance: Double
        /// How much of a volatility's error counts.
        let weight: Double
    }

    /// Rows of an overdetermined linear system, summed into its normal equations.
    private struct Normal {
        var matrix = [Double](repeating: 0, count: FitGrid.count * FitGrid.count)
        var right = [Double](repeating: 0, count: FitGrid.count)

        mutating func add(_ row: [Double], _ value: Double, weight: Double) {
            for first in 0..<FitGrid.count where row[first] != 0 {
                let scaled = row[first] * weight * weight
                right[first] += scaled * value
                for second in 0..<FitGrid.count {
                    matrix[first * FitGrid.count + second] += scaled * row[second]
                }
            }
        }

        mutating func add(_ other: Normal) {
            for place in matrix.indices { matrix[place] += other.matrix[place] }
            for place in right.indices { right[place] += other.right[place] }
        }

        /// The solution by Cholesky's decomposition; the damping makes it positive definite.
        func solved() -> [Double] {
            let count = FitGrid.count
            var factor = matrix
            var result = right
            for row in 0..<count {
                for column in 0...row {
                    var sum = factor[row * count + column]
                    for place in 0..<column {
                        sum -= factor[row * count + place] * factor[column * count + place]
                    }
                    factor[row * count + column] =
                        row == column
                        ? max(sum, 1e-12).squareRoot() : sum / factor[column * count + column]
                }
                for place in 0..<row { result[row] -= factor[row * count + place] * result[place] }
                result[row] /= factor[row * count + row]
            }
            for row in (0..<count).reversed() {
                for place in (row + 1)..<max(count, row + 1) {
                    result[row] -= factor[place * count + row] * result[place]
                }
                result[row] /= factor[row * count + row]
            }
            return result
        }
    }

    /// What a quote weighs: as much as the option's value moves with volatility.
    static func weight(delta: Double) -> Double {
        max(min(delta, 1 - delta), leastWeight).squareRoot()
    }

    /// The curve nearest to some points.
    ///
    /// - Parameter earlier: a curve of the same publisher that total variance must lie above.
    func curve(_ points: [Point], scale: Double, above earlier: FittedCurve?) -> FittedCurve {
        var values = start(points)
        var quotes = Normal()
        let sum = points.reduce(0.0) { $0 + $1.weight * $1.weight }
        for point in points {
            let row = grid.rows(at: point.z).value
            // So that an error is one of volatility, and all quotes together weigh one.
            let weight = point.weight / (2 * point.variance.squareRoot() * sum.squareRoot())
            quotes.add(row, point.variance, weight: weight)
        }
        addSmoothing(&quotes)
        let floors = earlier.map { self.floors($0, scale: scale) } ?? []
        for penalty in CurveFit.penalties {
            for _ in 0..<CurveFit.rounds {
                let next = round(from: values, quotes, floors, scale, penalty)
                for node in 0..<FitGrid.count {
                    values[node] += CurveFit.step * (next[node] - values[node])
                }
            }
        }
        return FittedCurve(scale: scale, variances: sound(values, floors, scale))
    }

    /// The solution of the system linearised at some values.
    private func round(
        from values: [Double], _ quotes: Normal, _ floors: [Floor], _ scale: Double,
        _ penalty: Double
    ) -> [Double] {
        var system = quotes
        addButterflies(values, scale, penalty, &system)
        for floor in floors where FitGrid.sum(floor.row, values) < floor.least * CurveFit.rise {
            system.add(
                floor.row, floor.least * CurveFit.rise, weight: penalty / max(floor.least, 0.01))
        }
        for node in 0..<FitGrid.count {
            var row = [Double](repeating: 0, count: FitGrid.count)
            row[node] = 1
            system.add(row, values[node], weight: CurveFit.damping)
            if values[node] < CurveFit.leastVariance {
                system.add(row, CurveFit.leastVariance, weight: penalty)
            }
        }
        return system.solved()
    }

    /// The values, with as much of a level curve mixed in as makes them sound.
    private func sound(_ values: [Double], _ floors: [Floor], _ scale: Double) -> [Double] {
        let highest = floors.map(\.least).max() ?? 0
        let level = max(values[NodeVolatilities.centre], highest, CurveFit.leastVariance)
        var result = values
        for blend in CurveFit.blends {
            result = values.map { (1 - blend) * max($0, CurveFit.leastVariance) + blend * level }
            if isSound(result, floors, scale) { break }
        }
        return result
    }

    /// Whether the curve keeps off every limit by a hair, so that rounding does not matter.
    private func isSound(_ values: [Double], _ floors: [Floor], _ scale: Double) -> Bool {
        let isFree = grid.probes.allSatisfy { probe in
            let value = FitGrid.sum(probe.rows.value, values)
            guard value > CurveFit.leastVariance / 2 else { return false }
            let slope = FitGrid.sum(probe.rows.slope, values)
            let core = 1 - probe.z * slope / (2 * value)
            let outer = slope * slope / 4 * (1 / value + scale * scale / 4)
            return core * core - outer + FitGrid.sum(probe.rows.bend, values) / 2 > CurveFit.hair
        }
        guard isFree else { return false }
        for (probe, sign) in [(grid.probes[0], -1.0), (grid.probes[grid.probes.count - 1], 1.0)] {
            let slope = sign * FitGrid.sum(probe.rows.slope, values)
            let value = FitGrid.sum(probe.rows.value, values)
            guard slope > 0 else { continue }
            let alpha = value - slope * abs(probe.z)
            let square = slope * slope
            let hasLow = square > 2 * alpha && (square - 2 * alpha) * value < 2 * alpha * alpha
            if scale * slope > 1.99 { return false }
            if hasLow && square > 0.99 * alpha * (4 - scale * scale * alpha) { return false }
        }
        return floors.allSatisfy { FitGrid.sum($0.row, values) >= $0.least * (1 + CurveFit.hair) }
    }

    private static let hair = 1e-4

    /// A level curve at the variance of the quote nearest to the forward.
    private func start(_ points: [Point]) -> [Double] {
        let nearest = points.min { abs($0.z) < abs($1.z) }
        return [Double](repeating: nearest?.variance ?? 1, count: FitGrid.count)
    }

    /// Slopes that differ from piece to piece cost a little.
    private func addSmoothing(_ system: inout Normal) {
        for node in 1..<(FitGrid.count - 1) {
            var row = [Double](repeating: 0, count: FitGrid.count)
            let before = grid.nodes[node] - grid.nodes[node - 1]
            let after = grid.nodes[node + 1] - grid.nodes[node]
            row[node - 1] = 1 / before
            row[node] = -1 / before - 1 / after
            row[node + 1] = 1 / after
            system.add(row, 0, weight: CurveFit.smoothing)
        }
    }

    /// Where Durrleman's g falls below the margin, its tangent is asked to reach it.
    private func addButterflies(
        _ values: [Double], _ scale: Double, _ penalty: Double, _ system: inout Normal
    ) {
        for probe in grid.probes {
            let value = max(FitGrid.sum(probe.rows.value, values), CurveFit.leastVariance)
            let slope = FitGrid.sum(probe.rows.slope, values)
            let bend = FitGrid.sum(probe.rows.bend, values)
            let core = 1 - probe.z * slope / (2 * value)
            let outer = 1 / value + scale * scale / 4
            let g = core * core - slope * slope / 4 * outer + bend / 2
            guard g < CurveFit.margin else { continue }
            let byValue =
                core * probe.z * slope / (value * value) + slope * slope / (4 * value * value)
            let bySlope = -core * probe.z / value - slope / 2 * outer
            var row = [Double](repeating: 0, count: FitGrid.count)
            for node in 0..<FitGrid.count {
                row[node] =
                    byValue * probe.rows.value[node] + bySlope * probe.rows.slope[node]
                    + probe.rows.bend[node] / 2
            }
            // The tangent at the values must rise by what is missing, in steps of at most one.
            let target = FitGrid.sum(row, values) + min(CurveFit.margin - g, 1)
            let length = max(1, FitGrid.sum(row, row).squareRoot())
            system.add(row, target, weight: penalty / length)
        }
    }

    /// A place, and what the variance must be there at least.
    private struct Floor {
        let row: [Double]
        let least: Double
    }

    /// What an earlier curve asks for: at its own probes and at the nodes of the new one.
    private func floors(_ earlier: FittedCurve, scale: Double) -> [Floor] {
        let ratio = earlier.scale / scale
        let before = grid.probes.map { probe in
            Floor(
                row: grid.rows(at: probe.z * ratio).value,
                least: FitGrid.sum(probe.rows.value, earlier.variances) * ratio * ratio)
        }
        let own = grid.nodes.map { z in
            Floor(
                row: grid.rows(at: z).value,
                least: held(earlier, at: z / ratio) * ratio * ratio)
        }
        return before + own
    }

    /// The variance of a curve whose wings do not fall.
    private func held(_ curve: FittedCurve, at z: Double) -> Double {
        let last = FitGrid.count - 1
        let edge = min(max(z, grid.nodes[0]), grid.nodes[last])
        let rows = grid.rows(at: edge)
        let slope = FitGrid.sum(rows.slope, curve.variances)
        let outward = max(z < edge ? -slope : slope, 0)
        return FitGrid.sum(rows.value, curve.variances) + outward * abs(z - edge)
    }
}
