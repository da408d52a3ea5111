/// The walk inside bars.
import Simulation
import TestKit
import Testing

private func randomBar(
    at start: UInt64, _ generator: inout SeededGenerator
) -> PriceBar {
    let prices = (0..<4).map { _ in Int64.random(in: 1...1_000_000_000, using: &generator) }
        .sorted()
    let inner = Bool.random(using: &generator) ? [prices[1], prices[2]] : [prices[2], prices[1]]
    let duration = UInt64.random(in: 1...200_000_000_000, using: &generator)
    return PriceBar(
        start: start, duration: duration, open: inner[0], high: prices[3], low: prices[0],
        close: inner[1], volume: nil)
}

@Test func theWalkStaysWithinTheBarAndMeetsOpenAndClose() {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<2_000 {
        let bar = randomBar(at: 0, &generator)
        if bar.duration > 4 { #expect(PricePath.price(of: bar, after: 0) == bar.open) }
        #expect(PricePath.price(of: bar, after: bar.duration - 1) == bar.close)
        for _ in 0..<20 {
            let time = UInt64.random(in: 0..<bar.duration, using: &generator)
            let price = PricePath.price(of: bar, after: time)
            #expect(bar.low <= price && price <= bar.high)
        }
    }
}

@Test func theNearerExtremeComesFirstAndBothAreMet() {
    let bar = PriceBar(
        start: 0, duration: 60_000_000_000, open: 100, high: 130, low: 90, close: 120, volume: nil)
    let seconds: [UInt64] = [0, 5, 15, 30, 45]
    let prices = seconds.map { PricePath.price(of: bar, after: $0 * 1_000_000_000) }
    #expect(prices == [100, 97, 90, 110, 130])
    let other = PriceBar(
        start: 0, duration: 60_000_000_000, open: 120, high: 130, low: 90, close: 100, volume: nil)
    #expect(PricePath.price(of: other, after: 15_000_000_000) == 130)
    #expect(PricePath.price(of: other, after: 45_000_000_000) == 90)
}

@Test func aTimeWithoutABarHasNoPrice() {
    let bars = [100, 300].map { start in
        PriceBar(
            start: start, duration: 100, open: 7, high: 7, low: 7, close: 7, volume: nil)
    }
    var path = PricePath(VenueBars(venue: "a", bars: bars))
    let times: [UInt64] = [0, 99, 100, 199, 200, 299, 300, 399, 400, 150, 99, 1_000]
    let hasPrice = [false, false, true, true, false, false, true, true, false, true, false, false]
    #expect(times.map { path.price(at: $0) != nil } == hasPrice)
}

@Test func aPathGivesTheSamePriceWhateverWasAskedBefore() {
    var generator = SeededGenerator(seed: 12)
    var bars: [PriceBar] = []
    var time: UInt64 = 1_000
    for _ in 0..<200 {
        let bar = randomBar(at: time, &generator)
        bars.append(bar)
        time = bar.end + UInt64.random(in: 0...1, using: &generator) * 1_000_000
    }
    let source = VenueBars(venue: "a", bars: bars)
    var wandering = PricePath(source)
    for _ in 0..<4_000 {
        let asked = UInt64.random(in: 0...(time + 10), using: &generator)
        let bar = bars.last { $0.start <= asked && asked < $0.end }
        let expected = bar.map { PricePath.price(of: $0, after: asked - $0.start) }
        #expect(wandering.price(at: asked) == expected)
    }
}

@Test func `venues that cover the same time meet the same extreme first`() {
    func bar(_ open: Int64, high: Int64, low: Int64) -> PriceBar {
        PriceBar(
            start: 0, duration: 60_000_000_000, open: open, high: high, low: low, close: open,
            volume: nil)
    }
    let bars = [
        bar(100, high: 105, low: 80), bar(100, high: 104, low: 81), bar(100, high: 130, low: 90),
    ]
    let history = PriceHistory(
        base: "BTC", quote: "USD", unitMultiplier: 1,
        sources: bars.enumerated().map { VenueBars(venue: "v\($0)", bars: [$1]) })
    var paths = PricePath.paths(of: history)
    let prices = paths.indices.map { paths[$0].price(at: 15_000_000_000) }
    #expect(prices == [105, 104, 130])
    var alone = PricePath(history.sources[2])
    #expect(alone.price(at: 15_000_000_000) == 90)
}
