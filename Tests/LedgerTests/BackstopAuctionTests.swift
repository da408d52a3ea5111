/// Auctions of slices: when they begin, who takes what at which discount, and what becomes of what
/// nobody takes.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Liquidation
import Markets
import Risk
import TestKit
import Testing

@Suite struct BackstopAuctionTests {
    /// A long of 1,000 lots ($50,000) on $5,000 against a rich short, and providers of $100,000.
    private func weakLong(
        _ limits: [BackstopLimits], _ options: TestGenesis.Options = .backed(),
        provided: Int64 = 100_000
    ) throws -> (
        venue: Venue, weak: AccountIdentifier, rich: AccountIdentifier, [AccountIdentifier]
    ) {
        let venue = try Venue(options)
        let rich = try venue.openAccounts(1, dollars: 1_000_000)[0]
        let weak = try venue.openAccounts(1, dollars: 5_000)[0]
        let providers = try venue.openAccounts(limits.count, dollars: provided)
        for (provider, limits) in zip(providers, limits) {
            #expect(try venue.answer(provider, .setBackstop(limits)) == nil)
        }
        try venue.trade(weak, rich, 1_000, at: 50_000)
        return (venue, weak, rich, providers)
    }

    @Test func `below the level a slice goes to who stands ready, for a share of what is left`()
        throws
    {
        let (venue, weak, _, providers) = try weakLong([.dollars()])
        venue.setPrice(46_500)
        let outcome = try venue.apply()
        #expect(outcome.auctioned == [weak] && outcome.deleverages.isEmpty)
        let sale = try #require(outcome.sales.first)
        #expect(outcome.sales.count == 1 && sale.provider == providers[0])
        #expect(sale.discount == Ratio(basisPoints: 1_000))
        // 10 % of the equity for the whole portfolio, so that share of it for the slice.
        #expect(
            sale.payment.units
                == sale.equity.units / 10 * sale.share.units / 1_000_000_000
                || sale.payment.units + 1
                    >= sale.equity.units / 10 * sale.share.units / 1_000_000_000
        )
        #expect(sale.payment <= sale.equity)
        let moved = try #require(outcome.sliceMoves.first)
        #expect(venue.position(providers[0]) == moved.quantity.lots)
        #expect(venue.position(weak) == 1_000 - moved.quantity.lots && venue.position(weak) > 0)
        // What is left stands at the exit level, and no lot more was taken than that needs.
        #expect(!venue.isLiquidating(weak))
        let margin = venue.ledger.maintenanceMargin(of: weak)
        #expect(margin.equity.units * 10 >= margin.requirement.units * 12)
        #expect(margin.equity.units * 1_000 < margin.requirement.units * 1_210)
        #expect(venue.ledger.auctionStart(of: weak) == nil)
        #expect(outcome.insurancePaid == 0)
    }

    @Test func `the worked number of the documentation`() throws {
        let (venue, weak, _, providers) = try weakLong([.dollars()])
        venue.setPrice(46_500)
        let outcome = try venue.apply()
        let sale = try #require(outcome.sales.first)
        var before: Int64 = 0
        for case .backstopAuctionStarted(weak, _, let requirement) in outcome.events {
            before = requirement.units
        }
        let numbers = [
            sale.equity.units, before, sale.share.units, sale.payment.units,
            venue.position(providers[0]), venue.equity(weak),
            venue.ledger.maintenanceMargin(of: weak).requirement.units,
        ]
        #expect(
            numbers == [
                1_475_000_000, 3_022_500_000, 618_479_667, 91_225_750, 619, 1_383_774_250,
                1_151_572_500,
            ])
    }

    @Test func `without the auction it is closed against the other side at once`() throws {
        let (venue, weak, rich, providers) = try weakLong(
            [.dollars()], .backed().without(.backstopAuction))
        venue.setPrice(46_500)
        let outcome = try venue.apply()
        #expect(outcome.auctioned.isEmpty && outcome.sales.isEmpty)
        // The winner loses a position that a provider would have taken.
        #expect(outcome.deleverages.contains { $0.account == weak && $0.counterparty == rich })
        #expect(venue.position(rich) > -1_000 && venue.position(providers[0]) == 0)
    }

    @Test func `a bid waits for its discount, and nobody is closed meanwhile`() throws {
        let (venue, weak, rich, providers) = try weakLong([.dollars(leastDiscount: 50)])
        venue.setPrice(46_500)
        #expect(try venue.apply().auctioned == [weak])
        var sale: SliceSale?
        var seconds: UInt64 = 0
        while sale == nil, seconds < 60 {
            #expect(venue.position(rich) == -1_000)
            let outcome = try venue.apply(milliseconds: 2_000)
            seconds += 2
            #expect(outcome.deleverages.isEmpty)
            sale = outcome.sales.first
        }
        // 10 % + 80 % · t/60 reaches 50 % at 30 s.
        #expect(seconds == 30 && sale?.discount == Ratio(basisPoints: 5_000))
        #expect(venue.position(providers[0]) > 0)
    }

    @Test func `what nobody takes in its time is closed against the other side`() throws {
        let (venue, weak, rich, providers) = try weakLong([.dollars(leastDiscount: 91)])
        venue.setPrice(46_500)
        try venue.apply()
        for _ in 0..<29 {
            #expect(try venue.apply(milliseconds: 2_000).deleverages.isEmpty)
        }
        let outcome = try venue.apply(milliseconds: 2_000)
        #expect(outcome.sales.isEmpty && outcome.deleverages.contains { $0.account == weak })
        #expect(venue.position(providers[0]) == 0 && venue.position(rich) > -1_000)
    }

    @Test func `without equity there is nothing to offer`() throws {
        let (venue, weak, _, _) = try weakLong([.dollars()])
        venue.setPrice(44_500)
        let outcome = try venue.apply()
        #expect(outcome.auctioned.isEmpty && outcome.sales.isEmpty)
        #expect(outcome.deleverages.contains { $0.account == weak })
    }

    @Test func `above the level nothing is auctioned`() throws {
        let (venue, weak, _, _) = try weakLong([.dollars()])
        venue.setPrice(48_100)
        let outcome = try venue.apply()
        #expect(venue.isLiquidating(weak) && outcome.auctioned.isEmpty)
        #expect(outcome.sales.isEmpty && outcome.deleverages.isEmpty)
    }

    @Test func `bids clear at one discount, the one that the last of them asks for`() throws {
        let (venue, weak, _, providers) = try weakLong([
            .dollars(sliceShare: 50, leastDiscount: 20), .dollars(leastDiscount: 22),
        ])
        venue.setPrice(46_500)
        #expect(try venue.apply().sales.isEmpty)
        let outcome = try venue.apply(milliseconds: 10_000)
        #expect(outcome.sales.map(\.provider) == providers)
        #expect(outcome.sales.allSatisfy { $0.discount == Ratio(basisPoints: 2_200) })
        // Half each, to a lot.
        #expect(abs(venue.position(providers[0]) - venue.position(providers[1])) <= 1)
        #expect(!venue.isLiquidating(weak))
    }

    @Test func `those who ask for the same take turns`() throws {
        var first: Set<UInt32> = []
        for blocks in 0..<2 {
            let (venue, _, _, _) = try weakLong([.dollars(), .dollars()])
            try venue.wait(blocks: blocks)
            venue.setPrice(46_500)
            let sale = try #require(try venue.apply().sales.first)
            first.insert(sale.provider.number)
        }
        #expect(first.count == 2)
    }

    @Test func `a provider takes no more than its margin backs`() throws {
        let (venue, weak, _, providers) = try weakLong(
            [.dollars(marginLeft: 500)], provided: 1_200)
        venue.setPrice(46_500)
        let outcome = try venue.apply()
        let taken = venue.position(providers[0])
        #expect(taken > 0 && outcome.sales.count == 1)
        #expect(venue.health(providers[0]) >= 500 * TestGenesis.million)
        // One more step of the search would have left less than it asked to keep.
        #expect(venue.health(providers[0]) < 640 * TestGenesis.million)
        #expect(venue.isLiquidating(weak) && venue.ledger.auctionStart(of: weak) != nil)
        #expect(try venue.restored().root == venue.ledger.root)
    }

    @Test func `a provider without margin has a bid that buys nothing`() throws {
        let (venue, weak, _, providers) = try weakLong(
            [.dollars(marginLeft: 100_000)], provided: 100_000)
        venue.setPrice(46_500)
        let outcome = try venue.apply()
        #expect(outcome.sales.isEmpty && venue.position(providers[0]) == 0)
        #expect(venue.isLiquidating(weak))
    }

    @Test func `a provider takes no more than its notional, and no market that it does not name`()
        throws
    {
        let small = try weakLong([.dollars(9_300)])
        small.venue.setPrice(46_500)
        try small.venue.apply()
        // 200 lots at $46.50 are $9,300.
        let taken = small.venue.position(small.3[0])
        #expect(taken > 190 && taken <= 200)
        let other = try weakLong([.dollars(underlyings: [1])])
        other.venue.setPrice(46_500)
        let outcome = try other.venue.apply()
        #expect(outcome.auctioned.isEmpty && outcome.sales.isEmpty)
        #expect(!outcome.deleverages.isEmpty)
    }

    @Test func `a slice is the same share of every position`() throws {
        let venue = try Venue(.backed())
        let rich = try venue.openAccounts(1, dollars: 1_000_000)[0]
        let weak = try venue.openAccounts(1, dollars: 9_000)[0]
        let provider = try venue.openAccounts(1, dollars: 1_000_000)[0]
        try venue.apply(.by(provider, .setBackstop(.dollars(sliceShare: 25))))
        try venue.trade(weak, rich, 1_000, at: 50_000)
        try venue.apply(
            .by(weak, .sell(400, at: 25_000, in: TestGenesis.ether)),
            .by(rich, .buy(400, at: 25_000, in: TestGenesis.ether)))
        #expect(venue.position(weak, TestGenesis.ether) == -400)
        venue.setPrice(43_700)
        var moves: [SliceMove] = []
        for _ in 0..<10 where moves.isEmpty {
            moves = try venue.apply().sliceMoves
            venue.setPrice(venue.prices[0] / TestGenesis.million - 200)
        }
        #expect(moves.map(\.instrument) == [TestGenesis.bitcoin, TestGenesis.ether])
        let lots = moves.map(\.quantity.lots)
        // Long and short, each rounded up to a lot.
        #expect(lots[0] > 0 && lots[1] < 0 && abs(lots[0] * 400 + lots[1] * 1_000) <= 1_000)
        #expect(venue.position(provider) == lots[0])
        #expect(venue.position(provider, TestGenesis.ether) == lots[1])
    }

    @Test func `futures and options are part of a slice, spot is not`() throws {
        var options = TestGenesis.Options.backed()
        options.isDated = true
        let venue = try Venue(options)
        let rich = try venue.openAccounts(1, dollars: 1_000_000)[0]
        let weak = try venue.openAccounts(1, dollars: 9_000)[0]
        let provider = try venue.openAccounts(1, dollars: 1_000_000)[0]
        try venue.apply(.by(provider, .setBackstop(.dollars(sliceShare: 50))))
        try venue.apply(
            .custodian(
                .depositAsset(
                    TestGenesis.spot, Quantity(lots: 4), to: weak, reference: Bytes32())))
        try venue.trade(weak, rich, 600, at: 50_000)
        try venue.trade(weak, rich, 400, at: 50_000, in: TestGenesis.future)
        try venue.trade(rich, weak, 40, at: 50, in: TestGenesis.call)
        let held = venue.position(weak, TestGenesis.call)
        var moves: [SliceMove] = []
        var dollars: Int64 = 43_800
        while moves.isEmpty, dollars > 40_000 {
            venue.setPrice(dollars)
            moves = try venue.apply().sliceMoves
            dollars -= 200
        }
        let instruments = Set(moves.map { $0.instrument.number })
        #expect(instruments.contains(TestGenesis.bitcoin.number))
        #expect(instruments.contains(TestGenesis.future.number))
        #expect(held == 0 || instruments.contains(TestGenesis.call.number))
        #expect(!instruments.contains(TestGenesis.spot.number))
        #expect(venue.position(weak, TestGenesis.spot) <= 4)
        #expect(try venue.restored().root == venue.ledger.root)
    }

    @Test(arguments: 0..<12)
    func `whatever the positions, no slice takes more than the equity or lowers anybody's margin`(
        _ seed: UInt64
    ) throws {
        var random = SeededGenerator(seed: 90_000 + seed)
        let venue = try Venue(.backed())
        let rich = try venue.openAccounts(1, dollars: 10_000_000)[0]
        let weak = try venue.openAccounts(3, dollars: 5_000)
        let providers = try venue.openAccounts(
            3, dollars: .random(in: 2_000...80_000, using: &random))
        for provider in providers {
            let limits = BackstopLimits.dollars(
                .random(in: 1_000...200_000, using: &random),
                sliceShare: .random(in: 1...100, using: &random),
                leastDiscount: .random(in: 0...90, using: &random),
                marginLeft: .random(in: 0...1_000, using: &random))
            try venue.apply(.by(provider, .setBackstop(limits)))
        }
        for account in weak {
            let lots = Int64.random(in: 1...1_000, using: &random)
            try venue.trade(account, rich, lots, at: 50_000)
            let ether = Int64.random(in: 1...200, using: &random)
            try venue.apply(
                .by(rich, .buy(ether, at: 25_000, in: TestGenesis.ether)),
                .by(account, .sell(ether, at: 25_000, in: TestGenesis.ether)))
        }
        var dollars: Int64 = 50_000
        for _ in 0..<30 {
            dollars -= .random(in: -300...600, using: &random)
            venue.setPrice(dollars)
            let before = providers.map { venue.position($0) }
            let outcome = try venue.apply(milliseconds: .random(in: 1_000...4_000, using: &random))
            for sale in outcome.sales {
                #expect(sale.payment <= sale.equity && !sale.payment.isNegative)
                #expect(venue.health(sale.provider) >= 0, "seed \(seed)")
                #expect(!venue.isLiquidating(sale.provider))
            }
            if outcome.sales.isEmpty, outcome.deleverages.isEmpty {
                #expect(providers.map { venue.position($0) } == before)
            }
        }
        #expect(try venue.restored().root == venue.ledger.root)
    }
}
