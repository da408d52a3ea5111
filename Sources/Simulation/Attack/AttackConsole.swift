/// The report of a scenario as text and as JSON.

import Canonical
import Documents

extension AttackReport {
    private static let width = 96
    private static let nameWidth = 36
    private static let valueWidth = 28

    /// The report for a terminal.
    package var text: String {
        var text = "\(scenario.name): \(scenario.title)\n\n"
        text += AttackReport.wrapped(scenario.facts) + "\n"
        text +=
            AttackReport.wrapped(
                "Left: every defence on. Right: \(withoutTitle).") + "\n"
        text +=
            table("Money", moneyRows) + table("Refused", refusalRows)
            + table("Happened", eventRows)
        for (name, run) in [("with every defence", defended), ("without", undefended)]
        where !run.levels.isEmpty {
            text += "Breakers \(name)\n"
            text += levelRows(run).map { "  " + $0.joined(separator: " · ") + "\n" }.joined()
            text += "\n"
        }
        text += "Expected\n"
        for check in checks {
            let entry = check.expectation
            text += "  \(check.isMet ? "✓" : "✗") "
            text += entry.isDefended ? "with     " : "without  "
            text += "\(entry.measure.rawValue) of \(entry.of) is \(entry.text(of: check.value))"
            text +=
                check.isMet
                ? " (\(entry.bounds))\n"
                : ", NOT \(entry.bounds): \(scenario.file): line \(entry.line)\n"
        }
        for (name, run) in [("with", defended), ("without", undefended)] {
            if let failure = run.auditFailure {
                text += "  ✗ \(name): the chain is not sound: \(failure)\n"
            }
        }
        text += "\nEach chain applied \(ReportText.count(defended.blocks)) blocks and "
        text += "\(ReportText.count(undefended.blocks)); their state roots are\n"
        text += "  \(defended.stateRoot)\n  \(undefended.stateRoot)\n"
        return text + (isMet ? "As expected.\n" : "NOT as expected.\n")
    }

    private func table(_ title: String, _ rows: [Row]) -> String {
        guard !rows.isEmpty else { return "" }
        var text = title + "\n"
        for row in rows {
            text += "  " + AttackReport.padded(row.name, to: AttackReport.nameWidth)
            text += row.values.map { value in
                String(repeating: " ", count: max(1, AttackReport.valueWidth - value.count))
                    + value
            }.joined()
            text += "\n"
        }
        return text + "\n"
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func wrapped(_ text: String) -> String {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return (lines + [line]).joined(separator: "\n") + "\n"
    }

    /// The report as JSON, money exact.
    package var json: String {
        JSONWriter.text(
            of: .object([
                ("name", .text(scenario.name)), ("title", .text(scenario.title)),
                ("isMet", .boolean(isMet)), ("with", value(of: defended)),
                ("without", value(of: undefended)),
                ("expectations", .list(checks.map(AttackReport.value))),
            ]))
    }

    private func value(of run: AttackResult) -> JSONValue {
        .object([
            ("defencesOff", .list(run.off.members.map { .text("\($0)") })),
            ("blocks", .integer(Int64(run.blocks))), ("stateRoot", .text(run.stateRoot)),
            ("auditFailure", run.auditFailure.map(JSONValue.text) ?? .null),
            (
                "profits",
                .object(
                    zip(scenario.groups, run.profits).map { (key: $0, value: .micro($1)) })
            ),
            ("refusals", AttackReport.value(of: run.refusals)),
            ("events", AttackReport.value(of: run.events)),
        ])
    }

    private static func value(of counts: [AttackCount]) -> JSONValue {
        .object(counts.map { (key: $0.name, value: .integer(Int64($0.count))) })
    }

    private static func value(_ check: Check) -> JSONValue {
        let entry = check.expectation
        let number = { (value: Int64) -> JSONValue in
            entry.measure.isCount ? .integer(value) : .micro(value)
        }
        return .object([
            ("run", .text(entry.isDefended ? "with" : "without")),
            ("measure", .text(entry.measure.rawValue)), ("of", .text(entry.of)),
            ("value", number(check.value)), ("least", entry.least.map(number) ?? .null),
            ("most", entry.most.map(number) ?? .null), ("isMet", .boolean(check.isMet)),
        ])
    }
}
