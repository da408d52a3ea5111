/// When a feed is asked: aligned while it answers, later and later while it does not.
import Testing

@testable import Publishing

@Test func aFeedIsAskedAtMultiplesOfItsPeriod() {
    var schedule = FetchSchedule(period: 1_000, from: 10_300)
    #expect(schedule.due == 10_300)
    schedule.begin()
    #expect(schedule.isInFlight)
    schedule.succeeded(at: 10_450)
    #expect(schedule.due == 11_000)
    schedule.succeeded(at: 11_000)
    #expect(schedule.due == 12_000)
    schedule.succeeded(at: 12_999)
    #expect(schedule.due == 13_000)
}

@Test(
    arguments: [(1, 1_000), (2, 2_000), (3, 4_000), (7, 60_000), (60, 60_000)] as [(Int, UInt64)])
func theWaitAfterFailuresDoublesUpToAMinute(_ failures: Int, _ milliseconds: UInt64) {
    let most = milliseconds * 1_000_000
    for chance in [UInt64(0), 1, 12_345_678_901, .max] {
        let wait = FetchSchedule.wait(after: failures, period: benchSecond, chance: chance)
        #expect(wait >= most / 2 && wait <= most)
    }
    #expect(FetchSchedule.wait(after: failures, period: benchSecond, chance: 0) == most / 2)
}

@Test func theWaitDependsOnChanceAndIsNeverShorterThanHalfALongPeriod() {
    let waits = (0..<100).map { place in
        FetchSchedule.wait(
            after: 4, period: benchSecond, chance: UInt64(place) &* 0x9E37_79B9_7F4A_7C15)
    }
    #expect(Set(waits).count > 90)
    #expect(
        FetchSchedule.wait(after: 1, period: 3_600 * benchSecond, chance: 0)
            == 1_800 * benchSecond)
    #expect(FetchSchedule.wait(after: 50, period: 1 << 62, chance: .max) <= 1 << 62)
}

@Test func aSuccessForgetsFailures() {
    var schedule = FetchSchedule(period: benchSecond, from: benchStart)
    schedule.failed(at: benchStart, chance: 0)
    schedule.failed(at: benchStart, chance: 0)
    #expect(schedule.failures == 2)
    #expect(schedule.due == benchStart + benchSecond)
    schedule.succeeded(at: benchStart)
    #expect(schedule.failures == 0)
}
