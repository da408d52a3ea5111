/// Step 2 of the waterfall through whole blocks: how fast, in which order, and that nothing of the
/// engine's own rules stands in its way.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Liquidation
import Markets
import Risk
import Testing

extension TestGenesis.Options {
    /// With the throttle of the venue: a fifth of the depth in ten seconds.
    static func throttled(_ change: (inout TestGenesis.Options) -> Void = { _ in })
        -> TestGenesis.Options
    {
        var options = TestGenesis.Options()
        options.liquidation.depthShare = LiquidationParameters.standard.depthShare
        options.liquidation.optionDepthShare = LiquidationParameters.standard.optionDepthShare
        change(&options)
        return options
    }
}

extension BlockOutcome {
    /// Lots that were closed by force on a book, of an account or of all.
    func closedLots(
        of account: AccountIdentifier? = nil,
        in instrument: InstrumentIdentifier = TestGenesis.bitcoin
    ) -> Int64 {
        let forced = events.compactMap { event -> OrderIdentifier? in
            guard case .orderAccepted(let order) = event, order.origin == .liquidation else {
                return nil
            }
            return order.order
        }
        return trades.reduce(0) { sum, trade in
            let counts =
                forced.contains(trade.takerOrder) && trade.instrument == instrument
                && (account == nil || trade.taker == account)
            return counts ? sum + trade.quantity.lots : sum
        }
    }

    /// What windows began with: depth and allowance.
    var windows: [[Int64]] {
        events.compactMap { event in
            if case .closingAllowed(_, _, let depth, let allowance) = event {
                [depth.lots, allowance.lots]
            } else {
                nil
            }
        }
    }

    var deleveragedAccounts: [AccountIdentifier] {
        events.compactMap { event in
            if case .deleveraged(let event) = event { event.account } else { nil }
        }
    }
}

@Suite struct ClosingTests {
    /// Two longs of 1,000 lots on so many dollars, bought of the first of two rich accounts.
    private func longs(
        _ dollars: [Int64], _ options: TestGenesis.Options
    ) throws -> (Venue, weak: [AccountIdentifier], rich: [AccountIdentifier]) {
        let venue = try Venue(options)
        let rich = try venue.openAccounts(2, dollars: 1_000_000)
        var weak: [AccountIdentifier] = []
        for dollars in dollars {
            weak += try venue.openAccounts(1, dollars: dollars)
            try venue.trade(weak[weak.count - 1], rich[0], 1_000, at: 50_000)
        }
        return (venue, weak, rich)
    }

