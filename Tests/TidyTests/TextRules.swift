/// Rules over the text of one file. Each is a pure function from a file to the places where it is
/// broken; `TextRuleTests` shows each of them broken.

/// The rules of STYLE that a machine can check.
enum TextRules {
    static let mostLines = 500
    static let wantedLines = 250
    static let mostFunctionLines = 60
    static let mostColumns = 100

    /// What a deterministic room must not contain: a pattern over code, and what it is.
    private static var undetermined: [(pattern: Regex<Substring>, what: String)] {
        [
            (/\bDictionary\b/, "Dictionary"), (/\bSet[<(]/, "Set"),
            (/\[\s*[A-Z][\w.]*\s*:\s*[A-Z\[(]/, "a dictionary type"), (/\[\s*:\s*\]/, "[:]"),
            (/\bDouble\b/, "Double"), (/\bFloat(?:16|32|64|80)?\b/, "Float"),
            (/\bDate\b/, "Date"), (/\bUUID\b/, "UUID"), (/\bTask\b/, "Task"),
            (/\basync\b/, "async"), (/\bawait\b/, "await"), (/\bactor\b/, "actor"),
            (/\bany\s/, "any"), (/\bprint\(/, "print"), (/\bHasher\b/, "Hasher"),
            (/\bthrows\b(?!\()/, "untyped throws"), (/@unchecked\b/, "@unchecked"),
            (/\bSystemRandomNumberGenerator\b|\.random\(/, "chance"),
            (/\b(?:ContinuousClock|SuspendingClock)\b/, "a clock"),
        ]
    }

    /// What no source outside tests may contain.
    private static var careless: [(pattern: Regex<Substring>, what: String)] {
        [
            (/\btry!/, "try!"), (/\bas!/, "as!"), (/\bfatalError\(/, "fatalError"),
            (/[\w)\]>]!(?!=)/, "a forced unwrap"),
        ]
    }

    /// Rules 1 to 3: what differs between two runs or two machines.
    static func undeterminedThings(in file: SourceFile) -> [String] {
        places(undetermined, in: file)
    }

    /// Rule 8: what hides an error.
    static func carelessThings(in file: SourceFile) -> [String] {
        // `try!` and `as!` end in what also looks like a forced unwrap; one report is enough.
        places(careless, in: file)
    }

    private static func places(
        _ patterns: [(pattern: Regex<Substring>, what: String)], in file: SourceFile
    ) -> [String] {
        file.codeLines.enumerated().flatMap { index, line in
            patterns.filter { line.contains($0.pattern) }
                .map { "\(file.path):\(index + 1): \($0.what)" }
        }
    }

    /// Rule 11: files of 500 lines at most.
    static func overlongFile(_ file: SourceFile) -> [String] {
        let count = lineCount(file)
        return count > mostLines ? ["\(file.path): \(count) lines, \(mostLines) at most"] : []
    }

    static func lineCount(_ file: SourceFile) -> Int {
        file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
    }

    /// Rule 16: lines of 100 columns at most.
    static func overlongLines(in file: SourceFile) -> [String] {
        file.lines.enumerated().compactMap { index, line in
            line.count > mostColumns
                ? "\(file.path):\(index + 1): \(line.count) columns, \(mostColumns) at most" : nil
        }
    }

    /// Rule 14: nothing left for later.
    static func leftovers(in file: SourceFile) -> [String] {
        // Spelt apart so that this file does not break its own rule.
        let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
        return file.lines.enumerated().flatMap { index, line in
            words.filter { line.contains($0) }.map { "\(file.path):\(index + 1): \($0)" }
        }
    }

    /// Rule 14: a file opens with a paragraph of comment, whole sentences long.
    static func missingOpening(of file: SourceFile) -> [String] {
        let lines = file.lines.drop { $0.hasPrefix("// swift-tools-version") }
        let opening = lines.prefix { $0.hasPrefix("//") }.joined(separator: " ")
        return opening.count >= 20 && opening.contains(".")
            ? [] : ["\(file.path): does not open with a paragraph that says what it is"]
    }

    /// Rule 11: functions of 60 lines at most.
    static func overlongFunctions(in file: SourceFile) -> [String] {
        let lines = file.codeLines
        let declaration =
            /(?:^|\s)(?:func\s+[^\s(<]+|init[?]?\s*[(<]|deinit\b|subscript\s*[(<])/
        return lines.indices.compactMap { first in
            guard lines[first].contains(declaration) else { return nil }
            guard let last = end(ofBlockFrom: first, in: lines) else { return nil }
            let count = last - first + 1
            return count > mostFunctionLines
                ? "\(file.path):\(first + 1): \(count) lines, \(mostFunctionLines) at most" : nil
        }
    }

    /// The line on which the first block that opens on or after `first` closes; nil when what is
    /// declared there has no body.
    private static func end(ofBlockFrom first: Int, in lines: [String]) -> Int? {
        var depth = 0
        for index in first..<lines.count {
            for character in lines[index] {
                if character == "{" { depth += 1 }
                if character == "}" {
                    if depth == 0 { return nil }
                    depth -= 1
                    if depth == 0 { return index }
                }
            }
            let isBlank = lines[index].allSatisfy { $0.isWhitespace }
            if depth == 0 && isBlank { return nil }
        }
        return nil
    }
}
