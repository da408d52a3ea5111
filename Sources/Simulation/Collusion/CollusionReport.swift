/// A run of the search: for each number of accounts the most that they gained with every defence
/// on, and with each of the defences off that stand between them and a gain.

import Canonical
import Dispatch
package import Documents
import Synchronization

/// What was found for a number of accounts.
package struct CollusionFinding: Sendable {
    package let trial: CollusionTrial
    /// The most gainful first.
    package let outcomes: [CollusionOutcome]

    package var best: CollusionOutcome? { outcomes.first }

    /// The scenario file of the best plan, to be replayed by `rampart-lab attack`.
    package var scenarioText: String? {
        best.map { CollusionVenue(isThin: trial.isThin).text(of: $0.plan) }
    }

    /// The worst that others bore, in micro-units.
    package var mostInsurance: Int64 { outcomes.map(\.insurance).max() ?? 0 }
    package var mostShared: Int64 { outcomes.map(\.shared).max() ?? 0 }
    package var mostBadDebt: Int64 { outcomes.map(\.badDebt).max() ?? 0 }
}

/// A run of the search.
package struct CollusionReport: Sendable {
    /// Starts of a run that names no number, for each trial.
    package static let standardStarts = 24

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
        let trials = CollusionTrial.guarded + (isAblating ? CollusionTrial.ablations : [])
        let count = trials.count * starts
        let results = Mutex<[Result<CollusionOutcome, InputFault>?]>(
            [Result<CollusionOutcome, InputFault>?](repeating: nil, count: count))
        let done = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: count) { place in
            let trial = trials[place / starts]
            let search = CollusionSearch(seed: seed, trial)
            let result = Result<CollusionOutcome, InputFault> { () throws(InputFault) in
                try search.found(from: place % starts, steps: steps)
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
        for (number, trial) in trials.enumerated() {
            var outcomes: [CollusionOutcome] = []
            for result in found[(number * starts)..<((number + 1) * starts)] {
                if let result { outcomes.append(try result.get()) }
            }
            findings.append(
                CollusionFinding(
                    trial: trial, outcomes: outcomes.sorted { $0.profit > $1.profit }))
        }
        self.findings = findings
    }

    /// Where the most was gained with every defence on.
    package var worst: CollusionFinding? {
        findings.filter { $0.trial.isGuarded && $0.best != nil }
            .max { ($0.best?.profit ?? 0) < ($1.best?.profit ?? 0) }
    }

    /// Whether every chain was as it should be at its end.
    package var isSound: Bool {
        findings.allSatisfy { $0.outcomes.allSatisfy { $0.auditFailure == nil } }
    }

    /// The report as text, with a line feed at the end.
    package var text: String {
        var text = "Accounts that act together: the most that they gain, in dollars; seed \(seed), "
        text += "\(starts) starts of \(steps) changes each\n\n"
        text += CollusionReport.row(
            ["accounts", "off", "gain", "from", "insurance", "shared", "bad debt"])
        for finding in findings {
            text += CollusionReport.row([
                "\(finding.trial.accounts)", finding.trial.name,
                finding.best.map { ReportText.money($0.profit) } ?? "–",
                finding.best?.shape.rawValue ?? "–", ReportText.money(finding.mostInsurance),
                ReportText.money(finding.mostShared), ReportText.money(finding.mostBadDebt),
            ])
        }
        text +=
            "\nGain: of the best plan. Insurance, shared, bad debt: the most that any plan that "
            + "was "
        text += "kept cost the fund,\nprofitable accounts, or nobody. The fund may pay "
        text += ReportText.money(CollusionVenue.fundDaily * 1_000_000) + " a day.\n"
        let failures = findings.flatMap(\.outcomes).compactMap(\.auditFailure)
        if let failure = failures.first { text += "\nNOT SOUND: \(failure)\n" }
        return text
    }

    private static func row(_ cells: [String]) -> String {
        let widths = [10, 30, 14, 14, 12, 12, 12]
        let padded = zip(cells, widths).enumerated().map { place, cell in
            let room = String(repeating: " ", count: max(1, cell.1 - cell.0.count))
            return place < 2 || place == 3 ? "  " + cell.0 + room : room + cell.0
        }
        return padded.joined() + "\n"
    }
}
