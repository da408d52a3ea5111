/// Assets in and out of their vault: law 2, and what becomes of the cost of record.
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import TestKit
import Testing

@testable import Accounts

private let spot = InstrumentIdentifier(1)
private let first = AccountIdentifier(0)
private let second = AccountIdentifier(1)

/// Two accounts with a deposit each, a perpetual and spot.
private func state() -> AccountsState {
    let catalogue = try! CatalogueFixture.catalogue(instruments: [
        CatalogueFixture.instrument(), CatalogueFixture.instrument("S", kind: .spot),
    ])
    var state = AccountsState(catalogue: catalogue)
    for number in 0..<2 {
        let account = state.open(
            owner: AccountsFixture.key(UInt8(number)), compartment: AccountsFixture.majors)
        state.moveCapital(
            AccountsFixture.deposit, from: .vault(AccountsFixture.majors), to: .account(account))
    }
    return state
}

extension AccountsState {
    fileprivate mutating func deposit(_ lots: Int64, cost: Int64, to account: AccountIdentifier) {
        depositAsset(
            Quantity(lots: lots), of: spot, to: account, cost: Amount(microunits: cost),
            worth: Amount(microunits: cost))
    }

    fileprivate func cost(_ account: AccountIdentifier) -> Int64 {
        self[account].positions.first { $0.instrument == spot }?.cost.units ?? 0
    }
}

@Test func holdingsSumToWhatTheVaultHolds() throws {
    var state = state()
    state.deposit(10, cost: 1_000, to: first)
    state.deposit(5, cost: 700, to: second)
    try state.closeBooks()
    try state.auditBooks()
    #expect(state.totals[1].holdings.lots == 15 && state.totals[1].openInterest.lots == 15)
    state.fill(buyer: 0, seller: 1, instrument: spot, lots: 5, lotNotional: 120)
    #expect(state.quantity(of: second, in: spot) == .zero)
    state.withdrawAsset(
        Quantity(lots: 4), of: spot, from: first, worth: Amount(microunits: 400))
    try state.closeBooks()
    try state.auditBooks()
    #expect(state.totals[1].holdings.lots == 11)
    state.transferAsset(
        Quantity(lots: 11), of: spot, from: first, to: second, worth: Amount(microunits: 1_100))
    #expect(state[first].positions.isEmpty)
    try state.closeBooks()
    try state.auditBooks()
}

@Test func aHoldingThatTheVaultLacksBreaksTheSecondLaw() {
    var state = state()
    state.deposit(10, cost: 1_000, to: first)
    state.totals[1].holdings -= Quantity(lots: 1)
    #expect(throws: ConservationBreach.quantity(spot, sum: 1)) { try state.closeBooks() }
    #expect(throws: ConservationBreach.quantity(spot, sum: 1)) { try state.auditBooks() }
}

@Test func aDepositIsNoProfitAndItsSaleIsOneOnlyBeyondItsCost() {
    var state = state()
    state.deposit(10, cost: 1_000, to: first)
    #expect(state[first].heldProfit.held(at: 0) == .zero)
    #expect(state[first].anchors.today == AccountsFixture.deposit + Amount(microunits: 1_000))
    state.fill(buyer: 1, seller: 0, instrument: spot, lots: 4, lotNotional: 103)
    #expect(state[first].heldProfit.held(at: 0).units == 12)
    #expect(state[first].cash == AccountsFixture.deposit + Amount(microunits: 412))
}

/// 100 for 3 lots: one lot takes 34 with it, the next 33, the last what is left.
@Test func lotsLeaveWithTheirShareOfTheCost() {
    var state = state()
    state.deposit(3, cost: 100, to: first)
    for (left, there) in [(66, 34), (33, 67), (0, 100)] as [(Int64, Int64)] {
        state.transferAsset(
            Quantity(lots: 1), of: spot, from: first, to: second, worth: Amount(microunits: 33))
        #expect(state.cost(first) == left && state.cost(second) == there)
    }
    #expect(state[first].cash == AccountsFixture.deposit)
    #expect(state[first].heldProfit.held(at: 0) == .zero)
}
