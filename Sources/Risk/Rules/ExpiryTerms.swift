/// What a rule asks expiry by expiry, so that expiries do not net in full: the worth of an expiry's
/// options after a scenario is discounted by its sign, and each expiry loses its own worst of two
/// moves of its forward (docs/margin.md, "derive-pmrm-2").

public import Canonical
public import FixedPoint

/// `shift·e^(∓(factor·r + addition)·T)`.
public struct SignDiscount: Equatable, Sendable {
    /// The part that does not depend on time.
    public var shift: Ratio
    /// Multiplies the yearly rate.
    public var rateFactor: Ratio
    /// Is added to it.
    public var rateAddition: Ratio

    public init(shift: Ratio, rateFactor: Ratio, rateAddition: Ratio) {
        self.shift = shift
        self.rateFactor = rateFactor
        self.rateAddition = rateAddition
    }

    /// The first field that is out of range, by name.
    var faultyField: StaticString? {
        if !shift.isPositive || shift.units > 2 * Ratio.one.units { return "discountShift" }
        if rateFactor.isNegative || rateFactor.units > 2 * Ratio.one.units {
            return "discountRateFactor"
        }
        if rateAddition.isNegative || rateAddition > .one { return "discountRateAddition" }
        return nil
    }
}

/// What is asked expiry by expiry.
public struct ExpiryTerms: Equatable, Sendable {
    /// Of an expiry that is worth something after the scenario.
    public var long: SignDiscount
    /// Of an expiry that is owed.
    public var short: SignDiscount
    /// The two moves of each forward, and what multiplies the loss: `addition + factor·T`.
    public var basisUp: Ratio
    public var basisDown: Ratio
    public var basisAddition: Ratio
    public var basisFactor: Ratio

    public init(
        long: SignDiscount, short: SignDiscount, basisUp: Ratio, basisDown: Ratio,
        basisAddition: Ratio, basisFactor: Ratio
    ) {
        self.long = long
        self.short = short
        self.basisUp = basisUp
        self.basisDown = basisDown
        self.basisAddition = basisAddition
        self.basisFactor = basisFactor
    }

    /// The first field that is out of range, by name.
    var faultyField: StaticString? {
        if let field = long.faultyField ?? short.faultyField { return field }
        if basisUp < -.one || basisUp > .one { return "basisUp" }
        if basisDown <= -.one || basisDown > .one { return "basisDown" }
        let eight = Ratio(basisPoints: 80_000)
        if basisAddition.isNegative || basisAddition > eight { return "basisAddition" }
        if basisFactor.isNegative || basisFactor > eight { return "basisFactor" }
        return nil
    }
}

extension SignDiscount: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(shift)
        encoder.append(rateFactor)
        encoder.append(rateAddition)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        shift = try decoder.quantity()
        rateFactor = try decoder.quantity()
        rateAddition = try decoder.quantity()
    }
}

extension ExpiryTerms: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(long)
        encoder.append(short)
        encoder.append(basisUp)
        encoder.append(basisDown)
        encoder.append(basisAddition)
        encoder.append(basisFactor)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        long = try decoder.value()
        short = try decoder.value()
        basisUp = try decoder.quantity()
        basisDown = try decoder.quantity()
        basisAddition = try decoder.quantity()
        basisFactor = try decoder.quantity()
    }
}
