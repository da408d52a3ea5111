/// The options of `replay`: prices or order flow, what genesis, and where the results go.

import Canonical
import Simulation

/// The options of `replay`.
struct ReplayOptions: Equatable {
    static let defaultSeed: UInt64 = 1

    private(set) var genesis: String?
    private(set) var prices: [String] = []
    private(set) var orders: String?
    private(set) var seed = ReplayOptions.defaultSeed
    private(set) var html: String?
    private(set) var json: String?
    private(set) var blocks: String?
    private(set) var certificates: String?
    private(set) var audit = false
    private(set) var quote: String?
    private(set) var without: [Defence] = []

    private static let flags = [
        "--genesis", "--prices", "--orders", "--seed", "--html", "--json", "--blocks", "--audit",
        "--quote", "--without", "--certificates",
    ]
    /// Flags that may be given again, and take several values.
    private static let lists = ["--prices", "--without"]

    /// Reads the arguments after `replay`.
    ///
    /// - Throws: for an unknown flag, a missing or empty value, a flag given twice that may be
    ///   given once, a seed that is no number, a stray word, or an output that is also another
    ///   file.
    ///
    /// - Parameter flags: those that the command knows.
    init(
        arguments: [String], flags: [String] = ReplayOptions.flags
    ) throws(UsageFault) {
        var seen: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let parts = argument.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = String(parts.first ?? "")
            guard flags.contains(flag) else {
                throw ReplayOptions.unknown(argument, known: flags)
            }
            if !ReplayOptions.lists.contains(flag) && seen.contains(flag) {
                throw UsageFault("\(flag) is given twice; it may be given once")
            }
            seen.append(flag)
            if flag == "--audit" {
                guard parts.count == 1 else { throw UsageFault("--audit takes no value") }
                audit = true
            } else if parts.count == 2 {
                try take(String(parts[1]), for: flag)
            } else {
                try take(ReplayOptions.value(of: flag, from: &rest), for: flag)
                while ReplayOptions.lists.contains(flag), let next = rest.first,
                    !next.hasPrefix("-")
                {
                    rest.removeFirst()
                    try take(next, for: flag)
                }
            }
        }
        if orders != nil {
            for flag in [
                "--prices", "--genesis", "--html", "--blocks", "--audit", "--quote", "--without",
                "--certificates",
            ] where seen.contains(flag) {
                throw UsageFault("--orders and \(flag) exclude each other")
            }
        }
        try checkFilesDiffer()
    }

    private static func value(
        of flag: String, from rest: inout ArraySlice<String>
    ) throws(UsageFault) -> String {
        guard let next = rest.first, !next.hasPrefix("--") else {
            throw UsageFault("\(flag) needs a value: \(expected(flag))")
        }
        rest.removeFirst()
        return next
    }

    private static func expected(_ flag: String) -> String {
        switch flag {
        case "--seed": "a whole number from 0 to \(UInt64.max)"
        case "--quote": "a currency in capital letters, such as USD"
        case "--without":
            "one of " + Defence.allCases.map { "\($0)" }.joined(separator: ", ")
        default: "the name of a file"
        }
    }

    private static func unknown(_ argument: String, known: [String]) -> UsageFault {
        argument.hasPrefix("-")
            ? UsageFault(
                "unknown flag '\(argument)'; known are \(known.joined(separator: ", "))")
            : UsageFault("'\(argument)' belongs to no flag; price files follow --prices")
    }

    private mutating func take(_ value: String, for flag: String) throws(UsageFault) {
        guard !value.isEmpty else {
            throw UsageFault("\(flag) needs a value: \(ReplayOptions.expected(flag))")
        }
        switch flag {
        case "--genesis": genesis = value
        case "--prices":
            guard !prices.contains(value) else {
                throw UsageFault("--prices names '\(value)' twice")
            }
            prices.append(value)
        case "--orders": orders = value
        case "--html": html = value
        case "--json": json = value
        case "--blocks": blocks = value
        case "--certificates": certificates = value
        case "--quote":
            guard value.utf8.allSatisfy({ $0 >= 0x41 && $0 <= 0x5a }) else {
                throw UsageFault("--quote is '\(value)', not \(ReplayOptions.expected(flag))")
            }
            quote = value
        case "--without":
            guard let defence = Defence.allCases.first(where: { "\($0)" == value }) else {
                throw UsageFault("--without is '\(value)', not \(ReplayOptions.expected(flag))")
            }
            without.append(defence)
        default:
            // `UInt64(_:)` alone would also take "+1".
            guard value.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = UInt64(value)
            else {
                throw UsageFault("--seed is '\(value)', not \(ReplayOptions.expected(flag))")
            }
            seed = number
        }
    }

    private func checkFilesDiffer() throws(UsageFault) {
        for (flag, output) in [("--html", html), ("--json", json), ("--blocks", blocks)] {
            guard let output else { continue }
            if prices.contains(output) || genesis == output || orders == output {
                throw UsageFault("\(flag) would overwrite the input '\(output)'")
            }
        }
        let outputs = [html, json, blocks].compactMap { $0 }
        for (place, output) in outputs.enumerated() where outputs[..<place].contains(output) {
            throw UsageFault("two outputs name the same file '\(output)'")
        }
    }

    /// The arguments of `rampart-lab` that repeat this replay, outputs left out.
    var repeatingArguments: [String] {
        var arguments = ["replay"]
        if let orders { arguments += ["--orders", orders] }
        if let genesis { arguments += ["--genesis", genesis] }
        for file in prices { arguments += ["--prices", file] }
        if let quote { arguments += ["--quote", quote] }
        for defence in without { arguments += ["--without", "\(defence)"] }
        return arguments + ["--seed", String(seed)]
    }
}
