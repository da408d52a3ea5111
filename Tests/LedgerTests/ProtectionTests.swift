/// Market-maker protection: what trips it, what leaves, and that nothing gets round it.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct ProtectionTests {
    private func protected(_ side: Side, _ lots: Int64, at dollars: Int64) -> Command {
        .order(side, lots, at: dollars) { $0.isProtected = true }
    }

    @Test func `it trips at its limit and not a dollar before, and takes all quotes along`() throws
    {
        // Ten lots at $50,000 are $500.
        for (limit, trips) in [(501, false), (500, true), (1, true)] as [(Int64, Bool)] {
            let (venue, accounts) = try Venue.rich(2)
            let maker = accounts[0]
            try venue.apply(
                .by(
                    maker, .protect(dollars: limit), .quote(20, at: 49_000, 20, at: 50_000),
                    protected(.sell, 5, at: 50_500), .sell(5, at: 50_600)),
                .by(maker, .quote(5, at: 20_000, 5, at: 30_000, in: TestGenesis.ether)))
            let outcome = try venue.apply(.by(accounts[1], .buy(10, at: 50_000)))
            #expect(outcome.hasTripped == trips)
            // Quotes in ether are in another underlying; the plain order is not protected.
            #expect(venue.openOrders(maker).count == (trips ? 3 : 6))
            #expect(outcome.reasons.filter { $0 == .protection }.count == (trips ? 3 : 0))
            let again = try venue.answer(maker, .quote(1, at: 49_000, 1, at: 50_000))
            #expect(again == (trips ? .protectionTripped : nil))
        }
    }

    @Test func `in the middle of a sweep the quotes behind no longer trade`() throws {
        let (venue, accounts) = try Venue.rich(3)
        let maker = accounts[0]
        try venue.apply(.by(maker, .protect(dollars: 500), .quote(0, at: 0, 10, at: 50_000)))
        // At the same price, and beyond.
        try venue.apply(
            .by(
                maker, protected(.sell, 10, at: 50_000), protected(.sell, 10, at: 50_010),
                .sell(10, at: 50_020)), .by(accounts[1], .sell(10, at: 50_010)))
        let outcome = try venue.apply(.by(accounts[2], .buy(100, at: 50_020)))
        #expect(outcome.trades.map(\.maker) == [maker, accounts[1], maker])
        #expect(
            outcome.trades.map(\.price) == [.dollars(50_000), .dollars(50_010), .dollars(50_020)])
        #expect(venue.position(maker) == -20)
    }

    @Test func `what is left of a quote that trips it leaves too`() throws {
        let (venue, accounts) = try Venue.rich(2)
        try venue.apply(
            .by(accounts[0], .protect(dollars: 100), .quote(20, at: 49_000, 20, at: 50_000)))
        let outcome = try venue.apply(.by(accounts[1], .buy(5, at: 50_000)))
        #expect(outcome.reasons == [.protection, .protection, .filled])
        #expect(venue.openOrders(accounts[0]).isEmpty)
    }

    @Test func `a protected order that takes counts, and stops when it trips`() throws {
        let (venue, accounts) = try Venue.rich(3)
        try venue.apply(.by(accounts[0], .protect(dollars: 500)))
        try venue.apply(.by(accounts[1], .sell(10, at: 50_000), .sell(10, at: 50_010)))
        try venue.place(accounts[0], protected(.buy, 3, at: 49_000))
        let outcome = try venue.apply(.by(accounts[0], protected(.buy, 20, at: 50_010)))
        #expect(outcome.trades.map(\.quantity.lots) == [10])
        #expect(outcome.reasons == [.filled, .protection, .protection])
        #expect(venue.openOrders(accounts[0]).isEmpty)
        // Filled to the last lot it is filled, tripped or not.
        try venue.apply(.by(accounts[0], .resetProtection(UnderlyingIdentifier(0))))
        let whole = try venue.apply(.by(accounts[0], protected(.buy, 10, at: 50_010)))
        #expect(whole.hasTripped && whole.reasons == [.filled, .filled])
    }

    @Test func `both parties of one trade may trip`() throws {
        let (venue, accounts) = try Venue.rich(2)
        for account in accounts { try venue.apply(.by(account, .protect(dollars: 500))) }
        try venue.apply(.by(accounts[0], .quote(5, at: 49_000, 20, at: 50_000)))
        let outcome = try venue.apply(.by(accounts[1], protected(.buy, 15, at: 50_000)))
        #expect(outcome.trades.map(\.quantity.lots) == [15])
        #expect(
            outcome.events.filter { if case .protectionTripped = $0 { true } else { false } }.count
                == 2)
        #expect(venue.ledger.books.count == 0)
    }

    @Test func `a freeze ends with its time or a reset, and by no other way`() throws {
        for freeze in [30, 0] as [UInt64] {
            let (venue, accounts) = try Venue.rich(2)
            let maker = accounts[0]
            let quote = Command.quote(5, at: 49_000, 5, at: 50_000)
            try venue.apply(.by(maker, .protect(freeze: freeze, dollars: 100), quote))
            try venue.apply(.by(accounts[1], .buy(5, at: 50_000)))
            let table: [(command: Command, refusal: Refusal?)] = [
                (quote, .protectionTripped), (protected(.sell, 1, at: 50_000), .protectionTripped),
                (.protect(dollars: 0), .protectionTripped),
                (.protect(window: 1, freeze: 1, dollars: 1_000_000), .protectionTripped),
                (.protect(dollars: 5, in: 1), nil),
                (.resetProtection(UnderlyingIdentifier(1)), nil),
                (.sell(1, at: 50_000), nil),
                (
                    .waiting(.stop, .sell, 1, when: 40_000) { $0.isProtected = true },
                    .protectionTripped
                ),
            ]
            for row in table {
                #expect(try venue.answer(maker, row.command) == row.refusal, "\(row.command)")
            }
            // Eight blocks of a second have passed since.
            let left: UInt64 = freeze == 0 ? 3_000_000_000 : 30_000 - 9_000
            try venue.apply(milliseconds: left)
            #expect(
                try venue.apply(.by(maker, quote), milliseconds: 999).refusals == [
                    .protectionTripped
                ])
            if freeze == 0 {
                try venue.apply(.by(maker, .resetProtection(UnderlyingIdentifier(0))))
            }
            #expect(try venue.apply(.by(maker, quote), milliseconds: 1).refusals == [nil])
        }
    }

    @Test func `it is refused for each of its fields`() throws {
        let (venue, accounts) = try Venue.rich(1)
        let table: [(command: Command, refusal: Refusal?)] = [
            (.protect(dollars: 1, in: 2), .unknownUnderlying),
            (.resetProtection(UnderlyingIdentifier(2)), .unknownUnderlying),
            (.resetProtection(UnderlyingIdentifier(0)), .noProtection),
            (protected(.buy, 1, at: 49_000), .noProtection),
            (.protect(dollars: -1), .protectionOutOfRange),
            (.protect(window: 0, dollars: 1), .protectionOutOfRange),
            (.protect(window: 0, dollars: 0), nil),
            (
                .setProtection(
                    UnderlyingIdentifier(0), window: Duration(nanoseconds: .max),
                    freeze: Duration(nanoseconds: .max), limit: .max), nil
            ),
            (.resetProtection(UnderlyingIdentifier(0)), nil),
            (protected(.buy, 1, at: 49_000), nil),
            (.protect(dollars: 0), nil), (.protect(dollars: 0), nil),
            (protected(.buy, 1, at: 49_000), .noProtection),
            // Without protection a quote stands unprotected.
            (.quote(1, at: 49_000, 1, at: 50_000), nil),
        ]
        for row in table {
            #expect(try venue.answer(accounts[0], row.command) == row.refusal, "\(row.command)")
        }
    }

    @Test func `a window forgets what lies two windows back`() throws {
        for (seconds, trips) in [(1, true), (130, false)] as [(UInt64, Bool)] {
            let (venue, accounts) = try Venue.rich(2)
            try venue.apply(
                .by(
                    accounts[0], .protect(window: 60, dollars: 500),
                    .quote(0, at: 0, 20, at: 50_000)))
            try venue.apply(.by(accounts[1], .buy(5, at: 50_000)))
            let outcome = try venue.apply(
                .by(accounts[1], .buy(5, at: 50_000)), milliseconds: seconds * 1_000)
            #expect(outcome.hasTripped == trips)
        }
    }

    @Test func `an auction counts too, and what tripped does not trade on`() throws {
        let (venue, accounts) = try Venue.rich(2)
        try venue.apply(
            .by(accounts[0], .protect(dollars: 500)), .operator(.auction(seconds: 5)))
        try venue.apply(.by(accounts[0], .quote(5, at: 49_000, 10, at: 50_000)))
        try venue.apply(
            .by(accounts[0], protected(.sell, 10, at: 50_000)),
            .by(accounts[1], .buy(30, at: 50_000)))
        let outcome = try venue.apply(milliseconds: 5_000)
        #expect(outcome.auctionTrades.map(\.quantity.lots) == [10])
        #expect(outcome.hasTripped && venue.openOrders(accounts[0]).isEmpty)
        #expect(venue.openOrders(accounts[1]).map(\.remaining.lots) == [20])
    }

    @Test func `what was counted survives a restore`() throws {
        let (venue, accounts) = try Venue.rich(2)
        try venue.apply(
            .by(accounts[0], .protect(dollars: 500), .quote(5, at: 49_000, 20, at: 50_000)))
        try venue.apply(.by(accounts[1], .buy(5, at: 50_000)))
        let twin = try venue.restored()
        for lots in [4, 1] as [Int64] {
            let outcome = try venue.apply(.by(accounts[1], .buy(lots, at: 50_000)))
            let again = try twin.apply(try #require(venue.blocks.last), verifier: TestSignatures())
            #expect(outcome.hasTripped == (lots == 1))
            #expect(again.events == outcome.events && again.root == outcome.root)
        }
        let frozen = try venue.restored()
        try venue.apply(.by(accounts[0], .quote(1, at: 49_000, 1, at: 50_000)))
        let again = try frozen.apply(try #require(venue.blocks.last), verifier: TestSignatures())
        #expect(again.refusals == [.protectionTripped])
    }
}
