/// Money at the edge: deposits, transfers, withdrawals, fee tiers; every refusal of the two hundreds, and
/// the attacks that go for the exit: withdrawal races, unrealised and fresh profit.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct FundsTests {
    @Test func `the custodian's commands are refused for each of their fields`() throws {
        var options = TestGenesis.Options()
        options.vaultLimit = .dollars(1_000_000)
        let venue = try Venue(options)
        let account = try venue.openAccounts(1, dollars: 999_990)[0]
        func deposit(_ units: Int64, _ target: AccountIdentifier) -> Command {
            .deposit(Amount(microunits: units), to: target, reference: Bytes32())
        }
        func insure(_ units: Int64, _ compartment: UInt16) -> Command {
            .depositInsurance(Amount(microunits: units), to: CompartmentIdentifier(compartment))
        }
        let nobody = AccountIdentifier(1)
        let table: [(Command, Refusal?)] = [
            (
                .openAccount(owner: TestKeys.owner(9), compartment: CompartmentIdentifier(2)),
                .unknownCompartment
            ),
            (deposit(1, nobody), .unknownAccount),
            (deposit(1, AccountIdentifier(.max)), .unknownAccount),
            (deposit(0, account), .amountNotPositive), (deposit(-1, account), .amountNotPositive),
            (deposit(.min, account), .amountNotPositive), (deposit(.max, account), .vaultFull),
            (deposit(10_000_001, account), .vaultFull), (deposit(9_000_000, account), nil),
            (insure(0, 0), .amountNotPositive), (insure(.min, 0), .amountNotPositive),
            (insure(1_000_001, 0), .vaultFull), (insure(1_000_000, 0), nil),
            (deposit(1, account), .vaultFull), (insure(1, 0), .vaultFull),
            (insure(1, 2), .unknownCompartment), (insure(1, 1), nil),
        ]
        for (place, row) in table.enumerated() {
            let outcome = try venue.apply(.custodian(row.0))
            #expect(outcome.refusals == [row.1], "row \(place)")
        }
    }

    @Test func `fee tiers are refused for each of their fields`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 10)[0]
        let outcome = try venue.apply(
            .operator(
                .setFeeTier(0, of: AccountIdentifier(1)), .setFeeTier(3, of: account),
                .setFeeTier(.max, of: account), .setFeeTier(2, of: account)))
        #expect(outcome.refusals == [.unknownAccount, .unknownFeeTier, .unknownFeeTier, nil])
        #expect(venue.ledger.accounts[account].feeTier == 2)
    }

    @Test func `transfers and withdrawals are refused for each of their fields`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 100)
        let other = try venue.openAccounts(1, dollars: 100, in: TestGenesis.side)[0]
        let (from, to) = (accounts[0], accounts[1])
        func transfer(_ units: Int64, _ target: AccountIdentifier) -> Command {
            .transfer(Amount(microunits: units), to: target)
        }
        func withdraw(_ units: Int64) -> Command {
            .withdraw(Amount(microunits: units), destination: Bytes32())
        }
        let hundred = 100 * TestGenesis.million
        let table: [(Command, Refusal?)] = [
            (transfer(1, AccountIdentifier(3)), .unknownAccount), (transfer(1, from), .sameAccount),
            (transfer(1, other), .wrongCompartment), (transfer(0, to), .amountNotPositive),
            (transfer(.min, to), .amountNotPositive), (transfer(.max, to), .insufficientFunds),
            (transfer(hundred + 1, to), .insufficientFunds),
            (withdraw(0), .amountNotPositive), (withdraw(-1), .amountNotPositive),
            (withdraw(.min), .amountNotPositive), (withdraw(.max), .insufficientFunds),
            (withdraw(hundred + 1), .insufficientFunds), (transfer(hundred - 1, to), nil),
            (withdraw(2), .insufficientFunds), (withdraw(1), nil),
            (withdraw(1), .insufficientFunds),
        ]
        for (place, row) in table.enumerated() {
            let outcome = try venue.apply(.by(from, row.0))
            #expect(outcome.refusals == [row.1], "row \(place)")
        }
        #expect(venue.cash(from) == 0)
        #expect(venue.cash(to) == 2 * hundred - 1)
    }

    @Test func `withdrawals of one block count together`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 100)[0]
        let outcome = try venue.apply(
            .by(
                account, .withdraw(dollars: 60), .withdraw(dollars: 41), .withdraw(dollars: 40),
                .transfer(Amount(microunits: 1), to: AccountIdentifier(0))))
        #expect(outcome.refusals == [nil, .insufficientFunds, nil, .sameAccount])
        #expect(venue.cash(account) == 0)
        #expect(venue.ledger.accounts.funds[0].vault == .zero)
    }

    /// Attack 8: the money is asked for first, and its margin used by an order of the same block.
    @Test func `a withdrawal whose margin an order of the block took is cancelled`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 10_000)
        let outcome = try venue.apply(
            .by(accounts[1], .sell(1_500, at: 50_000)),
            .by(accounts[0], .withdraw(dollars: 9_000), .buy(1_500, at: 50_000)))
        #expect(outcome.refusals == [nil, nil, nil])
        #expect(outcome.contains { $0 == .withdrawalCancelled(accounts[0], .dollars(9_000)) })
        #expect(venue.position(accounts[0]) == 1_500)
        #expect(venue.health(accounts[0]) >= 0)
    }

    /// Attack 2, first half: what is not realised does not leave, at a pumped mark or any other.
    @Test func `the profit of an open position can be neither withdrawn nor transferred`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 100_000)
        let long = accounts[0]
        try venue.trade(long, accounts[1], 1_000, at: 50_000)
        let before = venue.ledger.withdrawable(long)
        for dollars in stride(from: 50_500, through: 60_000, by: 500) {
            venue.setPrice(Int64(dollars))
            try venue.apply()
            #expect(venue.ledger.withdrawable(long) <= before)
        }
        #expect(venue.equity(long) > 109_000 * TestGenesis.million)
        let outcome = try venue.apply(
            .by(long, .withdraw(dollars: 100_000), .transfer(.dollars(100_000), to: accounts[1])))
        #expect(outcome.refusals == [.insufficientFunds, .insufficientFunds])
    }

    /// Attack 2, second half: sold to a third account, the profit is realised, and waits.
    @Test func `a realised profit leaves after one to two hours, not before`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(3, dollars: 100_000)
        let winner = accounts[0]
        try venue.trade(winner, accounts[1], 1_000, at: 50_000)
        venue.setPrice(55_000)
        try venue.apply()
        try venue.trade(accounts[2], winner, 1_000, at: 55_000)
        #expect(venue.position(winner) == 0)
        let profit = 5_000 * TestGenesis.million
        let cash = venue.cash(winner)
        #expect(venue.ledger.withdrawable(winner).units <= cash - profit)
        // 12:30 is bucket 12: it opens at 14:00.
        try venue.apply(milliseconds: 3_600_000)
        #expect(venue.ledger.withdrawable(winner).units <= cash - profit)
        try venue.apply(milliseconds: 1_700_000)
        #expect(venue.ledger.withdrawable(winner).units <= cash - profit)
        try venue.apply(milliseconds: 100_000)
        #expect(venue.ledger.withdrawable(winner).units == cash)
    }

    @Test func `nothing leaves on an old price`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 100_000)
        try venue.trade(accounts[0], accounts[1], 10, at: 50_000)
        venue.isPublishing = false
        let fresh = try venue.apply(.by(accounts[0], .withdraw(dollars: 1)), milliseconds: 5_000)
        #expect(fresh.refusals == [nil])
        let stale = try venue.apply(
            .by(accounts[0], .withdraw(dollars: 1), .transfer(.dollars(1), to: accounts[1])),
            milliseconds: 1)
        #expect(stale.refusals == [.priceTooOld, .priceTooOld])
    }
}
