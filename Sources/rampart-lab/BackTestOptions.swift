/// The options of `backtest`: which price files, which assets, how estimators are tuned, and where
/// results go.

import Documents
import FixedPoint
import Simulation

/// A command line of `backtest` that cannot be wrong.
struct BackTestOptions: Equatable {
    private(set) var files: [String] = []
    /// Bases in capital letters; empty takes all.
    private(set) var assets: [String] = []
    private(set) var seed = ReplayOptions.defaultSeed
    private(set) var html: String?
    private(set) var json: String?

    private(set) var tuning = BackTestTuning.none

    private static let flags = [
        "--asset", "--memory", "--window", "--seed", "--html", "--json",
    ]

    /// Reads the arguments after `backtest`.
    ///
    /// - Throws: for no file, a file or flag twice, an unknown flag, a flag without its value, a
    ///   seed that is no number, an asset not in capital letters and digits, or an output that is
    ///   an input or the other output.
    init(arguments: [String]) throws(UsageFault) {
        var seen: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-") else {
                guard !files.contains(argument) else {
                    throw UsageFault("'\(argument)' is given twice")
                }
                files.append(argument)
                continue
            }
            let parts = argument.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = String(parts[0])
            guard BackTestOptions.flags.contains(flag) else {
                throw UsageFault(
                    "unknown flag '\(argument)'; known are "
                        + BackTestOptions.flags.joined(separator: ", "))
            }
            guard flag == "--asset" || !seen.contains(flag) else {
                throw UsageFault("\(flag) is given twice; it may be given once")
            }
            seen.append(flag)
            let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() ?? ""
            guard !value.isEmpty, parts.count == 2 || !value.hasPrefix("--") else {
                throw UsageFault("\(flag) needs a value: \(BackTestOptions.expected(flag))")
            }
            try take(value, for: flag)
        }
        try checkFiles()
    }

    private static func expected(_ flag: String) -> String {
        switch flag {
        case "--asset": "an asset in capital letters, such as BTC, or several with commas"
        case "--memory": "a decimal from 0.5 to below 1"
        case "--window": "a number of hundreds from 500 to 2000"
        case "--seed": "a whole number from 0 to \(UInt64.max)"
        default: "the name of a file"
        }
    }

    private mutating func take(_ value: String, for flag: String) throws(UsageFault) {
        let fault = UsageFault("\(flag) is '\(value)', not \(BackTestOptions.expected(flag))")
        switch flag {
        case "--html": html = value
        case "--json": json = value
        case "--memory":
            guard let memory = BackTestOptions.share(value),
                let tuning = BackTestTuning(memory: memory, window: tuning.window)
            else { throw fault }
            self.tuning = tuning
        case "--window":
            guard let window = UInt16(value),
                let tuning = BackTestTuning(memory: tuning.memory, window: window)
            else { throw fault }
            self.tuning = tuning
        case "--asset":
            for name in value.split(separator: ",", omittingEmptySubsequences: false) {
                let isName = name.utf8.allSatisfy { byte in
                    (0x41...0x5a).contains(byte) || (0x30...0x39).contains(byte)
                }
                guard isName, !name.isEmpty else { throw fault }
                assets.append(String(name))
            }
        default:
            guard value.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = UInt64(value)
            else { throw fault }
            seed = number
        }
    }

    /// A decimal of at most one.
    private static func share(_ text: String) -> Ratio? {
        let bytes = [UInt8](text.utf8)
        do throws(DecimalText.Failure) {
            let value = try DecimalText.value(bytes, bytes.indices, most: 1)
            return Ratio(units: Int64(value * Int128(Ratio.one.units) / DecimalText.one))
        } catch {
            return nil
        }
    }

    private func checkFiles() throws(UsageFault) {
        guard !files.isEmpty else { throw UsageFault("backtest needs at least one price file") }
        for (flag, output) in [("--html", html), ("--json", json)] {
            if let output, files.contains(output) {
                throw UsageFault("\(flag) would overwrite the input '\(output)'")
            }
        }
        if let html, html == json { throw UsageFault("two outputs name the same file '\(html)'") }
    }
}
