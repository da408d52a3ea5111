/// The sizes of the shocks for one expiry: what its volatilities are multiplied by, and how far its
/// forward moves against the index (docs/margin.md).

import FixedPoint

struct ExpiryShocks {
    /// What a volatility is multiplied by.
    let up: Real
    let down: Real
    /// √T in years.
    let rootTime: Real
    /// The least total volatility before a shock up.
    let leastBefore: Real
    /// The least total volatility after any shock.
    let leastAfter: Real
    /// How far the forward moves in a scenario with a basis of one.
    let basis: Real
    /// The standardised log-moneyness stays within ± this.
    let skewReach: Real

    init(_ expiry: ExpiryView, _ parameters: MarginParameters) {
        let shock = parameters.volatility
        let days = ExpiryShocks.days(expiry.timeLeft)
        let years = days / ExpiryShocks.yearDays
        rootTime = years.squareRoot()
        let counted = max(days, Real(shock.leastDays))
        let power = counted < ExpiryShocks.pivotDays ? shock.shortPower : shock.longPower
        // (30 / days)^power
        let growth = Real.exp(Real(power) * Real.log(ExpiryShocks.pivotDays / counted))
        up = Real.one + Real(shock.up) * growth * ExpiryShocks.ageing(expiry.age, shock)
        down = max(.zero, Real.one - Real(shock.down) * growth)
        leastBefore = Real(shock.leastVolatility) * rootTime
        leastAfter = Real(shock.leastShocked) * rootTime
        basis = ExpiryShocks.basis(years: years, parameters.basis)
        skewReach = Real(parameters.skewReach)
    }

    /// The total volatility of an option in a scenario.
    ///
    /// - Parameters:
    ///   - current: `σ·√T` now.
    ///   - standardised: `ln(K/F) / (σ·√T)`.
    @inline(__always)
    func volatility(_ current: Real, _ standardised: Real, in lane: ScenarioLanes.Lane) -> Real {
        guard !lane.keepsVolatility else { return current }
        var result: Real
        switch lane.volatility {
        case .unchanged: result = current
        case .up: result = max(current, leastBefore) * up
        case .down: result = current * down
        }
        if lane.skew != .zero || lane.smile != .zero {
            let place = min(max(standardised, -skewReach), skewReach)
            let size = place < .zero ? -place : place
            result = result * (Real.one + lane.skew * place + lane.smile * size)
        }
        return max(result, leastAfter)
    }

    /// How far a forward moves in a scenario with a basis of one: as a ratio, rounded down.
    static func basis(_ expiry: ExpiryView, _ shock: BasisShock) -> Ratio {
        Ratio(basis(years: days(expiry.timeLeft) / yearDays, shock))
    }

    private static func basis(years: Real, _ shock: BasisShock) -> Real {
        min(Real(shock.cap), Real(shock.fixed) + Real(shock.yearly) * years)
    }

    /// A surface that nobody renews may have moved further than its shock: one at first, growing to
    /// two at the doubling age.
    private static func ageing(_ age: Duration, _ shock: VolatilityShock) -> Real {
        guard shock.doublingAge > .zero else { return .one }
        let counted = min(age, shock.doublingAge)
        return Real.one
            + Real(Int64(counted.nanoseconds), over: Int64(shock.doublingAge.nanoseconds))
    }

    private static func days(_ span: Duration) -> Real {
        Real(
            Int64(min(span.nanoseconds, 100 * 365 * Duration.day.nanoseconds)),
            over: Int64(Duration.day.nanoseconds))
    }

    private static let yearDays = Real(365)
    /// Where the power of the volatility shock changes.
    private static let pivotDays = Real(30)
}