    @Test(arguments: [true, false])
    func `forced closing takes a fifth of the depth in ten seconds`(isOn: Bool) throws {
        let options = TestGenesis.Options.throttled { $0.off = isOn ? [] : [.depthThrottle] }
        let (venue, weak, rich) = try longs([5_000, 5_000], options)
        try venue.apply(.by(rich[1], .buy(1_000, at: 49_000)))
        try venue.apply(.by(rich[1], .buy(1_000, at: 40_000)))
        venue.setPrice(48_100)
        let outcome = try venue.apply()
        // What lies at $40,000 is outside of every band. Without the throttle both are closed to
        // the exit level at once.
        #expect(outcome.windows == (isOn ? [[1_000, 200]] : []))
        #expect(isOn ? outcome.closedLots() == 200 : outcome.closedLots() > 250)
        #expect(weak.contains { venue.isLiquidating($0) } == isOn)
        guard isOn else { return }
        for _ in 0..<9 { #expect(try venue.apply().closedLots() == 0) }
        let next = try venue.apply()
        #expect(next.windows == [[800, 160]])
        #expect(next.closedLots() > 0 && next.closedLots() <= 160)
    }

    @Test func `a machine restored within a window takes no more than the rest of it`() throws {
        let (venue, _, rich) = try longs([5_000, 5_000], .throttled())
        try venue.apply(.by(rich[1], .buy(500, at: 48_000)))
        venue.setPrice(48_100)
        try venue.apply()
        let restored = try venue.restored()
        for _ in 0..<12 {
            try venue.apply()
            let block = try #require(venue.blocks.last)
            let outcome = try restored.apply(block, verifier: TestSignatures())
            #expect(outcome.root == venue.last?.root)
        }
        #expect(restored.auditFailure() == nil)
    }

    @Test func `a book that was empty as the window began gives its share when it is back`()
        throws
    {
        let (venue, _, rich) = try longs([5_000], .throttled())
        try venue.apply(.by(rich[1], .buy(4, at: 48_000)))
        venue.setPrice(48_100)
        let outcome = try venue.apply()
        #expect(outcome.windows == [[4, 1]] && outcome.closedLots() == 1)
        try venue.apply(.by(rich[1], .buy(497, at: 48_000)))
        let next = try venue.apply()
        #expect(next.windows == [[500, 100]] && next.closedLots() == 99)
        #expect(try venue.apply().closedLots() == 0)
    }

    @Test func `who has least left goes first`() throws {
        let (venue, weak, rich) = try longs([5_000, 4_900], .throttled())
        try venue.apply(.by(rich[1], .buy(500, at: 48_000)))
        venue.setPrice(48_100)
        let outcome = try venue.apply()
        #expect(outcome.closedLots(of: weak[1]) == 100 && outcome.closedLots(of: weak[0]) == 0)
    }

    /// Where the book has nothing to give it is thirty seconds, where only the throttle is in the
    /// way sixty, and never more.
    @Test(arguments: [(false, 30), (true, 60)])
    func `the throttle makes an account wait no longer than twice the band's time`(
        hasBook: Bool, seconds: Int
    ) throws {
        let (venue, weak, rich) = try longs([5_000], .throttled())
        if hasBook { try venue.apply(.by(rich[1], .buy(100, at: 48_000))) }
        venue.setPrice(48_100)
        try venue.apply()
        var waited = 0
        while venue.isLiquidating(weak[0]), waited < 90 {
            let outcome = try venue.apply(milliseconds: 5_000)
            waited += 5
            #expect(outcome.deleveragedAccounts.isEmpty == (waited < seconds))
        }
        #expect(waited == seconds)
    }

    @Test func `a cap that is full keeps nobody from being closed`() throws {
        var options = TestGenesis.Options()
        options.openInterestLimit = 1_000
        options.positionLimit = 1_000
        let (venue, weak, rich) = try longs([5_000], options)
        try venue.apply(.by(rich[1], .buy(500, at: 48_000)))
        venue.setPrice(48_100)
        let outcome = try venue.apply()
        #expect(outcome.closedLots(of: weak[0]) > 0)
    }

    @Test func `in a market that is halted it is closed at the mark when its time has come`()
        throws
    {
        let (venue, weak, rich) = try longs([5_000], TestGenesis.Options())
        try venue.apply(
            .by(rich[1], .buy(1_000, at: 48_000)), .operator(.halt(TestGenesis.bitcoin)))
        venue.setPrice(48_100)
        var blocks = 0
        repeat {
            #expect(try venue.apply(milliseconds: 5_000).closedLots() == 0)
            blocks += 1
        } while venue.isLiquidating(weak[0]) && blocks < 20
        #expect(blocks == 7)
        #expect(venue.position(weak[0]) < 1_000 && venue.equity(weak[0]) > 0)
    }

    /// Long 1,000 of the perpetual against 800 of the future: bought alone the perpetual asks for
    /// more, but only its last 200 lots are a risk; and the future, cheap as it is, is none.
    @Test func `the leg that hedges is not closed first`() throws {
        var options = TestGenesis.Options()
        options.isDated = true
        options.positionLimit = 40_000
        let venue = try Venue(options)
        let rich = try venue.openAccounts(2, dollars: 1_000_000)
        let weak = try venue.openAccounts(1, dollars: 4_000)[0]
        for _ in 0..<10 {
            try venue.trade(rich[0], weak, 80, at: 50_000, in: TestGenesis.future)
            try venue.trade(weak, rich[0], 100, at: 50_000)
        }
        try sink(venue, weak)
        let price = venue.prices[0] / TestGenesis.million
        let before = venue.ledger.maintenanceMargin(of: weak)
        let outcome = try venue.apply(
            .by(rich[1], .buy(1_000, at: price)),
            .by(rich[1], .sell(1_000, at: price, in: TestGenesis.future)))
        _ = outcome
        try venue.wait(blocks: 3)
        #expect(venue.position(weak, TestGenesis.future) == -800)
        #expect(venue.position(weak) < 1_000 && venue.position(weak) >= 800)
        let after = venue.ledger.maintenanceMargin(of: weak)
        #expect(after.requirement < before.requirement && after.health > before.health)
    }

    /// Lets the price fall until an account is in liquidation.
    private func sink(_ venue: Venue, _ weak: AccountIdentifier, by dollars: Int64 = -50) throws {
        var steps = 0
        while !venue.isLiquidating(weak), steps < 400 {
            venue.prices[0] += dollars * TestGenesis.million
            try venue.apply()
            steps += 1
        }
        #expect(venue.isLiquidating(weak))
    }

    /// Short 500 calls, below maintenance by a rise: the perpetual is bought up to the account's
    /// delta, and no option before it.
    @Test func `delta is hedged with the perpetual before options are bought back`() throws {
        var options = TestGenesis.Options()
        options.isDated = true
        options.positionLimit = 40_000
        options.priceBand = Ratio(basisPoints: 9_000)
        let venue = try Venue(options)
        let rich = try venue.openAccounts(2, dollars: 1_000_000)
        let weak = try venue.openAccounts(1, dollars: 6_000)[0]
        try venue.apply()
        try venue.trade(rich[0], weak, 500, at: 200, in: TestGenesis.call)
        try sink(venue, weak, by: 50)
        let price = venue.prices[0] / TestGenesis.million
        let before = venue.ledger.maintenanceMargin(of: weak)
        try venue.apply(.by(rich[1], .sell(1_000, at: price)))
        let outcome = try venue.apply()
        let orders = outcome.events.compactMap { event -> InstrumentIdentifier? in
            if case .orderAccepted(let order) = event, order.origin == .liquidation {
                order.instrument
            } else {
                nil
            }
        }
        #expect(orders.first == TestGenesis.bitcoin)
        // The calls' delta is below one, so that it takes fewer lots than there are calls.
        #expect(venue.position(weak) > 0 && venue.position(weak) <= 500)
        let after = venue.ledger.maintenanceMargin(of: weak)
        #expect(after.requirement < before.requirement && after.health > before.health)
    }
}
