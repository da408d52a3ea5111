/// What binds the orders of agents, on both sides of each limit: the band, the loss a day, the life
/// of a signature, and whose an order is.

import Accounts
import Canonical
import Cryptography
import FixedPoint
import Markets
import Oracle
import Testing

@testable import Ledger

@Suite struct AgentLimitsTests {
    private static let million = TestGenesis.million

    /// A venue of rich accounts, the first of which has an agent in slot 1.
    private func scene(
        _ limits: AgentLimits = .standard, _ options: TestGenesis.Options = TestGenesis.Options()
    ) throws -> (Venue, me: AccountIdentifier, others: [AccountIdentifier]) {
        let (venue, accounts) = try Venue.rich(3, options)
        try grant(limits, to: 1, of: accounts[0], in: venue)
        return (venue, accounts[0], Array(accounts[1...]))
    }

    private func grant(
        _ limits: AgentLimits, to slot: UInt8, of account: AccountIdentifier, in venue: Venue
    ) throws {
        let grant = AgentGrant(
            key: TestKeys.usable(Int(slot)), scope: .trade,
            expiry: venue.time.advanced(by: .seconds(30 * 86_400)), limits: limits)
        #expect(try venue.answer(account, .setAgent(slot, grant)) == nil)
    }

    private func limits(
        band: Ratio = Ratio(basisPoints: 100), dollars: Int64 = 10_000
    ) -> AgentLimits {
        AgentLimits(priceBand: band, dailyLoss: .dollars(dollars))
    }

    private func answer(
        _ venue: Venue, _ account: AccountIdentifier, _ commands: Command...
    ) throws -> [Refusal?] {
        try venue.apply(Send(signer: .agent(account, slot: 1), commands: commands)).refusals
    }

    private func order(
        _ side: Side, ticks: Int64, _ change: (inout OrderRequest) -> Void = { _ in }
    ) -> Command {
        .order(side, 1, at: nil) {
            $0.limit = Price(ticks: ticks)
            change(&$0)
        }
    }

    private func lost(_ venue: Venue, _ account: AccountIdentifier) -> Int64 {
        venue.ledger.keys(of: account)?.agents[0].loss.amount.units ?? -1
    }

    @Test func `a grant has a band and a daily loss in range`() throws {
        let (venue, me, _) = try scene()
        let expiry = venue.time.advanced(by: .day)
        let rows: [(AgentLimits, Refusal?)] = [
            (limits(band: Ratio(billionths: 99_999)), .agentLimitsOutOfRange),
            (limits(band: Ratio(basisPoints: 1)), nil),
            (limits(band: Ratio(basisPoints: 500)), nil),
            (limits(band: Ratio(billionths: 50_000_001)), .agentLimitsOutOfRange),
            (AgentLimits(priceBand: .one, dailyLoss: .zero), .agentLimitsOutOfRange),
            (
                AgentLimits(
                    priceBand: Ratio(basisPoints: 1), dailyLoss: Amount(microunits: 999_999)),
                .agentLimitsOutOfRange
            ),
            (limits(dollars: 1), nil), (limits(dollars: 1_000_000), nil),
            (
                AgentLimits(
                    priceBand: Ratio(basisPoints: 1),
                    dailyLoss: Amount(microunits: 1_000_000_000_001)), .agentLimitsOutOfRange
            ),
            (limits(dollars: -1), .agentLimitsOutOfRange),
        ]
        for (place, row) in rows.enumerated() {
            let grant = AgentGrant(
                key: TestKeys.usable(2), scope: .trade, expiry: expiry, limits: row.0)
            #expect(try venue.answer(me, .setAgent(2, grant)) == row.1, "row \(place)")
        }
        #expect(venue.ledger.keys(of: me)?.agents[1].limits == limits(dollars: 1_000_000))
        let kept = try venue.restored()
        #expect(kept.root == venue.ledger.root)
    }

