/// The attacks of `facts/risk.md` on liquidation by who stands in the book: confiscation by an
/// emptied book and liquidation of oneself (3), and the dust that resets it (14). Each with the
/// rule on and off.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Risk
import Testing

@Suite struct LiquidationAttackTests {
    /// A long of 1,000 lots on $5,000, and a book that holds one bid far below the mark.
    private func emptied(
        _ options: TestGenesis.Options, bid dollars: Int64
    ) throws -> (Venue, victim: AccountIdentifier, attacker: AccountIdentifier) {
        let venue = try Venue(options)
        let rich = try venue.openAccounts(2, dollars: 1_000_000)
        let victim = try venue.openAccounts(1, dollars: 5_000)[0]
        try venue.apply(.custodian(.depositInsurance(.dollars(100_000), to: TestGenesis.main)))
        try venue.trade(victim, rich[0], 1_000, at: 50_000)
        try venue.apply(.by(rich[1], .buy(1_000, at: dollars)))
        return (venue, victim, rich[1])
    }

    /// Attack 3: who empties the book before his victim is liquidated buys its position for what
    /// he likes.
    @Test(arguments: [true, false])
    func `an emptied book does not hand the victim to the last bidder`(isOn: Bool) throws {
        let options = TestGenesis.Options().without(isOn ? [] : [.closingBand])
        let (venue, victim, attacker) = try emptied(options, bid: 42_000)
        let before = (victim: venue.equity(victim), attacker: venue.equity(attacker))
        venue.setPrice(48_100)
        for _ in 0..<8 { try venue.apply(milliseconds: 5_000) }
        #expect(!venue.isLiquidating(victim))
        // The fall itself costs the victim $1,900.
        let lost = before.victim - venue.equity(victim) - 1_900 * TestGenesis.million
        let gained = venue.equity(attacker) - before.attacker
        if isOn {
            #expect(gained == 0 && lost < 100 * TestGenesis.million)
        } else {
            #expect(lost > 2_500 * TestGenesis.million)
            #expect(gained > 2_500 * TestGenesis.million)
        }
    }

    /// Attack 3: a pair of accounts, one to go broke at the other's bid, and the fund pays what the
    /// first cannot.
    @Test(arguments: [true, false])
    func `who liquidates himself gets nothing from the fund`(isOn: Bool) throws {
        let options = TestGenesis.Options().without(isOn ? [] : [.closingBand, .fundCap])
        let (venue, loser, winner) = try emptied(options, bid: 10_000)
        let before = venue.equity(loser) + venue.equity(winner)
        let fund = venue.insurance()
        venue.setPrice(48_100)
        for _ in 0..<8 { try venue.apply(milliseconds: 5_000) }
        let profit = venue.equity(loser) + venue.equity(winner) - before
        // Without attack the pair loses what the fall takes.
        let fall = -1_900 * TestGenesis.million
        if isOn {
            #expect(profit <= fall && venue.insurance() >= fund)
        } else {
            #expect(profit > fall + 2_000 * TestGenesis.million)
            #expect(venue.insurance() < fund - 2_000 * TestGenesis.million)
        }
    }

    /// Nor does the bid of another account of the same owner trade: it gives way.
    @Test func `nobody takes his own position out of liquidation`() throws {
        let venue = try Venue()
        let rich = try venue.openAccounts(1, dollars: 1_000_000)[0]
        let weak = try venue.openAccounts(1, dollars: 5_000)[0]
        let own = try venue.openSibling(of: weak, dollars: 100_000)
        try venue.trade(weak, rich, 1_000, at: 50_000)
        try venue.apply(.by(own, .buy(1_000, at: 48_000)))
        venue.setPrice(48_100)
        let outcome = try venue.apply()
        #expect(venue.isLiquidating(weak) && outcome.trades.isEmpty)
        #expect(outcome.reasons.contains(.selfTrade))
    }

    /// Attack 14: a few dollars every half minute, and the band never opens.
    @Test(arguments: [true, false])
    func `dust neither ends a liquidation nor sets back its clock`(isOn: Bool) throws {
        let venue = try Venue(TestGenesis.Options().without(isOn ? [] : [.exitLevel]))
        let rich = try venue.openAccounts(1, dollars: 1_000_000)[0]
        let weak = try venue.openAccounts(1, dollars: 5_000)[0]
        try venue.trade(weak, rich, 1_000, at: 50_000)
        venue.setPrice(48_100)
        try venue.apply()
        #expect(venue.isLiquidating(weak))
        let start = venue.ledger.accounts[weak].liquidationStart
        var price: Int64 = 48_100
        var isDeleveraged = false
        for _ in 0..<6 where !isDeleveraged {
            // Just enough to be above maintenance.
            let missing = -venue.ledger.maintenanceMargin(of: weak).health.units
            try venue.deposit(max(1, missing / TestGenesis.million + 1), to: weak)
            try venue.apply()
            #expect(venue.isLiquidating(weak) == isOn)
            if isOn { #expect(venue.ledger.accounts[weak].liquidationStart == start) }
            // And the price falls by a little more.
            price -= 5
            venue.setPrice(price)
            try venue.apply()
            #expect(venue.isLiquidating(weak))
            isDeleveraged = try venue.apply(milliseconds: 5_000).contains(isDeleverage)
        }
        #expect(isDeleveraged == isOn)
        #expect((venue.position(weak) < 1_000) == isOn)
    }

    private func isDeleverage(_ event: Event) -> Bool {
        if case .deleveraged = event { true } else { false }
    }
}

extension TestGenesis.Options {
    fileprivate func without(_ defences: [Defence]) -> TestGenesis.Options {
        var options = self
        options.off = defences
        return options
    }
}
