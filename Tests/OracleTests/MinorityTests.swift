/// What publishers can do who lie, collude, replay, equivocate, answer late, say absurd things or
/// stop: below half of the quorum's weight nothing; above it, what the clamp and the stable price
/// leave them, which the tests state.
import Canonical
import FixedPoint
import Foundation
import TestKit
import Testing

@testable import Oracle

struct MinorityTests {
    private static let million: Int64 = 1_000_000

    /// How a dishonest publisher behaves in one run.
    private enum Lie: CaseIterable {
        case low, high, absurd, nothing, copy, beside, late, wrongSource
    }

    private func rules(_ random: inout SeededGenerator) -> AggregationParameters {
        var rules = [AggregationParameters.plain, .major, .longTail].randomElement(using: &random)!
        // Whether the honest range is kept is asked of what the clamp moves toward.
        rules.secondMove = .zero
        rules.minuteMove = .zero
        return rules
    }

    private func say(
        _ lie: Lie, _ publisher: Int, of sources: Int, honest: ClosedRange<Int64>,
        at second: UInt64, _ bench: inout FeedBench, _ random: inout SeededGenerator
    ) {
        let last = bench.feed.words[publisher]
        switch lie {
        case .low:
            bench.say(publisher, .random(in: 1...honest.lowerBound, using: &random), at: second)
        case .high:
            bench.say(
                publisher, .random(in: honest.upperBound...(1 << 60), using: &random), at: second)
        case .absurd:
            bench.say(
                publisher, [0, -1, .min, .max, 1, 1 << 62].randomElement(using: &random)!,
                at: second, confidence: .max, depth: (.max, .min))
        case .nothing: break
        // What one of the others said before.
        case .copy:
            let other = bench.feed.words.compactMap { $0 }.randomElement(using: &random)
            bench.say(publisher, other?.price.units ?? 1, at: second)
        case .beside:
            let edge = Bool.random(using: &random) ? honest.lowerBound - 1 : honest.upperBound + 1
            bench.say(publisher, edge, at: second)
        case .late:
            let time = max(last?.time.nanoseconds ?? 0, (second - 50) * 1_000_000_000)
            bench.say(publisher, 1, at: time / 1_000_000_000)
        case .wrongSource:
            bench.say(
                publisher, honest.upperBound * 3, at: second,
                source: .random(in: 0...sources, using: &random))
        }
    }

    @Test func `any minority below half of the quorum leaves the index in the honest range`() {
        let seed: UInt64 = 75
        var random = SeededGenerator(seed: seed)
        var priced = 0
        var cut = 0
        for round in 0..<6_000 {
            let count = Int.random(in: 3...12, using: &random)
            let weights = (0..<count).map { _ in UInt32.random(in: 1...100, using: &random) }
            let venues = (0..<count).map { _ in UInt16.random(in: 0..<8, using: &random) }
            let quorum = Ratio(basisPoints: .random(in: 5_001...10_000, using: &random))
            var bench = FeedBench(
                rules(&random), weights: weights, venues: venues, highest: 1 << 61,
                quorum: quorum)
            let total = weights.reduce(UInt64(0)) { $0 + UInt64($1) }
            let needed = IndexFeed.share(quorum, of: total)
            var bad: UInt64 = 0
            let isBad = weights.map { weight in
                guard (bad + UInt64(weight)) * 2 < needed, Bool.random(using: &random) else {
                    return false
                }
                bad += UInt64(weight)
                return true
            }
            var centre = 60_000 * Self.million
            let collusion =
                Bool.random(using: &random) ? Lie.allCases.randomElement(using: &random) : nil
            for step in UInt64(0)..<4 {
                let second = 1_000 + step * 3
                centre += .random(in: -(centre / 200)...(centre / 200), using: &random)
                let width = centre / [1, 20, 2_000].randomElement(using: &random)! / 2
                var said: [Int64] = []
                for place in 0..<count where !isBad[place] {
                    // An honest publisher may be silent too.
                    guard Int.random(in: 0..<12, using: &random) > 0 else { continue }
                    let price = Int64.random(
                        in: (centre - width)...(centre + width), using: &random)
                    bench.say(place, price, at: second)
                }
                for place in 0..<count where !isBad[place] {
                    if let word = bench.feed.words[place] { said.append(word.price.units) }
                }
                guard let low = said.min(), let high = said.max() else { continue }
                for place in 0..<count where isBad[place] {
                    say(
                        collusion ?? Lie.allCases.randomElement(using: &random)!, place, of: count,
                        honest: low...high, at: second, &bench, &random)
                }
                bench.make(at: second)
                guard bench.feed.condition.hasQuorum else { continue }
                priced += 1
                cut += bench.feed.faults.count { $0 == .outlier }
                #expect((low...high).contains(bench.index), "seed \(seed), round \(round)")
            }
        }
        #expect(priced > 3_000 && cut > 500, "seed \(seed): \(priced), \(cut)")
    }

