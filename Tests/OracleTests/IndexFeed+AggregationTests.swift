/// From votes to the index: cuts, caps, quorum after the cuts, clamp and confidence, each on both
/// sides of its limit and with its defence off (`facts/risk.md`, attack 15).
import Canonical
import FixedPoint
import Testing

@testable import Oracle

struct AggregationTests {
    private static let cut = AggregationParameters.only {
        $0.outlierFactor = Ratio(basisPoints: 50_000)
        $0.outlierFloor = Ratio(basisPoints: 25)
    }

    @Test func `identical feeds do not cut one that is a little off`() {
        // Without the floor the deviation of four equal prices is zero, and any other is cut.
        for (floor, fault) in [(Int64(25), nil), (1, PriceFault.outlier)] {
            var rules = Self.cut
            rules.outlierFloor = Ratio(basisPoints: floor)
            var bench = FeedBench(rules, weights: [1, 1, 1, 1, 1])
            bench.round([1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_010_000], at: 1)
            #expect(bench.feed.faults[4] == fault)
            #expect(bench.index == 1_000_000)
        }
    }

    @Test func `what is cut counts neither for the index nor for the quorum`() {
        for (off, prices, index) in [
            ([], [100, 101, 102, 180, 190], 101),
            ([Defence.outlierCut], [100, 101, 102, 180, 190], 102),
            // Of six, two of which are cut, four weigh two thirds; of five, three do not.
            ([], [100, 101, 102, 103, 180, 190], 101),
        ] as [([Defence], [Int64], Int64)] {
            var bench = FeedBench(Self.cut, weights: prices.map { _ in 1 }, off: off)
            bench.round(prices.map { $0 * 1_000 }, at: 1)
            let isEnough = !off.isEmpty || prices.count == 6
            #expect(bench.feed.condition.lacksWeight == !isEnough)
            let expected = prices.count == 6 ? index * 1_000 + 500 : index * 1_000
            #expect(bench.index == (isEnough ? expected : 0), "\(prices)")
        }
    }

    @Test func `the quorum is one of weight and of venues`() {
        let rules = AggregationParameters.only {
            $0.minimumVenues = 3
            $0.venueCap = Ratio(basisPoints: 4_000)
        }
        struct Row {
            let said: [Int64?]
            let venues: [UInt16]
            let lacksWeight: Bool
            let lacksVenues: Bool
        }
        for row in [
            Row(said: [5, 5, 5, 5], venues: [0, 1, 2, 3], lacksWeight: false, lacksVenues: false),
            Row(
                said: [5, 5, 5, nil], venues: [0, 1, 2, 3], lacksWeight: false, lacksVenues: false),
            Row(
                said: [5, 5, nil, nil], venues: [0, 1, 2, 3], lacksWeight: true, lacksVenues: true),
            Row(said: [5, 5, 5, 5], venues: [0, 0, 0, 0], lacksWeight: true, lacksVenues: true),
            Row(said: [5, 5, 5, 5], venues: [0, 0, 1, 1], lacksWeight: true, lacksVenues: true),
            Row(said: [5, 5, 5, 5], venues: [0, 0, 1, 2], lacksWeight: false, lacksVenues: false),
            Row(
                said: [nil, nil, nil, nil], venues: [0, 1, 2, 3], lacksWeight: true,
                lacksVenues: true),
        ] {
            var bench = FeedBench(rules, weights: [1, 1, 1, 1], venues: row.venues)
            bench.round(row.said, at: 1)
            #expect(bench.feed.condition.lacksWeight == row.lacksWeight, "\(row)")
            #expect(bench.feed.condition.lacksVenues == row.lacksVenues, "\(row)")
            #expect(bench.feed.isPriced == (!row.lacksWeight && !row.lacksVenues))
            // Without the defence one source is enough for anything.
            var open = FeedBench(
                rules, weights: [1, 1, 1, 1], venues: row.venues, off: [.quorum])
            open.round(row.said, at: 1)
            #expect(open.feed.isPriced == row.said.contains { $0 != nil })
        }
    }

    /// Three publishers at one venue outnumber two at venues of their own.
    @Test func `a venue with most of the publishers does not make the index`() {
        let rules = AggregationParameters.only {
            $0.minimumVenues = 3
            $0.venueCap = Ratio(basisPoints: 4_000)
        }
        for (off, index) in [([], 1_000_000), ([Defence.venueCap], 2_000_000)]
            as [([Defence], Int64)]
        {
            var bench = FeedBench(
                rules, weights: [1, 1, 1, 1, 1], venues: [0, 0, 0, 1, 2],
                quorum: Ratio(basisPoints: 6_600), off: off)
            bench.round([2_000_000, 2_000_000, 2_000_000, 1_000_000, 1_000_000], at: 1)
            #expect(bench.index == index)
        }
    }

