/// What answers are written on: a terminal of some size that may show colours, or a pipe into
/// another program, which gets plain text in full.

import Glibc

/// The place that standard output leads to.
struct Screen: Equatable {
    var isTerminal = false
    /// Nil where lines may be of any length.
    var columns: Int?
    var rows = Screen.usualRows
    var isColoured = false

    private static let usualRows = 24
    /// Narrower than this nothing is laid out.
    private static let leastColumns = 20

    /// A pipe.
    init() {}

    /// A terminal, for tests too.
    init(columns: Int, rows: Int, isColoured: Bool) {
        isTerminal = true
        self.columns = max(columns, Screen.leastColumns)
        self.rows = rows
        self.isColoured = isColoured
    }

    /// What the process writes on now. `COLUMNS` narrows a pipe too, `NO_COLOR` takes colours away
    /// (no-color.org), and so does `TERM=dumb`.
    static func current(_ environment: [String: String]) -> Screen {
        let stated = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        guard isatty(STDOUT_FILENO) == 1 else {
            var pipe = Screen()
            pipe.columns = stated.map { max($0, leastColumns) }
            return pipe
        }
        var size = winsize()
        let isKnown = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
        let width = isKnown && size.ws_col > 0 ? Int(size.ws_col) : stated ?? 80
        let isPlain =
            !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
        return Screen(
            columns: width, rows: isKnown && size.ws_row > 0 ? Int(size.ws_row) : usualRows,
            isColoured: !isPlain)
    }
}

/// How a piece of text stands out.
enum Tone: Equatable {
    case plain, strong, quiet, good, bad, warning

    /// Select Graphic Rendition of ECMA-48.
    var code: String? {
        switch self {
        case .plain: nil
        case .strong: "1"
        case .quiet: "2"
        case .good: "32"
        case .bad: "31"
        case .warning: "33"
        }
    }
}

extension Screen {
    /// A text in its tone, if there are colours.
    func painted(_ text: String, _ tone: Tone) -> String {
        guard isColoured, let code = tone.code, !text.isEmpty else { return text }
        return "\u{1b}[\(code)m\(text)\u{1b}[0m"
    }
}

extension String {
    /// Without anything that would move a cursor or turn the direction of writing: names and
    /// messages come from a node that nobody has vouched for.
    var printable: String {
        let scalars = unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
                .unassigned:
                "\u{fffd}"
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
