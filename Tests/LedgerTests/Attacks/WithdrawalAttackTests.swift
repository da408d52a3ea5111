/// Attack 8 of `facts/risk.md`: money is asked for while it is free and leaves after the same block
/// has bound or lost it.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct WithdrawalAttackTests {
    @Test(arguments: [true, false])
    func `a withdrawal that its own block has made unsafe does not leave`(
        isDefended: Bool
    ) throws {
        let options = TestGenesis.Options()
        let venue = try Venue(isDefended ? options : options.without(.withdrawalRecheck))
        let accounts = try venue.openAccounts(2, dollars: 200_000)
        let (attacker, friend) = (accounts[0], accounts[1])
        try venue.apply(.by(friend, .sell(20_000, at: 51_000)))
        // $195,000 of $200,000, and in the same block 20 BTC bought 2 % above the mark.
        let outcome = try venue.apply(
            .by(attacker, .withdraw(dollars: 195_000), .buy(20_000, at: 51_000)))
        #expect(outcome.refusals == [nil, nil] && outcome.trades.count == 1)
        let isCancelled = outcome.contains {
            $0 == .withdrawalCancelled(attacker, .dollars(195_000))
        }
        #expect(isCancelled == isDefended)
        // The trade has cost $20,500. With the money gone the friend's profit is others' money.
        #expect(isDefended ? venue.health(attacker) >= 0 : venue.equity(attacker) < 0)
    }
}
