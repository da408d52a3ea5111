/// Sliding sums and moves against obvious twins that keep everything.

import Breakers
import Canonical
import FixedPoint
import TestKit
import Testing

struct WindowTests {
    @Test func `a sliding sum holds a window, and at most a bucket more`() throws {
        var random = SeededGenerator(seed: 6_002)
        var sum = SlidingSum(width: .seconds(30), buckets: 10)
        var all: [(time: Timestamp, amount: Int64)] = []
        var now = Timestamp(nanoseconds: 1_000_000_000_000)
        for _ in 0..<2_000 {
            now = now.advanced(by: .seconds(UInt64.random(in: 0...40, using: &random)))
            let amount = Int64.random(in: 0...1_000, using: &random)
            sum.add(amount, at: now)
            all.append((now, amount))
            func total(_ seconds: UInt64) -> Int64 {
                all.filter { now.elapsed(since: $0.time) < .seconds(seconds) }
                    .reduce(0) { $0 + $1.amount }
            }
            #expect(sum.total(at: now) >= total(300) && sum.total(at: now) <= total(331))
            var encoder = CanonicalEncoder()
            sum.encodeState(into: &encoder)
            var restored = SlidingSum(width: .seconds(30), buckets: 10)
            var decoder = CanonicalDecoder(encoder.bytes)
            try restored.decodeState(from: &decoder)
            #expect(restored.isEmpty ? sum.isEmpty : restored == sum)
        }
    }

    @Test func `what is taken back is the newest first, and no more than there is`() {
        var sum = SlidingSum(width: .seconds(10), buckets: 2)
        sum.add(5, at: Timestamp(nanoseconds: 0))
        sum.add(7, at: Timestamp(nanoseconds: 15_000_000_000))
        sum.takeBack(8, at: Timestamp(nanoseconds: 16_000_000_000))
        // What is left is of the first bucket, which goes at thirty seconds.
        let last = Timestamp(nanoseconds: 29_999_999_999)
        #expect(sum.total(at: last) == 4)
        #expect(sum.total(at: Timestamp(nanoseconds: 30_000_000_000)) == 0)
        sum.takeBack(100, at: last)
        #expect(sum.isEmpty)
        sum.add(.max, at: last)
        sum.add(.max, at: last)
        #expect(sum.total(at: last) == SlidingSum.largest)
    }

    @Test func `a move is seen against the extremes of its window`() throws {
        var random = SeededGenerator(seed: 6_003)
        var window = MoveWindow()
        var all: [(time: Timestamp, price: Int64)] = []
        var now = Timestamp(nanoseconds: 1_000_000_000_000)
        var price: Int64 = 50_000_000_000
        for _ in 0..<2_000 {
            now = now.advanced(by: .seconds(UInt64.random(in: 0...20, using: &random)))
            price += Int64.random(in: -500_000_000...500_000_000, using: &random)
            price = max(1_000_000_000, price)
            window.record(IndexPrice(micros: price), at: now)
            all.append((now, price))
            func move(_ seconds: UInt64) -> Int64 {
                let seen = all.filter { now.elapsed(since: $0.time) <= .seconds(seconds) }
                let low = seen.map(\.price).min() ?? price
                let high = seen.map(\.price).max() ?? price
                let up = Int128(price - low) * 1_000_000_000 / Int128(low)
                let down = Int128(high - price) * 1_000_000_000 / Int128(high)
                return Int64(max(up, down))
            }
            let moves = window.moves(of: IndexPrice(micros: price))
            #expect(moves.minute.units >= move(60) && moves.minute.units <= move(70))
            #expect(moves.fiveMinutes.units >= move(300) && moves.fiveMinutes.units <= move(310))
            #expect(try MoveWindow(canonicalBytes: window.canonicalBytes) == window)
        }
    }

    @Test func `after a silence nothing is left to move against`() {
        var window = MoveWindow()
        #expect(window.isEmpty && window.moves(of: IndexPrice(micros: 1)).minute == .zero)
        window.record(IndexPrice(micros: 100), at: Timestamp(nanoseconds: 1_000_000_000_000))
        window.record(IndexPrice(micros: 200), at: Timestamp(nanoseconds: 2_000_000_000_000))
        #expect(window.moves(of: IndexPrice(micros: 200)).fiveMinutes == .zero)
    }
}
