/// Initial margin that rises with an owner's share: to the micro-unit, over all accounts of the
/// owner, wherever something grows or leaves, and without a claim on what is already there.

import Accounts
import Canonical
import Economics
import FixedPoint
import Ledger
import Markets
import Testing

struct RampTests {
    /// A cap of $10 million: an owner has $1 million of it, and the ramp begins at $500,000, which
    /// is 10,000 lots of BTC at $50,000.
    private static func options(_ off: [Defence] = []) -> TestGenesis.Options {
        var options = TestGenesis.Options()
        options.economics = TestGenesis.economics(cap: 10_000_000)
        options.off = off
        return options
    }

    /// What an order of 15,000 lots needs without the ramp, in µ.
    private static func requirement(_ lots: Int64) throws -> Int64 {
        let (venue, accounts) = try Venue.rich(1, options([.marginRamp]))
        try venue.place(accounts[0], .buy(lots, at: 49_900))
        return venue.cash(accounts[0]) - venue.health(accounts[0])
    }

    private func fund(_ venue: Venue, _ account: AccountIdentifier, _ microunits: Int64) throws {
        try venue.apply(
            .custodian(
                .deposit(Amount(microunits: microunits), to: account, reference: Bytes32())))
    }

    @Test func `the largest pay more, to the micro-unit`() throws {
        // Half of the way up the ramp: 91 % · ½ · $750,000.
        let ramp = 341_250 * TestGenesis.million
        let needed = try Self.requirement(15_000)
        for (missing, off, answer) in [
            (0, [], nil), (1, [], .insufficientMargin), (ramp, [.marginRamp], nil),
            (ramp + 1, [.marginRamp], .insufficientMargin),
        ] as [(Int64, [Defence], Refusal?)] {
            let venue = try Venue(Self.options(off))
            let account = try venue.openAccounts(1, dollars: 0)[0]
            try fund(venue, account, needed + ramp - missing)
            #expect(try venue.answer(account, .buy(15_000, at: 49_900)) == answer, "\(missing)")
            guard answer == nil else { continue }
            let reserve = venue.ledger.rampReserve(of: account)
            #expect(reserve == (off.isEmpty ? .dollars(341_250) : .zero))
        }
    }

    @Test func `below half of his share nobody pays more`() throws {
        let needed = try Self.requirement(10_000)
        let venue = try Venue(Self.options())
        let account = try venue.openAccounts(1, dollars: 0)[0]
        try fund(venue, account, needed)
        #expect(try venue.answer(account, .buy(10_000, at: 49_900)) == nil)
        #expect(venue.ledger.rampReserve(of: account) == .zero)
    }

    @Test func `an owner gains nothing by many accounts`() throws {
        let needed = try Self.requirement(10_000)
        // At the whole share each account is charged 91 % of $500,000, and what the first cannot
        // back the second must.
        let each = 455_000 * TestGenesis.million
        for (missing, answer) in [(0, nil), (1, .insufficientMargin)] as [(Int64, Refusal?)] {
            let venue = try Venue(Self.options())
            let first = try venue.openAccounts(1, dollars: 0)[0]
            try fund(venue, first, needed)
            let second = try venue.openSibling(of: first, dollars: 1)
            try fund(venue, second, needed + 2 * each - missing - TestGenesis.million)
            try venue.place(first, .buy(10_000, at: 49_900))
            #expect(try venue.answer(second, .buy(10_000, at: 49_900)) == answer)
        }
    }

    @Test func `what the ramp asks for does not leave`() throws {
        var free: [Int64] = []
        for off in [[], [.marginRamp]] as [[Defence]] {
            let (venue, accounts) = try Venue.rich(1, Self.options(off))
            try venue.place(accounts[0], .buy(15_000, at: 49_900))
            let most = venue.ledger.withdrawable(accounts[0])
            free.append(most.units)
            let beyond = Command.withdraw(
                most + Amount(microunits: 1), destination: Bytes32())
            #expect(try venue.answer(accounts[0], beyond) == .insufficientFunds)
            #expect(
                try venue.answer(accounts[0], .withdraw(most, destination: Bytes32())) == nil)
            #expect(venue.cash(accounts[0]) == 10_000_000 * TestGenesis.million - most.units)
        }
        #expect(free[1] - free[0] == 341_250 * TestGenesis.million)
    }

    @Test func `amendments and quotes that grow pay it too, and those that do not grow do not`()
        throws
    {
        let needed = try Self.requirement(15_000)
        let venue = try Venue(Self.options())
        let account = try venue.openAccounts(1, dollars: 0)[0]
        try fund(venue, account, needed + 10 * TestGenesis.million)
        let resting = try venue.place(account, .buy(10_000, at: 49_900))
        #expect(
            try venue.answer(account, .amend(resting, to: 49_900, 15_000)) == .insufficientMargin)
        #expect(
            try venue.answer(account, .quote(5_000, at: 49_900, 1, at: 51_000))
                == .insufficientMargin)
        #expect(try venue.answer(account, .amend(resting, to: 49_950, 9_000)) == nil)
        #expect(try venue.answer(account, .quote(900, at: 49_900, 900, at: 51_000)) == nil)
    }

    /// Invariant 3: what an owner's other account does afterwards takes no backing from an order.
    @Test func `an order that was admitted stays and fills, whatever the ramp becomes`() throws {
        let needed = try Self.requirement(10_000)
        let venue = try Venue(Self.options())
        let first = try venue.openAccounts(1, dollars: 0)[0]
        try fund(venue, first, needed)
        let second = try venue.openSibling(of: first, dollars: 10_000_000)
        let taker = try venue.openAccounts(1, dollars: 10_000_000)[0]
        try venue.place(first, .buy(10_000, at: 49_900))
        try venue.place(second, .buy(10_000, at: 49_000))
        #expect(venue.openOrders(first).count == 1)
        let health = venue.health(first)
        try venue.apply(.by(taker, .sell(10_000, at: 49_900)))
        #expect(venue.position(first) == 10_000)
        #expect(venue.health(first) >= health - 2)
        #expect(!venue.isLiquidating(first))
    }
}
