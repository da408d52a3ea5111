/// How the index is made: the weighted median against a list with every weight written out, the
/// quorum and the staleness on both sides, and what a minority can and cannot do.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Oracle

/// The median of a list in which a price stands as often as it weighs.
private func naiveMedian(_ entries: [(price: Int64, weight: UInt32)]) -> Int64 {
    let list = entries.flatMap { [Int64](repeating: $0.price, count: Int($0.weight)) }.sorted()
    let middle = list.count / 2
    guard list.count % 2 == 0 else { return list[middle] }
    return (list[middle - 1] + list[middle]) >> 1
}

@Test func theIndexIsTheMedianOfAListOfWeights() {
    let seed: UInt64 = 61
    var random = SeededGenerator(seed: seed)
    var between = 0
    for round in 0..<5_000 {
        let count = Int.random(in: 1...9, using: &random)
        let weights = (0..<count).map { _ in UInt32.random(in: 1...6, using: &random) }
        let prices = (0..<count).map { _ in Int64.random(in: 1...40, using: &random) }
        var feed = IndexFeed(prices.map { Spoken(price: $0, second: 100) })
        _ = feed.aggregate(
            publishers: OracleFixture.publishers(weights), now: OracleFixture.second(100))
        let expected = naiveMedian(Array(zip(prices, weights)))
        #expect(feed.index.units == expected, "seed \(seed), round \(round)")
        if !prices.contains(expected) { between += 1 }
    }
    #expect(between > 50, "seed \(seed)")
}

private struct QuorumRow: Sendable {
    let name: String
    /// Seconds of the words of three publishers; now is 100.
    let seconds: [UInt64?]
    var weights: [UInt32] = [1, 1, 1]
    var quorum: Int64 = 666_666_666
    let isPriced: Bool
    var time: UInt64 = 0
}

@Test(arguments: [
    QuorumRow(name: "all", seconds: [100, 99, 98], isPriced: true, time: 99),
    QuorumRow(name: "two of three", seconds: [100, nil, 98], isPriced: true, time: 98),
    QuorumRow(name: "one of three", seconds: [100, nil, nil], isPriced: false),
    QuorumRow(name: "nobody", seconds: [nil, nil, nil], isPriced: false),
    QuorumRow(
        name: "two of three, quorum just above", seconds: [100, nil, 98], quorum: 666_666_667,
        isPriced: false),
    QuorumRow(
        name: "⅔ exactly of a large weight", seconds: [100, nil, 98],
        weights: [1_000_000, 1_000_000, 1_000_000], isPriced: true, time: 98),
    QuorumRow(
        name: "just below ⅔", seconds: [100, nil, 98], weights: [1_000_000, 1_000_003, 1_000_000],
        isPriced: false),
    QuorumRow(name: "a word as old as allowed", seconds: [40, 40, nil], isPriced: true, time: 40),
    QuorumRow(name: "a word too old", seconds: [39, 100, nil], isPriced: false),
    QuorumRow(
        name: "a word from the future freshens nothing", seconds: [10_000, 97, nil],
        isPriced: true, time: 97),
    QuorumRow(
        name: "all must speak", seconds: [100, 99, 98], quorum: 1_000_000_000, isPriced: true,
        time: 98),
    QuorumRow(
        name: "one is silent where all must speak", seconds: [100, 99, nil],
        quorum: 1_000_000_000, isPriced: false),
])
private func aQuorumOfFreshWeightMakesThePrice(_ row: QuorumRow) {
    var parameters = OracleFixture.parameters
    parameters.quorum = Ratio(billionths: row.quorum)
    var feed = IndexFeed(
        row.seconds.map { $0.map { Spoken(price: 50, second: $0) } }, parameters: parameters)
    let changed = feed.aggregate(
        publishers: OracleFixture.publishers(row.weights), now: OracleFixture.second(100))
    #expect(changed == row.isPriced, "\(row.name)")
    #expect(feed.isPriced == row.isPriced, "\(row.name)")
    #expect(feed.indexTime == OracleFixture.second(row.time), "\(row.name)")
    #expect(feed.stable == feed.index, "\(row.name)")
}

@Test func stalenessIsCountedToTheNanosecond() {
    let halt = OracleFixture.parameters.haltAge.nanoseconds
    for (age, isPriced) in [(halt - 1, true), (halt, true), (halt + 1, false)] {
        var feed = IndexFeed([Spoken(price: 5, second: 1_000)])
        let now = OracleFixture.second(1_000).advanced(by: Duration(nanoseconds: age))
        let hasChanged = feed.aggregate(publishers: OracleFixture.publishers([3]), now: now)
        #expect(hasChanged == isPriced)
    }
}

