/// Placing, matching, amending and cancelling: the paths of an order from acceptance to its one
/// final event. That each order has exactly one, and that the books follow from the events, is
/// checked after every block by `Venue`.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct OrderTests {
    private func rich(_ count: Int) throws -> (Venue, [AccountIdentifier]) {
        let venue = try Venue()
        return (venue, try venue.openAccounts(count, dollars: 10_000_000))
    }

    private func order(_ outcome: BlockOutcome, _ place: Int = 0) throws -> OrderIdentifier {
        try #require(outcome.receipts[place].order)
    }

    private func amend(
        _ order: OrderIdentifier, to dollars: Int64, _ lots: Int64, postOnly: Bool = false
    ) -> Command {
        .amend(
            AmendRequest(
                order: order, limit: .dollars(dollars), remaining: Quantity(lots: lots),
                postOnly: postOnly))
    }

    @Test func `a limit order takes what crosses at the maker's price and rests with the rest`()
        throws
    {
        let (venue, accounts) = try rich(2)
        try venue.apply(.by(accounts[0], .sell(10, at: 50_000), .sell(10, at: 50_010)))
        let outcome = try venue.apply(.by(accounts[1], .buy(25, at: 50_010)))
        #expect(outcome.trades.map(\.price) == [.dollars(50_000), .dollars(50_010)])
        #expect(outcome.trades.map(\.quantity.lots) == [10, 10])
        // 0.01 BTC: $500.00 and $500.10, taker 5 bp and maker 1 bp.
        #expect(outcome.trades.map(\.notional.units) == [500_000_000, 500_100_000])
        #expect(outcome.trades.map(\.takerFee.units) == [250_000, 250_050])
        #expect(outcome.trades.map(\.makerFee.units) == [50_000, 50_010])
        #expect(outcome.closes.map(\.reason) == [.filled, .filled])
        #expect(venue.openOrders(accounts[1]).map(\.remaining.lots) == [5])
        #expect(venue.position(accounts[1]) == 20)
        #expect(venue.position(accounts[0]) == -20)
    }

    @Test func `at one price the older order fills first`() throws {
        let (venue, accounts) = try rich(3)
        let first = try venue.apply(.by(accounts[0], .buy(5, at: 49_999)))
        let second = try venue.apply(.by(accounts[1], .buy(5, at: 49_999)))
        let better = try venue.apply(.by(accounts[1], .buy(5, at: 50_000)))
        let outcome = try venue.apply(.by(accounts[2], .sell(12, at: 49_999)))
        let makers = outcome.trades.map(\.makerOrder)
        #expect(makers == [try order(better), try order(first), try order(second)])
    }

    @Test func `what an immediate or market order does not fill is closed`() throws {
        let (venue, accounts) = try rich(2)
        try venue.apply(.by(accounts[0], .sell(10, at: 50_000), .sell(10, at: 51_001)))
        let immediate = try venue.apply(
            .by(accounts[1], .buy(12, at: 50_000, .immediateOrCancel)))
        #expect(immediate.closes.map(\.remaining) == [0, 2])
        #expect(immediate.closes.map(\.reason) == [.filled, .notFilled])
        // The band ends at $51,000, below the next ask.
        let market = try venue.apply(.by(accounts[1], .market(.buy, 1, .goodTillCancelled)))
        #expect(market.closes.map(\.reason) == [.notFilled])
        #expect(venue.openOrders(accounts[1]).isEmpty)
    }

    @Test func `fill-or-kill trades all of it or nothing`() throws {
        let (venue, accounts) = try rich(2)
        try venue.apply(.by(accounts[0], .sell(10, at: 50_000), .sell(10, at: 50_010)))
        for (lots, dollars, refusal) in [
            (21, 50_010, Refusal.notFillable), (11, 50_009, .notFillable), (20, 50_010, nil),
        ] as [(Int64, Int64, Refusal?)] {
            let outcome = try venue.apply(
                .by(accounts[1], .buy(lots, at: dollars, .fillOrKill)))
            #expect(outcome.refusals == [refusal])
            #expect(outcome.trades.isEmpty == (refusal != nil))
        }
        #expect(venue.position(accounts[1]) == 20)
    }

    @Test func `fill-or-kill that only reduces is refused if the position is smaller`() throws {
        let (venue, accounts) = try rich(3)
        try venue.trade(accounts[0], accounts[1], 4, at: 50_000)
        try venue.apply(.by(accounts[2], .buy(20, at: 50_000)))
        let large = try venue.apply(
            .by(accounts[0], .sell(5, at: 50_000, .fillOrKill, reduceOnly: true)))
        #expect(large.refusals == [.notFillable])
        let exact = try venue.apply(
            .by(accounts[0], .sell(4, at: 50_000, .fillOrKill, reduceOnly: true)))
        #expect(exact.refusals == [nil])
        #expect(venue.position(accounts[0]) == 0)
    }

    @Test func `reduce-only orders never turn a position`() throws {
        let (venue, accounts) = try rich(3)
        try venue.trade(accounts[0], accounts[1], 4, at: 50_000)
        // As a taker.
        try venue.apply(.by(accounts[2], .buy(20, at: 50_000)))
        let taker = try venue.apply(.by(accounts[0], .sell(9, at: 50_000, reduceOnly: true)))
        #expect(taker.closes.last?.reason == .nothingToReduce)
        #expect(venue.position(accounts[0]) == 0)
        // As a maker: only the first four lots of the eight trade.
        try venue.apply(.by(accounts[2], .cancelAll(nil)))
        try venue.apply(.by(accounts[1], .buy(8, at: 49_990, reduceOnly: true)))
        let maker = try venue.apply(.by(accounts[2], .sell(8, at: 49_990)))
        #expect(venue.position(accounts[1]) == 0)
        #expect(maker.closes.map(\.reason) == [.nothingToReduce])
        let orders = venue.openOrders(accounts[2])
        #expect(orders.map(\.remaining.lots) == [4])
    }

    @Test func `accounts of one owner do not trade with each other`() throws {
        let (venue, accounts) = try rich(2)
        let sibling = try venue.openSibling(of: accounts[0], dollars: 1_000_000)
        for twin in [accounts[0], sibling] {
            try venue.apply(.by(accounts[0], .sell(5, at: 50_000)))
            try venue.apply(.by(accounts[1], .sell(5, at: 50_000)))
            let outcome = try venue.apply(.by(twin, .buy(6, at: 50_000)))
            #expect(outcome.trades.map(\.maker) == [accounts[1]])
            #expect(outcome.closes.first?.reason == .selfTrade)
            #expect(venue.openOrders(twin).map(\.remaining.lots) == [1])
            try venue.apply(.by(twin, .cancelAll(nil)))
        }
    }

    @Test func `an amendment keeps its place only if nothing but the size shrinks`() throws {
        let table: [(dollars: Int64, lots: Int64, keeps: Bool)] = [
            (49_990, 4, true), (49_990, 5, true), (49_990, 6, false),
        ]
        for row in table {
            let (venue, accounts) = try rich(3)
            let first = try order(try venue.apply(.by(accounts[0], .buy(5, at: 49_990))))
            let second = try order(try venue.apply(.by(accounts[1], .buy(5, at: 49_990))))
            try venue.apply(.by(accounts[0], amend(first, to: row.dollars, row.lots)))
            let outcome = try venue.apply(.by(accounts[2], .sell(1, at: 49_990)))
            #expect(outcome.trades.map(\.makerOrder) == [row.keeps ? first : second])
        }
    }

    @Test func `an order that moves away and back stands behind the others`() throws {
        let (venue, accounts) = try rich(3)
        let first = try order(try venue.apply(.by(accounts[0], .buy(5, at: 49_990))))
        let second = try order(try venue.apply(.by(accounts[1], .buy(5, at: 49_990))))
        try venue.apply(.by(accounts[0], amend(first, to: 49_980, 5)))
        try venue.apply(.by(accounts[0], amend(first, to: 49_990, 5)))
        let outcome = try venue.apply(.by(accounts[2], .sell(1, at: 49_990)))
        #expect(outcome.trades.map(\.makerOrder) == [second])
    }

    @Test func `an amendment to a better price may take`() throws {
        let (venue, accounts) = try rich(2)
        try venue.apply(.by(accounts[1], .sell(3, at: 50_010)))
        let mine = try order(try venue.apply(.by(accounts[0], .buy(5, at: 49_990))))
        let refused = try venue.apply(.by(accounts[0], amend(mine, to: 50_010, 5, postOnly: true)))
        #expect(refused.refusals == [.wouldTake])
        let outcome = try venue.apply(.by(accounts[0], amend(mine, to: 50_010, 5)))
        #expect(outcome.trades.map(\.quantity.lots) == [3])
        #expect(venue.openOrders(accounts[0]).map(\.remaining.lots) == [2])
        #expect(venue.openOrders(accounts[0]).map(\.identifier) == [mine])
    }

    @Test func `a cancel names one order, one client order, one market, or all`() throws {
        let (venue, accounts) = try rich(1)
        let me = accounts[0]
        let placed = try venue.apply(
            .by(
                me, .buy(1, at: 49_001, name: 7), .buy(1, at: 49_002), .buy(1, at: 49_003),
                .buy(1, at: 24_000, in: TestGenesis.ether)))
        let second = try order(placed, 1)
        try venue.apply(.by(me, .cancelClient(ClientOrderIdentifier(7)), .cancel(second)))
        #expect(venue.openOrders(me).count == 2)
        try venue.apply(.by(me, .cancelAll(TestGenesis.ether)))
        #expect(venue.openOrders(me).map(\.price) == [.dollars(49_003)])
        let outcome = try venue.apply(.by(me, .cancelAll(nil), .cancelAll(nil)))
        #expect(outcome.refusals == [nil, nil])
        #expect(outcome.closes.map(\.reason) == [.cancelled])
    }

    @Test func `open interest stops at its limit`() throws {
        var options = TestGenesis.Options()
        options.positionLimit = 100
        options.openInterestLimit = 100
        let venue = try Venue(options)
        let accounts = try venue.openAccounts(4, dollars: 10_000_000)
        try venue.trade(accounts[0], accounts[1], 60, at: 50_000)
        try venue.apply(.by(accounts[3], .sell(60, at: 50_000)))
        let outcome = try venue.apply(.by(accounts[2], .buy(60, at: 50_000)))
        #expect(outcome.trades.map(\.quantity.lots) == [40])
        #expect(outcome.closes.map(\.reason) == [.openInterestLimit])
        #expect(venue.ledger.accounts.totals[0].openInterest.lots == 100)
        // A position that changes hands adds nothing.
        try venue.apply(.by(accounts[3], .cancelAll(nil)))
        try venue.apply(.by(accounts[2], .buy(60, at: 50_000)))
        let handed = try venue.apply(.by(accounts[0], .sell(60, at: 50_000)))
        #expect(handed.trades.map(\.quantity.lots) == [60])
    }

    @Test func `two who both close trade at once, however full the market is`() throws {
        var options = TestGenesis.Options()
        options.positionLimit = 100
        options.openInterestLimit = 100
        let venue = try Venue(options)
        let accounts = try venue.openAccounts(3, dollars: 10_000_000)
        try venue.trade(accounts[0], accounts[1], 60, at: 50_000)
        try venue.trade(accounts[2], accounts[1], 40, at: 50_000)
        // The buyer covers a short of 100, the seller closes 60 and opens 40 more than that.
        try venue.apply(.by(accounts[1], .cancelAll(nil)))
        try venue.apply(.by(accounts[0], .sell(90, at: 50_000)))
        let outcome = try venue.apply(.by(accounts[1], .buy(90, at: 50_000)))
        #expect(outcome.trades.map(\.quantity.lots) == [90])
    }
}
