/// The normal distribution: Φ from a table of polynomials within 2⁻⁴⁰, the density from the
/// exponential (`NormalDistributionTests`).

public enum NormalDistribution {
    /// Φ: the share of the distribution below a number. Not decreasing; exactly ½ at zero up to
    /// 2⁻⁴⁰; beyond ±8 exactly zero or one. Φ(−x) = 1 − Φ(x) exactly.
    public static func cumulative(_ value: Real) -> Real {
        let tail = upperTail(value.magnitude)
        return value < .zero ? tail : .one - tail
    }

    /// `e^(−x²/2) / √(2π)`.
    public static func density(_ value: Real) -> Real {
        guard value.magnitude < tableEnd else { return .zero }
        return Real.exp(-(value * value) * half) * densityAtZero
    }

    /// `(1 − Φ(x)) / φ(x)`, which keeps its digits where both are gone; from 13 on that of 13.
    ///
    /// - Precondition: `value` is at least 2.
    public static func tailRatio(_ value: Real) -> Real {
        let end = Real(TailRatioTable.end)
        let inside = value < end ? value : Real(bits: end.bits - 1)
        return polynomial(
            TailRatioTable.coefficients, TailRatioTable.degree,
            at: inside.bits - TailRatioTable.start << Real.fractionBits,
            segmentBits: TailRatioTable.segmentBits)
    }

    /// `1 − Φ(x)` of what is not negative.
    @inline(__always)
    private static func upperTail(_ value: Real) -> Real {
        guard value < tableEnd else { return .zero }
        return polynomial(
            NormalTable.coefficients, NormalTable.degree, at: value.bits,
            segmentBits: NormalTable.segmentBits)
    }

    /// A piecewise polynomial, never below zero.
    ///
    /// - Parameter distance: from the start of the table, in 2⁻⁴⁰.
    @inline(__always)
    private static func polynomial(
        _ table: [Int64], _ degree: Int, at distance: Int64, segmentBits: Int64
    ) -> Real {
        let segmentShift = Real.fractionBits - segmentBits
        let fraction = UInt64(truncatingIfNeeded: distance) << UInt64(64 - segmentShift)
        let variable = Int64(bitPattern: fraction ^ 1 << 63)
        let start = Int(distance >> segmentShift) * (degree + 1)
        var sum = table[start + degree]
        for place in stride(from: start + degree - 1, through: start, by: -1) {
            sum = table[place] + sum.multipliedFullWidth(by: variable).high << 1
        }
        return Real(bits: max(0, (sum + 1 << 21) >> 22))
    }

    private static var half: Real { Real(bits: 1 << 39) }
    private static var tableEnd: Real { Real(8) }
    /// 1/√(2π).
    private static var densityAtZero: Real { Real(bits: 438_641_676_113) }
}
