/// Defences switched on and off: with each there is a harm that the rule stops and that happens
/// without it (`facts/risk.md`, attacks 2, 11 and 15).

import Canonical
import FixedPoint
import Ledger
import Oracle
import Testing

struct DefenceTests {
    /// A pump of a half makes paper profit. With the stable price it backs nothing new; without its
    /// bound it does.
    @Test(arguments: [(Int64(2_000), true), (10_000, false)])
    func `a pumped market backs no new position while the stable price lags`(
        basisPoints: Int64, isDefended: Bool
    ) throws {
        var options = TestGenesis.Options()
        options.stableHourlyMove = Ratio(basisPoints: basisPoints)
        let venue = try Venue(options)
        let accounts = try venue.openAccounts(2, dollars: 50_000)
        let pumper = accounts[0]
        try venue.trade(pumper, accounts[1], 4_000, at: 50_000)
        try venue.deposit(1_000_000, to: accounts[1])
        venue.setPrice(75_000)
        // One step of an hour: the stable price gains a fifth of itself, or all that is missing.
        try venue.apply(milliseconds: 3_600_000)
        let outcome = try venue.apply(.by(pumper, .buy(7_000, at: 75_000)))
        #expect(outcome.refusals == [isDefended ? .insufficientMargin : nil])
    }

    /// A bid far below the market costs nothing in any scenario: without the floor a poor account
    /// fills the book with depth that will never trade.
    @Test(arguments: [(Int64(100), true), (0, false)])
    func `a far order is not free`(basisPoints: Int64, isDefended: Bool) throws {
        var options = TestGenesis.Options()
        options.orderFloor = Ratio(basisPoints: basisPoints)
        let venue = try Venue(options)
        // The gross charge of 0.75 % is there with and without the floor.
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        let outcome = try venue.apply(.by(account, .buy(2_000, at: 30_000)))
        #expect(outcome.refusals == [isDefended ? .insufficientMargin : nil])
    }

    /// No publisher may hold half of the weight: then one stolen key makes the price.
    @Test(arguments: [([UInt32(4), 3, 3], true), ([8, 1, 1], false)])
    func `a publisher with less than half of the weight does not make the index`(
        weights: [UInt32], isDefended: Bool
    ) throws {
        var options = TestGenesis.Options()
        options.publisherWeights = weights
        let venue = try Venue(options)
        try venue.apply()
        let time = venue.time.advanced(by: .seconds(1))
        var bundles = venue.bundles(at: time)
        bundles[0] = venue.bundle(
            by: 0, at: time, prices: [(0, 90_000 * TestGenesis.million)])
        try venue.apply(observations: bundles)
        let index = venue.ledger.feeds[0].index.units / TestGenesis.million
        #expect(isDefended ? index == 50_000 : index == 90_000)
    }
}
