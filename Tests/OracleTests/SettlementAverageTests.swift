/// The average behind a settlement: its weights, what a halt or a late push can do to it, when it
/// is postponed, and that a second, naive average over all nanoseconds agrees.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Oracle

private let second: UInt64 = 1_000_000_000
private let expiry = Timestamp(nanoseconds: 1_750_060_800 * second)

/// So many seconds before the expiry; after it where negative.
private func time(before seconds: Int64) -> Timestamp {
    Timestamp(nanoseconds: UInt64(Int64(expiry.nanoseconds) - seconds * Int64(second)))
}

private func average(from seconds: Int64 = 2_000) -> SettlementAverage {
    SettlementAverage(parameters: .standard, expiry: expiry, from: time(before: seconds))
}

extension SettlementAverage.Outcome {
    fileprivate var isPostponed: Bool {
        if case .postponed = self { true } else { false }
    }
}

extension SettlementAverage {
    /// A step at the end of which the price of `micros` was still good.
    fileprivate mutating func step(to seconds: Int64, _ micros: Int64) -> Outcome {
        advance(
            to: time(before: seconds), price: IndexPrice(micros: micros),
            observed: time(before: seconds))
    }
}

@Test func aSteadyPriceSettlesAtItself() {
    var average = average()
    for left in stride(from: Int64(1_800), to: 0, by: -5) {
        #expect(average.step(to: left, 50_000) == .running)
    }
    #expect(average.fixedShare.units == 997_222_222)
    #expect(average.average?.units == 50_000)
    #expect(average.step(to: 0, 50_000) == .settled(IndexPrice(micros: 50_000)))
}

@Test func theLastSecondWeighsASecond() {
    var average = average()
    for left in stride(from: Int64(1_799), through: 1, by: -1) {
        #expect(average.step(to: left, 100_000) == .running)
    }
    // Tenfold for one second of 1,800: 100,000 + 900,000 / 1,800.
    #expect(average.step(to: 0, 1_000_000) == .settled(IndexPrice(micros: 100_500)))
}

@Test func aPriceSeenAtTheExpiryCountsForNothing() {
    var average = average()
    for left in stride(from: Int64(1_799), through: 0, by: -1) {
        let outcome = average.step(to: left, 100_000)
        #expect(outcome == (left == 0 ? .settled(IndexPrice(micros: 100_000)) : .running))
    }
}

/// A halt of the whole window: the observation before it covers 15 s of 1,800.
@Test func oneObservationDoesNotCoverTheWindow() {
    var average = average()
    let outcome = average.advance(
        to: expiry, price: IndexPrice(micros: 7), observed: time(before: 1_800))
    #expect(outcome == .postponed(coverage: Ratio(billionths: 8_333_333)))
}

@Test(arguments: [(Int64(359), false), (360, false), (361, true), (362, true)])
func settlementNeedsFourFifthsOfTheWindow(gap: Int64, isPostponed: Bool) {
    var average = average()
    // Nothing is known for `gap` seconds.
    let silent = average.advance(to: time(before: 1_800 - gap), price: .zero, observed: .epoch)
    #expect(silent == .running)
    for left in stride(from: 1_800 - gap - 1, through: 1, by: -1) {
        #expect(average.step(to: left, 3) == .running)
    }
    let coverage = Ratio(billionths: (1_800 - gap) * 1_000_000_000 / 1_800)
    #expect(
        average.step(to: 0, 3)
            == (isPostponed ? .postponed(coverage: coverage) : .settled(IndexPrice(micros: 3))))
}

@Test func aPostponedSettlementComesWhenTheTrailingWindowIsCovered() {
    var average = average()
    let silent = average.advance(to: expiry, price: .zero, observed: .epoch)
    #expect(silent.isPostponed)
    var settled: Int64?
    for late in Int64(1)...2_000 {
        switch average.step(to: -late, 9) {
        case .running: continue
        case .postponed: Issue.record("postponed twice")
        case .settled(let price):
            #expect(price.units == 9)
            settled = late
        }
        break
    }
    // 80 % of 1,800 s, and a bucket ends then.
    #expect(settled == 1_440)
}

@Test func theTrailingWindowForgetsWhatIsOlder() {
    var average = average()
    // Half an hour at 100, but for the last ten minutes nothing: two thirds are covered.
    for left in stride(from: Int64(1_799), through: 600, by: -1) { _ = average.step(to: left, 100) }
    let silent = average.advance(to: expiry, price: .zero, observed: .epoch)
    #expect(silent.isPostponed)
    // From the expiry on 400; the window loses 100s as it gains 400s, so two thirds stay covered
    // until the gap begins to leave it, twenty minutes later.
    var outcome = SettlementAverage.Outcome.running
    var late: Int64 = 0
    while outcome == .running, late < 4_000 {
        late += 1
        outcome = average.step(to: -late, 400)
    }
    #expect(late == 1_440)
    #expect(outcome == .settled(IndexPrice(micros: 400)))
}

