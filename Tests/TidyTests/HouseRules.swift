/// Rules over several files: refusal numbers, READMEs, and the help of the Makefile.

enum HouseRules {
    /// Lines of a page.
    static let mostReadmeLines = 80

    /// Refusal numbers that stand twice, over all files named `…Refusal.swift`.
    static func repeatedRefusals(_ files: [SourceFile]) -> [String] {
        var seen: [Int: String] = [:]
        var faults: [String] = []
        for file in files where file.path.hasSuffix("Refusal.swift") {
            for (index, line) in file.codeLines.enumerated() {
                guard let match = line.firstMatch(of: /^\s*case\s+(\w+)\s*=\s*([0-9_]+)/) else {
                    continue
                }
                let number = Int(match.2.filter { $0 != "_" }) ?? -1
                let place = "\(file.path):\(index + 1): \(match.1)"
                if let first = seen[number] {
                    faults.append("\(place) has number \(number), as has \(first)")
                }
                seen[number] = seen[number] ?? place
            }
        }
        return faults
    }

    /// Refusals that no test expects by name.
    static func untestedRefusals(_ refusals: SourceFile, tests: [SourceFile]) -> [String] {
        let words = Set(
            tests.flatMap { file in
                file.codeLines.flatMap { line in
                    line.matches(of: /\.(\w+)/).map { String($0.1) }
                }
            })
        return refusals.codeLines.compactMap { line in
            guard let match = line.firstMatch(of: /^\s*case\s+(\w+)\s*=/) else { return nil }
            return words.contains(String(match.1)) ? nil : "no test expects \(match.1)"
        }
    }

    /// What `docs/attacks.md` says that is not so: rows that are missing, suites and tests that do
    /// not exist, and defences that no row names.
    ///
    /// - Parameters:
    ///   - page: its text.
    ///   - defences: the source that lists them.
    static func untrueAttacks(
        page: String, defences: SourceFile, tests: [SourceFile]
    ) -> [String] {
        let rows = page.split(separator: "\n").compactMap { line -> (Int, Substring)? in
            let cells = line.split(separator: "|")
            guard cells.count == 5, let last = cells.last,
                let number = Int(cells[0].filter { $0 != " " })
            else { return nil }
            return (number, last)
        }
        var faults = (1...18).filter { number in !rows.contains { $0.0 == number } }
            .map { "no row is attack \($0)" }
        for (number, cell) in rows {
            for match in cell.matches(of: /`([^`]+)`/) {
                let name = String(match.1)
                if name.contains(" ") {
                    let isThere = tests.contains { $0.text.contains("func `\(name)`") }
                    if !isThere { faults.append("attack \(number): no test is named '\(name)'") }
                } else if name.hasSuffix("Tests") {
                    let isThere = tests.contains { $0.path.hasSuffix("/\(name).swift") }
                    if !isThere { faults.append("attack \(number): no suite is named \(name)") }
                }
            }
        }
        for line in defences.codeLines {
            guard let match = line.firstMatch(of: /^\s*case\s+(\w+)\s*=/) else { continue }
            if !page.contains("`\(match.1)`") { faults.append("no attack names \(match.1)") }
        }
        return faults
    }

    /// Rooms without a README, or with one longer than a page. `texts` gives a file's text by path.
    static func readmeFaults(_ rooms: [String], text: (String) -> String?) -> [String] {
        rooms.compactMap { room in
            let path = "Sources/\(room)/README.md"
            guard let readme = text(path) else { return "\(path) is missing" }
            let lines = readme.split(separator: "\n", omittingEmptySubsequences: false).count
            return lines > mostReadmeLines
                ? "\(path): \(lines) lines, \(mostReadmeLines) at most" : nil
        }
    }

    /// Targets of a Makefile that do not say what they do.
    static func silentTargets(makefile: String) -> [String] {
        makefile.split(separator: "\n").compactMap { line in
            guard let match = line.firstMatch(of: /^([a-zA-Z][\w-]*)\s*:(?!=)(.*)$/) else {
                return nil
            }
            return match.2.contains(/##\s+\S/) ? nil : "Makefile: \(match.1) has no help"
        }
    }
}
