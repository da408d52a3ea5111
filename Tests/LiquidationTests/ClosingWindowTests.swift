/// What forced closing may take of a book: both sides of each limit, and the encoding.
import Canonical
import Catalogue
import FixedPoint
import Testing

@testable import Liquidation

private func window(depth: Int64, share basisPoints: Int64) -> ClosingWindow {
    ClosingWindow(
        start: Timestamp(nanoseconds: 7), depth: Quantity(lots: depth),
        share: Ratio(basisPoints: basisPoints))
}

@Test(
    arguments: [
        (0, 2_000, 1), (1, 2_000, 1), (9, 2_000, 1), (10, 2_000, 2), (500, 2_000, 100),
        (504, 2_000, 100), (505, 2_000, 101), (500, 10_000, 500), (Int64.max, 10_000, Int64.max),
        (Int64.max, 1, Int64.max / 10_000),
    ] as [(Int64, Int64, Int64)])
private func theAllowanceIsTheShareRoundedDownAndAtLeastOneLot(
    depth: Int64, share: Int64, lots: Int64
) {
    #expect(window(depth: depth, share: share).allowance.lots == lots)
}

@Test func whatIsTakenLeavesTheRoom() throws {
    var some = window(depth: 500, share: 2_000)
    some.take(Quantity(lots: 99))
    #expect(some.room.lots == 1)
    some.take(Quantity(lots: 1))
    #expect(some.room.lots == 0 && some.taken.lots == 100)
    #expect(try ClosingWindow(canonicalBytes: some.canonicalBytes) == some)
}

@Test func moreDepthGivesMoreAndLessTakesNothingBack() {
    var some = window(depth: 500, share: 2_000)
    some.take(Quantity(lots: 100))
    let share = Ratio(basisPoints: 2_000)
    let isMoreFor = { (lots: Int64) in some.count(Quantity(lots: lots), share: share) }
    #expect(
        [400, 504, 504, 505, 1_000, 999].map(isMoreFor) == [false, false, false, true, true, false])
    #expect(some.depth.lots == 1_000 && some.allowance.lots == 200 && some.room.lots == 100)
}

@Test func aWindowEndsWithItsLengthAndNotBefore() {
    let rule = LiquidationParameters.standard
    let some = window(depth: 10, share: 2_000)
    #expect(!rule.isOver(some, at: Timestamp(nanoseconds: 7)))
    #expect(!rule.isOver(some, at: Timestamp(nanoseconds: 10_000_000_006)))
    #expect(rule.isOver(some, at: Timestamp(nanoseconds: 10_000_000_007)))
}

@Test func optionsHaveAShareOfTheirOwn() {
    let rule = LiquidationParameters.standard
    let series = OptionSeries(
        expiry: Timestamp(nanoseconds: 1), strike: IndexPrice(micros: 1), right: .call)
    #expect(rule.depthShare(of: .option(series)) == Ratio(basisPoints: 1_000))
    for kind in [InstrumentKind.perpetual, .spot, .future(expiry: Timestamp(nanoseconds: 1))] {
        #expect(rule.depthShare(of: kind) == Ratio(basisPoints: 2_000))
    }
}

@Test func aMarketsWindowsAreReadAsTheyWereWritten() throws {
    var market = MarketClosing()
    #expect(market.isIdle)
    #expect(try MarketClosing(canonicalBytes: market.canonicalBytes) == market)
    market.buys = window(depth: 10, share: 2_000)
    #expect(!market.isIdle)
    #expect(try MarketClosing(canonicalBytes: market.canonicalBytes) == market)
    market.sells = window(depth: 12, share: 1_000)
    #expect(try MarketClosing(canonicalBytes: market.canonicalBytes) == market)
}

/// A window that has taken more than it may, or less than nothing, is none.
@Test(
    arguments: [
        (0, 1, 0, true), (-1, 1, 0, false), (0, 0, 0, false), (5, 2, 2, true), (5, 2, 3, false),
        (5, 2, -1, false),
    ] as [(Int64, Int64, Int64, Bool)])
private func aWindowOutOfRangeIsRefused(
    depth: Int64, allowance: Int64, taken: Int64, isSound: Bool
) {
    var encoder = CanonicalEncoder()
    encoder.append(Timestamp(nanoseconds: 3))
    for lots in [depth, allowance, taken] { encoder.append(Quantity(lots: lots)) }
    let read = try? ClosingWindow(canonicalBytes: encoder.bytes)
    #expect((read != nil) == isSound)
}
