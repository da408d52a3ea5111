/// The spline of the surface in floating point, as rows of a linear system: a curve's value, slope
/// and bend at a place are sums over its node values. For whoever fits curves to quotes; what is
/// in force is calculated by `Oracle` alone.
import FixedPoint
import Oracle

/// The nodes of a surface and the natural spline over them.
struct FitGrid {
    static let count = NodeVolatilities.count

    /// What a place on the curve is made of: factors of the node values.
    struct Rows {
        var value = [Double](repeating: 0, count: FitGrid.count)
        var slope = [Double](repeating: 0, count: FitGrid.count)
        var bend = [Double](repeating: 0, count: FitGrid.count)
    }

    let nodes: [Double]
    let reference: Double
    /// Row i: the second derivative at node i as a sum over node values.
    private let curvatures: [[Double]]
    /// The places at which a publisher makes sure that its curve is sound.
    private(set) var probes: [(z: Double, rows: Rows)] = []

    private static let probesPerPiece = 4

    init(_ parameters: SurfaceParameters) {
        nodes = parameters.nodes.map { Double($0.units) / 1e9 }
        reference = Double(parameters.referenceVolatility.units) / 1e9
        curvatures = FitGrid.curvatures(nodes)
        for piece in 0..<(FitGrid.count - 1) {
            for part in 0..<FitGrid.probesPerPiece {
                let share = Double(part) / Double(FitGrid.probesPerPiece)
                let z = nodes[piece] + share * (nodes[piece + 1] - nodes[piece])
                probes.append((z, rows(at: z)))
            }
        }
        let end = nodes[FitGrid.count - 1]
        probes.append((end, rows(at: end)))
    }

    /// Solves the spline's system for every unit vector of node values.
    private static func curvatures(_ nodes: [Double]) -> [[Double]] {
        var left = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
        var right = left
        left[0][0] = 1
        left[count - 1][count - 1] = 1
        for row in 1..<(count - 1) {
            let before = nodes[row] - nodes[row - 1]
            let after = nodes[row + 1] - nodes[row]
            left[row][row - 1] = before
            left[row][row] = 2 * (before + after)
            left[row][row + 1] = after
            right[row][row - 1] = 6 / before
            right[row][row] = -6 / before - 6 / after
            right[row][row + 1] = 6 / after
        }
        for pivot in 0..<count {
            for row in 0..<count where row != pivot && left[row][pivot] != 0 {
                let factor = left[row][pivot] / left[pivot][pivot]
                for column in 0..<count {
                    left[row][column] -= factor * left[pivot][column]
                    right[row][column] -= factor * right[pivot][column]
                }
            }
        }
        return (0..<count).map { row in right[row].map { $0 / left[row][row] } }
    }

    /// The rows of a place; beyond the last nodes the line goes on.
    func rows(at z: Double) -> Rows {
        let last = FitGrid.count - 1
        let inside = min(max(z, nodes[0]), nodes[last])
        var piece = 0
        while piece < last - 1, inside > nodes[piece + 1] { piece += 1 }
        let step = nodes[piece + 1] - nodes[piece]
        let a = (nodes[piece + 1] - inside) / step
        let b = 1 - a
        var rows = Rows()
        rows.value[piece] += a
        rows.value[piece + 1] += b
        rows.slope[piece] -= 1 / step
        rows.slope[piece + 1] += 1 / step
        for node in 0..<FitGrid.count {
            let left = curvatures[piece][node]
            let right = curvatures[piece + 1][node]
            let cubic = (a * a * a - a) * left + (b * b * b - b) * right
            rows.value[node] += cubic * step * step / 6
            rows.slope[node] += step / 6 * ((1 - 3 * a * a) * left + (3 * b * b - 1) * right)
            rows.bend[node] += a * left + b * right
        }
        guard inside != z else { return rows }
        for node in 0..<FitGrid.count {
            rows.value[node] += (z - inside) * rows.slope[node]
            rows.bend[node] = 0
        }
        return rows
    }

    static func sum(_ row: [Double], _ values: [Double]) -> Double {
        var sum = 0.0
        for node in 0..<count { sum += row[node] * values[node] }
        return sum
    }
}
