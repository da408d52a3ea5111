/// Health: the worst subset of fills, fills that never lower it, the worse of mark and stable
/// price, the floors, funding, and what may leave.
import Accounts
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import Markets
import TestKit
import Testing

@testable import Risk

/// In each scenario the worst subset of fills is exactly what L + O says, where floors and fees are
/// zero.
@Test func noSubsetOfFillsIsWorseThanTheLanesSay() {
    let seed: UInt64 = 75
    var random = SeededGenerator(seed: seed)
    let parameters = [600, 800].map { move in
        MarginParameters.rampart(
            move: Ratio(basisPoints: move), grossFloor: .zero, orderFloor: .zero)
    }
    for round in 0..<60 {
        var venue = RiskVenue(
            accounts: 2, parameters: parameters, tier: CatalogueFixture.tier(maker: 0, taker: 0))
        for place in [0, 2] {
            venue.trade(
                buyer: round % 2, seller: 1 - round % 2, place,
                price: venue.price(place, reach: 300, using: &random),
                lots: .random(in: 1...5_000, using: &random))
        }
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let place = Bool.random(using: &random) ? 0 : 2
            venue.place(
                0, place, Bool.random(using: &random) ? .buy : .sell,
                price: venue.price(place, reach: 900, using: &random),
                lots: .random(in: 1...5_000, using: &random))
        }
        let rule = parameters[0].initial
        let account = venue.balances[venue.identifier(0)]
        let row = venue.risk.row(venue.risk.accounts[0], UnderlyingIdentifier(0))
        for (number, scenario) in rule.scenarios.enumerated() {
            let held = account.positions.reduce(Int128(0)) {
                $0 + Int128($1.quantity.lots)
                    * venue.naive.gain(Int($1.instrument.number), scenario, rule)
            }
            let gains = venue.orders[0].map { order in
                let place = Int(order.instrument.number)
                let worth = venue.naive.worth(place, at: venue.naive.prices[place].mark)
                let limit = Int128(order.price.ticks * 10) * venue.naive.bits(place)
                return Int128(order.side.sign * order.remaining.lots)
                    * (worth - limit + venue.naive.gain(place, scenario, rule))
            }
            var worst = Int128.max
            for subset in 0..<(1 << gains.count) {
                var sum = held
                for (bit, gain) in gains.enumerated() where subset >> bit & 1 == 1 { sum += gain }
                worst = min(worst, sum)
            }
            let kept =
                venue.risk.table[row, number / 4][number % 4]
                + venue.risk.table[row, 2 * venue.risk.table.count + number / 4][number % 4]
            #expect(Int128(kept) == worst, "seed \(seed), round \(round), scenario \(number)")
        }
    }
}

/// Admitted portfolios, filled at the limit or better, in parts, with fees: health may lose what
/// rounding takes, four micro-units a fill, and no more.
@Test func aFillAtTheLimitOrBetterNeverLowersInitialHealth() {
    let seed: UInt64 = 76
    var random = SeededGenerator(seed: seed)
    var fills = 0
    var lowered = 0
    for round in 0..<300 {
        var venue = RiskVenue(accounts: 2, tier: CatalogueFixture.feeTiers[round % 3])
        for place in 0..<3 {
            let mark = Int(venue.naive.prices[place].mark)
            venue.reprice(
                place, mark: mark, stable: mark / 1_000 * .random(in: 900...1_100, using: &random),
                fundingRate: .random(in: -100_000...100_000, using: &random))
            venue.trade(
                buyer: round % 2, seller: 1 - round % 2, place,
                price: venue.price(place, reach: 100, using: &random),
                lots: .random(in: 1...2_000, using: &random))
        }
        for _ in 0..<10 {
            let place = Int.random(in: 0..<3, using: &random)
            venue.place(
                0, place, Bool.random(using: &random) ? .buy : .sell,
                price: venue.price(place, reach: 500, using: &random),
                lots: .random(in: 1...3_000, using: &random))
            if venue.initial(0).health.isNegative {
                venue.cancel(0, at: venue.orders[0].count - 1)
            }
        }
        while !venue.orders[0].isEmpty {
            let slot = Int.random(in: venue.orders[0].indices, using: &random)
            let order = venue.orders[0][slot]
            let better = Int64.random(in: 0...2, using: &random)
            let before = venue.initial(0).health
            venue.fill(
                0, at: slot, against: 1, price: order.price.ticks - order.side.sign * better,
                lots: .random(in: 1...order.remaining.lots, using: &random),
                isMaker: Bool.random(using: &random))
            let after = venue.initial(0).health
            #expect(
                after.units >= before.units - 4,
                "seed \(seed), round \(round), \(before.units - after.units) µ lost")
            fills += 1
            if after < before { lowered += 1 }
        }
    }
    #expect(fills > 2_000, "seed \(seed), \(lowered) lowered")
}

