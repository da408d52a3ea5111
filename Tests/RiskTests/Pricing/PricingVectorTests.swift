/// Prices, Greeks and volatilities of other programs (`data/pricing_vectors`), as far as they are
/// about European options. Black and Scholes on a spot `S` with rate `r` and yield `q` is Black-76
/// on `F = S·e^((r − q)·T)`, discounted by `e^(−r·T)`.
///
/// Not about European options, and so without a test:
/// - `quantlib_american.csv`: early exercise. No row is a call without a yield, which alone would
///   be worth the European one.
/// - `quantlib_haug_barrier.csv`: knocked in or out on the way. Its rows come with a rebate, so no
///   sum of an in and an out is the plain option either.
/// - `quantlib_haug_digital.csv` but for its three European rows: paid at the first touch.
import Catalogue
import FixedPoint
import Foundation
import TestKit
import Testing

@testable import Risk

private let billionth = 1e-9

/// An option on a spot, priced through the forward.
private struct SpotOption {
    let greeks: Greeks
    let forward: Double
    let discount: Double
    let moneyness: Double
    let years: Double

    init(
        _ right: OptionRight, strike: Double, spot: Double, yield: Double, rate: Double,
        years: Double, volatility: Double
    ) {
        forward = spot * exp((rate - yield) * years)
        discount = exp(-rate * years)
        self.years = years
        moneyness = strike / forward
        greeks = Black76.greeks(
            right, logMoneyness: Real(nearest: log(strike / forward)),
            moneyness: Real(nearest: moneyness),
            totalVolatility: Real(nearest: volatility * years.squareRoot()),
            time: Duration(nanoseconds: UInt64(years * 365 * 86_400 * 1e9)))
    }

    init(_ file: VectorFile, _ row: [Substring], isCall: Bool) throws {
        self.init(
            isCall ? .call : .put, strike: try file.number(row, "strike"),
            spot: try file.number(row, "spot"), yield: try file.number(row, "q"),
            rate: try file.number(row, "r"), years: try file.number(row, "t"),
            volatility: try file.number(row, "vol"))
    }

    /// What a share of the forward is worth today.
    func today(_ share: Real) -> Double { discount * forward * share.double }

    /// Theta for a year at an unchanged spot: the forward and the discount move too.
    func spotTheta(rate: Double, yield: Double) -> Double {
        today(greeks.theta) * 365 + yield * today(greeks.delta) - rate * today(greeks.rho) / years
    }
}

@Test(.enabled(if: SharedFiles.exist, "no shared folder"))
func jaeckelsReferenceIsMet() throws {
    let file = try VectorFile("pricing_vectors/lets_be_rational_testvalues.csv.gz")
    #expect(file.rows.count == 1_000)
    var (found, withoutTime) = (0, 0)
    for row in file.rows {
        let isCall = try file.number(row, "q") > 0
        // The price in money.
        let (forward, strike) = (try file.number(row, "F"), try file.number(row, "K"))
        let years = try file.number(row, "T")
        let sigma = try file.number(row, "sigma")
        let option = SpotOption(
            isCall ? .call : .put, strike: strike, spot: forward, yield: 0, rate: 0, years: years,
            volatility: sigma)
        let price = try file.number(row, "out_black")
        #expect(abs(option.today(option.greeks.value) - price) < forward * billionth)
        let column = "out_implied_volatility_from_a_transformed_rational_guess"
        if try file.text(row, column).isEmpty {
            withoutTime += 1
            #expect(years == 0)
        } else {
            found += expectVolatility(
                price / forward + (isCall ? 0 : 1 - strike / forward), strike / forward,
                (try file.number(row, column)) * years.squareRoot())
        }
        // The normalised one: over √(F·K), from x = ln(F/K).
        let (x, total) = (try file.number(row, "x"), try file.number(row, "s"))
        let moneyness = Real(nearest: exp(-x))
        let greeks = Black76.greeks(
            isCall ? .call : .put, logMoneyness: Real(nearest: -x), moneyness: moneyness,
            totalVolatility: Real(nearest: total), time: Duration(nanoseconds: yearNanoseconds))
        let root = exp(x / 2)
        let normalised = try file.number(row, "out_normalised_black")
        #expect(abs(greeks.value.double * root - normalised) < billionth)
        let vega = try file.number(row, "out_normalised_vega")
        #expect(abs(greeks.vega.double * root - vega) < billionth)
        let callValue = try file.number(row, "out_normalised_black_call") / root
        found += expectVolatility(
            callValue, exp(-x),
            try file.number(
                row, "out_normalised_implied_volatility_from_a_transformed_rational_guess"))
        let share = NormalDistribution.cumulative(Real(nearest: try file.number(row, "z")))
        #expect(abs(share.double - (try file.number(row, "out_norm_cdf"))) < 1e-12)
    }
    // The others are so far from the money that 2⁻⁴⁰ of the forward holds no volatility.
    #expect(found > 1_000, "\(found)")
    // It has no volatility where there is no time.
    #expect(withoutTime == 5)
}

