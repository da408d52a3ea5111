/// The exact rows of `facts/margin.md`, "Liquidation arithmetic with exact results", each also with
/// its sides flipped, and the limits of a closing order. The rows' rule: maintenance 5 % of the
/// notional, fee
/// 0.1 %, no buffer (exit level 1).
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import Risk
import TestKit
import Testing

@testable import Liquidation

/// The parameters of the rows; the band reaches as far as the whole margin.
private let rule = LiquidationParameters(
    exitLevel: .one, auctionLevel: .zero, firstBand: .one, lastBand: .one,
    bandTime: .seconds(30), fee: Ratio(basisPoints: 10))

/// 5 % for either side, nothing else.
private let margin: MarginParameters = {
    let moves = [Ratio(billionths: -1_000_000_000), .zero, .one].map {
        Scenario(move: $0, weight: .one)
    }
    let single = MarginRule(
        scenarios: moves, factor: .one, grossFloor: .zero, orderFloor: .zero)
    return MarginParameters(
        move: Ratio(basisPoints: 500), initial: single, maintenance: single)
}()

/// A position of so many whole units at a price in dollars: ETH in lots of 0.001 and ticks of
/// $0.01, BTC in lots of 0.0001 and ticks of $0.1.
private func candidate(_ place: Int, units: Int64, price: Int64) -> ClosingCandidate {
    let instrument = CatalogueFixture.instruments[place]
    var risk = InstrumentRisk(instrument: instrument, fractionBits: 6)
    let mark = IndexPrice(micros: price * 1_000_000)
    try! risk.reprice(mark: mark, stable: mark, fundingRate: .zero, parameters: margin)
    return ClosingCandidate(
        risk: risk, instrument: InstrumentIdentifier(UInt16(place)),
        quantity: Quantity(lots: units * 1_000_000_000 / instrument.lotSize))
}

private struct ClosingRow: Sendable {
    let name: String
    /// Signed whole ETH, the mark, the account's equity and what it requires, in dollars.
    let units: Int64
    let price: Int64
    let equity: Int64
    let requirement: Int64
    /// Whole ETH to close, the limit in dollars, fee in cents.
    let close: Int64
    let limit: Int64
    let fee: Int64
}

@Test(arguments: [
    ClosingRow(
        name: "1", units: 10, price: 1_800, equity: 180, requirement: 900, close: 8, limit: 1_782,
        fee: 1_440),
    ClosingRow(
        name: "1 flipped", units: -10, price: 1_800, equity: 180, requirement: 900, close: 8,
        limit: 1_818, fee: 1_440),
    ClosingRow(
        name: "4 and 5", units: 10, price: 1_700, equity: -200, requirement: 850, close: 10,
        limit: 1_700, fee: 0),
    ClosingRow(
        name: "4 and 5 flipped", units: -10, price: 1_700, equity: -200, requirement: 850,
        close: 10, limit: 1_700, fee: 0),
    ClosingRow(
        name: "edge", units: 10, price: 2_200, equity: 550, requirement: 1_100, close: 5,
        limit: 2_145, fee: 1_100),
    ClosingRow(
        name: "edge flipped", units: -10, price: 2_200, equity: 550, requirement: 1_100, close: 5,
        limit: 2_255, fee: 1_100),
    ClosingRow(
        name: "exactly at maintenance", units: 10, price: 1_800, equity: 900, requirement: 900,
        close: 0, limit: 1_710, fee: 0),
])
private func theClosingOrderIsThatOfTheFacts(_ row: ClosingRow) throws {
    let candidate = candidate(1, units: row.units, price: row.price)
    let equity = Amount(microunits: row.equity * 1_000_000)
    #expect(candidate.margin == row.price * 500_000, "\(row.name)")
    let lots = rule.lotsToClose(
        of: candidate, requirement: Amount(microunits: row.requirement * 1_000_000),
        equity: equity)
    #expect(lots.lots == row.close * 1_000, "\(row.name)")
    let order = rule.closingOrder(for: candidate, lots: lots, equity: equity, elapsed: .zero)
    #expect(order.limit.ticks == row.limit * 100, "\(row.name)")
    #expect(order.sells == (row.units > 0), "\(row.name)")
    #expect(order.lots == lots && order.instrument == InstrumentIdentifier(1), "\(row.name)")
    // The row's fill is at the mark, which leaves the equity as it is.
    let notional = Amount(microunits: row.close * row.price * 1_000_000)
    #expect(
        rule.closingFee(notional: notional, equity: equity).units == row.fee * 10_000,
        "\(row.name)")
}

/// Row 7: 10 ETH from 2,000 and 1 BTC from 50,000 at 1,900 and 47,000, with a margin of 7,065. The
/// BTC frees more and goes first: 0.1 of it, at no worse than 43,935 (long) or 50,065 (short).
@Test(arguments: [Int64(1), -1])
func rowSevenClosesATenthOfABitcoin(sign: Int64) {
    let ether = candidate(1, units: 10 * sign, price: 1_900)
    let bitcoin = candidate(0, units: sign, price: 47_000)
    let equity = Amount(microunits: 3_065_000_000)
    #expect(ether.margin + bitcoin.margin == 3_300_000_000)
    let ranked = rule.ranking(of: [ether, bitcoin])
    #expect(ranked.map(\.instrument.number) == [0, 1])
    let lots = rule.lotsToClose(
        of: ranked[0], requirement: Amount(microunits: 3_300_000_000), equity: equity)
    #expect(lots.lots == 1_000)
    // The margin of the BTC, 2,350, is nearer than its bankruptcy price.
    let order = rule.closingOrder(for: ranked[0], lots: lots, equity: equity, elapsed: .zero)
    #expect(order.limit.ticks == 470_000 - sign * 23_500)
    #expect(sign > 0 ? order.limit.ticks >= 439_350 : order.limit.ticks <= 500_650)
    let fee = rule.closingFee(notional: Amount(microunits: 4_700_000_000), equity: equity)
    #expect(fee.units == 4_700_000)
}

