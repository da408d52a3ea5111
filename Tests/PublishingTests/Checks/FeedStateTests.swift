/// One feed by itself: both sides of each limit, and what a failure does to what was said before.
import FixedPoint
import Testing

@testable import Publishing

private func limits(age: UInt64 = 5, skew: UInt64 = 2, frozen: UInt64 = 60) -> FeedLimits {
    var limits = FeedLimits()
    limits.mostAge = age * benchSecond
    limits.mostSkew = skew * benchSecond
    limits.frozenAfter = frozen * benchSecond
    return limits
}

private let start = benchStart

@Test func aFeedThatHasSaidNothingIsWaiting() {
    let feed = FeedState(limits())
    #expect(feed.finding(at: start) == .waiting)
}

@Test func whatWasReadIsBelievedUntilItIsTooOld() {
    var feed = FeedState(limits())
    feed.read(Quote(last: price(10)), at: start)
    #expect(feed.finding(at: start + 5 * benchSecond) == nil)
    #expect(feed.finding(at: start + 5 * benchSecond + 1) == .late)
}

@Test(arguments: [Finding.late, .unreachable("x"), .status(500)])
func aFailureOfTheNetworkLeavesWhatWasReadUntilItIsTooOld(_ finding: Finding) {
    var feed = FeedState(limits())
    feed.read(Quote(last: price(10)), at: start)
    feed.fail(finding)
    #expect(feed.finding(at: start + 5 * benchSecond) == nil)
    #expect(feed.finding(at: start + 5 * benchSecond + 1) == finding)
}

@Test(arguments: [Finding.malformed("x"), .notPositive, .outOfRange, .crossed, .tooLong, .ended])
func anAnswerThatCannotBeMeantDiscreditsWhatWasRead(_ finding: Finding) {
    var feed = FeedState(limits())
    feed.read(Quote(last: price(10)), at: start)
    feed.fail(finding)
    #expect(feed.finding(at: start) == finding)
    feed.read(Quote(last: price(11)), at: start)
    #expect(feed.finding(at: start) == nil)
    #expect(feed.price == price(11))
}

@Test func aQuoteThatCannotBeIsAFailure() {
    var feed = FeedState(limits())
    feed.read(Quote(last: price(10)), at: start)
    feed.read(Quote(last: price(10), bid: price(3), ask: price(2)), at: start)
    #expect(feed.finding(at: start) == .crossed)
    #expect(feed.price == nil)
}

@Test func theFeedsOwnTimeMayBeNeitherOldNorAhead() {
    var feed = FeedState(limits())
    feed.read(Quote(last: price(10), time: start - 5 * benchSecond), at: start)
    #expect(feed.finding(at: start) == nil)
    #expect(feed.finding(at: start + 1) == .stale(5))
    feed.read(Quote(last: price(10), time: start + 2 * benchSecond), at: start)
    #expect(feed.finding(at: start) == nil)
    feed.read(Quote(last: price(10), time: start + 2 * benchSecond + 1), at: start)
    #expect(feed.finding(at: start) == .clockSkew(2))
}

@Test func aFeedThatSaysTheSameForTooLongIsFrozenThoughItsTimeGoesOn() {
    var feed = FeedState(limits())
    for second in 0...60 {
        let now = start + UInt64(second) * benchSecond
        feed.read(Quote(last: price(10), time: now), at: now)
        #expect(feed.finding(at: now) == nil)
    }
    let now = start + 61 * benchSecond
    feed.read(Quote(last: price(10), time: now), at: now)
    #expect(feed.finding(at: now) == .frozen(61))
    // Depth that moves is life.
    feed.read(
        Quote(last: price(10), depthBelow: Amount(microunits: 1), time: now), at: now)
    #expect(feed.finding(at: now) == nil)
}

@Test func withoutThatLimitNothingIsFrozen() {
    var feed = FeedState(limits(frozen: 0))
    for second in stride(from: UInt64(0), to: 1_000, by: 5) {
        feed.read(Quote(last: price(10)), at: start + second * benchSecond)
        #expect(feed.finding(at: start + second * benchSecond) == nil)
    }
}

@Test func everyFindingHasANameOfItsOwn() {
    let all: [Finding] = [
        .waiting, .unreachable(""), .late, .status(1), .tooLong, .malformed(""), .notPositive,
        .outOfRange, .crossed, .stale(1), .clockSkew(1), .frozen(1), .unitShift(1), .jumped,
        .apart, .ended,
    ]
    #expect(Set(all.map(\.name)).count == all.count)
}