    @Test func `weights are capped again after the cuts`() {
        var rules = Self.cut
        rules.minimumVenues = 2
        rules.venueCap = Ratio(basisPoints: 5_000)
        // The venue of three loses its outlier and the single one is as heavy as the rest.
        var bench = FeedBench(
            rules, weights: [1, 1, 1, 3], venues: [0, 0, 1, 1],
            quorum: Ratio(basisPoints: 5_100))
        bench.round([1_000_000, 1_000_000, 5_000_000, 1_002_000], at: 1)
        // Two and three weigh two each: half way between.
        #expect(bench.feed.faults == [nil, nil, .outlier, nil])
        #expect(bench.index == 1_001_000)
    }

    /// Sources in dollars and in a dollar that has lost its peg form two clusters; when one more of
    /// the second speaks, the median jumps from the one to the other.
    @Test func `clusters of two currencies do not flip the median where they are converted`() {
        for (off, indices) in [
            ([], [1_000_000, 1_000_000]),
            ([Defence.conversion], [1_000_000, 1_100_000]),
        ] as [([Defence], [Int64])] {
            var bench = FeedBench(
                .plain, weights: [1, 1, 1, 1, 1], quote: UnderlyingIdentifier(9),
                quorum: Ratio(basisPoints: 6_000), off: off)
            bench.setRate(909_091, of: 9, at: 1)
            for place in 0..<3 { bench.say(place, 1_000_000, at: 1, source: place) }
            bench.make(at: 1)
            var found = [bench.index]
            bench.setRate(909_091, of: 9, at: 62)
            // One of the first falls silent; three of the second speak.
            for place in 2..<5 { bench.say(place, 1_100_000, at: 62, source: 4) }
            bench.say(0, 1_000_000, at: 62)
            bench.make(at: 62)
            found.append(bench.index)
            #expect(found == indices, "\(off)")
        }
    }

    // MARK: The clamp

    private static let clamped = AggregationParameters.only {
        $0.secondMove = Ratio(basisPoints: 50)
        $0.minuteMove = Ratio(basisPoints: 1_500)
    }

    @Test func `an index goes to its sources at the clamp's pace, and says so`() {
        for off in [[], [Defence.indexClamp]] {
            var bench = FeedBench(Self.clamped, weights: [1, 1, 1], off: off)
            bench.round([1_000_000, 1_000_000, 1_000_000], at: 10)
            #expect(!bench.feed.condition.isClamped)
            bench.round([2_000_000, 2_000_000, 2_000_000], at: 12)
            #expect(bench.index == (off.isEmpty ? 1_010_000 : 2_000_000))
            #expect(bench.feed.condition.isClamped == off.isEmpty)
            #expect(bench.room.isConditionNew == off.isEmpty)
            bench.round([1_010_500, 1_010_500, 1_010_500], at: 13)
            #expect(bench.index == 1_010_500)
            #expect(!bench.feed.condition.isClamped)
        }
    }

    // MARK: Confidence

    @Test func `the confidence is the wider of what sources say and how far they lie apart`() {
        var bench = FeedBench(.plain, weights: [1, 1, 1])
        bench.say(0, 1_000, at: 1, confidence: 7)
        bench.say(1, 1_010, at: 1, confidence: 3)
        bench.say(2, 1_100, at: 1, confidence: 900)
        bench.make(at: 1)
        #expect(bench.feed.confidence.units == 10)
        bench.say(0, 1_005, at: 2, confidence: 12)
        bench.say(1, 1_010, at: 2, confidence: 13)
        bench.make(at: 2)
        #expect(bench.feed.confidence.units == 13)
    }

    @Test func `an index that is too unsure is called so`() {
        let rules = AggregationParameters.only { $0.widestConfidence = Ratio(basisPoints: 200) }
        for (confidence, isWide) in [(Int64(20_000), false), (20_001, true)] {
            var bench = FeedBench(rules, weights: [1])
            bench.say(0, 1_000_000, at: 1, confidence: confidence)
            bench.make(at: 1)
            #expect(bench.feed.condition.isWide == isWide)
            #expect(bench.feed.isValid(for: .withdraw, at: OracleFixture.second(1)) == !isWide)
        }
    }

    @Test func `aggregation keeps its room from block to block`() {
        var bench = FeedBench(.longTail, weights: [UInt32](repeating: 1, count: 50))
        bench.round((0..<50).map { 1_000_000 + $0 }, at: 1)
        #expect(bench.room.votes.count == 50)
        #expect(bench.index == 1_000_024)
        bench.make(at: 500)
        #expect(bench.room.votes.isEmpty)
        #expect(bench.index == 1_000_024)
        #expect(bench.feed.condition.lacksWeight && bench.feed.condition.lacksVenues)
    }
}
