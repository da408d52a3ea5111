/// The residuals of a chain that has seen nothing yet: the quantiles of Student's t with four
/// degrees of freedom, scaled to a variance of one, which is about how an hour of BTC is spread
/// (docs/margins.md). They leave one by one as true ones come, each part of the distribution
/// evenly.
///
/// With four degrees the quantile is in closed form: `t = ±2·√(cos(⅓·arccos √α)/√α − 1)`, `α =
/// 4p(1 − p)` (W. T. Shaw, Sampling Student's T distribution, 2006).

import FixedPoint

enum SeedResiduals {
    /// As many residuals, in the order in which they are to leave.
    ///
    /// - Parameter count: hundreds.
    static func make(count: Int) -> [Int16] {
        var residuals: [Int16] = []
        residuals.reserveCapacity(count)
        for place in 0..<count {
            // A stride without a common factor walks through all quantiles and spreads the tails.
            residuals.append(quantile(place * stride % count, of: count))
        }
        return residuals
    }

    /// Prime, and no factor of a multiple of a hundred up to 2,000.
    private static let stride = 617

    /// The quantile at `(place + ½) / count`.
    static func quantile(_ place: Int, of count: Int) -> Int16 {
        let share = Real(Int64(2 * place + 1), over: Int64(2 * count))
        let alpha = Real(4) * share * (Real.one - share)
        let root = alpha.squareRoot()
        let excess = max(.zero, cosineOfThird(root) / root - .one)
        // Twice the root, over the root of the variance, which is two.
        let size = (Real(2) * excess).squareRoot()
        return ResidualRing.stored(2 * place + 1 < count ? -size : size)
    }

    /// `cos(⅓·arccos x)` for x in `0 ... 1`: the root of `4c³ − 3c = x` in `√¾ ... 1`, by Newton's
    /// method from above, where the curve is convex.
    private static func cosineOfThird(_ value: Real) -> Real {
        var cosine = Real.one
        for _ in 0..<newtonSteps {
            let square = cosine * cosine
            let miss = (Real(4) * square - Real(3)) * cosine - value
            cosine = cosine - miss / (Real(12) * square - Real(3))
        }
        return cosine
    }

    /// Each doubles the digits; four are enough for 40 bits.
    private static let newtonSteps = 6
}
