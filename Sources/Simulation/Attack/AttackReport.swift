/// What came of a scenario: its run with every defence on, its run without those that the historic
/// venue lacked, and each expectation beside what was measured.

package import Canonical
package import Documents

package struct AttackReport: Sendable {
    /// An expectation and what came of it.
    struct Check: Sendable {
        let expectation: AttackExpectation
        let value: Int64

        var isMet: Bool { expectation.isMet(by: value) }
    }

    let scenario: AttackScenario
    let defended: AttackResult
    let undefended: AttackResult
    /// Whether the second run leaves out other defences than the file says; what the file expects
    /// of it is not asked then.
    let isOwnChoice: Bool

    /// Runs a scenario twice.
    ///
    /// - Parameter without: the defences that are off in the second run; nil for the file's.
    /// - Throws: `InputFault` where the engine refuses the genesis of the file.
    package init(
        _ scenario: AttackScenario, without: DefenceSet? = nil
    ) throws(InputFault) {
        self.scenario = scenario
        isOwnChoice = without != nil
        defended = try AttackRun.run(scenario, off: DefenceSet(), withOverrides: false)
        undefended = try AttackRun.run(
            scenario, off: without ?? scenario.without, withOverrides: without == nil)
    }

    /// What is asked of the two runs.
    var checks: [Check] {
        zip(scenario.expectations, zip(defended.values, undefended.values)).compactMap {
            expectation, values in
            if isOwnChoice, !expectation.isDefended { return nil }
            return Check(
                expectation: expectation, value: expectation.isDefended ? values.0 : values.1)
        }
    }

    /// Whether everything came as the file expects, and both chains are sound.
    package var isMet: Bool {
        checks.allSatisfy(\.isMet) && defended.auditFailure == nil
            && undefended.auditFailure == nil
    }

    /// One line: whether it held, and what the first group gained in both runs.
    package var line: String {
        let group = scenario.groups.first ?? ""
        let gains = [defended, undefended].map { ReportText.money($0.profits.first ?? 0) }
        let failed = checks.count { !$0.isMet }
        let verdict = isMet ? "as expected" : "\(failed) of \(checks.count) NOT as expected"
        return "\(scenario.name): \(group) \(gains[0]) with every defence, \(gains[1]) without: "
            + verdict
    }

    // MARK: Rows that text and page share

    /// A name and its value in both runs.
    struct Row {
        let name: String
        let values: [String]
    }

    /// Who gained, and what funds and others paid.
    var moneyRows: [Row] {
        let runs = [defended, undefended]
        var rows = scenario.groups.enumerated().map { place, group in
            Row(name: "\(group) gained", values: runs.map { ReportText.money($0.profits[place]) })
        }
        // A group of one has been said.
        for (place, account) in scenario.accounts.enumerated()
        where scenario.accounts.count(where: { $0.group == account.group }) > 1 {
            rows.append(
                Row(
                    name: "  \(account.name) of \(account.group)",
                    values: runs.map { ReportText.money($0.accountProfits[place]) }))
        }
        for (place, compartment) in scenario.compartments.enumerated() {
            rows.append(
                Row(
                    name: "insurance of \(compartment.name) paid",
                    values: runs.map { ReportText.money($0.insurance[place]) }))
            rows.append(
                Row(
                    name: "bad debt in \(compartment.name)",
                    values: runs.map { ReportText.money($0.badDebt[place]) }))
        }
        return rows
    }

    /// What was refused, by name.
    var refusalRows: [Row] { AttackReport.rows(of: [defended.refusals, undefended.refusals]) }

    /// What happened beside trading as usual, by name.
    var eventRows: [Row] {
        AttackReport.rows(
            of: [defended.events, undefended.events].map { list in
                list.filter { !AttackReport.routine.contains($0.name) }
            })
    }

    /// The timeline of breakers in one of the runs: where, which level, from when to when, and why.
    func levelRows(_ run: AttackResult) -> [[String]] {
        run.levels.map { stretch in
            let seconds = [stretch.start, stretch.end].map { time in
                AttackReport.clock(
                    Int64((time - min(time, scenario.start)) / TimeText.second))
            }
            return [
                stretch.market, stretch.level, "\(seconds[0]) to \(seconds[1])",
                stretch.trigger + (stretch.measure.isEmpty ? "" : ": " + stretch.measure),
            ]
        }
    }

    /// Events of any day.
    private static let routine = [
        "accountOpened", "deposited", "insuranceDeposited", "assetDeposited", "indexChanged",
        "markChanged", "orderAccepted", "orderRested", "orderClosed", "traded",
        "observationRefused", "priceJudged", "feeTierChanged", "orderAmended",
    ]

    private static func rows(of lists: [[AttackCount]]) -> [Row] {
        var names: [String] = []
        for entry in lists.joined() where !names.contains(entry.name) { names.append(entry.name) }
        return names.map { name in
            Row(
                name: name,
                values: lists.map { list in
                    guard let entry = list.first(where: { $0.name == name }) else { return "–" }
                    return "\(ReportText.count(entry.count)) from \(clock(entry.first))"
                })
        }
    }

    /// Seconds after the start, as minutes and seconds.
    static func clock(_ time: Int64) -> String {
        "\(time / 60):\(time % 60 < 10 ? "0" : "")\(time % 60)"
    }

    /// What the second run is called.
    var withoutTitle: String {
        undefended.off.isEmpty
            ? "without: every defence on"
            : "without " + undefended.off.members.map { "\($0)" }.joined(separator: ", ")
    }
}
