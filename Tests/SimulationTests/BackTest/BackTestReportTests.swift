/// The report as text, JSON and page says what was found, and the page is whole.
import Documents
import FixedPoint
import Foundation
import Synchronization
import Testing

@testable import Simulation

private func closes(_ count: Int, seed: UInt64) -> [Int64] {
    var generator = SimulationGenerator(seed: seed)
    var level = 1e12
    return (0..<count).map { _ in
        level *= exp(0.03 * BackTestSample.normal(&generator))
        return Int64(level)
    }
}

private let report = BackTestReport(
    [
        BackTestSample.series(closes(1_300, seed: 1)),
        BackTestSample.series(closes(1_200, seed: 2), base: "E<H"),
    ],
    leftOut: ["X&Y/USD on venue by day has 9 closes"], seed: 7)

@Test func theTextNamesEverySeriesEstimatorAndRule() {
    let text = report.text
    for name in [
        "BTC/USD on venue by day", "E<H/USD", "filtered historical", "Student's t",
        "plain historical", "self-setting", "fixed", "SPAN-style", "left out: X&Y/USD",
        "would be seen with 0.8", "1,175 days",
    ] {
        let isSaid = text.contains(name)
        #expect(isSaid, "\(name)")
    }
    #expect(text.hasSuffix("\n"))
}

@Test func thePageIsWellFormedEscapedAndAsksForNothing() throws {
    let page = report.page
    let reader = try read(page)
    #expect(reader.elements["figure"] == 2 * 3)
    for reference in reader.references {
        #expect(reader.identifiers.contains(reference), "\(reference)")
    }
    #expect(page.contains("E&lt;H/USD") && !page.contains("E<H"))
    #expect(page.contains("Left out: X&amp;Y/USD"))
    for word in ["http:", "https:", "src=", "@import", "url(", "<link"] {
        let asks = page.replacingOccurrences(of: "http://www.w3.org/", with: "").contains(word)
        #expect(!asks, "\(word)")
    }
    for title in [
        "returns and the 1 % tails", "moves and the margin asked",
        "maintenance margin as a multiple of its trough",
    ] {
        #expect(page.contains("BTC/USD: \(title)"), "\(title)")
    }
}

@Test func theJSONHoldsEveryFigure() throws {
    let json = try #require(
        JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
    let series = try #require(json["series"] as? [[String: Any]])
    #expect(series.count == 2 && series[0]["pair"] as? String == "BTC/USD")
    let estimators = try #require(series[0]["estimators"] as? [[String: Any]])
    let long = try #require(estimators[0]["long"] as? [String: Any])
    let first = report.results[0].estimators[0].long
    #expect(long["breaches"] as? Int == first.breaches)
    #expect(long["verdict"] as? String == first.verdict)
    let kupiec = try #require(long["kupiec"] as? [String: Double])
    #expect(abs(try #require(kupiec["chance"]) - first.proportion.pValue) < 1e-7)
    let rules = try #require(series[0]["rules"] as? [[String: Any]])
    let maintenance = try #require(rules[0]["maintenance"] as? [String: Any])
    let margin = report.results[0].rules[0].maintenance
    #expect(maintenance["longBreaches"] as? Int == margin.longBreaches)
    let ratio = try #require(maintenance["peakToTrough"] as? Double)
    #expect(abs(ratio - margin.peakToTrough) < 1e-7)
}

@Test func theTallyCountsTestsOfBothSides() {
    let tally = report.tally("filtered historical")
    #expect(tally.sides == 4 && (16...20).contains(tally.tests))
    #expect(tally.rejected <= tally.doubted && tally.sound <= 4)
    #expect(report.tally("nobody") == BackTestTally())
}

@Test func theSameSeedGivesTheSameReportOnAnyNumberOfThreads() {
    let again = BackTestReport(report.results.map(\.series), leftOut: report.leftOut, seed: 7)
    #expect(again.json == report.json)
}

@Test func aTunedReportSaysSo() throws {
    let tuning = try #require(BackTestTuning(memory: Ratio(basisPoints: 9_700), window: 600))
    let tuned = BackTestReport(report.results.prefix(1).map(\.series), seed: 7, tuning: tuning)
    let isSaid = tuned.text.contains("; seed 7; memory 0.970, window 600\n")
    #expect(isSaid && tuned.page.contains("seed 7 · memory 0.970, window 600"))
    #expect(
        tuned.json.contains("\"memory\": 0.970000000") && tuned.json.contains("\"window\": 600"))
    #expect(report.json.contains("\"memory\": null"))
}

@Test func progressCountsEverySeriesOnce() {
    let lines = Mutex<[String]>([])
    _ = BackTestReport(report.results.map(\.series), seed: 1) { progress in
        lines.withLock { $0.append(progress.text(isTerminal: false)) }
    }
    let said = lines.withLock { $0 }
    #expect(said.count == 3 && said.first == "0 of 2 series\n")
    #expect(said.last?.hasPrefix("2 of 2 series  ") == true)
    let last = BackTestProgress(name: "x", done: 2, of: 2).text(isTerminal: true)
    #expect(last == "\r2 of 2 series  x\u{1b}[K\n")
}
