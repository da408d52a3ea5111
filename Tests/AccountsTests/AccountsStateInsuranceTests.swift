/// What the insurance fund may pay: four limits, each on both sides, and the turn of the day.
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import TestKit
import Testing

@testable import Accounts

private let majors = AccountsFixture.majors
private let first = AccountIdentifier(0)

/// A fund of so many micro-units that pays `daily` and `account` (in billionths) of the usual
/// bases.
private func fund(of held: Int64, daily: Int64, account: Int64) -> AccountsState {
    var state = AccountsFixture.state(
        compartment: CatalogueFixture.compartment(daily: daily, account: account))
    state.transfer(Amount(microunits: held), from: .vault(majors), to: .insurance(majors))
    return state
}

private struct CoverRow: Sendable {
    let name: String
    var held: Int64 = 1_000
    var daily: Int64 = 1_000_000_000
    var account: Int64 = 1_000_000_000
    var shortfall: Int64 = 100_000
    var notional: Int64 = 100_000
    let cover: Int64
}

@Test(arguments: [
    CoverRow(name: "the shortfall, below all limits", shortfall: 999, cover: 999),
    CoverRow(name: "the shortfall is what the fund holds", shortfall: 1_000, cover: 1_000),
    CoverRow(name: "no more than the fund holds", shortfall: 1_001, cover: 1_000),
    CoverRow(name: "the daily share", daily: 50_000_000, cover: 50),
    CoverRow(name: "a shortfall at the daily share", daily: 50_000_000, shortfall: 50, cover: 50),
    CoverRow(name: "a shortfall below it", daily: 50_000_000, shortfall: 49, cover: 49),
    CoverRow(name: "the daily share rounded down", daily: 50_999_999, cover: 50),
    CoverRow(name: "the account's share", account: 5_000_000, cover: 500),
    CoverRow(
        name: "the account's share rounded down", account: 5_000_000, notional: 99_999, cover: 499),
    CoverRow(name: "a shortfall at it", account: 5_000_000, shortfall: 500, cover: 500),
    CoverRow(name: "nothing was closed", notional: 0, cover: 0),
    CoverRow(name: "nothing is missing", shortfall: 0, cover: 0),
    CoverRow(name: "an empty fund", held: 0, cover: 0),
    CoverRow(name: "a daily share of nothing", daily: 0, cover: 0),
])
private func theFundPaysTheLeastOfItsFourLimits(_ row: CoverRow) {
    let state = fund(of: row.held, daily: row.daily, account: row.account)
    let cover = state.insuranceCover(
        shortfall: Amount(microunits: row.shortfall), notional: Amount(microunits: row.notional),
        in: majors, day: 3)
    #expect(cover.units == row.cover, "\(row.name)")
}

@Test func theDailyShareIsUsedUpAndComesBackTheNextDay() throws {
    var state = fund(of: 1_000, daily: 100_000_000, account: 1_000_000_000)
    func cover(_ state: borrowing AccountsState, day: UInt64) -> Int64 {
        state.insuranceCover(
            shortfall: Amount(microunits: 500), notional: Amount(microunits: 9_999), in: majors,
            day: day
        ).units
    }
    #expect(cover(state, day: 3) == 100)
    state.payInsurance(Amount(microunits: 60), to: first, day: 3)
    #expect(cover(state, day: 3) == 40)
    state.payInsurance(Amount(microunits: 40), to: first, day: 3)
    #expect(cover(state, day: 3) == 0)
    #expect(state.funds[0].insurance.units == 900)
    #expect(state[first].cash.units == AccountsFixture.deposit.units + 100)
    // What comes in during the day does not raise the day's share.
    state.transfer(Amount(microunits: 5_000), from: .vault(majors), to: .insurance(majors))
    #expect(cover(state, day: 3) == 0)
    // The new day counts from what is held then.
    #expect(cover(state, day: 4) == 500)
    state.payInsurance(Amount(microunits: 500), to: first, day: 4)
    #expect(cover(state, day: 4) == 90)
    try state.closeBooks()
}

@Test func manyPaymentsOfADayTogetherStayInsideTheDailyShare() throws {
    let seed: UInt64 = 38
    var random = SeededGenerator(seed: seed)
    var state = fund(of: 1_000_000, daily: 50_000_000, account: 5_000_000)
    for day in UInt64(1)...20 {
        let atStart = state.funds[0].insurance.units
        var paid: Int64 = 0
        for _ in 0..<100 {
            let notional = Amount(microunits: .random(in: 0...1_000_000, using: &random))
            let part = state.insuranceCover(
                shortfall: Amount(microunits: .random(in: 0...10_000, using: &random)),
                notional: notional, in: majors, day: day)
            #expect(part.units * 200 <= notional.units, "seed \(seed)")
            state.payInsurance(part, to: first, day: day)
            paid += part.units
        }
        #expect(paid == atStart / 20, "seed \(seed), day \(day)")
    }
    try state.closeBooks()
}

@Test func anotherCompartmentsFundIsNotTouched() {
    var state = fund(of: 1_000, daily: 1_000_000_000, account: 1_000_000_000)
    state.payInsurance(Amount(microunits: 10), to: first, day: 1)
    #expect(state.funds[1] == CompartmentFunds())
    let cover = state.insuranceCover(
        shortfall: Amount(microunits: 10), notional: Amount(microunits: 10),
        in: AccountsFixture.longTail, day: 1)
    #expect(cover == .zero)
}
