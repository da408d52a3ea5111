/// Mark and funding against rows by hand and a model in floating point.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Oracle

private let index = IndexPrice(micros: 60_000_000_000)

/// The index times 1 + so many billionths.
private func price(premium: Int64) -> IndexPrice {
    IndexPrice(micros: index.units + index.units / 1_000_000_000 * premium)
}

/// The funding rate after an hour of one premium, in billionths.
private func rate(premium: Int64, parameters: PerpetualParameters = OracleFixture.perpetual)
    -> Int64
{
    var prices = PerpetualPrices(parameters: parameters)
    for minute in UInt64(0)...60 {
        prices.step(
            impactMid: price(premium: premium), index: index, elapsed: .seconds(60),
            now: OracleFixture.second(3_600 + minute * 60))
    }
    return prices.fundingRate.units
}

/// All in hundredths of a basis point (10⁻⁶): r = 100, interest clamp 500, cap 7500.
@Test(arguments: [
    (0, 100), (100, 100), (300, 100), (600, 100), (601, 101), (1_000, 500), (-400, 100),
    (-401, 99), (-1_000, -500), (7_900, 7_400), (8_000, 7_500), (8_001, 7_500), (90_000, 7_500),
    (-8_000, -7_500), (-7_999, -7_499), (-90_000, -7_500),
])
private func theFundingRateFollowsItsFormula(_ premium: Int64, _ expected: Int64) {
    #expect(rate(premium: premium * 1_000) == expected * 1_000)
}

@Test func aSideTooThinCountsAsNoPremium() {
    var prices = PerpetualPrices(parameters: OracleFixture.perpetual)
    prices.step(
        impactMid: price(premium: 3_000_000), index: index, elapsed: .seconds(30),
        now: OracleFixture.second(3_600))
    #expect(prices.premium.units == 1_500_000)
    prices.step(
        impactMid: nil, index: index, elapsed: .seconds(30), now: OracleFixture.second(3_630))
    #expect(prices.premium.units == 750_000)
    prices.step(impactMid: nil, index: index, elapsed: .zero, now: OracleFixture.second(7_200))
    // Half an hour's samples: 30 basis points and none.
    #expect(prices.fundingRate.units == 1_000_000)
}

@Test func theRateIsSetOnceAtTheEndOfTheHour() {
    var prices = PerpetualPrices(parameters: OracleFixture.perpetual)
    for second in UInt64(3_600)..<7_200 {
        prices.step(
            impactMid: price(premium: 2_000_000), index: index, elapsed: .seconds(1),
            now: OracleFixture.second(second))
        #expect(prices.fundingRate == .zero)
    }
    prices.step(
        impactMid: price(premium: -2_000_000), index: index, elapsed: .seconds(1),
        now: OracleFixture.second(7_200))
    #expect(prices.fundingRate.units == 1_500_000)
    prices.step(
        impactMid: price(premium: -2_000_000), index: index, elapsed: .seconds(1),
        now: OracleFixture.second(10_799))
    #expect(prices.fundingRate.units == 1_500_000)
    prices.step(
        impactMid: nil, index: index, elapsed: .seconds(1), now: OracleFixture.second(10_800))
    #expect(prices.fundingRate.units == -1_500_000)
}

/// What a long lot owes: worth × rate × time / 8 h, in 2⁻²⁴ µ.
@Test func fundingIsWorthTimesRateTimesTime() {
    for (premium, worth, elapsed, micros) in [
        // A dollar at one basis point for eight hours is 100 µ; an hour is an eighth.
        (Int64(0), Int64(1_000_000), UInt64(28_800), 100.0), (0, 1_000_000, 3_600, 12.5),
        (0, 1_000_000, 1, 100.0 / 28_800), (0, 100_000_000, 1, 10_000.0 / 28_800),
        // The dearest lot at the cap for an hour, both ways.
        (90_000_000, 1 << 30, 3_600, 1_006_632.96), (-90_000_000, 1 << 30, 3_600, -1_006_632.96),
        (0, 1_000_000, 0, 0), (0, 0, 3_600, 0),
    ] {
        var prices = PerpetualPrices(parameters: OracleFixture.perpetual)
        for second in [UInt64(3_600), 7_200] {
            prices.step(
                impactMid: price(premium: premium), index: index, elapsed: .seconds(1),
                now: OracleFixture.second(second))
        }
        let owed = prices.funding(
            lotWorth: worth, elapsed: .seconds(elapsed), fundingBits: 24)
        let expected = micros * 16_777_216
        #expect(abs(Double(owed) - expected) <= 1 + abs(expected) * 1e-6, "\(premium) \(worth)")
    }
}