@Test func lessThanHalfOfTheFreshWeightCannotLeaveTheHonestRange() {
    let seed: UInt64 = 62
    var random = SeededGenerator(seed: seed)
    var escaped = 0
    for round in 0..<5_000 {
        let count = Int.random(in: 3...12, using: &random)
        let weights = (0..<count).map { _ in UInt32.random(in: 1...1_000_000, using: &random) }
        let total = weights.reduce(UInt64(0)) { $0 + UInt64($1) }
        // Whoever still fits below half is an adversary, with any price at any time.
        var bad: UInt64 = 0
        var honest: [Int64] = []
        var words: [Spoken?] = []
        for weight in weights {
            if (bad + UInt64(weight)) * 2 < total, Bool.random(using: &random) {
                bad += UInt64(weight)
                let price: Int64 =
                    Bool.random(using: &random)
                    ? .random(in: 1...2, using: &random)
                    : .random(in: (1 << 40)...(1 << 60), using: &random)
                words.append(Spoken(price: price, second: .random(in: 50...500, using: &random)))
            } else {
                honest.append(.random(in: 59_000_000_000...61_000_000_000, using: &random))
                words.append(Spoken(price: honest[honest.count - 1], second: 95))
            }
        }
        var feed = IndexFeed(words)
        _ = feed.aggregate(
            publishers: OracleFixture.publishers(weights), now: OracleFixture.second(100))
        let message: Comment = "seed \(seed), round \(round)"
        #expect(feed.index.units >= honest.min()! && feed.index.units <= honest.max()!, message)
        // At less than half the adversaries are no quorum: the honest time stands, or an older one.
        #expect(feed.indexTime <= OracleFixture.second(95), message)
        // The plain mean, as a rule that this test would reject.
        let mean = words.reduce(0.0) { $0 + Double($1?.price ?? 0) } / Double(words.count)
        if mean < Double(honest.min()!) || mean > Double(honest.max()!) { escaped += 1 }
    }
    #expect(escaped > 1_000, "seed \(seed)")
}

@Test func halfOfTheWeightOrMoreDoesMoveTheIndex() {
    var feed = IndexFeed([Spoken(price: 100, second: 1), Spoken(price: 900, second: 1)])
    _ = feed.aggregate(publishers: OracleFixture.publishers([1, 1]), now: OracleFixture.second(1))
    #expect(feed.index.units == 500)
    _ = feed.aggregate(publishers: OracleFixture.publishers([1, 2]), now: OracleFixture.second(1))
    #expect(feed.index.units == 900)
}

@Test func whoStopsIsLeftOutAndTheIndexGoesOn() {
    let publishers = OracleFixture.publishers([1, 1, 1, 1])
    var feed = IndexFeed([Spoken(price: 100, second: 0), nil, nil, nil])
    for second in UInt64(0)...200 {
        // The three that go on say 200, 201 and 202.
        for place in UInt16(1)...3 {
            feed.record(
                IndexPrice(micros: 199 + Int64(place)), from: PublisherIdentifier(place),
                at: OracleFixture.second(second))
        }
        _ = feed.aggregate(publishers: publishers, now: OracleFixture.second(second))
        // With the fourth: between 200 and 201, rounded down; without it: 201.
        #expect(feed.index.units == (second <= 60 ? 200 : 201))
        #expect(feed.indexTime == OracleFixture.second(second))
    }
    #expect(feed.lastTime(of: PublisherIdentifier(0)) == .epoch)
    #expect(feed.lastTime(of: PublisherIdentifier(1)) == OracleFixture.second(200))
}

@Test func withoutAQuorumTheLastIndexStandsAndAges() {
    let publishers = OracleFixture.publishers([1, 1, 1, 1])
    var feed = IndexFeed([Spoken](repeating: Spoken(price: 100, second: 0), count: 4))
    let hasMoved = feed.aggregate(publishers: publishers, now: .epoch)
    #expect(hasMoved)
    let hasMovedAgain = feed.aggregate(publishers: publishers, now: .epoch)
    #expect(!hasMovedAgain)
    // Half of the weight goes on, with another price: no quorum once the others are too old.
    for place in UInt16(0)...1 {
        feed.record(
            IndexPrice(micros: 300), from: PublisherIdentifier(place), at: OracleFixture.second(61))
    }
    let movedWithoutQuorum = feed.aggregate(publishers: publishers, now: OracleFixture.second(61))
    #expect(!movedWithoutQuorum)
    #expect(feed.index.units == 100)
    #expect(feed.indexTime == .epoch)
    #expect(!feed.isValid(for: .reduce, at: OracleFixture.second(61)))
    // A third makes the quorum again.
    feed.record(
        IndexPrice(micros: 300), from: PublisherIdentifier(2), at: OracleFixture.second(62))
    let movedWithQuorum = feed.aggregate(publishers: publishers, now: OracleFixture.second(62))
    #expect(movedWithQuorum)
    #expect(feed.index.units == 300)
    #expect(feed.indexTime == OracleFixture.second(61))
}
