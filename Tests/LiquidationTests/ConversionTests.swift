/// Which holdings are sold to cover a debt, and how much of them.
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import Risk
import Testing

@testable import Liquidation

/// Lots of ETH worth $1 each at $1,000.
private func holding(
    _ number: UInt16 = 0, lots: Int64, dollars: Int64 = 1_000
) throws -> ClosingCandidate {
    let instrument = CatalogueFixture.instrument(
        "ETH-SPOT", underlying: 1, tick: 10_000, lot: 1_000_000, kind: .spot)
    var risk = InstrumentRisk(instrument: instrument, fractionBits: 6)
    let price = IndexPrice(micros: dollars * 1_000_000)
    try risk.reprice(
        mark: price, stable: price, fundingRate: .zero,
        parameters: .rampart(move: Ratio(basisPoints: 800)))
    return ClosingCandidate(
        risk: risk, instrument: InstrumentIdentifier(number), quantity: Quantity(lots: lots))
}

@Test(
    arguments: [
        (1, 0, 1), (999_999, 0, 1), (1_000_000, 0, 1), (1_000_001, 0, 2), (9_000_000, 0, 9),
        (9_000_001, 0, 10), (10_000_000, 0, 10), (10_000_001, 0, 10), (.max, 0, 10),
        // A fee of 1 % leaves $0.99 of each lot.
        (990_000, 10_000_000, 1), (990_001, 10_000_000, 2), (8_910_000, 10_000_000, 9),
    ] as [(Int64, Int64, Int64)])
private func asMuchIsSoldAsBringsInWhatIsMissing(missing: Int64, fee: Int64, lots: Int64) throws {
    let sold = Conversion.lotsToSell(
        of: try holding(lots: 10), missing: Amount(microunits: missing),
        fee: Ratio(billionths: fee))
    #expect(sold.lots == lots)
}

@Test func theMostValuableHoldingIsSoldFirst() throws {
    let ranked = Conversion.ranking(of: [
        try holding(3, lots: 10), try holding(1, lots: 11), try holding(2, lots: 10),
        try holding(4, lots: 1, dollars: 50_000),
    ])
    #expect(ranked.map(\.instrument.number) == [4, 1, 2, 3])
}

/// Nobody can close against a holding, so when the band has opened in full it is sold even where
/// that takes the equity; a perpetual is not.
@Test func spotIsSoldThroughItsEquityOnlyAsALastResort() throws {
    let rule = LiquidationParameters.standard
    let spot = try holding(lots: 10)
    func limit(_ seconds: UInt64, equity: Int64) -> Int64 {
        rule.closingOrder(
            for: spot, lots: spot.quantity, equity: Amount(microunits: equity),
            elapsed: .seconds(seconds)
        ).limit.ticks
    }
    let mark: Int64 = 100_000
    #expect(limit(0, equity: 0) == mark && limit(29, equity: 0) == mark)
    #expect(limit(30, equity: 0) < mark && limit(30, equity: -1) == limit(30, equity: 0))
    #expect(limit(30, equity: 0) == limit(30, equity: 10_000_000))
    #expect(limit(0, equity: 10_000_000) > limit(30, equity: 10_000_000))
}
