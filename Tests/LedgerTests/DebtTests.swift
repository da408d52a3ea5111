/// Balances below zero: how far withdrawals and orders may take them, on both sides of each limit,
/// and the interest on them.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Risk
import Testing

@Suite struct DebtTests {
    private static let million = TestGenesis.million

    /// An account with $100 and 10 BTC, and a lender with $1,000,000.
    private func borrower(
        _ options: TestGenesis.Options
    ) throws -> (Venue, borrower: AccountIdentifier, lender: AccountIdentifier) {
        let venue = try Venue(options)
        let lender = try venue.openAccounts(1, dollars: 1_000_000)[0]
        let borrower = try venue.openAccounts(1, dollars: 100)[0]
        try venue.depositAsset(10_000, to: borrower)
        return (venue, borrower, lender)
    }

    private func withdraw(_ units: Int64) -> Command {
        .withdraw(Amount(microunits: units), destination: Bytes32())
    }

    @Test func `an account borrows as far as its limit and not a micro-unit farther`() throws {
        let (venue, borrower, lender) = try borrower(.borrowing(5_000))
        let most = 5_100 * Self.million
        #expect(venue.ledger.withdrawable(borrower).units == most)
        #expect(try venue.answer(borrower, withdraw(most + 1)) == .debtLimit)
        #expect(
            try venue.answer(borrower, .transfer(Amount(microunits: most + 1), to: lender))
                == .debtLimit)
        #expect(try venue.answer(borrower, withdraw(most - 1)) == nil)
        #expect(
            try venue.answer(borrower, .transfer(Amount(microunits: 2), to: lender))
                == .debtLimit)
        #expect(
            try venue.answer(borrower, .transfer(Amount(microunits: 1), to: lender)) == nil)
        #expect(venue.cash(borrower) == -5_000 * Self.million)
        #expect(try venue.answer(borrower, withdraw(1)) == .debtLimit)
        #expect(venue.ledger.accounts.debts.debtors == [borrower])
        #expect(try venue.restored().root == venue.ledger.root)
        try venue.deposit(5_000, to: borrower)
        #expect(venue.ledger.accounts.debts.debtors.isEmpty)
    }

    @Test func `nobody borrows where the limit is zero`() throws {
        let (venue, borrower, _) = try borrower(.borrowing(0))
        #expect(try venue.answer(borrower, withdraw(100 * Self.million + 1)) == .debtLimit)
        #expect(try venue.answer(borrower, withdraw(100 * Self.million)) == nil)
    }

    @Test func `what is borrowed is backed by margin`() throws {
        let (venue, borrower, _) = try borrower(.borrowing(1_000_000))
        // 10 BTC less 9.5 %, and $100.
        let most = (100 + 500_000 * 9_050 / 10_000) * Self.million
        #expect(venue.ledger.withdrawable(borrower).units == most)
        #expect(try venue.answer(borrower, withdraw(most + 1)) == .insufficientFunds)
        #expect(try venue.answer(borrower, withdraw(most)) == nil)
        #expect(venue.health(borrower) == 0)
    }

    /// The vault holds $1,000,100 and lends a hundredth of what it holds after the withdrawal.
    @Test func `all debts together stay below the share of the vault`() throws {
        let (venue, borrower, lender) = try borrower(.borrowing(500_000, share: 100))
        // x − 100 ≤ (1,000,100 − x) / 100.
        let most = (100 * 100 + 1_000_100) * Self.million / 101
        #expect(venue.ledger.withdrawable(borrower).units == most)
        #expect(try venue.answer(borrower, withdraw(most + 1)) == .debtCapReached)
        #expect(try venue.answer(borrower, withdraw(most)) == nil)
        // Another borrower finds nothing left; who has money takes it all the same.
        let second = try venue.openAccounts(1, dollars: 0)[0]
        try venue.depositAsset(100, to: second)
        #expect(try venue.answer(second, withdraw(1)) == .debtCapReached)
        let order = Command.buy(1, at: 50_000, in: TestGenesis.spot)
        #expect(try venue.answer(second, order) == .debtCapReached)
        #expect(try venue.answer(lender, .withdraw(dollars: 900_000)) == nil)
        try venue.deposit(100_000, to: second)
        #expect(try venue.answer(second, order) == nil)
    }

    @Test func `nobody is paid what the vault does not hold`() throws {
        let (venue, borrower, lender) = try borrower(.borrowing(500_000))
        #expect(try venue.answer(borrower, .withdraw(dollars: 400_100)) == nil)
        let vault = venue.ledger.accounts.funds[0].vault.units
        #expect(vault == 600_000 * Self.million)
        #expect(venue.ledger.withdrawable(lender).units == vault)
        #expect(try venue.answer(lender, withdraw(vault + 1)) == .vaultTooLow)
        // Inside the compartment it may still move.
        #expect(try venue.answer(lender, .transfer(Amount(microunits: 1), to: borrower)) == nil)
        #expect(try venue.answer(lender, withdraw(vault)) == nil)
        #expect(venue.ledger.accounts.funds[0].vault == .zero)
    }

    // Orders.

    /// One lot at $50,000 costs $50, and 5 basis points.
    private let lot: Int64 = 50_025_000

    @Test(arguments: [TestGenesis.spot, TestGenesis.call])
    func `open buys of what is paid at the fill count as spent`(
        instrument: InstrumentIdentifier
    ) throws {
        let (venue, account, _) = try borrower(.borrowing(1_000))
        if instrument == TestGenesis.call { venue.setPrice(100_000) }
        try venue.apply()
        func buy(_ lots: Int64, at dollars: Int64 = 50_000) -> Command {
            .order(.buy, lots, at: dollars, in: instrument)
        }
        // $1,100 may be spent: 21 lots are $1,050.53, 22 are $1,100.55.
        #expect(try venue.answer(account, buy(22)) == .debtLimit)
        let order = try venue.place(account, buy(10))
        #expect(try venue.answer(account, buy(12)) == .debtLimit)
        #expect(
            try venue.answer(account, .quote(12, at: 50_000, 0, at: 60_000, in: instrument))
                == .debtLimit)
        #expect(
            try venue.answer(account, .quote(11, at: 50_000, 0, at: 60_000, in: instrument))
                == nil)
        #expect(venue.ledger.accounts.commitments(of: account).units == 21 * lot)
        // The withdrawal sees what the orders may cost.
        let free = 1_100 * Self.million - 21 * lot
        #expect(venue.ledger.withdrawable(account).units == free)
        #expect(try venue.answer(account, withdraw(free + 1)) == .debtLimit)
        #expect(try venue.answer(account, .amend(order, to: 50_000, 11)) == .debtLimit)
        #expect(try venue.answer(account, .amend(order, to: 49_900, 10)) == nil)
        #expect(try venue.answer(account, .amend(order, to: 50_000, 10)) == nil)
        #expect(try venue.restored().root == venue.ledger.root)
        #expect(
            try venue.restored().accounts.commitments(of: account).units == 21 * lot)
        #expect(try venue.answer(account, .cancelAll(nil)) == nil)
        #expect(venue.ledger.accounts.commitments(of: account) == .zero)
    }

    @Test func `orders that are not paid at the fill commit nothing`() throws {
        let (venue, account, _) = try borrower(.borrowing(0))
        #expect(try venue.answer(account, .buy(10, at: 49_000)) == nil)
        #expect(try venue.answer(account, .buy(10, at: 49_000, in: TestGenesis.future)) == nil)
        #expect(try venue.answer(account, .sell(10, at: 51_000, in: TestGenesis.spot)) == nil)
        #expect(venue.ledger.accounts.commitments(of: account) == .zero)
    }

    @Test func `a fill costs no more than it takes off the commitments`() throws {
        let (venue, account, lender) = try borrower(.borrowing(1_000))
        try venue.depositAsset(100, to: lender)
        _ = try venue.place(account, .order(.buy, 21, at: 50_000, in: TestGenesis.spot))
        for lots in [1, 4, 16] as [Int64] {
            try venue.apply(.by(lender, .sell(lots, at: 50_000, in: TestGenesis.spot)))
            #expect(venue.cash(account) >= -1_000 * Self.million)
        }
        #expect(venue.ledger.accounts.commitments(of: account) == .zero)
        #expect(venue.holding(account) == 10_021)
        #expect(!venue.isConverting(account))
    }

    @Test func `a change of fee tier leaves the commitments as they are`() throws {
        let (venue, account, _) = try borrower(.borrowing(1_000))
        _ = try venue.place(account, .order(.buy, 21, at: 50_000, in: TestGenesis.spot))
        try venue.apply(.operator(.setFeeTier(2, of: account)))
        #expect(venue.ledger.accounts.commitments(of: account).units == 21 * lot)
        try venue.apply(.operator(.setFeeTier(0, of: account)))
        try venue.apply(.by(account, .cancelAll(nil)))
        #expect(venue.ledger.accounts.commitments(of: account) == .zero)
    }

    // Interest.

    /// 10 % a year on $5,256: a thousandth of a dollar a minute.
    @Test func `a debt is charged every full minute`() throws {
        let rate = Ratio(basisPoints: 1_000)
        let (venue, borrower, _) = try borrower(.borrowing(10_000, interest: rate))
        try venue.apply(.by(borrower, .withdraw(dollars: 5_356)))
        let fund = venue.insurance()
        // The blocks so far took some seconds of a minute that began at 12:30.
        var charged: [Int64] = []
        for _ in 0..<120 { charged += try venue.apply().interest }
        // The second minute bears interest on the first.
        #expect(charged == [1_000, 1_001])
        #expect(venue.cash(borrower) == -5_256 * Self.million - 2_001)
        #expect(venue.insurance() == fund + 2_001)
        // Ten minutes at once.
        #expect(try venue.apply(milliseconds: 600_000).interest == [10_001])
        #expect(try venue.apply().interest == [])
    }

    @Test func `the lender pays no interest, nor who owes nothing`() throws {
        let rate = Ratio(basisPoints: 1_000)
        let (venue, borrower, lender) = try borrower(.borrowing(10_000, interest: rate))
        let before = (venue.cash(borrower), venue.cash(lender))
        #expect(try venue.apply(milliseconds: 600_000).interest == [])
        #expect(venue.cash(borrower) == before.0 && venue.cash(lender) == before.1)
    }

    /// Interest makes nobody bankrupt, so that it is never a claim on money that is not there.
    @Test func `who has no equity pays no interest`() throws {
        let venue = try Venue(.borrowing(10_000, interest: .one))
        let accounts = try venue.openAccounts(2, dollars: 5_200)
        try venue.trade(accounts[0], accounts[1], 1_000, at: 50_000)
        venue.setPrice(40_000)
        try venue.apply()
        #expect(venue.ledger.accounts.funds[0].insurance == .zero || venue.cash(accounts[0]) <= 0)
        let owed = venue.cash(accounts[0])
        try venue.apply(milliseconds: 3_600_000)
        #expect(venue.cash(accounts[0]) == owed)
    }
}