/// The bankruptcy price divides by the whole position, not by what is closed (a fault that a peer
/// had).
@Test func theLimitDoesNotDependOnHowMuchIsClosed() {
    let whole = candidate(1, units: 10, price: 1_800)
    let equity = Amount(microunits: 180_000_000)
    for lots in [Int64(1), 8_000, 10_000] {
        let order = rule.closingOrder(
            for: whole, lots: Quantity(lots: lots), equity: equity, elapsed: .zero)
        #expect(order.limit.ticks == 178_200)
    }
}

@Test func theExitLevelAsksForMoreThanMaintenance() {
    var buffered = rule
    buffered.exitLevel = Ratio(basisPoints: 12_000)
    // Row 1 at 1.2: (1,080 − 180) / (1.2 · 90) = 8⅓ ETH.
    let lots = buffered.lotsToClose(
        of: candidate(1, units: 10, price: 1_800), requirement: Amount(microunits: 900_000_000),
        equity: Amount(microunits: 180_000_000))
    #expect(lots.lots == 8_334)
}

@Test func closingTheStatedLotsReachesTheExitLevelAndOneLessDoesNot() {
    let seed: UInt64 = 81
    var random = SeededGenerator(seed: seed)
    for round in 0..<5_000 {
        var parameters = rule
        parameters.exitLevel = Ratio(basisPoints: .random(in: 10_000...15_000, using: &random))
        let units = Int64.random(in: 1...40, using: &random) * (round % 2 == 0 ? 1 : -1)
        let candidate = candidate(1, units: units, price: .random(in: 500...5_000, using: &random))
        let required = candidate.margin
        let equity = Int64.random(in: 0..<required, using: &random)
        let lots = parameters.lotsToClose(
            of: candidate, requirement: Amount(microunits: required),
            equity: Amount(microunits: equity))
        // Margin left after a close at the mark, against equity, which that does not change.
        let all = candidate.quantity.magnitude.lots
        func isEnough(_ closed: Int64) -> Bool {
            let left = Int128(required) * Int128(all - closed) * Int128(parameters.exitLevel.units)
            return left <= Int128(equity) * Int128(all) * 1_000_000_000
        }
        #expect(lots.lots <= all, "seed \(seed)")
        #expect(isEnough(lots.lots), "seed \(seed), round \(round)")
        #expect(!isEnough(lots.lots - 1), "seed \(seed), round \(round)")
    }
}

@Test func theLimitIsNeverWorseThanTheBankruptcyPrice() {
    let seed: UInt64 = 82
    var random = SeededGenerator(seed: seed)
    for round in 0..<5_000 {
        let place = Int.random(in: 0...1, using: &random)
        let units = Int64.random(in: 1...20, using: &random) * (round % 2 == 0 ? 1 : -1)
        let price = Int64.random(in: 500...5_000, using: &random)
        let candidate = candidate(place, units: units, price: price)
        let equity = Int64.random(in: -500_000_000...2 * candidate.margin, using: &random)
        let order = LiquidationParameters.standard.closingOrder(
            for: candidate, lots: candidate.quantity.magnitude,
            equity: Amount(microunits: equity),
            elapsed: .seconds(.random(in: 0...40, using: &random)))
        // What closing all of it at the limit costs, against the mark.
        let ticks = price * 1_000_000 / candidate.risk.instrument.tickSize.units
        let away = units > 0 ? ticks - order.limit.ticks : order.limit.ticks - ticks
        let cost = away * 10 * candidate.quantity.magnitude.lots
        #expect(cost <= max(0, equity), "seed \(seed), round \(round)")
        #expect(away >= 0, "seed \(seed), round \(round)")
        if equity <= 0 { #expect(away == 0, "seed \(seed), round \(round)") }
        // Nor beyond three quarters of the position's own margin.
        #expect(cost * 4 <= candidate.margin * 3, "seed \(seed), round \(round)")
        #expect(order.lots <= candidate.quantity.magnitude && order.sells == (units > 0))
    }
}

@Test func theFeeIsNeverMoreThanTheEquityThatIsLeft() {
    for (notional, equity, fee) in [
        (Int64(14_400_000_000), Int64(180_000_000), Int64(14_400_000)),
        (14_400_000_001, 180_000_000, 14_400_001), (14_400_000_000, 14_400_000, 14_400_000),
        (14_400_000_000, 14_399_999, 14_399_999), (14_400_000_000, 0, 0),
        (14_400_000_000, -1, 0), (0, 500, 0), (1, 500, 1),
    ] {
        let charged = rule.closingFee(
            notional: Amount(microunits: notional), equity: Amount(microunits: equity))
        #expect(charged.units == fee)
    }
}

@Test func candidatesAreRankedByWhatTheyFreeThenByInstrument() {
    let equal = [candidate(1, units: -10, price: 1_800), candidate(0, units: 1, price: 18_000)]
    #expect(rule.ranking(of: equal).map(\.instrument.number) == [0, 1])
    let more = [candidate(0, units: 1, price: 18_000), candidate(1, units: -10, price: 1_801)]
    #expect(rule.ranking(of: more).map(\.instrument.number) == [1, 0])
    #expect(rule.ranking(of: []).isEmpty)
}
