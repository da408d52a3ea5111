/// One row of a scenario set: what happens to the price, the volatilities, the forwards and the
/// smile of an underlying, and how much of the result counts. Scenarios are data (DESIGN 5); the
/// sizes that they are multiples of stand in `MarginParameters`.

public import Canonical
public import FixedPoint

/// Which of the volatility shocks of an underlying a scenario applies.
public enum VolatilityMove: UInt8, CaseIterable, Sendable {
    case unchanged = 0
    case up = 1
    case down = 2
}

/// One scenario.
public struct Scenario: Equatable, Sendable {
    /// The price move in multiples of the underlying's margin move M; negative is a fall.
    public let move: Ratio
    /// The share of the result that counts: below one for moves that are too extreme to ask in
    /// full.
    public let weight: Ratio
    public let volatility: VolatilityMove
    /// The move of the forwards against the index, in multiples of the basis shock.
    public let basis: Ratio
    /// In multiples of the skew shock.
    public let skew: Ratio
    /// In multiples of the skew shock, taken of the magnitude of the log-moneyness.
    public let smile: Ratio
    /// What a loss is lessened by, in the quote asset; not negative.
    public let dampener: Amount

    public init(
        move: Ratio, weight: Ratio, volatility: VolatilityMove = .unchanged, basis: Ratio = .zero,
        skew: Ratio = .zero, smile: Ratio = .zero, dampener: Amount = .zero
    ) {
        self.move = move
        self.weight = weight
        self.volatility = volatility
        self.basis = basis
        self.skew = skew
        self.smile = smile
        self.dampener = dampener
    }

    /// The first field that is out of range, by name. The moves and their products are judged with
    /// the parameters they belong to.
    var faultyField: StaticString? {
        if weight.isNegative || weight > .one { return "weight" }
        if basis < -.one || basis > .one { return "basis" }
        if skew < -.one || skew > .one { return "skew" }
        if smile < -.one || smile > .one { return "smile" }
        if dampener.isNegative || dampener.units > 1 << 44 { return "dampener" }
        return nil
    }
}

extension Scenario: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(move)
        encoder.append(weight)
        encoder.append(volatility.rawValue)
        encoder.append(basis)
        encoder.append(skew)
        encoder.append(smile)
        encoder.append(dampener)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        move = try decoder.quantity()
        weight = try decoder.quantity()
        let start = decoder.offset
        guard let volatility = VolatilityMove(rawValue: try decoder.byte()) else {
            throw DecodingFault(.outOfRange, at: start)
        }
        self.volatility = volatility
        basis = try decoder.quantity()
        skew = try decoder.quantity()
        smile = try decoder.quantity()
        dampener = try decoder.quantity()
    }
}
