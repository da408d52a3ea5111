/// How the worth of positions answers to price, volatility and time, in the units in which traders
/// read them.

import FixedPoint
import Risk

/// Sensitivities of a position, or of several on one underlying.
struct PortfolioGreeks: Equatable, Sendable {
    /// 10⁻⁶ units of the underlying.
    var delta: Int64 = 0
    /// What a rise of the price by 1 % adds to delta, in 10⁻⁶ units.
    var gamma: Int64 = 0
    /// Micro-quote for one volatility point.
    var vega: Int64 = 0
    /// Micro-quote for one day that passes.
    var theta: Int64 = 0

    static func + (left: PortfolioGreeks, right: PortfolioGreeks) -> PortfolioGreeks {
        PortfolioGreeks(
            delta: left.delta + right.delta, gamma: left.gamma + right.gamma,
            vega: left.vega + right.vega, theta: left.theta + right.theta)
    }

    init(delta: Int64 = 0, gamma: Int64 = 0, vega: Int64 = 0, theta: Int64 = 0) {
        self.delta = delta
        self.gamma = gamma
        self.vega = vega
        self.theta = theta
    }

    /// Of what follows the price one to one.
    ///
    /// - Parameters:
    ///   - size: 10⁻⁹ units, signed.
    ///   - share: of the price that can still move.
    init(linear size: Int128, share: Real) {
        delta = PortfolioGreeks.scaled(share, size, over: PortfolioGreeks.nanoPerMicro)
    }

    /// Of an option.
    init(_ model: OptionModel, size: Int128) {
        let greeks = model.greeks
        let worth = size * Int128(model.forward.units)
        let nano = PortfolioGreeks.nanoPerUnit
        delta = PortfolioGreeks.scaled(
            greeks.delta * model.share, size, over: PortfolioGreeks.nanoPerMicro)
        gamma = PortfolioGreeks.scaled(
            greeks.gamma * model.share, size,
            over: PortfolioGreeks.nanoPerMicro * PortfolioGreeks.percent)
        vega = PortfolioGreeks.scaled(
            greeks.vega * model.share, worth, over: nano * PortfolioGreeks.percent)
        theta = PortfolioGreeks.scaled(greeks.theta * model.share, worth, over: nano)
    }

    /// `factor × size / divisor`, rounded to the nearest.
    private static func scaled(_ factor: Real, _ size: Int128, over divisor: Int128) -> Int64 {
        let doubled =
            2 * (size / divisor * Int128(factor.bits))
            + 2 * (size % divisor * Int128(factor.bits)) / divisor
        let half = Int128(1) << Int128(Real.fractionBits)
        return Int64(clamping: (doubled + half) >> (Int128(Real.fractionBits) + 1))
    }

    private static let nanoPerMicro: Int128 = 1_000
    private static let nanoPerUnit: Int128 = 1_000_000_000
    private static let percent: Int128 = 100
}
