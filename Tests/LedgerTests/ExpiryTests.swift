/// Good-till-time orders: they leave with the first block at or after their expiry.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct ExpiryTests {
    private func until(
        _ expiry: Timestamp?, _ side: Side = .buy, at dollars: Int64? = 49_000,
        _ change: (inout OrderRequest) -> Void = { _ in }
    ) -> Command {
        .order(side, 5, at: dollars) {
            $0.timeInForce = .goodTillTime
            $0.expiry = expiry
            change(&$0)
        }
    }

    @Test func `it lapses in the block of its expiry and not a nanosecond before`() throws {
        for (nanoseconds, lapses) in [(0, true), (1, false)] as [(UInt64, Bool)] {
            let (venue, accounts) = try Venue.rich(2)
            let end = venue.time.advanced(by: Duration(nanoseconds: 10_000_000_000 + nanoseconds))
            try venue.apply(.by(accounts[0], until(end)), milliseconds: 1)
            // A taker of that very block comes too late.
            let outcome = try venue.apply(
                .by(accounts[1], .sell(1, at: 49_000)), milliseconds: 9_999)
            #expect(outcome.reasons.contains(.expired) == lapses)
            #expect(outcome.trades.isEmpty == lapses)
        }
    }

    @Test func `an expiry belongs to good-till-time orders, and lies in the future`() throws {
        let (venue, accounts) = try Venue.rich(1)
        let next = venue.time.advanced(by: .seconds(1))
        let table: [(command: Command, refusal: Refusal?)] = [
            (until(nil), .conflictingTerms), (until(next), .expiryPassed),
            (until(.epoch), .expiryPassed), (until(venue.time), .expiryPassed),
            (
                .order(.buy, 5, at: 49_000) { $0.expiry = Timestamp(nanoseconds: .max) },
                .conflictingTerms
            ),
            (until(Timestamp(nanoseconds: .max), at: nil), .conflictingTerms),
            (until(Timestamp(nanoseconds: .max)), nil),
        ]
        for row in table {
            let outcome = try venue.apply(
                venue.block([.by(accounts[0], row.command)], milliseconds: 1_000))
            #expect(outcome.refusals == [row.refusal], "\(row.command)")
        }
        // One nanosecond after the block's time is the future.
        let soon = venue.time.advanced(by: Duration(nanoseconds: 1_000_000_001))
        #expect(try venue.answer(accounts[0], until(soon)) == nil)
        #expect(try venue.apply().reasons == [.expired])
    }

    @Test func `orders lapse in the order of their expiry, those that wait too`() throws {
        let (venue, accounts) = try Venue.rich(1)
        let start = venue.time
        var orders: [(seconds: UInt64, order: OrderIdentifier)] = []
        for seconds in [50, 20, 90, 20, 70, 60, 30] as [UInt64] {
            let order = try venue.place(
                accounts[0],
                until(start.advanced(by: .seconds(seconds))) {
                    if seconds == 70 {
                        $0.trigger = Trigger(.take, on: .mark, at: .dollars(40_000))
                    }
                    if seconds == 30 { $0.display = Quantity(lots: 1) }
                })
            orders.append((seconds, order))
        }
        // One leaves early, one moves: neither upsets the rest.
        try venue.apply(
            .by(accounts[0], .cancel(orders[0].order), .amend(orders[5].order, to: 48_000, 3)))
        let twin = try venue.restored()
        let outcome = try venue.apply(milliseconds: 200_000)
        let expected = orders.dropFirst().sorted {
            $0.seconds == $1.seconds ? $0.order < $1.order : $0.seconds < $1.seconds
        }
        #expect(outcome.closes.map(\.order) == expected.map(\.order))
        #expect(outcome.reasons.allSatisfy { $0 == .expired })
        let again = try twin.apply(try #require(venue.blocks.last), verifier: TestSignatures())
        #expect(again.root == outcome.root)
    }

    @Test func `an order that would fire in the block of its expiry lapses`() throws {
        let (venue, accounts) = try Venue.rich(1)
        let end = venue.time.advanced(by: .seconds(10))
        try venue.place(
            accounts[0],
            until(end, .sell, at: nil) {
                $0.trigger = Trigger(.stop, on: .mark, at: .dollars(49_500))
            })
        venue.setPrice(49_000)
        let outcome = try venue.apply(milliseconds: 9_000)
        #expect(outcome.triggered.isEmpty && outcome.reasons == [.expired])
    }

    @Test func `what fired or was filled in part still lapses`() throws {
        let (venue, accounts) = try Venue.rich(2)
        let end = venue.time.advanced(by: .seconds(100))
        try venue.place(
            accounts[0],
            until(end, .sell, at: 49_400) {
                $0.trigger = Trigger(.stop, on: .mark, at: .dollars(49_500))
            })
        venue.setPrice(49_400)
        try venue.apply(.by(accounts[1], .buy(2, at: 49_400)))
        #expect(venue.openOrders(accounts[0]).map(\.remaining.lots) == [3])
        let outcome = try venue.apply(milliseconds: 100_000)
        #expect(outcome.closes.map(\.remaining) == [3] && outcome.reasons == [.expired])
    }
}
