/// Black-76 against exact values, against the C library, and by the laws that any value obeys.
import Catalogue
import FixedPoint
import Glibc
import TestKit
import Testing

@testable import Risk

/// 2⁴⁰.
private let scale = 1_099_511_627_776.0
/// Of the forward (DESIGN 3).
private let bound = 1e-9

private func call(_ moneyness: Real, _ volatility: Real) -> Real {
    Black76.call(
        logMoneyness: Real.log(moneyness), moneyness: moneyness, totalVolatility: volatility)
}

/// Volatilities from 10⁻⁷ to 60 and strikes from 10⁻⁶ to 10⁶ forwards, spread evenly over their
/// logarithms; a third are near the money.
private struct Inputs {
    var random: SeededGenerator

    mutating func unit() -> Double { Double(random.next() >> 11) / 9_007_199_254_740_992 }

    mutating func volatility() -> Real { Real(nearest: exp(log(1e-7) + unit() * log(6e8))) }

    mutating func moneyness(_ volatility: Real) -> Real {
        if random.next() % 3 == 0 {
            let share = exp((unit() * 12 - 6) * volatility.double)
            return Real(nearest: min(max(share, 1e-6), 1e6))
        }
        return Real(nearest: exp(log(1e-6) + unit() * log(1e12)))
    }
}

@Test func everyExactValueIsMetWithinABillionthOfTheForward() {
    var worst = 0.0
    for row in exactBlack {
        let (moneyness, volatility) = (Real(bits: row.moneyness), Real(bits: row.volatility))
        let exact = Double(row.value) / scale / Double(1 << 20)
        worst = max(worst, abs(call(moneyness, volatility).double - exact))
        let delta = Black76.callDelta(
            logMoneyness: Real.log(moneyness), totalVolatility: volatility)
        // An error of ln K/F of half a unit moves d₁ by that over v.
        let room = (1 + 1 / volatility.double) / scale
        #expect(abs(delta.double - Double(row.delta) / scale / Double(1 << 20)) < room)
    }
    #expect(worst < bound)
    // What is reached: 8 units, the largest moneyness that multiplies a distribution.
    #expect(worst < 8 / scale)
}

@Test func randomValuesAreMetWithinABillionthOfTheForward() {
    var inputs = Inputs(random: SeededGenerator(seed: 11))
    for _ in 0..<200_000 {
        let volatility = inputs.volatility()
        let moneyness = inputs.moneyness(volatility)
        let exact = blackCall(moneyness.double, volatility.double)
        #expect(abs(call(moneyness, volatility).double - exact) < bound)
    }
}

@Test func valuesStayWithinTheirBoundsAndKeepParity() {
    var inputs = Inputs(random: SeededGenerator(seed: 12))
    for _ in 0..<200_000 {
        let volatility = inputs.volatility()
        let moneyness = inputs.moneyness(volatility)
        let logarithm = Real.log(moneyness)
        let value = call(moneyness, volatility)
        #expect(value >= max(.zero, .one - moneyness) && value <= .one)
        let put = Black76.value(
            .put, logMoneyness: logarithm, moneyness: moneyness, totalVolatility: volatility)
        #expect(put >= max(.zero, moneyness - .one) && put <= moneyness)
        #expect(value - put == .one - moneyness)
    }
}

@Test func valuesRiseWithVolatilityAndFallWithTheStrike() {
    // Steps far above rounding, so that only a false slope could show.
    var inputs = Inputs(random: SeededGenerator(seed: 13))
    let rounding = Real(bits: 16)
    for _ in 0..<100_000 {
        let volatility = inputs.volatility()
        let moneyness = inputs.moneyness(volatility)
        let value = call(moneyness, volatility)
        let more = call(moneyness, volatility + Real(bits: volatility.bits >> 6 + 1))
        #expect(more + rounding >= value)
        let step = Real(bits: moneyness.bits >> 7 + 1)
        let higher = call(moneyness + step, volatility)
        #expect(higher <= value + rounding)
        // No strike gives more than the forward minus it gains: −1 ≤ dC/dK.
        #expect(higher + step + rounding >= value)
        let lower = call(moneyness - step, volatility)
        // Convex: a butterfly costs something.
        #expect(lower + higher + rounding + rounding >= value + value)
    }
}

@Test func withoutVolatilityAnOptionIsWorthItsExercise() {
    for bits in [Int64(0), -1, .min] {
        let none = Real(bits: bits)
        #expect(call(Real(1, over: 4), none) == Real(3, over: 4))
        #expect(call(Real(4), none) == .zero)
        #expect(call(.one, none) == .zero)
        #expect(Black76.callDelta(logMoneyness: -.one, totalVolatility: none) == .one)
        #expect(Black76.callDelta(logMoneyness: .one, totalVolatility: none) == .zero)
    }
}

@Test func noInputTraps() {
    let ends = [Int64.min, .min + 1, -1 << 40, -1, 0, 1, 1 << 39, 1 << 40, 8 << 40, .max - 1, .max]
        .map { Real(bits: $0) }
    for logarithm in ends {
        for moneyness in ends {
            for volatility in ends {
                let value = Black76.call(
                    logMoneyness: logarithm, moneyness: moneyness, totalVolatility: volatility)
                #expect(value >= .zero)
                for time in [Duration.zero, Duration(nanoseconds: 1), Duration(nanoseconds: .max)] {
                    let greeks = Black76.greeks(
                        .put, logMoneyness: logarithm, moneyness: moneyness,
                        totalVolatility: volatility, time: time)
                    for price in [Int64.min, -1, 0, 1, .max] {
                        let quoted = QuotedGreeks(greeks, forward: IndexPrice(micros: price))
                        #expect(quoted.delta == greeks.delta)
                    }
                }
            }
        }
    }
}
