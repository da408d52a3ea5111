/// The widening of the band, the ranges of the parameters on both sides, and the encoding.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Liquidation

@Test func theBandWidensFromTheFirstToTheLastAndStaysThere() {
    let rule = LiquidationParameters.standard
    let second: UInt64 = 1_000_000_000
    for (nanoseconds, band) in [
        (UInt64(0), Int64(250_000_000)), (1, 250_000_000), (15 * second, 500_000_000),
        (30 * second - 1, 749_999_999), (30 * second, 750_000_000), (31 * second, 750_000_000),
        (.max, 750_000_000),
    ] {
        #expect(rule.band(after: Duration(nanoseconds: nanoseconds)).units == band)
    }
}

@Test func theBandNeverNarrows() {
    let seed: UInt64 = 83
    var random = SeededGenerator(seed: seed)
    for _ in 0..<5_000 {
        let early = UInt64.random(in: 0...40_000_000_000, using: &random)
        let late = UInt64.random(in: early...40_000_000_000, using: &random)
        let rule = LiquidationParameters.standard
        #expect(
            rule.band(after: Duration(nanoseconds: early))
                <= rule.band(after: Duration(nanoseconds: late)), "seed \(seed)")
    }
}

private struct FieldRow: Sendable {
    let field: String?
    let change: @Sendable (inout LiquidationParameters) -> Void
}

@Test(arguments: [
    FieldRow(field: nil) { _ in },
    FieldRow(field: "exitLevel") { $0.exitLevel = Ratio(billionths: 999_999_999) },
    FieldRow(field: nil) { $0.exitLevel = .one },
    FieldRow(field: nil) { $0.exitLevel = Ratio(billionths: 4_000_000_000) },
    FieldRow(field: "exitLevel") { $0.exitLevel = Ratio(billionths: 4_000_000_001) },
    FieldRow(field: "auctionLevel") { $0.auctionLevel = Ratio(billionths: -1) },
    FieldRow(field: nil) { $0.auctionLevel = .zero },
    FieldRow(field: nil) { $0.auctionLevel = .one },
    FieldRow(field: "auctionLevel") { $0.auctionLevel = Ratio(billionths: 1_000_000_001) },
    FieldRow(field: "firstBand") { $0.firstBand = Ratio(billionths: -1) },
    FieldRow(field: nil) { $0.firstBand = .zero },
    FieldRow(field: nil) { $0.firstBand = Ratio(basisPoints: 7_500) },
    FieldRow(field: "lastBand") { $0.firstBand = Ratio(billionths: 750_000_001) },
    FieldRow(field: "firstBand") { $0.firstBand = Ratio(billionths: 1_000_000_001) },
    FieldRow(field: nil) { $0.lastBand = .one },
    FieldRow(field: "lastBand") { $0.lastBand = Ratio(billionths: 1_000_000_001) },
    FieldRow(field: "bandTime") { $0.bandTime = .zero },
    FieldRow(field: nil) { $0.bandTime = Duration(nanoseconds: 1) },
    FieldRow(field: nil) { $0.bandTime = .day },
    FieldRow(field: "bandTime") { $0.bandTime = Duration(nanoseconds: 86_400_000_000_001) },
    FieldRow(field: "fee") { $0.fee = Ratio(billionths: -1) },
    FieldRow(field: nil) { $0.fee = .zero },
    FieldRow(field: nil) { $0.fee = Ratio(basisPoints: 100) },
    FieldRow(field: "fee") { $0.fee = Ratio(billionths: 10_000_001) },
    FieldRow(field: "depthShare") { $0.depthShare = Ratio(billionths: -1) },
    FieldRow(field: nil) { $0.depthShare = .zero },
    FieldRow(field: nil) { $0.depthShare = .one },
    FieldRow(field: "depthShare") { $0.depthShare = Ratio(billionths: 1_000_000_001) },
    FieldRow(field: "optionDepthShare") { $0.optionDepthShare = Ratio(billionths: -1) },
    FieldRow(field: nil) { $0.optionDepthShare = .one },
    FieldRow(field: "optionDepthShare") {
        $0.optionDepthShare = Ratio(billionths: 1_000_000_001)
    },
    FieldRow(field: "depthWindow") { $0.depthWindow = .zero },
    FieldRow(field: nil) { $0.depthWindow = .hour },
    FieldRow(field: "depthWindow") { $0.depthWindow = Duration(nanoseconds: 3_600_000_000_001) },
    FieldRow(field: nil) { $0.auctionTime = .zero },
    FieldRow(field: nil) { $0.auctionTime = .hour },
    FieldRow(field: "auctionTime") { $0.auctionTime = Duration(nanoseconds: 3_600_000_000_001) },
    FieldRow(field: "firstDiscount") { $0.firstDiscount = Ratio(billionths: -1) },
    FieldRow(field: nil) { $0.firstDiscount = $0.lastDiscount },
    FieldRow(field: "lastDiscount") { $0.lastDiscount = Ratio(basisPoints: 999) },
    FieldRow(field: nil) { $0.lastDiscount = .one },
    FieldRow(field: "lastDiscount") { $0.lastDiscount = Ratio(billionths: 1_000_000_001) },
])
private func theFirstFaultyFieldIsNamed(_ row: FieldRow) throws {
    var parameters = LiquidationParameters.standard
    row.change(&parameters)
    #expect(parameters.faultyField.map { "\($0)" } == row.field)
    #expect(try LiquidationParameters(canonicalBytes: parameters.canonicalBytes) == parameters)
}
