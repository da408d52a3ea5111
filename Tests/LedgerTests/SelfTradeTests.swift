/// Three modes of self-trade prevention: the mode of the order that comes later decides.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct SelfTradeTests {
    private struct Row: Sendable {
        let mode: SelfTradePrevention
        /// How the events close orders, and what the taker and the maker keep.
        let reasons: [CloseReason]
        let traded: [Int64]
    }

    private static let rows = [
        Row(mode: .cancelMaker, reasons: [.filled, .selfTrade, .filled, .filled], traded: [5, 5]),
        Row(mode: .cancelTaker, reasons: [.filled, .selfTrade], traded: [5]),
        Row(mode: .cancelBoth, reasons: [.filled, .selfTrade, .selfTrade], traded: [5]),
    ]

    /// A stranger's five, five of the owner's own, a stranger's five: ten are asked for.
    @Test(arguments: rows, [false, true])
    private func `the mode decides who leaves`(_ row: Row, isSibling: Bool) throws {
        let (venue, accounts) = try Venue.rich(2)
        let me = accounts[0]
        let other =
            isSibling ? try venue.openSibling(of: me, dollars: 1_000_000) : me
        for maker in [accounts[1], other, accounts[1]] {
            try venue.place(maker, .sell(5, at: 50_000))
        }
        let outcome = try venue.apply(
            .by(me, .order(.buy, 10, at: 50_000) { $0.selfTrade = row.mode }))
        #expect(outcome.trades.map(\.quantity.lots) == row.traded)
        #expect(outcome.reasons == row.reasons)
        let own = venue.openOrders(other).count
        #expect(own == (row.mode == .cancelTaker ? 1 : 0))
    }

    @Test func `the mode of the order that rests does not matter`() throws {
        let (venue, accounts) = try Venue.rich(1)
        for mode in SelfTradePrevention.allCases {
            let old = try venue.place(
                accounts[0], .order(.sell, 5, at: 50_000) { $0.selfTrade = mode })
            let outcome = try venue.apply(.by(accounts[0], .buy(5, at: 50_000)))
            #expect(outcome.closes.map(\.order) == [old])
            try venue.apply(.by(accounts[0], .cancelAll(nil)))
        }
    }

    @Test func `fill-or-kill does not start what its own order would end`() throws {
        for (mode, refusal) in [
            (.cancelMaker, nil), (.cancelTaker, .notFillable), (.cancelBoth, .notFillable),
        ] as [(SelfTradePrevention, Refusal?)] {
            let (venue, accounts) = try Venue.rich(2)
            try venue.place(accounts[0], .sell(5, at: 50_000))
            try venue.place(accounts[1], .sell(5, at: 50_010))
            let answer = try venue.answer(
                accounts[0],
                .order(.buy, 5, at: 50_010) {
                    $0.timeInForce = .fillOrKill
                    $0.selfTrade = mode
                })
            #expect(answer == refusal)
            #expect(venue.openOrders(accounts[0]).count == (refusal == nil ? 0 : 1))
        }
    }

    @Test func `an amended order and a fired one keep their mode`() throws {
        let (venue, accounts) = try Venue.rich(1)
        let me = accounts[0]
        let bid = try venue.place(
            me, .order(.buy, 5, at: 49_000) { $0.selfTrade = .cancelTaker })
        let ask = try venue.place(me, .sell(5, at: 50_000))
        let amended = try venue.apply(.by(me, .amend(bid, to: 50_000, 5)))
        #expect(amended.closes.map(\.order) == [bid])
        let stop = try venue.place(
            me, .waiting(.stop, .buy, 5, when: 50_100) { $0.selfTrade = .cancelTaker })
        venue.setPrice(50_100)
        let fired = try venue.apply()
        #expect(fired.closes.map(\.order) == [stop] && fired.reasons == [.selfTrade])
        #expect(venue.openOrders(me).map(\.identifier) == [ask])
    }
}
