/// Funding is zero-sum to the last 2⁻²⁴ of a micro-unit: what one side pays and the other does not
/// get lies in the named remainder, and only whole micro-units of that leave for the insurance
/// fund.
import Canonical
import Catalogue
import FixedPoint
import TestKit
import Testing

@testable import Accounts

private let bitcoin = AccountsFixture.bitcoin
private let unit = Int128(1) << Funding.fractionBits

@Test func aPositionPaysItsLotsTimesTheIndexRoundedUp() {
    // 2²⁴ units of index are one micro-unit per lot.
    for (lots, step, paid) in [
        (Int64(3), Int64(1) << 24, Int64(3)), (3, 1, 1), (-3, 1, 0), (-3, 1 << 24, -3),
        (-3, -1, 1), (3, -1, 0), (5, 1 << 23, 3), (-5, 1 << 23, -2), (3, 0, 0),
    ] {
        var state = AccountsFixture.state()
        state.fill(
            buyer: lots > 0 ? 0 : 1, seller: lots > 0 ? 1 : 0, instrument: bitcoin,
            lots: abs(lots), lotNotional: 100)
        state.accrueFunding(step, of: bitcoin)
        let position = state[AccountIdentifier(0)].positions[0]
        let index = state.totals[0].fundingIndex
        #expect(position.fundingOwed(at: index) == Int128(lots) * Int128(step))
        #expect(position.fundingOwedRoundedUp(at: index).units == paid)
        state.settleFunding(AccountIdentifier(0), instrument: bitcoin)
        #expect(state[AccountIdentifier(0)].cash == AccountsFixture.deposit - Amount(units: paid))
        #expect(state.funds[0].fundingRemainder == Int128(paid) * unit - Int128(lots * step))
        #expect(state[AccountIdentifier(0)].positions[0].fundingOwed(at: index) == 0)
    }
}

@Test func fundingIsZeroSumOverThousandsOfPositionsAndMoves() throws {
    let seed: UInt64 = 33
    var random = SeededGenerator(seed: seed)
    let count = 40
    var state = AccountsFixture.state(accounts: count)
    var swept: Int64 = 0
    for round in 0..<4_000 {
        let message: Comment = "seed \(seed), round \(round)"
        state.randomFill(count: count, using: &random)
        let instrument = InstrumentIdentifier(.random(in: 0...1, using: &random))
        state.accrueFunding(.random(in: -(1 << 30)...(1 << 30), using: &random), of: instrument)
        let payer = AccountIdentifier(place: .random(in: 0..<count, using: &random))
        // The naive twin: exact owed; paid is the least whole number of micro-units above it.
        let index = state.totals[Int(instrument.number)].fundingIndex
        let held = state[payer].positions.first { $0.instrument == instrument }
        let owed =
            held.map { Int128($0.quantity.lots) * Int128(index - $0.fundingIndex) } ?? 0
        let before = state[payer].cash.units
        state.settleFunding(payer, instrument: instrument)
        let paid = Int128(before - state[payer].cash.units) * unit
        #expect(paid >= owed && paid < owed + unit, message)
        if round % 100 == 0 {
            let insurance = state.funds[0].insurance.units
            state.sweepFundingRemainders()
            swept += state.funds[0].insurance.units - insurance
            #expect((0..<unit).contains(state.funds[0].fundingRemainder), message)
            try state.closeBooks()
        }
    }
    try state.closeBooks()
    try state.auditBooks()
    #expect(swept > 100, "seed \(seed)")
}

@Test func settlingEveryoneLeavesNothingButTheRemainder() throws {
    let seed: UInt64 = 34
    var random = SeededGenerator(seed: seed)
    var state = AccountsFixture.state(accounts: 30)
    // One price for all, so that no profit hides what funding moves.
    for _ in 0..<500 {
        let buyer = Int.random(in: 0..<30, using: &random)
        state.fill(
            buyer: buyer, seller: (buyer + 7) % 30, instrument: bitcoin,
            lots: .random(in: 1...99, using: &random), lotNotional: 1_000)
    }
    let cashBefore = state.accounts.reduce(Int128(0)) { $0 + Int128($1.cash.units) }
    state.accrueFunding(123_456_789, of: bitcoin)
    for place in 0..<30 {
        state.settleFunding(AccountIdentifier(place: place), instrument: bitcoin)
    }
    let cash = state.accounts.reduce(Int128(0)) { $0 + Int128($1.cash.units) }
    #expect(state.funds[0].fundingRemainder == (cashBefore - cash) * unit, "seed \(seed)")
    #expect(state.funds[0].fundingRemainder >= 0, "seed \(seed)")
    try state.closeBooks()
}

@Test func aSweepTakesWholeMicroUnitsOnly() {
    for (remainder, whole) in [
        (Int128(0), Int64(0)), (1, 0), (unit - 1, 0), (unit, 1), (5 * unit + 3, 5),
    ] {
        var state = AccountsFixture.state()
        state.funds[0].fundingRemainder = remainder
        state.sweepFundingRemainders()
        #expect(state.funds[0].insurance.units == whole)
        #expect(state.funds[0].fundingRemainder == remainder - Int128(whole) * unit)
        #expect(state.funds[1].insurance == .zero)
    }
}

@Test func theFundingIndexStaysAtTheEndOfItsRange() {
    var state = AccountsFixture.state()
    state.accrueFunding(.max - 1, of: bitcoin)
    state.accrueFunding(1, of: bitcoin)
    #expect(state.totals[0].fundingIndex == .max)
    state.accrueFunding(1, of: bitcoin)
    #expect(state.totals[0].fundingIndex == .max)
    #expect(state.totals[1].fundingIndex == 0)
}