@Test func theSmallestRateOnADollarForASecondIsNotRoundedAway() {
    var parameters = OracleFixture.perpetual
    parameters.interest = Ratio(billionths: 2)
    var prices = PerpetualPrices(parameters: parameters)
    for second in [UInt64(3_600), 7_200] {
        prices.step(
            impactMid: index, index: index, elapsed: .seconds(1),
            now: OracleFixture.second(second))
    }
    #expect(prices.fundingRate.units == 2)
    #expect(
        prices.funding(lotWorth: 1_000_000, elapsed: .seconds(1), fundingBits: 24) > 0)
}

@Test func theMarkStaysWithinThePremiumClamp() {
    let seed: UInt64 = 65
    var random = SeededGenerator(seed: seed)
    var prices = PerpetualPrices(parameters: OracleFixture.perpetual)
    let hasMoved = prices.setMark(index: index)
    #expect(hasMoved)
    #expect(prices.mark == index)
    let hasMovedAgain = prices.setMark(index: index)
    #expect(!hasMovedAgain)
    var extreme = 0
    for round in UInt64(0)..<5_000 {
        let spot = IndexPrice(micros: .random(in: 1...(1 << 56), using: &random))
        // Half of the time one-sided, so that the clamp is reached.
        let impact = round % 1_000 < 500 ? IndexPrice(micros: 1 << 60) : IndexPrice(micros: 1)
        prices.step(
            impactMid: impact, index: spot, elapsed: .seconds(.random(in: 0...60, using: &random)),
            now: OracleFixture.second(round))
        _ = prices.setMark(index: spot)
        let reach = Int128(spot.units) * 5_000_000 / 1_000_000_000
        let away = abs(Int128(prices.mark.units) - Int128(spot.units))
        #expect(away <= reach, "seed \(seed), round \(round)")
        if away * 100 >= reach * 99, reach > 100 { extreme += 1 }
    }
    #expect(extreme > 1_000, "seed \(seed)")
}

/// Premium and rate in floating point; 10⁻⁷ is what a hundred truncations of 10⁻⁹ may add up to.
@Test func premiumAndRateFollowAModelInFloatingPoint() {
    let seed: UInt64 = 66
    var random = SeededGenerator(seed: seed)
    var prices = PerpetualPrices(parameters: OracleFixture.perpetual)
    var premium = 0.0
    var sum = 0.0
    var time = 0.0
    var rate = 0.0
    var hour: UInt64 = 0
    var second: UInt64 = 3_600
    for round in 0..<20_000 {
        let elapsed = UInt64.random(in: 1...10, using: &random)
        second += elapsed
        let drift = Int64(round / 2_000 % 5 - 2) * 4_000_000
        let shift = drift + .random(in: -4_000_000...4_000_000, using: &random)
        let impact: IndexPrice? = round % 97 == 0 ? nil : price(premium: shift)
        prices.step(
            impactMid: impact, index: index, elapsed: .seconds(elapsed),
            now: OracleFixture.second(second))
        let sample = impact.map { Double($0.units) / Double(index.units) - 1 } ?? 0
        let span = Double(elapsed)
        premium += (min(max(sample, -0.005), 0.005) - premium) * span / (span + 30)
        if second / 3_600 != hour {
            if time > 0 {
                let mean = sum / time
                let pull = min(max(0.0001 - mean, -0.0005), 0.0005)
                rate = min(max(mean + pull, -0.0075), 0.0075)
            }
            (hour, sum, time) = (second / 3_600, 0, 0)
        }
        sum += min(max(sample, -0.008), 0.008) * span
        time += span
        #expect(
            abs(Double(prices.premium.units) / 1e9 - premium) < 1e-7,
            "seed \(seed), round \(round)")
        #expect(
            abs(Double(prices.fundingRate.units) / 1e9 - rate) < 1e-7,
            "seed \(seed), round \(round)")
    }
}

@Test func thePricesSurviveTheirLeaf() throws {
    let seed: UInt64 = 67
    var random = SeededGenerator(seed: seed)
    var prices = PerpetualPrices(parameters: OracleFixture.perpetual)
    for round in UInt64(0)..<500 {
        prices.step(
            impactMid: price(premium: .random(in: -9_999_999...9_999_999, using: &random)),
            index: index, elapsed: .seconds(100), now: OracleFixture.second(round * 100))
        _ = prices.setMark(index: index)
        var encoder = CanonicalEncoder()
        prices.encodeState(into: &encoder)
        var copy = PerpetualPrices(parameters: OracleFixture.perpetual)
        var decoder = CanonicalDecoder(encoder.bytes)
        try copy.decodeState(from: &decoder)
        try decoder.finish()
        #expect(copy == prices, "seed \(seed), round \(round)")
    }
}
