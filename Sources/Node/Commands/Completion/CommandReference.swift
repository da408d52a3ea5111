/// The reference of all commands as Markdown, made from their shapes: `rampart help --markdown`
/// writes it, and a test compares it with `docs/cli.md`.

/// Writes the reference.
enum CommandReference {
    static func text(_ shapes: [CommandShape]) -> String {
        var text = """
            # Commands

            Every command of `rampart`, as `rampart help COMMAND` tells it. This page is made by
            `rampart help --markdown`, and a test compares it with the program.

            | command | |
            |---|---|

            """
        for shape in shapes {
            text +=
                "| [`\(shape.name)`](#rampart-\(anchor(shape.name))) | \(cell(shape.summary)) |\n"
        }
        text += "\n\(Profile.markdown)\n"
        for shape in shapes { text += section(shape) }
        if shapes.contains(where: \.takesSettings) { text += settings }
        return text
    }

    private static func anchor(_ name: String) -> String { name.replacing(" ", with: "-") }

    private static func section(_ shape: CommandShape) -> String {
        var text = "\n## rampart \(shape.name)\n\n\(shape.summary).\n\n"
        text += "    " + shape.usageLines.joined(separator: "\n    ") + "\n"
        if !shape.flags.isEmpty {
            text += "\n| flag | |\n|---|---|\n"
            for flag in shape.flags {
                text += "| `\(cell(flag.synopsis))` | \(cell(flag.meaning)) |\n"
            }
        }
        if !shape.details.isEmpty {
            text += "\n```text\n\(shape.details)\n```\n"
        }
        return text
    }

    private static var settings: String {
        var text = "\n## Settings of a node\n\n"
        text += "Flags of the commands that end in `[--SETTING VALUE]…`, lines of the "
        text += "configuration, and variables of the environment.\n\n"
        text += "| setting | default | |\n|---|---|---|\n"
        for setting in Setting.allCases {
            let standard = setting.standard.isEmpty ? "" : "`\(cell(setting.standard))`"
            text += "| `\(setting.rawValue)` | \(standard) | \(cell(setting.meaning)) |\n"
        }
        return text
    }

    /// On one line, without what would end a cell.
    private static func cell(_ text: String) -> String {
        text.replacing("\n", with: " ").replacing("|", with: "\\|").replacing("<", with: "&lt;")
    }
}
