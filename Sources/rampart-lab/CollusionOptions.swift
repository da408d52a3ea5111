/// The options of `collusion`: how long is searched, and where the worst plan goes.

import Simulation

/// A command line of `collusion` that cannot be wrong.
struct CollusionOptions: Equatable {
    private(set) var starts = CollusionReport.standardStarts
    private(set) var steps = CollusionSearch.standardSteps
    private(set) var seed = ReplayOptions.defaultSeed
    /// Whether each defence is switched off in turn.
    private(set) var isAblating = false
    /// Where the scenario of the most gainful plan goes.
    private(set) var save: String?

    private static let flags = ["--starts", "--steps", "--seed", "--ablate", "--save"]
    private static let most = 1_000_000

    /// Reads the arguments after `collusion`.
    ///
    /// - Throws: for a stray word, an unknown flag, a flag twice or without its value, or a number
    ///   that is none or out of range.
    init(arguments: [String]) throws(UsageFault) {
        var seen: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let parts = argument.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = parts.first.map(String.init) ?? ""
            guard CollusionOptions.flags.contains(flag) else {
                throw UsageFault(
                    "unknown flag '\(argument)'; known are "
                        + CollusionOptions.flags.joined(separator: ", "))
            }
            guard !seen.contains(flag) else {
                throw UsageFault("\(flag) is given twice; it may be given once")
            }
            seen.append(flag)
            if flag == "--ablate" {
                guard parts.count == 1 else { throw UsageFault("--ablate takes no value") }
                isAblating = true
                continue
            }
            let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() ?? ""
            guard !value.isEmpty, parts.count == 2 || !value.hasPrefix("--") else {
                throw UsageFault("\(flag) needs a value: \(CollusionOptions.expected(flag))")
            }
            try take(value, for: flag)
        }
    }

    private static func expected(_ flag: String) -> String {
        switch flag {
        case "--starts", "--steps": "a whole number from 1 to \(most)"
        case "--seed": "a whole number from 0 to \(UInt64.max)"
        default: "the name of a file"
        }
    }

    private mutating func take(_ value: String, for flag: String) throws(UsageFault) {
        let fault = UsageFault("\(flag) is '\(value)', not \(CollusionOptions.expected(flag))")
        guard flag != "--save" else {
            save = value
            return
        }
        let isNumber = value.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        guard isNumber, let number = UInt64(value) else { throw fault }
        guard flag != "--seed" else {
            seed = number
            return
        }
        guard number > 0, number <= UInt64(CollusionOptions.most) else { throw fault }
        if flag == "--starts" { starts = Int(number) } else { steps = Int(number) }
    }
}
