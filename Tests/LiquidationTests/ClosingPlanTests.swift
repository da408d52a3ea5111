/// How many lots a move takes, against a search of every lot; which of two moves goes first; and
/// what a lot may cost.
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import Risk
import TestKit
import Testing

@testable import Liquidation

/// At an exit level of 1 and no fee.
private let rule = LiquidationParameters(
    exitLevel: .one, auctionLevel: .zero, firstBand: .one, lastBand: .one,
    bandTime: .seconds(30), fee: .zero)

@Test func theFewestLotsAreFoundToASixtyFourth() {
    let seed: UInt64 = 86
    var random = SeededGenerator(seed: seed)
    for round in 0..<3_000 {
        // A convex loss: the largest of a few lines, some falling and some rising, less equity.
        let lines = (0..<Int.random(in: 1...5, using: &random)).map { _ in
            (
                Int64.random(in: 0...5_000, using: &random),
                Int64.random(in: -60...40, using: &random)
            )
        }
        let equity = Int64.random(in: 0...4_000, using: &random)
        let most = Int64.random(in: 1...200, using: &random)
        func missing(_ lots: Int64) -> Int128 {
            Int128(lines.map { $0.0 + $0.1 * lots }.max() ?? 0) - Int128(equity)
        }
        guard missing(0) > 0 else { continue }
        // The steepest line: no lot frees more.
        let steepest = max(1, -(lines.map(\.1).min() ?? 0))
        let first = min(most, (Int64(missing(0)) + steepest - 1) / steepest)
        let found = rule.fewestLots(
            from: Quantity(lots: first), most: Quantity(lots: most)
        ) { missing($0.lots) }
        let grain = max(1, most / 64)
        let hint: Comment = "seed \(seed), round \(round)"
        if let fewest = (0...most).first(where: { missing($0) <= 0 }), missing(most) <= 0 {
            #expect(found.lots >= fewest && found.lots <= fewest + grain, hint)
            #expect(missing(found.lots) <= 0, hint)
        } else if found == .zero {
            // What a convex loss gains by less than a step of the search is left.
            let reach = (1...most).filter { missing($0) < missing(0) }.last ?? 0
            #expect(reach <= grain, hint)
        } else {
            #expect(missing(found.lots) < missing(0), hint)
        }
    }
}

@Test(
    arguments: [
        // Freed, cost; freed, cost; whether the first is better.
        (10, 1, 9, 1, true), (10, 1, 10, 1, false), (10, 2, 9, 1, false), (20, 2, 9, 1, true),
        // What costs nothing counts as costing a µ.
        (10, 0, 10, 1, false), (11, 0, 10, 1, true), (.max, 1, .max, 2, true),
    ] as [(Int64, Int64, Int64, Int64, Bool)])
private func whatFreesMoreForItsCostIsBetter(
    freed: Int64, cost: Int64, otherFreed: Int64, otherCost: Int64, isBetter: Bool
) {
    let one = ClosingPrice(freed: Amount(microunits: freed), cost: Amount(microunits: cost))
    let other = ClosingPrice(
        freed: Amount(microunits: otherFreed), cost: Amount(microunits: otherCost))
    #expect(one.isBetter(than: other) == isBetter)
}

/// A lot of ETH, worth $1 at $1,000.
private func candidate(lots: Int64) throws -> ClosingCandidate {
    let instrument = CatalogueFixture.instruments[1]
    var risk = InstrumentRisk(instrument: instrument, fractionBits: 6)
    let price = IndexPrice(micros: 1_000_000_000)
    try risk.reprice(
        mark: price, stable: price, fundingRate: .zero,
        parameters: .rampart(move: Ratio(basisPoints: 800)))
    return ClosingCandidate(
        risk: risk, instrument: InstrumentIdentifier(1), quantity: Quantity(lots: lots))
}

@Test func aLotMayCostWhatItFreesLessTheFee() throws {
    var withFee = rule
    withFee.fee = Ratio(basisPoints: 10)
    let long = try candidate(lots: 100)
    let freed = Amount(microunits: 2_000_000)
    // $2 by 100 lots is two cents a lot; the fee on a dollar is a tenth of a cent.
    #expect(rule.bearableCost(of: long, freed: freed, lots: Quantity(lots: 100)) == 20_000 << 6)
    #expect(withFee.bearableCost(of: long, freed: freed, lots: Quantity(lots: 100)) == 19_000 << 6)
    #expect(withFee.bearableCost(of: long, freed: .zero, lots: Quantity(lots: 1)) == -1_000 << 6)
}

@Test func anOrderIsNoWorseThanWhatALotMayCost() throws {
    let long = try candidate(lots: 100)
    let equity = Amount(microunits: 50_000_000)
    let rule = LiquidationParameters.standard
    func limit(_ bearable: Int64) -> Int64 {
        rule.closingOrder(
            for: long, lots: Quantity(lots: 1), equity: equity, elapsed: .zero, bearable: bearable
        ).limit.ticks
    }
    let mark = long.risk.markValue / (Int64(long.risk.instrument.tickValue) << 6)
    #expect(limit(0) == mark)
    #expect(limit(.max) < limit(2_000 << 6) && limit(2_000 << 6) < mark)
    // Two thousandths of a dollar a lot are so many ticks.
    #expect(mark - limit(2_000 << 6) == 2_000 / long.risk.instrument.tickValue)
}

@Test func aMoveIsProbedByAnEighthAndAtLeastALot() throws {
    for (lots, probe) in [(Int64(1), Int64(1)), (15, 1), (16, 2), (-800, 100)] {
        let move = ClosingMove(try candidate(lots: lots))
        #expect(move.probe.lots == probe && move.most.lots == abs(lots))
        #expect(move.sells == (lots > 0))
    }
}
