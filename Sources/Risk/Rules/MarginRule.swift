/// Margin rules as data: a scenario set, a factor and charges. Initial and maintenance margin are
/// two rules; one is not a multiple of the other (DESIGN 5).

public import Canonical
public import FixedPoint

/// Which of the two rules of an underlying.
public enum RuleKind: CaseIterable, Sendable {
    /// For what an account may come to hold, its open orders counted.
    case initial
    /// For what it holds.
    case maintenance
}

/// How much an account must have for what it holds, or may come to hold.
public struct MarginRule: Equatable, Sendable {
    /// Most scenarios in a rule, those at strikes included.
    public static let scenarioLimit = 64

    public let scenarios: [Scenario]
    /// Multiplies every scenario result, before the worst is taken.
    public let factor: Ratio
    public let charges: Charges

    public init(scenarios: [Scenario], factor: Ratio, charges: Charges) {
        self.scenarios = scenarios
        self.factor = factor
        self.charges = charges
    }

    /// A rule for linear instruments.
    public init(
        scenarios: [Scenario], factor: Ratio, grossFloor: Ratio, orderFloor: Ratio,
        fundingHours: Ratio = .zero
    ) {
        self.init(
            scenarios: scenarios, factor: factor,
            charges: Charges(
                grossFloor: grossFloor, fundingHours: fundingHours, orderFloor: orderFloor))
    }

    /// A charge on the gross notional that could be held.
    public var grossFloor: Ratio { charges.grossFloor }
    /// An open order counts as losing at least this share of its notional, in every scenario.
    public var orderFloor: Ratio { charges.orderFloor }
}

extension MarginRule: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(scenarios)
        encoder.append(factor)
        encoder.append(charges)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        scenarios = try decoder.list(limit: MarginRule.scenarioLimit)
        factor = try decoder.quantity()
        charges = try decoder.value()
    }
}
