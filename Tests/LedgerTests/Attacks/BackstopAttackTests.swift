/// Attacks on the backstop, each with its rule on and off (`facts/risk.md`, attacks 3 and 14).

import Accounts
import Canonical
import FixedPoint
import Ledger
import Liquidation
import Markets
import Testing

@Suite struct BackstopAttackTests {
    /// A long of 1,000 lots on $5,000, the provider that its owner hopes to gain by, and a rich
    /// short who did nothing.
    private struct Scene {
        let venue: Venue
        let victim: AccountIdentifier
        let provider: AccountIdentifier
        let rich: AccountIdentifier
    }

    private func scene(
        _ options: TestGenesis.Options, _ limits: BackstopLimits = .dollars(),
        isSibling: Bool = false
    ) throws -> Scene {
        let venue = try Venue(options)
        let rich = try venue.openAccounts(1, dollars: 1_000_000)[0]
        let victim = try venue.openAccounts(1, dollars: 5_000)[0]
        let provider =
            isSibling
            ? try venue.openSibling(of: victim, dollars: 100_000)
            : try venue.openAccounts(1, dollars: 100_000)[0]
        try venue.apply(.custodian(.depositInsurance(.dollars(100_000), to: TestGenesis.main)))
        #expect(try venue.answer(provider, .setBackstop(limits)) == nil)
        try venue.trade(victim, rich, 1_000, at: 50_000)
        return Scene(venue: venue, victim: victim, provider: provider, rich: rich)
    }

    /// What the attacker, who owns victim and provider under two names, has at the end and had.
    private func ownBackstop(
        _ options: TestGenesis.Options
    ) throws -> (gain: Int64, fundPaid: Int64) {
        let scene = try scene(options)
        let venue = scene.venue
        let fee = venue.equity(scene.victim) + venue.equity(scene.provider)
        // Equity of $100 is left of a portfolio of $45,100.
        venue.setPrice(45_130)
        var paid: Int64 = 0
        for _ in 0..<3 { paid += try venue.apply().insurancePaid }
        let now = venue.equity(scene.victim) + venue.equity(scene.provider)
        let move = 1_000 * (50_000 - 45_130) * TestGenesis.million / 1_000
        return (now - (fee - move), paid)
    }

    @Test func `one's own backstop extracts nothing from the fund`() throws {
        let on = try ownBackstop(.backed())
        #expect(on.gain <= 0 && on.fundPaid == 0)
        let off = try ownBackstop(.backed().without(.discountCap))
        #expect(off.fundPaid > 0 && off.gain > 0)
    }

    @Test func `an owner does not take his own slices`() throws {
        let own = try scene(.backed(), isSibling: true)
        own.venue.setPrice(46_500)
        let outcome = try own.venue.apply()
        #expect(outcome.auctioned.isEmpty && outcome.sales.isEmpty)
        #expect(own.venue.position(own.provider) == 0)
        let other = try scene(.backed())
        other.venue.setPrice(46_500)
        #expect(!(try other.venue.apply().sales.isEmpty))
    }

