/// The margin of portfolios: cases that can be calculated by hand, sums, and what is shown.
@testable import Documents
import FixedPoint
import Foundation
import Risk
import TestKit
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@testable import Simulation

private func dollars(_ amount: Amount) -> Double { Double(amount.units) / 1e6 }

@Test func aPerpetualAloneIsAskedTheMoveItsFloorAndItsFunding() throws {
    let report = try PortfolioFixture.report(
        positions: ["\"instrument\": \"BTC-PERP\", \"quantity\": 2, \"price\": 99000"],
        extra: "\"move\": 0.1, \"funding\": 0.0001,")
    #expect(report.initial.equity == Amount(microunits: 102_000_000_000))
    // 1.3 × 10 % of $200,000; ±3M counts a third, and weighs as much.
    #expect(abs(dollars(report.initial.scenarioLoss) - 26_000) < 0.01)
    #expect(abs(dollars(report.maintenance.scenarioLoss) - 20_000) < 0.01)
    #expect(abs(dollars(report.maintenance.charges) - (1_000 + 20)) < 0.01)
    #expect(report.markets[0].greeks == PortfolioGreeks(delta: 2_000_000))
    #expect(report.positions[0].profit == Amount(microunits: 2_000_000_000))
}

@Test func anOptionThatIsHeldCanLoseNoMoreThanItIsWorth() throws {
    let report = try PortfolioFixture.report(
        positions: ["\"instrument\": \"BTC-27MAR26-100000-C\", \"quantity\": 1"])
    let worth = report.positions[0].equity
    #expect(report.initial.equity == Amount(microunits: 100_000_000_000) + worth)
    #expect(report.maintenance.scenarioLoss <= worth)
    // Half a percent of $100,000, less than it is worth.
    #expect(report.maintenance.charges == Amount(microunits: 500_000_000))
}

/// `facts/risk.md` 1: what a butterfly between two points of the grid can lose is charged by the
/// floor on net short options.
@Test func theButterflyBetweenTwoGridPointsIsChargedAtItsShortStrikes() throws {
    let report = try PortfolioFixture.report(
        positions: [
            "\"instrument\": \"BTC-23JAN26-103000-C\", \"quantity\": -10",
            "\"instrument\": \"BTC-23JAN26-104500-C\", \"quantity\": 20",
            "\"instrument\": \"BTC-23JAN26-106000-C\", \"quantity\": -10",
        ], expiry: "23JAN26", volatility: "0.45")
    #expect(report.charges.map(\.kind) == [.shortOption, .exitFee])
    // One percent of $100,000 for each of the twenty that are short, half of that for all forty.
    #expect(report.maintenance.charges == Amount(microunits: 40_000_000_000))
    #expect(dollars(report.maintenance.scenarioLoss) < 2_000)
    // At the middle strike at expiry it loses the width of a wing on each of ten.
    #expect(report.maintenance.requirement > Amount(microunits: 15_000_000_000))
}

@Test func aHoldingCountsInFullAndItsHaircutIsCharged() throws {
    let report = try PortfolioFixture.report(
        positions: ["\"instrument\": \"BTC-SPOT\", \"quantity\": 1"])
    #expect(report.initial.equity == Amount(microunits: 200_000_000_000))
    #expect(report.charges.map(\.kind) == [.haircut])
    #expect(report.initial.charges == Amount(microunits: 10_000_000_000))
    #expect(report.maintenance.charges == Amount(microunits: 5_000_000_000))
}

@Test func aBrokenPegAndALargePositionAreCharged() throws {
    let text = PortfolioFixture.text("Price\": 1,", "Price\": 0.98,")
        .replacingOccurrences(
            of: "\"move\": 0.12", with: "\"dailyVolatility\": 0.03, \"dailyVolume\": 1000000")
    let kinds = try PortfolioFixture.report(text).charges.map(\.kind)
    #expect(kinds == [.shortOption, .concentration, .exitFee, .peg])
}

@Test func insideTheSettlementWindowOnlyTheOpenShareMoves() throws {
    func report(_ time: String) throws(InputFault) -> PortfolioReport {
        try PortfolioFixture.report(
            PortfolioFixture.text("2026-01-15T12:00:00Z", time)
                .replacingOccurrences(of: "BTC-27MAR26-100000-C", with: "BTC-27MAR26")
                .replacingOccurrences(of: "\"mark\": 9000", with: "\"mark\": 101000"))
    }
    let before = try report("2026-03-27T07:30:00Z").positions[1].greeks.delta
    let inside = try report("2026-03-27T07:45:00Z").positions[1].greeks.delta
    #expect(before == -500_000)
    #expect(inside == -250_000)
}

