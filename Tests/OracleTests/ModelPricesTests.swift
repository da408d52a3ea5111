/// The mark of what has a model price: where it stands, how the book pulls it, and how far.
import Canonical
import FixedPoint
import Testing

@testable import Oracle

private let highest = IndexPrice(micros: 1_000_000)

/// A tenth of the model, a time constant of 30 s.
private func prices(clamp: Int64 = 100_000_000) -> ModelPrices {
    ModelPrices(
        parameters: ModelParameters(
            premiumClamp: Ratio(billionths: clamp), premiumAveraging: .seconds(30),
            impactNotional: Amount(microunits: 1)))
}

@Test func withoutABookTheMarkIsTheModel() {
    var prices = prices()
    #expect(!prices.isPriced)
    let first = prices.setModel(IndexPrice(micros: 5_000), highest: highest)
    #expect(first)
    #expect(prices.isPriced && prices.mark == IndexPrice(micros: 5_000))
    let again = prices.setModel(IndexPrice(micros: 5_000), highest: highest)
    #expect(!again)
}

@Test func anOptionThatIsWorthNothingIsPriced() {
    var prices = prices()
    let first = prices.setModel(.zero, highest: highest)
    #expect(first && prices.isPriced && prices.mark == .zero)
    prices.step(mid: IndexPrice(micros: 900), elapsed: .hour)
    _ = prices.setModel(.zero, highest: highest)
    #expect(prices.mark == .zero)
}

@Test func theBookPullsTheMarkSlowlyAndOnlyAsFarAsTheClamp() {
    var prices = prices()
    _ = prices.setModel(IndexPrice(micros: 10_000), highest: highest)
    // 30 s of a distance of 600: half of it.
    prices.step(mid: IndexPrice(micros: 10_600), elapsed: .seconds(30))
    _ = prices.setModel(IndexPrice(micros: 10_000), highest: highest)
    #expect(prices.mark.units == 10_300)
    for mid in [Int64(1_000_000), 1] {
        for _ in 0..<200 { prices.step(mid: IndexPrice(micros: mid), elapsed: .seconds(30)) }
        _ = prices.setModel(IndexPrice(micros: 10_000), highest: highest)
        #expect(abs(prices.mark.units - (mid == 1 ? 9_000 : 11_000)) <= 1)
    }
    // A thin book is no premium.
    for _ in 0..<200 { prices.step(mid: nil, elapsed: .seconds(30)) }
    _ = prices.setModel(IndexPrice(micros: 10_000), highest: highest)
    #expect(abs(prices.mark.units - 10_000) <= 1)
}

@Test func aPremiumOfADearModelDoesNotCarryOverToACheapOne() {
    var prices = prices()
    _ = prices.setModel(IndexPrice(micros: 100_000), highest: highest)
    for _ in 0..<200 { prices.step(mid: highest, elapsed: .seconds(30)) }
    _ = prices.setModel(IndexPrice(micros: 100), highest: highest)
    #expect(prices.mark.units == 110)
}

@Test func noMarkLeavesTheGridOrFallsBelowZero() {
    var prices = prices(clamp: 500_000_000)
    for (model, mark) in [
        (Int64(1_000_001), Int64(1_000_000)), (.max, 1_000_000), (-1, 0), (.min, 0),
    ] {
        _ = prices.setModel(IndexPrice(micros: model), highest: highest)
        #expect(prices.mark.units == mark)
    }
    _ = prices.setModel(highest, highest: highest)
    for _ in 0..<100 { prices.step(mid: .max, elapsed: .day) }
    _ = prices.setModel(highest, highest: highest)
    #expect(prices.mark == highest)
}

@Test func theStateSurvivesItsEncodingAndNoOtherIsRead() throws {
    var prices = prices()
    _ = prices.setModel(IndexPrice(micros: 10_000), highest: highest)
    prices.step(mid: IndexPrice(micros: 9_500), elapsed: .seconds(7))
    var encoder = CanonicalEncoder()
    prices.encodeState(into: &encoder)
    var copy = ModelPrices(parameters: prices.parameters)
    var decoder = CanonicalDecoder(encoder.bytes)
    try copy.decodeState(from: &decoder)
    try decoder.finish()
    #expect(copy == prices)
    for place in 0..<3 {
        for value in [Int64.min, .max] {
            var bytes = encoder.bytes
            for byte in 0..<8 {
                bytes[8 * place + byte] = UInt8(truncatingIfNeeded: value >> Int64(8 * byte))
            }
            if place == 2, value == .max { continue }
            var decoder = CanonicalDecoder(bytes)
            #expect(throws: DecodingFault.self) { try copy.decodeState(from: &decoder) }
        }
    }
}

@Test func theRangesOfModelParametersAreAsStated() throws {
    var parameters = ModelParameters.future
    #expect(parameters.isValid && ModelParameters.option.isValid && ModelParameters.spot.isValid)
    for (clamp, isValid) in [
        (Int64(-1), false), (0, true), (500_000_000, true), (500_000_001, false),
    ] {
        parameters.premiumClamp = Ratio(billionths: clamp)
        #expect(parameters.isValid == isValid)
    }
    parameters = .option
    for (span, isValid) in [(Duration.zero, false), (Duration(nanoseconds: 1), true), (.day, true)]
    {
        parameters.premiumAveraging = span
        #expect(parameters.isValid == isValid)
    }
    parameters = .option
    for (notional, isValid) in [
        (Int64(0), false), (1, true), (1 << 49, true), (1 << 49 + 1, false),
    ] {
        parameters.impactNotional = Amount(microunits: notional)
        #expect(parameters.isValid == isValid)
    }
    #expect(try ModelParameters(canonicalBytes: parameters.canonicalBytes) == parameters)
}
