/// What the doctor found: a line for each check, and where it is not in order what to do, and why.

import JSON

/// How a check came out.
enum Finding: String, CaseIterable {
    case ok
    /// It works, but not well, or not for long.
    case warning
    /// The node does not start, or does not do what it should.
    case problem
}

/// The checks of one run, in their order.
struct DoctorReport {
    /// One check.
    struct Line: Equatable {
        let finding: Finding
        /// What was looked at.
        let check: DoctorCheck
        /// What was found.
        let text: String
        /// What to do; empty where nothing is to be done, or the text says it.
        let advice: String
    }

    private(set) var lines: [Line] = []

    mutating func ok(_ check: DoctorCheck, _ text: String) { add(.ok, check, text, "") }

    /// - Parameter advice: what to do, as a clause.
    mutating func warn(_ check: DoctorCheck, _ text: String, _ advice: String) {
        add(.warning, check, text, advice)
    }

    /// - Parameter advice: what to do, as a clause; empty where the text says it.
    mutating func blame(_ check: DoctorCheck, _ text: String, _ advice: String) {
        add(.problem, check, text, advice)
    }

    private mutating func add(
        _ finding: Finding, _ check: DoctorCheck, _ text: String, _ advice: String
    ) {
        lines.append(Line(finding: finding, check: check, text: text, advice: advice))
    }

    /// How many checks came out so.
    func count(_ finding: Finding) -> Int { lines.count { $0.finding == finding } }

    /// A line for each check, with why below where it is not in order, and one for all.
    var text: String {
        let first = (Finding.allCases.map(\.rawValue.count).max() ?? 0) + 2
        let second = (lines.map(\.check.rawValue.count).max() ?? 0) + 2
        let body = lines.flatMap { line in
            let lead = line.finding.rawValue.padded(to: first)
            let advice = line.advice.isEmpty ? "" : "; \(line.advice)"
            let what = lead + line.check.rawValue.padded(to: second) + line.text + advice
            return line.finding == .ok
                ? [what] : [what, "".padded(to: first + second) + "why: \(line.check.why)"]
        }
        let problems = count(.problem)
        let warnings = count(.warning)
        let summary =
            problems > 0
            ? "\(problems) of \(lines.count) checks found a problem"
            : "no problem in \(lines.count) checks"
        let more = warnings > 0 ? ", \(warnings) \(warnings == 1 ? "warning" : "warnings")" : ""
        return (body + [summary + more]).joined(separator: "\n") + "\n"
    }

    /// The same for programs.
    var json: JSON.Value {
        .object([
            JSON.Member("problems", .number(JSON.Number(Int64(count(.problem))))),
            JSON.Member("warnings", .number(JSON.Number(Int64(count(.warning))))),
            JSON.Member(
                "checks",
                .array(
                    lines.map { line in
                        .object([
                            JSON.Member("name", .string(line.check.rawValue)),
                            JSON.Member("finding", .string(line.finding.rawValue)),
                            JSON.Member("what", .string(line.text)),
                            JSON.Member("why", .string(line.check.why)),
                            JSON.Member(
                                "do",
                                line.finding == .ok
                                    ? .null
                                    : .string(
                                        line.advice.isEmpty ? line.check.remedy : line.advice)),
                        ])
                    })),
        ])
    }
}
