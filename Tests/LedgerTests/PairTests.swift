/// One cancels the other: whatever happens to one leg, the other never trades after it.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct PairTests {
    private let first = ClientOrderIdentifier(1)

    /// A take-profit sell at 50,500 named 1, and a stop sell at 49,500 that is paired with it.
    private func bracket() throws -> (
        venue: Venue, accounts: [AccountIdentifier], limit: OrderIdentifier, stop: OrderIdentifier
    ) {
        let (venue, accounts) = try Venue.rich(2)
        let limit = try venue.place(accounts[0], .sell(5, at: 50_500, name: 1))
        let stop = try venue.place(
            accounts[0], .waiting(.stop, .sell, 5, when: 49_500, name: 2) { $0.pair = first })
        return (venue, accounts, limit, stop)
    }

    @Test func `a fill of one leg, even in part, cancels the other`() throws {
        for lots in [1, 5] as [Int64] {
            let (venue, accounts, _, stop) = try bracket()
            let outcome = try venue.apply(.by(accounts[1], .buy(lots, at: 50_500)))
            #expect(outcome.closes.first { $0.order == stop }?.reason == .pairedOrder)
            let orders = venue.openOrders(accounts[0])
            #expect(orders.map(\.remaining.lots) == (lots == 5 ? [] : [4]))
            // The rest is free to be paired again.
            guard lots == 1 else { continue }
            try venue.place(
                accounts[0], .waiting(.stop, .sell, 4, when: 49_500) { $0.pair = first })
        }
    }

    @Test func `a leg that fires cancels the other before it trades`() throws {
        let (venue, accounts, limit, stop) = try bracket()
        try venue.place(accounts[1], .buy(5, at: 49_000))
        venue.setPrice(49_500)
        let outcome = try venue.apply()
        #expect(
            outcome.closes.map(\.order) == [
                limit, try #require(outcome.trades.first).makerOrder, stop,
            ])
        #expect(outcome.reasons == [.pairedOrder, .filled, .filled])
        #expect(venue.position(accounts[0]) == -5)
    }

    @Test func `a leg that leaves takes the other along, whatever the cause`() throws {
        for leaves in 0..<4 {
            let (venue, accounts, limit, stop) = try bracket()
            switch leaves {
            case 0: try venue.apply(.by(accounts[0], .cancel(limit)))
            case 1: try venue.apply(.by(accounts[0], .cancel(stop)))
            case 2: try venue.apply(.by(accounts[0], .cancelClient(first)))
            default:
                let sibling = try venue.openSibling(of: accounts[0], dollars: 100_000)
                try venue.apply(.by(sibling, .buy(5, at: 50_500)))
            }
            #expect(venue.openOrders(accounts[0]).isEmpty)
        }
    }

    @Test func `a leg that expires takes the other along`() throws {
        let (venue, accounts) = try Venue.rich(1)
        let end = venue.time.advanced(by: .seconds(10))
        try venue.place(
            accounts[0],
            .order(.sell, 5, at: 50_500, name: 1) {
                $0.timeInForce = .goodTillTime
                $0.expiry = end
            })
        try venue.place(
            accounts[0], .waiting(.stop, .sell, 5, when: 49_500) { $0.pair = first })
        let outcome = try venue.apply(milliseconds: 30_000)
        #expect(outcome.reasons == [.expired, .pairedOrder])
    }

    @Test func `only a free order of the same account and market can be paired`() throws {
        let (venue, accounts, _, _) = try bracket()
        try venue.place(accounts[1], .sell(5, at: 50_600, name: 8))
        try venue.place(accounts[0], .order(.sell, 5, at: 26_000, in: TestGenesis.ether, name: 9))
        let table: [(name: UInt64, pair: UInt64, refusal: Refusal?)] = [
            (0, 1, .unknownPair), (0, 2, .unknownPair), (0, 8, .unknownPair), (0, 9, .unknownPair),
            (0, .max, .unknownPair), (4, 4, .unknownPair), (4, 0, nil), (5, 4, nil),
            (6, 4, .unknownPair), (6, 5, .unknownPair),
        ]
        for row in table {
            let command = Command.order(.sell, 5, at: 50_700, name: row.name) {
                $0.pair = ClientOrderIdentifier(row.pair)
            }
            #expect(try venue.answer(accounts[0], command) == row.refusal, "\(row)")
        }
    }

    @Test func `a leg that is refused leaves the other free`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        try venue.place(account, .sell(1, at: 50_500, name: 1))
        let refused = try venue.answer(
            account, .order(.buy, 10_000, at: 49_000) { $0.pair = first })
        #expect(refused == .insufficientMargin)
        try venue.place(account, .order(.buy, 1, at: 49_000) { $0.pair = first })
    }

    @Test func `a leg that trades on arrival cancels the other at once`() throws {
        let (venue, accounts) = try Venue.rich(2)
        let old = try venue.place(accounts[0], .sell(5, at: 50_500, name: 1))
        try venue.place(accounts[1], .buy(2, at: 50_000))
        let outcome = try venue.apply(
            .by(accounts[0], .order(.sell, 5, at: 50_000) { $0.pair = first }))
        #expect(outcome.closes.first { $0.order == old }?.reason == .pairedOrder)
        #expect(venue.openOrders(accounts[0]).map(\.remaining.lots) == [3])
    }

    /// Whichever gives way, the other was paired with it and leaves too.
    @Test(arguments: SelfTradePrevention.allCases)
    func `legs that would trade with each other both leave`(mode: SelfTradePrevention) throws {
        let (venue, accounts) = try Venue.rich(1)
        try venue.place(accounts[0], .sell(5, at: 50_000, name: 1))
        let outcome = try venue.apply(
            .by(
                accounts[0],
                .order(.buy, 5, at: 50_000) {
                    $0.pair = first
                    $0.selfTrade = mode
                }))
        #expect(outcome.refusals == [nil] && outcome.trades.isEmpty)
        let expected: [CloseReason] =
            switch mode {
            case .cancelMaker: [.selfTrade, .pairedOrder]
            case .cancelTaker, .cancelBoth:
                [.selfTrade, mode == .cancelBoth ? .selfTrade : .pairedOrder]
            }
        #expect(outcome.reasons == expected)
        #expect(venue.ledger.books.count == 0)
    }

    @Test func `an amended leg that takes cancels the other`() throws {
        let (venue, accounts, limit, stop) = try bracket()
        try venue.place(accounts[1], .buy(2, at: 50_000))
        let outcome = try venue.apply(.by(accounts[0], .amend(limit, to: 50_000, 5)))
        #expect(outcome.trades.count == 1)
        #expect(outcome.closes.first { $0.order == stop }?.reason == .pairedOrder)
        #expect(venue.openOrders(accounts[0]).map(\.identifier) == [limit])
    }

    @Test func `both legs fire at once and only the older trades`() throws {
        let (venue, accounts) = try Venue.rich(2)
        try venue.place(accounts[1], .buy(20, at: 49_000))
        let old = try venue.place(accounts[0], .waiting(.stop, .sell, 5, when: 49_500, name: 1))
        try venue.place(
            accounts[0], .waiting(.stop, .sell, 5, when: 49_600) { $0.pair = first })
        venue.setPrice(49_400)
        let outcome = try venue.apply()
        #expect(outcome.triggered == [old])
        #expect(outcome.reasons == [.pairedOrder, .filled])
        #expect(venue.position(accounts[0]) == -5)
    }

    @Test func `a pair in one transaction names the order that waits`() throws {
        let (venue, accounts) = try Venue.rich(1)
        // Orders that wait run first, so the limit order can name the stop and not the reverse.
        let outcome = try venue.apply(
            .by(
                accounts[0], .order(.sell, 5, at: 50_500, name: 2) { $0.pair = first },
                .waiting(.stop, .sell, 5, when: 49_500, name: 1)))
        #expect(outcome.refusals == [nil, nil])
        let orders = venue.openOrders(accounts[0])
        #expect(orders[0].special.pair == orders[1].identifier)
        #expect(orders[1].special.pair == orders[0].identifier)
    }

    @Test func `in an auction the legs never trade with each other, and one with others at most`()
        throws
    {
        let (venue, accounts) = try Venue.rich(2)
        try venue.apply(.operator(.auction(seconds: 5)))
        try venue.place(accounts[0], .sell(5, at: 49_900, name: 1))
        try venue.place(accounts[0], .order(.buy, 5, at: 50_100) { $0.pair = first })
        try venue.apply(
            .by(accounts[1], .sell(5, at: 50_000), .buy(5, at: 50_000)))
        let outcome = try venue.apply(milliseconds: 6_000)
        #expect(outcome.auctionTrades.count == 1 || outcome.auctionTrades.isEmpty)
        #expect(venue.openOrders(accounts[0]).isEmpty)
        #expect(abs(venue.position(accounts[0])) <= 5)
    }

    @Test func `pairs survive a restore`() throws {
        let (venue, accounts, _, _) = try bracket()
        let twin = try venue.restored()
        let outcome = try venue.apply(.by(accounts[1], .buy(1, at: 50_500)))
        let again = try twin.apply(try #require(venue.blocks.last), verifier: TestSignatures())
        #expect(outcome.reasons == [.pairedOrder, .filled])
        #expect(again.events == outcome.events && again.root == outcome.root)
    }
}
