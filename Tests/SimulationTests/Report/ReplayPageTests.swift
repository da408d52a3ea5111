/// The page: well-formed, self-contained, and it shows what the replay found.
import Foundation
import Simulation
import TestKit
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

private func samplePage() -> String {
    let sample = SampleReplay.make()
    return ReplayPage(summary: sample.summary, series: sample.series).html()
}

/// Counts elements, classes and identifiers of a document.
final class PageReader: NSObject, XMLParserDelegate {
    var elements: [String: Int] = [:]
    var classes: [String: Int] = [:]
    var identifiers: [String] = []
    var references: [String] = []

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        elements[name, default: 0] += 1
        for word in (attributes["class"] ?? "").split(separator: " ") {
            classes[String(word), default: 0] += 1
        }
        if let identifier = attributes["id"] { identifiers.append(identifier) }
        for key in ["aria-controls", "aria-labelledby", "data-copy"] {
            if let reference = attributes[key] { references.append(reference) }
        }
    }
}

func read(_ page: String) throws -> PageReader {
    let reader = PageReader()
    let parser = XMLParser(data: Data(page.utf8))
    parser.delegate = reader
    try #require(parser.parse(), "line \(parser.lineNumber)")
    return reader
}

@Test func thePageIsWellFormedAndItsReferencesMeet() throws {
    let reader = try read(samplePage())
    #expect(reader.elements["figure"] == 2 * 5 + 3)
    #expect(reader.elements["svg"] == 2 * 5 + 3 + 1)
    #expect(reader.classes["tile"] == 8)
    #expect(Set(reader.identifiers).count == reader.identifiers.count)
    #expect(reader.references.allSatisfy(reader.identifiers.contains))
    #expect(reader.references.count == 2 * 2 + 1)
}

@Test func thePageAsksNobodyForAnything() {
    let page = samplePage()
        .replacing("http://www.w3.org/2000/svg", with: "")
        .replacing("http://www.w3.org/1999/xhtml", with: "")
    for word in [
        "http:", "https:", "//cdn", "src=", "@import", "url(", "fetch(", "<link", "XMLHttp",
    ] {
        #expect(!page.contains(word), "\(word)")
    }
}

@Test func thePageShowsTheResultAndHowToCheckIt() {
    let page = samplePage()
    let sample = SampleReplay.summary()
    for text in [
        sample.stateRoot, "✓ Money conserved in every block", "$2.42B", "311,904 trades",
        "seed 18446744073709551615", "postOnlyWouldTake", "trader-117 (momentum)", "−$48,912.33",
        "rampart-lab replay --prices 'my data/BTC &amp; ETH.csv' --seed 7",
    ] {
        #expect(page.contains(text), "\(text)")
    }
}

@Test func thePageSaysSoWhenMoneyIsLost() {
    var sample = SampleReplay.make()
    sample.summary.conserved = false
    sample.summary.badDebt = 12_500_000
    let page = ReplayPage(summary: sample.summary, series: sample.series).html()
    #expect(page.contains("✗ Money not conserved"))
    #expect(page.contains("must not be trusted"))
    #expect(page.contains("class=\"tile bad\"><dt>Bad debt</dt><dd>$12.50"))
}

@Test func namesFromFilesCannotBreakThePage() throws {
    var sample = SampleReplay.make()
    sample.summary.chain = "<script>alert(1)</script>"
    sample.summary.arguments = ["replay", "--prices", "</script><b a='\"&"]
    sample.summary.refusals = [RefusalCount(name: "<b>&", count: 1)]
    var market = MarketSeries(name: "</script>", unit: "]]>", quote: "&amp;")
    market.samples = sample.series.markets[0].samples
    sample.series.markets[0] = market
    let page = ReplayPage(summary: sample.summary, series: sample.series).html()
    let reader = try read(page)
    #expect(reader.elements["script"] == 2 * 5 + 3 + 1)
    #expect(reader.elements["b"] == 2 * 5 + 3 + 1)
}

@Test func aReplayWithoutAnythingStillHasAPage() throws {
    let empty = ReplayPage(summary: ReplaySummary(), series: ReplaySeries()).html()
    #expect(try read(empty).elements["figure"] == nil)
    var series = ReplaySeries()
    var market = MarketSeries(name: "BTC-PERP", unit: "BTC", quote: "USD")
    market.samples = [
        MarketSample(
            time: 1, last: nil, index: nil, mark: nil, stable: nil, openInterest: 0, funding: nil)
    ]
    series.markets = [market]
    var summary = ReplaySummary()
    summary.end = 60_000_000_000
    #expect(try read(ReplayPage(summary: summary, series: series).html()).elements["figure"] == 5)
}

@Test func theFundIsComparedWithItsFirstDepositNotWithNothing() {
    var sample = SampleReplay.make()
    let empty = LedgerSample(
        time: sample.summary.start, equity: 0, initialMargin: 0, maintenanceMargin: 0,
        insuranceFund: 0, fees: 0)
    sample.series.ledger.insert(empty, at: 0)
    let page = ReplayPage(summary: sample.summary, series: sample.series).html()
    #expect(page.contains("+$43.9k since the start"))
}

@Test func aLongReplayHasAPageOfBoundedSize() throws {
    var sample = SampleReplay.make()
    let day = sample.series.markets[0].samples
    var long = day
    for repeated in 1..<14 {
        long += day.map { sample in
            MarketSample(
                time: sample.time + UInt64(repeated) * 86_400_000_000_000, last: sample.last,
                index: sample.index, mark: sample.mark, stable: sample.stable,
                openInterest: sample.openInterest, funding: sample.funding)
        }
    }
    let short = ReplayPage(summary: sample.summary, series: sample.series).html().utf8.count
    sample.series.markets[0].samples = long
    sample.summary.end += 13 * 86_400_000_000_000
    let page = ReplayPage(summary: sample.summary, series: sample.series).html()
    #expect(page.utf8.count < 2 * short)
    _ = try read(page)
}

/// Left in the build folder so that it can be looked at: `.build/sample-page.html`.
@Test func theSamplePageIsWrittenToTheBuildFolder() throws {
    let folder = PackageFiles.root + "/.build"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let url = URL(fileURLWithPath: folder + "/sample-page.html")
    try Data(samplePage().utf8).write(to: url)
}
