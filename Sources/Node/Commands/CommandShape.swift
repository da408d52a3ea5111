/// What a command takes, as data: its help, its parsing and the messages about what is wrong all
/// follow from it.

/// One `--flag`.
struct CommandFlag: Equatable {
    /// Such as `--key`.
    let name: String
    /// What its value is called in the help; nil for a switch.
    let value: String?
    let meaning: String

    init(_ name: String, _ value: String? = nil, _ meaning: String) {
        self.name = name
        self.value = value
        self.meaning = meaning
    }

    /// As the synopsis writes it.
    var synopsis: String { value.map { "\(name) \($0)" } ?? name }
}

/// A command of the program.
struct CommandShape: Equatable {
    /// One word, or two: `keys new`.
    let name: String
    /// What it does, in a line.
    let summary: String
    /// What stands in its place without a flag, in order, such as `FILE`.
    let operands: [String]
    /// Whether words beyond the operands are taken too, and how the help names them.
    let rest: String?
    let flags: [CommandFlag]
    /// Whether the settings of a node are flags of it too.
    let takesSettings: Bool
    /// What its help says below the flags.
    let details: String

    init(
        _ name: String, _ summary: String, operands: [String] = [], rest: String? = nil,
        flags: [CommandFlag] = [], takesSettings: Bool = false, details: String = ""
    ) {
        self.name = name
        self.summary = summary
        self.operands = operands
        self.rest = rest
        self.flags = flags
        self.takesSettings = takesSettings
        self.details = details
    }

    /// `rampart keys new FILE [--kind KIND]`.
    var synopsis: String {
        var words = ["rampart", name] + operands
        if let rest { words.append(rest) }
        words += flags.map { "[\($0.synopsis)]" }
        if takesSettings { words.append("[--SETTING VALUE]…") }
        return words.joined(separator: " ")
    }

    /// Columns of the help.
    private static let width = 92

    /// The synopsis on lines that fit a terminal, flags whole.
    private var usage: String { usageLines(behind: "Usage: ").joined(separator: "\n") }

    /// The same for the reference.
    var usageLines: [String] { usageLines(behind: "") }

    private func usageLines(behind lead: String) -> [String] {
        let indent = String(repeating: " ", count: max(lead.count, 4))
        var lines = [lead + (["rampart", name] + operands).joined(separator: " ")]
        let others = (rest.map { [$0] } ?? []) + flags.map { "[\($0.synopsis)]" }
        for word in others + (takesSettings ? ["[--SETTING VALUE]…"] : []) {
            let line = lines[lines.count - 1]
            if line.count + 1 + word.count <= CommandShape.width {
                lines[lines.count - 1] = "\(line) \(word)"
            } else {
                lines.append(indent + word)
            }
        }
        return lines
    }

    /// The text of `rampart help COMMAND`.
    var help: String {
        var text = "\(summary)\n\n\(usage)\n"
        if !flags.isEmpty {
            let width = flags.map(\.synopsis.count).max() ?? 0
            text += "\n"
            for flag in flags {
                let lead = flag.synopsis.padded(to: width + 2)
                let indent = "\n" + String(repeating: " ", count: width + 4)
                text += "  " + lead + flag.meaning.split(separator: "\n").joined(separator: indent)
                text += "\n"
            }
        }
        if !details.isEmpty { text += "\n\(details)\n" }
        if takesSettings { text += "\n" + CommandShape.settings }
        return text
    }

    /// Every setting with its default.
    private static var settings: String {
        let width = Setting.allCases.map(\.rawValue.count).max() ?? 0
        return Setting.allCases.reduce(into: "Settings, each with its default:\n\n") {
            text, setting in
            let standard = setting.standard.isEmpty ? "" : " (\(setting.standard))"
            text += "  --\(setting.rawValue.padded(to: width + 2))\(setting.meaning)\(standard)\n"
        }
    }
}

extension String {
    /// With spaces behind it up to a width.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
