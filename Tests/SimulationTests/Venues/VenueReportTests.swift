/// Indices, cut prices and breakers on the page, on the terminal and as JSON.

import Foundation
import Simulation
import Testing

private let minute = SampleReplay.minute

/// The sample with two underlyings, of which one has eleven venues, cuts and breakers.
private func sample() -> ReplayResult {
    var result = SampleReplay.make()
    let start = result.summary.start
    for (name, venues) in [("BTC/USD", 11), ("<b>&/USD", 1)] {
        var series = UnderlyingSeries(
            name: name, quote: "USD", venues: (0..<venues).map { "venue\($0)" })
        for place in 0..<1_440 {
            let price = 90_000_000_000 + Int64(place) * 1_000_000
            series.times.append(start + UInt64(place) * minute)
            series.index.append(price)
            series.truth.append(price + 9_000_000)
            for venue in 0..<venues {
                let frozen = venue == 3 ? 60_000_000_000 : price + Int64(venue) * 4_000_000
                series.prices[venue].append(venue == 2 && place > 700 ? nil : frozen)
            }
        }
        result.series.underlyings.append(series)
        var index = IndexSummary(
            name: name, venues: series.venues.map { VenueSummary(name: $0) })
        index.venues[0].blocks = [1_300, 100, 30, 10]
        index.compared = 1_400
        index.withheld = 40
        index.median = 123
        index.high = 1_999
        index.worst = 49_950
        index.worstTime = start + 61 * minute
        result.summary.indices.append(index)
    }
    var cut = PriceCut(
        underlying: "BTC/USD", source: "venue3", reason: "frozen", at: start, price: 60_000_000_000)
    cut.count = 2
    cut.last = start + 90 * minute
    cut.time = 75 * minute
    result.summary.cuts = [cut]
    result.summary.breakers = [
        BreakerStretch(
            market: "BTC-PERP", level: "reduceOnly", severity: 2, trigger: "index stale",
            measure: "16 s, trips at 15 s", start: start + 10 * minute, end: start + 12 * minute)
    ]
    return result
}

@Test func `the page shows each index among its venues, and stays well-formed`() throws {
    let result = sample()
    let page = ReplayPage(summary: result.summary, series: result.series).html()
    let reader = try read(page)
    #expect(reader.elements["figure"] == 2 * 5 + 3 + 2 * 2 + 1)
    #expect(Set(reader.identifiers).count == reader.identifiers.count)
    #expect(reader.references.allSatisfy(reader.identifiers.contains))
    for text in [
        "BTC/USD: index and venues", "BTC/USD: distance from the index", "venue10",
        "1.23 bp", "19.99 bp", "500 bp", "&lt;b&gt;&amp;/USD", "is at the edge",
        "What was cut and why", "60,000.0000", "1 h 15 min", "Levels over time",
        "16 s, trips at 15 s",
    ] {
        #expect(page.contains(text), "\(text)")
    }
    #expect(reader.elements["rect"] == 1)
}

@Test func `a frozen venue does not flatten the others in the chart of distances`() {
    let result = sample()
    let page = ReplayPage(summary: result.summary, series: result.series).html()
    // The farthest sound venue is 4.4 basis points away, the frozen one more than 3,000.
    #expect(page.contains("what lies beyond ±20.00 is at the edge"))
}

@Test func `the terminal names the worst index, what was cut and what stopped`() {
    let text = ReplayConsole.report(sample().summary)
    for line in [
        "off by 1.23 bp (median), 19.99 (95 %), 500 at 2026-01-15 01:01:00",
        "withheld in 40 blocks", "venue3: frozen 2×, 2026-01-15 00:00:00 to 2026-01-15 01:30:00",
        "said 60,000.0000", "breaker BTC-PERP",
        "reduceOnly 2026-01-15 00:10:00 for 2 min: index stale (16 s, trips at 15 s)",
    ] {
        #expect(text.contains(line), "\(line)")
    }
}

@Test func `the figures of prices stand in the results`() throws {
    let text = sample().summary.json
    let object = try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let indices = try #require(object["indices"] as? [[String: Any]])
    #expect(indices.count == 2)
    #expect(indices[0]["medianBasisPoints"] as? Double == 1.23)
    #expect(indices[0]["worstBasisPoints"] as? Double == 499.5)
    #expect(indices[0]["blocksWithheld"] as? Int == 40)
    let venues = try #require(indices[0]["venues"] as? [[String: Any]])
    #expect(venues[0]["frozen"] as? Int == 30)
    let cuts = try #require(object["cuts"] as? [[String: Any]])
    #expect(cuts[0]["reason"] as? String == "frozen")
    #expect(cuts[0]["seconds"] as? Int == 4_500)
    let breakers = try #require(object["breakers"] as? [[String: Any]])
    #expect(breakers[0]["level"] as? String == "reduceOnly")
}
