/// Fees: rounded up on each lot, so that splitting a fill gains nothing and no rebate is too large.
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import TestKit
import Testing

private struct FeeRow: Sendable {
    let rate: Int64
    let lotNotional: Int64
    let lots: Int64
    let fee: Int64
}

@Test(arguments: [
    FeeRow(rate: 500_000, lotNotional: 6_000_000, lots: 1, fee: 3_000),
    FeeRow(rate: 500_000, lotNotional: 6_000_001, lots: 1, fee: 3_001),
    FeeRow(rate: 500_000, lotNotional: 6_000_001, lots: 7, fee: 21_007),
    FeeRow(rate: -100_000, lotNotional: 6_000_000, lots: 1, fee: -600),
    FeeRow(rate: -100_000, lotNotional: 6_009_999, lots: 1, fee: -600),
    FeeRow(rate: -100_000, lotNotional: 6_009_999, lots: 5, fee: -3_000),
    FeeRow(rate: 1, lotNotional: 1, lots: 4, fee: 4),
    FeeRow(rate: -1, lotNotional: 1, lots: 4, fee: 0),
    FeeRow(rate: 0, lotNotional: 6_000_001, lots: 4, fee: 0),
    FeeRow(rate: 500_000, lotNotional: 6_000_000, lots: 0, fee: 0),
])
private func feesAreRoundedUpOnEachLot(_ row: FeeRow) throws {
    let maker = CatalogueFixture.tier(maker: row.rate, taker: 0)
    let taker = CatalogueFixture.tier(maker: 0, taker: row.rate)
    let lot = Amount(microunits: row.lotNotional)
    #expect(try maker.fee(lotNotional: lot, lots: row.lots, isMaker: true).units == row.fee)
    #expect(try maker.fee(lotNotional: lot, lots: row.lots, isMaker: false).units == 0)
    #expect(try taker.fee(lotNotional: lot, lots: row.lots, isMaker: false).units == row.fee)
}

@Test func aSplitFillCostsExactlyWhatTheWholeDoes() throws {
    let seed: UInt64 = 13
    var random = SeededGenerator(seed: seed)
    var roundedOnceDiffers = 0
    for _ in 0..<5_000 {
        let rate = Int64.random(in: -10_000_000...10_000_000, using: &random)
        let tier = CatalogueFixture.tier(maker: rate, taker: 0)
        let lot = Amount(microunits: .random(in: 1...100_000_000, using: &random))
        let lots = Int64.random(in: 2...10_000, using: &random)
        let part = Int64.random(in: 1..<lots, using: &random)
        let whole = try tier.fee(lotNotional: lot, lots: lots, isMaker: true)
        let first = try tier.fee(lotNotional: lot, lots: part, isMaker: true)
        let second = try tier.fee(lotNotional: lot, lots: lots - part, isMaker: true)
        #expect(whole == first + second, "seed \(seed)")
        // Never below the exact fee: neither a fee too small nor a rebate too large.
        let exact = Int128(lot.units) * Int128(lots) * Int128(rate)
        #expect(Int128(whole.units) * 1_000_000_000 >= exact, "seed \(seed)")
        #expect(Int128(whole.units - lots) * 1_000_000_000 < exact, "seed \(seed)")
        // A rule that rounds once for the whole fill would not split evenly.
        func once(_ lots: Int64) throws -> Int64 {
            let notional = Amount(microunits: lot.units * lots)
            return try notional.multiplied(by: tier.maker, rounding: .up).units
        }
        if try once(lots) != once(part) + once(lots - part) { roundedOnceDiffers += 1 }
    }
    #expect(roundedOnceDiffers > 1_000, "seed \(seed)")
}

@Test func feesOutsideTheRangeAreRefused() {
    let tier = CatalogueFixture.tier(maker: 10_000_000, taker: 10_000_000)
    #expect(throws: ArithmeticFault.overflow) {
        try tier.fee(lotNotional: .max, lots: 1_000, isMaker: false)
    }
}
