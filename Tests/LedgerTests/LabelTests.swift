/// Labels and client names: what a client calls its orders, and cancelling by it.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct LabelTests {
    private func labelled(_ text: String, _ side: Side = .buy, at dollars: Int64 = 49_000)
        -> Command
    {
        .order(side, 1, at: dollars) { $0.label = .text(text) }
    }

    @Test func `a label names any number of orders, and cancels them in one go`() throws {
        let (venue, accounts) = try Venue.rich(2)
        let me = accounts[0]
        try venue.apply(
            .by(
                me, labelled("grid"), labelled("grid", .sell, at: 51_000), labelled("grid2"),
                .buy(1, at: 49_000),
                .order(.buy, 1, at: 20_000, in: TestGenesis.ether) { $0.label = .text("grid") }),
            .by(accounts[1], labelled("grid")))
        let outcome = try venue.apply(.by(me, .cancelLabel(.text("grid"))))
        #expect(outcome.reasons == [.cancelled, .cancelled, .cancelled])
        #expect(venue.openOrders(me).map { $0.special.label } == [.text("grid2"), Label()])
        #expect(venue.openOrders(accounts[1]).count == 1)
        // Nothing has the name now, and that is no fault.
        #expect(try venue.answer(me, .cancelLabel(.text("grid"))) == nil)
        #expect(try venue.answer(me, .cancelLabel(Label())) == .unknownOrder)
    }

    @Test func `a cancel of a label voids what was sent under it before`() throws {
        let (venue, accounts) = try Venue.rich(1)
        let me = accounts[0]
        let table: [(label: String, refusal: Refusal?)] = [
            ("a", .cancelledBefore), ("b", .cancelledBefore), ("c", nil), ("", nil),
        ]
        var nonce: UInt64 = 100
        for row in table {
            let outcome = try venue.apply(
                venue.block([
                    .by(me, labelled(row.label), nonce: nonce),
                    .by(
                        me, .cancelLabel(.text("b")), .cancelLabel(.text("a")),
                        .cancelLabel(.text("b")), nonce: nonce + 1),
                    .by(me, labelled(row.label), nonce: nonce + 2),
                ]))
            #expect(outcome.refusals == [row.refusal, nil, nil, nil, nil])
            nonce += 10
        }
    }

    @Test func `sixty-four bytes go over the wire and sixty-five do not`() throws {
        let (venue, accounts) = try Venue.rich(1)
        let longest = String(repeating: "x", count: 64)
        let block = venue.block([.by(accounts[0], labelled(longest))])
        #expect(try venue.apply(block).refusals == [nil])
        #expect(venue.openOrders(accounts[0]).map { $0.special.label } == [.text(longest)])
        // The same bytes with one that is no printable ASCII, or a length that lies.
        for change in [(0x78, 0x7F), (0x78, 0x80), (0x78, 0x0A), (64, 65), (64, 255)] {
            var bytes = venue.transaction(.by(accounts[0], labelled(longest)), expiry: venue.time)
                .canonicalBytes
            let label = bytes.indices.first {
                bytes[$0...].starts(with: repeatElement(0x78, count: 64))
            }
            let place = try #require(label) - (change.0 == 64 ? 4 : 0)
            #expect(bytes[place] == UInt8(change.0))
            bytes[place] = UInt8(change.1)
            let outcome = try venue.apply(
                Block(
                    height: venue.ledger.height + 1, time: venue.time.advanced(by: .seconds(1)),
                    observations: [], transactions: [bytes]))
            #expect(outcome.refusals == [.malformed])
        }
    }

    @Test func `a client name is free again when its order has left`() throws {
        let (venue, accounts) = try Venue.rich(2)
        let me = accounts[0]
        #expect(try venue.answer(me, .sell(1, at: 50_000, name: 3)) == nil)
        #expect(try venue.answer(me, .waiting(.stop, .sell, 1, when: 40_000, name: 4)) == nil)
        #expect(try venue.answer(me, .buy(1, at: 49_000, name: 3)) == .duplicateClientOrder)
        #expect(try venue.answer(me, .buy(1, at: 49_000, name: 4)) == .duplicateClientOrder)
        // Another account's names are its own.
        #expect(try venue.answer(accounts[1], .buy(1, at: 50_000, name: 3)) == nil)
        #expect(try venue.answer(me, .buy(1, at: 49_000, name: 3)) == nil)
    }
}
