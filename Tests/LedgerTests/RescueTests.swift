/// Own collateral before liquidation: what the terms of both accounts allow comes, and nothing
/// else; and nobody but a master key sets them.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Liquidation
import Risk
import Testing

@Suite struct RescueTests {
    private static let million = TestGenesis.million

    /// A long of 1,000 lots on $5,000 that is below maintenance at $48,100, and another account of
    /// its owner.
    private func scene(
        source dollars: Int64
    ) throws -> (Venue, weak: AccountIdentifier, source: AccountIdentifier) {
        let venue = try Venue()
        let rich = try venue.openAccounts(1, dollars: 1_000_000)[0]
        let weak = try venue.openAccounts(1, dollars: 5_000)[0]
        let source = try venue.openSibling(of: weak, dollars: dollars)
        try venue.trade(weak, rich, 1_000, at: 50_000)
        return (venue, weak, source)
    }

    private func rule(
        from sources: AccountIdentifier..., trigger: Int64 = 12_000, target: Int64 = 15_000,
        dailyMost dollars: Int64 = 100_000
    ) -> RebalancingTerms {
        RebalancingTerms(
            trigger: Ratio(basisPoints: trigger), target: Ratio(basisPoints: target),
            sources: sources, dailyMost: .dollars(dollars))
    }

    private func gives(keeping dollars: Int64 = 0, dailyMost: Int64 = 100_000) -> RescueTerms {
        RescueTerms(
            giving: GivingTerms(keeps: .dollars(dollars), dailyMost: .dollars(dailyMost)))
    }

    private func moves(_ outcome: BlockOutcome) -> [CollateralMove] {
        outcome.events.compactMap { event in
            if case .collateralMoved(let move) = event { move } else { nil }
        }
    }

    @Test(arguments: [true, false])
    func `cash of the owner comes before liquidation, up to the target`(isOn: Bool) throws {
        let (venue, weak, source) = try scene(source: 10_000)
        if isOn {
            let outcome = try venue.apply(
                .by(weak, .setRescue(RescueTerms(rebalancing: rule(from: source)))),
                .by(source, .setRescue(gives(keeping: 2_000))))
            #expect(outcome.refusals == [nil, nil])
        }
        venue.setPrice(48_100)
        let outcome = try venue.apply()
        #expect(venue.isLiquidating(weak) == !isOn)
        guard isOn else {
            #expect(moves(outcome).isEmpty)
            return
        }
        let move = try #require(moves(outcome).first)
        #expect(move.source == source && move.target == weak && moves(outcome).count == 1)
        #expect(move.equity < move.requirement && move.amount == move.missing)
        let margin = venue.ledger.maintenanceMargin(of: weak)
        #expect(margin.equity.units * 10 >= margin.requirement.units * 15)
        #expect(margin.equity == move.equity + move.amount)
        #expect(venue.cash(source) == 10_000 * Self.million - move.amount.units)
        #expect(outcome.contains { $0 == .transferred(from: source, to: weak, move.amount) })
        // Above the trigger nothing more comes.
        #expect(moves(try venue.apply()).isEmpty)
    }

    @Test func `what is committed to a backstop is no source`() throws {
        let venue = try Venue(.backed())
        let rich = try venue.openAccounts(1, dollars: 1_000_000)[0]
        let weak = try venue.openAccounts(1, dollars: 5_000)[0]
        let source = try venue.openSibling(of: weak, dollars: 10_000)
        try venue.trade(weak, rich, 1_000, at: 50_000)
        let outcome = try venue.apply(
            .by(weak, .setRescue(RescueTerms(rebalancing: rule(from: source)))),
            .by(source, .setRescue(gives())), .by(source, .setBackstop(.dollars())))
        #expect(outcome.refusals == [nil, nil, nil])
        venue.setPrice(48_100)
        #expect(moves(try venue.apply()).isEmpty)
        #expect(venue.cash(source) == 10_000 * Self.million)
    }

    @Test func `a source gives only what it does not keep or need`() throws {
        let (venue, weak, source) = try scene(source: 6_000)
        let rich = AccountIdentifier(0)
        // Of $6,000 the position needs $950 of initial margin.
        try venue.trade(source, rich, 200, at: 50_000)
        try venue.apply(
            .by(weak, .setRescue(RescueTerms(rebalancing: rule(from: source)))),
            .by(source, .setRescue(gives(keeping: 4_000))))
        venue.setPrice(48_100)
        let move = try #require(moves(try venue.apply()).first)
        #expect(move.amount < move.missing)
        let left = venue.ledger.withdrawable(source).units
        #expect(left >= 4_000 * Self.million && left <= 4_001 * Self.million)
        #expect(!venue.isLiquidating(source))
    }

