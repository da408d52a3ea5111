/// The options of `margin`: one portfolio file, and what to do with its margin.

import Simulation

/// A command line of `margin` that cannot be wrong.
struct MarginOptions: Equatable {
    private(set) var portfolio = ""
    private(set) var preset = MarginOptions.presets[0]
    private(set) var html: String?
    private(set) var json: String?

    /// The names that `--preset` takes, the default first.
    static var presets: [String] { PortfolioReport.presets }
    private static let flags = ["--preset", "--html", "--json"]

    /// Reads the arguments after `margin`.
    ///
    /// - Throws: for no portfolio or two, an unknown flag or preset, a missing or empty value, a
    ///   flag given twice, or an output that is also another file.
    init(arguments: [String]) throws(UsageFault) {
        var files: [String] = []
        var seen: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-") else {
                files.append(argument)
                continue
            }
            let parts = argument.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = String(parts[0])
            guard MarginOptions.flags.contains(flag) else {
                throw UsageFault(
                    "unknown flag '\(argument)'; known are "
                        + MarginOptions.flags.joined(separator: ", "))
            }
            guard !seen.contains(flag) else {
                throw UsageFault("\(flag) is given twice; it may be given once")
            }
            seen.append(flag)
            let value = parts.count == 2 ? String(parts[1]) : rest.first ?? ""
            guard !value.isEmpty, parts.count == 2 || !value.hasPrefix("--") else {
                throw UsageFault("\(flag) needs a value: \(MarginOptions.expected(flag))")
            }
            if parts.count == 1 { rest.removeFirst() }
            try take(value, for: flag)
        }
        guard let file = files.first, files.count == 1, !file.isEmpty else {
            throw UsageFault("margin needs one portfolio file, not \(files.count)")
        }
        portfolio = file
        try checkFilesDiffer()
    }

    private static func expected(_ flag: String) -> String {
        flag == "--preset"
            ? "one of " + presets.joined(separator: ", ") : "the name of a file"
    }

    private mutating func take(_ value: String, for flag: String) throws(UsageFault) {
        switch flag {
        case "--html": html = value
        case "--json": json = value
        default:
            guard MarginOptions.presets.contains(value) else {
                throw UsageFault(
                    "--preset is '\(value)', not \(MarginOptions.expected(flag))")
            }
            preset = value
        }
    }

    private func checkFilesDiffer() throws(UsageFault) {
        for (flag, output) in [("--html", html), ("--json", json)] where output == portfolio {
            throw UsageFault("\(flag) would overwrite the input '\(portfolio)'")
        }
        if let html, html == json {
            throw UsageFault("two outputs name the same file '\(html)'")
        }
    }
}
