/// Derive's portfolio margin 2 (PMRM v2), step by step as docs/margin.md section 3 says. Its
/// margins reproduce the venue's own cases.

import Foundation

extension Reference {
    /// Everything that the published cases state on the way to the margins.
    struct DeriveDetail {
        /// The value of each expiry's options today, and in the scenario without change.
        var expiryValues: [Precise]
        var discountedValues: [Precise]
        var longDiscounts: [Precise]
        var shortDiscounts: [Precise]
        /// The volatility of every option in the scenarios up and down.
        var upVolatilities: [Precise]
        var downVolatilities: [Precise]
        /// At most zero.
        var basisContingency: Precise
        var initialFactor: Precise
        var result: ReferenceResult
    }

    /// Initial and maintenance margin by Derive's rule.
    static func derive(
        _ portfolio: ReferencePortfolio, _ parameters: DeriveParameters = DeriveParameters()
    ) -> ReferenceResult {
        deriveDetail(portfolio, parameters).result
    }

    /// The same with all steps.
    static func deriveDetail(
        _ portfolio: ReferencePortfolio, _ parameters: DeriveParameters
    ) -> DeriveDetail {
        let rule = DeriveRule(portfolio: portfolio, parameters: parameters)
        let profits = parameters.scenarios.map(rule.profit)
        let basis = rule.basisContingency
        let (index, least) = worst(of: profits + [basis])
        let missing = max(parameters.pegThreshold - portfolio.quotePrice, 0)
        let initialFactor = parameters.initialFactor + missing * parameters.pegFactor
        let equity = portfolio.equity
        let maintenance = ReferenceMargin(
            equity: equity, profits: profits, worst: index,
            scenarioLoss: -least * parameters.maintenanceFactor, charges: rule.maintenanceCharges)
        let initial = ReferenceMargin(
            equity: equity, profits: profits, worst: index, scenarioLoss: -least * initialFactor,
            charges: rule.maintenanceCharges + rule.initialCharges)
        let expiries = portfolio.expiries.indices
        return DeriveDetail(
            expiryValues: expiries.map(rule.value),
            discountedValues: expiries.map { rule.discounted(rule.value($0), expiry: $0) },
            longDiscounts: expiries.map(rule.longDiscount),
            shortDiscounts: expiries.map(rule.shortDiscount),
            upVolatilities: portfolio.options.map { rule.volatility(of: $0, in: .up) },
            downVolatilities: portfolio.options.map { rule.volatility(of: $0, in: .down) },
            basisContingency: basis, initialFactor: initialFactor,
            result: ReferenceResult(equity: equity, initial: initial, maintenance: maintenance))
    }
}

/// One portfolio under one set of parameters.
struct DeriveRule {
    let portfolio: ReferencePortfolio
    let parameters: Reference.DeriveParameters

    /// The value of an expiry's options at a forward moved by `move`, with these volatilities.
    func value(
        expiry: Int, move: Precise, volatility: (ReferenceOption) -> Precise
    ) -> Precise {
        let terms = portfolio.expiries[expiry]
        var sum: Precise = 0
        for option in portfolio.options where option.expiry == expiry {
            sum +=
                option.quantity
                * ReferencePricing.value(
                    of: option, expiry: terms, forward: terms.forward * (1 + move),
                    volatility: volatility(option))
        }
        return sum
    }

    /// The value of an expiry's options today.
    func value(_ expiry: Int) -> Precise {
        value(expiry: expiry, move: 0) { $0.volatility }
    }

    // Discounts by sign.

    /// What multiplies the scenario value of an expiry that is an asset.
    func longDiscount(_ expiry: Int) -> Precise {
        let terms = portfolio.expiries[expiry]
        let rate =
            max(terms.rate, 0) * parameters.longRateFactor + parameters.longRateAddition
        let years = max(terms.seconds, 0) / ReferencePricing.year
        return parameters.longDiscount * exp(-rate * years)
    }

    /// What multiplies the scenario value of an expiry that is a debt.
    func shortDiscount(_ expiry: Int) -> Precise {
        let terms = portfolio.expiries[expiry]
        let rate =
            max(terms.rate, 0) * parameters.shortRateFactor + parameters.shortRateAddition
        let years = max(terms.seconds, 0) / ReferencePricing.year
        let undiscounted = 1 / ReferencePricing.discount(terms)
        return min(parameters.shortDiscount * exp(rate * years), undiscounted)
    }

    /// A scenario value after the discount of its sign.
    func discounted(_ value: Precise, expiry: Int) -> Precise {
        value * (value >= 0 ? longDiscount(expiry) : shortDiscount(expiry))
    }

    // Volatility.

    /// The volatility of an option in a scenario.
    func volatility(
        of option: ReferenceOption, in treatment: Reference.DeriveScenario.Treatment
    ) -> Precise {
        let seconds = max(portfolio.expiries[option.expiry].seconds, 0)
        switch treatment {
        case .none: return option.volatility
        case .up:
            return parameters.shock.shocked(option.volatility, by: .up, seconds: seconds)
        case .down:
            return parameters.shock.shocked(option.volatility, by: .down, seconds: seconds)
        case .linear:
            return option.volatility * skewFactor(option, parameters.linear, isAbsolute: false)
        case .absolute:
            return option.volatility * skewFactor(option, parameters.absolute, isAbsolute: true)
        }
    }

