/// Attack 4 of `facts/risk.md`: orders that reduce are admitted without margin, so an account that
/// is short of it closes with a friend far off the mark, and leaves its debt to the venue.

import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct ReducingAttackTests {
    @Test(arguments: [true, false])
    func `closing with a friend off the mark leaves no debt`(isDefended: Bool) throws {
        var options = TestGenesis.Options()
        options.priceBand = Ratio(basisPoints: 2_000)
        let venue = try Venue(isDefended ? options : options.without(.reduceCheck))
        let accounts = try venue.openAccounts(2, dollars: 100_000)
        let weak = try venue.openAccounts(1, dollars: 5_000)[0]
        try venue.trade(weak, accounts[0], 1_000, at: 50_000)
        venue.setPrice(49_000)
        try venue.apply()
        #expect(venue.health(weak) < 0 && !venue.isLiquidating(weak))
        let friend = accounts[1]
        let before = venue.equity(friend)
        // A tenth below the mark: $4,900, where the account has less than $4,000 left.
        let outcome = try venue.apply(
            .by(friend, .buy(1_000, at: 44_100)),
            .by(weak, .sell(1_000, at: 44_100, .immediateOrCancel, reduceOnly: true)))
        #expect(outcome.refusals == [nil, nil])
        if isDefended {
            #expect(outcome.closes.map(\.reason) == [.harmfulFill])
            #expect(venue.equity(weak) > 0 && venue.equity(friend) == before)
        } else {
            #expect(outcome.trades.count == 1)
            #expect(venue.equity(friend) - before > 4_800 * TestGenesis.million)
            // The friend's profit is more than the account had: the rest is others' money.
            #expect(venue.equity(weak) < -900 * TestGenesis.million)
        }
    }
}
