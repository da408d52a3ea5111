/// Options and spot: the price moves as cash at the fill, and the cost is only a record.
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import TestKit
import Testing

@testable import Accounts

private let call = InstrumentIdentifier(1)
private let first = AccountIdentifier(0)

/// Accounts with a deposit each, a perpetual, a pair of options and spot.
private func state(accounts: Int = 4) -> AccountsState {
    let catalogue = try! CatalogueFixture.catalogue(instruments: [
        CatalogueFixture.instrument(), CatalogueFixture.option("C", .call),
        CatalogueFixture.option("P", .put), CatalogueFixture.instrument("S", kind: .spot),
    ])
    var state = AccountsState(catalogue: catalogue)
    for number in 0..<accounts {
        let account = state.open(
            owner: AccountsFixture.key(UInt8(number)), compartment: AccountsFixture.majors)
        state.moveCapital(
            AccountsFixture.deposit, from: .vault(AccountsFixture.majors), to: .account(account))
    }
    return state
}

private struct PaidRow: Sendable {
    let name: String
    /// Lots and the price of one lot, in order.
    let fills: [(lots: Int64, price: Int64)]
    let quantity: Int64
    let cost: Int64
    let cash: Int64
    /// On hold.
    let profit: Int64
}

@Test(arguments: [
    PaidRow(name: "buys", fills: [(3, 10)], quantity: 3, cost: 30, cash: -30, profit: 0),
    PaidRow(name: "writes", fills: [(-3, 10)], quantity: -3, cost: -30, cash: 30, profit: 0),
    PaidRow(
        name: "sells what it bought", fills: [(3, 10), (-3, 12)], quantity: 0, cost: 0, cash: 6,
        profit: 6),
    PaidRow(
        name: "buys back what it wrote", fills: [(-3, 10), (3, 4)], quantity: 0, cost: 0, cash: 18,
        profit: 18),
    PaidRow(
        name: "loses what it paid", fills: [(3, 10), (-3, 0)], quantity: 0, cost: 0, cash: -30,
        profit: 0),
    PaidRow(
        name: "turns", fills: [(3, 10), (-5, 12)], quantity: -2, cost: -24, cash: 30, profit: 6),
    // Cost 31 for 3 lots: 11 are released for one, and a profit of 1 is on hold.
    PaidRow(
        name: "rounds the profit down", fills: [(2, 10), (1, 11), (-1, 12)], quantity: 2, cost: 20,
        cash: -19, profit: 1),
])
private func cashMovesAtTheFill(_ row: PaidRow) {
    var state = state()
    for fill in row.fills {
        state.trade(
            first, instrument: call, lots: Quantity(lots: fill.lots),
            lotNotional: Amount(microunits: fill.price), hour: 7)
    }
    let account = state[first]
    #expect(account.quantity(of: call).lots == row.quantity, "\(row.name)")
    #expect((account.positions.first?.cost.units ?? 0) == row.cost, "\(row.name)")
    #expect(account.cash.units - AccountsFixture.deposit.units == row.cash, "\(row.name)")
    #expect(account.heldProfit.held(at: 7).units == row.profit, "\(row.name)")
    #expect(account.positions.allSatisfy { $0.isPaid })
}

@Test func aPaidPositionCountsWithItsWholeWorthAndAnOwedOneBeyondItsCost() {
    for isPaid in [false, true] {
        var position = Position(instrument: call, fundingIndex: 0, isPaid: isPaid)
        _ = position.add(lots: Quantity(lots: 3), notional: Amount(microunits: 30))
        // 12 and three quarters a lot.
        #expect(position.equity(lotValue: 51, fractionBits: 2).units == (isPaid ? 38 : 8))
        #expect(position.unrealisedProfit(lotValue: 51, fractionBits: 2).units == 8)
        #expect(position.owedCost.units == (isPaid ? 0 : 30))
    }
}

@Test func aPaidPositionSurvivesItsEncoding() throws {
    var position = Position(instrument: call, fundingIndex: 0, isPaid: true)
    _ = position.add(lots: Quantity(lots: -3), notional: Amount(microunits: -30))
    #expect(try Position(canonicalBytes: position.canonicalBytes) == position)
}

@Test func noFillOfAnyKindCreatesMoney() throws {
    let seed: UInt64 = 71
    var random = SeededGenerator(seed: seed)
    var state = state(accounts: 6)
    for round in 0..<4_000 {
        let buyer = Int.random(in: 0..<6, using: &random)
        let seller = (buyer + .random(in: 1..<6, using: &random)) % 6
        let instrument = InstrumentIdentifier(.random(in: 0...3, using: &random))
        if round % 7 == 0 {
            let held = state[AccountIdentifier(place: buyer)].quantity(of: instrument)
            let other = state[AccountIdentifier(place: seller)].quantity(of: instrument)
            if held.isPositive, other.isNegative {
                state.closeAgainst(
                    long: AccountIdentifier(place: buyer), short: AccountIdentifier(place: seller),
                    instrument: instrument, lots: min(held, other.magnitude),
                    notional: Amount(microunits: .random(in: 0...1_000_000, using: &random)),
                    hour: 0)
            }
        }
        state.fill(
            buyer: buyer, seller: seller, instrument: instrument,
            lots: .random(in: 1...1_000, using: &random),
            lotNotional: .random(in: 0...1_000_000, using: &random))
        if round % 50 == 0 { try state.closeBooks() }
    }
    try state.closeBooks()
    try state.auditBooks()
}
