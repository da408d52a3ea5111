/// The options of `stress`: which crashes, how many seeds, without what, and where results go.

import Canonical
import Foundation
import Simulation

/// A command line of `stress` that cannot be wrong.
struct StressOptions: Equatable {
    static let standardSeeds: UInt64 = 20
    private static let mostSeeds: UInt64 = 1_000_000
    private static let mostJobs: UInt64 = 1_024

    /// Shipped crashes; empty with `--prices` runs the files alone.
    private(set) var scenarios: [StressScenario] = []
    private(set) var prices: [String] = []
    private(set) var first: UInt64 = 1
    private(set) var count = StressOptions.standardSeeds
    /// Each is a variant of its own.
    private(set) var without: [[Defence]] = []
    private(set) var eachAlone = false
    private(set) var reverse = false
    private(set) var calibrate: [String] = []
    private(set) var leverage = StressLeverage.eager
    /// In 10⁻⁶.
    private(set) var depth: Int64?
    private(set) var jobs = ProcessInfo.processInfo.activeProcessorCount
    private(set) var html: String?
    private(set) var json: String?

    private static let switches = ["--each", "--reverse"]
    private static let flags =
        [
            "--prices", "--seeds", "--first", "--without", "--calibrate", "--leverage", "--depth",
            "--jobs", "--html", "--json",
        ] + switches
    /// Flags that take several values.
    private static let lists = ["--prices", "--without", "--calibrate"]

    var seeds: ClosedRange<UInt64> { first...(first + count - 1) }

    /// With every defence first.
    var variants: [StressVariant] {
        [StressVariant(off: [])] + without.map { StressVariant(off: $0) }
            + (eachAlone ? Defence.allCases.map { StressVariant(off: [$0]) } : [])
    }

    /// Reads the arguments after `stress`.
    ///
    /// - Throws: for an unknown flag, crash or defence, a missing value, a number out of range, a
    ///   flag given twice that may be given once, or outputs that are also other files.
    init(arguments: [String]) throws(UsageFault) {
        var seen: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-") else {
                try add(scenario: argument)
                continue
            }
            let parts = argument.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = String(parts[0])
            guard StressOptions.flags.contains(flag) else {
                throw UsageFault(
                    "unknown flag '\(argument)'; known are "
                        + StressOptions.flags.joined(separator: ", "))
            }
            if seen.contains(flag), !StressOptions.lists.contains(flag) {
                throw UsageFault("\(flag) is given twice; it may be given once")
            }
            seen.append(flag)
            if StressOptions.switches.contains(flag) {
                guard parts.count == 1 else { throw UsageFault("\(flag) takes no value") }
                if flag == "--each" { eachAlone = true } else { reverse = true }
                continue
            }
            if flag == "--without" { without.append([]) }
            guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst(),
                !value.isEmpty, parts.count == 2 || !value.hasPrefix("--")
            else { throw UsageFault("\(flag) needs a value: \(StressOptions.expected(flag))") }
            try take(value, for: flag)
            while StressOptions.lists.contains(flag), let next = rest.first,
                !next.hasPrefix("-"), StressScenario(rawValue: next) == nil
            {
                rest.removeFirst()
                try take(next, for: flag)
            }
        }
        if scenarios.isEmpty, prices.isEmpty { scenarios = StressScenario.allCases }
        try checkFilesDiffer()
    }

    private mutating func add(scenario name: String) throws(UsageFault) {
        guard let scenario = StressScenario(rawValue: name) else {
            throw UsageFault(
                "unknown crash '\(name)'; shipped are "
                    + StressScenario.allCases.map(\.rawValue).joined(separator: ", "))
        }
        guard !scenarios.contains(scenario) else {
            throw UsageFault("'\(name)' is named twice")
        }
        scenarios.append(scenario)
    }

    private static func expected(_ flag: String) -> String {
        switch flag {
        case "--seeds": "a whole number from 1 to \(mostSeeds)"
        case "--first": "a whole number from 0 to \(UInt64.max - mostSeeds)"
        case "--jobs": "a whole number from 1 to \(mostJobs)"
        case "--depth": "percent of usual, from 1 to 100"
        case "--leverage": StressLeverage.allCases.map(\.rawValue).joined(separator: " or ")
        case "--without":
            "one or more of " + Defence.allCases.map { "\($0)" }.joined(separator: ", ")
        default: "the name of a file"
        }
    }

    private mutating func take(_ value: String, for flag: String) throws(UsageFault) {
        let refusal = UsageFault("\(flag) is '\(value)', not \(StressOptions.expected(flag))")
        func number(_ range: ClosedRange<UInt64>) throws(UsageFault) -> UInt64 {
            // `UInt64(_:)` alone would also take "+1".
            guard value.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = UInt64(value),
                range.contains(number)
            else { throw refusal }
            return number
        }
        switch flag {
        case "--prices": prices.append(value)
        case "--calibrate": calibrate.append(value)
        case "--seeds": count = try number(1...StressOptions.mostSeeds)
        case "--first": first = try number(0...(UInt64.max - StressOptions.mostSeeds))
        case "--jobs": jobs = Int(try number(1...StressOptions.mostJobs))
        case "--depth": depth = Int64(try number(1...100)) * 10_000
        case "--html": html = value
        case "--json": json = value
        case "--leverage":
            guard let named = StressLeverage(rawValue: value) else { throw refusal }
            leverage = named
        default:
            guard let defence = Defence.allCases.first(where: { "\($0)" == value }) else {
                throw refusal
            }
            without[without.count - 1].append(defence)
        }
    }

    private func checkFilesDiffer() throws(UsageFault) {
        let inputs = prices + calibrate
        for (flag, output) in [("--html", html), ("--json", json)] {
            if let output, inputs.contains(output) {
                throw UsageFault("\(flag) would overwrite the input '\(output)'")
            }
        }
        if let html, html == json {
            throw UsageFault("two outputs name the same file '\(html)'")
        }
    }
}
