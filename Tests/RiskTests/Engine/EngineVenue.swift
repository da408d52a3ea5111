/// The engine on a portfolio of the reference: a catalogue with everything that the portfolio
/// names, one account that holds it, and prices in the engine's own types. Quantities must be whole
/// lots.

import Accounts
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import Markets
import TestKit

@testable import Risk

struct EngineVenue: ~Copyable {
    private static let account = AccountIdentifier(0)
    /// 2026-01-01 08:00 UTC.
    private static let now = Timestamp(nanoseconds: 1_767_254_400_000_000_000)

    private var balances: AccountsState
    private(set) var risk: RiskState

    /// What the reference calls a margin.
    struct Margin {
        let equity: Precise
        let initial: Precise
        let maintenance: Precise
    }

    init(_ portfolio: ReferencePortfolio, _ parameters: MarginParameters) throws {
        let plan = EnginePlan(portfolio, time: EngineVenue.now)
        let catalogue = try plan.catalogue()
        var balances = AccountsState(catalogue: catalogue)
        var margins = [parameters]
        // Collateral that no scenario moves is asked for its haircut alone.
        var still = MarginParameters(
            move: .one, initial: EngineVenue.stillRule(parameters.initial),
            maintenance: EngineVenue.stillRule(parameters.maintenance))
        still.peg = parameters.peg
        margins.append(still)
        var risk = RiskState(catalogue: catalogue, parameters: margins)
        let owner = balances.open(
            owner: .ed25519(PublicKey(Bytes32())), compartment: CompartmentIdentifier(0))
        risk.openAccount()
        var cash = EnginePlan.micros(portfolio.cash)
        for linear in portfolio.linears { cash += EnginePlan.micros(linear.profit) }
        let home = CompartmentIdentifier(0)
        let size = Amount(microunits: abs(cash))
        if cash < 0 {
            balances.moveCapital(size, from: .vault(home), to: .insurance(home))
            balances.moveCapital(size, from: .account(owner), to: .vault(home))
        } else {
            balances.moveCapital(size, from: .vault(home), to: .account(owner))
        }
        for place in 0..<2 {
            risk.openMarket(UnderlyingIdentifier(UInt16(place)), plan.market)
        }
        for (place, holding) in plan.holdings.enumerated() {
            let instrument = InstrumentIdentifier(UInt16(place))
            try risk.reprice(instrument, holding.quote)
            guard holding.lots != 0 else { continue }
            let lots = Quantity(lots: holding.lots)
            risk.changePosition(of: owner, in: instrument, by: lots)
            // Bought for nothing where the price is paid at the fill, else at the mark.
            let worth = risk.instruments[place].markValue >> risk.instruments[place].fractionBits
            let isPaid = risk.instruments[place].instrument.isPaidAtFill
            balances.trade(
                owner, instrument: instrument, lots: lots,
                lotNotional: isPaid ? .zero : Amount(microunits: worth), hour: 0)
        }
        for (place, holding) in plan.holdings.enumerated() {
            let instrument = InstrumentIdentifier(UInt16(place))
            for (side, lots) in [(Side.buy, holding.buys), (.sell, holding.sells)] {
                risk.changeOrder(
                    of: owner, in: instrument, side: side, price: Price(ticks: 1),
                    reduceOnly: false, from: .zero, to: Quantity(lots: lots),
                    tier: CatalogueFixture.feeTiers[0])
            }
        }
        self.balances = balances
        self.risk = risk
    }

    private static func stillRule(_ rule: MarginRule) -> MarginRule {
        MarginRule(
            scenarios: [Scenario(move: .zero, weight: .one)], factor: .one, charges: rule.charges)
    }

    /// Initial and maintenance margin left, in the quote asset.
    func margin() -> Margin {
        let initial = risk.initialMargin(of: EngineVenue.account, in: balances)
        let maintenance = risk.maintenanceMargin(of: EngineVenue.account, in: balances)
        func units(_ amount: Amount) -> Precise { Precise(amount.units) / 1_000_000 }
        return Margin(
            equity: units(maintenance.equity), initial: units(initial.requirement),
            maintenance: units(maintenance.requirement))
    }

