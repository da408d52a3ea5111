/// Market-maker protection against the sliding window that it stands for.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Markets

private func protection(window: UInt64 = 10, freeze: UInt64 = 0, limit: Int64) -> MakerProtection {
    MakerProtection(
        underlying: UnderlyingIdentifier(0), window: .seconds(window), freeze: .seconds(freeze),
        limit: Amount(microunits: limit))
}

private func at(_ seconds: UInt64) -> Timestamp { Timestamp(nanoseconds: seconds * 1_000_000_000) }

@Test func itTripsAtItsLimitAndNotOneBelow() {
    for (fills, trips) in [
        ([100], true), ([99], false), ([99, 1], true), ([50, 49], false), ([.max], true),
        ([60, .max], true), ([99, 0], false),
    ] as [([Int64], Bool)] {
        var state = protection(limit: 100)
        var tripped = false
        for fill in fills { tripped = state.count(Amount(microunits: fill), at: at(100)) }
        #expect(tripped == trips, "\(fills)")
        #expect(state.isFrozen(at: at(100)) == trips)
    }
    // Sums that do not fit trip the highest limit, and nothing overflows.
    var state = protection(limit: .max)
    let trips = [100, 105, 106, 116].map { state.count(Amount(microunits: .max - 1), at: at($0)) }
    #expect(trips == [false, true, false, true])
}

@Test func bothBucketsCount() {
    // Window 10 s: the first fill at 100 s begins a bucket.
    for (seconds, trips) in [(105, true), (109, true), (110, true), (119, true), (120, false)]
        as [(UInt64, Bool)]
    {
        var state = protection(limit: 100)
        let first = state.count(Amount(microunits: 60), at: at(100))
        let second = state.count(Amount(microunits: 40), at: at(seconds))
        #expect(!first && second == trips, "\(seconds)")
    }
}

@Test func aFreezeLastsAsLongAsItSays() {
    var state = protection(freeze: 30, limit: 1)
    _ = state.count(Amount(microunits: 1), at: at(100))
    #expect(state.frozenUntil == at(130))
    #expect(state.isFrozen(at: Timestamp(nanoseconds: at(130).nanoseconds - 1)))
    #expect(!state.isFrozen(at: at(130)))
    state.reset()
    #expect(state == protection(freeze: 30, limit: 1))
    var forever = protection(freeze: 0, limit: 1)
    _ = forever.count(Amount(microunits: 1), at: at(100))
    #expect(forever.isFrozen(at: Timestamp(nanoseconds: .max - 1)))
    var longest = MakerProtection(
        underlying: UnderlyingIdentifier(0), window: Duration(nanoseconds: .max),
        freeze: Duration(nanoseconds: .max), limit: .max)
    let trips = longest.count(.max, at: Timestamp(nanoseconds: .max))
    #expect(trips)
}

/// It may act up to one window earlier than a sliding window, and never later.
@Test func itActsNoLaterThanASlidingWindow() {
    let seed: UInt64 = 73
    var random = SeededGenerator(seed: seed)
    var trips = 0
    for _ in 0..<2_000 {
        var state = protection(limit: 100)
        var fills: [(time: UInt64, lots: Int64)] = []
        var now: UInt64 = .random(in: 0...50, using: &random)
        for _ in 0..<40 {
            now += .random(in: 0...9, using: &random)
            fills.append((now, .random(in: 0...40, using: &random)))
            let tripped = state.count(Amount(microunits: fills[fills.count - 1].lots), at: at(now))
            func sum(of windows: UInt64) -> Int64 {
                fills.filter { $0.time + 10 * windows > now }.map(\.lots).reduce(0, +)
            }
            if sum(of: 1) >= 100 { #expect(tripped, "seed \(seed)") }
            if tripped {
                #expect(sum(of: 2) >= 100, "seed \(seed)")
                trips += 1
                break
            }
        }
    }
    #expect(trips > 500, "seed \(seed)")
}
