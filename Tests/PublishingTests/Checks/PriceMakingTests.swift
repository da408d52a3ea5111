/// One observation out of several feeds: the order of preference, the median, confidence and depth.
import Canonical
import FixedPoint
import Oracle
import Testing

@testable import Publishing

private func feeds(_ quotes: [Quote?]) -> [FeedState] {
    quotes.map { quote in
        var state = FeedState(FeedLimits())
        if let quote { state.read(quote, at: benchStart) }
        return state
    }
}

private func verdict(
    _ plan: PricePlan, _ quotes: [Quote?], last: LastPrice? = nil
) -> MadePrice {
    var states = feeds(quotes)
    return plan.verdict(&states, last: last, at: benchStart)
}

private func amount(_ units: Int64) -> Amount { Amount(microunits: units * 1_000_000) }

@Test func theFirstSoundFeedIsSent() {
    let plan = pricePlan(feeds: [0, 1])
    let both = verdict(plan, [Quote(last: price(100)), Quote(last: price(101))])
    #expect(both.used == [0])
    #expect(both.observation?.price == price(100))
    #expect(both.observation?.source == SourceIdentifier(3))
    let second = verdict(plan, [nil, Quote(last: price(101))])
    #expect(second.used == [1])
    #expect(second.findings.map(\.finding) == [.waiting, nil])
    let none = verdict(plan, [nil, nil])
    #expect(none.observation == nil)
    #expect(none.used == [])
}

@Test func aWitnessIsComparedWithAndNeverSent() {
    let plan = pricePlan(feeds: [0], witnesses: [1, 2])
    let alone = verdict(plan, [nil, Quote(last: price(100)), Quote(last: price(100))])
    #expect(alone.observation == nil)
    let apart = verdict(
        plan, [Quote(last: price(6)), Quote(last: price(21)), Quote(last: price(20))])
    #expect(apart.observation == nil)
    #expect(apart.findings.map(\.finding) == [.apart, nil, nil])
}

@Test func aFaultyWitnessSaysNothing() {
    let plan = pricePlan(feeds: [0], witnesses: [1, 2])
    let sound = verdict(plan, [Quote(last: price(100)), Quote(last: price(130)), nil])
    #expect(sound.observation?.price == price(100))
}

@Test func theMedianNeedsItsFeeds() {
    let plan = pricePlan(feeds: [0, 1, 2], choice: .median, leastFeeds: 2)
    let three = verdict(
        plan, [Quote(last: price(102)), Quote(last: price(100)), Quote(last: price(101))])
    #expect(three.observation?.price == price(101))
    #expect(three.observation?.confidence == price(1))
    let two = verdict(plan, [Quote(last: price(102)), nil, Quote(last: price(100))])
    #expect(two.observation?.price == price(101))
    let one = verdict(plan, [Quote(last: price(102)), nil, nil])
    #expect(one.observation == nil)
}

@Test func theMedianLeavesOutWhoStandsAlone() {
    let plan = pricePlan(feeds: [0, 1, 2], choice: .median, leastFeeds: 2)
    let verdict = verdict(
        plan, [Quote(last: price(100)), Quote(last: price(1_000)), Quote(last: price(101))])
    #expect(verdict.findings[1].finding == .unitShift(1))
    #expect(verdict.used == [0, 2])
    #expect(verdict.observation?.price == IndexPrice(micros: 100_500_000))
}

@Test func confidenceHoldsEveryQuoteAndDepthIsTheLeast() {
    let plan = pricePlan(feeds: [0, 1], choice: .median)
    let first = Quote(
        last: price(100), bid: price(98), ask: price(101), depthBelow: amount(50),
        depthAbove: amount(60))
    let second = Quote(last: price(100), depthBelow: amount(40), depthAbove: amount(70))
    let made = verdict(plan, [first, second]).observation
    #expect(made?.confidence == price(2))
    #expect(made?.depthBelow == amount(40))
    #expect(made?.depthAbove == amount(60))
    // Not stated by one is not stated.
    let unknown = verdict(plan, [first, Quote(last: price(100))]).observation
    #expect(unknown?.depthBelow == .zero)
}

@Test func noPriceAboveTheGenesisIsSent() {
    var plan = pricePlan(feeds: [0])
    plan.mostPrice = price(100)
    #expect(verdict(plan, [Quote(last: price(100))]).observation != nil)
    let above = verdict(plan, [Quote(last: IndexPrice(micros: 100_000_001))])
    #expect(above.observation == nil)
    #expect(above.findings.map(\.finding) == [.outOfRange])
}
