/// Orders and initial margin: admission at the exact boundary, backing that lasts while prices do, and
/// what is cancelled when they do not.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Risk
import TestKit
import Testing

@Suite struct MarginTests {
    @Test(arguments: 1...12)
    func `an order is admitted up to the last lot that naive margin allows`(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 50_000)
        let me = accounts[0]
        if seed > 3 {
            // Something held, something quoted, a price that has moved away from the stable one.
            let lots = Int64.random(in: 1...800, using: &random)
            if Bool.random(using: &random) {
                try venue.trade(me, accounts[1], lots, at: 50_000)
            } else {
                try venue.trade(accounts[1], me, lots, at: 50_000)
            }
            try venue.apply(
                .by(
                    me, .buy(lots / 3 + 1, at: 49_900), .sell(lots / 2 + 1, at: 50_300),
                    .buy(9, at: 24_900, in: TestGenesis.ether)))
            venue.prices[0] += Int64.random(in: -900...900, using: &random) * TestGenesis.million
            try venue.apply()
        }
        let side: Side = Bool.random(using: &random) ? .buy : .sell
        let ticks = venue.prices[0] / 500_000 + Int64.random(in: -300...300, using: &random)
        // Prices stand still from here on, so that the block of the order does not move health; the
        // stable price still moves, so the boundary is searched on a machine that has seen the block.
        let twin = try Ledger(
            genesis: venue.ledger.genesis, leaves: venue.ledger.leaves(), root: venue.ledger.root)
        _ = try twin.apply(venue.block([]), verifier: TestSignatures())
        let ahead = NaiveMargin(ledger: twin, account: me)
        func admitsThen(_ lots: Int64) -> Bool {
            ahead.initialHealth(with: [
                NaiveMargin.Quote(
                    instrument: TestGenesis.bitcoin, side: side, price: Price(ticks: ticks),
                    lots: lots)
            ]) >= 0
        }
        var low: Int64 = 0
        var high: Int64 = 100_000
        while high - low > 1 {
            let middle = (low + high) / 2
            if admitsThen(middle) { low = middle } else { high = middle }
        }
        let request = { (lots: Int64) in
            Command.place(
                OrderRequest(
                    instrument: TestGenesis.bitcoin, side: side, limit: Price(ticks: ticks),
                    quantity: Quantity(lots: lots)))
        }
        let outcome = try venue.apply(
            venue.block([
                .by(me, request(low + 1)), .by(me, low > 0 ? request(low) : .cancelAll(nil)),
            ]))
        #expect(outcome.refusals == [.insufficientMargin, nil], "seed \(seed)")
        #expect(venue.health(me) == NaiveMargin(ledger: venue.ledger, account: me).initialHealth())
    }

    #if DEBUG
        static let blocks = 12
    #else
        static let blocks = 400
    #endif

    @Test(arguments: [31, 32] as [UInt64])
    func `while prices stand still every resting order stays backed`(seed: UInt64) throws {
        var weather = Weather()
        weather.pricesMove = false
        weather.dollars = 60_000
        let chance = try RandomVenue(seed: seed, weather)
        for _ in 0..<Self.blocks {
            try chance.step()
            for account in chance.accounts where !chance.venue.openOrders(account).isEmpty {
                // The mark still follows the premium of the book.
                let isMoving = chance.venue.last?.events.contains {
                    if case .markChanged = $0 { true } else { false }
                }
                if isMoving == true { continue }
                try #require(chance.venue.health(account) >= -5, "seed \(seed)")
            }
        }
    }

    @Test(arguments: [41, 42] as [UInt64])
    func `incremental margin is naive margin`(seed: UInt64) throws {
        let chance = try RandomVenue(seed: seed)
        for _ in 0..<(Self.blocks / 2) {
            try chance.step()
            for account in chance.accounts {
                let naive = NaiveMargin(ledger: chance.venue.ledger, account: account)
                try #require(
                    abs(chance.venue.health(account) - naive.initialHealth()) <= 2, "seed \(seed)")
            }
        }
    }

    @Test func `after a price move the newest risky orders go first, and only until healthy`()
        throws
    {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 10_000)
        let me = accounts[0]
        try venue.trade(me, accounts[1], 1_000, at: 50_000)
        try venue.apply(
            .by(
                me, .buy(200, at: 49_000, name: 1),
                .sell(100, at: 51_000, reduceOnly: true, name: 2),
                .buy(200, at: 49_000, name: 3), .buy(200, at: 49_000, name: 4)))
        #expect(venue.openOrders(me).count == 4)
        var last = 4
        for dollars in stride(from: Int64(49_900), through: 46_000, by: -100) {
            venue.setPrice(dollars)
            let outcome = try venue.apply()
            if venue.isLiquidating(me) { break }
            let names = venue.openOrders(me).map(\.clientIdentifier.number)
            #expect(names == Array([1, 2, 3, 4].filter { $0 == 2 || names.contains($0) }))
            #expect(names.count >= last - 1 || venue.health(me) < 0 || outcome.closes.count > 1)
            if names.contains(1) { #expect(venue.health(me) >= 0) }
            #expect(!names.contains(4) || names.contains(3))
            #expect(!names.contains(3) || names.contains(1))
            #expect(outcome.closes.allSatisfy { $0.reason == .marginCall })
            last = names.count
        }
        #expect(last < 4)
    }

    /// Attack 4: short of margin, the attacker closes with a friend far off the mark.
    @Test func `a reducing fill that harms an account in bad health is not made`() throws {
        var options = TestGenesis.Options()
        options.priceBand = Ratio(basisPoints: 2_000)
        let venue = try Venue(options)
        let accounts = try venue.openAccounts(3, dollars: 100_000)
        let weak = try venue.openAccounts(1, dollars: 5_000)[0]
        try venue.trade(weak, accounts[0], 1_000, at: 50_000)
        venue.setPrice(49_000)
        try venue.apply()
        #expect(venue.health(weak) < 0 && !venue.isLiquidating(weak))
        // Margin frees 6.5 %, so a fill 10 % below the mark lowers maintenance health.
        try venue.apply(.by(accounts[1], .buy(1_000, at: 44_100)))
        let refused = try venue.apply(
            .by(weak, .sell(1_000, at: 44_100)),
            .by(weak, .sell(1_001, at: 44_100, reduceOnly: true)),
            .by(weak, .sell(1_000, at: 44_100, .fillOrKill, reduceOnly: true)))
        #expect(refused.refusals == [Refusal?](repeating: .insufficientMargin, count: 3))
        let taker = try venue.apply(.by(weak, .sell(1_000, at: 44_100, reduceOnly: true)))
        #expect(taker.closes.map(\.reason) == [.harmfulFill])
        // As a maker it is taken out when somebody comes for it.
        try venue.apply(.by(accounts[1], .cancelAll(nil)))
        try venue.apply(.by(weak, .sell(1_000, at: 44_100, reduceOnly: true)))
        let maker = try venue.apply(.by(accounts[2], .buy(1_000, at: 44_100)))
        #expect(maker.closes.map(\.reason) == [.harmfulFill])
        #expect(venue.position(weak) == 1_000)
        // At the mark it may close.
        try venue.apply(.by(accounts[2], .cancelAll(nil), .buy(1_000, at: 49_000)))
        let fair = try venue.apply(.by(weak, .sell(1_000, at: 49_000, reduceOnly: true)))
        #expect(fair.closes.map(\.reason) == [.filled, .filled])
        #expect(venue.position(weak) == 0)
    }
}
