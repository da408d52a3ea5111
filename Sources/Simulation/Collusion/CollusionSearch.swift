/// The search for accounts that gain together what they should not: it starts from known attacks
/// and from chance, changes a plan step by step, and keeps each change after which they gain more.
/// Every plan runs through the real ledger. Seeded, so that what it finds can be found again.

import Canonical
package import Documents
import FixedPoint

/// What a plan came to, in micro-units.
package struct CollusionOutcome: Sendable {
    package let plan: CollusionPlan
    package let shape: CollusionShape
    /// What the accounts gained together; moving the index is paid from it.
    package let profit: Int64
    /// What the insurance fund paid.
    package let insurance: Int64
    /// What profitable accounts paid for bankrupt ones.
    package let shared: Int64
    /// What nobody could be asked for.
    package let badDebt: Int64
    /// The first thing that was not as it should be at the end; nil if all was.
    package let auditFailure: String?
    /// Whether nothing came of it but what moving the index cost.
    let isIdle: Bool

    /// Whether a search goes on from here rather than from another plan: doing nothing gains
    /// nothing and leads nowhere.
    func isBetter(than other: CollusionOutcome) -> Bool {
        isIdle != other.isIdle ? other.isIdle : profit > other.profit
    }
}

/// A search with some defences off.
package struct CollusionSearch: Sendable {
    /// Changes that a start goes through.
    package static let standardSteps = 60
    /// Plans that are drawn before the best of them is changed.
    private static let draws = 10
    package let venue: CollusionVenue
    private let seed: UInt64
    private let trial: CollusionTrial

    package init(seed: UInt64, _ trial: CollusionTrial) {
        venue = CollusionVenue(isThin: trial.isThin)
        self.seed = seed
        self.trial = trial
    }

    /// Runs a plan.
    ///
    /// - Throws: `InputFault` where a scenario file may not say what the plan does.
    func outcome(
        of plan: CollusionPlan, _ shape: CollusionShape
    ) throws(InputFault) -> CollusionOutcome {
        let scenario = try venue.scenario(of: plan)
        let result = try AttackRun.run(
            scenario, off: DefenceSet(trial.off), withOverrides: false, isSigned: false)
        let place = scenario.groups.firstIndex(of: CollusionVenue.group) ?? 0
        let spent = scenario.accounts.reduce(0) { $0 + $1.spent.units }
        return CollusionOutcome(
            plan: plan, shape: shape, profit: result.profits[place],
            insurance: result.insurance.reduce(0, +), shared: result.shared.reduce(0, +),
            badDebt: result.badDebt.reduce(0, +), auditFailure: result.auditFailure,
            isIdle: result.profits[place] == -spent)
    }

    /// The most gainful plan that one start leads to.
    ///
    /// - Parameter number: of the start; each has chance of its own, so that any can be repeated
    ///   alone.
    /// - Throws: `InputFault` where a scenario file may not say what a plan does.
    package func found(
        from number: Int, steps: Int = CollusionSearch.standardSteps
    ) throws(InputFault) -> CollusionOutcome {
        let accounts = trial.accounts
        var generator = SimulationGenerator(
            seed: seed, stream: UInt64(number) << 8 | UInt64(accounts))
        let shapes = CollusionShape.allCases
        let shape = shapes[number % shapes.count]
        var best = try outcome(of: shape.plan(accounts: accounts, &generator), shape)
        for _ in 1..<CollusionSearch.draws {
            let outcome = try outcome(of: shape.plan(accounts: accounts, &generator), shape)
            if outcome.isBetter(than: best) { best = outcome }
        }
        for _ in 0..<steps {
            let next = CollusionShape.changed(best.plan, &generator)
            guard next != best.plan else { continue }
            let outcome = try outcome(of: next, shape)
            if outcome.isBetter(than: best) { best = outcome }
        }
        return best
    }
}
