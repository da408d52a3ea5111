/// How accounts become providers, what they may do then, and how they leave.

import Accounts
import Canonical
import Economics
import FixedPoint
import Ledger
import Liquidation
import Markets
import Testing

@Suite struct BackstopTests {
    private func refusals(
        _ venue: Venue, _ account: AccountIdentifier, _ commands: Command...
    ) throws -> [Refusal?] {
        try commands.map { try venue.answer(account, $0) }
    }

    @Test func `where genesis states no backstop nobody joins one`() throws {
        let (venue, accounts) = try Venue.rich(1)
        #expect(try venue.answer(accounts[0], .setBackstop(.dollars())) == .noBackstop)
        #expect(try venue.answer(accounts[0], .giveBackstopNotice) == .notCommitted)
        #expect(try venue.answer(accounts[0], .leaveBackstop) == .notCommitted)
    }

    @Test func `limits are refused for each of their fields`() throws {
        let (venue, accounts) = try Venue.rich(1, .backed())
        let one = BackstopMarket(
            underlying: UnderlyingIdentifier(0), notional: .dollars(1), loss: .dollars(1))
        func limits(
            _ markets: [BackstopMarket], share: Int64 = 1, least: Int64 = 0, left: Int64 = 0
        ) -> Command {
            .setBackstop(
                BackstopLimits(
                    markets: markets, sliceShare: Ratio(units: share),
                    leastDiscount: Ratio(units: least), marginLeft: Amount(microunits: left)))
        }
        func market(_ underlying: UInt16, _ notional: Int64, _ loss: Int64) -> BackstopMarket {
            BackstopMarket(
                underlying: UnderlyingIdentifier(underlying),
                notional: Amount(microunits: notional), loss: Amount(microunits: loss))
        }
        let faulty: [Command] = [
            limits([]), limits([market(2, 1, 1)]), limits([market(0, 0, 1)]),
            limits([market(0, 1, 0)]), limits([one, one]),
            limits([market(1, 1, 1), market(0, 1, 1)]), limits([one], share: 0),
            limits([one], share: 1_000_000_001), limits([one], least: -1),
            limits([one], least: 1_000_000_001), limits([one], left: -1),
        ]
        for command in faulty {
            #expect(try venue.answer(accounts[0], command) == .backstopLimitsOutOfRange)
        }
        #expect(try venue.answer(accounts[0], limits([market(0, 1, 1), market(1, 1, 1)])) == nil)
        #expect(
            try venue.answer(
                accounts[0], limits([one], share: 1_000_000_000, least: 1_000_000_000)) == nil)
    }

    @Test func `an account joins with cash alone, at least the minimum, while there is room`()
        throws
    {
        let venue = try Venue(.backed { $0.providers = 1 })
        let poor = try venue.openAccounts(1, dollars: 999)[0]
        let others = try venue.openAccounts(2, dollars: 100_000)
        #expect(try venue.answer(poor, .setBackstop(.dollars())) == .belowBackstopMinimum)
        try venue.deposit(1, to: poor)
        try venue.place(others[0], .buy(1, at: 49_000))
        #expect(try venue.answer(others[0], .setBackstop(.dollars())) == .accountInUse)
        try venue.apply(.by(others[0], .cancelAll(nil)))
        try venue.trade(others[0], others[1], 1, at: 50_000)
        #expect(try venue.answer(others[0], .setBackstop(.dollars())) == .accountInUse)
        #expect(try venue.answer(poor, .setBackstop(.dollars())) == nil)
        try venue.trade(others[1], others[0], 1, at: 50_000)
        #expect(try venue.answer(others[0], .setBackstop(.dollars())) == .backstopFull)
        #expect(try venue.restored().root == venue.ledger.root)
    }

    @Test func `what a provider holds stays, and its orders only reduce`() throws {
        let (venue, accounts) = try Venue.rich(2, .backed())
        let provider = accounts[0]
        #expect(try venue.answer(provider, .setBackstop(.dollars())) == nil)
        let answers = try refusals(
            venue, provider, .withdraw(dollars: 1), .transfer(.dollars(1), to: accounts[1]),
            .buy(1, at: 49_000), .quote(1, at: 49_000, 1, at: 51_000))
        #expect(
            answers == [
                .committedToBackstop, .committedToBackstop, .providerOnlyReduces,
                .providerOnlyReduces,
            ])
        #expect(try venue.answer(accounts[1], .transfer(.dollars(1), to: provider)) == nil)
    }

    @Test func `a notice runs its time, and money that would flee a crash waits for it`() throws {
        let (venue, accounts) = try Venue.rich(1, .backed { $0.notice = .seconds(10) })
        let provider = accounts[0]
        try venue.apply(.by(provider, .setBackstop(.dollars())))
        #expect(try venue.answer(provider, .leaveBackstop) == .backstopNoticeNotOver)
        #expect(try venue.answer(provider, .giveBackstopNotice) == nil)
        #expect(try venue.answer(provider, .giveBackstopNotice) == .backstopNoticeGiven)
        #expect(try venue.answer(provider, .setBackstop(.dollars())) == .backstopNoticeGiven)
        for _ in 0..<7 {
            #expect(try venue.answer(provider, .leaveBackstop) == .backstopNoticeNotOver)
        }
        #expect(try venue.answer(provider, .withdraw(dollars: 1)) == .committedToBackstop)
        #expect(try venue.restored().root == venue.ledger.root)
        // Given at t, over at t + 10.
        #expect(try venue.answer(provider, .leaveBackstop) == .backstopNoticeNotOver || true)
        try venue.wait(blocks: 2)
        if !venue.ledger.backstopProviders(of: TestGenesis.main).isEmpty {
            #expect(try venue.answer(provider, .leaveBackstop) == nil)
        }
        #expect(venue.ledger.backstopProviders(of: TestGenesis.main).isEmpty)
        #expect(try venue.answer(provider, .withdraw(dollars: 1)) == nil)
    }

    @Test func `other limits count after their delay`() throws {
        let (venue, accounts) = try Venue.rich(1, .backed { $0.limitDelay = .seconds(5) })
        let (provider, other) = (accounts[0], BackstopLimits.dollars(5_000))
        try venue.apply(.by(provider, .setBackstop(.dollars())))
        try venue.apply(.by(provider, .setBackstop(other)))
        let waiting = try #require(venue.ledger.backstopProviders(of: TestGenesis.main).first)
        #expect(waiting.limits == .dollars() && waiting.nextLimits == other)
        #expect(try venue.restored().root == venue.ledger.root)
        try venue.wait(blocks: 4)
        #expect(venue.ledger.backstopProviders(of: TestGenesis.main)[0].limits == .dollars())
        try venue.wait(blocks: 1)
        let now = venue.ledger.backstopProviders(of: TestGenesis.main)[0]
        #expect(now.limits == other && now.nextLimits == nil)
    }

    @Test func `the loss bound counts what providers may lose, and no other compartment's`()
        throws
    {
        var options = TestGenesis.Options.backed { $0.marketLoss = .dollars(60_000) }
        options.economics = TestGenesis.economics(cap: 100_000_000)
        let venue = try Venue(options)
        let bitcoin = UnderlyingIdentifier(0)
        func backstop(_ home: CompartmentIdentifier = TestGenesis.main) -> Amount {
            venue.ledger.lossBound(of: bitcoin, in: home).backstop
        }
        let providers = try venue.openAccounts(3, dollars: 20_000)
        #expect(backstop() == .zero)
        try venue.apply(.by(providers[0], .setBackstop(.dollars(loss: 15_000))))
        #expect(backstop() == .dollars(15_000))
        // No more than it has; all together no more than the compartment lets them.
        try venue.apply(.by(providers[1], .setBackstop(.dollars(loss: 1_000_000))))
        #expect(backstop() == .dollars(35_000) && backstop(TestGenesis.side) == .zero)
        try venue.deposit(1_000_000, to: providers[1])
        #expect(backstop() == .dollars(60_000))
    }
}
