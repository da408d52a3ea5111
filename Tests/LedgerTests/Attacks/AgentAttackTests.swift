/// Attack 17 of `facts/risk.md`: a key that can only trade drains its account by trading with a
/// friend off the market, or a signed order is kept back until it pays to let it run.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct AgentAttackTests {
    private static let agent: UInt8 = 1

    /// A victim whose agent's key is stolen, the thief, and room in the venue's own band for both.
    private func scene(
        isDefended: Bool
    ) throws -> (Venue, victim: AccountIdentifier, thief: AccountIdentifier) {
        var options = TestGenesis.Options()
        options.priceBand = Ratio(basisPoints: 2_000)
        options.agentOrderLife = AgentLimits.standardOrderLife
        let venue = try Venue(isDefended ? options : options.without(.agentLimits))
        let accounts = try venue.openAccounts(2, dollars: 1_000_000)
        let grant = AgentGrant(
            key: TestKeys.usable(1), scope: .trade,
            expiry: venue.time.advanced(by: .seconds(7 * 86_400)))
        try venue.apply(.by(accounts[0], .setAgent(Self.agent, grant)))
        return (venue, accounts[0], accounts[1])
    }

    @Test(arguments: [true, false])
    func `a stolen agent key does not sell to a friend far below the mark`(
        isDefended: Bool
    ) throws {
        let (venue, victim, thief) = try scene(isDefended: isDefended)
        // 10 BTC at $42,500 where the mark is $50,000.
        let outcome = try venue.apply(
            .by(thief, .buy(10_000, at: 42_500)),
            .agent(victim, Self.agent, .sell(10_000, at: 42_500)))
        #expect(outcome.refusals == [nil, isDefended ? .outsideAgentBand : nil])
        let stolen = venue.equity(thief) - 1_000_000 * TestGenesis.million
        #expect(isDefended ? stolen == 0 : stolen > 70_000 * TestGenesis.million)
    }

    /// Inside the band the thief takes a percent a turn, until the day's loss is used up.
    @Test(arguments: [true, false])
    func `a stolen agent key loses no more in a day than its grant lets it`(
        isDefended: Bool
    ) throws {
        let (venue, victim, thief) = try scene(isDefended: isDefended)
        let before = venue.equity(victim)
        var refused = 0
        for turn in 0..<60 {
            let (bid, ask) = (Int64(49_500), Int64(50_500))
            let order: Command = turn % 2 == 0 ? .sell(1_000, at: bid) : .buy(1_000, at: ask)
            let friend: Command = turn % 2 == 0 ? .buy(1_000, at: bid) : .sell(1_000, at: ask)
            let outcome = try venue.apply(
                .by(thief, .cancelAll(nil), friend), .agent(victim, Self.agent, order))
            if outcome.refusals[2] == .agentLossLimit { refused += 1 }
        }
        let lost = before - venue.equity(victim)
        let limit = AgentLimits.standard.dailyLoss.units
        #expect(isDefended ? lost <= limit && refused > 0 : lost > 2 * limit && refused == 0)
        // What the master does is not the agent's.
        let own = try venue.apply(
            .by(thief, .cancelAll(nil), .buy(1_000, at: 45_000)),
            .by(victim, .sell(1_000, at: 45_000)))
        #expect(own.refusals == [nil, nil, nil])
    }

    /// Whoever holds a signed order back until the market has moved takes the difference.
    @Test(arguments: [true, false])
    func `an order that was signed long ago does not run`(isDefended: Bool) throws {
        let (venue, victim, thief) = try scene(isDefended: isDefended)
        let held = venue.transaction(
            .agent(victim, Self.agent, .buy(1_000, at: 50_000)),
            expiry: venue.time.advanced(by: .hour))
        for price in stride(from: Int64(49_950), through: 49_600, by: -50) {
            venue.setPrice(price)
            try venue.apply(milliseconds: 200_000)
        }
        try venue.apply(.by(thief, .sell(1_000, at: 50_000)))
        var block = venue.block([])
        block.transactions = [held.canonicalBytes]
        #expect(
            venue.ledger.admissionRefusal(of: held, at: block.time)
                == (isDefended ? .orderExpiryTooFar : nil))
        let outcome = try venue.apply(block)
        #expect(outcome.refusals == [isDefended ? .orderExpiryTooFar : nil])
        #expect(outcome.trades.count == (isDefended ? 0 : 1))
    }
}
