/// Rampart's own rule, step by step as docs/margin.md section 7 says.

import Foundation

extension Reference {
    /// The parameters of Rampart's rule, by the words of the document.
    struct RampartParameters {
        /// M: the price move that margin must cover.
        var move: Precise = 0.15
        /// The daily volatility and the daily volume, in the quote asset, of the underlying.
        var dailyVolatility: Precise = 0.03
        var dailyVolume: Precise = 1_000_000_000
        var volatilityUp: Precise = 0.50
        var volatilityDown: Precise = 0.25
        var leastVolatility: Precise = 0.10
        /// Seconds of age at which the shock up has doubled.
        var ageDoubling: Precise = 300
        var basisLeast: Precise = 0.005
        var basisYearly: Precise = 0.10
        var basisMost: Precise = 0.05
        var premium: Precise = 0.005
        var skew: Precise = 0.10
        var skewReach: Precise = 2
        var strikeHorizon: Precise = 48 * 3_600
        var strikeLimit = 8
        /// What remains of a price at the least.
        var leastRemainder: Precise = 0.000001
        var maintenanceFactor: Precise = 1
        var initialFactor: Precise = 1.5
        var initialFactorWithOptions: Precise = 1.3
        var grossFloor: Precise = 0.005
        /// The gross floor is at least M over this.
        var grossMoves: Precise = 24
        var shortOptionLeast: Precise = 0.01
        var shortOptionMoves: Precise = 16
        var concentrationFree: Precise = 0.001
        var pegThreshold: Precise = 0.99
        var pegFactor: Precise = 4
    }

    /// Initial and maintenance margin by Rampart's rule.
    static func rampart(
        _ portfolio: ReferencePortfolio, _ parameters: RampartParameters = RampartParameters()
    ) -> ReferenceResult {
        let rule = RampartRule(portfolio: portfolio, parameters: parameters)
        let profits = rule.scenarios.map(rule.profit)
        let (index, least) = worst(of: profits)
        let equity = portfolio.equity
        let initialFactor =
            portfolio.listsOptions
            ? parameters.initialFactorWithOptions : parameters.initialFactor
        return ReferenceResult(
            equity: equity,
            initial: ReferenceMargin(
                equity: equity, profits: profits, worst: index,
                scenarioLoss: -least * initialFactor, charges: rule.charges(isInitial: true)),
            maintenance: ReferenceMargin(
                equity: equity, profits: profits, worst: index,
                scenarioLoss: -least * parameters.maintenanceFactor,
                charges: rule.charges(isInitial: false)))
    }

    /// A scenario of Rampart's rule.
    enum RampartScenario: Equatable {
        /// All prices move by a share.
        case price(Scenario)
        /// Forwards and the perpetual move against the index, up or down.
        case basis(sign: Precise)
        /// The smile turns, or its wings rise or fall.
        case skew(sign: Precise, isAbsolute: Bool)
    }
}

/// One portfolio under one set of parameters.
struct RampartRule {
    let portfolio: ReferencePortfolio
    let parameters: Reference.RampartParameters

    // Scenarios.

    /// All scenarios in the order of the document.
    var scenarios: [Reference.RampartScenario] {
        var rows: [Reference.Scenario] = []
        for halves in -2...2 {
            let move = parameters.move * Precise(halves) / 2
            rows.append(Reference.Scenario(move: move, volatility: .up))
        }
        for twelfths in -12...12 {
            let move = parameters.move * Precise(twelfths) / 12
            rows.append(Reference.Scenario(move: move, volatility: .down))
        }
        for (moves, weight): (Precise, Precise) in [(2, 1.0 / 2), (3, 1.0 / 3)] {
            for sign: Precise in [-1, 1] {
                let move = sign * moves * parameters.move
                rows.append(Reference.Scenario(move: move, volatility: .up, weight: weight))
            }
        }
        return rows.map { .price($0) } + [.basis(sign: 1), .basis(sign: -1)]
            + [
                .skew(sign: 1, isAbsolute: false), .skew(sign: -1, isAbsolute: false),
                .skew(sign: 1, isAbsolute: true), .skew(sign: -1, isAbsolute: true),
            ] + strikeMoves.map { .price(Reference.Scenario(move: $0, volatility: .none)) }
    }

