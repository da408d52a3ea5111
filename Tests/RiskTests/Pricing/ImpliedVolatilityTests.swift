/// Volatilities found again from values, and a row for each refusal.
import Catalogue
import FixedPoint
import Glibc
import TestKit
import Testing

@testable import Risk

private func price(_ quote: Double) -> IndexPrice {
    IndexPrice(micros: Int64((quote * 1_000_000).rounded()))
}

@Test func aVolatilityIsFoundAgainFromItsValue() throws {
    var random = SeededGenerator(seed: 21)
    var worst: Int64 = 0
    for _ in 0..<100_000 {
        let volatility = Real(bits: Int64(random.next() >> (21 + random.next() % 40)) + 1)
        let deviations = Int64(random.next() % 2_000) - 1_000
        // Up to ten standard deviations from the money, within the range.
        let logarithm = max(min(volatility * Real(deviations, over: 100), Real(9)), Real(-9))
        let moneyness = Real.exp(logarithm)
        let value = Black76.call(
            logMoneyness: Real.log(moneyness), moneyness: moneyness, totalVolatility: volatility)
        guard value < .one else { continue }
        let found = try Black76.impliedTotalVolatility(call: value, moneyness: moneyness)
        let again = Black76.call(
            logMoneyness: Real.log(moneyness), moneyness: moneyness, totalVolatility: found)
        worst = max(worst, abs(again.bits - value.bits))
        // As exact as the value is: its error over the slope.
        let slope = Black76.greeks(
            .call, logMoneyness: Real.log(moneyness), moneyness: moneyness,
            totalVolatility: volatility, time: Duration(nanoseconds: 31_536_000_000_000_000)
        ).vega
        if slope > Real(1, over: 1_000) {
            let room = 40 / slope.double / 1_099_511_627_776
            #expect(abs(found.double - volatility.double) < room)
        }
    }
    #expect(worst <= Black76.valueError.bits)
}

@Test func everyValueBetweenItsBoundsHasAVolatility() throws {
    var random = SeededGenerator(seed: 22)
    var worst: Int64 = 0
    for _ in 0..<100_000 {
        let logarithm = Real(bits: Int64(random.next() >> 20) % (18 << 40)) - Real(9)
        let moneyness = Real.exp(logarithm)
        let least = max(.zero, Real.one - moneyness)
        let room = UInt64((Real.one - least).bits)
        // Evenly, or close to either end.
        let distance = Int64((random.next() % room) >> (random.next() % 3 * 15))
        let value =
            random.next() % 2 == 0
            ? least + Real(bits: distance) : Real.one - Real(bits: distance + 1)
        guard value >= least else { continue }
        let found = try Black76.impliedTotalVolatility(call: value, moneyness: moneyness)
        let again = Black76.call(
            logMoneyness: Real.log(moneyness), moneyness: moneyness, totalVolatility: found)
        worst = max(worst, abs(again.bits - value.bits))
    }
    #expect(worst <= Black76.valueError.bits)
}

@Test func callAndPutOfAStrikeHaveOneVolatility() throws {
    let (forward, strike) = (price(100_000), price(120_000))
    let call = try Black76.impliedTotalVolatility(
        .call, value: price(1_500), strike: strike, forward: forward)
    let put = try Black76.impliedTotalVolatility(
        .put, value: price(21_500), strike: strike, forward: forward)
    #expect(call == put)
    #expect(abs(blackCall(1.2, call.double) - 0.015) < 1e-11)
}

@Test func valuesOutsideTheirBoundsAreRefusedByName() {
    typealias Row = (OptionRight, value: Int64, strike: Int64, ImpliedVolatilityRefusal?)
    let forward = Int64(1_000_000)
    let rows: [Row] = [
        (.call, 100_000, 0, .notPositive), (.call, 100_000, -1, .notPositive),
        (.call, 99_999, 900_000, .belowIntrinsic), (.call, 100_000, 900_000, nil),
        (.call, -1, 1_100_000, .belowIntrinsic), (.call, 0, 1_100_000, nil),
        (.call, 999_999, 900_000, nil), (.call, 1_000_000, 900_000, .atOrAboveBound),
        (.put, 99_999, 1_100_000, .belowIntrinsic), (.put, 100_000, 1_100_000, nil),
        (.put, 1_099_999, 1_100_000, nil), (.put, 1_100_000, 1_100_000, .atOrAboveBound),
        (.put, -1, 900_000, .belowIntrinsic), (.put, .min, 900_000, .belowIntrinsic),
        (.call, .max, 900_000, .atOrAboveBound),
    ]
    for (right, value, strike, refusal) in rows {
        #expect(
            reason(right, value: value, strike: strike, forward: forward) == refusal,
            "\(right) \(value) at \(strike)")
    }
    for forward in [Int64(0), -1, .min] {
        #expect(reason(.call, value: 1, strike: 1, forward: forward) == .notPositive)
    }
}

@Test func valuesAsSharesAreRefusedByName() {
    let share = Real(9, over: 10)
    let rows: [(Real, Real, ImpliedVolatilityRefusal?)] = [
        (.zero, .zero, .notPositive), (.zero, -.one, .notPositive),
        (Real.one - share - Real(bits: 1), share, .belowIntrinsic), (Real.one - share, share, nil),
        (Real(bits: -1), .one, .belowIntrinsic), (.zero, .one, nil),
        (Real(bits: Real.one.bits - 1), share, nil), (.one, share, .atOrAboveBound),
    ]
    for (value, moneyness, refusal) in rows {
        do throws(ImpliedVolatilityRefusal) {
            let found = try Black76.impliedTotalVolatility(call: value, moneyness: moneyness)
            #expect(refusal == nil && found >= .zero)
        } catch {
            #expect(error == refusal)
        }
    }
}

@Test func noPriceTrapsTheSearch() {
    let ends: [Int64] = [.min, -1, 0, 1, 2, 1_000_000, 1 << 62, .max - 1, .max]
    for right in [OptionRight.call, .put] {
        for value in ends {
            for strike in ends {
                for forward in ends {
                    #expect(
                        reason(right, value: value, strike: strike, forward: forward)
                            == expected(right, Int128(value), Int128(strike), Int128(forward)))
                }
            }
        }
    }
}

/// The rule of the refusals, in numbers that hold every difference.
private func expected(
    _ right: OptionRight, _ value: Int128, _ strike: Int128, _ forward: Int128
) -> ImpliedVolatilityRefusal? {
    if strike < 1 || forward < 1 { return .notPositive }
    let (gain, most) = right == .call ? (forward - strike, forward) : (strike - forward, strike)
    if value < max(0, gain) { return .belowIntrinsic }
    return value < most ? nil : .atOrAboveBound
}

private func reason(
    _ right: OptionRight, value: Int64, strike: Int64, forward: Int64
) -> ImpliedVolatilityRefusal? {
    do throws(ImpliedVolatilityRefusal) {
        let found = try Black76.impliedTotalVolatility(
            right, value: IndexPrice(micros: value), strike: IndexPrice(micros: strike),
            forward: IndexPrice(micros: forward))
        #expect(found >= .zero)
        return nil
    } catch {
        return error
    }
}
