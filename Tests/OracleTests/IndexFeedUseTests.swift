/// How the stable price follows the index, and the leaf of a feed.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Oracle

/// A feed whose index and stable price are as given, at time zero.
private func feed(index: Int64, stable: Int64) -> IndexFeed {
    var feed = IndexFeed([nil])
    feed.index = IndexPrice(micros: index)
    feed.stable = IndexPrice(micros: stable)
    return feed
}

@Test func theStablePriceMovesItsHourlyShareInOneStep() {
    for (index, seconds, stable) in [
        (Int64(2_000_000_000), UInt64(3_600), Int64(1_200_000_000)),
        (500_000_000, 3_600, 800_000_000),
        (2_000_000_000, 1_800, 1_100_000_000), (500_000_000, 1_800, 900_000_000),
        // Longer than an hour counts as an hour.
        (2_000_000_000, 36_000, 1_200_000_000),
        // The index is nearer than that.
        (1_199_999_999, 3_600, 1_199_999_999), (1_200_000_000, 3_600, 1_200_000_000),
        (1_200_000_001, 3_600, 1_200_000_000), (999_999_999, 1, 999_999_999),
        (2_000_000_000, 0, 1_000_000_000),
    ] {
        var feed = feed(index: index, stable: 1_000_000_000)
        let hasMoved = feed.followIndex(elapsed: .seconds(seconds))
        #expect(hasMoved == (seconds > 0))
        #expect(feed.stable.units == stable, "\(index) after \(seconds) s")
    }
}

@Test func theStablePriceStandsStillAtTheIndexAndBeforeIt() {
    var settled = feed(index: 70, stable: 70)
    let settledMoved = settled.followIndex(elapsed: .hour)
    #expect(!settledMoved)
    var empty = feed(index: 0, stable: 0)
    let emptyMoved = empty.followIndex(elapsed: .hour)
    #expect(!emptyMoved)
}

/// In many steps the share compounds: an hour of small steps goes up by at most e^0.2 (22.1 %) and
/// down by less than 18.2 %, wherever the index jumps.
@Test func theStablePriceIsBoundedOverAnHourOfSteps() {
    let seed: UInt64 = 63
    var random = SeededGenerator(seed: seed)
    for target in [Int64(1) << 50, 1] {
        var feed = feed(index: target, stable: 60_000_000_000)
        var left = Duration.hour.nanoseconds
        while left > 0 {
            let step = min(left, .random(in: 1...20_000_000_000, using: &random))
            let before = Double(feed.stable.units)
            let hasMoved = feed.followIndex(elapsed: Duration(nanoseconds: step))
            #expect(hasMoved)
            let share = abs(Double(feed.stable.units) / before - 1)
            #expect(share <= 0.2 * Double(step) / 3.6e12 + 1e-10, "seed \(seed)")
            left -= step
        }
        let moved = Double(feed.stable.units) / 60_000_000_000
        #expect(target > 1 ? moved < 1.221_41 : moved > 0.818, "seed \(seed), \(moved)")
        #expect(target > 1 ? moved > 1.2 : moved < 0.83, "seed \(seed), \(moved)")
    }
}

@Test func theStablePriceAlwaysArrives() {
    for (index, stable) in [(Int64(1), Int64(900)), (900, 1), (100_000, 99_000), (3, 2)] {
        var feed = feed(index: index, stable: stable)
        var steps = 0
        while feed.stable.units != index, steps < 10_000 {
            _ = feed.followIndex(elapsed: .hour)
            steps += 1
        }
        #expect(feed.stable.units == index)
    }
}

/// What is less than a unit is carried: a second's share of a cheap asset is not rounded up to a
/// unit.
@Test func theStablePriceOfACheapAssetIsHeldToTheSameShare() {
    var feed = feed(index: 1_000_000, stable: 1_000)
    for _ in 0..<3_600 { _ = feed.followIndex(elapsed: .seconds(1)) }
    #expect((1_200...1_222).contains(feed.stable.units))
}

@Test func aFeedSurvivesItsLeaf() throws {
    let seed: UInt64 = 64
    var random = SeededGenerator(seed: seed)
    for _ in 0..<500 {
        let count = Int.random(in: 0...6, using: &random)
        var feed = IndexFeed(
            (0..<count).map { _ in
                Bool.random(using: &random)
                    ? Spoken(
                        price: .random(in: 1...99, using: &random),
                        second: .random(in: 0...99, using: &random)) : nil
            })
        _ = feed.aggregate(
            publishers: OracleFixture.publishers([UInt32](repeating: 1, count: count)),
            now: OracleFixture.second(99))
        _ = feed.followIndex(elapsed: .hour)
        var encoder = CanonicalEncoder()
        feed.encodeState(into: &encoder)
        var copy = IndexFeed(parameters: OracleFixture.parameters, publishers: count)
        var decoder = CanonicalDecoder(encoder.bytes)
        try copy.decodeState(from: &decoder)
        try decoder.finish()
        #expect(copy == feed, "seed \(seed)")
        // Another number of publishers is another feed.
        var more = IndexFeed(parameters: OracleFixture.parameters, publishers: count + 1)
        var again = CanonicalDecoder(encoder.bytes)
        #expect(throws: DecodingFault(.outOfRange, at: 0)) { try more.decodeState(from: &again) }
        if count > 0 {
            var fewer = IndexFeed(parameters: OracleFixture.parameters, publishers: count - 1)
            var third = CanonicalDecoder(encoder.bytes)
            #expect(throws: DecodingFault(.tooMany, at: 0)) {
                try fewer.decodeState(from: &third)
            }
        }
    }
}
