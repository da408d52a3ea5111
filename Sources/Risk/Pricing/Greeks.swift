/// The sensitivities of an option by Black-76, with its value, from one pass through the formula.
///
/// Two forms: `Greeks` as pure numbers over the forward, so that the range never matters, and
/// `QuotedGreeks` in the units in which venues publish them (those of Deribit's linear options).

public import Catalogue
public import FixedPoint

/// Value and sensitivities of one unit, undiscounted, over the forward.
@frozen
public struct Greeks: Equatable, Sendable {
    /// V / F, in `0 ... 1` for a call, up to K/F for a put.
    public let value: Real
    /// dV/dF: of a call in `0 ... 1`, of a put in `−1 ... 0`.
    public let delta: Real
    /// F·d²V/dF²: the change of delta over a relative move of the forward. Not negative.
    public let gamma: Real
    /// dV/dσ / F, for a volatility of one (100 points). Not negative.
    public let vega: Real
    /// dV/dt / F for each day that passes at the same forward and volatility. Not positive.
    public let theta: Real
    /// dV/dr / F, for a rate of one (100 points) that moves the forward at an unchanged spot: `T`
    /// times the strike's share. It is the rho of Black and Scholes, but for the discount.
    public let rho: Real
}

extension Black76 {
    /// Value and Greeks of a call or put.
    ///
    /// - Parameters:
    ///   - totalVolatility: v = σ·√T; without it value, delta and rho are those at expiry and the
    ///     others zero.
    ///   - time: the T in v, not more than 2²³ years: until expiry, or the
    ///     `SettlementVariance.effectiveTime` where the settlement price is an average.
    public static func greeks(
        _ right: OptionRight, logMoneyness: Real, moneyness: Real, totalVolatility: Real,
        time: Duration
    ) -> Greeks {
        let years = Real(years: time)
        guard totalVolatility > .zero else {
            let call = max(.zero, .one - moneyness)
            let delta = callDelta(logMoneyness: logMoneyness, totalVolatility: .zero)
            return Greeks(
                right, call: call, delta: delta, strikeShare: moneyness * delta,
                moneyness: moneyness, gamma: .zero, vega: .zero, theta: .zero, years: years)
        }
        let upper = upperDeviation(logMoneyness, totalVolatility)
        let delta = NormalDistribution.cumulative(upper)
        let strikeShare = strikeShare(
            upper: upper, moneyness: moneyness, totalVolatility: totalVolatility)
        let density = NormalDistribution.density(upper)
        let perDay = time == .zero ? .zero : Real(days: time)
        return Greeks(
            right, call: min(max(delta - strikeShare, .zero, .one - moneyness), .one),
            delta: delta, strikeShare: strikeShare, moneyness: moneyness,
            gamma: density / totalVolatility, vega: density * rootOfYears(time),
            theta: -(density * Real(bits: totalVolatility.bits >> 1) * perDay), years: years)
    }

    /// √T with its digits also where T is minutes.
    static func rootOfYears(_ time: Duration) -> Real {
        let years = Real(years: time)
        guard years < .one else { return years.squareRoot() }
        let fine = Real(
            wide: UInt128(time.nanoseconds) << UInt128(extraRootBits),
            over: Duration.yearNanoseconds)
        return Real(bits: fine.squareRoot().bits >> (extraRootBits / 2))
    }

    /// Bits by which a time below a year is raised before its root; even, and within ±2²³.
    private static var extraRootBits: Int64 { 22 }
}

extension Greeks {
    /// Of a call as they are, of a put by parity.
    @inline(__always)
    init(
        _ right: OptionRight, call: Real, delta: Real, strikeShare: Real, moneyness: Real,
        gamma: Real, vega: Real, theta: Real, years: Real
    ) {
        let isCall = right == .call
        value = isCall ? call : Black76.put(call, moneyness)
        self.delta = isCall ? delta : delta - .one
        self.gamma = gamma
        self.vega = vega
        self.theta = theta
        rho = years * (isCall ? strikeShare : strikeShare - moneyness)
    }
}

/// Greeks of one unit of the underlying in quote, as venues publish them.
@frozen
public struct QuotedGreeks: Equatable, Sendable {
    /// Quote per unit.
    public let value: IndexPrice
    /// dV/dF.
    public let delta: Real
    /// d²V/dF²: the change of delta when the forward moves by one quote; in 10⁻¹² of it, since it
    /// is a hundred-thousandth of delta and less where a unit costs so many.
    public let gammaTrillionths: Int64
    /// Quote for one volatility point (σ from 50 % to 51 %).
    public let vega: IndexPrice
    /// Quote for one day.
    public let theta: IndexPrice
    /// Quote for one percent of rate.
    public let rho: IndexPrice

    /// All rounded to the nearest; at most the ends of their ranges.
    ///
    /// - Parameter forward: positive; of another there is no gamma.
    public init(_ greeks: Greeks, forward: IndexPrice) {
        value = forward.times(greeks.value, over: 1)
        delta = greeks.delta
        gammaTrillionths = QuotedGreeks.gamma(greeks.gamma, forward)
        vega = forward.times(greeks.vega, over: QuotedGreeks.points)
        theta = forward.times(greeks.theta, over: 1)
        rho = forward.times(greeks.rho, over: QuotedGreeks.points)
    }

    private static func gamma(_ gamma: Real, _ forward: IndexPrice) -> Int64 {
        guard forward.units > 0 else { return 0 }
        let scaled = Int128(gamma.bits) * Int128(trillion) * Int128(IndexPrice.perQuote)
        let half = Int128(1) << Int128(Real.fractionBits - 1)
        return Int64(
            clamping: (scaled / Int128(forward.units) + half) >> Int128(Real.fractionBits))
    }

    /// Volatility points, or percent, of one.
    private static var points: Int64 { 100 }
    /// 10¹² of one.
    private static var trillion: Int64 { 1_000_000_000_000 }
}

extension IndexPrice {
    /// Micros of one quote.
    fileprivate static var perQuote: Int64 { 1_000_000 }

    /// The price times a number over a whole one, rounded to the nearest.
    fileprivate func times(_ factor: Real, over divisor: Int64) -> IndexPrice {
        let shifted = Int128(divisor) << Int128(Real.fractionBits)
        let (quotient, remainder) = (Int128(units) * Int128(factor.bits) + shifted >> 1)
            .quotientAndRemainder(dividingBy: shifted)
        return IndexPrice(micros: Int64(clamping: quotient - (remainder < 0 ? 1 : 0)))
    }
}

extension Duration {
    /// 365 days, the year in which Deribit and this engine state volatility.
    static var yearNanoseconds: UInt128 { 365 * UInt128(Duration.day.nanoseconds) }
}

extension Real {
    /// A span in years of 365 days, rounded down; at most the end of the range.
    init(years span: Duration) {
        self.init(wide: UInt128(span.nanoseconds), over: Duration.yearNanoseconds)
    }

    /// One day over a span: what share of it passes in a day.
    ///
    /// - Precondition: the span is not zero.
    fileprivate init(days span: Duration) {
        self.init(wide: UInt128(Duration.day.nanoseconds), over: UInt128(span.nanoseconds))
    }

    /// A quotient, rounded down; at most the end of the range.
    fileprivate init(wide numerator: UInt128, over denominator: UInt128) {
        self.init(bits: Int64(clamping: (numerator << UInt128(Real.fractionBits)) / denominator))
    }
}
