/// The depth of the cheapest majority of sources: by hand, and against all sets of sources.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Oracle

struct DepthTests {
    private func depth(_ bench: inout FeedBench, at second: UInt64 = 1) -> (Int64, Int64) {
        let found = bench.feed.cheapestMajorityDepth(
            publishers: bench.publishers, now: OracleFixture.second(second), &bench.room)
        return (found.below.units, found.above.units)
    }

    @Test func `the cheapest sources with more than half of the weight are taken`() {
        var bench = FeedBench(.plain, weights: [1, 1, 1, 1, 1])
        for (place, depth) in [(900, 10), (50, 400), (70, 20), (60, 300), (800, 30)].enumerated() {
            bench.say(place, 1_000, at: 1, depth: (Int64(depth.0), Int64(depth.1)))
        }
        bench.make(at: 1)
        // Two whole sources, and of the third a half and the least that is more.
        let found = depth(&bench)
        #expect(found.0 == 145 && found.1 == 45)
    }

    @Test func `what does not count costs nobody anything and gives nobody depth`() {
        var bench = FeedBench(.plain, weights: [1, 1, 1])
        #expect(depth(&bench) == (0, 0))
        for place in 0..<3 { bench.say(place, place == 0 ? 0 : 1_000, at: 1, depth: (10, 20)) }
        bench.make(at: 1)
        #expect(bench.feed.faults[0] == .zero)
        // Of two of weight one, one and the least that is more.
        #expect(depth(&bench) == (10, 20))
    }

    @Test func `a source costs once, as deep as the lowest of its publishers says`() {
        var bench = FeedBench(.plain, weights: [1, 1, 1], venues: [0, 0, 0])
        for place in 0..<3 {
            bench.say(place, 1_000, at: 1, source: 0, depth: (100 + Int64(place), 7))
        }
        bench.make(at: 1)
        let found = depth(&bench)
        #expect(found.0 == 50 && found.1 == 3)
    }

    @Test func `the depth of another currency is converted`() {
        var bench = FeedBench(.plain, weights: [1], quote: UnderlyingIdentifier(4))
        bench.setRate(500_000, of: 4, at: 1)
        bench.say(0, 1_000, at: 1, depth: (2_000_000, 4_000_000))
        bench.make(at: 1)
        let found = depth(&bench)
        #expect(found.0 / 100 == 5_000 && found.1 / 100 == 10_000)
    }

    @Test func `no set of sources with a majority is cheaper, and none much dearer`() {
        let seed: UInt64 = 77
        var random = SeededGenerator(seed: seed)
        for round in 0..<500 {
            let count = Int.random(in: 1...8, using: &random)
            let weights = (0..<count).map { _ in UInt32.random(in: 1...9, using: &random) }
            var bench = FeedBench(.plain, weights: weights)
            let depths = (0..<count).map { _ in Int64.random(in: 0...1_000, using: &random) }
            for place in 0..<count {
                bench.say(place, 1_000, at: 1, depth: (depths[place], 0))
            }
            bench.make(at: 1)
            let total = weights.reduce(0, +)
            var cheapest = Int64.max
            for set in 0..<(1 << count) {
                let members = (0..<count).filter { set >> $0 & 1 == 1 }
                guard members.reduce(0, { $0 + weights[$1] }) * 2 > total else { continue }
                cheapest = min(cheapest, members.reduce(0) { $0 + depths[$1] })
            }
            let found = depth(&bench).0
            #expect(found <= cheapest, "seed \(seed), round \(round)")
            #expect(found + 1_000 + Int64(count) >= cheapest, "seed \(seed), round \(round)")
        }
    }
}
