/// The lanes against a naive twin, over random positions, orders, fills and prices; and the audit
/// that finds what is wrong in them.
import Accounts
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import Markets
import TestKit
import Testing

@testable import Risk

/// One random change of a venue of three accounts.
private func step(_ venue: inout RiskVenue, using random: inout SeededGenerator) {
    let account = Int.random(in: 0..<3, using: &random)
    let place = Int.random(in: 0..<3, using: &random)
    let open = venue.orders[account].count
    switch Int.random(in: 0..<10, using: &random) {
    case 0...3 where open < 12:
        venue.place(
            account, place, Bool.random(using: &random) ? .buy : .sell,
            price: venue.price(place, reach: 300, using: &random),
            lots: .random(in: 1...5_000, using: &random), reduceOnly: Bool.random(using: &random))
    case 4 where open > 0:
        venue.cancel(account, at: .random(in: 0..<open, using: &random))
    case 5 where open > 0, 6 where open > 0:
        let slot = Int.random(in: 0..<open, using: &random)
        let order = venue.orders[account][slot]
        venue.fill(
            account, at: slot, against: (account + 1) % 3, price: order.price.ticks,
            lots: .random(in: 1...order.remaining.lots, using: &random), isMaker: true)
    case 7:
        venue.trade(
            buyer: account, seller: (account + 1) % 3, place,
            price: venue.price(place, reach: 300, using: &random),
            lots: .random(in: 1...9_000, using: &random))
    case 8:
        let base = venue.naive.prices[place].mark
        let mark = Int(base) / 1_000 * .random(in: 990...1_010, using: &random)
        venue.reprice(
            place, mark: mark, stable: mark / 1_000 * .random(in: 950...1_050, using: &random),
            fundingRate: .random(in: -7_500_000...7_500_000, using: &random))
    default:
        venue.balances.accrueFunding(
            .random(in: -(1 << 30)...(1 << 30), using: &random),
            of: InstrumentIdentifier(UInt16(place)))
    }
}

@Test(arguments: [UInt64(71), 72, 73])
func theLanesMatchAMarginThatKeepsNothing(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var venue = RiskVenue(accounts: 3)
    for round in 0..<1_500 {
        step(&venue, using: &random)
        for account in 0..<3 {
            if let difference = venue.difference(account) {
                Issue.record("\(difference), account \(account), seed \(seed), round \(round)")
                return
            }
        }
    }
}

@Test func everythingTakenBackLeavesNothing() {
    let seed: UInt64 = 74
    var random = SeededGenerator(seed: seed)
    var venue = RiskVenue(accounts: 3)
    for _ in 0..<300 { step(&venue, using: &random) }
    for account in 0..<3 {
        while !venue.orders[account].isEmpty { venue.cancel(account, at: 0) }
    }
    for account in 1..<3 {
        for place in 0..<3 {
            let held = venue.balances[venue.identifier(account)].quantity(
                of: InstrumentIdentifier(UInt16(place)))
            guard held != .zero else { continue }
            venue.trade(
                buyer: held.isPositive ? 0 : account, seller: held.isPositive ? account : 0, place,
                price: 1_000, lots: held.magnitude.lots)
        }
    }
    for account in 0..<3 {
        #expect(venue.risk.exposures(of: venue.identifier(account)).isEmpty, "seed \(seed)")
        #expect(venue.risk.underlyings(of: venue.identifier(account)).isEmpty, "seed \(seed)")
        #expect(venue.initial(account).requirement == .zero, "seed \(seed)")
        #expect(venue.difference(account) == nil, "seed \(seed)")
    }
}

