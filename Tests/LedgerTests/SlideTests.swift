/// Post-only orders that slide: they rest one tick from the other side, and never take.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct SlideTests {
    private func sliding(_ side: Side, _ ticks: Int64, lots: Int64 = 1) -> Command {
        .order(side, lots, at: nil) {
            $0.limit = Price(ticks: ticks)
            $0.postOnly = true
            $0.slides = true
        }
    }

    @Test func `it rests at its limit, or one tick from the other side`() throws {
        let table: [(side: Side, limit: Int64, rests: Int64)] = [
            (.buy, 100_099, 100_099), (.buy, 100_100, 100_099), (.buy, 101_000, 100_099),
            (.sell, 99_901, 99_901), (.sell, 99_900, 99_901), (.sell, 99_000, 99_901),
        ]
        for row in table {
            let (venue, accounts) = try Venue.rich(2)
            try venue.apply(.by(accounts[1], .quote(5, at: 49_950, 5, at: 50_050)))
            let outcome = try venue.apply(.by(accounts[0], sliding(row.side, row.limit)))
            #expect(outcome.refusals == [nil] && outcome.trades.isEmpty)
            #expect(venue.openOrders(accounts[0]).map(\.price.ticks) == [row.rests])
        }
    }

    @Test func `it slides from its own orders too, and away from what the block did before`() throws
    {
        let (venue, accounts) = try Venue.rich(2)
        try venue.place(accounts[0], .sell(1, at: 50_000))
        let outcome = try venue.apply(
            .by(accounts[0], sliding(.buy, 100_000)), .by(accounts[1], .sell(1, at: 49_990)))
        #expect(outcome.trades.isEmpty)
        #expect(venue.depth(.buy) == [[99_979, 1]])
    }

    @Test func `it must be post-only, and is judged at its limit's band`() throws {
        let (venue, accounts) = try Venue.rich(2)
        try venue.place(accounts[1], .sell(1, at: 50_000))
        let table: [(command: Command, refusal: Refusal?)] = [
            (.order(.buy, 1, at: 50_000) { $0.slides = true }, .conflictingTerms),
            (sliding(.buy, 102_001), .outsidePriceBand), (sliding(.buy, 102_000), nil),
        ]
        for row in table {
            #expect(try venue.answer(accounts[0], row.command) == row.refusal)
        }
    }

    /// At the ends of the grid there is no price to slide to.
    @Test func `it is refused where there is no tick left`() throws {
        let (venue, accounts) = try Venue.rich(2)
        venue.setPrice(399_000)
        try venue.wait(blocks: 2)
        // The highest price is 800,000 ticks, $400,000.
        try venue.place(accounts[1], .buy(1, at: 400_000))
        #expect(try venue.answer(accounts[0], sliding(.sell, 800_000)) == .wouldTake)
        try venue.apply(.by(accounts[1], .cancelAll(nil)))
        venue.setPrice(1)
        try venue.wait(blocks: 2)
        try venue.apply(.by(accounts[1], .order(.sell, 1, at: nil) { $0.limit = Price(ticks: 2) }))
        #expect(try venue.answer(accounts[0], sliding(.buy, 2)) == nil)
        try venue.apply(.by(accounts[0], .cancelAll(nil)))
        venue.prices[0] = 500_000
        try venue.wait(blocks: 2)
        try venue.apply(.by(accounts[1], .order(.sell, 1, at: nil) { $0.limit = Price(ticks: 1) }))
        #expect(try venue.answer(accounts[0], sliding(.buy, 1)) == .wouldTake)
    }
}
