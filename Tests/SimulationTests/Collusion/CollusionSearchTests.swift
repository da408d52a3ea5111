/// The search for accounts that gain together: with every defence on a short one ends without a
/// gain, without the caps it finds one, and what it finds is a scenario that anybody can replay.

import Canonical
import Documents
import Testing

@testable import Simulation

private func scenario(_ text: String) throws -> AttackScenario {
    try AttackScenario.read(GenesisFile(path: "plan.json", bytes: Array(text.utf8)))
}

@Suite struct CollusionSearchTests {
    /// The first start is a pump.
    private static let pump = 0

    @Test(arguments: [false, true])
    func `with every defence on three accounts gain nothing`(isThin: Bool) throws {
        let search = CollusionSearch(seed: 1, CollusionTrial(accounts: 3, isThin: isThin))
        let found = try search.found(from: CollusionSearchTests.pump, steps: 5)
        #expect(found.profit <= 0)
        #expect(found.auditFailure == nil)
        #expect(found.badDebt == 0 && found.shared == 0)
        #expect(found.insurance <= CollusionVenue.fundDaily * 1_000_000)
    }

    @Test func `without the caps the same search finds a pump that pays`() throws {
        let trial = CollusionTrial(accounts: 3, off: CollusionTrial.caps)
        let found = try CollusionSearch(seed: 1, trial)
            .found(from: CollusionSearchTests.pump, steps: 15)
        #expect(found.shape == .pump)
        // More than $1,000 after paying for the move.
        #expect(found.profit > 1_000_000_000)
        #expect(found.auditFailure == nil)
    }

    @Test(arguments: CollusionShape.allCases)
    func `a plan of each shape is a scenario, and comes to the same again`(
        shape: CollusionShape
    ) throws {
        var generator = SimulationGenerator(seed: 7, stream: 1)
        let plan = shape.plan(accounts: 3, &generator)
        let search = CollusionSearch(seed: 1, CollusionTrial(accounts: 3))
        let outcome = try search.outcome(of: plan, shape)
        let read = try scenario(search.venue.text(of: plan))
        let replayed = try AttackRun.run(
            read, off: DefenceSet(), withOverrides: false, isSigned: false)
        let place = try #require(read.groups.firstIndex(of: CollusionVenue.group))
        #expect(replayed.profits[place] == outcome.profit)
    }

    @Test func `a start is found again from its seed, and another seed finds another`() throws {
        func found(_ seed: UInt64) throws -> CollusionPlan {
            try CollusionSearch(seed: seed, CollusionTrial(accounts: 2)).found(from: 1, steps: 2)
                .plan
        }
        let first = try found(3)
        #expect(try found(3) == first)
        #expect(try found(4) != first)
    }

    @Test func `a change leaves accounts and stays inside the run`() {
        var generator = SimulationGenerator(seed: 5, stream: 1)
        var plan = CollusionShape.chance.plan(accounts: 5, &generator)
        for _ in 0..<500 {
            plan = CollusionShape.changed(plan, &generator)
            #expect(plan.accounts == 5)
            #expect(plan.deeds.allSatisfy { (0..<CollusionVenue.blocks).contains($0.block) })
            #expect(plan.deeds.allSatisfy { (0..<5).contains($0.account) })
            #expect(plan.pushes.allSatisfy { $0.from < $0.to })
        }
    }
}

@Suite struct CollusionCostTests {
    private let cost = CollusionCost(depth: 240_000, replenishment: 600, blockSeconds: 20)

    private func plan(_ pushes: [CollusionPush]) -> CollusionPlan {
        CollusionPlan(cash: [1, 1], deeds: [], pushes: pushes)
    }

    @Test func `moving the index costs its square, and more the longer it is held`() {
        // 25 · $240,000 · (1 + 60 s / 600 s) · 0.03² = $5,940.
        let held = plan([CollusionPush(from: 10, to: 13, move: 300)])
        #expect(abs(cost.cost(of: held, blocks: 120) - 5_940) < 0.001)
        #expect(cost.cost(of: plan([]), blocks: 120) == 0)
        // To the end of the run, and down: 25 · $240,000 · (1 + 40 / 600) · 0.01² = $640.
        let down = plan([CollusionPush(from: 118, to: 125, move: -100)])
        #expect(abs(cost.cost(of: down, blocks: 120) - 640) < 0.001)
    }

    @Test func `pushes add up, and no farther than a price can go`() {
        let both = plan([
            CollusionPush(from: 2, to: 5, move: -6_000),
            CollusionPush(from: 4, to: 6, move: -6_000),
        ])
        #expect(both.move(in: 1) == 0)
        #expect(both.move(in: 3) == -6_000)
        #expect(both.move(in: 4) == -9_000)
        #expect(both.move(in: 6) == 0)
    }
}
