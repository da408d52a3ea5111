/// A scenario through the ledger: what is measured, what faults do, and that false expectations are
/// found out.
@testable import Documents
import FixedPoint
import Foundation
import Testing

@testable import Simulation

@Test func `a small scenario comes as expected, twice the same`() throws {
    let report = try AttackFixture.report()
    let isMet = report.isMet
    #expect(isMet, "\(report.text)")
    #expect(report.defended.auditFailure == nil)
    let again = try AttackFixture.report()
    #expect(again.defended.stateRoot == report.defended.stateRoot)
    #expect(again.undefended.stateRoot == report.undefended.stateRoot)
    #expect(report.defended.stateRoot != report.undefended.stateRoot)
}

@Test func `gains count what came in and went out, and sum to the fees`() throws {
    let report = try AttackFixture.report()
    let names = report.scenario.accounts.map(\.name)
    let profits = report.defended.accountProfits
    let trader = profits[try #require(names.firstIndex(of: "trader"))]
    // Half a coin that rose by about 5,000, less 10 spent elsewhere; the transfer is no gain of
    // the group's, but it is one of this account's.
    #expect(trader > 1_500_000_000 && trader < 2_600_000_000)
    #expect(profits[2] == 0)
    #expect(profits.reduce(0, +) < 0)
}

@Test func `an expectation that is not met is named with its line`() throws {
    let report = try AttackFixture.report(
        AttackFixture.text("\"least\": 1000, \"most\": 6000", "\"least\": 1000000"))
    #expect(!report.isMet)
    #expect(report.text.contains("NOT at least $1,000,000.00: s.json: line 30"))
    #expect(report.text.hasSuffix("NOT as expected.\n"))
    #expect(report.line.hasSuffix("1 of 4 NOT as expected"))
    #expect(report.page.contains("1 of 4 not as expected"))
    #expect(report.json.contains("\"isMet\": false"))
}

@Test func `with defences of one's own the file's second run is not asked`() throws {
    let scenario = try AttackFixture.scenario(
        AttackFixture.text(
            "\"highestIndex\": \"BTC\", \"least\": 55000", "\"highestIndex\": \"BTC\", \"least\": 1"
        ))
    let report = try AttackReport(
        scenario, without: scenario.without)
    #expect(report.checks.count == 2 && report.isMet)
    #expect(report.withoutTitle == "without indexClamp")
}

private func indexBounds(_ fault: String) throws -> (lowest: Int64, highest: Int64, text: String) {
    let text = AttackFixture.text(
        "{ \"kind\": \"silent\", \"source\": \"a\", \"from\": 100, \"to\": 110 }", fault
    )
    .replacingOccurrences(
        of: "[\"indexClamp\"]",
        with: "[\"indexClamp\", \"sanity\", \"outlierCut\", \"quorum\", \"staleness\"]"
    )
    .replacingOccurrences(
        of: "\"with\": [", with: "\"with\": [{ \"lowestIndex\": \"BTC\", \"least\": 0 }, "
    )
    .replacingOccurrences(
        of: "\"without\": [{", with: "\"without\": [{ \"lowestIndex\": \"BTC\", \"least\": 0 }, {")
    let report = try AttackFixture.report(text)
    let values = report.scenario.expectations.indices.filter {
        !report.scenario.expectations[$0].isDefended
    }.map { report.undefended.values[$0] }
    return (values[0], values[2], report.text)
}

@Test func `faults make publishers silent, wrong, frozen, forged or late`() throws {
    let all = "\"from\": 90, \"to\": 110"
    let sound = (lowest: Int64(50_000_000_000), highest: Int64(55_000_000_000))
    for kind in ["silent", "frozen"] {
        let bounds = try indexBounds("{ \"kind\": \"\(kind)\", \(all) }")
        #expect(bounds.lowest == sound.lowest && bounds.highest == sound.highest, "\(kind)")
    }
    #expect(try indexBounds("{ \"kind\": \"zero\", \(all) }").lowest < 2)
    #expect(try indexBounds("{ \"kind\": \"negative\", \(all) }").lowest < 2)
    #expect(
        try indexBounds("{ \"kind\": \"shifted\", \"power\": -1, \(all) }").lowest
            == 5_500_000_000)
    #expect(
        try indexBounds("{ \"kind\": \"says\", \"price\": 60000, \(all) }").highest
            == 60_000_000_000)
    let forged = try indexBounds("{ \"kind\": \"forged\", \"price\": 60000, \(all) }")
    #expect(forged.highest == sound.highest)
    #expect(forged.text.contains("badObservationSignature"))
    let late = try indexBounds("{ \"kind\": \"late\", \"seconds\": 30, \(all) }")
    #expect(late.text.contains("observationNotNewer"))
}

@Test func `a pause makes no blocks`() throws {
    let whole = try AttackFixture.report()
    let paused = try AttackFixture.report(
        AttackFixture.text(
            "\"silent\", \"source\": \"a\", \"from\": 100", "\"pause\", \"from\": 90"))
    #expect(whole.defended.blocks == 63)
    #expect(paused.defended.blocks == 53)
}

@Test func `a grid holds prices a thousand times apart within the engine's bounds`() {
    for (price, highest) in [
        (860, 2_000_000), (10_000, 4_000_000), (50_000_000_000, 200_000_000_000),
    ] {
        let grid = AttackGrid(price: Int64(price), highest: Int64(highest), markets: 2)
        #expect(grid.highestTicks * grid.tick >= highest)
        #expect(Int128(grid.tick) * Int128(grid.lot) % 1_000_000_000 == 0)
        #expect(grid.limit > 0)
    }
}
