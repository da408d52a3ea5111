/// Depth counts when it has stood, and goes at once.

import Canonical
import Economics
import FixedPoint
import TestKit
import Testing

private let start = Timestamp(nanoseconds: 1_750_000_020 * 1_000_000_000)

private func sample(_ bid: Int64, _ ask: Int64, _ bidPoints: Int64 = -1, _ askPoints: Int64 = 1)
    -> BookSample
{
    BookSample(
        bidDepth: .dollars(bid), askDepth: .dollars(ask),
        bidPremium: Ratio(basisPoints: bidPoints), askPremium: Ratio(basisPoints: askPoints))
}

struct StandingDepthTests {
    /// A book that shows `usual` for a minute and `then` for so many seconds.
    private func standing(_ usual: BookSample, then: BookSample, seconds: UInt64) -> BookSample {
        var depth = StandingDepth(instrument: InstrumentIdentifier(0))
        for second in 0..<60 as Range<UInt64> {
            depth.add(usual, now: start.advanced(by: .seconds(second)))
        }
        for second in 0..<seconds {
            depth.add(then, now: start.advanced(by: .seconds(60 + second)))
        }
        return depth.standing
    }

    @Test func `nothing counts before it has stood for a period`() {
        var depth = StandingDepth(instrument: InstrumentIdentifier(0))
        for second in 0..<30 as Range<UInt64> {
            depth.add(sample(100, 100), now: start.advanced(by: .seconds(second)))
            #expect(depth.standing.bidDepth == .zero)
            #expect(depth.standing.midPremium == nil)
        }
        depth.add(sample(100, 100), now: start.advanced(by: .seconds(30)))
        #expect(depth.standing.bidDepth == .dollars(100))
    }

    @Test func `fresh depth counts after thirty seconds and not before`() {
        for seconds in [1, 29, 30] as [UInt64] {
            let seen = standing(sample(100, 100), then: sample(900, 900), seconds: seconds)
            #expect(seen.bidDepth == .dollars(100), "after \(seconds) s")
            #expect(seen.askDepth == .dollars(100))
        }
        let stood = standing(sample(100, 100), then: sample(900, 900), seconds: 31)
        #expect(stood.bidDepth == .dollars(900))
    }

    @Test func `depth that leaves is gone at once, on its own side`() {
        let seen = standing(sample(100, 100), then: sample(7, 100), seconds: 1)
        #expect(seen.bidDepth == .dollars(7))
        #expect(seen.askDepth == .dollars(100))
    }

    @Test func `a fresh bid does not raise the premium, and a book that is lifted does`() {
        let usual = sample(100, 100, -10, 10)
        // Mid zero; a bid at the ask would make it 10.
        let bid = standing(usual, then: sample(900, 100, 10, 10), seconds: 29)
        #expect(bid.midPremium == .zero)
        let ask = standing(usual, then: sample(100, 900, -10, -10), seconds: 29)
        #expect(ask.midPremium == .zero)
        // The asks are taken: that is paid for, and counts at once.
        let lifted = standing(usual, then: sample(100, 100, -10, 30), seconds: 1)
        #expect(lifted.midPremium == Ratio(basisPoints: 10))
    }

    @Test func `a side that was too thin once has no premium`() {
        var thin = sample(100, 100)
        thin.askPremium = nil
        #expect(standing(sample(100, 100), then: thin, seconds: 1).midPremium == nil)
    }

    @Test func `after a gap nothing has stood`() {
        var depth = StandingDepth(instrument: InstrumentIdentifier(0))
        depth.add(sample(100, 100), now: start)
        depth.add(sample(100, 100), now: start.advanced(by: .seconds(30)))
        #expect(depth.standing.bidDepth == .dollars(100))
        depth.add(sample(100, 100), now: start.advanced(by: .seconds(90)))
        #expect(depth.standing.bidDepth == .zero)
    }

    /// Against all samples of the last 30 to 60 seconds, kept.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `what stands is the least of all samples since the last period began`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var depth = StandingDepth(instrument: InstrumentIdentifier(0))
        var kept: [(period: UInt64, sample: BookSample)] = []
        var now = start
        for _ in 0..<300 {
            now = now.advanced(by: .seconds(.random(in: 1...9, using: &random)))
            let seen = sample(
                .random(in: 1...1_000, using: &random), .random(in: 1...1_000, using: &random),
                .random(in: -100...0, using: &random), .random(in: 0...100, using: &random))
            depth.add(seen, now: now)
            let period = now.count(of: StandingDepth.period)
            kept.append((period, seen))
            kept.removeAll { $0.period + 1 < period }
            guard kept.contains(where: { $0.period < period }) else { continue }
            let standing = depth.standing
            #expect(standing.bidDepth == kept.map { $0.sample.bidDepth }.min())
            #expect(standing.askDepth == kept.map { $0.sample.askDepth }.min())
            #expect(standing.bidPremium == kept.compactMap { $0.sample.bidPremium }.min())
            #expect(standing.askPremium == kept.compactMap { $0.sample.askPremium }.max())
        }
    }

    @Test func `a book reads as it was written, and no premium beyond one`() throws {
        var depth = StandingDepth(instrument: InstrumentIdentifier(3))
        #expect(try StandingDepth(canonicalBytes: depth.canonicalBytes) == depth)
        depth.add(sample(1, 2), now: start)
        depth.add(sample(3, 4, 10_000, -10_000), now: start.advanced(by: .seconds(30)))
        #expect(try StandingDepth(canonicalBytes: depth.canonicalBytes) == depth)
        let beyond = sample(1, 2, 10_001, 0)
        #expect(throws: DecodingFault.self) {
            try BookSample(canonicalBytes: beyond.canonicalBytes)
        }
    }
}
