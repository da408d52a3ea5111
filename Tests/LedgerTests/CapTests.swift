/// Caps on open interest, of owners and of markets: both sides of each, on and off; what shrinks by
/// itself forces nobody out; and a restored machine caps the same.

import Accounts
import Canonical
import Economics
import FixedPoint
import Ledger
import Markets
import Testing

struct CapTests {
    /// A cap of $10 million: an owner has $1 million of it, 20,000 lots of BTC at $50,000.
    private func options(
        _ off: [Defence] = [], _ change: (inout EconomicParameters) -> Void = { _ in }
    ) -> TestGenesis.Options {
        var options = TestGenesis.Options()
        options.economics = TestGenesis.economics(cap: 10_000_000, change)
        options.off = off
        return options
    }

    private func order(
        _ side: Side, _ lots: Int64, _ change: (inout OrderRequest) -> Void = { _ in }
    )
        -> Command
    {
        .order(side, lots, at: 50_000, change)
    }

    // An owner's share.

    @Test func `an owner has his share of the cap and not a lot more`() throws {
        let (venue, accounts) = try Venue.rich(2, options())
        #expect(try venue.answer(accounts[0], order(.buy, 20_001)) == .ownerShare)
        #expect(try venue.answer(accounts[0], order(.buy, 20_000)) == nil)
        #expect(try venue.answer(accounts[0], order(.buy, 1)) == .ownerShare)
        // The worse side counts: as much may be sold. Others have shares of their own.
        #expect(try venue.answer(accounts[0], .sell(20_000, at: 50_500)) == nil)
        #expect(try venue.answer(accounts[0], .sell(1, at: 50_500)) == .ownerShare)
        #expect(try venue.answer(accounts[1], .buy(20_000, at: 49_900)) == nil)
        #expect(
            venue.ledger.ownerInterest(of: accounts[0], in: UnderlyingIdentifier(0))
                == .dollars(1_000_000))
    }

    @Test func `without the rule one owner takes all that there is`() throws {
        let (venue, accounts) = try Venue.rich(1, options([.ownerShare]))
        #expect(try venue.answer(accounts[0], order(.buy, 20_001)) == nil)
    }

    @Test func `all accounts of an owner count, whatever they hold and wherever they are`() throws {
        let (venue, accounts) = try Venue.rich(2, options())
        let sibling = try venue.openSibling(of: accounts[0], dollars: 10_000_000)
        let owner = venue.ledger.accounts[accounts[0]].owner
        let distant = AccountIdentifier(UInt32(venue.ledger.accounts.accounts.count))
        try venue.apply(.custodian(.openAccount(owner: owner, compartment: TestGenesis.side)))
        venue.noteAccounts()
        try venue.deposit(10_000_000, to: distant)
        try venue.place(accounts[0], .buy(8_000, at: 49_900))
        // A short beside a long is no hedge: one wins what the other cannot pay.
        try venue.place(sibling, .sell(7_000, at: 50_100))
        let side = TestGenesis.sideBitcoin
        #expect(try venue.answer(distant, .buy(5_001, at: 49_900, in: side)) == .ownerShare)
        #expect(try venue.answer(distant, .buy(5_000, at: 49_900, in: side)) == nil)
        #expect(try venue.answer(sibling, .sell(1, at: 50_100)) == .ownerShare)
        #expect(try venue.answer(accounts[1], .buy(20_000, at: 49_900)) == nil)
    }

    @Test func `amendments, quotes and fired orders meet the same cap`() throws {
        let (venue, accounts) = try Venue.rich(2, options())
        let resting = try venue.place(accounts[0], .buy(15_000, at: 49_900))
        #expect(try venue.answer(accounts[0], .amend(resting, to: 49_900, 20_001)) == .ownerShare)
        #expect(try venue.answer(accounts[0], .amend(resting, to: 49_950, 15_000)) == nil)
        let quote = Command.quote(5_001, at: 49_900, 5_000, at: 50_100)
        #expect(try venue.answer(accounts[0], quote) == .ownerShare)
        #expect(
            try venue.answer(accounts[0], .quote(5_000, at: 49_900, 20_000, at: 50_100)) == nil)
        try venue.place(accounts[1], .waiting(.stop, .buy, 20_001, when: 50_300, at: 50_500))
        venue.setPrice(50_400)
        #expect(try venue.apply().triggerRefusals == [.ownerShare])
    }

    @Test func `who is above his share reduces as he likes, and adds nothing`() throws {
        let (venue, accounts) = try Venue.rich(2, options())
        try venue.trade(accounts[0], accounts[1], 20_000, at: 50_000)
        venue.setPrice(50_500)
        try venue.apply()
        #expect(try venue.answer(accounts[0], .buy(1, at: 50_000)) == .ownerShare)
        #expect(try venue.answer(accounts[0], .sell(5_000, at: 50_600)) == nil)
        #expect(try venue.answer(accounts[1], .buy(5_000, at: 50_600, .immediateOrCancel)) == nil)
        #expect(venue.position(accounts[0]) == 15_000)
    }

    // The market.

    /// A market that two owners have filled but for ten lots: caps on owners are off.
    private func fullMarket(_ off: [Defence] = []) throws -> (Venue, [AccountIdentifier]) {
        let (venue, accounts) = try Venue.rich(4, options([.ownerShare, .marginRamp] + off))
        for lots in [100_000, 99_990] as [Int64] {
            try venue.trade(accounts[0], accounts[1], lots, at: 50_000)
        }
        return (venue, accounts)
    }

    @Test func `what takes opens no more than the market has room for`() throws {
        let (venue, accounts) = try fullMarket()
        #expect(try venue.answer(accounts[2], .buy(11, at: 49_900)) == .interestCap)
        #expect(try venue.answer(accounts[2], .buy(10, at: 49_900)) == nil)
        try venue.apply(.by(accounts[2], .cancelAll(nil)))
        // A long may sell all of its own and ten lots more.
        #expect(try venue.answer(accounts[0], .sell(100_000, at: 50_900)) == nil)
        try venue.trade(accounts[2], accounts[3], 10, at: 50_000)
        #expect(try venue.answer(accounts[2], .buy(1, at: 49_900)) == .interestCap)
        #expect(try venue.answer(accounts[3], .sell(1, at: 50_100)) == .interestCap)
        #expect(
            venue.ledger.marketCaps(of: UnderlyingIdentifier(0))[0].openInterest
                == .dollars(10_000_000))
    }

    @Test func `without the rule a full market fills further`() throws {
        let (venue, accounts) = try fullMarket([.interestCap])
        #expect(try venue.answer(accounts[2], .buy(11, at: 50_000)) == nil)
        try venue.trade(accounts[2], accounts[3], 100, at: 50_000)
        #expect(venue.ledger.accounts.totals[0].openInterest.lots == 200_090)
    }

    /// Whoever must close finds somebody who makes (attack 6), and the market does not grow.
    @Test func `in a full market makers take over what others close`() throws {
        let (venue, accounts) = try fullMarket()
        try venue.trade(accounts[2], accounts[3], 10, at: 50_000)
        try venue.place(accounts[2], .buy(500, at: 49_900, postOnly: true))
        let closing = try venue.apply(.by(accounts[0], .sell(500, at: 49_900)))
        #expect(closing.trades.count == 1)
        #expect(venue.position(accounts[2]) == 510)
        #expect(venue.ledger.accounts.totals[0].openInterest.lots == 200_000)
    }

    @Test func `no fill opens beyond the cap, in an auction either`() throws {
        let (venue, accounts) = try fullMarket()
        try venue.apply(.operator(.auction(seconds: 1)))
        try venue.apply(
            .by(accounts[2], .buy(100, at: 50_100, postOnly: true)),
            .by(accounts[3], .sell(100, at: 49_900, postOnly: true)), milliseconds: 100)
        let cleared = try venue.apply(milliseconds: 2_000)
        #expect(cleared.auctionTrades.map(\.quantity.lots) == [10])
        #expect(cleared.reasons.contains(.openInterestLimit))
        #expect(venue.ledger.accounts.totals[0].openInterest.lots == 200_000)
    }

    @Test func `a fill-or-kill order knows the cap`() throws {
        let (venue, accounts) = try fullMarket()
        try venue.place(accounts[3], .sell(11, at: 50_000, postOnly: true))
        #expect(try venue.answer(accounts[2], .buy(10, at: 50_000, .fillOrKill)) == nil)
    }

    // Attack 18.

    @Test func `one compartment's market takes no room and no fund from another`() throws {
        let (venue, accounts) = try Venue.rich(
            2, options([.ownerShare, .marginRamp]) { $0.leastCap = .dollars(1_000_000) })
        let far = try venue.openAccounts(2, dollars: 10_000_000, in: TestGenesis.side)
        try venue.apply(
            .custodian(.depositInsurance(.dollars(100_000_000), to: TestGenesis.side)))
        try venue.trade(far[0], far[1], 20_000, at: 50_000, in: TestGenesis.sideBitcoin)
        try venue.wait(blocks: 5, seconds: 3_600)
        let caps = venue.ledger.marketCaps(of: UnderlyingIdentifier(0))
        #expect(caps.map { $0.compartment } == [TestGenesis.main, TestGenesis.side])
        #expect(caps[0].cap == .dollars(1_000_000))
        #expect(caps[1].cap > .dollars(1_200_000))
        #expect(caps[0].target.cause == .leastCap)
        // The side is full, and main has all of its own.
        #expect(try venue.answer(accounts[0], .buy(20_000, at: 49_900)) == nil)
    }
}