    /// The mark is $50,000, a tick half a dollar: a percent is a thousand ticks.
    @Test func `an agent reaches a percent through the mark, and away from it as far as it likes`()
        throws
    {
        let (venue, me, _) = try scene()
        for (side, ticks, refusal) in [
            (.sell, 99_000, nil), (.sell, 98_999, .outsideAgentBand), (.sell, 400_000, nil),
            (.buy, 101_000, nil), (.buy, 101_001, .outsideAgentBand), (.buy, 20, nil),
            (.buy, 102_001, .outsidePriceBand),
        ] as [(Side, Int64, Refusal?)] {
            #expect(
                try answer(venue, me, order(side, ticks: ticks), .cancelAll(nil))
                    == [refusal, nil], "\(side) \(ticks)")
        }
        // The master has the venue's band, of 2 %.
        for ticks in [98_000, 102_000] as [Int64] {
            let side: Side = ticks < 100_000 ? .sell : .buy
            let outcome = try venue.apply(
                .by(me, order(side, ticks: ticks), .cancelAll(nil)))
            #expect(outcome.refusals == [nil, nil])
        }
    }

    @Test func `the band of an option counts a tenth of the index`() throws {
        var options = TestGenesis.Options()
        options.isDated = true
        let (venue, me, _) = try scene(.standard, options)
        try venue.apply()
        let mark = venue.ledger.prices[Int(TestGenesis.put.number)].mark.units
        // A percent of $50,000, and of that a tenth: $50, the nearest tick inside.
        let bound = (mark + 50 * Self.million) / 500_000
        for (ticks, refusal) in [(bound, nil), (bound + 1, .outsideAgentBand)]
            as [(Int64, Refusal?)]
        {
            let command = order(.buy, ticks: ticks) { $0.instrument = TestGenesis.put }
            #expect(try answer(venue, me, command) == [refusal], "\(ticks)")
        }
    }

    @Test func `a market order of an agent trades as far as its band`() throws {
        let (venue, me, others) = try scene()
        try venue.apply(.by(others[0], .buy(1, at: 49_500), .buy(1, at: 49_499)))
        let outcome = try venue.apply(.agent(me, 1, .market(.sell, 2)))
        #expect(outcome.trades.map(\.price) == [.dollars(49_500)])
        #expect(outcome.reasons == [.filled, .notFilled])
        let master = try venue.apply(.by(me, .market(.sell, 1)))
        #expect(master.trades.map(\.price) == [.dollars(49_499)])
    }

    @Test func `quotes, amendments and triggers of an agent stay in its band`() throws {
        let (venue, me, _) = try scene()
        #expect(
            try answer(venue, me, .quote(1, at: 50_501, 1, at: 50_502)) == [.outsideAgentBand])
        #expect(
            try answer(venue, me, .quote(1, at: 49_000, 1, at: 49_499)) == [.outsideAgentBand])
        #expect(try answer(venue, me, .quote(1, at: 49_000, 1, at: 51_000)) == [nil])
        let quotes = venue.openOrders(me)
        #expect(quotes.map(\.flags.agent) == [1, 1])
        let bid = quotes[0].identifier
        #expect(try answer(venue, me, .amend(bid, to: 50_501, 1)) == [.outsideAgentBand])
        #expect(try answer(venue, me, .cancelAll(nil)) == [nil])
        // Away from its price it waits; it fires at $50,000 and may not reach $49,499.
        let stop = Command.waiting(.stop, .sell, 1, when: 49_900, at: 49_300)
        #expect(try answer(venue, me, stop) == [nil])
        venue.setPrice(49_900)
        let outcome = try venue.apply()
        #expect(outcome.triggerRefusals == [.outsideAgentBand])
        let market = Command.waiting(.stop, .sell, 1, when: 49_800)
        #expect(try answer(venue, me, market) == [nil])
        venue.setPrice(49_800)
        #expect(try venue.apply().reasons == [.notFilled])
    }

    /// A sell of 1 BTC a percent below the mark costs $500 and a fee of $24.75.
    @Test func `what a fill costs against the mark is counted to the micro-unit`() throws {
        let (venue, me, others) = try scene(limits(dollars: 1_000))
        try venue.apply(.by(others[0], .buy(1_000, at: 49_500)))
        #expect(try answer(venue, me, .sell(1_000, at: 49_500)) == [nil])
        #expect(lost(venue, me) == 524_750_000)
        // What wins gives nothing back: bought at $49,500 from somebody else.
        try venue.apply(.by(others[0], .sell(500, at: 49_500)))
        #expect(try answer(venue, me, .buy(500, at: 49_500)) == [nil])
        #expect(lost(venue, me) == 524_750_000)
        // $475.25 are left: of 0.905 BTC at $525 and a fee they would be passed by a lot.
        let lots = 475_250_000 / (500_000 + 24_750)
        try venue.apply(.by(others[0], .buy(1_000, at: 49_500)))
        #expect(
            try answer(
                venue, me, .sell(Int64(lots) + 1, at: 49_500), .sell(Int64(lots), at: 49_500))
                == [.agentLossLimit, nil])
        #expect(try answer(venue, me, .sell(1, at: 50_000)) == [nil])
        let kept = try venue.restored()
        #expect(kept.root == venue.ledger.root)
        // Tomorrow it may lose again.
        try venue.apply(milliseconds: 43_200_000)
        try venue.apply(.by(others[0], .cancelAll(nil), .buy(100, at: 49_500)))
        #expect(try answer(venue, me, .cancelAll(nil), .sell(100, at: 49_500)) == [nil, nil])
        #expect(lost(venue, me) == 52_475_000)
    }

    /// A bid at the mark rests; the mark falls, and whoever sells to it would take the difference.
    @Test func `a resting order leaves before its fill passes the day's loss`() throws {
        let (venue, me, others) = try scene(limits(dollars: 500))
        #expect(try answer(venue, me, .buy(600, at: 50_000), .buy(300, at: 50_000)) == [nil, nil])
        venue.setPrice(49_000)
        // The first would lose $603, the second loses $301.50.
        let outcome = try venue.apply(.by(others[0], .sell(900, at: 50_000)))
        #expect(outcome.reasons.contains(.agentLossLimit))
        #expect(outcome.trades.map(\.quantity.lots) == [300])
        #expect(lost(venue, me) == 301_500_000)
    }

    @Test func `a revoked agent's orders stay under its limit`() throws {
        let (venue, me, others) = try scene(limits(dollars: 500))
        #expect(try answer(venue, me, .buy(600, at: 50_000)) == [nil])
        #expect(try venue.answer(me, .setAgent(1, nil)) == nil)
        venue.setPrice(49_000)
        let outcome = try venue.apply(.by(others[0], .sell(600, at: 50_000)))
        #expect(outcome.reasons == [.agentLossLimit] && outcome.trades.isEmpty)
    }

    @Test func `an order belongs to whoever priced it last`() throws {
        let (venue, me, others) = try scene(limits(dollars: 500))
        let order = try venue.place(me, .buy(600, at: 49_000))
        #expect(venue.openOrders(me).map(\.flags.agent) == [0])
        // Fewer lots leave it the master's; another price makes it the agent's.
        #expect(try answer(venue, me, .amend(order, to: 49_000, 590)) == [nil])
        #expect(venue.openOrders(me).map(\.flags.agent) == [0])
        #expect(try answer(venue, me, .amend(order, to: 50_500, 590)) == [nil])
        #expect(venue.openOrders(me).map(\.flags.agent) == [1])
        #expect(try answer(venue, me, .amend(order, to: 50_500, 2_000)) == [.agentLossLimit])
        #expect(try venue.answer(me, .amend(order, to: 50_600, 590)) == nil)
        #expect(venue.openOrders(me).map(\.flags.agent) == [0])
        let outcome = try venue.apply(.by(others[0], .sell(590, at: 50_600)))
        #expect(outcome.trades.count == 1 && lost(venue, me) == 0)
    }

    @Test func `a fill-or-kill order counts no lots that an agent's limit could take away`() throws
    {
        let (venue, me, others) = try scene(limits(dollars: 500))
        #expect(try answer(venue, me, .buy(300, at: 50_000), .buy(300, at: 50_000)) == [nil, nil])
        venue.setPrice(49_000)
        try venue.apply()
        let sell = { (lots: Int64) in Command.sell(lots, at: 50_000, .fillOrKill) }
        #expect(try venue.answer(others[0], sell(301)) == .notFillable)
        #expect(try venue.apply(.by(others[0], sell(300))).trades.count == 1)
        #expect(try venue.answer(others[0], sell(300)) == .notFillable)
    }

    @Test func `an auction takes out what would pass the day's loss`() throws {
        let (venue, me, others) = try scene(limits(dollars: 500))
        try venue.apply(.operator(.auction(seconds: 10)))
        #expect(try answer(venue, me, .buy(600, at: 50_000)) == [nil])
        try venue.apply(.by(others[0], .sell(600, at: 50_000)))
        venue.setPrice(49_000)
        let outcome = try venue.apply(milliseconds: 20_000)
        #expect(outcome.auctionTrades.isEmpty && outcome.reasons == [.agentLossLimit])
    }

    @Test func `an agent signs orders two minutes ahead, and cancels as far as it likes`() throws {
        var options = TestGenesis.Options()
        options.agentOrderLife = AgentLimits.standardOrderLife
        let (venue, me, _) = try scene(.standard, options)
        func rows(_ signer: Signer, _ nanoseconds: UInt64, _ expected: [Refusal?]) throws {
            var block = venue.block([])
            let end = block.time.advanced(by: Duration(nanoseconds: nanoseconds))
            let send = Send(
                signer: signer,
                commands: [
                    .buy(1, at: 49_000), .quote(1, at: 48_000, 0, at: 1),
                    .amend(OrderIdentifier(999), to: 49_000, 1), .cancelQuotes(nil),
                    .quote(0, at: 1, 0, at: 1),
                ])
            let transaction = venue.transaction(send, expiry: end)
            block.transactions = [transaction.canonicalBytes]
            #expect(
                venue.ledger.admissionRefusal(of: transaction, at: block.time) == expected[0])
            #expect(try venue.apply(block).refusals == expected)
        }
        let free: [Refusal?] = [nil, nil, .unknownOrder, nil, nil]
        let far = Refusal.orderExpiryTooFar
        try rows(.agent(me, slot: 1), 120_000_000_000, free)
        try rows(.agent(me, slot: 1), 120_000_000_001, [far, far, far, nil, nil])
        try rows(.account(me), 3_600_000_000_000, free)
    }

    @Test func `an order of an agent that never was is not restored`() throws {
        let (venue, me, _) = try scene()
        #expect(try answer(venue, me, .buy(1, at: 49_000)) == [nil])
        let order = venue.openOrders(me)[0]
        var flags = order.flags
        flags.agent = 2
        let other = Order(
            identifier: order.identifier, account: me, instrument: order.instrument,
            clientIdentifier: order.clientIdentifier, flags: flags, price: order.price,
            remaining: order.remaining, priority: order.priority)
        let key = LeafKey.order(order.identifier)
        let leaves = venue.ledger.leaves().map {
            $0.key == key ? Leaf(key: key, value: other.canonicalBytes) : $0
        }
        var tree = SparseMerkleTree()
        tree.update(leaves.map { $0.change })
        #expect(throws: RestoreFault.self) {
            _ = try Ledger(genesis: venue.ledger.genesis, leaves: leaves, root: tree.root)
        }
    }
}
