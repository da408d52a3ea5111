/// Icebergs: what shows, what trades, and that the lots behind cannot be used to slow takers down.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct IcebergTests {
    @Test func `a slice shows, and the next one stands behind the others`() throws {
        let (venue, accounts) = try Venue.rich(3)
        let ice = try venue.place(accounts[0], .iceberg(.sell, 25, showing: 10, at: 50_000))
        let plain = try venue.place(accounts[1], .sell(10, at: 50_000))
        #expect(venue.depth(.sell) == [[100_000, 20]])
        let outcome = try venue.apply(.by(accounts[2], .buy(23, at: 50_000)))
        #expect(outcome.trades.map(\.makerOrder) == [ice, plain, ice])
        #expect(outcome.trades.map(\.quantity.lots) == [10, 10, 3])
        #expect(venue.depth(.sell) == [[100_000, 7]])
        let order = venue.openOrders(accounts[0])[0]
        #expect([order.remaining.lots, order.shown.lots, order.special.hidden.lots] == [12, 7, 5])
        let last = try venue.apply(.by(accounts[2], .buy(12, at: 50_000)))
        #expect(last.trades.map(\.quantity.lots) == [7, 5])
        #expect(last.reasons == [.filled, .filled])
    }

    @Test func `an iceberg that arrives trades whole and rests with a slice`() throws {
        let (venue, accounts) = try Venue.rich(2)
        try venue.place(accounts[0], .buy(8, at: 50_000))
        let outcome = try venue.apply(
            .by(accounts[1], .iceberg(.sell, 30, showing: 5, at: 50_000)))
        #expect(outcome.trades.map(\.quantity.lots) == [8])
        #expect(venue.depth(.sell) == [[100_000, 5]])
        #expect(venue.openOrders(accounts[1]).map(\.remaining.lots) == [22])
    }

    @Test func `a hundred slices are the most, when placed and when amended`() throws {
        let (venue, accounts) = try Venue.rich(2)
        let table: [(lots: Int64, display: Int64, refusal: Refusal?)] = [
            (1_000, 10, nil), (1_000, 9, .displayOutOfRange), (1_001, 10, .displayOutOfRange),
            (1_001, 11, nil), (100, 1, nil), (101, 1, .displayOutOfRange), (2, 1, nil),
            (2, 2, .displayOutOfRange), (1, 1, .displayOutOfRange), (5, 6, .displayOutOfRange),
            (5, 0, .displayOutOfRange), (5, -1, .displayOutOfRange), (5, .min, .displayOutOfRange),
            (5, .max, .displayOutOfRange), (100_000, 1_000, nil),
            (100_000, 999, .displayOutOfRange),
        ]
        for row in table {
            let command = Command.iceberg(.sell, row.lots, showing: row.display, at: 50_000)
            #expect(try venue.answer(accounts[0], command) == row.refusal, "\(row)")
            try venue.apply(.by(accounts[0], .cancelAll(nil)))
        }
        let ice = try venue.place(accounts[0], .iceberg(.sell, 100, showing: 1, at: 50_000))
        #expect(try venue.answer(accounts[0], .amend(ice, to: 50_000, 101)) == .displayOutOfRange)
        #expect(
            try venue.answer(accounts[0], .amend(ice, to: 49_990, 100_000)) == .displayOutOfRange)
        // All of it in one sweep, slice by slice.
        let outcome = try venue.apply(.by(accounts[1], .buy(100, at: 50_000)))
        #expect(outcome.trades.count == 100)
        let waiting = try venue.place(
            accounts[0],
            .waiting(.stop, .sell, 100, when: 49_000, at: 49_000) {
                $0.display = Quantity(lots: 1)
            })
        #expect(
            try venue.answer(accounts[0], .amend(waiting, to: 49_000, 101)) == .displayOutOfRange)
    }

    @Test func `an amendment takes the hidden lots first and keeps the place`() throws {
        let (venue, accounts) = try Venue.rich(3)
        let ice = try venue.place(accounts[0], .iceberg(.sell, 25, showing: 10, at: 50_000))
        try venue.place(accounts[1], .sell(5, at: 50_000))
        let table: [(lots: Int64, shown: Int64)] = [(20, 10), (10, 10), (6, 6)]
        for row in table {
            #expect(try venue.answer(accounts[0], .amend(ice, to: 50_000, row.lots)) == nil)
            let order = venue.openOrders(accounts[0])[0]
            #expect(order.remaining.lots == row.lots && order.shown.lots == row.shown)
        }
        let outcome = try venue.apply(.by(accounts[2], .buy(1, at: 50_000)))
        #expect(outcome.trades.map(\.makerOrder) == [ice])
        // Grown, it goes behind and shows a slice again.
        #expect(try venue.answer(accounts[0], .amend(ice, to: 50_000, 40)) == nil)
        let next = try venue.apply(.by(accounts[2], .buy(6, at: 50_000)))
        #expect(next.trades.map(\.maker) == [accounts[1], accounts[0]])
        #expect(venue.openOrders(accounts[0]).map(\.shown.lots) == [9])
    }

    @Test func `fill-or-kill counts what does not show`() throws {
        let (venue, accounts) = try Venue.rich(2)
        try venue.place(accounts[0], .iceberg(.sell, 25, showing: 10, at: 50_000))
        #expect(
            try venue.answer(accounts[1], .buy(26, at: 50_000, .fillOrKill)) == .notFillable)
        #expect(try venue.answer(accounts[1], .buy(25, at: 50_000, .fillOrKill)) == nil)
        #expect(venue.position(accounts[1]) == 25)
    }

    @Test func `hidden lots are margined, and leave with a margin call`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 10_000)
        let plain = try venue.answer(accounts[0], .sell(10_000, at: 50_000))
        let hidden = try venue.answer(
            accounts[1], .iceberg(.sell, 10_000, showing: 100, at: 50_000))
        #expect(plain == .insufficientMargin && hidden == .insufficientMargin)
        try venue.place(accounts[0], .sell(1_000, at: 50_000))
        try venue.place(accounts[1], .iceberg(.sell, 1_000, showing: 10, at: 50_000))
        #expect(venue.health(accounts[0]) == venue.health(accounts[1]))
    }

    @Test func `a machine restored in the middle of a slice goes on the same`() throws {
        let (venue, accounts) = try Venue.rich(3)
        try venue.place(accounts[0], .iceberg(.sell, 35, showing: 10, at: 50_000))
        try venue.place(accounts[1], .sell(5, at: 50_000))
        try venue.apply(.by(accounts[2], .buy(4, at: 50_000)))
        let twin = try venue.restored()
        #expect(twin.auditFailure() == nil)
        for lots in [3, 3, 2, 8, 9, 11] as [Int64] {
            let outcome = try venue.apply(.by(accounts[2], .buy(lots, at: 50_000)))
            let again = try twin.apply(
                try #require(venue.blocks.last), verifier: TestSignatures())
            #expect(again.events == outcome.events && again.root == outcome.root)
        }
        #expect(venue.ledger.books.count == 0)
    }
}
