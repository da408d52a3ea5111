/// Quotes: both sides change as a whole or not at all, never take, and can always be pulled.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct QuoteTests {
    @Test func `a quote stands on both sides, and the next one takes its place`() throws {
        let (venue, accounts) = try Venue.rich(1)
        let me = accounts[0]
        let table: [(command: Command, bids: [[Int64]], asks: [[Int64]])] = [
            (.quote(5, at: 49_900, 6, at: 50_100), [[99_800, 5]], [[100_200, 6]]),
            (.quote(7, at: 49_950, 6, at: 50_100), [[99_900, 7]], [[100_200, 6]]),
            (.quote(0, at: 0, 2, at: 50_050), [], [[100_100, 2]]),
            (.quote(3, at: 49_900, 0, at: -7), [[99_800, 3]], []),
            (.quote(0, at: 0, 0, at: 0), [], []), (.quote(0, at: 0, 0, at: 0), [], []),
        ]
        for row in table {
            #expect(try venue.answer(me, row.command) == nil)
            #expect(venue.depth(.buy) == row.bids && venue.depth(.sell) == row.asks)
        }
    }

    @Test func `a side keeps its place if its price stays and its size does not grow`() throws {
        let table: [(bid: Int64, lots: Int64, keeps: Bool)] = [
            (49_900, 5, true), (49_900, 4, true), (49_900, 6, false),
        ]
        for row in table {
            let (venue, accounts) = try Venue.rich(3)
            try venue.apply(.by(accounts[0], .quote(5, at: 49_900, 5, at: 50_100)))
            try venue.apply(.by(accounts[1], .quote(5, at: 49_900, 5, at: 50_100)))
            try venue.apply(.by(accounts[0], .quote(row.lots, at: row.bid, 5, at: 50_200)))
            let outcome = try venue.apply(.by(accounts[2], .sell(1, at: 49_900)))
            #expect(outcome.trades.map(\.maker) == [row.keeps ? accounts[0] : accounts[1]])
        }
    }

    @Test func `a quote that is refused leaves the one before as it was`() throws {
        var options = TestGenesis.Options()
        options.orderLimit = 3
        options.positionLimit = 1_000
        let venue = try Venue(options)
        let accounts = try venue.openAccounts(2, dollars: 2_500)
        let me = accounts[0]
        try venue.place(accounts[1], .sell(1, at: 50_500))
        try venue.apply(.by(me, .quote(5, at: 49_900, 5, at: 50_100)))
        let table: [(command: Command, refusal: Refusal?)] = [
            (.quote(5, at: 50_100, 5, at: 50_100), .conflictingTerms),
            (.quote(5, at: 50_101, 5, at: 50_100), .conflictingTerms),
            (.quote(5, at: 50_500, 5, at: 50_600), .wouldTake),
            (.quote(5, at: 51_001, 5, at: 51_002), .outsidePriceBand),
            (.quote(5, at: 48_000, 5, at: 48_999), .outsidePriceBand),
            (.quote(-1, at: 49_900, 5, at: 50_100), .quantityOutOfRange),
            (.quote(5, at: 49_900, 1_001, at: 50_100), .quantityOutOfRange),
            (.quote(.min, at: 49_900, .max, at: 50_100), .quantityOutOfRange),
            (.quote(5, at: 0, 5, at: 50_100), .priceOutOfRange),
            (.quote(5, at: 49_900, 5, at: 400_001), .priceOutOfRange),
            (.quote(5, at: 49_900, 5, at: 50_100, in: InstrumentIdentifier(3)), .unknownInstrument),
            (.quote(5, at: 49_900, 5, at: 50_100, in: TestGenesis.sideBitcoin), .wrongCompartment),
            (.quote(5, at: 49_900, 1_000, at: 50_100), .insufficientMargin),
            (.quote(5, at: 20_000, 5, at: 30_000, in: TestGenesis.ether), .tooManyOrders),
            (.quote(5, at: 20_000, 0, at: 0, in: TestGenesis.ether), nil),
            (.quote(5, at: 49_901, 5, at: 50_099), nil),
        ]
        for row in table {
            let before = venue.openOrders(me)
            #expect(try venue.answer(me, row.command) == row.refusal, "\(row.command)")
            #expect((venue.openOrders(me) == before) == (row.refusal != nil))
        }
        // One more lot than the limit, with what is held already.
        try venue.apply(.by(me, .cancelQuotes(nil)))
        try venue.trade(me, accounts[1], 10, at: 50_000)
        #expect(try venue.answer(me, .quote(991, at: 49_000, 1, at: 50_400)) == .positionLimit)
    }

    /// A maker who follows the market puts his new bid through his old ask.
    @Test func `a quote may move through its own old sides, but through nobody else's`() throws {
        let (venue, accounts) = try Venue.rich(2)
        let me = accounts[0]
        try venue.apply(.by(me, .quote(5, at: 49_900, 5, at: 49_950)))
        #expect(try venue.answer(me, .quote(5, at: 50_000, 5, at: 50_050)) == nil)
        #expect(try venue.answer(me, .quote(5, at: 49_800, 5, at: 49_850)) == nil)
        #expect(try venue.answer(me, .quote(5, at: 49_850, 0, at: 0)) == nil)
        #expect(venue.depth(.buy) == [[99_700, 5]] && venue.depth(.sell).isEmpty)
        try venue.apply(.by(me, .quote(5, at: 49_900, 5, at: 49_950)))
        for blocker in [accounts[1], me] {
            let ask = try venue.place(blocker, .sell(1, at: 49_950))
            #expect(try venue.answer(me, .quote(5, at: 50_000, 5, at: 50_050)) == .wouldTake)
            try venue.apply(.by(blocker, .cancel(ask)))
        }
        #expect(venue.depth(.sell) == [[99_900, 5]])
    }

    @Test func `many quotes in one transaction are a mass quote, and each stands for itself`()
        throws
    {
        let (venue, accounts) = try Venue.rich(1)
        let outcome = try venue.apply(
            .by(
                accounts[0], .quote(5, at: 49_900, 5, at: 50_100),
                .quote(5, at: 60_000, 5, at: 61_000, in: TestGenesis.ether),
                .quote(5, at: 49_800, 5, at: 50_200)))
        #expect(outcome.refusals == [nil, .outsidePriceBand, nil])
        // Of two for one market the later one stands.
        #expect(venue.depth(.buy) == [[99_600, 5]])
    }

    @Test func `a quote that shrinks or moves away beats a taker, another comes after him`() throws
    {
        let table: [(command: Command, isHit: Bool)] = [
            (.quote(0, at: 0, 0, at: 0), false), (.quote(5, at: 49_900, 5, at: 50_200), false),
            (.quote(5, at: 49_900, 5, at: 50_050), true), (.cancelQuotes(nil), false),
            (.quote(6, at: 49_900, 5, at: 50_200), true),
        ]
        for row in table {
            let (venue, accounts) = try Venue.rich(2)
            try venue.apply(.by(accounts[0], .quote(5, at: 49_900, 5, at: 50_100)))
            let outcome = try venue.apply(
                .by(accounts[1], .buy(5, at: 50_100, .immediateOrCancel)),
                .by(accounts[0], row.command))
            #expect(outcome.trades.isEmpty != row.isHit, "\(row.command)")
            #expect(outcome.refusals == [nil, nil])
        }
    }

    @Test func `quotes are pulled alone, and those sent before do not come back`() throws {
        let (venue, accounts) = try Venue.rich(1)
        let me = accounts[0]
        let table: [(pull: InstrumentIdentifier?, refusal: Refusal?)] = [
            (nil, .cancelledBefore), (TestGenesis.bitcoin, .cancelledBefore),
            (TestGenesis.ether, nil),
        ]
        var nonce: UInt64 = 100
        for row in table {
            try venue.apply(
                .by(me, .quote(5, at: 49_900, 5, at: 50_100), .buy(1, at: 49_000), nonce: nonce))
            let outcome = try venue.apply(
                venue.block([
                    .by(
                        me, .quote(9, at: 49_800, 9, at: 50_000), .buy(2, at: 48_000),
                        nonce: nonce + 1),
                    .by(me, .cancelQuotes(row.pull), nonce: nonce + 2),
                ]))
            #expect(outcome.refusals == [row.refusal, nil, nil])
            #expect(venue.openOrders(me).filter { !$0.flags.isQuote }.count == 2)
            try venue.apply(.by(me, .cancelAll(nil), nonce: nonce + 3))
            nonce += 10
        }
        // A lower nonce in a later block is no way round.
        let late = try venue.apply(.by(me, .quote(5, at: 49_900, 5, at: 50_100), nonce: 101))
        #expect(late.refusals == [.nonceUsed])
        #expect(try venue.answer(me, .cancelQuotes(InstrumentIdentifier(3))) == .unknownInstrument)
    }

    @Test func `a quote is an order that can be hit, amended and cancelled, but never takes`()
        throws
    {
        let (venue, accounts) = try Venue.rich(2)
        let me = accounts[0]
        try venue.apply(.by(me, .quote(5, at: 49_900, 5, at: 50_100)))
        try venue.place(accounts[1], .sell(1, at: 50_050))
        let bid = try #require(venue.openOrders(me).first).identifier
        #expect(try venue.answer(me, .amend(bid, to: 50_050, 5)) == .wouldTake)
        #expect(try venue.answer(me, .amend(bid, to: 50_049, 6)) == nil)
        #expect(try venue.apply(.by(accounts[1], .sell(2, at: 50_049))).trades.count == 1)
        #expect(try venue.answer(me, .cancel(bid)) == nil)
        #expect(try venue.answer(me, .quote(5, at: 49_900, 5, at: 50_200)) == nil)
        #expect(venue.depth(.buy) == [[99_800, 5]])
    }

    @Test func `an account short of margin may shrink its quote and not grow it`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 1_000_000)
        let weak = try venue.openAccounts(1, dollars: 5_000)[0]
        try venue.trade(weak, accounts[0], 1_000, at: 50_000)
        try venue.place(weak, .sell(1, at: 51_000, reduceOnly: true))
        venue.setPrice(48_600)
        try venue.apply()
        #expect(venue.health(weak) < 0 && !venue.isLiquidating(weak))
        #expect(try venue.answer(weak, .quote(1, at: 48_000, 0, at: 0)) == .insufficientMargin)
        #expect(try venue.answer(weak, .quote(0, at: 0, 0, at: 0)) == nil)
        venue.setPrice(47_500)
        try venue.apply()
        #expect(venue.isLiquidating(weak))
        #expect(try venue.answer(weak, .quote(0, at: 0, 0, at: 0)) == .inLiquidation)
        #expect(try venue.answer(weak, .cancelQuotes(nil)) == nil)
    }
}
