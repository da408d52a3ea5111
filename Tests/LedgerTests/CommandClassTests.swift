/// The three classes of a block: cancels and what is harmless, then takers against the opening
/// book, then post-only orders (`facts/risk.md`, attack 7).

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct CommandClassTests {
    @Test func `a cancel beats a taker that stands before it in the block`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 100_000)
        try venue.apply(.by(accounts[0], .sell(5, at: 50_000, name: 3)))
        let outcome = try venue.apply(
            .by(accounts[1], .buy(5, at: 50_000, .immediateOrCancel)),
            .by(accounts[0], .cancelClient(ClientOrderIdentifier(3))))
        #expect(outcome.trades.isEmpty)
        #expect(outcome.refusals == [nil, nil])
    }

    /// The maker sees the taker, pulls its quote at $50,000 and asks for the taker's limit. The new
    /// quote is post-only, so it comes after the taker, who meets the honest one.
    @Test func `nobody requotes against a taker of the same block`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(3, dollars: 100_000)
        try venue.apply(
            .by(accounts[0], .sell(5, at: 50_000, name: 3)), .by(accounts[1], .sell(5, at: 50_010)))
        let outcome = try venue.apply(
            .by(
                accounts[0], .cancelClient(ClientOrderIdentifier(3)),
                .sell(5, at: 50_009, postOnly: true)),
            .by(accounts[2], .buy(5, at: 50_500, .immediateOrCancel)))
        #expect(outcome.trades.map(\.maker) == [accounts[1]])
        #expect(outcome.refusals == [nil, nil, nil])
    }

    @Test func `an amendment that moves toward the market runs with the takers, away before them`()
        throws
    {
        for (dollars, isHit) in [(50_000, true), (50_200, false)] as [(Int64, Bool)] {
            let venue = try Venue()
            let accounts = try venue.openAccounts(2, dollars: 100_000)
            let placed = try venue.apply(.by(accounts[0], .sell(5, at: 50_100)))
            let order = try #require(placed.receipts[0].order)
            let outcome = try venue.apply(
                .by(accounts[1], .buy(5, at: 50_100, .immediateOrCancel)),
                .by(
                    accounts[0],
                    .amend(
                        AmendRequest(
                            order: order, limit: .dollars(dollars), remaining: Quantity(lots: 5),
                            postOnly: false))))
            #expect(outcome.trades.map(\.price) == (isHit ? [.dollars(50_100)] : []))
            // Filled before its turn, the amendment is answered all the same.
            #expect(outcome.refusals == [nil, isHit ? .unknownOrder : nil])
        }
    }

    /// A post-only amendment that has become harmless by the time of the takers waits all the same:
    /// the order stands where the earlier amendment of the block put it, and is hit there.
    @Test func `a command that waits for its class runs in it, whatever its order has become`()
        throws
    {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 100_000)
        let placed = try venue.apply(.by(accounts[0], .sell(5, at: 50_200)))
        let order = try #require(placed.receipts[0].order)
        func amendment(_ dollars: Int64, postOnly: Bool) -> Command {
            .amend(
                AmendRequest(
                    order: order, limit: .dollars(dollars), remaining: Quantity(lots: 5),
                    postOnly: postOnly))
        }
        let outcome = try venue.apply(
            .by(
                accounts[0], amendment(50_050, postOnly: false), amendment(50_100, postOnly: true)),
            .by(accounts[1], .buy(5, at: 50_060, .immediateOrCancel)))
        #expect(outcome.trades.map(\.price) == [.dollars(50_050)])
        #expect(outcome.refusals == [nil, .unknownOrder, nil])
    }

    /// A cancel earlier in the block counts when a later command is classified.
    @Test func `an amendment of an order that was cancelled before it runs at once`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 100_000)[0]
        let placed = try venue.apply(.by(account, .sell(5, at: 50_200)))
        let order = try #require(placed.receipts[0].order)
        let outcome = try venue.apply(
            .by(
                account, .cancel(order),
                .amend(
                    AmendRequest(
                        order: order, limit: .dollars(50_100), remaining: Quantity(lots: 5),
                        postOnly: false)), .sell(1, at: 50_300)))
        #expect(outcome.refusals == [nil, .unknownOrder, nil])
    }

    @Test func `a cancel of a name not yet known voids a placement of a lower nonce`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 100_000)[0]
        let table: [(place: UInt64, cancel: UInt64, refusal: Refusal?)] = [
            (10, 11, .cancelledBefore), (21, 20, nil),
        ]
        for row in table {
            let place = Send.by(account, .buy(1, at: 49_000, name: 5), nonce: row.place)
            let cancel = Send.by(
                account, .cancelClient(ClientOrderIdentifier(5)), nonce: row.cancel)
            let sends = row.place < row.cancel ? [place, cancel] : [cancel, place]
            let outcome = try venue.apply(venue.block(sends))
            let expected: [Refusal?] =
                row.place < row.cancel ? [row.refusal, .unknownOrder] : [.unknownOrder, nil]
            #expect(outcome.refusals == expected)
            #expect(venue.openOrders(account).count == (row.refusal == nil ? 1 : 0))
        }
        // It is forgotten with the block, and never holds for another account or name.
        try venue.apply(.by(account, .cancelAll(nil)))
        let later = try venue.apply(.by(account, .buy(1, at: 49_000, name: 5)))
        #expect(later.refusals == [nil])
    }

    /// The kill switch: what was sent before a cancel never outlives it, known name or not.
    @Test func `a cancel voids what was sent before it, by name and in bulk`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 100_000)[0]
        let cancels: [(command: Command, voids: Bool)] = [
            (.cancelClient(ClientOrderIdentifier(5)), true), (.cancelAll(nil), true),
            (.cancelAll(InstrumentIdentifier(0)), true),
            (.cancelAll(InstrumentIdentifier(1)), false),
            (.cancelClient(ClientOrderIdentifier(6)), false),
        ]
        var nonce: UInt64 = 100
        for row in cancels {
            try venue.apply(.by(account, .buy(1, at: 48_000, name: 5), nonce: nonce))
            let outcome = try venue.apply(
                venue.block([
                    .by(account, .buy(2, at: 49_000, name: row.voids ? 5 : 7), nonce: nonce + 1),
                    .by(account, row.command, nonce: nonce + 2),
                ]))
            #expect(outcome.refusals[0] == (row.voids ? .cancelledBefore : nil))
            try venue.apply(.by(account, .cancelAll(nil), nonce: nonce + 3))
            nonce += 10
        }
        // What is sent with the cancel, or after it, stands.
        let after = try venue.apply(
            .by(account, .cancelAll(nil), .buy(1, at: 49_000, name: 5), nonce: nonce))
        #expect(after.refusals == [nil, nil])
    }

    @Test func `a top-up in a block backs an order that stands before it`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 100)[0]
        let outcome = try venue.apply(
            .by(account, .buy(1_000, at: 49_000)),
            .custodian(.deposit(.dollars(10_000), to: account, reference: Bytes32())))
        #expect(outcome.refusals == [nil, nil])
    }
}