/// The same with a fill worse than the limit does lower it: the property above can fail.
@Test func aFillWorseThanTheLimitLowersInitialHealth() {
    var venue = RiskVenue(accounts: 2)
    venue.place(0, 0, .buy, price: 660_000, lots: 1_000)
    let before = venue.initial(0).health
    venue.fill(0, at: 0, against: 1, price: 661_000, lots: 1_000, isMaker: false)
    #expect(venue.initial(0).health.units < before.units - 1_000_000)
}

@Test func initialMarginTakesTheWorseOfMarkAndStableForBothSides() {
    // 1,000 lots of 0.0001 BTC are 0.1 BTC: $1,000 of price are $100.
    for (stable, long, short) in [
        (60_000, Int64(0), Int64(0)), (59_000, -100_000_000, 0), (61_000, 0, -100_000_000),
    ] {
        var venue = RiskVenue(accounts: 2)
        venue.trade(buyer: 0, seller: 1, 0, price: 600_000, lots: 1_000)
        venue.reprice(0, mark: 60_000_000_000, stable: stable * 1_000_000, fundingRate: 0)
        let start: Int64 = 100_000_000_000
        #expect(venue.initial(0).equity.units == start + long)
        #expect(venue.initial(1).equity.units == start + short)
        #expect(venue.maintenance(0).equity.units == start)
        #expect(venue.maintenance(1).equity.units == start)
    }
}

@Test func aFarOrderCostsTheOrderFloorAndTheGrossFloor() {
    var venue = RiskVenue(accounts: 1)
    // $6,000 of notional, so far below the mark that no scenario makes it lose.
    venue.place(0, 0, .buy, price: 300_000, lots: 1_000)
    let margin = venue.initial(0)
    #expect(margin.scenarioLoss.units == 60_000_000)
    #expect(margin.charges.units == 30_000_000)
    #expect(venue.maintenance(0).requirement == .zero)
    venue.cancel(0, at: 0)
    #expect(venue.initial(0).requirement == .zero)
}

@Test func aPositionCostsItsWorstScenarioAndFloors() {
    var venue = RiskVenue(accounts: 2)
    venue.trade(buyer: 0, seller: 1, 0, price: 600_000, lots: 1_000)
    venue.reprice(0, mark: 60_000_000_000, stable: 60_000_000_000, fundingRate: 100_000)
    // $6,000: 6 % × 1.5 and 0.5 %; for maintenance 6 %, 0.5 %, and the long's funding, 0.01 %.
    #expect(venue.initial(0).requirement.units == 540_000_000 + 30_000_000)
    #expect(venue.initial(1).requirement.units == 540_000_000 + 30_000_000)
    #expect(venue.maintenance(0).requirement.units == 360_000_000 + 30_000_000 + 600_000)
    #expect(venue.maintenance(1).requirement.units == 360_000_000 + 30_000_000)
    venue.reprice(0, mark: 60_000_000_000, stable: 60_000_000_000, fundingRate: -100_000)
    #expect(venue.maintenance(0).requirement.units == 390_000_000)
    #expect(venue.maintenance(1).requirement.units == 390_600_000)
}

@Test func positionsThatHedgeEachOtherCostOnlyTheFloors() {
    var venue = RiskVenue(accounts: 2)
    venue.trade(buyer: 0, seller: 1, 0, price: 600_000, lots: 1_000)
    venue.trade(buyer: 1, seller: 0, 2, price: 60_000, lots: 10_000)
    #expect(venue.initial(0).scenarioLoss == .zero)
    #expect(venue.initial(0).charges.units == 60_000_000)
    // Another underlying does not hedge.
    venue.trade(buyer: 1, seller: 0, 1, price: 300_000, lots: 2_000)
    #expect(venue.initial(0).scenarioLoss.units == 720_000_000)
}