    @Test func `a bid is not pulled when it is needed`() throws {
        for delay: UInt64 in [60, 0] {
            let scene = try scene(.backed { $0.limitDelay = .seconds(delay) })
            let pulled = BackstopLimits.dollars(1, leastDiscount: 100)
            try scene.venue.apply(.by(scene.provider, .setBackstop(pulled)))
            scene.venue.setPrice(46_500)
            let outcome = try scene.venue.apply()
            // Without the delay the market's winner pays for it with a position.
            #expect(outcome.sales.isEmpty == (delay == 0))
            if delay > 0 { #expect(scene.venue.position(scene.rich) == -1_000) }
        }
    }

    @Test func `money does not flee before a crash`() throws {
        for notice: UInt64 in [3_600, 0] {
            let scene = try scene(.backed { $0.notice = .seconds(notice) })
            let venue = scene.venue
            try venue.apply(.by(scene.provider, .giveBackstopNotice))
            try venue.apply(.by(scene.provider, .leaveBackstop, .withdraw(dollars: 90_000)))
            venue.setPrice(46_500)
            let outcome = try venue.apply()
            // On notice it stands as before.
            #expect(outcome.sales.isEmpty == (notice == 0))
            #expect(venue.cash(scene.provider) > 50_000 * TestGenesis.million || notice == 0)
        }
    }

    @Test func `dust does not set back an auction's clock`() throws {
        let scene = try scene(.backed(), .dollars(leastDiscount: 50))
        let venue = scene.venue
        venue.setPrice(46_500)
        try venue.apply()
        let start = try #require(venue.ledger.auctionStart(of: scene.victim))
        for _ in 0..<5 {
            try venue.deposit(1, to: scene.victim)
            try venue.apply(milliseconds: 2_000)
            #expect(venue.ledger.auctionStart(of: scene.victim) == start)
        }
        // Nor does what lifts it over the level for a while.
        try venue.deposit(1_000, to: scene.victim)
        try venue.apply()
        #expect(venue.isLiquidating(scene.victim))
        #expect(venue.ledger.auctionStart(of: scene.victim) == start)
    }

    @Test func `a pumped market costs providers what they agreed to and not more`() throws {
        // JELLY, 2025-03-26: the backstop inherits a position, and the market is pushed against it.
        for limit: Int64 in [3_000, 1_000_000] {
            let scene = try scene(.backed(), .dollars(loss: limit))
            let venue = scene.venue
            venue.setPrice(46_500)
            try venue.apply()
            let taken = venue.position(scene.provider)
            #expect(taken > 100)
            let before = venue.equity(scene.provider)
            for step: Int64 in 1...20 {
                venue.setPrice(46_500 - 600 * step)
                try venue.apply(milliseconds: 2_000)
            }
            let lost = before - venue.equity(scene.provider)
            if limit == 3_000 {
                // The bound, and what one block moved the mark.
                #expect(lost < (3_000 + 600 * taken / 1_000 + 10) * TestGenesis.million)
                #expect(venue.position(scene.provider) == 0)
                let standing = venue.ledger.backstopProviders(of: TestGenesis.main)[0]
                #expect(standing.stopped == [UnderlyingIdentifier(0)])
                try venue.apply(.by(scene.provider, .setBackstop(.dollars())))
                try venue.apply()
                #expect(
                    venue.ledger.backstopProviders(of: TestGenesis.main)[0].stopped.isEmpty)
            } else {
                #expect(lost > 5_000 * TestGenesis.million)
            }
        }
    }

    @Test func `all providers of a market together lose no more than the compartment's bound`()
        throws
    {
        let scene = try scene(
            .backed { $0.marketLoss = .dollars(2_000) }, .dollars(sliceShare: 50))
        let venue = scene.venue
        let second = try venue.openAccounts(1, dollars: 100_000)[0]
        let elsewhere = try venue.openAccounts(1, dollars: 100_000, in: TestGenesis.side)[0]
        try venue.apply(
            .by(second, .setBackstop(.dollars(sliceShare: 50))),
            .by(elsewhere, .setBackstop(.dollars())))
        venue.setPrice(46_500)
        try venue.apply()
        #expect(venue.position(scene.provider) > 0 && venue.position(second) > 0)
        #expect(venue.position(elsewhere, TestGenesis.sideBitcoin) == 0)
        for step: Int64 in 1...20 {
            venue.setPrice(46_500 - 600 * step)
            try venue.apply(milliseconds: 2_000)
        }
        #expect(venue.position(scene.provider) == 0 && venue.position(second) == 0)
        #expect(venue.cash(elsewhere) == 100_000 * TestGenesis.million)
    }

    @Test func `bids cost the minimum each, and there is room for so many`() throws {
        let venue = try Venue(.backed { $0.providers = 3 })
        let spammers = try venue.openAccounts(5, dollars: 1_000)
        let answers = try spammers.map { try venue.answer($0, .setBackstop(.dollars())) }
        #expect(answers == [nil, nil, nil, .backstopFull, .backstopFull])
    }
}
