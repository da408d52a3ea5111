/// The averages of an index against the index written out second by second.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Oracle

struct PriceAveragesTests {
    private func second(_ count: UInt64) -> Timestamp { OracleFixture.second(count) }

    @Test func `two sums and the time between them give the average between two headers`() {
        var averages = PriceAverages()
        averages.advance(to: second(10), price: .zero)
        #expect(averages.through == .epoch)
        averages.advance(to: second(20), price: IndexPrice(units: 7))
        #expect(averages.cumulative == 0)
        averages.advance(to: second(30), price: IndexPrice(units: 100))
        let first = averages
        averages.advance(to: second(31), price: IndexPrice(units: 50))
        averages.advance(to: second(34), price: IndexPrice(units: 10))
        let nanoseconds: Int128 = 4_000_000_000
        #expect((averages.cumulative - first.cumulative) / nanoseconds == (50 + 30) / 4)
    }

    @Test func `before any time has passed there is no average`() {
        var averages = PriceAverages()
        #expect(averages.lastHour == nil && averages.lastDay == nil)
        averages.advance(to: second(7), price: IndexPrice(units: 5))
        #expect(averages.lastHour == nil && averages.lastDay == nil)
        averages.advance(to: second(8), price: IndexPrice(units: 5))
        #expect(averages.lastHour?.units == 5)
        #expect(averages.lastDay?.units == 5)
    }

    @Test func `the averages are those of the seconds since their boundary`() {
        let seed: UInt64 = 74
        var random = SeededGenerator(seed: seed)
        for longest in [UInt64(90), 1_000, 20_000] {
            var averages = PriceAverages()
            let start: UInt64 = 1_000_003
            averages.advance(to: second(start), price: IndexPrice(units: 1))
            var seconds: [Int64] = []
            while seconds.count < 200_000 {
                let step = UInt64.random(in: 1...longest, using: &random)
                let price = Int64.random(in: 1...1_000_000, using: &random)
                seconds += [Int64](repeating: price, count: Int(step))
                let now = start + UInt64(seconds.count)
                averages.advance(to: second(now), price: IndexPrice(units: price))
                guard Int.random(in: 0..<20, using: &random) == 0 else { continue }
                for (length, found) in [
                    (UInt64(300), averages.lastHour), (7_200, averages.lastDay),
                ] {
                    let boundary = max(start, (now / length - 11) * length)
                    let tail = seconds.suffix(Int(now - boundary))
                    let mean = tail.reduce(Int128(0)) { $0 + Int128($1) } / Int128(tail.count)
                    #expect(found?.units == Int64(mean), "seed \(seed), \(longest), \(now)")
                }
            }
        }
    }

    @Test func `the sums survive their leaf`() throws {
        var averages = PriceAverages()
        for step in UInt64(1)...5_000 {
            averages.advance(to: second(step * 61), price: IndexPrice(units: Int64(step)))
        }
        var encoder = CanonicalEncoder()
        averages.encodeState(into: &encoder)
        var decoder = CanonicalDecoder(encoder.bytes)
        var copy = PriceAverages()
        try copy.decodeState(from: &decoder)
        try decoder.finish()
        #expect(copy == averages)
        var bytes = encoder.bytes
        bytes.replaceSubrange(24..<32, with: [UInt8](repeating: 0xFF, count: 8))
        var wrong = CanonicalDecoder(bytes)
        #expect(throws: DecodingFault(.outOfRange, at: 0)) { try copy.decodeState(from: &wrong) }
    }
}
