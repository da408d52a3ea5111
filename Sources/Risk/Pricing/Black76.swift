/// The value of a European option on a forward (Black 1976), undiscounted, as a share of the
/// forward, from normalised inputs: `x = ln(K/F)`, `m = K/F`, `v = σ·√T`. Within 10⁻⁹ of the forward
/// of the exact value (DESIGN 3; `Black76Tests`).

public import FixedPoint

public enum Black76 {
    /// The value of a call: `Φ(d₁) − m·Φ(d₂)` with `d₁ = −x/v + v/2` and `d₂ = d₁ − v`, in `0 ... 1`.
    public static func call(
        logMoneyness: Real, moneyness: Real, totalVolatility: Real
    ) -> Real {
        guard totalVolatility > .zero else { return max(.zero, .one - moneyness) }
        let upper = -logMoneyness / totalVolatility + Real(bits: totalVolatility.bits >> 1)
        let value =
            NormalDistribution.cumulative(upper)
            - moneyness * NormalDistribution.cumulative(upper - totalVolatility)
        return min(max(value, .zero, .one - moneyness), .one)
    }

    /// dV/dF of a call: `Φ(d₁)`.
    public static func callDelta(logMoneyness: Real, totalVolatility: Real) -> Real {
        guard totalVolatility > .zero else { return logMoneyness < .zero ? .one : .zero }
        return NormalDistribution.cumulative(
            -logMoneyness / totalVolatility + Real(bits: totalVolatility.bits >> 1))
    }
}
