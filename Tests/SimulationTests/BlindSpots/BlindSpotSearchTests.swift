/// Blind spots of margin rules: the butterfly of `shared/facts/risk.md`, what the search finds
/// where a rule has one, that Rampart's default has none to speak of, and that it is its floors
/// and its grid that see to it.
import FixedPoint
import Foundation
import Risk
import Testing

@testable import Simulation

/// −1 +2 −1 calls, 1.5 % apart, between two grid points of every venue.
private func butterfly(hours: Int64) -> BlindSpotPortfolio {
    let legs = [(Int64(1_005), Int64(-10)), (1_020, 20), (1_035, -10)].map { strike, tenths in
        BlindSpotPortfolio.Leg(hours: hours, strike: strike, isCall: true, tenths: tenths)
    }
    return BlindSpotPortfolio(legs: legs, volatility: 30)
}

extension MarginParameters {
    /// Its scenarios and nothing else.
    fileprivate var withoutCharges: MarginParameters {
        var bare = self
        bare.maintenance = MarginRule(
            scenarios: maintenance.scenarios, factor: maintenance.factor, charges: Charges())
        bare.deltaTerms = nil
        bare.expiryTerms = nil
        return bare
    }

    fileprivate func with(shortFloor: Ratio, ofMove: Ratio, grossFloor: Ratio) -> MarginParameters {
        var changed = self
        changed.maintenance = MarginRule(
            scenarios: maintenance.scenarios, factor: maintenance.factor,
            charges: Charges(
                shortFloor: shortFloor, shortFloorOfMove: ofMove, exitFee: grossFloor,
                exitFeeCap: .one))
        return changed
    }
}

private func found(
    _ parameters: MarginParameters, portfolios: Int, steps: Int
) throws -> BlindSpotFinding {
    let search = BlindSpotSearch(parameters, seed: 1)
    let spots = try (0..<portfolios).map { try search.found(from: $0, steps: steps) }
    return BlindSpotFinding(.rampart, spots, search)
}

@Test(arguments: [MarginPreset.deribit, .paradex, .derive])
func theGridsOfVenuesDoNotSeeAButterflyBetweenTheirPoints(_ preset: MarginPreset) throws {
    let bare = BlindSpotSearch(preset.parameters().withoutCharges, seed: 1)
    let spot = try bare.spot(butterfly(hours: 0))
    #expect(spot.requirement <= 0.0002, "\(spot.requirement)")
    #expect(abs(spot.loss - 0.015) < 1e-9 && spot.worst.move == 20, "\(spot.worst)")
    // An hour before, a volatility of half a year's worth smooths a little of it.
    let before = try bare.spot(butterfly(hours: 1))
    #expect(before.requirement <= 0.002 && before.loss > 0.013, "\(before)")
}

@Test(arguments: [0, 1, 12, 48, 49, 72, 720] as [Int64])
func rampartsMarginCoversTheButterfly(_ hours: Int64) throws {
    let spot = try BlindSpotSearch(.rampartOptions(), seed: 1).spot(butterfly(hours: hours))
    #expect(spot.excess <= 0 && spot.requirement >= 0.015, "\(spot)")
}

@Test func rampartStaysWithinFivePercentInNearlyAllAdversarialPortfolios() throws {
    let finding = try found(.rampartOptions(), portfolios: 400, steps: 40)
    #expect(finding.shareWithin >= 0.999, "\(finding.worst.map(\.portfolio.description) ?? "")")
}

@Test(arguments: [MarginPreset.deribit, .paradex, .derive, .span])
func theSearchFindsWhatOthersDoNotSee(_ preset: MarginPreset) throws {
    let finding = try found(preset.parameters().withoutCharges, portfolios: 90, steps: 40)
    #expect(try #require(finding.worst).excess > 5)
    #expect(finding.shareWithin < 0.9)
}

@Test func withoutItsFloorsRampartHasBlindSpots() throws {
    let rule = MarginParameters.rampartOptions()
    let floors = rule.maintenance.charges
    let noShort = try found(
        rule.with(shortFloor: .zero, ofMove: .zero, grossFloor: floors.exitFee), portfolios: 400,
        steps: 40)
    let noGross = try found(
        rule.with(
            shortFloor: floors.shortFloor, ofMove: floors.shortFloorOfMove, grossFloor: .zero),
        portfolios: 400, steps: 40)
    #expect(noShort.shareWithin < 0.99, "\(noShort.shareWithin)")
    #expect(noGross.shareWithin < 0.99, "\(noGross.shareWithin)")
}

@Test func theSameSeedFindsTheSame() throws {
    let search = BlindSpotSearch(.rampartOptions(), seed: 7)
    let (first, second) = (
        try search.found(from: 3, steps: 20), try search.found(from: 3, steps: 20)
    )
    #expect(first.portfolio == second.portfolio && first.requirement == second.requirement)
    let other = try BlindSpotSearch(.rampartOptions(), seed: 8).found(from: 3, steps: 20)
    #expect(other.portfolio != first.portfolio)
}

@Test func aChangeNeverWidensBeyondWhatAVenueLists() {
    var generator = SimulationGenerator(seed: 1)
    for number in 0..<2_000 {
        let shape = BlindSpotShape.allCases[number % BlindSpotShape.allCases.count]
        var portfolio = shape.portfolio(range: 120, &generator)
        for _ in 0..<20 {
            portfolio = BlindSpotShape.changed(portfolio, range: 120, &generator)
        }
        for leg in portfolio.legs {
            #expect((600...1_500).contains(leg.strike) && (2...4_320).contains(leg.hours))
            #expect(abs(leg.tenths) <= 480 && leg.tenths != 0)
        }
    }
}

@Test func theReportNamesTheWorstOfEachPresetAndThePageDrawsIt() throws {
    var said: [String] = []
    let report = try BlindSpotReport(preset: nil, portfolios: 2, seed: 1) { progress in
        if let text = progress.text(isTerminal: false) { said.append(text) }
    }
    #expect(report.findings.map(\.preset) == MarginPreset.allCases)
    #expect(said.count == 15 && said[0] == "0 %  rampart\n" && said[2] == "100 %  rampart\n")
    for finding in report.findings {
        let worst = try #require(finding.worst)
        #expect(report.text.contains("\(finding.preset.rawValue): margin "))
        #expect(report.text.contains(worst.portfolio.description))
        #expect(report.page.contains(worst.portfolio.description.escaped))
    }
    #expect(report.page.components(separatedBy: "<svg").count == 6)
    let one = try BlindSpotReport(preset: "span", portfolios: 1, seed: 1) { _ in }
    #expect(one.findings.map(\.preset) == [.span])
}