/// One where the volatility is found within the error of the value over the slope, which is below
/// a millionth; zero where the slope is less.
private func expectVolatility(_ value: Double, _ moneyness: Double, _ volatility: Double) -> Int {
    let upper = -log(moneyness) / volatility + volatility / 2
    let room = 3e-11 / normalDensity(upper)
    guard room < 1e-6, value < 1 - billionth else { return 0 }
    do throws(ImpliedVolatilityRefusal) {
        let found = try Black76.impliedTotalVolatility(
            call: Real(nearest: value), moneyness: Real(nearest: moneyness))
        #expect(abs(found.double - volatility) < room)
    } catch {
        Issue.record("\(value) at \(moneyness): \(error)")
    }
    return 1
}

@Test(.enabled(if: SharedFiles.exist, "no shared folder"))
func thePricesAndGreeksOfVollibAreMet() throws {
    let file = try VectorFile("pricing_vectors/vollib_black_scholes_greeks.csv")
    #expect(file.rows.count == 101)
    for row in file.rows {
        let rate = try file.number(row, "R")
        for (right, letter) in [(OptionRight.call, "C"), (.put, "P")] {
            let option = SpotOption(
                right, strike: try file.number(row, "K"), spot: try file.number(row, "S"), yield: 0,
                rate: rate, years: try file.number(row, "t"),
                volatility: try file.number(row, "v"))
            let greeks = option.greeks
            let spot = try file.number(row, "S")
            // What it prints has nine digits or nine places.
            func expect(_ value: Double, _ column: String, _ unit: Double) throws {
                let exact = try file.number(row, column)
                #expect(
                    abs(value - exact) < 2e-9 * max(unit, abs(exact)),
                    "\(column) at S = \(spot)")
            }
            try expect(option.today(greeks.value), right == .call ? "bs_call" : "bs_put", spot)
            try expect(greeks.delta.double, letter + "D", 1)
            try expect(greeks.gamma.double / spot, letter + "G", 1)
            try expect(option.spotTheta(rate: rate, yield: 0), letter + "T", spot)
            try expect(option.today(greeks.vega), letter + "V", spot)
            try expect(option.today(greeks.rho), letter + "R", spot)
        }
    }
}

@Test(.enabled(if: SharedFiles.exist, "no shared folder"))
func theEuropeanPricesAndGreeksOfHaugAreMet() throws {
    let file = try VectorFile("pricing_vectors/quantlib_haug_european.csv")
    #expect(file.rows.count == 54)
    // He prints four places.
    let half = 0.5001e-4
    for row in file.rows {
        let option = try SpotOption(file, row, isCall: try file.text(row, "type") == "C")
        let greeks = option.greeks
        let (spot, rate) = (try file.number(row, "spot"), try file.number(row, "r"))
        let yield = try file.number(row, "q")
        let theta = option.spotTheta(rate: rate, yield: yield)
        let delta = option.today(greeks.delta) / spot
        let value = option.today(greeks.value)
        let found: Double
        switch try file.text(row, "quantity") {
        case "price": found = value
        case "delta": found = delta
        case "elasticity": found = delta * spot / value
        case "gamma": found = option.today(greeks.gamma) / spot / spot
        case "vega": found = option.today(greeks.vega)
        case "theta_per_year": found = theta
        case "theta_per_day": found = theta / 365
        case "rho": found = option.today(greeks.rho)
        case "dividend_rho": found = -option.years * option.today(greeks.delta)
        default: throw UnknownQuantity()
        }
        let room = max(half, try file.number(row, "tol"))
        #expect(abs(found - (try file.number(row, "expected"))) < room, "\(row)")
    }
}

/// A column's value that the test does not know.
private struct UnknownQuantity: Error {}

@Test(.enabled(if: SharedFiles.exist, "no shared folder"))
func theEuropeanDigitalsOfHaugAreMet() throws {
    let file = try VectorFile("pricing_vectors/quantlib_haug_digital.csv")
    var found = 0
    for row in file.rows {
        let isCall = try file.text(row, "type") == "C"
        let option = try SpotOption(file, row, isCall: isCall)
        // The strike's part is m·Φ(±d₂), the forward's Φ(±d₁).
        let strikePart = abs(option.today(option.greeks.rho)) / option.years
        let forwardPart = abs(option.today(option.greeks.delta))
        let perCash = strikePart / (try file.number(row, "strike"))
        let value: Double
        switch try file.text(row, "test") {
        case "testCashOrNothingEuropeanValues": value = 10 * perCash
        case "testAssetOrNothingEuropeanValues": value = forwardPart
        // Exercised from 50 on, at 57.
        case "testGapEuropeanValues": value = forwardPart - 57 * perCash
        default: continue
        }
        found += 1
        #expect(abs(value - (try file.number(row, "expected"))) < 1e-4, "\(row)")
    }
    #expect(found == 3)
}
