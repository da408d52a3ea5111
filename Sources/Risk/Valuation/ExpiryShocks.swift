/// The sizes of the shocks for one expiry: what its volatilities are multiplied by, how its smile
/// tilts, how far its forward moves against the index, and what discounts its options
/// (docs/margin.md).

import FixedPoint

struct ExpiryShocks {
    /// √ of the years of variance that are left: of an average over the window before the expiry,
    /// `T − ⅔·window`, inside it a third of what remains (`facts/risk.md`, "Formulas").
    let rootTime: Real
    /// `e^(−rate·T)`.
    let discount: Real
    /// How far the forward moves in a scenario with a basis of one.
    let basis: Real
    /// What a volatility is multiplied by.
    private let up: Real
    private let down: Real
    /// The least total volatility after a shock up; and after a shock down, which raises none.
    private let leastUp: Real
    private let leastDown: Real
    private let skewSize: Real
    private let smileSize: Real
    /// Zero where the option's own total volatility counts.
    private let skewWidth: Real
    private let skewScale: Real
    /// √ of the whole time over √ of the time of variance.
    private let wholeTime: Real

    init(_ expiry: ExpiryView, _ parameters: MarginParameters) {
        let shock = parameters.volatility
        let days = ExpiryShocks.days(expiry.timeLeft)
        let years = ExpiryShocks.years(expiry.timeLeft)
        rootTime = ExpiryShocks.years(
            SettlementVariance.effectiveTime(remaining: expiry.timeLeft, window: expiry.window)
        ).squareRoot()
        discount =
            expiry.rate.isPositive ? Real.exp(-(Real(expiry.rate) * years)) : .one
        basis = ExpiryShocks.basis(years: years, parameters.basis)
        let counted = max(days, Real(shock.leastDays))
        let power = counted < ExpiryShocks.pivotDays ? shock.shortPower : shock.longPower
        // (30 / days)^power
        let growth = Real.exp(Real(power) * Real.log(ExpiryShocks.pivotDays / counted))
        up = Real.one + Real(shock.up) * growth * ExpiryShocks.ageing(expiry.age, shock)
        down = max(.zero, Real.one - Real(shock.down) * growth)
        leastUp = Real(shock.leastUp) * rootTime
        leastDown = Real(shock.leastDown) * rootTime
        let skew = parameters.skew
        let rootYears = years.squareRoot()
        skewSize = max(.zero, Real(skew.cap) + Real(skew.capSlope) * rootYears)
        smileSize = max(.zero, Real(skew.smileCap) + Real(skew.smileCapSlope) * rootYears)
        skewScale = Real(skew.widthScale)
        wholeTime = rootTime == rootYears || rootTime == .zero ? .one : rootYears / rootTime
        let spread = Real(skew.widthVolatility) + Real(skew.widthSlope) * rootYears
        skewWidth =
            skew.widthVolatility == .zero
            ? .zero : max(Real(skew.leastWidth), skewScale * rootYears * spread)
    }

    /// The total volatility of an option in a scenario.
    ///
    /// - Parameter current: `σ·√T` now.
    @inline(__always)
    func volatility(_ current: Real, logMoneyness: Real, in lane: ScenarioLanes.Lane) -> Real {
        guard !lane.keepsVolatility else { return current }
        var result = current
        switch lane.volatility {
        case .unchanged: break
        case .up: result = max(current * up, leastUp)
        case .down: result = max(current * down, min(current, leastDown))
        }
        if lane.skew != .zero || lane.smile != .zero {
            let width = skewWidth == .zero ? current * skewScale * wholeTime : skewWidth
            let reach = width > .zero ? min(max(logMoneyness / width, -.one), .one) : .zero
            let tilt = skewSize * lane.skew * reach + smileSize * lane.smile * reach.magnitude
            result = result * max(.zero, .one + tilt)
        }
        return result
    }

    /// How far a forward moves in a scenario with a basis of one: as a ratio, rounded down.
    static func basis(_ expiry: ExpiryView, _ shock: BasisShock) -> Ratio {
        Ratio(basis(years: years(expiry.timeLeft), shock))
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

    static func years(_ span: Duration) -> Real {
        Real(counted(span), over: 365 * Int64(Duration.day.nanoseconds))
    }

    private static func days(_ span: Duration) -> Real {
        Real(counted(span), over: Int64(Duration.day.nanoseconds))
    }

    /// At most a hundred years.
    private static func counted(_ span: Duration) -> Int64 {
        Int64(min(span.nanoseconds, 100 * 365 * Duration.day.nanoseconds))
    }

    /// Where the power of the volatility shock changes.
    private static let pivotDays = Real(30)
}