    @Test func `a source that did not agree gives nothing`() throws {
        let (venue, weak, source) = try scene(source: 10_000)
        try venue.apply(.by(weak, .setRescue(RescueTerms(rebalancing: rule(from: source)))))
        venue.setPrice(48_100)
        #expect(moves(try venue.apply()).isEmpty)
        #expect(venue.isLiquidating(weak) && venue.cash(source) == 10_000 * Self.million)
    }

    @Test func `no more comes in a day than the terms say`() throws {
        let (venue, weak, source) = try scene(source: 10_000)
        try venue.apply(
            .by(
                weak,
                .setRescue(
                    RescueTerms(
                        rebalancing: rule(
                            from: source, trigger: 14_500, target: 16_000, dailyMost: 500)))),
            .by(source, .setRescue(gives())))
        venue.setPrice(48_500)
        #expect(moves(try venue.apply()).map(\.amount) == [.dollars(500)])
        #expect(moves(try venue.apply()).isEmpty)
        // Midnight is eleven and a half hours away.
        let tomorrow = try venue.apply(milliseconds: 12 * 3_600_000)
        #expect(moves(tomorrow).map(\.amount) == [.dollars(500)])
        #expect(!venue.isLiquidating(weak))
    }

    /// Whoever has stolen the master key of one account can point it at another and lose what
    /// comes: what the other gives in a day is bounded by its own key.
    @Test func `no thief of one account empties another beyond what it gives in a day`() throws {
        let (venue, weak, source) = try scene(source: 100_000)
        let thief = RescueTerms(
            rebalancing: rule(
                from: source, trigger: 20_000, target: 30_000, dailyMost: 100_000_000))
        try venue.apply(
            .by(weak, .setRescue(thief)), .by(source, .setRescue(gives(dailyMost: 1_000))))
        var taken: Int64 = 0
        for dollars in [48_000, 47_500, 47_000, 48_000] as [Int64] {
            venue.setPrice(dollars)
            taken += moves(try venue.apply()).reduce(0) { $0 + $1.amount.units }
        }
        #expect(taken == 1_000 * Self.million)
        #expect(venue.cash(source) == 99_000 * Self.million)
    }

    @Test func `nothing goes back and forth between two that help each other`() throws {
        let (venue, weak, source) = try scene(source: 5_000)
        try venue.trade(source, AccountIdentifier(0), 1_000, at: 50_000)
        var (one, other) = (gives(), gives())
        one.rebalancing = rule(from: source)
        other.rebalancing = rule(from: weak)
        try venue.apply(
            .by(weak, .setRescue(one)), .by(source, .setRescue(other)))
        var count = 0
        for dollars in stride(from: Int64(49_500), through: 48_000, by: -250) {
            venue.setPrice(dollars)
            count += moves(try venue.apply()).count
        }
        #expect(count == 0 && venue.isLiquidating(weak) && venue.isLiquidating(source))
    }

    @Test func `money leaves a guarded account to guarded ones alone`() throws {
        let (venue, weak, source) = try scene(source: 10_000)
        try venue.apply(
            .by(weak, .setRescue(RescueTerms(rebalancing: rule(from: source)))),
            .by(source, .setRescue(gives()), .allowDestination(Bytes32())))
        venue.setPrice(48_100)
        #expect(moves(try venue.apply()).isEmpty)
        #expect(venue.isLiquidating(weak))
    }

