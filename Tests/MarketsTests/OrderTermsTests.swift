/// The encodings of terms: one for each value, and no other bytes pass.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Markets

/// Encodes, decodes, and changes a byte many times: what still decodes is what the bytes say.
private func expectOneEncoding<Value: CanonicalValue & Equatable>(
    _ value: Value, _ random: inout SeededGenerator
) throws {
    let bytes = value.canonicalBytes
    #expect(try Value(canonicalBytes: bytes) == value)
    #expect(throws: DecodingFault.self) { try Value(canonicalBytes: bytes + [0]) }
    #expect(throws: DecodingFault.self) { try Value(canonicalBytes: Array(bytes.dropLast())) }
    for _ in 0..<8 {
        var changed = bytes
        changed[.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
        guard let other = try? Value(canonicalBytes: changed) else { continue }
        #expect(other.canonicalBytes == changed)
        #expect((other == value) == (changed == bytes))
    }
    let noise = bytes.indices.map { _ in UInt8.random(in: 0...255, using: &random) }
    if let other = try? Value(canonicalBytes: noise) { #expect(other.canonicalBytes == noise) }
}

private func someTerms(_ random: inout SeededGenerator) -> SpecialTerms {
    var terms = SpecialTerms()
    if Bool.random(using: &random) {
        terms.display = Quantity(lots: .random(in: 1 ... .max, using: &random))
        terms.hidden = Quantity(lots: .random(in: 0...4, using: &random))
    }
    if Bool.random(using: &random) {
        terms.expiry = Timestamp(nanoseconds: .random(in: 0 ... .max, using: &random))
    }
    if Bool.random(using: &random) {
        terms.trigger = Trigger(
            TriggerKind.allCases.randomElement(using: &random)!,
            on: TriggerReference.allCases.randomElement(using: &random)!,
            at: Price(ticks: .random(in: .min ... .max, using: &random)))
    }
    if Bool.random(using: &random) {
        terms.pair = OrderIdentifier(.random(in: 0 ... .max, using: &random))
    }
    terms.label =
        Label((0..<Int.random(in: 0...64, using: &random)).map { _ in 0x41 }) ?? Label()
    return terms
}

@Test func termsAndOrdersHaveOneEncoding() throws {
    let seed: UInt64 = 78
    var random = SeededGenerator(seed: seed)
    for round in 0..<1_000 as Range<UInt64> {
        let terms = someTerms(&random)
        try expectOneEncoding(terms, &random)
        if let trigger = terms.trigger { try expectOneEncoding(trigger, &random) }
        try expectOneEncoding(
            order(round, .sell, price: 7, lots: 5 + Int64(round), special: terms), &random)
        let end = Timestamp(nanoseconds: .random(in: 0 ... .max, using: &random))
        try expectOneEncoding(MarketPhase.auction(end: end), &random)
        try expectOneEncoding(MarketPhase.continuous, &random)
        var protection = MakerProtection(
            underlying: UnderlyingIdentifier(UInt16(round)), window: .seconds(round + 1),
            freeze: .seconds(round), limit: Amount(microunits: 1_000))
        _ = protection.count(Amount(microunits: Int64(round)), at: end)
        try expectOneEncoding(protection, &random)
    }
}

@Test func plainTermsAreNotWritten() throws {
    let plain = order(1, .buy, price: 7, lots: 5)
    var bytes = plain.canonicalBytes
    #expect(bytes.last == 0)
    bytes[bytes.count - 1] = 1
    #expect(throws: DecodingFault.self) {
        try Order(canonicalBytes: bytes + SpecialTerms().canonicalBytes)
    }
    // All lots hidden, or fewer than none.
    for hidden in [5, 6, -1] as [Int64] {
        var terms = SpecialTerms()
        terms.hidden = Quantity(lots: hidden)
        let order = order(1, .buy, price: 7, lots: 5, special: terms)
        #expect(throws: DecodingFault.self) { try Order(canonicalBytes: order.canonicalBytes) }
    }
}

@Test func flagsHaveNoMeaninglessBits() {
    var accepted = 0
    for bits in 0...UInt16.max {
        let bytes = [UInt8(truncatingIfNeeded: bits), UInt8(bits >> 8)]
        guard let flags = try? OrderFlags(canonicalBytes: bytes) else { continue }
        accepted += 1
        #expect(flags.canonicalBytes == bytes)
        let again = OrderFlags(
            flags.side, reduceOnly: flags.reduceOnly, isProtected: flags.isProtected,
            isQuote: flags.isQuote, isLiquidation: flags.isLiquidation,
            isConversion: flags.isConversion, selfTrade: flags.selfTrade,
            timeInForce: flags.timeInForce, agent: flags.agent)
        #expect(again == flags)
    }
    // Six bits, three modes, four times in force, 32 agents and none.
    #expect(accepted == 64 * 3 * 4 * 33)
}
