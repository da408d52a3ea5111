/// When there are prices at all.
import Simulation
import TestKit
import Testing

private func source(_ starts: [UInt64]) -> VenueBars {
    VenueBars(
        venue: "a",
        bars: starts.map { start in
            PriceBar(start: start, duration: 10, open: 1, high: 1, low: 1, close: 1, volume: nil)
        })
}

private func history(_ sources: [VenueBars]) -> PriceHistory {
    PriceHistory(base: "A", quote: "B", unitMultiplier: 1, sources: sources)
}

@Test func stretchesAreJoinedUpToTheGapAndNoFurther() {
    let histories = [history([source([100, 110, 125, 200])]), history([source([115, 1_000])])]
    #expect(
        PriceCoverage.stretches(of: histories, joiningGapsUpTo: 0) == [
            100..<135, 200..<210, 1_000..<1_010,
        ])
    #expect(
        PriceCoverage.stretches(of: histories, joiningGapsUpTo: 64).map(\.lowerBound)
            == [100, 200, 1_000])
    #expect(
        PriceCoverage.stretches(of: histories, joiningGapsUpTo: 65) == [
            100..<210, 1_000..<1_010,
        ])
    #expect(PriceCoverage.stretches(of: [], joiningGapsUpTo: 65) == [])
}

@Test func stretchesHoldEveryBarAndNoOtherTime() {
    var generator = SeededGenerator(seed: 21)
    for _ in 0..<50 {
        let sources = (0..<4).map { _ in
            source((0..<20).map { $0 * 17 }.filter { _ in Bool.random(using: &generator) })
        }
        let stretches = PriceCoverage.stretches(of: [history(sources)], joiningGapsUpTo: 0)
        let bars = sources.flatMap(\.bars)
        for time in UInt64(0)..<400 {
            let isCovered = bars.contains { $0.start <= time && time < $0.end }
            #expect(stretches.contains { $0.contains(time) } == isCovered)
        }
    }
}

@Test func theBuiltInDayIsOneStretch() {
    let histories = BuiltInDay.histories()
    #expect(
        PriceCoverage.stretches(of: histories, joiningGapsUpTo: 0)
            == [histories[0].start..<histories[0].end])
}
