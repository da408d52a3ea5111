/// Source text as the rules see it: code with comments and the contents of strings blanked out, so
/// that a rule never trips over a word in prose.

/// One text file of the project.
struct SourceFile {
    /// From the root of the package: `Sources/Canonical/ByteString.swift`.
    let path: String
    let text: String

    /// The lines of the text.
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// The lines of the text with comments and strings blanked, same count and length.
    var codeLines: [String] {
        CodeScanner.code(of: text).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    /// The room the file belongs to: the folder below `Sources`; nil elsewhere.
    var room: String? {
        let parts = path.split(separator: "/")
        return parts.count >= 3 && parts[0] == "Sources" ? String(parts[1]) : nil
    }
}

/// Blanks comments and strings of Swift text.
enum CodeScanner {
    private enum State {
        case code
        case lineComment
        case blockComment(depth: Int)
        case string(hashes: Int, isMultiline: Bool)
    }

    /// `text` with every character of a comment or string replaced by a space, line ends kept.
    static func code(of text: String) -> String {
        var scanner = Scanner(text: Array(text.unicodeScalars))
        scanner.run()
        var code = String.UnicodeScalarView()
        code.append(contentsOf: scanner.output)
        return String(code)
    }

    private struct Scanner {
        let text: [Unicode.Scalar]
        var output: [Unicode.Scalar] = []
        var position = 0
        var state = State.code

        init(text: [Unicode.Scalar]) { self.text = text }

        mutating func run() {
            while position < text.count {
                switch state {
                case .code: stepInCode()
                case .lineComment:
                    if text[position] == "\n" { state = .code }
                    blank(1)
                case .blockComment(let depth):
                    if starts("*/") {
                        state = depth > 1 ? .blockComment(depth: depth - 1) : .code
                        blank(2)
                    } else if starts("/*") {
                        state = .blockComment(depth: depth + 1)
                        blank(2)
                    } else {
                        blank(1)
                    }
                case .string(let hashes, let isMultiline):
                    stepInString(String(repeating: "#", count: hashes), isMultiline)
                }
            }
        }

        private mutating func stepInCode() {
            if starts("//") {
                state = .lineComment
                blank(2)
                return
            }
            if starts("/*") {
                state = .blockComment(depth: 1)
                blank(2)
                return
            }
            var hashes = 0
            while position + hashes < text.count, text[position + hashes] == "#" { hashes += 1 }
            if position + hashes < text.count, text[position + hashes] == "\"" {
                let marks = String(repeating: "#", count: hashes)
                let isMultiline = starts(marks + "\"\"\"")
                state = .string(hashes: hashes, isMultiline: isMultiline)
                blank(hashes + (isMultiline ? 3 : 1))
                return
            }
            output.append(text[position])
            position += 1
        }

        private mutating func stepInString(_ marks: String, _ isMultiline: Bool) {
            let end = (isMultiline ? "\"\"\"" : "\"") + marks
            if starts(end) {
                state = .code
                blank(end.unicodeScalars.count)
            } else if starts("\\" + marks) {
                blank(2 + marks.count)
            } else {
                // A string on one line ends with its line at the latest.
                if text[position] == "\n" && !isMultiline { state = .code }
                blank(1)
            }
        }

        private func starts(_ mark: String) -> Bool {
            let scalars = Array(mark.unicodeScalars)
            guard position + scalars.count <= text.count else { return false }
            return Array(text[position..<(position + scalars.count)]) == scalars
        }

        private mutating func blank(_ count: Int) {
            for _ in 0..<count where position < text.count {
                output.append(text[position] == "\n" ? "\n" : " ")
                position += 1
            }
        }
    }
}
