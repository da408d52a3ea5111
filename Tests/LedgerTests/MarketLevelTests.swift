/// What trips the breakers of a market, what its level does to orders, and the way back. Each
/// trigger on both sides of its threshold, and with its defence off.

import Accounts
import Breakers
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct MarketLevelTests {
    @Test(arguments: [
        (Int64(53_999), true, false), (54_000, true, true), (46_000, true, true),
        (46_001, true, false), (54_000, false, false),
    ])
    func `a move of eight hundredths in a minute sends the market into auctions`(
        dollars: Int64, isOn: Bool, isTripped: Bool
    ) throws {
        let venue = try Venue(
            .watched { if !isOn { $0.off.insert(.moveBreaker) } })
        try venue.wait(blocks: 2)
        venue.setPrice(dollars)
        let outcome = try venue.apply()
        #expect(venue.level == (isTripped ? .auctionOnly : .normal))
        #expect(venue.ledger.phases[0].isAuction == isTripped)
        // The compartment beside it lists the same index; another underlying is not concerned.
        #expect(venue.ledger.phases[2].isAuction == isTripped)
        #expect(venue.ledger.phases[1] == .continuous)
        guard isTripped else { return #expect(outcome.certificates.isEmpty) }
        let certificate = try #require(outcome.certificates.first)
        #expect(certificate.scope == .underlying(UnderlyingIdentifier(0)))
        #expect(certificate.trigger == .minuteMove && certificate.change == .tripped)
        #expect(certificate.measured == 80_000_000 && certificate.threshold == 80_000_000)
        #expect(certificate.from == .normal && certificate.to == .auctionOnly)
        #expect(certificate.until == venue.time.advanced(by: .seconds(900)))
        for key in certificate.evidence { #expect(venue.ledger.value(of: key) != nil) }
    }

    @Test func `it goes on trading when the move has been clear for the cooling time`() throws {
        let venue = try Venue(.watched())
        try venue.wait(blocks: 2)
        venue.setPrice(54_000)
        try venue.apply()
        var seconds = 0
        while venue.level == .auctionOnly, seconds < 1_000 {
            try venue.apply(milliseconds: 10_000)
            seconds += 10
        }
        // A minute, or a bucket more, until the window is calm, and then five.
        #expect((360...380).contains(seconds))
        try venue.wait(blocks: 2, seconds: 10)
        #expect(venue.ledger.phases[0] == .continuous)
        #expect(venue.ledger.leaves().contains { $0.key == .breaker(.underlying(.init(0))) })
    }

    @Test(arguments: [true, false])
    func `sources that lie apart hold the market, and one liar does not`(isOn: Bool) throws {
        let venue = try Venue(
            .watched { if !isOn { $0.off.insert(.divergenceBreaker) } })
        try venue.publish([50_000, 50_000, 50_000])
        try venue.publish([50_000, 50_000, 90_000])
        #expect(venue.level == .normal)
        try venue.publish([50_000, 50_990, 49_010])
        #expect(venue.level == .normal)
        try venue.publish([50_000, 51_000, 49_000])
        #expect(venue.level == (isOn ? .auctionOnly : .normal))
    }

    @Test(arguments: [true, false])
    func `an index that ages lets orders reduce, and then none at all`(isOn: Bool) throws {
        let venue = try Venue(
            .watched { if !isOn { $0.off.insert(.quorumBreaker) } })
        let accounts = try venue.openAccounts(2, dollars: 1_000_000)
        try venue.trade(accounts[0], accounts[1], 10, at: 50_000)
        venue.isPublishing = false
        try venue.apply(milliseconds: 15_000)
        #expect(venue.level == .normal)
        try venue.apply(milliseconds: 1)
        #expect(venue.level == (isOn ? .reduceOnly : .normal))
        try venue.apply(milliseconds: 44_999)
        #expect(venue.level == (isOn ? .reduceOnly : .normal))
        try venue.apply(milliseconds: 1)
        #expect(venue.level == (isOn ? .halted : .normal))
        #expect((venue.ledger.phases[0] == .halted) == isOn)
        guard isOn else { return }
        #expect(
            try venue.answer(accounts[0], .sell(1, at: 50_000, reduceOnly: true)) == .marketHalted)
        // Back with a fresh quorum for its own cooling time, and through an auction of a minute.
        venue.isPublishing = true
        try venue.wait(blocks: 16)
        #expect(venue.level == .normal)
        #expect(venue.ledger.phases[0].isAuction)
        try venue.wait(blocks: 61)
        #expect(venue.ledger.phases[0] == .continuous)
    }

    @Test(arguments: [(Int64(48_090), true, false), (48_050, true, true), (48_050, false, false)])
    func `a book that the index has left behind is held after half a minute`(
        dollars: Int64, isOn: Bool, isTripped: Bool
    ) throws {
        let venue = try Venue(
            .watched { if !isOn { $0.off.insert(.divergenceBreaker) } })
        let account = try venue.openAccounts(1, dollars: 1_000_000)[0]
        try venue.place(account, .buy(10, at: 50_000))
        venue.setPrice(dollars)
        try venue.wait(blocks: 30)
        #expect(venue.level == .normal)
        try venue.apply()
        #expect(venue.level == (isTripped ? .auctionOnly : .normal))
    }

    @Test(arguments: [(4, true, true), (3, true, false), (4, false, false)])
    func `liquidations of many accounts hold the market, and of few do not`(
        count: Int, isOn: Bool, isTripped: Bool
    ) throws {
        let venue = try Venue(
            .watched {
                $0.breakers[0].liquidationFloor = .dollars(40_000)
                if !isOn { $0.off.insert(.liquidationBreaker) }
            })
        let accounts = try venue.openAccounts(count, dollars: 10_000)
        let other = try venue.openAccounts(1, dollars: 10_000_000)[0]
        for account in accounts { try venue.trade(account, other, 2_000, at: 50_000) }
        venue.setPrice(47_500)
        try venue.apply()
        for account in accounts { #expect(venue.isLiquidating(account)) }
        try venue.apply()
        #expect(venue.level == (isTripped ? .auctionOnly : .normal))
    }

    @Test(arguments: [true, false])
    func `a fund that empties holds all markets of its compartment`(isOn: Bool) throws {
        var options = TestGenesis.Options()
        options.safeguards.vaults = .standard
        options.safeguards.vaults?.drawdownFloor = .dollars(100)
        if !isOn { options.safeguards.off.insert(.liquidationBreaker) }
        let venue = try Venue(options)
        let accounts = try venue.openAccounts(1, dollars: 10_000)
        let other = try venue.openAccounts(1, dollars: 10_000_000)[0]
        try venue.apply(
            .custodian(.depositInsurance(.dollars(1_000), to: TestGenesis.main)))
        try venue.trade(accounts[0], other, 2_000, at: 50_000)
        venue.setPrice(44_000)
        let outcome = try venue.apply()
        #expect(outcome.contains { if case .insurancePaid = $0 { true } else { false } })
        try venue.apply()
        #expect(venue.level == (isOn ? .reduceOnly : .normal))
        #expect(venue.ledger.level(of: TestGenesis.ether) == venue.level)
        #expect(venue.ledger.level(of: TestGenesis.sideBitcoin) == .normal)
    }

    @Test func `in reduce-only who reduces finds a committed maker, at a price near the mark`()
        throws
    {
        let venue = try Venue(.watched())
        let accounts = try venue.openAccounts(4, dollars: 100_000)
        let (holder, maker, poor) = (accounts[0], accounts[1], accounts[2])
        try venue.trade(holder, accounts[3], 100, at: 50_000)
        try venue.apply(.operator(.setMaker(true, of: maker), .setMaker(true, of: poor)))
        try venue.apply(.guardian(.raise(.reduceOnly)))
        #expect(try venue.answer(accounts[3], .sell(1, at: 50_000)) == .reduceOnlyMarket)
        #expect(
            try venue.answer(accounts[3], .quote(1, at: 49_900, 1, at: 50_100)) == .reduceOnlyMarket
        )
        #expect(try venue.answer(holder, .buy(1, at: 50_000, reduceOnly: true)) == .notReducing)
        // Nine hundredths of six hundred thousand dollars are there once, and not twice.
        #expect(try venue.answer(poor, .buy(12_000, at: 50_000)) == .insufficientMargin)
        #expect(try venue.answer(poor, .buy(1_000, at: 49_400)) == nil)
        #expect(try venue.answer(maker, .buy(100, at: 49_700)) == nil)
        #expect(try venue.answer(holder, .sell(50, at: 49_200, reduceOnly: true)) == nil)
        var trades: [Trade] = []
        for _ in 0..<12 { trades += try venue.apply().auctionTrades }
        #expect(trades.map(\.maker) == [maker])
        #expect(trades.map(\.price) == [.dollars(49_700)])
        #expect(venue.ledger.phases[0].isAuction && venue.level == .reduceOnly)
    }

    /// Attack 6: the only bid stands far off, and its owner waits for those who must reduce.
    @Test(arguments: [true, false])
    func `nobody is alone with those who must reduce`(isOn: Bool) throws {
        let venue = try Venue(
            .watched { if !isOn { $0.off.insert(.bandedAuction) } })
        let accounts = try venue.openAccounts(3, dollars: 1_000_000)
        try venue.trade(accounts[0], accounts[2], 100, at: 50_000)
        try venue.place(accounts[1], .buy(100, at: 49_000))
        try venue.apply(.guardian(.raise(.reduceOnly)))
        let sell = try venue.apply(
            .by(accounts[0], .sell(100, at: 49_000, reduceOnly: true)))
        var trades = sell.trades
        for _ in 0..<12 { trades += try venue.apply().auctionTrades }
        #expect(trades.map(\.price) == (isOn ? [] : [.dollars(49_000)]))
        // And without them no maker can help.
        try venue.apply(.operator(.setMaker(true, of: accounts[1])))
        #expect(
            try venue.answer(accounts[1], .buy(1, at: 49_900)) == (isOn ? nil : .reduceOnlyMarket))
    }

    @Test func `cancels and money that comes in pass at every level`() throws {
        let venue = try Venue(.watched { $0.vaults = .standard })
        let accounts = try venue.openAccounts(2, dollars: 100_000)
        var orders: [OrderIdentifier] = []
        for _ in 0..<8 { orders.append(try venue.place(accounts[0], .buy(1, at: 49_500))) }
        let levels = MarketLevel.allCases
        for level in levels {
            if level > .normal { try venue.apply(.guardian(.raise(level))) }
            let outcome = try venue.apply(
                .by(
                    accounts[0], .cancel(orders.removeLast()), .cancelQuotes(nil),
                    .amend(orders.removeLast(), to: 49_000, 1)),
                .by(accounts[1], .transfer(.dollars(1), to: accounts[0])),
                .custodian(.deposit(.dollars(1), to: accounts[0], reference: Bytes32())))
            #expect(outcome.refusals == [nil, nil, nil, nil, nil], "\(level)")
        }
    }

    @Test func `restored in the middle of it a machine goes on the same`() throws {
        let chance = try RandomVenue(seed: 66, Weather(), .stopper, options: .guarded())
        for _ in 0..<30 { try chance.step() }
        let ledger = chance.venue.ledger
        let restored = try Ledger(
            genesis: ledger.genesis, leaves: ledger.leaves().reversed(), root: ledger.root)
        #expect(restored.auditFailure() == nil)
        for _ in 0..<30 {
            let outcome = try chance.step()
            let block = try #require(chance.venue.blocks.last)
            let again = try restored.apply(block, verifier: TestSignatures())
            try #require(again.root == outcome.root)
        }
    }
}