    /// What multiplies an option's volatility in a skew scenario, at least zero.
    private func skewFactor(
        _ option: ReferenceOption, _ skew: Reference.DeriveSkew, isAbsolute: Bool
    ) -> Precise {
        let terms = portfolio.expiries[option.expiry]
        let root = (max(terms.seconds, 0) / ReferencePricing.year).squareRoot()
        let cap = skew.cap + skew.slope * root
        let spread = parameters.widthVolatility + parameters.widthSlope * root
        let width = max(parameters.leastWidth, parameters.widthScale * root * spread)
        let moneyness = log(option.strike / terms.forward)
        let position = isAbsolute ? abs(moneyness) : moneyness
        let change = position * cap / width
        return max(0, 1 + (position >= 0 ? min(cap, change) : max(-cap, change)))
    }

    // Scenarios.

    /// The weighted result of a scenario, a loss negative.
    func profit(in scenario: Reference.DeriveScenario) -> Precise {
        let isSkew = scenario.treatment == .linear || scenario.treatment == .absolute
        var sum: Precise = 0
        for linear in portfolio.linears {
            sum +=
                linear.quantity * portfolio.liveShare(of: linear) * linear.mark * scenario.move
                * scenario.weight
        }
        for expiry in portfolio.expiries.indices {
            let after = value(expiry: expiry, move: scenario.move) {
                volatility(of: $0, in: scenario.treatment)
            }
            let change =
                (discounted(after, expiry: expiry) - value(expiry)) * scenario.weight
            sum += isSkew ? -abs(change) : change
        }
        for collateral in portfolio.collaterals where collateral.isUnderlying {
            sum += portfolio.value(of: collateral) * scenario.move * scenario.weight
        }
        return sum
    }

    /// What forwards may do apart from spot: every expiry loses its own worst, at most zero.
    var basisContingency: Precise {
        var sum: Precise = 0
        for expiry in portfolio.expiries.indices {
            let now = value(expiry)
            let up = value(expiry: expiry, move: parameters.basisUp) { $0.volatility } - now
            let down = value(expiry: expiry, move: parameters.basisDown) { $0.volatility } - now
            let years = max(portfolio.expiries[expiry].seconds, 0) / ReferencePricing.year
            let factor = parameters.basisAddition + parameters.basisFactor * years
            sum += min(up, down, 0) * factor
        }
        return sum
    }

    // Charges.

    /// The index value of all perpetuals and futures held.
    private var linearNotional: Precise {
        portfolio.linears.reduce(0) { $0 + abs($1.quantity) } * portfolio.index
    }

    /// The index value of options sold and not bought back at the same strike and expiry.
    private var nakedNotional: Precise {
        portfolio.netShort { $0.quantity } * portfolio.index
    }

    var maintenanceCharges: [ReferenceCharge] {
        [
            ReferenceCharge(
                name: "perpetual", amount: linearNotional * parameters.maintenancePerpetual),
            ReferenceCharge(
                name: "option", amount: nakedNotional * parameters.maintenanceOption),
            portfolio.haircut(isInitial: false),
        ]
    }

    /// What initial margin asks besides.
    var initialCharges: [ReferenceCharge] {
        let haircut =
            portfolio.haircut(isInitial: true).amount - portfolio.haircut(isInitial: false).amount
        return [
            ReferenceCharge(
                name: "perpetual initial", amount: linearNotional * parameters.initialPerpetual),
            ReferenceCharge(
                name: "option initial", amount: nakedNotional * parameters.initialOption),
            ReferenceCharge(name: "haircut initial", amount: haircut),
            ReferenceCharge(name: "confidence", amount: confidence),
        ]
    }

    /// What prices of low confidence ask: a share of all that is valued with them.
    private var confidence: Precise {
        let perpetual =
            portfolio.linears.isEmpty ? 1 : portfolio.perpetualConfidence
        let common = min(portfolio.indexConfidence, perpetual)
        var sum = doubt(common) * linearNotional
        for expiry in portfolio.expiries.indices {
            let held = portfolio.options.filter { $0.expiry == expiry }
            let notional = held.reduce(0) { $0 + abs($1.quantity) } * portfolio.index
            sum += doubt(min(common, portfolio.expiries[expiry].confidence)) * notional
        }
        for collateral in portfolio.collaterals {
            // The perpetual's confidence does not reach collateral.
            let least = min(portfolio.indexConfidence, collateral.confidence)
            sum += doubt(least) * portfolio.value(of: collateral)
        }
        return sum
    }

    /// The share that a confidence asks: nothing from the threshold on.
    private func doubt(_ confidence: Precise) -> Precise {
        confidence < parameters.confidenceThreshold
            ? (1 - confidence) * parameters.confidenceFactor : 0
    }
}