    @Test func `nothing comes on an old price`() throws {
        let (venue, weak, source) = try scene(source: 10_000)
        try venue.apply(
            .by(weak, .setRescue(RescueTerms(rebalancing: rule(from: source)))),
            .by(source, .setRescue(gives())))
        venue.isPublishing = false
        for _ in 0..<4 { #expect(moves(try venue.apply(milliseconds: 30_000)).isEmpty) }
        #expect(venue.cash(weak) < 5_000 * Self.million)
    }

    @Test func `terms are refused for each of their fields`() throws {
        let (venue, weak, source) = try scene(source: 10_000)
        let side = try venue.openAccounts(1, dollars: 10, in: TestGenesis.side)[0]
        let stranger = AccountIdentifier(0)
        func refusal(_ terms: RescueTerms?) throws -> Refusal? {
            try venue.answer(weak, .setRescue(terms))
        }
        func refusal(_ rule: RebalancingTerms) throws -> Refusal? {
            try refusal(RescueTerms(rebalancing: rule))
        }
        func hedge(
            level: Int64 = 11_000, share: Int64 = 10_000, band: Int64 = 100, most: Int64 = 1
        ) throws -> Refusal? {
            try refusal(
                RescueTerms(
                    hedge: HedgeTerms(
                        level: Ratio(basisPoints: level), share: Ratio(basisPoints: share),
                        band: Ratio(basisPoints: band), dailyMost: Amount(microunits: most))))
        }
        #expect(try refusal(nil as RescueTerms?) == .noRescueTerms)
        #expect(try refusal(RescueTerms()) == .rescueTermsEmpty)
        #expect(try refusal(rule(from: source, trigger: 10_099)) == .rescueLevelOutOfRange)
        #expect(try refusal(rule(from: source, trigger: 10_100)) == nil)
        #expect(
            try refusal(rule(from: source, trigger: 20_001, target: 30_000))
                == .rescueLevelOutOfRange)
        #expect(try refusal(rule(from: source, trigger: 20_000, target: 30_000)) == nil)
        #expect(
            try refusal(rule(from: source, target: 30_001)) == .rescueLevelOutOfRange)
        #expect(
            try refusal(rule(from: source, trigger: 12_000, target: 12_000))
                == .rescueLevelOutOfRange)
        #expect(try refusal(rule(from: source, dailyMost: 0)) == .rescueAmountOutOfRange)
        #expect(try refusal(gives(keeping: -1)) == .rescueAmountOutOfRange)
        #expect(try refusal(gives(dailyMost: 0)) == .rescueAmountOutOfRange)
        #expect(try refusal(gives()) == nil)
        for wrong in [weak, stranger, side, AccountIdentifier(99)] {
            #expect(try refusal(rule(from: wrong)) == .rescueSourceNotOwn)
        }
        #expect(try refusal(rule(from: source, source)) == .rescueSourceNotOwn)
        #expect(try refusal(rule()) == .rescueSourceNotOwn)
        #expect(try hedge() == nil)
        #expect(try hedge(level: 10_099) == .hedgeTermsOutOfRange)
        #expect(try hedge(level: 20_001) == .hedgeTermsOutOfRange)
        #expect(try hedge(share: 0) == .hedgeTermsOutOfRange)
        #expect(try hedge(share: 10_001) == .hedgeTermsOutOfRange)
        #expect(try hedge(band: 0) == .hedgeTermsOutOfRange)
        #expect(try hedge(band: 501) == .hedgeTermsOutOfRange)
        #expect(try hedge(most: 0) == .hedgeTermsOutOfRange)
        #expect(try refusal(nil as RescueTerms?) == nil)
    }

    /// Whoever has an agent's key can neither open an account's purse nor point at another's.
    @Test func `no agent sets terms, whatever its scope`() throws {
        let (venue, weak, source) = try scene(source: 10_000)
        for (place, scope) in AgentScope.allCases.enumerated() {
            let slot = UInt8(place + 1)
            let grant = AgentGrant(
                key: TestKeys.usable(1 + place), scope: scope,
                expiry: venue.time.advanced(by: .day))
            #expect(try venue.answer(weak, .setAgent(slot, grant)) == nil)
            let outcome = try venue.apply(
                .agent(weak, slot, .setRescue(RescueTerms(rebalancing: rule(from: source)))))
            #expect(outcome.refusals == [.outOfScope])
        }
    }

    @Test func `a machine restored from the leaves goes on the same`() throws {
        let (venue, weak, source) = try scene(source: 10_000)
        try venue.apply(
            .by(weak, .setRescue(RescueTerms(rebalancing: rule(from: source, dailyMost: 700)))),
            .by(source, .setRescue(gives(keeping: 2_000))))
        venue.setPrice(48_500)
        try venue.apply()
        let twin = try venue.restored()
        venue.setPrice(48_300)
        let block = venue.block([])
        let outcome = try venue.apply(block)
        #expect(try twin.apply(block, verifier: TestSignatures()).root == outcome.root)
        #expect(try venue.answer(weak, .setRescue(nil)) == nil)
        #expect(venue.ledger.value(of: .rescue(weak)) == nil)
        #expect(try venue.restored().root == venue.ledger.root)
    }
}
