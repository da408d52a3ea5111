/// Every fault of a price by its name, on both sides of its limit; and what happens where the
/// defence is off (`facts/risk.md`, attack 15).
import Canonical
import FixedPoint
import Testing

@testable import Oracle

struct JudgementTests {
    /// Five publishers, of which the first says something else than 1,000,000 the others do.
    private func judged(
        _ price: Int64, rules: AggregationParameters = .plain, highest: Int64 = 400_000_000,
        source: Int? = nil, off: [Defence] = []
    ) -> FeedBench {
        var bench = FeedBench(
            rules, weights: [1, 1, 1, 1, 1], highest: highest, off: off)
        for second in UInt64(1)...2 {
            for place in 1..<5 { bench.say(place, 1_000_000, at: second) }
            bench.say(
                0, second == 1 ? 1_000_000 : price, at: second, source: second == 1 ? 0 : source)
            bench.make(at: second)
        }
        return bench
    }

    private static let bounded = AggregationParameters.only {
        $0.bounds = [
            SourceBound(
                source: SourceIdentifier(0), lowest: IndexPrice(units: 900_000),
                highest: IndexPrice(units: 1_100_000))
        ]
    }
    private static let unit = AggregationParameters.only {
        $0.unitTolerance = Ratio(basisPoints: 1_000)
    }
    private static let cut = AggregationParameters.only {
        $0.outlierFactor = Ratio(basisPoints: 50_000)
        $0.outlierFloor = Ratio(basisPoints: 5)
    }

    struct Row: Sendable {
        let price: Int64
        var rules = AggregationParameters.plain
        var source: Int? = nil
        let fault: PriceFault?
    }

