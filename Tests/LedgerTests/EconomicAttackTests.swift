/// Attacks on the economics of a market (`facts/risk.md`, attacks 2, 11 and 12; the shapes of Mango
/// and YFI), each with the rules that stop it and without them.

import Accounts
import Canonical
import Economics
import FixedPoint
import Ledger
import Markets
import Testing

struct EconomicAttackTests {
    private let bitcoin = UnderlyingIdentifier(0)

    private func venue(cap dollars: Int64?, depth: Int64 = 100_000_000, _ off: [Defence]) throws
        -> Venue
    {
        var options = TestGenesis.Options()
        options.off = off
        if let dollars {
            options.economics = TestGenesis.economics(cap: dollars, depth: depth)
        }
        return try Venue(options)
    }

    /// Attack 2: a pumped long is sold to an accomplice who posts initial margin, and goes bankrupt
    /// when the price comes back: loot N·[x − i(1 + x)].
    @Test(arguments: [true, false])
    func `profit is not cashed through a third account`(isDefended: Bool) throws {
        let venue = try venue(cap: nil, isDefended ? [] : [.stablePrice, .profitHold])
        let accounts = try venue.openAccounts(2, dollars: 100_000)
        try venue.apply(.custodian(.depositInsurance(.dollars(1_000_000), to: TestGenesis.main)))
        let (pumper, victim) = (accounts[0], accounts[1])
        let accomplice = try venue.openAccounts(1, dollars: 50_000)[0]
        try venue.deposit(200_000, to: victim)
        try venue.trade(pumper, victim, 4_000, at: 50_000)
        venue.setPrice(75_000)
        try venue.apply()
        try venue.place(pumper, .sell(4_000, at: 75_000))
        let bought = try venue.answer(accomplice, .buy(4_000, at: 75_000))
        guard !isDefended else {
            #expect(bought == .insufficientMargin)
            return
        }
        #expect(bought == nil)
        // $100,000 of profit leave in the hour that made them.
        #expect(try venue.answer(pumper, .withdraw(dollars: 195_000)) == nil)
        #expect(venue.cash(pumper) < 5_000 * TestGenesis.million)
        venue.setPrice(50_000)
        let fund = venue.insurance()
        try venue.apply()
        // The two paid $150,000 in, have taken $195,000 out, and others pay the difference.
        #expect(venue.cash(accomplice) <= 0)
        #expect(fund > venue.insurance())
    }

    @Test(arguments: [true, false])
    func `a realised profit waits before it leaves`(isDefended: Bool) throws {
        let venue = try venue(cap: nil, isDefended ? [] : [.profitHold])
        let accounts = try venue.openAccounts(3, dollars: 100_000)
        try venue.trade(accounts[0], accounts[1], 1_000, at: 50_000)
        venue.setPrice(60_000)
        try venue.apply()
        try venue.deposit(100_000, to: accounts[2])
        try venue.trade(accounts[2], accounts[0], 1_000, at: 60_000)
        let answer = try venue.answer(accounts[0], .withdraw(dollars: 105_000))
        #expect(answer == (isDefended ? .insufficientFunds : nil))
    }

    /// Attack 12: two owners trade with each other until nobody else may open anything.
    @Test(arguments: [true, false])
    func `wash positions do not squat on the cap`(isDefended: Bool) throws {
        let venue = try venue(cap: 1_000_000, isDefended ? [] : [.ownerShare])
        let accounts = try venue.openAccounts(4, dollars: 10_000_000)
        var squat: Int64 = 0
        for _ in 0..<10 {
            let outcome = try venue.apply(
                .by(accounts[0], .sell(2_000, at: 50_000)),
                .by(accounts[1], .buy(2_000, at: 50_000)))
            squat += outcome.trades.reduce(0) { $0 + $1.quantity.lots }
        }
        #expect(squat == (isDefended ? 2_000 : 20_000))
        let honest = try venue.apply(
            .by(accounts[2], .sell(100, at: 50_000)), .by(accounts[3], .buy(100, at: 50_000)))
        #expect(honest.refusals == (isDefended ? [nil, nil] : [.interestCap, .interestCap]))
    }

    /// Mango, 2022: both sides of a market that costs little to move. With caps the profit of the
    /// long at any move is a third of the cost of the move at most; without, many times it.
    @Test(arguments: [true, false])
    func `a thin market holds no position that pays for moving it`(isDefended: Bool) throws {
        // a = 25 · 0.2 · $1M · 1.05, of which the class of the depth leaves a little less.
        let cap: Int64 = 120_000
        let venue = try venue(
            cap: cap, depth: 1_000_000, isDefended ? [] : [.ownerShare, .interestCap])
        let accounts = try venue.openAccounts(2, dollars: 10_000_000)
        for lots in [100_000, 10_000, 1_000, 240, 100, 10, 1] as [Int64] {
            try venue.apply(
                .by(accounts[0], .sell(lots, at: 50_000)),
                .by(accounts[1], .buy(lots, at: 50_000, .immediateOrCancel)))
            try venue.apply(.by(accounts[0], .cancelAll(nil)))
        }
        let cost = try #require(venue.ledger.economics(of: bitcoin)).cost
        let held = Amount.dollars(venue.position(accounts[1]) * 50)
        #expect(held >= .dollars(cap / 10))
        let pays = (1...1_000).contains { basisPoints in
            let move = Ratio(basisPoints: Int64(basisPoints))
            return 3 * Int128(cost.profit(of: held, by: move).units)
                > Int128(cost.cost(of: move).units)
        }
        #expect(pays != isDefended)
        #expect(cost.ownerLimit >= .dollars(cap / 10))
    }

    /// YFI on dYdX, 2023: one owner has most of a small market at its usual margin; when the price
    /// breaks, the insurance fund pays.
    @Test(arguments: [true, false])
    func `an owner with a market in his hand costs the fund nothing`(isDefended: Bool) throws {
        let venue = try venue(
            cap: 1_000_000, isDefended ? [] : [.ownerShare, .marginRamp, .fundCap])
        let accounts = try venue.openAccounts(2, dollars: 100_000)
        try venue.apply(.custodian(.depositInsurance(.dollars(1_000_000), to: TestGenesis.main)))
        try venue.deposit(10_000_000, to: accounts[1])
        // Seven times his money, or as much of it as the rules let him have.
        for lots in [14_000, 7_000, 2_000, 1_500, 500, 250] as [Int64] {
            try venue.apply(
                .by(accounts[1], .sell(lots, at: 50_000)),
                .by(accounts[0], .buy(lots, at: 50_000, .immediateOrCancel)))
            try venue.apply(.by(accounts[1], .cancelAll(nil)))
        }
        let held = venue.position(accounts[0])
        #expect(isDefended ? (1_000...2_000).contains(held) : held >= 14_000)
        let fund = venue.insurance()
        venue.setPrice(35_000)
        try venue.apply()
        #expect(isDefended ? venue.insurance() >= fund : venue.insurance() < fund)
    }
}
