/// What the doctor found: a line for each check, and what to do where it is not in order.

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
        /// What was looked at, in a word or two.
        let subject: String
        /// What was found; for anything but `ok` also what to do.
        let text: String
    }

    private(set) var lines: [Line] = []

    mutating func ok(_ subject: String, _ text: String) { add(.ok, subject, text) }

    /// - Parameter advice: what to do, as a clause.
    mutating func warn(_ subject: String, _ text: String, _ advice: String) {
        add(.warning, subject, "\(text); \(advice)")
    }

    /// - Parameter advice: what to do, as a clause; empty where the text says it.
    mutating func blame(_ subject: String, _ text: String, _ advice: String) {
        add(.problem, subject, advice.isEmpty ? text : "\(text); \(advice)")
    }

    private mutating func add(_ finding: Finding, _ subject: String, _ text: String) {
        lines.append(Line(finding: finding, subject: subject, text: text))
    }

    /// How many checks came out so.
    func count(_ finding: Finding) -> Int { lines.count { $0.finding == finding } }

    /// A line for each check, and one for all.
    var text: String {
        let first = (Finding.allCases.map(\.rawValue.count).max() ?? 0) + 2
        let second = (lines.map(\.subject.count).max() ?? 0) + 2
        let body = lines.map { line in
            line.finding.rawValue.padded(to: first) + line.subject.padded(to: second) + line.text
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
}