    /// The moves that bring the index to the strikes of options about to expire, upwards.
    private var strikeMoves: [Precise] {
        let index = portfolio.index
        var strikes: [Precise] = []
        for listed in portfolio.listedStrikes {
            let isNear = listed.seconds >= 0 && listed.seconds <= parameters.strikeHorizon
            let isWithin =
                listed.strike >= index * (1 - parameters.move)
                && listed.strike <= index * (1 + parameters.move)
            if isNear && isWithin && !strikes.contains(listed.strike) {
                strikes.append(listed.strike)
            }
        }
        // The nearest to the index; of two equally near the lower.
        strikes.sort { first, second in
            let distance = (abs(first - index), abs(second - index))
            return distance.0 == distance.1 ? first < second : distance.0 < distance.1
        }
        return strikes.prefix(parameters.strikeLimit).sorted().map { $0 / index - 1 }
    }

    /// The weighted result of a scenario, a loss negative.
    func profit(in scenario: Reference.RampartScenario) -> Precise {
        switch scenario {
        case .price(let scenario):
            let move = max(scenario.move, parameters.leastRemainder - 1)
            let change = portfolio.profit(move: move) { volatility(of: $0, scenario.volatility) }
            return scenario.weight * change
        case .basis(let sign): return basisProfit(sign: sign)
        case .skew(let sign, let isAbsolute):
            return portfolio.profit(move: 0) { option in
                let position = position(of: option)
                let distance = isAbsolute ? abs(position) : position
                return option.volatility * (1 + sign * parameters.skew * distance)
            }
        }
    }

    /// The volatility of an option after a shock.
    private func volatility(
        of option: ReferenceOption, _ shock: Reference.Volatility
    ) -> Precise {
        let seconds = portfolio.expiries[option.expiry].seconds
        let terms = Reference.VolatilityShock(
            up: parameters.volatilityUp * widening, down: parameters.volatilityDown)
        let shocked = terms.shocked(option.volatility, by: shock, seconds: seconds)
        switch shock {
        case .up: return max(shocked, parameters.leastVolatility)
        case .none: return shocked
        // Where volatility is below the least already, a shock down leaves it.
        case .down:
            return max(shocked, min(option.volatility, parameters.leastVolatility))
        }
    }

    /// How much wider a shock up is for a surface that is not fresh, in 1...2.
    private var widening: Precise {
        min(2, 1 + portfolio.surfaceAge / parameters.ageDoubling)
    }

    /// The result of forwards moving against the index.
    private func basisProfit(sign: Precise) -> Precise {
        var sum: Precise = 0
        for expiry in portfolio.expiries.indices {
            let move = sign * basis(portfolio.expiries[expiry])
            sum += portfolio.optionProfit(
                expiry: expiry, forward: portfolio.expiries[expiry].forward * (1 + move)
            ) { $0.volatility }
        }
        for linear in portfolio.linears {
            let move = linear.expiry.map { basis(portfolio.expiries[$0]) } ?? parameters.premium
            sum += portfolio.delta(of: linear) * linear.mark * sign * move
        }
        return sum
    }

    /// How far a forward may move against the index.
    private func basis(_ expiry: ReferenceExpiry) -> Precise {
        let years = max(expiry.seconds, 0) / ReferencePricing.year
        return min(parameters.basisMost, parameters.basisLeast + parameters.basisYearly * years)
    }

    /// Where an option's strike stands in its smile, in standard deviations within the reach.
    private func position(of option: ReferenceOption) -> Precise {
        let expiry = portfolio.expiries[option.expiry]
        let years = max(expiry.seconds, 0) / ReferencePricing.year
        let deviation = option.volatility * years.squareRoot()
        if deviation <= 0 { return 0 }
        let position = log(option.strike / expiry.forward) / deviation
        return max(-parameters.skewReach, min(parameters.skewReach, position))
    }

    // Charges.

