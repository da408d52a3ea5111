/// The options of `deleveraging`: the files of a day, what was lacking, and where the page goes.

/// A command line of `deleveraging` that cannot be wrong.
struct DeleveragingOptions: Equatable {
    private(set) var users = ""
    private(set) var coins = ""
    /// Dollars, a comparison for each; empty takes what the accounts of the file lack.
    private(set) var shortfalls: [Int64] = []
    private(set) var html: String?
    private(set) var json: String?

    private static let flags = ["--users", "--coins", "--shortfall", "--html", "--json"]
    /// Dollars.
    private static let mostShortfall: Int64 = 1_000_000_000

    /// Reads the arguments after `deleveraging`.
    ///
    /// - Throws: for a stray word, an unknown flag, a flag without its value or twice (but for
    ///   `--shortfall`), a shortfall that is none, or a missing file.
    init(arguments: [String]) throws(UsageFault) {
        var seen: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let parts = argument.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = parts.first.map(String.init) ?? ""
            guard DeleveragingOptions.flags.contains(flag) else {
                throw UsageFault(
                    "unknown flag '\(argument)'; known are "
                        + DeleveragingOptions.flags.joined(separator: ", "))
            }
            guard flag == "--shortfall" || !seen.contains(flag) else {
                throw UsageFault("\(flag) is given twice; it may be given once")
            }
            seen.append(flag)
            let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() ?? ""
            guard !value.isEmpty, parts.count == 2 || !value.hasPrefix("--") else {
                throw UsageFault("\(flag) needs a value: \(DeleveragingOptions.expected(flag))")
            }
            try take(value, for: flag)
        }
        for flag in ["--users", "--coins"] where !seen.contains(flag) {
            throw UsageFault("deleveraging needs \(flag) FILE")
        }
    }

    private static func expected(_ flag: String) -> String {
        flag == "--shortfall"
            ? "whole dollars from 1 to \(mostShortfall)" : "the name of a file"
    }

    private mutating func take(_ value: String, for flag: String) throws(UsageFault) {
        switch flag {
        case "--users": users = value
        case "--coins": coins = value
        case "--html": html = value
        case "--json": json = value
        default:
            guard value.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
                let dollars = Int64(value), dollars > 0,
                dollars <= DeleveragingOptions.mostShortfall
            else {
                throw UsageFault(
                    "\(flag) is '\(value)', not \(DeleveragingOptions.expected(flag))")
            }
            shortfalls.append(dollars)
        }
    }
}