@Test func anAdjustmentIsTheFillThatItDescribes() {
    let seed: UInt64 = 77
    var random = SeededGenerator(seed: seed)
    for _ in 0..<300 {
        var venue = RiskVenue(accounts: 2)
        for place in 0..<3 {
            venue.trade(
                buyer: 0, seller: 1, place, price: venue.price(place, reach: 300, using: &random),
                lots: .random(in: 1...5_000, using: &random))
        }
        let place = Int.random(in: 0..<3, using: &random)
        let instrument = InstrumentIdentifier(UInt16(place))
        let held = venue.balances[venue.identifier(0)].quantity(of: instrument)
        let lots = Int64.random(in: 1...held.lots, using: &random)
        let price = venue.price(place, reach: 300, using: &random)
        let cost = Amount(microunits: -lots * price * 10)
        let said = venue.risk.maintenanceMargin(
            of: venue.identifier(0), in: venue.balances,
            adjustment: Adjustment(
                instrument: instrument, lots: Quantity(lots: -lots), cost: cost))
        venue.trade(buyer: 1, seller: 0, place, price: price, lots: lots)
        let done = venue.maintenance(0)
        // Parts are rounded apart: one micro-unit each for the value before and the change.
        #expect(abs(said.equity.units - done.equity.units) <= 2, "seed \(seed)")
        #expect(said.requirement == done.requirement, "seed \(seed)")
    }
}

@Test func whatMayLeaveIsNeitherNeededNorUnrealisedNorOnHold() {
    var venue = RiskVenue(accounts: 2)
    func free(_ venue: borrowing RiskVenue, hour: UInt64 = 0) -> Int64 {
        venue.risk.withdrawable(
            of: venue.identifier(0), in: venue.balances, hour: hour
        ).units
    }
    let start: Int64 = 100_000_000_000
    #expect(free(venue) == start)
    venue.trade(buyer: 0, seller: 1, 0, price: 600_000, lots: 1_000)
    #expect(free(venue) == start - 570_000_000)
    // The price doubles: the profit is $6,000, and none of it may leave; margin doubles.
    venue.reprice(0, mark: 120_000_000_000, stable: 120_000_000_000, fundingRate: 0)
    #expect(venue.initial(0).unrealisedProfit.units == 6_000_000_000)
    #expect(venue.initial(0).equity.units == start + 6_000_000_000)
    #expect(free(venue) == start - 1_140_000_000)
    // Realised, it waits.
    venue.trade(buyer: 1, seller: 0, 0, price: 1_200_000, lots: 1_000)
    #expect(free(venue, hour: 0) == start)
    #expect(free(venue, hour: 1) == start)
    #expect(free(venue, hour: 2) == start + 6_000_000_000)
    // The loser has what is left; nobody has less than nothing.
    venue.balances.transfer(
        Amount(microunits: 200_000_000_000), from: .account(venue.identifier(0)),
        to: .fees(RiskVenue.home))
    #expect(free(venue, hour: 2) == 0)
}

/// An amendment is one step: the health that it returns is the one that follows, and its reverse
/// leaves no trace, whatever changed in it.
@Test(arguments: [UInt64(78), 79])
func aChangeSaysItsHealthAndCanBeTakenBack(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var venue = RiskVenue(accounts: 2)
    for round in 0..<600 {
        if round % 20 == 0 {
            venue.trade(
                buyer: round % 40 / 20, seller: 1 - round % 40 / 20, round / 20 % 3,
                price: venue.price(round / 20 % 3, reach: 300, using: &random),
                lots: .random(in: 1...4_000, using: &random))
        }
        let place = Int.random(in: 0..<3, using: &random)
        let side: Side = Bool.random(using: &random) ? .buy : .sell
        let price = venue.price(place, reach: 400, using: &random)
        let lots = Int64.random(in: 1...3_000, using: &random)
        if venue.orders[0].count < 9 { venue.place(0, place, side, price: price, lots: lots) }
        let slot = Int.random(in: venue.orders[0].indices, using: &random)
        let order = venue.orders[0][slot]
        let new = OrderSize(
            price: Price(ticks: order.price.ticks + .random(in: -99...99, using: &random)),
            lots: Quantity(lots: round % 7 == 0 ? 0 : .random(in: 1...3_000, using: &random)))
        let change = OrderChange(
            account: venue.identifier(0), instrument: order.instrument, side: order.side,
            reduceOnly: order.reduceOnly, tier: venue.tier,
            from: OrderSize(price: order.price, lots: order.remaining), to: new)
        let before = venue.risk.initialHealth(of: venue.identifier(0), in: venue.balances)
        let said = venue.risk.apply(change, in: venue.balances)
        #expect(
            said == venue.risk.initialHealth(of: venue.identifier(0), in: venue.balances),
            "seed \(seed), round \(round)")
        let after = venue.risk.apply(change.reversed, in: venue.balances)
        #expect(after == before, "seed \(seed), round \(round)")
        #expect(venue.difference(0) == nil, "seed \(seed), round \(round)")
        if round % 3 == 0 { venue.cancel(0, at: slot) }
    }
}
