/// The price at which a portfolio has nothing left: rows 2 to 8 of `facts/margin.md`, "Liquidation
/// arithmetic with exact results", each also with its sides flipped, and two faults that a peer had
/// as numbers that must not come out.
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import Risk
import Testing

@testable import Liquidation

/// Maintenance of 5 % for either side, nothing else.
private let margin: MarginParameters = {
    let single = MarginRule(
        scenarios: [Ratio(billionths: -1_000_000_000), .zero, .one].map {
            Scenario(move: $0, weight: .one)
        }, factor: .one, grossFloor: .zero, orderFloor: .zero)
    return MarginParameters(move: Ratio(basisPoints: 500), initial: single, maintenance: single)
}()

/// So many whole units at a price in dollars: ETH in lots of 0.001, BTC in lots of 0.0001.
private func position(_ place: Int, units: Int64, price: Int64) -> ClosingCandidate {
    let instrument = CatalogueFixture.instruments[place]
    var risk = InstrumentRisk(instrument: instrument, fractionBits: 6)
    let mark = IndexPrice(micros: price * 1_000_000)
    try! risk.reprice(mark: mark, stable: mark, fundingRate: .zero, parameters: margin)
    return ClosingCandidate(
        risk: risk, instrument: InstrumentIdentifier(UInt16(place)),
        quantity: Quantity(lots: units * 1_000_000_000 / instrument.lotSize))
}

private func dollars(_ count: Int64) -> Amount { Amount(microunits: count * 1_000_000) }

/// The price in micro-dollars at which nothing is left, of the position at `place`.
private func price(_ place: Int, in positions: [ClosingCandidate], equity: Int64) -> Int64 {
    let value = PortfolioLoss.bankruptcyValue(
        of: place, in: positions, equity: dollars(equity))
    let risk = positions[place].risk
    return (value * (1_000_000_000 / risk.instrument.lotSize)) >> risk.fractionBits
}

@Test(arguments: [
    // Rows 2 and 3: 180 left. Row 6, and 5 before the book: 200 missing. The edge: 550 left.
    (Int64(10), Int64(1_800), Int64(180), Int64(1_782)), (-10, 1_800, 180, 1_818),
    (10, 1_700, -200, 1_720), (-10, 1_700, -200, 1_680),
    (10, 2_200, 550, 2_145), (-10, 2_200, 550, 2_255),
])
func onePositionEndsAtTheBankruptcyPriceOfTheFacts(
    units: Int64, mark: Int64, equity: Int64, bankrupt: Int64
) {
    let positions = [position(1, units: units, price: mark)]
    #expect(price(0, in: positions, equity: equity) == bankrupt * 1_000_000)
}

/// Row 8 puts all of the loss of 935 on the BTC (44,935), and none on the ETH (1,800). Here each
/// carries it by its part in the worst scenario, 18 to 44: what the other side gives is the same.
@Test(arguments: [Int64(1), -1])
func aPortfolioCarriesItsLossByItsRisk(sign: Int64) {
    let positions = [
        position(0, units: sign, price: 44_000), position(1, units: 10 * sign, price: 1_800),
    ]
    let parts = PortfolioLoss.parts(of: dollars(935), over: positions)
    #expect(parts[0] + parts[1] == dollars(935))
    #expect(parts[0].units == 663_548_388 || parts[0].units == 663_548_387)
    let bitcoin = price(0, in: positions, equity: -935) - 44_000_000_000
    let ether = price(1, in: positions, equity: -935) - 1_800_000_000
    #expect(abs(bitcoin - sign * 663_548_387) <= 20_000)
    #expect(abs(ether - sign * 27_145_161) <= 2_000)
}

/// A hedged pair of the same size carries it half and half; of a position without risk it is the
/// worth that counts; without positions there is nothing to carry.
@Test func everyLossHasACarrier() {
    let hedged = [position(1, units: 10, price: 2_000), position(1, units: -10, price: 2_000)]
    #expect(PortfolioLoss.parts(of: dollars(8), over: hedged) == [dollars(4), dollars(4)])
    #expect(PortfolioLoss.parts(of: dollars(8), over: []).isEmpty)
    #expect(PortfolioLoss.parts(of: .zero, over: hedged) == [.zero, .zero])
}

/// A peer divided by what was closed (its #2150): closing 8 of row 2's 10 would then end at
/// 1,777.50 instead of 1,782, and take 45 dollars more of an account than it has.
@Test func theBankruptcyPriceDividesByTheWholePosition() {
    let whole = [position(1, units: 10, price: 1_800)]
    let part = [position(1, units: 8, price: 1_800)]
    #expect(price(0, in: whole, equity: 180) == 1_782_000_000)
    #expect(price(0, in: part, equity: 180) == 1_777_500_000)
}
