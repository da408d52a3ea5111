/// The Greeks against differences of exact values, by the laws between them, and at their edges.
import Catalogue
import FixedPoint
import Glibc
import TestKit
import Testing

@testable import Risk

private struct Case {
    let moneyness: Double
    let volatility: Double
    let days: UInt64

    var time: Duration { .seconds(days * 86_400) }
    var years: Double { Double(days) / 365 }
    var total: Double { volatility * years.squareRoot() }

    func greeks(_ right: OptionRight) -> Greeks {
        let share = Real(nearest: moneyness)
        return Black76.greeks(
            right, logMoneyness: Real.log(share), moneyness: share,
            totalVolatility: Black76.totalVolatility(Real(nearest: volatility), time: time),
            time: time)
    }

    /// The value in floating point of a strike of `moneyness` where the forward is `forward`.
    func value(
        _ right: OptionRight, forward: Double = 1, volatility: Double? = nil, years: Double? = nil
    ) -> Double {
        let total = (volatility ?? self.volatility) * (years ?? self.years).squareRoot()
        let call = forward * blackCall(moneyness / forward, total)
        return right == .call ? call : call - forward + moneyness
    }

    static func random(_ count: Int, seed: UInt64) -> [Case] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            let volatility = 0.2 + Double(random.next() % 1_000) / 500
            let days = 1 + random.next() % 730
            let total = volatility * (Double(days) / 365).squareRoot()
            let deviations = Double(random.next() % 600) / 100 - 3
            return Case(
                moneyness: exp(min(max(deviations * total, -5), 5)), volatility: volatility,
                days: days)
        }
    }
}

@Test func greeksAreTheSlopesOfTheValue() {
    for item in Case.random(5_000, seed: 31) {
        for right in [OptionRight.call, .put] {
            let greeks = item.greeks(right)
            let up = item.value(right, forward: 1 + 1e-4)
            let down = item.value(right, forward: 1 - 1e-4)
            let middle = item.value(right)
            #expect(abs(greeks.value.double - middle) < 1e-9)
            let room = 1e-6 / item.total / item.total
            #expect(abs(greeks.delta.double - (up - down) / 2e-4) < room)
            #expect(
                abs(greeks.gamma.double - (up + down - 2 * middle) / 1e-8) < 30 * room + 5e-8
                    * (1 + item.moneyness))
            let vega =
                (item.value(right, volatility: item.volatility + 1e-4)
                    - item.value(right, volatility: item.volatility - 1e-4)) / 2e-4
            #expect(abs(greeks.vega.double - vega) < 1e-5)
            let step = item.years * 1e-4
            let theta =
                (item.value(right, years: item.years - step)
                    - item.value(right, years: item.years + step)) / (2 * step) / 365
            #expect(abs(greeks.theta.double - theta) < 1e-6)
            // The rate moves the forward; discounted, an unchanged spot gains what it earns.
            let upper = item.value(right, forward: exp(1e-4 * item.years)) * exp(-1e-4 * item.years)
            let lower = item.value(right, forward: exp(-1e-4 * item.years)) * exp(1e-4 * item.years)
            #expect(abs(greeks.rho.double - (upper - lower) / 2e-4) < 1e-5 * (1 + item.moneyness))
        }
    }
}

@Test func greeksAreExactToTheirStatedError() {
    for row in exactBlack {
        let (moneyness, volatility) = (Real(bits: row.moneyness), Real(bits: row.volatility))
        let greeks = Black76.greeks(
            .call, logMoneyness: Real.log(moneyness), moneyness: moneyness,
            totalVolatility: volatility, time: Duration(nanoseconds: yearNanoseconds))
        let unit = 1 / 1_099_511_627_776.0
        // ln K/F is rounded to half a unit, which d₁ feels divided by v.
        let room = (3 + 1 / volatility.double) * unit
        let density = Double(row.density) * unit / 1_048_576
        #expect(abs(greeks.vega.double - density) < room)
        #expect(
            abs(greeks.gamma.double - density / volatility.double) < room / volatility.double + unit
        )
        #expect(
            abs(greeks.theta.double + density * volatility.double / 730) < room * volatility.double
                / 730 + 3 * unit)
        #expect(
            greeks.value
                == Black76.call(
                    logMoneyness: Real.log(moneyness), moneyness: moneyness,
                    totalVolatility: volatility))
        #expect(
            greeks.delta
                == Black76.callDelta(
                    logMoneyness: Real.log(moneyness), totalVolatility: volatility))
    }
}

@Test func aCallLessAPutIsAForward() {
    for item in Case.random(5_000, seed: 32) {
        let (call, put) = (item.greeks(.call), item.greeks(.put))
        #expect(call.delta - put.delta == .one)
        #expect(call.gamma == put.gamma && call.vega == put.vega && call.theta == put.theta)
        #expect(call.value - put.value == Real.one - Real(nearest: item.moneyness))
        #expect(call.gamma >= .zero && call.vega >= .zero && call.theta <= .zero)
        #expect(call.rho >= .zero && put.rho <= .zero)
    }
}

@Test func atExpiryOnlyExerciseIsLeft() {
    let rows: [(OptionRight, Real, delta: Real, value: Real)] = [
        (.call, Real(3, over: 4), .one, Real(1, over: 4)), (.call, Real(5, over: 4), .zero, .zero),
        (.put, Real(3, over: 4), .zero, .zero), (.put, Real(5, over: 4), -.one, Real(1, over: 4)),
        (.call, .one, Real(1, over: 2), .zero), (.put, .one, -Real(1, over: 2), .zero),
    ]
    for (right, moneyness, delta, value) in rows {
        let greeks = Black76.greeks(
            right, logMoneyness: Real.log(moneyness), moneyness: moneyness, totalVolatility: .zero,
            time: .zero)
        #expect(greeks.delta == delta && greeks.value == value)
        #expect(greeks.gamma == .zero && greeks.vega == .zero && greeks.theta == .zero)
        #expect(greeks.rho == .zero)
    }
}

@Test func theUnitsAreThoseOfVenues() {
    // One BTC at $100,000, at the money, 50 %, 73 days: by hand from φ(d₁) with v = 0.2236068.
    let item = Case(moneyness: 1, volatility: 0.5, days: 73)
    let quoted = QuotedGreeks(item.greeks(.call), forward: IndexPrice(micros: 100_000_000_000))
    let density = normalDensity(item.total / 2)
    func expect(_ price: IndexPrice, _ dollars: Double) {
        #expect(abs(Double(price.units) / 1e6 - dollars) < 2e-6, "\(price) \(dollars)")
    }
    expect(quoted.value, 100_000 * blackCall(1, item.total))
    expect(quoted.vega, 100_000 * density * 0.2.squareRoot() / 100)
    expect(quoted.theta, -100_000 * density * 0.5 / (2 * 0.2.squareRoot()) / 365)
    expect(quoted.rho, 100_000 * 0.2 * normalShare(-item.total / 2) / 100)
    let gamma = density / item.total / 100_000
    #expect(abs(Double(quoted.gammaTrillionths) - gamma * 1e12) < 1)
    // A coin of a hundred-thousandth of a dollar has a large one, in its range.
    let small = QuotedGreeks(item.greeks(.call), forward: IndexPrice(micros: 10))
    #expect(abs(Double(small.gammaTrillionths) / (density / item.total * 1e17) - 1) < 1e-9)
    #expect(QuotedGreeks(item.greeks(.call), forward: .zero).gammaTrillionths == 0)
}
