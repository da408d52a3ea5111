/// Which histories are tested, and that nothing is concluded over a hole.
import Documents
import Testing

@testable import Simulation

/// A history of one source that trades sideways.
private func history(
    _ base: String, _ quote: String = "USD", venue: String = "venue", bars: Int,
    step: UInt64 = BackTestSample.day
) -> PriceHistory {
    let list = (0..<bars).map { place in
        PriceBar(
            start: 18_262 * BackTestSample.day + UInt64(place) * step, duration: step, open: 100,
            high: 110,
            low: 90, close: 100 + Int64(place % 2), volume: nil)
    }
    return PriceHistory(
        base: base, quote: quote, unitMultiplier: 1,
        sources: [VenueBars(venue: venue, bars: list)])
}

@Test func aThousandClosesAreEnoughAndOneFewerIsNot() {
    let taken = BackTestSeries.taken(from: [
        history("BTC", bars: 1_000), history("ETH", bars: 999),
    ])
    #expect(taken.series.map(\.name) == ["BTC/USD on venue by day"])
    #expect(taken.leftOut == ["ETH/USD on venue by day has 999 closes"])
}

@Test func theLongestSourceOfAnAssetAndAStepIsTested() {
    let hour = BackTestSample.day / 24
    let taken = BackTestSeries.taken(from: [
        history("BTC", venue: "short", bars: 1_000),
        history("BTC", "USDT", venue: "long", bars: 1_200),
        history("BTC", venue: "late", bars: 1_100),
        history("BTC", venue: "hours", bars: 1_500, step: hour),
        history("ADA", bars: 1_200),
    ])
    #expect(
        taken.series.map(\.name) == [
            "ADA/USD on venue by day", "BTC/USDT on long by day", "BTC/USD on hours by hour",
        ])
    #expect(
        taken.leftOut == [
            "BTC/USD on short by day is shorter than another of its asset",
            "BTC/USD on late by day is shorter than another of its asset",
        ])
}

@Test func onlyNamedAssetsAreTested() {
    let histories = [history("BTC", bars: 1_000), history("ETH", bars: 1_000)]
    #expect(BackTestSeries.taken(from: histories, assets: ["ETH"]).series.map(\.base) == ["ETH"])
    #expect(BackTestSeries.taken(from: histories, assets: ["XRP"]).series.isEmpty)
}

@Test func aCloseIsKnownWhenItsBarEnds() {
    let taken = BackTestSeries.taken(from: [history("BTC", bars: 1_000)]).series[0]
    #expect(
        taken.times.first == 18_263 * BackTestSample.day && taken.closes.prefix(2) == [100, 101])
}

@Test func overAHoleNothingIsKnown() {
    let holed = BackTestSample.series([100, 110, 0, 121, 133], holes: [2])
    #expect(holed.change(1, to: 1).map { ($0 * 1_000).rounded() } == 100)
    #expect(holed.change(1, to: 2) == nil && holed.steps(to: 2) == 2)
    #expect(holed.change(1, to: 3) != nil && holed.change(2, to: 3) == nil)
    #expect(holed.change(1, to: 0) == nil && holed.change(1, to: 4) == nil)
    #expect(holed.steps(to: 0) == 1 && holed.steps(to: 3) == 1 && holed.holes == 1)
    #expect(holed.logarithmicChange(1, to: 2) == 0)
    #expect(abs(holed.logarithmicChange(1, to: 1) - 0.095_310_179_8) < 1e-9)
}

@Test(arguments: [
    (BackTestSample.day, "day"), (BackTestSample.day / 24, "hour"),
    (BackTestSample.day / 1_440, "minute"), (BackTestSample.day / 288, "5 min"),
])
func aStepHasAName(_ step: UInt64, _ name: String) {
    #expect(BackTestSample.series([1, 2], step: step).stepName == name)
}
