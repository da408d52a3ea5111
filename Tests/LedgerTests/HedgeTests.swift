/// Delta hedged before liquidation: inside the account's own band and daily notional, and only
/// where it makes the account safer.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Risk
import Testing

@Suite struct HedgeTests {
    private func terms(
        share: Int64 = 5_000, band: Int64 = 100, dailyMost dollars: Int64 = 1_000_000
    ) -> Command {
        .setRescue(
            RescueTerms(
                hedge: HedgeTerms(
                    level: Ratio(basisPoints: 12_000), share: Ratio(basisPoints: share),
                    band: Ratio(basisPoints: band), dailyMost: .dollars(dollars))))
    }

    /// A long of 1,000 lots on $5,000, and somebody who buys 2,000 lots at a price.
    private func scene(
        bid dollars: Int64
    ) throws -> (Venue, weak: AccountIdentifier) {
        let venue = try Venue()
        let rich = try venue.openAccounts(2, dollars: 1_000_000)
        let weak = try venue.openAccounts(1, dollars: 5_000)[0]
        try venue.trade(weak, rich[0], 1_000, at: 50_000)
        try venue.apply(.by(rich[1], .buy(2_000, at: dollars)))
        return (venue, weak)
    }

    private func hedges(_ outcome: BlockOutcome) -> [HedgeOrder] {
        outcome.events.compactMap { event in
            if case .hedgeSent(let hedge) = event { hedge } else { nil }
        }
    }

    @Test func `half of the delta is sold before maintenance is reached`() throws {
        let (venue, weak) = try scene(bid: 48_350)
        #expect(try venue.answer(weak, terms()) == nil)
        venue.setPrice(48_400)
        let outcome = try venue.apply()
        let hedge = try #require(hedges(outcome).first)
        #expect(hedge.side == .sell && hedge.quantity == Quantity(lots: 500))
        #expect(hedge.delta == .dollars(48_400))
        #expect(hedge.equityAfter - hedge.requirementAfter > hedge.equity - hedge.requirement)
        #expect(venue.position(weak) == 500 && !venue.isLiquidating(weak))
        #expect(outcome.trades.allSatisfy { $0.price == .dollars(48_350) })
        // What would have been the end of the whole position is none of the half.
        venue.setPrice(48_000)
        try venue.apply()
        #expect(venue.position(weak) == 500 && !venue.isLiquidating(weak))
    }

    @Test func `without terms the same account is liquidated`() throws {
        let (venue, weak) = try scene(bid: 47_000)
        venue.setPrice(48_400)
        #expect(hedges(try venue.apply()).isEmpty)
        venue.setPrice(48_000)
        try venue.apply()
        #expect(venue.isLiquidating(weak))
    }

    /// A thin book is no way to make a hedge trade far from the mark: it does not trade there.
    @Test(arguments: [(Int64(10), false), (100, true)])
    func `a hedge trades inside its own band alone`(band: Int64, trades: Bool) throws {
        let (venue, weak) = try scene(bid: 48_100)
        #expect(try venue.answer(weak, terms(band: band)) == nil)
        venue.setPrice(48_400)
        #expect(hedges(try venue.apply()).isEmpty == !trades)
        #expect(venue.position(weak) == (trades ? 500 : 1_000))
    }

    @Test func `a day's notional is not passed, and comes again the next day`() throws {
        let (venue, weak) = try scene(bid: 48_350)
        #expect(try venue.answer(weak, terms(dailyMost: 5_000)) == nil)
        venue.setPrice(48_400)
        for _ in 0..<3 { try venue.apply() }
        // The order was cut by its limit, and traded at better prices.
        let sold = 1_000 - venue.position(weak)
        #expect(sold > 0 && sold * 48_350 <= 5_000_000)
        try venue.apply(milliseconds: 12 * 3_600_000)
        #expect(1_000 - venue.position(weak) > sold)
    }

    @Test func `a holding that is borrowed against is hedged by a short`() throws {
        let venue = try Venue(.borrowing(1_000_000))
        let rich = try venue.openAccounts(2, dollars: 1_000_000)
        let holder = try venue.openAccounts(1, dollars: 0)[0]
        try venue.depositAsset(1_000, to: holder)
        let outcome = try venue.apply(
            .by(holder, .withdraw(dollars: 44_000)), .by(rich[0], .buy(2_000, at: 47_450)))
        #expect(outcome.refusals == [nil, nil])
        #expect(try venue.answer(holder, terms(share: 10_000)) == nil)
        venue.setPrice(47_500)
        let hedge = try #require(hedges(try venue.apply()).first)
        #expect(hedge.requirementAfter < hedge.requirement)
        #expect(venue.position(holder) == -1_000)
        // A fall that would have taken everything takes next to nothing.
        venue.setPrice(43_000)
        try venue.apply()
        #expect(!venue.isLiquidating(holder))
    }

    @Test func `a hedge that would not help is not sent`() throws {
        let venue = try Venue()
        let rich = try venue.openAccounts(2, dollars: 1_000_000)
        let weak = try venue.openAccounts(1, dollars: 5_000)[0]
        try venue.trade(weak, rich[0], 1_000, at: 50_000)
        // Two per cent below the mark costs more than the margin that it frees.
        try venue.apply(.by(rich[1], .buy(2_000, at: 44_500)))
        #expect(try venue.answer(weak, terms(band: 500)) == nil)
        venue.setPrice(48_400)
        #expect(hedges(try venue.apply()).isEmpty && venue.position(weak) == 1_000)
    }
}
