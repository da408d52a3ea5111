/// Whole runs on the engine: the same for the same seed, sound at their end, everyone acts, and
/// what stops a cascade is seen to stop it.
import Canonical
import Testing

@testable import Simulation

@Suite struct StressRunTests {
    private func plan(
        _ scenario: StressScenario, seed: UInt64 = 1, off: [Defence] = []
    ) -> StressPlan {
        var plan = StressPlan(.shipped(scenario), seed: seed)
        plan.off = DefenceSet(off)
        return plan
    }

    @Test func `a seed gives the same blocks, and the ledger is sound at their end`() {
        let (first, second) = (
            StressRun.result(of: plan(.october2025)), StressRun.result(of: plan(.october2025))
        )
        #expect(first.stateRoot == second.stateRoot)
        #expect(!first.stateRoot.isEmpty)
        #expect(first.forced == second.forced && first.overshoot == second.overshoot)
        #expect(first.auditFailure == nil)
        #expect(first.liquidations > 20)
        #expect(first.openInterest > StressPlan.interest)
        let fund = first.fundEnd - first.fundStart
        #expect(fund >= -first.insurancePaid)
    }

    @Test func `every kind of trader acts`() {
        var plan = plan(.doubleDip)
        plan.keepsSeries = true
        let result = StressRun.result(of: plan)
        // Providers have something to sell on only where slices were auctioned.
        let passive: [StressRole] = [.holder, .hedger, .short, .provider]
        for role in StressRole.allCases where !passive.contains(role) {
            #expect(result.acts[role, default: 0] > 0, "\(role)")
        }
        // Shorts are frightened by what rises.
        #expect(StressRun.result(of: self.plan(.squeeze)).acts[.short, default: 0] > 0)
        let gaps = (UInt64(1)...3).map { StressRun.result(of: self.plan(.gap, seed: $0)) }
        #expect(gaps.contains { $0.auctioned > 0 && $0.acts[.provider, default: 0] > 0 })
        #expect(result.series.times.count > 100)
        #expect(result.series.depth.min() == StressPlan.thinDepth)
        let forced =
            result.series.closedOnBook.reduce(0, +) + result.series.deleveraged.reduce(0, +)
        #expect(forced <= result.forced && forced > 0)
    }

    @Test func `without the breakers forced sales feed on each other`() {
        let breakers: [Defence] = [.moveBreaker, .liquidationBreaker, .bandedAuction]
        let on = StressRun.result(of: plan(.october2025, seed: 2))
        let off = StressRun.result(of: plan(.october2025, seed: 2, off: breakers))
        #expect(on.overshoot * 2 < off.overshoot)
        #expect(off.closedOnBook > on.closedOnBook)
        #expect(off.auditFailure == nil)
    }

    @Test func `in still prices nobody is liquidated`() {
        let still = StressCourse.recorded(
            name: "still", steps: [Int64](repeating: 1_000_000, count: 200))
        let result = StressRun.result(of: StressPlan(still, seed: 1))
        #expect(result.liquidations == 0 && result.forced == 0)
        #expect(result.overshoot < 2_000)
        #expect(result.cascadeFactor == nil)
    }
}
