/// A run of the search: for each number of accounts the most that they gained with every defence on,
/// and with each of the defences off that stand between them and a gain.

package import Canonical
import Dispatch
package import Documents
import Synchronization

/// What was found for a number of accounts.
package struct CollusionFinding: Sendable {
    package let accounts: Int
    /// The defence that was off; nil is none.
    package let off: Defence?
    /// The most gainful first.
    package let outcomes: [CollusionOutcome]

    package var best: CollusionOutcome? { outcomes.first }

    /// The worst that others bore, in micro-units.
    package var mostInsurance: Int64 { outcomes.map(\.insurance).max() ?? 0 }
    package var mostShared: Int64 { outcomes.map(\.shared).max() ?? 0 }
    package var mostBadDebt: Int64 { outcomes.map(\.badDebt).max() ?? 0 }
}

/// A run of the search.
package struct CollusionReport: Sendable {
    package static let accounts = 2...5
    /// Starts of a run that names no number, for each number of accounts.
    package static let standardStarts = 80
    /// The defences that are switched off one by one.
    package static let ablated: [Defence] = [
        .interestCap, .ownerShare, .marginRamp, .stablePrice, .profitHold, .orderFloor, .fundCap,
        .reduceCheck, .priceBand, .indexClamp, .restingDepth, .moveBreaker, .closingBand,
        .exitLevel, .discountCap, .fairDeleveraging,
    ]

    package let findings: [CollusionFinding]
    let seed: UInt64
    let starts: Int
    let steps: Int

    /// Searches, on all cores.
    ///
    /// - Parameters:
    ///   - isAblating: whether each defence is switched off too, with three accounts.
    ///   - progress: told after each start what is done and of how many.
    /// - Throws: `InputFault` where a scenario file may not say what a plan does.
    package init(
        starts: Int = CollusionReport.standardStarts,
        steps: Int = CollusionSearch.standardSteps, seed: UInt64, isAblating: Bool,
        progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws(InputFault) {
        self.seed = seed
        self.starts = starts
        self.steps = steps
        var tasks: [(accounts: Int, off: Defence?)] = CollusionReport.accounts.map { ($0, nil) }
        if isAblating { tasks += CollusionReport.ablated.map { (3, $0) } }
        let count = tasks.count * starts
        let results = Mutex<[Result<CollusionOutcome, InputFault>?]>(
            [Result<CollusionOutcome, InputFault>?](repeating: nil, count: count))
        let done = Mutex(0)
        let work = tasks
        DispatchQueue.concurrentPerform(iterations: count) { place in
            let task = work[place / starts]
            let search = CollusionSearch(
                seed: seed, off: DefenceSet(task.off.map { [$0] } ?? []))
            let result = Result<CollusionOutcome, InputFault> { () throws(InputFault) in
                try search.found(accounts: task.accounts, from: place % starts, steps: steps)
            }
            results.withLock { $0[place] = result }
            let finished = done.withLock { done in
                done += 1
                return done
            }
            progress(finished, count)
        }
        let found = results.withLock { $0 }
        var findings: [CollusionFinding] = []
        for (number, task) in tasks.enumerated() {
            var outcomes: [CollusionOutcome] = []
            for result in found[(number * starts)..<((number + 1) * starts)] {
                if let result { outcomes.append(try result.get()) }
            }
            findings.append(
                CollusionFinding(
                    accounts: task.accounts, off: task.off,
                    outcomes: outcomes.sorted { $0.profit > $1.profit }))
        }
        self.findings = findings
    }

    /// The most gainful plan with every defence on.
    package var best: CollusionOutcome? {
        findings.filter { $0.off == nil }.compactMap(\.best).max { $0.profit < $1.profit }
    }

    /// Whether every chain was as it should be at its end.
    package var isSound: Bool {
        findings.allSatisfy { $0.outcomes.allSatisfy { $0.auditFailure == nil } }
    }

    /// The scenario file of a plan, to be replayed by `rampart-lab attack`.
    package static func scenarioText(of plan: CollusionPlan) -> String {
        CollusionVenue().text(of: plan)
    }

    /// The report as text, with a line feed at the end.
    package var text: String {
        var text = "Accounts that act together: the most that they gain, in dollars; seed \(seed), "
        text += "\(starts) starts of \(steps) changes each\n\n"
        text += CollusionReport.row(
            ["accounts", "off", "gain", "from", "insurance", "shared", "bad debt"])
        for finding in findings {
            text += CollusionReport.row([
                "\(finding.accounts)", finding.off.map { "\($0)" } ?? "–",
                finding.best.map { ReportText.money($0.profit) } ?? "–",
                finding.best?.shape.rawValue ?? "–", ReportText.money(finding.mostInsurance),
                ReportText.money(finding.mostShared), ReportText.money(finding.mostBadDebt),
            ])
        }
        text +=
            "\nGain: of the best plan. Insurance, shared, bad debt: the most that any plan that was "
        text += "kept cost the fund,\nprofitable accounts, or nobody.\n"
        let failures = findings.flatMap(\.outcomes).compactMap(\.auditFailure)
        if let failure = failures.first { text += "\nNOT SOUND: \(failure)\n" }
        return text
    }

    private static func row(_ cells: [String]) -> String {
        let widths = [10, 18, 16, 14, 14, 14, 14]
        let padded = zip(cells, widths).enumerated().map { place, cell in
            let room = String(repeating: " ", count: max(1, cell.1 - cell.0.count))
            return place < 2 || place == 3 ? "  " + cell.0 + room : room + cell.0
        }
        return padded.joined() + "\n"
    }
}