    @Test(arguments: [
        Row(price: 0, fault: .zero), Row(price: -1, fault: .negative),
        Row(price: .min, fault: .negative), Row(price: 1, fault: nil),
        Row(price: 400_000_000, fault: nil), Row(price: 400_000_001, fault: .outOfRange),
        Row(price: .max, fault: .outOfRange),
        Row(price: 1_000_000, source: 5, fault: .unknownSource),
        Row(price: 1_000_000, source: 65_535, fault: .unknownSource),
        Row(price: 1_000_000, source: 4, fault: nil),
        Row(price: 900_000, rules: bounded, fault: .atBound),
        Row(price: 900_001, rules: bounded, fault: nil),
        Row(price: 1_099_999, rules: bounded, fault: nil),
        Row(price: 1_100_000, rules: bounded, fault: .atBound),
        Row(price: 1_100_000, rules: bounded, source: 1, fault: nil),
        // Ten times less a tenth, and a little less than that.
        Row(price: 9_000_000, rules: unit, fault: .unitShifted),
        Row(price: 8_999_999, rules: unit, fault: nil),
        Row(price: 11_000_000, rules: unit, fault: .unitShifted),
        Row(price: 11_000_001, rules: unit, fault: nil),
        Row(price: 100_000, rules: unit, fault: .unitShifted),
        Row(price: 90_910, rules: unit, fault: .unitShifted),
        Row(price: 90_909, rules: unit, fault: nil),
        Row(price: 111_111, rules: unit, fault: .unitShifted),
        Row(price: 111_112, rules: unit, fault: nil),
        Row(price: 1, rules: unit, fault: .unitShifted),
        Row(price: 100_000_000, rules: unit, fault: .unitShifted),
        // Five times the floor of 5 basis points.
        Row(price: 1_002_500, rules: cut, fault: nil),
        Row(price: 1_002_501, rules: cut, fault: .outlier),
        Row(price: 997_500, rules: cut, fault: nil),
        Row(price: 997_499, rules: cut, fault: .outlier),
    ])
    func `each fault has its name, on the one side of its limit`(_ row: Row) {
        let bench = judged(row.price, rules: row.rules, source: row.source)
        #expect(bench.feed.faults == [row.fault, nil, nil, nil, nil])
        #expect(
            bench.room.verdicts
                == (row.fault == nil
                    ? [] : [PriceVerdict(publisher: PublisherIdentifier(0), fault: row.fault)]))
        #expect(bench.index == 1_000_000)
    }

    @Test func `a publisher that was not sound is named once, and once more when it is`() {
        var bench = judged(0)
        bench.round([0, 1_000_000, 1_000_000, 1_000_000, 1_000_000], at: 3)
        #expect(bench.room.verdicts.isEmpty)
        bench.round([-5], at: 4)
        #expect(bench.room.verdicts.map(\.fault) == [.negative])
        bench.round([1_000_001], at: 5)
        #expect(bench.room.verdicts.map(\.fault) == [nil])
    }

    @Test func `who is silent for longer than the halt age is stale`() {
        var bench = judged(1_000_000)
        for place in 1..<5 { bench.say(place, 1_000_000, at: 62) }
        bench.make(at: 62)
        #expect(bench.feed.faults[0] == nil)
        bench.make(at: 63)
        #expect(bench.feed.faults == [.stale, nil, nil, nil, nil])
        var lenient = FeedBench(.plain, weights: [1, 1, 1], off: [.staleness])
        lenient.round([100, 100, 100], at: 1)
        lenient.round([nil, nil, 900], at: 100_000)
        #expect(lenient.feed.faults == [nil, nil, nil])
        #expect(lenient.feed.isValid(for: .liquidate, at: OracleFixture.second(200_000)))
    }

    private static let frozen = AggregationParameters.only {
        $0.frozenAge = .seconds(120)
        $0.frozenMove = Ratio(basisPoints: 50)
    }

    /// Says 1,000,000 for long while the others go elsewhere.
    private func frozen(
        others: Int64, at seconds: UInt64, off: [Defence] = []
    ) -> FeedBench {
        var bench = FeedBench(Self.frozen, weights: [1, 1, 1, 1], off: off)
        for second in stride(from: UInt64(1), through: seconds, by: 1) {
            let price = second == 1 ? 1_000_000 : others
            bench.round([1_000_000, price, price + 1, price - 1], at: second)
        }
        return bench
    }

    @Test(
        arguments: [
            (1_006_000, 121, true), (1_006_000, 120, false), (1_004_000, 300, false),
            (994_000, 121, true), (1_000_000, 3_000, false),
        ] as [(Int64, UInt64, Bool)])
    func `a price that stands still while the index moves is frozen`(
        others: Int64, seconds: UInt64, isFrozen: Bool
    ) {
        let bench = frozen(others: others, at: seconds)
        #expect(bench.feed.faults == [isFrozen ? .frozen : nil, nil, nil, nil])
        #expect(frozen(others: others, at: seconds, off: [.sanity]).feed.faults[0] == nil)
    }

    @Test func `one that moves again is no longer frozen, and one that repeats itself is`() {
        var bench = frozen(others: 1_006_000, at: 121)
        bench.round([1_006_000, 1_006_000, 1_006_000, 1_006_000], at: 122)
        #expect(bench.feed.faults[0] == nil)
        bench.round([1_000_000, 1_006_000, 1_006_000, 1_006_000], at: 123)
        #expect(bench.feed.faults[0] == nil)
        #expect(bench.feed.words[0]?.since == OracleFixture.second(123))
    }

    @Test func `a currency is converted by its own index, or its prices do not count`() {
        for (rate, off, index, fault) in [
            (Int64(900_000), [], 900_000, nil), (900_000, [Defence.conversion], 1_000_000, nil),
            (nil, [], 0, .noConversion),
        ] as [(Int64?, [Defence], Int64, PriceFault?)] {
            var bench = FeedBench(
                .plain, weights: [1], quote: UnderlyingIdentifier(7), off: off)
            if let rate { bench.setRate(rate, of: 7, at: 1) }
            bench.round([1_000_000], at: 1)
            #expect(bench.index == index)
            #expect(bench.feed.faults == [fault])
        }
    }

    @Test func `a rate that may not be traded on converts nothing`() {
        for (age, isFresh) in [(UInt64(15), true), (16, false)] {
            var other = FeedBench(.plain, weights: [1], underlying: 7)
            other.round([950_000], at: 1)
            var bench = FeedBench(.plain, weights: [1], quote: UnderlyingIdentifier(7))
            bench.room.noteRate(
                of: UnderlyingIdentifier(7), from: other.feed, at: OracleFixture.second(1 + age))
            bench.round([1_000_000], at: 1 + age)
            #expect(bench.feed.faults == [isFresh ? nil : .noConversion])
            // What is converted is no fresher than the rate.
            #expect(bench.feed.indexTime == OracleFixture.second(isFresh ? 1 : 0))
        }
    }

    @Test func `a quote currency is not itself converted`() {
        var bench = FeedBench(
            .plain, weights: [1, 1], quote: UnderlyingIdentifier(0), quorum: .one)
        bench.setRate(500_000, of: 0, at: 1)
        bench.round([1_000_000, 1_000_000], at: 1)
        #expect(bench.feed.faults == [nil, .noConversion])
        #expect(!bench.feed.isPriced)
    }

    /// The harm that the names stop: a single source, or the majority of two, that says nonsense.
    @Test(
        arguments: [
            (0, 1), (-5, 1), (1_000_000_000, 1_000_000_000), (.max, 4_000_000_000),
        ] as [(Int64, Int64)])
    func `without the checks nonsense of the majority is the index`(said: Int64, index: Int64) {
        var rules = AggregationParameters.plain
        rules.unitTolerance = Ratio(basisPoints: 1_000)
        for off in [[], [Defence.sanity]] {
            var bench = FeedBench(
                rules, weights: [2, 1], highest: 4_000_000_000, off: off)
            bench.round([1_000_000, 1_000_000], at: 1)
            bench.round([said, 1_000_000], at: 2)
            #expect(bench.index == (off.isEmpty ? 1_000_000 : index))
            #expect(bench.feed.condition.lacksWeight == off.isEmpty)
        }
    }

    @Test func `a wrong unit of all is told by the last index, until that is old`() {
        var bench = FeedBench(Self.unit, weights: [1, 1, 1])
        bench.round([1_000_000, 1_000_000, 1_000_000], at: 1)
        bench.round([1_000_000_000, 1_000_000_000, 1_000_000_000], at: 2)
        #expect(bench.feed.faults == [.unitShifted, .unitShifted, .unitShifted])
        #expect(bench.index == 1_000_000)
        bench.round([1_000_000_000, 1_000_000_000, 1_000_000_000], at: 61)
        #expect(bench.feed.faults == [.unitShifted, .unitShifted, .unitShifted])
        // A quorum stood behind it at second 1. After that nobody knows better than the sources.
        bench.round([1_000_000_000, 1_000_000_000, 1_000], at: 62)
        #expect(bench.feed.faults == [nil, nil, .unitShifted])
        #expect(bench.index == 1_000_000_000)
    }

    @Test func `what is not stated or negative counts as not stated`() {
        var bench = FeedBench(.plain, weights: [1])
        bench.say(0, 5, at: 1, confidence: -1, depth: (-1, .min))
        #expect(bench.feed.words[0]?.confidence == .zero)
        #expect(bench.feed.words[0]?.depthBelow == .zero)
        #expect(bench.feed.words[0]?.depthAbove == .zero)
    }
}
