/// What happens to losses that nobody in trouble can pay: the insurance fund within its caps, then those
/// who profited, then a debt that stays. The last tests are regressions: states in which bad debt once
/// stopped the machine or vanished.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Testing

@Suite struct BadDebtTests {
    private func isPayment(_ event: Event) -> Bool {
        if case .insurancePaid = event { true } else { false }
    }

    private func shared(_ outcome: BlockOutcome) -> Int64 {
        outcome.events.reduce(0) { sum, event in
            if case .lossShared(_, _, let amount) = event { sum + amount.units } else { sum }
        }
    }

    private func debts(_ outcome: BlockOutcome) -> [AccountIdentifier] {
        outcome.events.compactMap { event in
            if case .badDebt(let account, _) = event { account } else { nil }
        }
    }

    @Test func `counterparties lose no more than the day's profit when a long goes bankrupt`()
        throws
    {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 5_200)
        let (long, short) = (accounts[0], accounts[1])
        try venue.trade(long, short, 1_000, at: 50_000)
        let before = venue.equity(short)
        venue.setPrice(25_000)
        let outcome = try venue.apply()
        #expect(venue.position(long) == 0)
        #expect(venue.cash(long) == 0)
        #expect(shared(outcome) > 0)
        #expect(debts(outcome).isEmpty)
        #expect(venue.equity(short) >= before)
        #expect(!venue.isLiquidating(long))
    }

    @Test func `the insurance fund pays first, within its caps`() throws {
        var options = TestGenesis.Options()
        options.insuranceAccountShare = Ratio(basisPoints: 500)
        let venue = try Venue(options)
        let accounts = try venue.openAccounts(2, dollars: 5_200)
        try venue.apply(.custodian(.depositInsurance(.dollars(10_000), to: TestGenesis.main)))
        try venue.trade(accounts[0], accounts[1], 1_000, at: 50_000)
        let fund = venue.insurance()
        venue.setPrice(25_000)
        let outcome = try venue.apply()
        let paid = fund - venue.insurance()
        // 5 % of the $25,000 that were closed; half of the fund a day would be more.
        #expect(outcome.contains(isPayment))
        #expect(paid == 1_250 * TestGenesis.million)
        #expect(venue.cash(accounts[0]) == 0)
    }

    @Test func `the daily share caps what the fund pays`() throws {
        var options = TestGenesis.Options()
        options.insuranceAccountShare = .one
        options.insuranceDailyShare = Ratio(basisPoints: 1_000)
        let venue = try Venue(options)
        let accounts = try venue.openAccounts(2, dollars: 5_200)
        try venue.apply(.custodian(.depositInsurance(.dollars(10_000), to: TestGenesis.main)))
        try venue.trade(accounts[0], accounts[1], 1_000, at: 50_000)
        let fund = venue.insurance()
        venue.setPrice(25_000)
        try venue.apply()
        #expect(fund - venue.insurance() == fund / 10)
    }

    @Test func `an account that another's deleveraging closed has its loss covered too`() throws {
        let venue = try Venue()
        let first = try venue.openAccounts(1, dollars: 12_000)[0]
        let second = try venue.openAccounts(1, dollars: 5_000)[0]
        let rich = try venue.openAccounts(1, dollars: 100_000)[0]
        try venue.trade(first, rich, 1_000, at: 50_000)
        // ETH at $2,500 is 50,000 ticks, as BTC at $25,000.
        try venue.trade(second, first, 1_000, at: 25_000, in: TestGenesis.ether)
        venue.setPrice(20_000)
        venue.setPrice(1_250, of: 1)
        let outcome = try venue.apply()
        #expect(venue.position(second, TestGenesis.ether) == 0)
        #expect(!venue.isLiquidating(second))
        #expect(venue.cash(second) >= 0 || debts(outcome).contains(second))
        #expect(venue.cash(first) >= 0 || debts(outcome).contains(first))
    }

    /// The winners' claims exceed the vault by the bad debt. Who withdraws last must be refused, and the
    /// machine must not stop.
    @Test func `withdrawals beyond what the vault holds are cancelled`() throws {
        let venue = try Venue()
        let poor = try venue.openAccounts(1, dollars: 5_200)[0]
        let middle = try venue.openAccounts(1, dollars: 100_000)[0]
        let winner = try venue.openAccounts(1, dollars: 14_000)[0]
        try venue.trade(middle, poor, 1_000, at: 50_000)
        try venue.trade(middle, winner, 4_000, at: 25_000, in: TestGenesis.ether)
        venue.setPrice(100_000)
        venue.setPrice(1_250, of: 1)
        let crash = try venue.apply()
        #expect(debts(crash) == [poor])
        // The two close their trade in ether, and wait until the profit may leave.
        try venue.apply(
            .by(middle, .sell(4_000, at: 12_500, in: TestGenesis.ether, reduceOnly: true)),
            .by(winner, .buy(4_000, at: 12_500, in: TestGenesis.ether, reduceOnly: true)))
        #expect(venue.position(winner, TestGenesis.ether) == 0)
        try venue.apply(milliseconds: 3 * 3_600_000)
        let asked = [middle, winner].map { venue.ledger.withdrawable($0) }
        let vault = venue.ledger.accounts.funds[0].vault
        #expect(asked[0] + asked[1] > vault)
        let outcome = try venue.apply(
            .by(middle, .withdraw(asked[0], destination: Bytes32())),
            .by(winner, .withdraw(asked[1], destination: Bytes32())))
        #expect(outcome.contains { if case .withdrawalCancelled = $0 { true } else { false } })
        #expect(!venue.ledger.accounts.funds[0].vault.isNegative)
    }
}
