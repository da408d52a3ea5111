/// The volatility that gives an option a value. Newton's method on the total volatility from the
/// point where the value bends, `√(2·|ln(K/F)|)`, from which it goes straight to the solution
/// (Manaster and Koehler 1982); a bracket around the solution makes sure of it where rounding
/// would lead astray: a step that leaves it, or that has not halved it for a while, becomes a
/// bisection.
///
/// The value of the result is within `valueError` of the value given. Where the value hardly
/// depends on the volatility, many have that value, and one of them is the answer.

public import Catalogue
public import FixedPoint

/// Why a value has no volatility, in the order in which they are looked for.
public enum ImpliedVolatilityRefusal: Error, Equatable, Sendable {
    /// The forward or the strike is not positive.
    case notPositive
    /// The value is below what exercise at the forward gives.
    case belowIntrinsic
    /// The value is not below the forward (call) or the strike (put).
    case atOrAboveBound
}

extension Black76 {
    /// Values of a volatility and of the option it was found for differ by no more: 4·2⁻⁴⁰ of the
    /// forward.
    public static var valueError: Real { Real(bits: 4) }

    /// v = σ·√T of an option from its undiscounted price; zero where the price is what exercise at
    /// the forward gives. Divide by √T for the volatility of a year.
    ///
    /// - Throws: `ImpliedVolatilityRefusal`, one reason for each way to have no solution.
    public static func impliedTotalVolatility(
        _ right: OptionRight, value: IndexPrice, strike: IndexPrice, forward: IndexPrice
    ) throws(ImpliedVolatilityRefusal) -> Real {
        guard forward.units > 0, strike.units > 0 else { throw .notPositive }
        let callGain = forward.units - strike.units
        let intrinsic = max(0, right == .call ? callGain : -callGain)
        guard value.units >= intrinsic else { throw .belowIntrinsic }
        guard value.units < (right == .call ? forward : strike).units else { throw .atOrAboveBound }
        // Calls and puts of a strike have the same value beyond exercise.
        let timeValue = value.units - intrinsic
        guard timeValue > 0 else { return .zero }
        return totalVolatility(
            timeValue: Real(timeValue, over: forward.units),
            logMoneyness: Real.log(strike.units, over: forward.units),
            moneyness: Real(strike.units, over: forward.units))
    }

    /// v = σ·√T of a call from its value as a share of the forward.
    ///
    /// - Throws: `ImpliedVolatilityRefusal`.
    public static func impliedTotalVolatility(
        call value: Real, moneyness: Real
    ) throws(ImpliedVolatilityRefusal) -> Real {
        guard moneyness > .zero else { throw .notPositive }
        let intrinsic = max(.zero, .one - moneyness)
        guard value >= intrinsic else { throw .belowIntrinsic }
        guard value < .one else { throw .atOrAboveBound }
        guard value > intrinsic else { return .zero }
        return totalVolatility(
            timeValue: value - intrinsic, logMoneyness: Real.log(moneyness), moneyness: moneyness)
    }

    /// The solution, for a value beyond exercise in what is left of the forward or the strike.
    private static func totalVolatility(
        timeValue: Real, logMoneyness: Real, moneyness: Real
    ) -> Real {
        let target = max(.zero, .one - moneyness) + timeValue
        // The value is at most the target at the lower end, and more at the upper.
        var lower = Real.zero
        var upper = mostTotalVolatility
        var guess = Real(bits: 2 * logMoneyness.magnitude.bits).squareRoot()
        guess = min(max(guess, leastGuess), mostGuess)
        for step in 0..<mostSteps where upper.bits - lower.bits > 1 {
            let deviation = upperDeviation(logMoneyness, guess)
            let value = call(
                upper: deviation, upperShare: NormalDistribution.cumulative(deviation),
                moneyness: moneyness, totalVolatility: guess)
            if value == target { return guess }
            if value < target { lower = guess } else { upper = guess }
            let slope = NormalDistribution.density(deviation)
            var next = guess + (target - value) / slope
            // Every second step halves the bracket from the ninth on: 2 × 45 of them are the end.
            let isLate = step >= newtonSteps && step & 1 == 0
            if slope == .zero || next <= lower || next >= upper || isLate {
                next = Real(bits: (lower.bits + upper.bits) >> 1)
            }
            guess = next
        }
        return nearest(lower, upper, target, logMoneyness, moneyness)
    }

    /// Whichever end of the bracket has the value nearer to the target.
    private static func nearest(
        _ lower: Real, _ upper: Real, _ target: Real, _ logMoneyness: Real, _ moneyness: Real
    ) -> Real {
        let (below, above) = (
            call(logMoneyness: logMoneyness, moneyness: moneyness, totalVolatility: lower),
            call(logMoneyness: logMoneyness, moneyness: moneyness, totalVolatility: upper)
        )
        return target - below <= above - target ? lower : upper
    }

    /// A total volatility at which every call is worth the forward.
    private static var mostTotalVolatility: Real { Real(64) }
    /// Where the search begins at the money: at a tenth.
    private static var leastGuess: Real { Real(1, over: 10) }
    private static var mostGuess: Real { Real(16) }
    private static var newtonSteps: Int { 8 }
    /// Of them 46 are bisections, which find a bit of 64·2⁴⁰ each.
    private static var mostSteps: Int { 104 }
}
