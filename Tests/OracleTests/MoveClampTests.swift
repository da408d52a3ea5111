/// How far an index moves in a second and in a minute, on both sides of each bound.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Oracle

struct MoveClampTests {
    private static let both = AggregationParameters.only {
        $0.secondMove = Ratio(basisPoints: 50)
        $0.minuteMove = Ratio(basisPoints: 1_500)
    }

    private func milliseconds(_ count: UInt64) -> Timestamp {
        Timestamp(nanoseconds: count * 1_000_000)
    }

    private func clamp(_ index: Int64, at time: Timestamp) -> MoveClamp {
        var clamp = MoveClamp()
        clamp.note(IndexPrice(units: index), now: time)
        return clamp
    }

    @Test(
        arguments: [
            (1_000, 1_005_000, 1_005_000), (1_000, 1_005_001, 1_005_000), (1_000, 995_000, 995_000),
            (1_000, 994_999, 995_000), (100, 1_000_501, 1_000_500), (100, 1, 999_500),
            (0, 2_000_000, 1_000_000), (2_000, 2_000_000, 1_010_000),
            // 40 s would allow 20 %: the minute stops at 15 %.
            (40_000, 1_150_000, 1_150_000), (40_000, 1_150_001, 1_150_000), (40_000, 1, 850_000),
            // Two minutes allow twice that.
            (120_000, .max, 1_300_000), (120_000, 1, 700_000),
            // More than an hour counts as an hour; down the index stays positive.
            (7_200_000, .max, 10_000_000), (7_200_000, 1, 1),
        ] as [(UInt64, Int64, Int64)])
    func `the move grows with time`(elapsed: UInt64, target: Int64, index: Int64) {
        var clamp = clamp(1_000_000, at: milliseconds(10_000))
        let now = milliseconds(10_000 + elapsed)
        let bounded = clamp.move(
            IndexPrice(units: 1_000_000), to: IndexPrice(units: target), Self.both, now: now)
        #expect(bounded.units == index)
    }

    @Test func `a rule that is zero does not bound`() {
        let start = clamp(1_000_000, at: milliseconds(1))
        let target = IndexPrice(units: 77)
        let from = IndexPrice(units: 1_000_000)
        var free = start
        let moved = free.move(from, to: target, .plain, now: milliseconds(1))
        #expect(moved == target)
        var held = start
        let minute = AggregationParameters.only { $0.minuteMove = Ratio(basisPoints: 1_500) }
        let bounded = held.move(from, to: target, minute, now: milliseconds(1))
        #expect(bounded.units == 850_000)
    }

    /// However blocks fall, no value of the last minute is left by more than 15 %, and no second
    /// passes more than it may but for a unit a block.
    @Test func `an index that is pulled keeps to both bounds at any pace of blocks`() {
        let seed: UInt64 = 73
        var random = SeededGenerator(seed: seed)
        for round in 0..<60 {
            var clamp = MoveClamp()
            var index = IndexPrice(units: 10_000_000_000)
            var time: UInt64 = 5_000
            clamp.note(index, now: milliseconds(time))
            var past: [(time: UInt64, index: Int64)] = [(time, index.units)]
            var target: Int64 = 1 << 60
            for _ in 0..<800 {
                time += .random(in: 1...1_500, using: &random)
                if Int.random(in: 0..<50, using: &random) == 0 {
                    target = target == 1 ? 1 << 60 : 1
                }
                let next = clamp.move(
                    index, to: IndexPrice(units: target), Self.both, now: milliseconds(time))
                let last = past[past.count - 1]
                let step = abs(Double(next.units) / Double(last.index) - 1)
                let message: Comment = "seed \(seed), round \(round)"
                #expect(step <= 0.005 * Double(time - last.time) / 1_000 + 1e-9, message)
                for entry in past.reversed() {
                    guard time - entry.time <= 60_000 else { break }
                    let move = abs(Double(next.units) / Double(entry.index) - 1)
                    #expect(move <= 0.15 + 1e-8, message)
                }
                index = next
                past.append((time, index.units))
            }
        }
    }

    @Test func `time that was too short to move a unit is not lost`() {
        var clamp = clamp(1_000, at: milliseconds(0))
        var index = IndexPrice(units: 1_000)
        // 0.05 % of a thousand is half a unit: two blocks of 100 ms make one.
        for block in UInt64(1)...20 {
            let now = milliseconds(block * 100)
            let next = clamp.move(index, to: IndexPrice(units: 5_000), Self.both, now: now)
            index = next
        }
        #expect(index.units == 1_010)
    }

    @Test func `the memory survives its leaf, and nonsense is refused`() throws {
        var clamp = clamp(1_000, at: milliseconds(123_456))
        clamp.note(IndexPrice(units: 900), now: milliseconds(150_000))
        var encoder = CanonicalEncoder()
        clamp.encodeState(into: &encoder)
        var decoder = CanonicalDecoder(encoder.bytes)
        var copy = MoveClamp()
        try copy.decodeState(from: &decoder)
        try decoder.finish()
        #expect(copy == clamp)
        for place in 2..<16 {
            var bytes = encoder.bytes
            bytes[8 * place + 7] = 0x80
            var wrong = CanonicalDecoder(bytes)
            #expect(throws: DecodingFault(.outOfRange, at: 0)) {
                try copy.decodeState(from: &wrong)
            }
        }
    }
}
