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