@Test func aHaltThatBeginsAfterTheExpiryCostsNoTime() {
    var average = average()
    let silent = average.advance(to: expiry, price: .zero, observed: .epoch)
    #expect(silent.isPostponed)
    // A hundred years later.
    let late = expiry.advanced(by: .seconds(3_155_760_000))
    let outcome = average.advance(to: late, price: IndexPrice(micros: 5), observed: expiry)
    #expect(outcome == .running && average.through == late)
    #expect(average.coverage == .zero || average.coverage.units < 10_000_000)
}

/// Every second by itself, in a list.
@Test func theBucketsSayWhatAListOfAllSecondsSays() {
    let seed: UInt64 = 92
    var random = SeededGenerator(seed: seed)
    for round in 0..<60 {
        var average = average()
        // By second before the expiry, the price that covers it.
        var prices: [Int64: Int64] = [:]
        var now: Int64 = 1_900
        var price: Int64 = 0
        var observed: Int64 = 1_900
        var outcome = SettlementAverage.Outcome.running
        let longest = Int64.random(in: 1...40, using: &random)
        while now > 0 {
            let next = max(0, now - .random(in: 1...longest, using: &random))
            for left in stride(from: now, to: next, by: -1)
            where left <= 1_800 && left > observed - 15 && price > 0 {
                prices[left] = price
            }
            outcome = average.advance(
                to: time(before: next), price: IndexPrice(micros: price),
                observed: time(before: observed))
            now = next
            if .random(in: 0...3, using: &random) > 0 {
                price = .random(in: 1...1_000_000_000_000, using: &random)
                observed = now + .random(in: 0...3, using: &random)
            }
        }
        let sum = prices.values.reduce(Int128(0)) { $0 + Int128($1) }
        let expected: SettlementAverage.Outcome =
            prices.count >= 1_440
            ? .settled(IndexPrice(micros: Int64(sum / Int128(prices.count))))
            : .postponed(
                coverage: Ratio(billionths: Int64(prices.count) * 1_000_000_000 / 1_800))
        #expect(outcome == expected, "seed \(seed), round \(round)")
    }
}

@Test func theShareGrowsToOneAndTheStateSurvivesItsEncoding() throws {
    var average = average()
    #expect(average.fixedShare == .zero && average.average == nil)
    var last = Ratio.zero
    for left in stride(from: Int64(1_790), to: 0, by: -7) {
        _ = average.step(to: left, 100 + left)
        #expect(average.fixedShare >= last && average.fixedShare <= .one)
        last = average.fixedShare
    }
    var encoder = CanonicalEncoder()
    average.encodeState(into: &encoder)
    var decoder = CanonicalDecoder(encoder.bytes)
    let copy = try SettlementAverage(parameters: .standard, from: &decoder)
    try decoder.finish()
    #expect(copy == average)
    // More time in a bucket than it has.
    var bytes = encoder.bytes
    bytes[16 + 16 + 7] = 1
    var bad = CanonicalDecoder(bytes)
    #expect(throws: DecodingFault.self) {
        try SettlementAverage(parameters: .standard, from: &bad)
    }
}

@Test func theRangesOfSettlementParametersAreAsStated() throws {
    let rows: [(UInt64, Int64, UInt64, Bool)] = [
        (1_800, 800_000_000, 15, true), (0, 800_000_000, 15, false), (59, 800_000_000, 15, false),
        (60, 800_000_000, 15, true), (61, 800_000_000, 15, false), (3_600, 800_000_000, 15, true),
        (3_660, 800_000_000, 15, false), (1_800, 500_000_000, 15, false),
        (1_800, 500_000_001, 15, true), (1_800, 1_000_000_000, 15, true),
        (1_800, 1_000_000_001, 15, false), (1_800, 800_000_000, 0, false),
        (1_800, 800_000_000, 1_800, true), (1_800, 800_000_000, 1_801, false),
    ]
    for (window, coverage, weight, isValid) in rows {
        let parameters = SettlementParameters(
            window: .seconds(window), coverage: Ratio(billionths: coverage),
            observationWeight: .seconds(weight))
        #expect(parameters.isValid == isValid)
        #expect(
            try SettlementParameters(canonicalBytes: parameters.canonicalBytes) == parameters)
    }
}
