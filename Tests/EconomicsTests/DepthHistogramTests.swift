/// The percentile of depth against a plain sorted list of samples, and against liars.

import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Economics

private let start = Timestamp(nanoseconds: 1_750_000_000 * 1_000_000_000)

/// The obvious percentile: every sample kept with its weight, sorted when asked.
private struct NaiveDepth {
    var samples: [(depth: Int64, weight: Double)]
    var day: UInt64

    mutating func add(_ depth: Int64, seconds: Double, now: Timestamp) {
        while day < now.count(of: .day) {
            day += 1
            for place in samples.indices { samples[place].weight *= 29.0 / 30.0 }
        }
        samples.append((depth, seconds))
    }

    /// The depths at the fourth and at the sixth percentile: what rounding may choose between.
    var range: ClosedRange<Int64> {
        let sorted = samples.sorted { $0.depth < $1.depth }
        let total = sorted.reduce(0) { $0 + $1.weight }
        func depth(at share: Double) -> Int64 {
            var below = 0.0
            for sample in sorted {
                below += sample.weight
                if below > total * share { return sample.depth }
            }
            return sorted.last?.depth ?? 0
        }
        return depth(at: 0.045)...depth(at: 0.055)
    }
}

struct DepthHistogramTests {
    @Test func `a class holds what lies between its end and the next`() {
        for place in 4..<251 {
            let end = DepthHistogram.lowerEnd(of: place)
            let next = DepthHistogram.lowerEnd(of: place + 1)
            guard end < next else { continue }
            #expect(DepthHistogram.place(of: next - Amount(units: 1)) <= place)
            #expect(DepthHistogram.place(of: next) > place)
        }
        #expect(DepthHistogram.place(of: .max) == 251)
        #expect(DepthHistogram.place(of: .zero) == 0)
        #expect(DepthHistogram.place(of: Amount(units: -5)) == 0)
    }

    @Test(arguments: [1, 7, 8, 9, 1_000, 999_999_999, 50_000_000_000_000, .max] as [Int64])
    func `what is read is at most the depth and more than four fifths of it`(depth: Int64) {
        let histogram = DepthHistogram(opening: Amount(units: depth), at: start)
        let read = histogram.percentile.units
        #expect(read <= depth)
        #expect(Double(read) > 0.799 * Double(depth))
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `the percentile is that of a sorted list, to within its class`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var histogram = DepthHistogram(opening: .dollars(1_000_000), at: start)
        var naive = NaiveDepth(
            samples: [(Amount.dollars(1_000_000).units, 86_400)], day: start.count(of: .day))
        var now = start
        let length = Int.random(in: 200...3_000, using: &random)
        for _ in 0..<length {
            now = now.advanced(by: .minute)
            // An hour between, now and then: it counts as a minute.
            if Int.random(in: 0..<20, using: &random) == 0 { now = now.advanced(by: .hour) }
            let depth = Int64.random(in: 100_000...10_000_000, using: &random) * 1_000_000
            histogram.add(Amount(units: depth), elapsed: .hour, now: now)
            naive.add(depth, seconds: 60, now: now)
        }
        let range = naive.range
        let read = histogram.percentile.units
        #expect(read <= range.upperBound)
        #expect(Double(read) > 0.799 * Double(range.lowerBound))
    }

    /// After a month of honest depth: lies for so many hours of 72.
    private func percentile(lying hours: Int, at lie: Amount) -> Amount {
        var histogram = DepthHistogram(opening: .dollars(64_000_000), at: start)
        var now = start
        for minute in 0..<(30 * 24 * 60) {
            now = now.advanced(by: .minute)
            let isLying = minute >= 30 * 24 * 60 - hours * 60
            histogram.add(isLying ? lie : .dollars(64_000_000), elapsed: .minute, now: now)
        }
        return histogram.percentile
    }

    @Test func `a day of lying depth does not shrink what a month has shown, two days do`() {
        let honest = percentile(lying: 0, at: .zero)
        #expect(percentile(lying: 20, at: .dollars(1)) == honest)
        #expect(percentile(lying: 48, at: .dollars(1)) < .dollars(2))
    }

    @Test func `depth that is puffed up for a week does not count`() {
        let honest = percentile(lying: 0, at: .zero)
        #expect(percentile(lying: 7 * 24, at: .dollars(64_000_000_000)) == honest)
    }

    @Test func `the opening depth fades within twenty days`() {
        var histogram = DepthHistogram(opening: .dollars(1_000), at: start)
        var now = start
        for _ in 0..<(10 * 24 * 60) {
            now = now.advanced(by: .minute)
            histogram.add(.dollars(64_000_000), elapsed: .minute, now: now)
        }
        #expect(histogram.percentile <= .dollars(1_000))
        for _ in 0..<(10 * 24 * 60) {
            now = now.advanced(by: .minute)
            histogram.add(.dollars(64_000_000), elapsed: .minute, now: now)
        }
        #expect(histogram.percentile > .dollars(50_000_000))
    }

    @Test func `a sample after an outage stands for a minute`() {
        var histogram = DepthHistogram(opening: .dollars(64_000_000), at: start)
        // 72 minutes are the twentieth part of a day, and a minute more tips it.
        for hour in 1...75 {
            let now = Timestamp(nanoseconds: start.nanoseconds + UInt64(hour))
            histogram.add(.dollars(1), elapsed: .hour, now: now)
        }
        #expect(histogram.percentile > .dollars(50_000_000))
        histogram.add(.dollars(1), elapsed: .hour, now: start)
        #expect(histogram.percentile < .dollars(2))
    }

    @Test func `a histogram reads as it was written`() throws {
        var random = SeededGenerator(seed: 1)
        var histogram = DepthHistogram(opening: .dollars(1_000), at: start)
        for second in 0..<100 as Range<UInt64> {
            histogram.add(
                Amount(units: .random(in: 0...Int64.max, using: &random)), elapsed: .seconds(1),
                now: start.advanced(by: .seconds(second * 10_000)))
        }
        var encoder = CanonicalEncoder()
        histogram.encodeState(into: &encoder)
        var read = DepthHistogram(opening: .dollars(1), at: .epoch)
        var decoder = CanonicalDecoder(encoder.bytes)
        try read.decodeState(from: &decoder)
        try decoder.finish()
        #expect(read == histogram)
    }

    @Test(arguments: [[0, 0], [5, 4], [252]] as [[UInt8]])
    func `classes that do not ascend or do not exist are refused`(places: [UInt8]) {
        var encoder = CanonicalEncoder()
        encoder.append(UInt64(0))
        encoder.append(UInt32(places.count))
        for place in places {
            encoder.append(place)
            encoder.append(UInt64(1))
        }
        var read = DepthHistogram(opening: .dollars(1), at: .epoch)
        var decoder = CanonicalDecoder(encoder.bytes)
        #expect(throws: DecodingFault.self) { try read.decodeState(from: &decoder) }
    }
}