    /// All charges of one rule.
    func charges(isInitial: Bool) -> [ReferenceCharge] {
        [
            ReferenceCharge(name: "gross floor", amount: grossFloor(isInitial)),
            ReferenceCharge(name: "short option", amount: shortOption(isInitial)),
            ReferenceCharge(name: "concentration", amount: concentration(isInitial)),
            ReferenceCharge(name: "haircut", amount: haircut(isInitial)),
            ReferenceCharge(name: "peg", amount: peg(isInitial)),
            ReferenceCharge(name: "funding", amount: funding(isInitial)),
        ]
    }

    /// The size that counts: for initial margin the larger of all buys and all sells filled.
    private func size(
        _ quantity: Precise, buys: Precise, sells: Precise, _ isInitial: Bool
    ) -> Precise {
        isInitial ? max(abs(quantity + buys), abs(quantity - sells)) : abs(quantity)
    }

    private func size(_ option: ReferenceOption, _ isInitial: Bool) -> Precise {
        size(option.quantity, buys: option.buys, sells: option.sells, isInitial)
    }

    private func size(_ linear: ReferenceLinear, _ isInitial: Bool) -> Precise {
        size(linear.quantity, buys: linear.buys, sells: linear.sells, isInitial)
    }

    private func size(_ collateral: ReferenceCollateral, _ isInitial: Bool) -> Precise {
        size(collateral.quantity, buys: collateral.buys, sells: 0, isInitial)
    }

    private func grossFloor(_ isInitial: Bool) -> Precise {
        var sum: Precise = 0
        let share = max(parameters.grossFloor, parameters.move / parameters.grossMoves)
        for linear in portfolio.linears { sum += size(linear, isInitial) * linear.mark * share }
        for option in portfolio.options {
            let most = portfolio.value(of: option)
            sum += size(option, isInitial) * min(portfolio.index * share, most)
        }
        return sum
    }

    private func shortOption(_ isInitial: Bool) -> Precise {
        let share = max(
            parameters.shortOptionLeast, parameters.move / parameters.shortOptionMoves)
        let sold = portfolio.netShort { $0.quantity - (isInitial ? $0.sells : 0) }
        return sold * portfolio.index * share
    }

    private func concentration(_ isInitial: Bool) -> Precise {
        var sum: Precise = 0
        for option in portfolio.options {
            let delta = ReferencePricing.delta(
                of: option, expiry: portfolio.expiries[option.expiry])
            sum += impact(size(option, isInitial) * abs(delta) * portfolio.index)
        }
        for linear in portfolio.linears {
            sum += impact(size(linear, isInitial) * portfolio.index)
        }
        for collateral in portfolio.collaterals where collateral.isUnderlying {
            sum += impact(size(collateral, isInitial) * portfolio.index)
        }
        return sum
    }

    /// What unwinding that much value costs beyond what any size costs.
    private func impact(_ value: Precise) -> Precise {
        let depth =
            (value / parameters.dailyVolume).squareRoot()
            - parameters.concentrationFree.squareRoot()
        return value * parameters.dailyVolatility * max(0, depth)
    }

    private func haircut(_ isInitial: Bool) -> Precise {
        var sum: Precise = 0
        for collateral in portfolio.collaterals {
            let share =
                isInitial ? collateral.initialHaircut : collateral.maintenanceHaircut
            sum += size(collateral, isInitial) * collateral.price * share
        }
        return sum
    }

    private func peg(_ isInitial: Bool) -> Precise {
        var gross: Precise = 0
        for option in portfolio.options { gross += size(option, isInitial) * portfolio.index }
        for linear in portfolio.linears { gross += size(linear, isInitial) * linear.mark }
        for collateral in portfolio.collaterals {
            gross += size(collateral, isInitial) * collateral.price
        }
        let missing = max(0, parameters.pegThreshold - portfolio.quotePrice)
        return gross * parameters.pegFactor * missing
    }

    private func funding(_ isInitial: Bool) -> Precise {
        var sum: Precise = 0
        for linear in portfolio.linears where linear.expiry == nil {
            // The side that pays, as large as it may become.
            let paying =
                portfolio.fundingRate >= 0
                ? linear.quantity + (isInitial ? linear.buys : 0)
                : -linear.quantity + (isInitial ? linear.sells : 0)
            sum += max(0, paying) * linear.mark * abs(portfolio.fundingRate)
        }
        return sum
    }
}
