/// Two simpler estimates of the same tail, to compare filtered simulation with: the sample as it
/// is, and Student's t with the present volatility. Nothing in the ledger depends on them.

public import FixedPoint

extension TailForecast {
    /// Plain historical simulation: the tails of past returns over the horizon, as they were.
    /// O(n log n).
    ///
    /// - Parameters:
    ///   - returns: logarithmic, at least one.
    ///   - tail: in `(0, ½]`.
    public static func historical(
        _ returns: [Real], tail: Ratio = TailForecast.tail
    ) -> TailForecast {
        precondition(!returns.isEmpty, "Invariant: a sample has members")
        let sorted = returns.sorted()
        let share = Int128(sorted.count) * Int128(tail.units) / Int128(Ratio.one.units)
        let size = min(sorted.count, max(1, Int(share)))
        var (low, high) = (Int128(0), Int128(0))
        for place in 0..<size {
            low -= Int128(sorted[place].bits)
            high += Int128(sorted[sorted.count - 1 - place].bits)
        }
        return TailForecast(
            lower: TailEstimate(
                valueAtRisk: -sorted[size - 1],
                expectedShortfall: Real(bits: Int64(clamping: low / Int128(size)))),
            upper: TailEstimate(
                valueAtRisk: sorted[sorted.count - size],
                expectedShortfall: Real(bits: Int64(clamping: high / Int128(size)))))
    }

    /// Student's t at 99 %, the same both ways.
    ///
    /// - Parameters:
    ///   - volatility: of the whole horizon.
    ///   - degrees: of freedom; below 3 counts as 3, above 12 as infinitely many.
    public static func student(volatility: Real, degrees: Int) -> TailForecast {
        let row =
            degrees > largestDegrees
            ? normal : studentTails[max(degrees, leastDegrees) - leastDegrees]
        let estimate = TailEstimate(
            valueAtRisk: volatility * Real(Ratio(billionths: row.0)),
            expectedShortfall: volatility * Real(Ratio(billionths: row.1)))
        return TailForecast(lower: estimate, upper: estimate)
    }

    /// The degrees of freedom whose kurtosis a sample has: `4 + 6 / (kurtosis − 3)`, rounded down;
    /// many for a sample with no more kurtosis than the normal distribution.
    ///
    /// - Parameter residuals: over their volatility, with a mean of about zero.
    public static func degreesOfFreedom(_ residuals: [Real]) -> Int {
        var (second, fourth) = (Real.zero, Real.zero)
        let count = Real(Int64(max(1, residuals.count)))
        for residual in residuals {
            let square = residual * residual
            second = second + square / count
            fourth = fourth + square * square / count
        }
        let excess = fourth - Real(3) * second * second
        guard excess > .zero else { return .max }
        let degrees = Real(4) + Real(6) * second * second / excess
        return Int(degrees.bits >> Real.fractionBits)
    }

    private static let leastDegrees = 3
    private static let largestDegrees = 12
    /// Value at risk and expected shortfall at 99 % with 3 ... 12 degrees, in volatilities: `q·√((ν
    /// − 2)/ν)`, and `f(q)/(1 %)·(ν + q²)/(ν − 1)` times the same; in billionths. Made again by
    /// numerical integration in `ComparisonEstimatesTests`.
    private static let studentTails: [(Int64, Int64)] = [
        (2_621_576_018, 4_043_231_299), (2_649_491_907, 3_691_510_486),
        (2_606_463_569, 3_448_836_760), (2_565_978_006, 3_292_545_063),
        (2_533_731_522, 3_186_169_663), (2_508_407_463, 3_109_802_024),
        (2_488_274_363, 3_052_567_619), (2_471_990_553, 3_008_183_569),
        (2_458_595_128, 2_972_809_824), (2_447_405_129, 2_943_981_859),
    ]
    /// The same of the normal distribution.
    private static let normal: (Int64, Int64) = (2_326_347_874, 2_665_214_220)
}
