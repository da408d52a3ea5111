/// How large the moves of volatilities and forwards are that scenarios name. Sources: the published
/// rules in docs/margin.md; defaults from `facts/margin.md` and `facts/risk.md`.

public import Canonical
public import FixedPoint

/// The volatility shock: `σ' = σ·(1 + size·(30 days / T)^power)`, the power depending on whether
/// less or more than 30 days are left.
public struct VolatilityShock: Equatable, Sendable {
    /// The rise, as a share of σ, of an option with 30 days to go.
    public var up: Ratio
    /// The fall, likewise; not negative.
    public var down: Ratio
    /// Below 30 days.
    public var shortPower: Ratio
    /// From 30 days on.
    public var longPower: Ratio
    /// Fewer days than this count as so many; positive.
    public var leastDays: Ratio
    /// No volatility that was shocked up counts as less than this.
    public var leastUp: Ratio
    /// Nor one that was shocked down, unless it was less before.
    public var leastDown: Ratio
    /// The age of a surface at which a shock up is doubled; zero leaves it alone.
    public var doublingAge: Duration

    public init(
        up: Ratio, down: Ratio, shortPower: Ratio = Ratio(basisPoints: 3_000),
        longPower: Ratio = Ratio(basisPoints: 1_300), leastDays: Ratio = .one,
        leastUp: Ratio = .zero, leastDown: Ratio = .zero,
        doublingAge: Duration = .zero
    ) {
        self.up = up
        self.down = down
        self.shortPower = shortPower
        self.longPower = longPower
        self.leastDays = leastDays
        self.leastUp = leastUp
        self.leastDown = leastDown
        self.doublingAge = doublingAge
    }

    /// None.
    public static var none: VolatilityShock { VolatilityShock(up: .zero, down: .zero) }

    /// The first field that is out of range, by name.
    var faultyField: StaticString? {
        let four = Ratio(basisPoints: 40_000)
        if up.isNegative || up > four { return "volatilityUp" }
        if down.isNegative || down >= .one { return "volatilityDown" }
        if shortPower.isNegative || shortPower > .one { return "shortPower" }
        if longPower.isNegative || longPower > .one { return "longPower" }
        if leastDays < Ratio(basisPoints: 1) || leastDays.units > 365 * Ratio.one.units {
            return "leastDays"
        }
        if leastUp.isNegative || leastUp > four { return "leastUp" }
        if leastDown.isNegative || leastDown > four { return "leastDown" }
        if doublingAge > .day { return "doublingAge" }
        return nil
    }
}

/// The basis shock: forwards move against the index by `min(cap, fixed + yearly·T)`, perpetuals by
/// a share of their own.
public struct BasisShock: Equatable, Sendable {
    public var fixed: Ratio
    /// For each year to expiry.
    public var yearly: Ratio
    public var cap: Ratio
    public var perpetual: Ratio

    public init(fixed: Ratio, yearly: Ratio, cap: Ratio, perpetual: Ratio) {
        self.fixed = fixed
        self.yearly = yearly
        self.cap = cap
        self.perpetual = perpetual
    }

    /// None.
    public static var none: BasisShock {
        BasisShock(fixed: .zero, yearly: .zero, cap: .zero, perpetual: .zero)
    }

    /// The first field that is out of range, by name.
    var faultyField: StaticString? {
        let half = Ratio(basisPoints: 5_000)
        if fixed.isNegative || fixed > half { return "basisFixed" }
        if yearly.isNegative || yearly > .one { return "basisYearly" }
        if cap.isNegative || cap > half { return "basisCap" }
        if perpetual.isNegative || perpetual > half { return "basisPerpetual" }
        return nil
    }
}

/// The skew shock: `σ' = σ·(1 + size·clamp(k / width, ±1))` with `k = ln(K/F)`, or its magnitude in
/// scenarios of the smile; `size = cap + capSlope·√T`, and the width either in multiples of the
/// option's own total volatility or the larger of a least width and `scale·√T·(volatility +
/// slope·√T)`.
public struct SkewShock: Equatable, Sendable {
    public var cap: Ratio
    public var capSlope: Ratio
    /// The same for the smile.
    public var smileCap: Ratio
    public var smileCapSlope: Ratio
    public var leastWidth: Ratio
    public var widthScale: Ratio
    /// Zero measures in multiples of the option's own total volatility.
    public var widthVolatility: Ratio
    public var widthSlope: Ratio

    public init(
        cap: Ratio, capSlope: Ratio = .zero, smileCap: Ratio, smileCapSlope: Ratio = .zero,
        leastWidth: Ratio = .zero, widthScale: Ratio,
        widthVolatility: Ratio = .zero, widthSlope: Ratio = .zero
    ) {
        self.cap = cap
        self.capSlope = capSlope
        self.smileCap = smileCap
        self.smileCapSlope = smileCapSlope
        self.leastWidth = leastWidth
        self.widthScale = widthScale
        self.widthVolatility = widthVolatility
        self.widthSlope = widthSlope
    }

    /// None.
    public static var none: SkewShock { SkewShock(cap: .zero, smileCap: .zero, widthScale: .one) }

    /// The first field that is out of range, by name.
    var faultyField: StaticString? {
        if cap.isNegative || cap > .one { return "skewCap" }
        if capSlope < -.one || capSlope > .one { return "skewCapSlope" }
        if smileCap.isNegative || smileCap > .one { return "smileCap" }
        if smileCapSlope < -.one || smileCapSlope > .one { return "smileCapSlope" }
        if leastWidth.isNegative || leastWidth > .one { return "skewLeastWidth" }
        if !widthScale.isPositive || widthScale.units > 16 * Ratio.one.units {
            return "skewWidthScale"
        }
        if widthVolatility.isNegative || widthVolatility.units > 4 * Ratio.one.units {
            return "skewWidthVolatility"
        }
        if widthSlope < -.one || widthSlope > .one { return "skewWidthSlope" }
        return nil
    }
}

extension SkewShock: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(cap)
        encoder.append(capSlope)
        encoder.append(smileCap)
        encoder.append(smileCapSlope)
        encoder.append(leastWidth)
        encoder.append(widthScale)
        encoder.append(widthVolatility)
        encoder.append(widthSlope)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        cap = try decoder.quantity()
        capSlope = try decoder.quantity()
        smileCap = try decoder.quantity()
        smileCapSlope = try decoder.quantity()
        leastWidth = try decoder.quantity()
        widthScale = try decoder.quantity()
        widthVolatility = try decoder.quantity()
        widthSlope = try decoder.quantity()
    }
}

extension VolatilityShock: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(up)
        encoder.append(down)
        encoder.append(shortPower)
        encoder.append(longPower)
        encoder.append(leastDays)
        encoder.append(leastUp)
        encoder.append(leastDown)
        encoder.append(doublingAge.nanoseconds)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        up = try decoder.quantity()
        down = try decoder.quantity()
        shortPower = try decoder.quantity()
        longPower = try decoder.quantity()
        leastDays = try decoder.quantity()
        leastUp = try decoder.quantity()
        leastDown = try decoder.quantity()
        doublingAge = Duration(nanoseconds: try decoder.uint64())
    }
}

extension BasisShock: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(fixed)
        encoder.append(yearly)
        encoder.append(cap)
        encoder.append(perpetual)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        fixed = try decoder.quantity()
        yearly = try decoder.quantity()
        cap = try decoder.quantity()
        perpetual = try decoder.quantity()
    }
}