@Test func betweenTwoStrikesTheVarianceGoesStraight() throws {
    let report = try PortfolioFixture.report(
        PortfolioFixture.text("BTC-27MAR26-100000-C", "BTC-27MAR26-90000-C"))
    let shown = Double(Ratio(try #require(report.positions[1].volatility)).units) / 1e9
    let part = log(90_000.0 / 80_000) / log(100_000.0 / 80_000)
    #expect(abs(shown - (0.36 + (0.25 - 0.36) * part).squareRoot()) < 1e-8)
}

/// Random portfolios under every preset: the parts are the whole.
@Test(arguments: PortfolioReport.presets, UInt64(1)...20)
func thePartsSumToTheTotals(preset: String, seed: UInt64) throws {
    let report = try PortfolioReport(
        PortfolioFixture.file(RandomPortfolio.text(seed: seed)), preset: preset)
    for (margin, kind) in [(report.initial, RuleKind.initial), (report.maintenance, .maintenance)] {
        let isInitial = kind == .initial
        let losses = report.markets.map { isInitial ? $0.initial.loss : $0.maintenance.loss }
        #expect(losses.reduce(.zero, +) == margin.scenarioLoss)
        let charges = report.charges.map { isInitial ? $0.initial : $0.maintenance }
        #expect(charges.reduce(.zero, +) == margin.charges)
        let held = report.positions.map { isInitial ? $0.initialCharge : $0.maintenanceCharge }
        #expect(held.reduce(.zero, +) == margin.charges)
        #expect(
            margin.health == margin.equity - losses.reduce(.zero, +)
                - charges.reduce(.zero, +))
    }
    let equity = report.positions.reduce(report.cash) { $0 + $1.equity }
    #expect(equity == report.maintenance.equity)
}

@Test func whatCountsIsTheProfitTimesWeightAndFactor() throws {
    let report = try PortfolioFixture.report(RandomPortfolio.text(seed: 3))
    for profile in report.markets.flatMap({ [$0.initial, $0.maintenance] }) {
        for scenario in profile.scenarios {
            let profit = try #require(scenario.profit)
            let factor = Double(profile.factor.units) / 1e9
            let scale = Double(scenario.weight.units) / 1e9 * factor
            let difference = dollars(profit) * scale - dollars(scenario.counted)
            #expect(abs(difference) < 1e-3 + 1e-8 * abs(dollars(profit)))
        }
    }
}

@Test func greeksFollowFromSmallMoves() throws {
    func worth(_ forward: String, _ volatility: String, _ time: String) throws -> Double {
        let text = """
            {"time": "\(time)", "underlyings": [{"symbol": "BTC", "index": 100000,
            "expiries": [{"expiry": "27MAR26", "forward": \(forward), "volatility": \(volatility),
            "rate": 0.03}]}],
            "positions": [{"instrument": "BTC-27MAR26-110000-P", "quantity": -2.5}]}
            """
        return dollars(try PortfolioFixture.report(text).maintenance.equity)
    }
    let noon = "2026-01-15T12:00:00Z"
    let report = try PortfolioFixture.report(
        """
        {"time": "\(noon)", "underlyings": [{"symbol": "BTC", "index": 100000,
        "expiries": [{"expiry": "27MAR26", "forward": 100000, "volatility": 0.5, "rate": 0.03}]}],
        "positions": [{"instrument": "BTC-27MAR26-110000-P", "quantity": -2.5}]}
        """)
    let greeks = report.markets[0].greeks
    let (low, middle, high) = (
        try worth("99000", "0.5", noon), try worth("100000", "0.5", noon),
        try worth("101000", "0.5", noon)
    )
    #expect(abs(Double(greeks.delta) / 1e6 - (high - low) / 2_000) < 1e-4)
    #expect(abs(Double(greeks.gamma) / 1e6 - (high - 2 * middle + low) / 1_000) < 1e-4)
    let vega = try (worth("100000", "0.505", noon) - worth("100000", "0.495", noon))
    #expect(abs(Double(greeks.vega) / 1e6 - vega) < 0.05)
    // The discount passes too, which theta leaves out: 3 % a year of what is owed.
    let day =
        try worth("100000", "0.5", "2026-01-16T00:00:00Z")
        - worth("100000", "0.5", "2026-01-15T00:00:00Z")
    #expect(abs(Double(greeks.theta) / 1e6 - (day - 0.03 / 365 * middle)) < 1)
}

@Test func theTextAndTheJSONSayTheSame() throws {
    let report = try PortfolioFixture.report()
    let text = report.text
    for word in ["requirement", "BTC-27MAR26-100000-C", "short options", "cost of closing", "◀"] {
        #expect(text.contains(word), "\(word)")
    }
    #expect(text.contains(ReportText.money(report.initial.requirement.units)))
    let object = try JSONSerialization.jsonObject(with: Data(report.json.utf8))
    let root = try #require(object as? [String: Any])
    let initial = try #require(root["initial"] as? [String: Double])
    #expect(initial["requirement"] == dollars(report.initial.requirement))
    let underlyings = try #require(root["underlyings"] as? [[String: Any]])
    let profile = try #require(underlyings[0]["maintenance"] as? [String: Any])
    #expect(
        (profile["scenarios"] as? [Any])?.count == report.markets[0].maintenance.scenarios.count)
}

@Test func thePageIsWellFormedAndMarksTheWorst() throws {
    let report = try PortfolioFixture.report(RandomPortfolio.text(seed: 7))
    let page = report.page
    #expect(XMLParser(data: Data(page.utf8)).parse())
    #expect(page.contains("class=\"worst\""))
    #expect(page.contains("c-bad"))
    for market in report.markets { #expect(page.contains("all \(market.symbol)")) }
    #expect(!page.contains("<script"))
}

/// A name may hold what means something in HTML.
@Test func namesOfFilesAreEscaped() throws {
    let source = GenesisFile(
        path: "a<b>&\"c.json", bytes: Array(PortfolioFixture.text.utf8))
    let page = try PortfolioReport(source, preset: "rampart").page
    #expect(XMLParser(data: Data(page.utf8)).parse())
    #expect(page.contains("a&lt;b&gt;&amp;"))
}

@Test(arguments: PortfolioReport.presets)
func aHaircutIsThatOfTheAssetUnderEveryPreset(preset: String) throws {
    let text = """
        {"time": "2026-01-15T12:00:00Z", "underlyings": [{"symbol": "BTC", "index": 100000,
        "haircut": 0.2, "maintenanceHaircut": 0.03}],
        "positions": [{"instrument": "BTC-SPOT", "quantity": 1}]}
        """
    let report = try PortfolioReport(PortfolioFixture.file(text), preset: preset)
    #expect(report.initial.charges == Amount(microunits: 20_000_000_000))
    #expect(report.maintenance.charges == Amount(microunits: 3_000_000_000))
}
