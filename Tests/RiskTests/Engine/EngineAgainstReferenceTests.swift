/// The engine against the margin reference: random portfolios under every preset, and Derive's
/// published cases, all in whole lots, within 10⁻⁶ of gross notional.

import FixedPoint
import TestKit
import Testing

@testable import Risk

/// 10⁻⁶ of gross notional.
private let bound: Precise = 0.000001

/// The largest difference of equity and both requirements, in gross notional.
private func difference(
    _ reference: ReferenceResult, _ portfolio: ReferencePortfolio, _ parameters: MarginParameters
) throws -> Precise {
    let venue = try EngineVenue(portfolio, parameters)
    let engine = venue.margin()
    let parts = [
        engine.equity - reference.equity, engine.initial - reference.initial.requirement,
        engine.maintenance - reference.maintenance.requirement,
    ]
    return parts.reduce(0) { max($0, abs($1)) } / max(portfolio.grossNotional, 1)
}

/// The engine's parameters behind the reference's published ones.
private func parameters(
    of preset: MarginPreset, for portfolio: ReferencePortfolio
) -> MarginParameters {
    guard preset == .rampart else {
        return preset.parameters(feeRate: EnginePlan.ratio(portfolio.feeRate))
    }
    let terms = Reference.RampartParameters()
    let factor = portfolio.listsOptions ? terms.initialFactorWithOptions : terms.initialFactor
    return .rampartOptions(
        move: EnginePlan.ratio(terms.move), initialFactor: EnginePlan.ratio(factor),
        concentration: Concentration(
            dailyVolatility: EnginePlan.ratio(terms.dailyVolatility),
            dailyVolume: Amount(microunits: EnginePlan.micros(terms.dailyVolume)),
            from: Ratio(basisPoints: 10)))
}

@Test(arguments: ReferencePreset.allCases)
func theEngineMatchesTheReferenceOnRandomPortfolios(_ preset: ReferencePreset) throws {
    let named = try #require(MarginPreset(rawValue: preset.rawValue))
    for seed in UInt64(1)...400 {
        let portfolio = ReferencePortfolio.random(preset: preset, seed: seed)
        let error = try difference(
            Reference.margin(preset, of: portfolio), portfolio,
            parameters(of: named, for: portfolio))
        #expect(error < bound, "seed \(seed)")
    }
}

/// A test that cannot see a wrong rule proves nothing: each of these changes must be noticed.
@Test(arguments: ReferencePreset.allCases)
func aWrongRuleIsNoticed(_ preset: ReferencePreset) throws {
    let named = try #require(MarginPreset(rawValue: preset.rawValue))
    let changes: [(inout MarginParameters) -> Void] = [
        { $0.volatility.up += Ratio(basisPoints: 1) },
        { $0.initial = $0.initial.changed(factor: $0.initial.factor + Ratio(basisPoints: 1)) },
        { $0.maintenance = $0.maintenance.changed(lastWeightBy: Ratio(basisPoints: -100)) },
        { $0.volatility.shortPower += Ratio(basisPoints: 10) },
        { $0.deltaTerms?.leastRoll += Ratio(basisPoints: 1) },
        { $0.expiryTerms?.long.shift -= Ratio(basisPoints: 1) },
    ]
    for (place, change) in changes.enumerated() {
        var isNoticed = false
        for seed in UInt64(1)...200 where !isNoticed {
            let portfolio = ReferencePortfolio.random(preset: preset, seed: seed)
            var changed = parameters(of: named, for: portfolio)
            let before = changed
            change(&changed)
            guard changed != before else {
                isNoticed = true
                break
            }
            isNoticed =
                try difference(Reference.margin(preset, of: portfolio), portfolio, changed) > bound
        }
        #expect(isNoticed, "change \(place)")
    }
}

@Test func chargesCountWhatOpenOrdersCouldLeadTo() throws {
    for seed in UInt64(1)...200 {
        var portfolio = ReferencePortfolio.random(preset: .rampart, seed: seed)
        portfolio.addOrders(seed: seed)
        let reference = Reference.rampart(portfolio).initial.charges.reduce(0) { $0 + $1.amount }
        let venue = try EngineVenue(portfolio, parameters(of: .rampart, for: portfolio))
        let error = abs(venue.initialCharges() - reference) / max(portfolio.grossNotional, 1)
        #expect(error < bound, "seed \(seed)")
    }
}

@Test(.enabled(if: SharedFiles.exist, "no shared folder"))
func theEngineMatchesTheReferenceOnDerivesCases() throws {
    let cases = try #require(DeriveCase.all())
    #expect(cases.count == 104)
    for entry in cases {
        let portfolio = EnginePlan.inWholeLots(entry.portfolio)
        let reference = Reference.derive(portfolio, entry.parameters)
        let error = try difference(reference, portfolio, .derive(entry.parameters))
        #expect(error < bound, "\(entry.name)")
    }
}
