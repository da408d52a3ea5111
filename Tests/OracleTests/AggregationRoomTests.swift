/// The cap of a venue's weight against its definition, and the medians of a few values against a
/// list with every weight written out.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Oracle

struct AggregationRoomTests {
    private func room(_ entries: [(venue: Int, weight: UInt64)]) -> AggregationRoom {
        var room = AggregationRoom()
        for (place, entry) in entries.enumerated() {
            room.insert(
                Vote(
                    publisher: place, source: place, venue: entry.venue, weight: entry.weight,
                    price: Int64(place) + 1, time: .epoch, confidence: 0))
        }
        return room
    }

    private static let unit = UInt64(1) << AggregationRoom.weightShift

    @Test func `no venue weighs more than its cap of all, and no more is taken than that asks`() {
        let seed: UInt64 = 71
        var random = SeededGenerator(seed: seed)
        for round in 0..<3_000 {
            let venues = Int.random(in: 1...8, using: &random)
            let entries = (0..<Int.random(in: 1...20, using: &random)).map { _ in
                (
                    venue: Int.random(in: 0..<venues, using: &random),
                    weight: UInt64.random(in: 1...1_000_000, using: &random)
                )
            }
            let cap = Ratio(basisPoints: .random(in: 1_000...10_000, using: &random))
            var room = room(entries)
            let (total, count) = room.weigh(cap: cap, venueCount: venues)
            var effective = [UInt64](repeating: 0, count: venues)
            var stated = [UInt64](repeating: 0, count: venues)
            for vote in room.votes {
                #expect(vote.effective <= vote.weight * Self.unit)
                effective[vote.venue] += vote.effective
                stated[vote.venue] += vote.weight * Self.unit
            }
            #expect(total == effective.reduce(0, +))
            #expect(count == stated.count { $0 > 0 })
            let message: Comment = "seed \(seed), round \(round)"
            let isPossible = count * Int(cap.units) >= 1_000_000_000
            #expect((total > 0) == isPossible, message)
            // A unit of rounding a vote.
            let slack = UInt64(entries.count) + 1
            let limit = UInt64(Double(total) * Double(cap.units) / 1e9)
            for venue in 0..<venues {
                #expect(effective[venue] <= limit + slack, message)
                // What is cut stands at the cap.
                if isPossible, effective[venue] + slack < stated[venue] {
                    #expect(effective[venue] + 2 * slack >= limit, message)
                }
            }
        }
    }

    @Test func `publishers of one venue share its cap by their weights`() {
        var room = room([(0, 300), (0, 100), (1, 100), (2, 100)])
        // c = 0.4 × (c + 200), so c = 133⅓.
        let result = room.weigh(cap: Ratio(basisPoints: 4_000), venueCount: 3)
        #expect(room.votes.map { $0.effective / Self.unit } == [99, 33, 100, 100])
        #expect(result.venues == 3)
    }

    @Test func `too few venues for the cap weigh nothing`() {
        for (venues, cap, isPossible) in [
            (2, 4_999, false), (2, 5_000, true), (3, 4_000, true), (1, 9_999, false),
            (1, 10_000, true), (4, 2_500, true), (3, 2_500, false),
        ] as [(Int, Int64, Bool)] {
            var room = room((0..<venues).map { ($0, UInt64($0) + 1) })
            let total = room.weigh(cap: Ratio(basisPoints: cap), venueCount: venues).weight
            #expect((total > 0) == isPossible, "\(venues) venues of \(cap)")
        }
    }

    @Test func `a rate is kept by its underlying while it may be traded on`() {
        var bench = FeedBench(.plain, weights: [1])
        bench.setRate(998_000, of: 3, at: 1)
        #expect(bench.room.rate(of: UnderlyingIdentifier(3))?.index.units == 998_000)
        #expect(bench.room.rate(of: UnderlyingIdentifier(2)) == nil)
        #expect(bench.room.rate(of: UnderlyingIdentifier(9)) == nil)
    }
}
