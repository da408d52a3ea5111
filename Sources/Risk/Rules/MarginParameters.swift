/// The margin parameters of one underlying: the two rules, and the sizes of the shocks that their
/// scenarios are multiples of.

public import Canonical
import Catalogue
public import Estimation
public import FixedPoint

/// The margin parameters of one underlying.
public struct MarginParameters: Equatable, Sendable {
    /// M: the size of the price move that margin must cover, as a share of the price. Where the
    /// model sets it, that of reference: haircuts and concentration are stated for it.
    public var move: Ratio
    /// Sets M by what the index has done; nil leaves it as it is.
    public var model: MarginModelParameters?
    public var initial: MarginRule
    public var maintenance: MarginRule
    public var volatility: VolatilityShock
    public var basis: BasisShock
    public var skew: SkewShock
    /// What is asked expiry by expiry; nil nets all expiries against each other.
    public var expiryTerms: ExpiryTerms?
    /// What is asked of deltas; nil asks for nothing but the worst scenario.
    public var deltaTerms: DeltaTerms?
    /// Expiries that are no further away than this are evaluated at their strikes too.
    public var strikeHorizon: Duration
    /// How many scenarios at strikes there are at most; the strikes nearest to the index count.
    public var strikeScenarios: UInt8
    public var concentration: Concentration
    public var peg: PegCharge

    public init(
        move: Ratio, initial: MarginRule, maintenance: MarginRule,
        volatility: VolatilityShock = .none, basis: BasisShock = .none,
        skew: SkewShock = .none, expiryTerms: ExpiryTerms? = nil,
        deltaTerms: DeltaTerms? = nil, strikeHorizon: Duration = .zero,
        strikeScenarios: UInt8 = 0,
        concentration: Concentration = .none, peg: PegCharge = .none,
        model: MarginModelParameters? = nil
    ) {
        self.move = move
        self.model = model
        self.initial = initial
        self.maintenance = maintenance
        self.volatility = volatility
        self.basis = basis
        self.skew = skew
        self.expiryTerms = expiryTerms
        self.deltaTerms = deltaTerms
        self.strikeHorizon = strikeHorizon
        self.strikeScenarios = strikeScenarios
        self.concentration = concentration
        self.peg = peg
    }

    /// Nothing moves and nothing is asked: to value without margin.
    static var none: MarginParameters {
        let rule = MarginRule(
            scenarios: [Scenario(move: .zero, weight: .one)], factor: .one, charges: Charges())
        return MarginParameters(move: .one, initial: rule, maintenance: rule)
    }

    /// Scenarios of the longer of both rules, those at strikes and the moves of forwards apart
    /// included.
    public var scenarioCount: Int {
        max(initial.scenarios.count, maintenance.scenarios.count) + addedScenarios
    }

    /// One of the two rules.
    public func rule(_ kind: RuleKind) -> MarginRule {
        kind == .initial ? initial : maintenance
    }

    private var addedScenarios: Int { Int(strikeScenarios) + (expiryTerms == nil ? 0 : 2) }

    /// The first field that is out of range, by name. The price moves must stay above −100 %, and
    /// the products within what the overflow proof of `Bounds` allows.
    public var faultyField: StaticString? {
        if !move.isPositive || move > .one { return "move" }
        if strikeHorizon.nanoseconds > 7 * Duration.day.nanoseconds { return "strikeHorizon" }
        for rule in [initial, maintenance] {
            guard !rule.scenarios.isEmpty,
                rule.scenarios.count + addedScenarios <= MarginRule.scenarioLimit
            else { return "scenarios" }
            if !rule.factor.isPositive || rule.factor.units > Bounds.scenarioMove * Ratio.one.units
            {
                return "factor"
            }
            if let field = rule.charges.faultyField { return field }
            for scenario in rule.scenarios {
                if let field = scenario.faultyField { return field }
                guard isInRange(scenario, move: move, factor: rule.factor) else {
                    return "scenarios"
                }
                if let model, !isInRange(scenario, move: model.cap, factor: rule.factor) {
                    return "cap"
                }
            }
        }
        return volatility.faultyField ?? basis.faultyField ?? skew.faultyField
            ?? concentration.faultyField ?? peg.faultyField ?? expiryTerms?.faultyField
            ?? deltaTerms?.faultyField ?? model?.faultyField
    }

    private func isInRange(_ scenario: Scenario, move: Ratio, factor: Ratio) -> Bool {
        let one = Int128(Ratio.one.units)
        let (product, overflow) = Int128(scenario.move.units).multipliedReportingOverflow(
            by: Int128(move.units))
        guard !overflow, product / one > -one else { return false }
        let weighted = product.magnitude / UInt128(one) * UInt128(scenario.weight.units)
        return weighted / UInt128(one) * UInt128(factor.units) / UInt128(one)
            <= UInt128(Int128(Bounds.scenarioMove) * one)
    }
}

extension MarginParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(move)
        encoder.append(initial)
        encoder.append(maintenance)
        encoder.append(volatility)
        encoder.append(basis)
        encoder.append(skew)
        encoder.append(expiryTerms)
        encoder.append(deltaTerms)
        encoder.append(strikeHorizon.nanoseconds)
        encoder.append(strikeScenarios)
        encoder.append(concentration)
        encoder.append(peg)
        encoder.append(model)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        move = try decoder.quantity()
        initial = try decoder.value()
        maintenance = try decoder.value()
        volatility = try decoder.value()
        basis = try decoder.value()
        skew = try decoder.value()
        expiryTerms = try decoder.optional()
        deltaTerms = try decoder.optional()
        strikeHorizon = Duration(nanoseconds: try decoder.uint64())
        strikeScenarios = try decoder.byte()
        concentration = try decoder.value()
        peg = try decoder.value()
        model = try decoder.optional()
    }
}
