/// The one `transfer`: both sides move by the same amount, what must not be negative stops the
/// program, and fees find their way to the venue and to the insurance fund.
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import TestKit
import Testing

@testable import Accounts

private let majors = AccountsFixture.majors
private let longTail = AccountsFixture.longTail
private let first = AccountIdentifier(0)

@Test func everyPairOfHoldersKeepsTheBooksBalanced() throws {
    let holders: [Holder] = [
        .account(first), .account(AccountIdentifier(1)), .insurance(majors), .fees(majors),
        .vault(majors),
    ]
    for source in holders {
        for target in holders {
            var state = AccountsFixture.state()
            state.transfer(Amount(microunits: 900), from: .vault(majors), to: .insurance(majors))
            state.transfer(Amount(microunits: 900), from: source, to: target)
            try state.closeBooks()
            try state.auditBooks()
        }
    }
}

@Test func aTransferMovesExactlyItsAmount() {
    var state = AccountsFixture.state()
    let vault = state.funds[0].vault
    state.transfer(Amount(microunits: 70), from: .account(first), to: .fees(majors))
    #expect(state[first].cash.units == AccountsFixture.deposit.units - 70)
    #expect(state.funds[0].fees.units == 70)
    #expect(state.funds[0].vault == vault)
    state.transfer(Amount(microunits: 30), from: .account(first), to: .vault(majors))
    #expect(state[first].cash.units == AccountsFixture.deposit.units - 100)
    #expect(state.funds[0].vault == vault - Amount(microunits: 30))
    #expect(state.funds[1] == CompartmentFunds())
}

@Test func anAccountMayGoBelowZero() {
    var state = AccountsFixture.state()
    state.transfer(
        AccountsFixture.deposit + Amount(microunits: 1), from: .account(first), to: .fees(majors))
    #expect(state[first].cash.units == -1)
}

@Test func transfersMarkWhatTheyTouchOnce() {
    var state = AccountsFixture.state()
    state.clearTouched()
    #expect(state.touched.isEmpty)
    state.transfer(.zero, from: .account(AccountIdentifier(2)), to: .account(first))
    state.transfer(.zero, from: .account(first), to: .fees(majors))
    #expect(state.touched == [AccountIdentifier(2), first])
    state.clearTouched()
    state.setFeeTier(1, of: first)
    #expect(state.touched == [first])
    #expect(state[first].feeTier == 1)
}

@Test func aNegativeTransferStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
        var state = AccountsFixture.state()
        state.transfer(
            Amount(microunits: -1), from: .account(AccountIdentifier(0)),
            to: .account(AccountIdentifier(1)))
    }
}

@Test func moneyThatWouldLeaveItsCompartmentStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
        var state = AccountsFixture.state()
        state.transfer(
            Amount(microunits: 1), from: .account(AccountIdentifier(0)),
            to: .account(AccountIdentifier(4)))
    }
    await #expect(processExitsWith: .failure) {
        var state = AccountsFixture.state()
        state.transfer(
            .zero, from: .insurance(AccountsFixture.majors), to: .fees(AccountsFixture.longTail))
    }
}

@Test func anInsuranceFundBelowZeroStopsTheProgram() async {
    var state = AccountsFixture.state()
    state.transfer(Amount(microunits: 5), from: .vault(majors), to: .insurance(majors))
    state.transfer(Amount(microunits: 5), from: .insurance(majors), to: .account(first))
    #expect(state.funds[0].insurance == .zero)
    await #expect(processExitsWith: .failure) {
        var state = AccountsFixture.state()
        state.transfer(
            Amount(microunits: 1), from: .insurance(AccountsFixture.majors),
            to: .account(AccountIdentifier(0)))
    }
}

@Test func aVaultBelowZeroStopsTheProgram() async {
    var state = AccountsFixture.state(accounts: 1)
    state.transfer(AccountsFixture.deposit, from: .account(first), to: .vault(majors))
    #expect(state.funds[0].vault == .zero)
    await #expect(processExitsWith: .failure) {
        var state = AccountsFixture.state(accounts: 1)
        state.transfer(
            AccountsFixture.deposit + Amount(microunits: 1),
            from: .account(AccountIdentifier(0)), to: .vault(AccountsFixture.majors))
    }
}

@Test func feesGoToTheVenueAndRebatesComeFromIt() throws {
    var state = AccountsFixture.state()
    state.chargeFee(Amount(microunits: 300), to: first)
    state.chargeFee(Amount(microunits: -100), to: AccountIdentifier(1))
    #expect(state.funds[0].fees.units == 200)
    #expect(state[first].cash.units == AccountsFixture.deposit.units - 300)
    #expect(state[AccountIdentifier(1)].cash.units == AccountsFixture.deposit.units + 100)
    try state.closeBooks()
}

@Test func insuranceGetsItsShareOfWhatATradeEarnedUntilItIsFull() throws {
    // One fifth, rounded down, up to a target of 100.
    for (held, earned, share) in [
        (Int64(0), Int64(9), Int64(1)), (0, 10, 2), (0, 4, 0), (95, 24, 4), (95, 25, 5),
        (95, 500, 5), (100, 500, 0), (101, 500, 0), (0, 0, 0),
    ] {
        var state = AccountsFixture.state(
            compartment: CatalogueFixture.compartment(insuranceTarget: 100))
        state.transfer(Amount(microunits: held), from: .vault(majors), to: .insurance(majors))
        state.chargeFee(Amount(microunits: 1_000), to: first)
        state.fillInsurance(from: Amount(microunits: earned), in: majors)
        #expect(state.funds[0].insurance.units == held + share)
        #expect(state.funds[0].fees.units == 1_000 - share)
        try state.closeBooks()
    }
}
