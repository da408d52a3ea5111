/// One strike of one expiry in every scenario: the call by Black-76, the put from it by put-call
/// parity, which holds in each scenario exactly. Worths are per lot, in 2^-fractionBits µ.
///
/// Inside the averaging window of an expiry a part `a` of the settlement price is fixed at `A`.
/// What is left of the option is then `1 − a` options on the average to come, struck at `(K − a·A)
/// / (1 − a)`, and shocks reach no further.

import Catalogue
import FixedPoint

/// A gain for each of at most `MarginRule.scenarioLimit` scenarios.
typealias LaneGains = InlineArray<64, Int64>

struct SeriesValuation {
    /// The forward's worth of one lot, the fixed share taken off.
    private let forward: Int64
    /// The strike's worth likewise; negative where the fixed share alone is beyond the strike.
    private let strike: Int64
    /// ln(K/F); meaningless where `strike` is not positive.
    private let logMoneyness: Real
    /// K/F.
    private let moneyness: Real
    /// `σ·√T`.
    private let volatility: Real
    private let shocks: ExpiryShocks
    /// The share of the settlement that is not fixed, discounted.
    private let live: Real
    let right: OptionRight

    /// - Throws: `ArithmeticFault.overflow` outside the bounds of the catalogue.
    init(
        _ instrument: Instrument, _ series: OptionSeries, volatility: Real,
        _ expiry: ExpiryView, _ parameters: MarginParameters, fractionBits: Int64
    ) throws(ArithmeticFault) {
        self.init(
            series,
            forward: try instrument.lotValue(at: expiry.forward, fractionBits: fractionBits),
            average: try instrument.lotValue(at: expiry.fixedAverage, fractionBits: fractionBits),
            strike: try instrument.lotValue(at: series.strike, fractionBits: fractionBits),
            volatility: volatility, expiry, parameters)
    }

    /// - Parameters:
    ///   - forward, average, strike: in one unit, which is that of the worth; not negative.
    ///   - volatility: a year's.
    init(
        _ series: OptionSeries, forward whole: Int64, average: Int64, strike struck: Int64,
        volatility yearly: Real, _ expiry: ExpiryView, _ parameters: MarginParameters
    ) {
        right = series.right
        shocks = ExpiryShocks(expiry, parameters)
        let left = Ratio.one - expiry.fixedShare
        live = Real(left) * shocks.discount
        forward = SeriesValuation.share(left, of: whole).scaled(by: shocks.discount)
        let fixed = SeriesValuation.share(expiry.fixedShare, of: average)
        strike = (struck - fixed).scaled(by: shocks.discount)
        volatility = max(.zero, yearly) * shocks.rootTime
        if strike > 0, forward > 0 {
            logMoneyness = Real.log(strike, over: forward)
            moneyness = Real(strike, over: forward)
        } else {
            logMoneyness = .zero
            moneyness = .zero
        }
    }

    /// The worth now.
    var worth: Int64 { worth(of: .one, logMoneyness, moneyness, volatility) }

    /// The discount of a payment at the expiry.
    var discount: Real { shocks.discount }

    /// The worth if every price were multiplied by a factor.
    func worth(at factor: Real) -> Int64 {
        factor == .one
            ? worth
            : worth(
                of: factor, logMoneyness - Real.log(factor), moneyness / factor, volatility)
    }

    /// dV/dF of one unit, the fixed share taken off.
    var delta: Real {
        guard forward > 0 else { return .zero }
        let call =
            strike > 0
            ? Black76.callDelta(logMoneyness: logMoneyness, totalVolatility: volatility) : .one
        return (right == .call ? call : call - .one) * live
    }

    /// The gains of a long lot over `base`, by scenario.
    func gains(of rule: ScenarioLanes.Rule, over base: Int64) -> LaneGains {
        var gains = LaneGains(repeating: 0)
        for lane in rule.lanes.indices { gains[lane] = worth(in: rule.lanes[lane]) - base }
        return gains
    }

    /// The worth in a scenario.
    private func worth(in lane: ScenarioLanes.Lane) -> Int64 {
        let lane =
            lane.basis == .zero ? lane : lane.moved(by: Real.one + lane.basis * shocks.basis)
        return worth(
            of: lane.factor, logMoneyness - lane.logarithm, moneyness * lane.inverse,
            shocks.volatility(volatility, logMoneyness: logMoneyness, in: lane))
    }

    /// The worth at a shifted forward.
    @inline(__always)
    private func worth(
        of factor: Real, _ logMoneyness: Real, _ moneyness: Real, _ volatility: Real
    ) -> Int64 {
        let forward = forward.scaled(by: factor)
        guard strike > 0, forward > 0 else {
            return max(0, right == .call ? forward - strike : strike - forward)
        }
        let call = forward.scaled(
            by: Black76.call(
                logMoneyness: logMoneyness, moneyness: moneyness, totalVolatility: volatility))
        return right == .call ? call : max(0, call - forward + strike)
    }

    /// A share of at most one, rounded down.
    private static func share(_ ratio: Ratio, of worth: Int64) -> Int64 {
        ratio == .one
            ? worth : Int64(Int128(worth) * Int128(ratio.units) / Int128(Ratio.one.units))
    }
}

extension Int64 {
    /// A worth times a real number, rounded down. Both are far from the ends of their ranges, which
    /// `Bounds` proves.
    @inline(__always)
    func scaled(by factor: Real) -> Int64 {
        let (high, low) = multipliedFullWidth(by: factor.bits)
        return high << (64 - Real.fractionBits)
            | Int64(truncatingIfNeeded: low >> UInt64(Real.fractionBits))
    }
}
