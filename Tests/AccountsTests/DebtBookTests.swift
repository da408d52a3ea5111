/// The book of debts against a count of everything, through random trades, transfers and
/// commitments.
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import TestKit
import Testing

@testable import Accounts

@Test(arguments: [1, 2, 3] as [UInt64])
private func theBookFollowsFromCashAndCommitments(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var state = AccountsFixture.state(accounts: 6)
    var commitments = [Amount](repeating: .zero, count: 7)
    var isOwed = false
    for _ in 0..<600 {
        let place = Int.random(in: 0..<6, using: &random)
        let account = AccountIdentifier(place: place)
        switch Int.random(in: 0...3, using: &random) {
        case 0: state.randomFill(count: 6, using: &random)
        case 1:
            let other = (place + .random(in: 1..<6, using: &random)) % 6
            state.transfer(
                Amount(microunits: .random(in: 0...900_000_000_000, using: &random)),
                from: .account(account), to: .account(AccountIdentifier(place: other)))
        case 2:
            let least = -commitments[place].units
            let change = Int64.random(in: least...2_000_000_000_000, using: &random)
            state.commit(Amount(microunits: change), by: account)
            commitments[place] += Amount(microunits: change)
        default:
            state.accrueFunding(.random(in: -1_000_000...1_000_000, using: &random), of: bitcoin)
            state.settleFunding(account, instrument: bitcoin)
        }
        #expect(state.debtDifference(commitments: commitments) == nil)
        isOwed = isOwed || state.debts.debtors.count > 1
    }
    #expect(isOwed)
}

private let bitcoin = AccountsFixture.bitcoin

/// Cash 10, committed 4: 6 are free, and what goes beyond is drawn.
@Test func aDrawBeginsWhereFreeCashEnds() {
    var state = AccountsFixture.state(accounts: 2)
    let account = AccountIdentifier(0)
    let home = AccountsFixture.majors
    let rest = AccountsFixture.deposit - Amount(microunits: 10)
    state.transfer(rest, from: .account(account), to: .account(AccountIdentifier(1)))
    state.commit(Amount(microunits: 4), by: account)
    for (amount, added) in [(0, 0), (5, 0), (6, 0), (7, 1), (20, 14)] {
        #expect(state.addedDraw(Amount(microunits: Int64(amount)), by: account) == Int128(added))
    }
    state.commit(Amount(microunits: 8), by: account)
    #expect(state.draws(in: home) == 2)
    for (amount, added) in [(0, 0), (1, 1), (7, 7)] {
        #expect(state.addedDraw(Amount(microunits: Int64(amount)), by: account) == Int128(added))
    }
    #expect(state.debts.debtors.isEmpty)
    // A fill at its limit: what was committed is spent, and the draw stays.
    state.transfer(
        Amount(microunits: 12), from: .account(account), to: .account(AccountIdentifier(1)))
    state.commit(Amount(microunits: -12), by: account)
    #expect(state.draws(in: home) == 2)
    #expect(state.debts.debtors == [account])
}

@Test func aRestoredDebtorIsInTheBook() {
    var state = AccountsFixture.state(accounts: 2)
    state.transfer(
        AccountsFixture.deposit + Amount(microunits: 7), from: .account(AccountIdentifier(0)),
        to: .account(AccountIdentifier(1)))
    var again = AccountsState(catalogue: state.catalogue)
    for account in state.accounts { again.restore(account) }
    #expect(again.debts.debtors == [AccountIdentifier(0)])
    #expect(again.draws(in: AccountsFixture.majors) == 7)
}
