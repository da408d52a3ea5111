/// The waterfall: on the book inside the band, then against the other side, then the funds; and the
/// promise that it always arrives: whatever the positions, the crash and the book.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Risk
import TestKit
import Testing

@Suite struct LiquidationTests {
    /// A long of 1,000 lots on $5,000, its counterparty rich.
    private func weakLong() throws -> (Venue, weak: AccountIdentifier, rich: [AccountIdentifier]) {
        let venue = try Venue()
        let rich = try venue.openAccounts(2, dollars: 1_000_000)
        let weak = try venue.openAccounts(1, dollars: 5_000)[0]
        try venue.trade(weak, rich[0], 1_000, at: 50_000)
        return (venue, weak, rich)
    }

    private func isDeleverage(_ event: Event) -> Bool {
        if case .deleveraged = event { true } else { false }
    }

    @Test func `a long below maintenance is sold on the book inside the band, to the exit level`()
        throws
    {
        let (venue, weak, rich) = try weakLong()
        try venue.apply(.by(weak, .buy(1, at: 47_000)), .by(rich[1], .buy(2_000, at: 48_000)))
        venue.setPrice(48_100)
        let outcome = try venue.apply()
        #expect(
            outcome.contains {
                if case .liquidationStarted(weak, _, _) = $0 { true } else { false }
            })
        #expect(
            outcome.closes.first?.reason == .liquidation
                || outcome.closes.first?.reason == .marginCall)
        #expect(!outcome.trades.isEmpty && !outcome.contains(isDeleverage))
        #expect(outcome.contains { if case .liquidationFee(weak, _) = $0 { true } else { false } })
        for _ in 0..<12 where venue.isLiquidating(weak) { try venue.apply(milliseconds: 5_000) }
        #expect(!venue.isLiquidating(weak))
        #expect(venue.position(weak) > 0 && venue.position(weak) < 1_000)
        let margin = venue.ledger.maintenanceMargin(of: weak)
        #expect(margin.equity.units * 10 >= margin.requirement.units * 12)
        #expect(venue.openOrders(weak).isEmpty)
    }

    @Test func `an account in liquidation may add margin and nothing else`() throws {
        let (venue, weak, rich) = try weakLong()
        venue.setPrice(48_100)
        try venue.apply()
        #expect(venue.isLiquidating(weak))
        let outcome = try venue.apply(
            .by(
                weak, .sell(1, at: 48_100, reduceOnly: true), .withdraw(dollars: 1),
                .transfer(.dollars(1), to: rich[0]), .cancelAll(nil)),
            .by(rich[0], .transfer(Amount(microunits: 1), to: weak)))
        #expect(
            outcome.refusals == [.inLiquidation, .inLiquidation, .inLiquidation, nil, nil])
        // Dust does not end it, nor does it set back the clock.
        let start = venue.ledger.accounts[weak].liquidationStart
        try venue.apply()
        #expect(venue.isLiquidating(weak) && venue.ledger.accounts[weak].liquidationStart == start)
        try venue.deposit(2_000, to: weak)
        try venue.apply()
        #expect(!venue.isLiquidating(weak))
        #expect(venue.position(weak) == 1_000)
    }

    @Test func `with an empty book it is closed at the mark after the band has opened`() throws {
        let (venue, weak, rich) = try weakLong()
        venue.setPrice(48_100)
        try venue.apply()
        var waited = 0
        var closing: BlockOutcome?
        while venue.isLiquidating(weak), waited < 12 {
            let outcome = try venue.apply(milliseconds: 5_000)
            waited += 1
            if outcome.contains(isDeleverage) { closing = outcome }
        }
        #expect(waited == 6)
        let outcome = try #require(closing)
        for case .deleveraged(let event) in outcome.events {
            #expect(event.account == weak && event.counterparty == rich[0])
            #expect(event.notional.units == event.quantity.lots * 48_100_000)
        }
        #expect(venue.equity(weak) > 0)
    }

    @Test func `there is no liquidation on an old price`() throws {
        let (venue, weak, _) = try weakLong()
        venue.setPrice(48_100)
        try venue.apply()
        venue.isPublishing = false
        for _ in 0..<12 {
            let outcome = try venue.apply(milliseconds: 6_000)
            #expect(outcome.trades.isEmpty && !outcome.contains(isDeleverage))
        }
        #expect(venue.position(weak) == 1_000)
        venue.isPublishing = true
        let outcome = try venue.apply()
        #expect(outcome.contains(isDeleverage))
    }

    @Test func `a crash in one compartment leaves the other's accounts and funds alone`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 5_000)
        let side = try venue.openAccounts(2, dollars: 5_000, in: TestGenesis.side)
        try venue.apply(.custodian(.depositInsurance(.dollars(100), to: TestGenesis.side)))
        try venue.trade(accounts[0], accounts[1], 1_000, at: 50_000)
        try venue.trade(side[0], side[1], 10, at: 50_000, in: TestGenesis.sideBitcoin)
        let keys =
            side.map { LeafKey.account($0).canonicalBytes }
            + [LeafKey.compartment(TestGenesis.side).canonicalBytes]
        let before = venue.leaves()
        venue.setPrice(25_000)
        try venue.wait(blocks: 10)
        #expect(venue.position(accounts[0]) == 0)
        for key in keys { #expect(venue.leaves()[key] == before[key]) }
    }

    #if DEBUG
        static let lives: ClosedRange<UInt64> = 1...6
    #else
        static let lives: ClosedRange<UInt64> = 1...150
    #endif

    @Test(arguments: lives)
    func `liquidation arrives within a minute of valid prices`(seed: UInt64) throws {
        var weather = Weather()
        weather.pricesMove = false
        weather.dollars = 30_000
        weather.accounts = 8
        weather.hasNonsense = false
        let chance = try RandomVenue(seed: seed, weather)
        let venue = chance.venue
        for _ in 0..<8 { try chance.step() }
        if chance.chance(1, in: 2) {
            for account in chance.accounts { try venue.apply(.by(account, .cancelAll(nil))) }
        }
        let crashes: [Int64] = [-8_800, -5_000, -3_000, -1_000, -600, 500, 1_000, 3_000, 10_000]
        for place in venue.prices.indices {
            venue.prices[place] += venue.prices[place] / 10_000 * chance.pick(crashes)
        }
        for _ in 0..<12 { try venue.apply(milliseconds: 5_000) }
        for account in chance.accounts {
            let margin = venue.ledger.maintenanceMargin(of: account)
            let isClosed = venue.ledger.accounts[account].positions.isEmpty
            #expect(!venue.isLiquidating(account), "seed \(seed)")
            #expect(isClosed || !margin.health.isNegative, "seed \(seed)")
        }
        for fund in venue.ledger.accounts.funds { #expect(!fund.insurance.isNegative) }
    }
}
