/// What an average does to the value of an option. Expiries settle at the average index of their
/// last minutes (DESIGN 7), which moves less than the index: of a window W the average of a
/// Brownian path has a third of the variance. So the variance of the settlement price is
/// `σ²·(T − 2/3·W)` before the window, and `σ²·t/3` of the part still open when `t` of it is left;
/// both are `σ²·W/3` where it opens. The arithmetic average of a lognormal price is itself nearly
/// lognormal over minutes (Turnbull and Wakeman 1991; a relative error of the order σ²·W).

public import FixedPoint

public enum SettlementVariance {
    /// The time over which σ² gives the variance of what is open of the settlement price.
    ///
    /// - Parameters:
    ///   - remaining: until expiry.
    ///   - window: the length of the average; zero for settlement at one price.
    public static func effectiveTime(remaining: Duration, window: Duration) -> Duration {
        let third = min(remaining, window).nanoseconds / averageDivisor
        let before = remaining > window ? remaining.nanoseconds - window.nanoseconds : 0
        return Duration(nanoseconds: before + third)
    }

    /// v = σ·√T of what is open of the settlement price, rounded down; zero at expiry.
    ///
    /// - Parameter volatility: a year's; of a negative one zero.
    public static func totalVolatility(
        _ volatility: Real, remaining: Duration, window: Duration
    ) -> Real {
        Black76.totalVolatility(
            volatility, time: effectiveTime(remaining: remaining, window: window))
    }

    /// The share of the settlement price that is fixed, rounded down: what has passed of the
    /// window. One at expiry.
    public static func fixedShare(remaining: Duration, window: Duration) -> Ratio {
        guard remaining < window else { return remaining == .zero ? .one : .zero }
        let passed = UInt128(window.nanoseconds - remaining.nanoseconds)
        return Ratio(
            units: Int64(
                clamping: passed * UInt128(Ratio.one.units) / UInt128(window.nanoseconds)))
    }

    /// ∫(1 − s)²ds over the window.
    private static var averageDivisor: UInt64 { 3 }
}