    /// The rule that this proof needs: were a quorum asked for before the cuts only, two of five
    /// beside one honest publisher could cut the other two and be the majority of the rest.
    @Test func `a quorum before the cuts would let a minority make the index`() {
        var rules = AggregationParameters.plain
        rules.outlierFactor = .one
        rules.outlierFloor = Ratio(basisPoints: 1)
        for off in [[], [Defence.quorum]] {
            var bench = FeedBench(rules, weights: [1, 1, 1, 1, 1], off: off)
            bench.round([1_000_000, 1_100_000, 1_100_100, 1_100_100, 1_200_000], at: 1)
            #expect(bench.feed.faults.count { $0 == .outlier } == 2)
            #expect(bench.index == (off.isEmpty ? 0 : 1_100_100))
        }
    }

    @Test func `one venue never leaves the range of the others, whatever its publishers weigh`() {
        let seed: UInt64 = 76
        var random = SeededGenerator(seed: seed)
        var priced = 0
        for round in 0..<2_000 {
            let count = Int.random(in: 4...12, using: &random)
            let venues = (0..<count).map { _ in UInt16.random(in: 0..<5, using: &random) }
            let weights = (0..<count).map { _ in UInt32.random(in: 1...50, using: &random) }
            let rules = AggregationParameters.only {
                $0.minimumVenues = 3
                $0.venueCap = Ratio(basisPoints: 4_000)
            }
            var bench = FeedBench(
                rules, weights: weights, venues: venues, quorum: Ratio(basisPoints: 5_001))
            var honest: [Int64] = []
            for place in 0..<count {
                let price =
                    venues[place] == 0
                    ? Int64.random(in: 1...(1 << 50), using: &random)
                    : .random(in: 59_000...61_000, using: &random) * Self.million
                if venues[place] != 0 { honest.append(price) }
                bench.say(place, price, at: 1)
            }
            bench.make(at: 1)
            guard bench.feed.isPriced else { continue }
            priced += 1
            #expect(
                (honest.min()!...honest.max()!).contains(bench.index),
                "seed \(seed), round \(round)")
        }
        #expect(priced > 200, "\(priced)")
    }

    /// All publishers collude. In an hour the index can be 30 % a minute away; what collateral and
    /// new risk are valued at follows by a fifth of itself: e^0.2 − 1 = 22.1 % at most.
    @Test func `above half the damage is bounded by the clamp and by the stable price`() {
        for target in [Int64(1) << 60, 1_000] {
            var bench = FeedBench(.longTail, weights: [1, 1, 1])
            let honest: Int64 = 1_000 * Self.million
            bench.round([honest, honest, honest], at: 3_600)
            var bound = 1.0
            for second in UInt64(3_601)...7_200 {
                // So near that no unit is shifted.
                let said =
                    target > honest ? min(target, bench.index * 2) : max(target, bench.index / 2)
                bench.round([said, said, said], at: second)
                _ = bench.feed.followIndex(elapsed: .seconds(1))
                let move = Double(bench.index) / Double(honest)
                let minutes = Double(second - 3_600) / 60
                if target > honest {
                    bound = Double(minutes.rounded(.up)) + 1
                    #expect(log(move) <= bound * log(1.3) + 1e-6)
                } else {
                    bound = Double(minutes.rounded(.up)) + 1
                    #expect(log(move) >= bound * log(0.7) - 1e-6)
                }
                let mayLeave = bench.feed.isValid(
                    for: .withdraw, at: OracleFixture.second(second))
                #expect(mayLeave == (bench.index == said))
            }
            let stable = Double(bench.feed.stable.units) / Double(honest)
            #expect(stable < 1.221_41 && stable > 0.818)
        }
    }

    @Test func `a word replayed at its own time or from before changes nothing`() {
        var bench = FeedBench(.plain, weights: [1, 1, 1])
        bench.round([100, 101, 102], at: 10)
        // The ledger refuses what is not newer by this time.
        #expect(bench.feed.lastTime(of: PublisherIdentifier(0)) == OracleFixture.second(10))
        bench.make(at: 11)
        #expect(bench.index == 101)
    }
}
