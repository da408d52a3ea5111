/// Fill-or-kill keeps its word whatever stands in the book: what could leave while it trades is not
/// counted on (decision 0006).

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct FillOrKillTests {
    private let venue: Venue
    private let accounts: [AccountIdentifier]

    init() throws {
        venue = try Venue()
        accounts = try venue.openAccounts(3, dollars: 1_000_000)
    }

    private func sell(
        _ lots: Int64, at dollars: Int64, _ change: (inout OrderRequest) -> Void
    ) -> Command {
        var request = OrderRequest(
            instrument: TestGenesis.bitcoin, side: .sell, limit: .dollars(dollars),
            quantity: Quantity(lots: lots))
        change(&request)
        return .place(request)
    }

    private func buyAll(_ lots: Int64, _ selfTrade: SelfTradePrevention = .cancelMaker) -> Command {
        .place(
            OrderRequest(
                instrument: TestGenesis.bitcoin, side: .buy, limit: .dollars(50_010),
                quantity: Quantity(lots: lots), timeInForce: .fillOrKill, selfTrade: selfTrade))
    }

    /// What an iceberg hides trades after every slice that shows at its price.
    @Test func `what an iceberg hides does not count before an own order`() throws {
        let (maker, taker) = (accounts[0], accounts[1])
        try venue.apply(
            .by(maker, sell(10, at: 50_000) { $0.display = Quantity(lots: 2) }),
            .by(taker, .sell(1, at: 50_000)))
        let refused = try venue.apply(.by(taker, buyAll(3, .cancelTaker)))
        #expect(refused.refusals == [.notFillable])
        let shown = try venue.apply(.by(taker, buyAll(2, .cancelTaker)))
        #expect(shown.trades.map(\.quantity.lots) == [2])
        // The slice that comes next stands behind the own order, which gives way.
        let all = try venue.apply(.by(taker, buyAll(8)))
        #expect(all.trades.map(\.quantity.lots).reduce(0, +) == 8)
        #expect(all.closes.first?.reason == .selfTrade)
    }

    @Test func `orders that cancel each other do not count`() throws {
        let (maker, taker) = (accounts[0], accounts[1])
        try venue.apply(
            .by(
                maker, .sell(5, at: 50_000, name: 1),
                sell(5, at: 50_010) { $0.pair = ClientOrderIdentifier(1) }))
        for lots in [10, 5] as [Int64] {
            let outcome = try venue.apply(.by(taker, buyAll(lots)))
            #expect(outcome.refusals == [.notFillable])
        }
        try venue.apply(.by(accounts[2], .sell(5, at: 50_010)))
        let outcome = try venue.apply(.by(taker, buyAll(5)))
        #expect(outcome.trades.map(\.quantity.lots) == [5])
    }

    /// A lot is worth fifty dollars: five of them trip the maker's protection.
    @Test func `protected orders count as far as they trip no protection`() throws {
        let (maker, taker) = (accounts[0], accounts[1])
        let bitcoin = UnderlyingIdentifier(0)
        let protect = Command.setProtection(
            bitcoin, window: .seconds(10), freeze: .zero, limit: .dollars(250))
        try venue.apply(
            .by(
                maker, protect, sell(4, at: 50_000) { $0.isProtected = true },
                sell(4, at: 50_000) { $0.isProtected = true }))
        let large = try venue.apply(.by(taker, buyAll(5)))
        #expect(large.refusals == [.notFillable])
        let safe = try venue.apply(.by(taker, buyAll(4)))
        #expect(safe.trades.map(\.quantity.lots) == [4])
        // Some of the room is used up by now.
        let late = try venue.apply(.by(taker, buyAll(1)))
        #expect(late.refusals == [.notFillable])
    }

    @Test func `a protected taker is refused what would trip its own protection`() throws {
        let (maker, taker) = (accounts[0], accounts[1])
        try venue.apply(
            .by(maker, .sell(9, at: 50_000)),
            .by(
                taker,
                .setProtection(
                    UnderlyingIdentifier(0), window: .seconds(10), freeze: .zero,
                    limit: .dollars(250))))
        for (lots, refusal) in [(5, Refusal.notFillable), (4, nil)] as [(Int64, Refusal?)] {
            let outcome = try venue.apply(
                .by(
                    taker,
                    .place(
                        OrderRequest(
                            instrument: TestGenesis.bitcoin, side: .buy, limit: .dollars(50_000),
                            quantity: Quantity(lots: lots), timeInForce: .fillOrKill,
                            isProtected: true))))
            #expect(outcome.refusals == [refusal])
        }
    }
}
