/// The value of a European option on a forward (Black 1976), undiscounted, as a share of the
/// forward, from normalised inputs: `x = ln(K/F)`, `m = K/F`, `v = σ·√T`. Within 10⁻⁹ of the
/// forward of the exact value for every strike and volatility (DESIGN 3; `Black76Tests`).
///
/// `d₁ = −x/v + v/2`, `d₂ = d₁ − v`. An error of x moves d₁ by much where v is small, but the value
/// hardly: `φ(d₁) = m·φ(d₂)`, so that both parts move alike.

public import Catalogue
public import FixedPoint

public enum Black76 {
    /// The value of a call: `Φ(d₁) − m·Φ(d₂)`, in `0 ... 1`.
    @inline(__always)
    public static func call(
        logMoneyness: Real, moneyness: Real, totalVolatility: Real
    ) -> Real {
        guard totalVolatility > .zero else { return max(.zero, .one - moneyness) }
        let upper = upperDeviation(logMoneyness, totalVolatility)
        return call(
            upper: upper, upperShare: NormalDistribution.cumulative(upper),
            moneyness: moneyness, totalVolatility: totalVolatility)
    }

    /// The value of a call or put; of a put by parity, `call − 1 + m`.
    public static func value(
        _ right: OptionRight, logMoneyness: Real, moneyness: Real, totalVolatility: Real
    ) -> Real {
        let call = call(
            logMoneyness: logMoneyness, moneyness: moneyness, totalVolatility: totalVolatility)
        return right == .call ? call : put(call, moneyness)
    }

    /// dV/dF of a call: `Φ(d₁)`; without volatility a step, half at the strike.
    public static func callDelta(logMoneyness: Real, totalVolatility: Real) -> Real {
        guard totalVolatility > .zero else {
            guard logMoneyness != .zero else { return Real(1, over: 2) }
            return logMoneyness < .zero ? .one : .zero
        }
        return NormalDistribution.cumulative(upperDeviation(logMoneyness, totalVolatility))
    }

    /// d₁.
    ///
    /// - Precondition: the volatility is positive.
    @inline(__always)
    static func upperDeviation(_ logMoneyness: Real, _ totalVolatility: Real) -> Real {
        Real(bits: totalVolatility.bits >> 1) - logMoneyness / totalVolatility
    }

    /// The value of a put from that of the call.
    @inline(__always)
    static func put(_ call: Real, _ moneyness: Real) -> Real {
        max(.zero, call - .one + moneyness)
    }

    /// The value of a call from d₁ and Φ(d₁).
    @inline(__always)
    static func call(
        upper: Real, upperShare: Real, moneyness: Real, totalVolatility: Real
    ) -> Real {
        let strikeShare = strikeShare(
            upper: upper, moneyness: moneyness, totalVolatility: totalVolatility)
        return min(max(upperShare - strikeShare, .zero, .one - moneyness), .one)
    }

    /// `m·Φ(d₂)`, the strike's part of a call. Far above the forward it is
    /// `φ(d₁)·(1 − Φ(−d₂))/φ(−d₂)`, where no error is multiplied by m.
    @inline(__always)
    static func strikeShare(upper: Real, moneyness: Real, totalVolatility: Real) -> Real {
        let lower = upper - totalVolatility
        guard moneyness > farMoneyness else {
            return moneyness * NormalDistribution.cumulative(lower)
        }
        // d₂ ≤ −√(2·ln m) < −2.
        return NormalDistribution.density(upper)
            * NormalDistribution.tailRatio(max(-lower, leastRatio))
    }

    /// A share of the forward; from it on the tail ratio is used, whose table starts at
    /// `√(2·ln 8) = 2.04`.
    private static var farMoneyness: Real { Real(8) }
    private static var leastRatio: Real { Real(2) }
}

extension Black76 {
    /// v = σ·√T, rounded down; of a negative volatility zero.
    ///
    /// - Parameter volatility: a year's; 0.5 is 50 %.
    public static func totalVolatility(_ volatility: Real, time: Duration) -> Real {
        guard volatility > .zero else { return .zero }
        return volatility * rootOfYears(time)
    }
}
