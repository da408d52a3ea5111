/// Funding: longs pay shorts, the amounts are those of the formula, and nothing is lost but
/// fractions of a micro-unit, which go to the insurance fund.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Oracle
import Testing

@Suite struct FundingTests {
    /// Two accounts, 1,000 lots between them, at a rate of 1 bp for eight hours: the book is empty,
    /// so the premium is zero and the rate is the interest.
    private func venue() throws -> (Venue, long: AccountIdentifier, short: AccountIdentifier) {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 100_000)
        try venue.trade(accounts[0], accounts[1], 1_000, at: 50_000)
        // Past the full hour the rate of the hour before is in force.
        try venue.wait(blocks: 31, seconds: 60)
        return (venue, accounts[0], accounts[1])
    }

    @Test func `longs pay shorts one basis point of the notional in eight hours`() throws {
        let (venue, long, short) = try venue()
        #expect(venue.ledger.prices[0].fundingRate == Ratio(basisPoints: 1))
        let before = (venue.equity(long), venue.equity(short))
        try venue.wait(blocks: 60, seconds: 60)
        // $50,000 · 0.0001 / 8 = $0.625.
        let paid = before.0 - venue.equity(long)
        let received = venue.equity(short) - before.1
        #expect(abs(paid - 625_000) <= 1)
        #expect(abs(received - 625_000) <= 1)
        #expect(received <= paid)
    }

    @Test func `settling it moves cash and conserves it`() throws {
        let (venue, long, short) = try venue()
        let cash = (venue.cash(long), venue.cash(short), venue.insurance())
        try venue.wait(blocks: 60, seconds: 60)
        let fees = venue.ledger.accounts.funds[0].fees.units
        try venue.trade(short, long, 1_000, at: 50_000)
        let earned = venue.ledger.accounts.funds[0].fees.units - fees
        let total = venue.cash(long) + venue.cash(short) + venue.insurance() + earned
        #expect(total == cash.0 + cash.1 + cash.2)
        #expect(venue.position(long) == 0 && venue.position(short) == 0)
    }

    @Test func `a premium in the book sets the rate, up to its cap, and its sign`() throws {
        for (dollars, side) in [(50_400, Side.buy), (49_600, .sell)] as [(Int64, Side)] {
            let venue = try Venue()
            let rich = try venue.openAccounts(1, dollars: 10_000_000)[0]
            try venue.apply(
                .by(rich, .buy(2_000, at: dollars - 10), .sell(2_000, at: dollars + 10)))
            for _ in 0..<40 { try venue.apply(milliseconds: 60_000) }
            let rate = venue.ledger.prices[0].fundingRate
            let mark = venue.ledger.prices[0].mark.units
            #expect(rate.sign == side.sign)
            #expect(rate.magnitude <= Ratio(basisPoints: 75))
            #expect((mark - 50_000 * TestGenesis.million).signum() == side.sign)
            #expect(abs(mark - 50_000 * TestGenesis.million) <= 250 * TestGenesis.million)
        }
    }

    /// A header may name any later time. However far that is, the block is applied.
    @Test func `a block centuries later is applied like any other`() throws {
        let (venue, long, _) = try venue()
        var block = venue.block([])
        block.time = Timestamp(nanoseconds: .max - 1)
        block.observations = venue.bundles(at: block.time)
        try venue.apply(block)
        #expect(venue.position(long) >= 0)
    }
}