@Test func exposuresCountPositionsAndOrdersBySide() {
    var venue = RiskVenue(accounts: 2)
    venue.trade(buyer: 0, seller: 1, 0, price: 600_000, lots: 50)
    venue.place(0, 0, .buy, price: 599_000, lots: 30)
    venue.place(0, 0, .sell, price: 601_000, lots: 70)
    venue.place(0, 0, .sell, price: 602_000, lots: 20, reduceOnly: true)
    venue.place(0, 0, .buy, price: 598_000, lots: 4, reduceOnly: true)
    let exposure = venue.risk.exposure(of: venue.identifier(0), in: InstrumentIdentifier(0))
    #expect(exposure.position.lots == 50)
    #expect(exposure.buys.lots == 34 && exposure.sells.lots == 90)
    #expect(exposure.reducingBuys.lots == 4 && exposure.reducingSells.lots == 20)
    #expect(exposure.grossReach.lots == 84)
    venue.place(0, 0, .sell, price: 602_000, lots: 100)
    #expect(
        venue.risk.exposure(of: venue.identifier(0), in: InstrumentIdentifier(0)).grossReach.lots
            == 140)
    let other = venue.risk.exposure(of: venue.identifier(1), in: InstrumentIdentifier(2))
    #expect(other == Exposure(instrument: InstrumentIdentifier(2)))
}

/// A venue with a position and an order, and what the audit says after it is spoilt.
private func audit(_ spoil: (inout RiskState) -> Void) -> String? {
    var venue = RiskVenue(accounts: 2)
    venue.trade(buyer: 0, seller: 1, 0, price: 600_000, lots: 50)
    venue.place(0, 1, .buy, price: 299_000, lots: 30)
    spoil(&venue.risk)
    return venue.risk.difference(
        for: venue.identifier(0), venue.balances[venue.identifier(0)], orders: venue.orders[0])
}

@Test func theAuditFindsWhatIsWrong() {
    #expect(audit { _ in } == nil)
    for vector in 0..<12 {
        for lane in [0, 3] {
            let found = audit { risk in
                let row = risk.row(risk.accounts[0], UnderlyingIdentifier(1))
                risk.table[row, vector][lane] += 1
            }
            #expect(found == "lanes of account 0, underlying 1, vector \(vector)")
        }
    }
    #expect(
        audit { $0.exposurePool[$0.accounts[0].exposures, 0].position += Quantity(lots: 1) }
            == "exposures of account 0")
    #expect(
        audit { $0.exposurePool[$0.accounts[0].exposures, 1].reducingBuys += Quantity(lots: 1) }
            == "exposures of account 0")
    #expect(
        audit { $0.accounts[0].underlyings.remove(UnderlyingIdentifier(1)) }
            == "underlyings of account 0")
    #expect(
        audit { $0.rowPool.remove(at: 1, from: &$0.accounts[0].rows) }
            == "underlyings of account 0")
    #expect(
        audit { $0.accounts[0].underlyings.insert(UnderlyingIdentifier(5)) }
            == "underlyings of account 0")
    // Another account's lanes are not this one's.
    #expect(
        audit { $0.table[$0.row($0.accounts[1], UnderlyingIdentifier(0)), 0][0] += 1 } == nil)
}

@Test func lanesAreStaleUntilTheyAreRebuilt() throws {
    var venue = RiskVenue(accounts: 2)
    venue.trade(buyer: 0, seller: 1, 0, price: 600_000, lots: 50)
    try venue.risk.reprice(
        InstrumentIdentifier(0), mark: IndexPrice(micros: 70_000_000_000),
        stable: IndexPrice(micros: 70_000_000_000), fundingRate: .zero)
    let state = venue.balances[venue.identifier(0)]
    #expect(venue.risk.difference(for: venue.identifier(0), state, orders: []) != nil)
    venue.rebuild(0, UnderlyingIdentifier(0))
    #expect(venue.risk.difference(for: venue.identifier(0), state, orders: []) == nil)
}

@Test func parametersForEveryUnderlyingAreNeeded() async {
    await #expect(processExitsWith: .failure) {
        _ = RiskState(
            catalogue: try CatalogueFixture.catalogue(),
            parameters: [.rampart(move: Ratio(basisPoints: 600))])
    }
}
