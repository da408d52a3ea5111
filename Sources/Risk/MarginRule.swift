/// Margin rules as data: a scenario set, a factor and charges. Initial and maintenance margin are
/// two rules; one is not a multiple of the other (DESIGN 5).

public import Canonical
import Catalogue
public import FixedPoint

/// One scenario: what happens to the price of an underlying, and how much of the result counts.
public struct Scenario: Equatable, Sendable {
    /// The price move in multiples of the underlying's margin move M; negative is a fall.
    public let move: Ratio
    /// The share of the result that counts: below one for moves that are too extreme to ask in
    /// full.
    public let weight: Ratio

    public init(move: Ratio, weight: Ratio) {
        self.move = move
        self.weight = weight
    }
}

/// How much an account must have for what it holds, or may come to hold.
public struct MarginRule: Equatable, Sendable {
    /// Most scenarios in a rule.
    public static let scenarioLimit = 64

    public let scenarios: [Scenario]
    /// Multiplies every scenario result, before the worst is taken.
    public let factor: Ratio
    /// A charge outside the scenarios on the gross notional that could be held.
    public let grossFloor: Ratio
    /// An open order counts as losing at least this share of its notional, in every scenario.
    public let orderFloor: Ratio

    public init(scenarios: [Scenario], factor: Ratio, grossFloor: Ratio, orderFloor: Ratio) {
        self.scenarios = scenarios
        self.factor = factor
        self.grossFloor = grossFloor
        self.orderFloor = orderFloor
    }
}

/// The margin parameters of one underlying.
public struct MarginParameters: Equatable, Sendable {
    /// M: the size of the price move that margin must cover, as a share of the price.
    public let move: Ratio
    public let initial: MarginRule
    public let maintenance: MarginRule

    public init(move: Ratio, initial: MarginRule, maintenance: MarginRule) {
        self.move = move
        self.initial = initial
        self.maintenance = maintenance
    }

    /// The first field that is out of range, by name. The price moves must stay above −100 %, and
    /// the products within what the overflow proof of `Bounds` allows.
    public var faultyField: StaticString? {
        if !move.isPositive || move > .one { return "move" }
        for rule in [initial, maintenance] {
            guard (1...MarginRule.scenarioLimit).contains(rule.scenarios.count) else {
                return "scenarios"
            }
            if !rule.factor.isPositive || rule.factor.units > Bounds.scenarioMove * Ratio.one.units
            {
                return "factor"
            }
            if rule.grossFloor.isNegative || rule.grossFloor > .one { return "grossFloor" }
            if rule.orderFloor.isNegative || rule.orderFloor > .one { return "orderFloor" }
            for scenario in rule.scenarios {
                if scenario.weight.isNegative || scenario.weight > .one { return "weight" }
                guard isMoveInRange(scenario, factor: rule.factor) else { return "scenarios" }
            }
        }
        return nil
    }

    private func isMoveInRange(_ scenario: Scenario, factor: Ratio) -> Bool {
        let one = Int128(Ratio.one.units)
        let (product, overflow) = Int128(scenario.move.units).multipliedReportingOverflow(
            by: Int128(move.units))
        guard !overflow, product / one > -one else { return false }
        let weighted = product.magnitude / UInt128(one) * UInt128(scenario.weight.units)
        return weighted / UInt128(one) * UInt128(factor.units) / UInt128(one)
            <= UInt128(Int128(Bounds.scenarioMove) * one)
    }
}

extension MarginParameters {
    /// Rampart's own rule for a linear instrument. The grid goes to ±M in quarters; two moves each
    /// way beyond it count in part, in the manner of SPAN's extremes, so that the largest of them
    /// weighs no more than M on a linear position and more on a curved one.
    ///
    /// Factor and floors: `facts/risk.md`, "Default parameters" (initial 1.5, gross floor 0.5 %,
    /// order margin 1 %).
    public static func rampart(
        move: Ratio, initialFactor: Ratio = Ratio(basisPoints: 15_000),
        grossFloor: Ratio = Ratio(basisPoints: 50), orderFloor: Ratio = Ratio(basisPoints: 100)
    ) -> MarginParameters {
        var scenarios: [Scenario] = []
        for quarters in Int64(-4)...4 {
            scenarios.append(
                Scenario(move: Ratio(basisPoints: quarters * 2_500), weight: .one))
        }
        // The lower extremes stop short of −100 % for the largest M that the presets use (30 %).
        for multiple in Int64(2)...3 {
            let weight = Ratio(basisPoints: 10_000 / multiple)
            scenarios.append(Scenario(move: Ratio(basisPoints: -multiple * 10_000), weight: weight))
            scenarios.append(Scenario(move: Ratio(basisPoints: multiple * 10_000), weight: weight))
        }
        return MarginParameters(
            move: move,
            initial: MarginRule(
                scenarios: scenarios, factor: initialFactor, grossFloor: grossFloor,
                orderFloor: orderFloor),
            maintenance: MarginRule(
                scenarios: scenarios, factor: .one, grossFloor: grossFloor, orderFloor: .zero))
    }
}

extension Scenario: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(move)
        encoder.append(weight)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        move = try decoder.quantity()
        weight = try decoder.quantity()
    }
}

extension MarginRule: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(scenarios)
        encoder.append(factor)
        encoder.append(grossFloor)
        encoder.append(orderFloor)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        scenarios = try decoder.list(limit: MarginRule.scenarioLimit)
        factor = try decoder.quantity()
        grossFloor = try decoder.quantity()
        orderFloor = try decoder.quantity()
    }
}

extension MarginParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(move)
        encoder.append(initial)
        encoder.append(maintenance)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        move = try decoder.quantity()
        initial = try decoder.value()
        maintenance = try decoder.value()
    }
}
