/// How fast a vault empties, who waits, and that nothing is lost on the way (`facts/risk.md`,
/// attack 13).

import Accounts
import Breakers
import Canonical
import FixedPoint
import Ledger
import Testing

@Suite struct OutflowQueueTests {
    /// Accounts whose money has lain for days, in a vault of a million dollars each.
    private func settled(
        _ count: Int, _ change: (inout Safeguards) -> Void = { _ in }
    ) throws -> (Venue, [AccountIdentifier]) {
        var options = TestGenesis.Options()
        options.safeguards.vaults = .standard
        change(&options.safeguards)
        let venue = try Venue(options)
        let accounts = try venue.openAccounts(count, dollars: 1_000_000)
        for _ in 0..<3 { try venue.apply(milliseconds: 86_400_000) }
        return (venue, accounts)
    }

    private func paid(_ outcome: BlockOutcome) -> Int64 {
        outcome.withdrawn.reduce(0) { $0 + $1.units } / TestGenesis.million
    }

    @Test(arguments: [true, false])
    func `a thief does not empty the vault at once`(isOn: Bool) throws {
        let (venue, accounts) = try settled(2) { if !isOn { $0.off.insert(.outflowLimit) } }
        let outcome = try venue.apply(.by(accounts[0], .withdraw(dollars: 1_000_000)))
        #expect(outcome.refusals == [nil])
        #expect(paid(outcome) == (isOn ? 60_000 : 1_000_000))
        guard isOn else { return }
        // What waits is still his, and a second request is refused.
        #expect(venue.cash(accounts[0]) == 940_000 * TestGenesis.million)
        #expect(try venue.answer(accounts[0], .withdraw(dollars: 1)) == .withdrawalQueued)
        var day = paid(outcome)
        for _ in 0..<(24 * 6) { day += paid(try venue.apply(milliseconds: 600_000)) }
        #expect((190_000...220_000).contains(day))
    }

    @Test func `those who wait are let go pro rata`() throws {
        let (venue, accounts) = try settled(3)
        try venue.apply(.by(accounts[0], .withdraw(dollars: 900_000)))
        try venue.apply(.by(accounts[1], .withdraw(dollars: 405_000)))
        var paid: [Int64] = [0, 0]
        for _ in 0..<13 {
            let outcome = try venue.apply(milliseconds: 300_000)
            for case .withdrawn(let account, let amount, _) in outcome.events {
                paid[Int(account.number)] += amount.units
            }
        }
        // 810,000 and 405,000 wait.
        #expect(paid[1] > 20_000 * TestGenesis.million)
        #expect(abs(paid[0] - 2 * paid[1]) < 100)
    }

    @Test func `small withdrawals have a lane of their own`() throws {
        let (venue, accounts) = try settled(3)
        try venue.apply(.by(accounts[0], .withdraw(dollars: 900_000)))
        #expect(paid(try venue.apply(.by(accounts[1], .withdraw(dollars: 10_000)))) == 10_000)
        // Once a day, and no more than a hundredth of the vault in an hour.
        #expect(paid(try venue.apply(.by(accounts[1], .withdraw(dollars: 1)))) == 0)
        #expect(try venue.answer(accounts[1], .cancelWithdrawal) == nil)
        #expect(paid(try venue.apply(.by(accounts[2], .withdraw(dollars: 10_001)))) == 0)
    }

    /// Attack 13: an attacker sends the same money in and out so that nobody else gets any.
    @Test func `money that goes round uses up nobody's room`() throws {
        let (venue, accounts) = try settled(2)
        for _ in 0..<5 {
            try venue.deposit(500_000, to: accounts[0])
            #expect(paid(try venue.apply(.by(accounts[0], .withdraw(dollars: 500_000)))) == 500_000)
        }
        // What he takes out of his own and puts back makes room again.
        #expect(paid(try venue.apply(.by(accounts[0], .withdraw(dollars: 60_000)))) == 60_000)
        try venue.deposit(60_000, to: accounts[0])
        #expect(paid(try venue.apply(.by(accounts[1], .withdraw(dollars: 50_000)))) == 50_000)
    }

    @Test func `what waits absorbs losses, and what is taken back is all there`() throws {
        let (venue, accounts) = try settled(2)
        #expect(try venue.answer(accounts[0], .cancelWithdrawal) == .noQueuedWithdrawal)
        try venue.apply(.by(accounts[0], .withdraw(dollars: 1_000_000)))
        try venue.apply(.by(accounts[0], .transfer(.dollars(900_000), to: accounts[1])))
        // Only what the account still has is let go.
        var total: Int64 = 0
        for _ in 0..<20 { total += paid(try venue.apply(milliseconds: 600_000)) }
        #expect(total == 40_000)
        #expect(venue.cash(accounts[0]) == 0)
        let outcome = try venue.apply(.by(accounts[0], .cancelWithdrawal))
        #expect(outcome.refusals == [nil])
        #expect(outcome.contains { $0 == .withdrawalUnqueued(accounts[0], .dollars(900_000)) })
        #expect(venue.cash(accounts[1]) == 1_900_000 * TestGenesis.million)
    }

    @Test func `a waiting withdrawal survives a restart`() throws {
        let (venue, accounts) = try settled(2)
        try venue.apply(.by(accounts[0], .withdraw(dollars: 500_000)))
        let restored = try venue.restored()
        for _ in 0..<13 {
            let outcome = try venue.apply(milliseconds: 300_000)
            let block = try #require(venue.blocks.last)
            #expect(try restored.apply(block, verifier: TestSignatures()).root == outcome.root)
        }
        #expect(restored.queuedWithdrawal(of: accounts[0])?.isPositive == true)
    }
}
