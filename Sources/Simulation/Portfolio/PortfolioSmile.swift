/// What an option of a portfolio file is worth: the volatility at its strike, and Black-76 on its
/// forward.

import Catalogue
import FixedPoint
import Risk

extension PortfolioExpiry {
    /// The volatility of a year at a strike: between two points the variance goes straight over the
    /// logarithm of the strike, beyond the ends it stays as it is.
    func volatility(at strike: IndexPrice) -> Real {
        guard let above = smile.firstIndex(where: { $0.strike >= strike }) else {
            return Real(smile[smile.count - 1].volatility)
        }
        guard above > 0, smile[above].strike != strike else { return Real(smile[above].volatility) }
        let (low, high) = (smile[above - 1], smile[above])
        let part =
            Real.log(strike.units, over: low.strike.units)
            / Real.log(high.strike.units, over: low.strike.units)
        let (near, far) = (Real(low.volatility), Real(high.volatility))
        let variance = near * near + (far * far - near * near) * part
        return variance.squareRoot()
    }

    /// The expiry as margin sees it.
    func view(at time: Timestamp) -> ExpiryView {
        let left = self.time.elapsed(since: time)
        return ExpiryView(
            forward: forward, timeLeft: left, window: PortfolioLimits.window, rate: rate,
            fixedShare: SettlementVariance.fixedShare(
                remaining: left, window: PortfolioLimits.window),
            fixedAverage: average)
    }
}

/// Value and sensitivities of one unit of an option, settlement average and discount counted.
struct OptionModel {
    let greeks: Greeks
    /// What of the forward is not fixed yet, times the discount of the expiry.
    let share: Real
    let forward: IndexPrice

    init(_ series: OptionSeries, volatility: Real, _ expiry: ExpiryView) {
        let time = SettlementVariance.effectiveTime(
            remaining: expiry.timeLeft, window: expiry.window)
        let open = Real.one - Real(expiry.fixedShare)
        let years = Real(
            Int64(clamping: expiry.timeLeft.nanoseconds),
            over: OptionModel.yearDays * Int64(Duration.day.nanoseconds))
        forward = expiry.forward
        share = open * Real.exp(-(Real(expiry.rate) * years))
        // Half a unit of the average to come, struck at what is left of the strike.
        let fixed = Int128(expiry.fixedAverage.units) * Int128(expiry.fixedShare.units)
        let left = Int128(series.strike.units) * Int128(Ratio.one.units) - fixed
        let openShare = Int128((Ratio.one - expiry.fixedShare).units)
        let strike = openShare > 0 ? Int64(clamping: left / openShare) : series.strike.units
        guard strike > 0 else {
            // What is fixed alone is beyond the strike: a call is a forward, a put is nothing.
            greeks = Black76.greeks(
                series.right, logMoneyness: OptionModel.farBelow, moneyness: .zero,
                totalVolatility: .zero, time: time)
            return
        }
        greeks = Black76.greeks(
            series.right, logMoneyness: Real.log(strike, over: forward.units),
            moneyness: Real(strike, over: forward.units),
            totalVolatility: Black76.totalVolatility(volatility, time: time), time: time)
    }

    /// What a unit is worth, rounded down.
    var value: IndexPrice {
        let share = Int128((greeks.value * share).bits)
        return IndexPrice(
            micros: Int64(clamping: (Int128(forward.units) * share) >> Int128(Real.fractionBits)))
    }

    private static let yearDays: Int64 = 365
    /// The logarithm of next to nothing.
    private static let farBelow = Real(-20)
}
