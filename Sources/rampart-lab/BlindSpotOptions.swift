/// The options of `blindspots`: which margin rules are searched, how long, and where the page goes.

import Simulation

/// A command line of `blindspots` that cannot be wrong.
struct BlindSpotOptions: Equatable {
    /// Nil searches all.
    private(set) var preset: String?
    private(set) var portfolios = BlindSpotReport.standardPortfolios
    private(set) var seed = ReplayOptions.defaultSeed
    private(set) var html: String?

    private static let flags = ["--preset", "--portfolios", "--seed", "--html"]
    /// Some hours.
    private static let mostPortfolios = 1_000_000

    /// Reads the arguments after `blindspots`.
    ///
    /// - Throws: for a stray word, an unknown flag or preset, a flag twice or without its value, or
    ///   a number that is none or out of range.
    init(arguments: [String]) throws(UsageFault) {
        var seen: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let parts = argument.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = parts.first.map(String.init) ?? ""
            guard BlindSpotOptions.flags.contains(flag) else {
                throw UsageFault(
                    "unknown flag '\(argument)'; known are "
                        + BlindSpotOptions.flags.joined(separator: ", "))
            }
            guard !seen.contains(flag) else {
                throw UsageFault("\(flag) is given twice; it may be given once")
            }
            seen.append(flag)
            let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() ?? ""
            guard !value.isEmpty, parts.count == 2 || !value.hasPrefix("--") else {
                throw UsageFault("\(flag) needs a value: \(BlindSpotOptions.expected(flag))")
            }
            try take(value, for: flag)
        }
    }

    private static func expected(_ flag: String) -> String {
        switch flag {
        case "--preset": "one of " + BlindSpotReport.presets.joined(separator: ", ")
        case "--portfolios": "a whole number from 1 to \(mostPortfolios)"
        case "--seed": "a whole number from 0 to \(UInt64.max)"
        default: "the name of a file"
        }
    }

    private mutating func take(_ value: String, for flag: String) throws(UsageFault) {
        let fault = UsageFault("\(flag) is '\(value)', not \(BlindSpotOptions.expected(flag))")
        let isNumber = value.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        switch flag {
        case "--html": html = value
        case "--preset":
            guard BlindSpotReport.presets.contains(value) else { throw fault }
            preset = value
        case "--portfolios":
            guard isNumber, let number = Int(value), number > 0,
                number <= BlindSpotOptions.mostPortfolios
            else { throw fault }
            portfolios = number
        default:
            guard isNumber, let number = UInt64(value) else { throw fault }
            seed = number
        }
    }
}