    /// What initial margin charges outside the scenarios.
    func initialCharges() -> Precise {
        let charges = risk.initialMargin(of: EngineVenue.account, in: balances).charges
        return Precise(charges.units) / 1_000_000
    }
}

extension MarginRule {
    func changed(factor: Ratio) -> MarginRule {
        MarginRule(scenarios: scenarios, factor: factor, charges: charges)
    }

    /// The rule with another weight of all its scenarios but those that count in full.
    func changed(lastWeightBy change: Ratio) -> MarginRule {
        MarginRule(
            scenarios: scenarios.map {
                Scenario(
                    move: $0.move, weight: $0.weight + change, volatility: $0.volatility,
                    basis: $0.basis, skew: $0.skew, smile: $0.smile, dampener: $0.dampener)
            }, factor: factor, charges: charges)
    }
}

extension MarginParameters {
    /// Derive's rule with the parameters of one of its cases.
    static func derive(_ terms: Reference.DeriveParameters) -> MarginParameters {
        let ratio = EnginePlan.ratio
        let scenarios = terms.scenarios.map { scenario in
            Scenario(
                move: ratio(scenario.move), weight: ratio(scenario.weight),
                volatility: scenario.treatment == .up
                    ? .up : scenario.treatment == .down ? .down : .unchanged,
                skew: scenario.treatment == .linear ? .one : .zero,
                smile: scenario.treatment == .absolute ? .one : .zero)
        }
        func charges(_ perpetual: Precise, _ option: Precise, isSure: Bool) -> Charges {
            Charges(
                grossFloor: ratio(perpetual), isFloorAtIndex: true, shortFloor: ratio(option),
                confidenceThreshold: isSure ? .zero : ratio(terms.confidenceThreshold),
                confidenceFactor: isSure ? .zero : ratio(terms.confidenceFactor))
        }
        return MarginParameters(
            move: .one,
            initial: MarginRule(
                scenarios: scenarios, factor: ratio(terms.initialFactor),
                charges: charges(
                    terms.maintenancePerpetual + terms.initialPerpetual,
                    terms.maintenanceOption + terms.initialOption, isSure: false)),
            maintenance: MarginRule(
                scenarios: scenarios, factor: ratio(terms.maintenanceFactor),
                charges: charges(
                    terms.maintenancePerpetual, terms.maintenanceOption, isSure: true)),
            volatility: VolatilityShock(
                up: ratio(terms.shock.up), down: ratio(terms.shock.down),
                shortPower: ratio(terms.shock.shortPower),
                longPower: ratio(terms.shock.longPower), leastDays: ratio(terms.shock.leastDays),
                leastUp: ratio(terms.shock.leastUp)),
            skew: SkewShock(
                cap: ratio(terms.linear.cap), capSlope: ratio(terms.linear.slope),
                smileCap: ratio(terms.absolute.cap), smileCapSlope: ratio(terms.absolute.slope),
                leastWidth: ratio(terms.leastWidth), widthScale: ratio(terms.widthScale),
                widthVolatility: ratio(terms.widthVolatility), widthSlope: ratio(terms.widthSlope)),
            expiryTerms: ExpiryTerms(
                long: SignDiscount(
                    shift: ratio(terms.longDiscount), rateFactor: ratio(terms.longRateFactor),
                    rateAddition: ratio(terms.longRateAddition)),
                short: SignDiscount(
                    shift: ratio(terms.shortDiscount), rateFactor: ratio(terms.shortRateFactor),
                    rateAddition: ratio(terms.shortRateAddition)),
                basisUp: ratio(terms.basisUp), basisDown: ratio(terms.basisDown),
                basisAddition: ratio(terms.basisAddition),
                basisFactor: ratio(terms.basisFactor)),
            peg: PegCharge(
                threshold: ratio(terms.pegThreshold), factor: ratio(terms.pegFactor),
                raisesFactor: true))
    }
}
