/// The value and the Greeks of an option, and the bare formula of repricing a chain in scenarios,
/// against the same in C++ in double precision with libm.

import Catalogue
import FixedPoint
import Risk
import Yardstick

enum PricingRows {
    private static let options = 1_000
    private static let scenarios = 33
    private static let rounds = 20
    /// In days, and in years of 365.
    private static let days: UInt64 = 73
    private static let years = 0.2
    /// 2⁴⁰.
    private static let scale = 1_099_511_627_776.0

    static func all() -> [Result] {
        let chain = Chain(options)
        return [.measured(greeks(chain)), .measured(reprice(chain))]
    }

    /// Calls from half the forward to twice it, with volatilities of a smile.
    private struct Chain {
        var logMoneyness: [Real] = []
        var moneyness: [Real] = []
        var volatility: [Real] = []
        var doubles: (x: [Double], m: [Double], v: [Double]) = ([], [], [])

        init(_ count: Int) {
            for place in 0..<Int64(count) {
                // Out of order, so that no branch can be foreseen.
                let strike = 500_000 + (place * 617 % Int64(count)) * 1_500
                let x = Real.log(strike, over: 1_000_000)
                let v = Real(2, over: 10) + Real(1, over: 10) * x.magnitude
                let m = Real(strike, over: 1_000_000)
                logMoneyness.append(x)
                moneyness.append(m)
                volatility.append(v)
                doubles.x.append(Double(x.bits) / scale)
                doubles.m.append(Double(m.bits) / scale)
                doubles.v.append(Double(v.bits) / scale)
            }
        }
    }

    private static func greeks(_ chain: Chain) -> Row {
        var (sum, other) = (Real.zero, 0.0)
        let time = Duration.seconds(days * 86_400)
        let times = Measurement.pair(rounds: rounds) {
            sum = .zero
            for place in 0..<options {
                let greeks = Black76.greeks(
                    .call, logMoneyness: chain.logMoneyness[place],
                    moneyness: chain.moneyness[place], totalVolatility: chain.volatility[place],
                    time: time)
                sum =
                    sum + greeks.value + greeks.delta + greeks.gamma + greeks.vega + greeks.theta
                    + greeks.rho
            }
        } yardstick: {
            other = unsafe yardstick_greeks(
                UInt32(options), chain.doubles.x, chain.doubles.m, chain.doubles.v, years)
        }
        expectEqual(sum, other)
        return .time(
            "greeks", unit: "ns", scale: 1, pieces: Double(options), times,
            against: "C++ double, libm", target: .atMost(400),
            note: "value, delta, gamma, vega, theta and rho of an option by Black-76")
    }

    private static func reprice(_ chain: Chain) -> Row {
        let factors = (0..<Int64(scenarios)).map { Real(84 + $0, over: 100) }
        let logarithms = factors.map { Real.log($0) }
        let inverses = factors.map { Real.one / $0 }
        let doubles = (
            factors: factors.map { Double($0.bits) / scale },
            logarithms: logarithms.map { Double($0.bits) / scale }
        )
        var (sum, other) = (Real.zero, 0.0)
        let times = Measurement.pair(rounds: rounds) {
            sum = .zero
            for place in 0..<options {
                let (x, m) = (chain.logMoneyness[place], chain.moneyness[place])
                let v = chain.volatility[place]
                for lane in 0..<scenarios {
                    sum =
                        sum
                        + Black76.call(
                            logMoneyness: x - logarithms[lane], moneyness: m * inverses[lane],
                            totalVolatility: v)
                }
            }
        } yardstick: {
            other = unsafe yardstick_reprice(
                UInt32(options), chain.doubles.x, chain.doubles.m, chain.doubles.v,
                UInt32(scenarios), doubles.factors, doubles.logarithms)
        }
        expectEqual(sum, other)
        return .time(
            "greeks.chain", unit: "ms", scale: 1e6, pieces: 1, times,
            against: "C++ double, libm", target: .atMost(10),
            note: "the values of 1,000 options in 33 scenarios, the bare formula")
    }

    private static func expectEqual(_ sum: Real, _ other: Double) {
        let sum = Double(sum.bits) / scale
        precondition(
            abs(sum - other) < 1e-6, "Invariant: both sums are equal, not \(sum) and \(other)")
    }
}
