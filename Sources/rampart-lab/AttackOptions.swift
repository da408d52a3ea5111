/// The options of `attack`: which scenarios, without what, and where the results go.

import Canonical
import Simulation

/// A command line of `attack` that cannot be wrong.
struct AttackOptions: Equatable {
    enum Task: Equatable {
        /// Name the shipped scenarios.
        case list
        /// Run all of them, a line each.
        case all
        /// Run a file, or a shipped scenario by its name.
        case run(String)
    }

    private(set) var task: Task
    /// The defences that are off in the second run; nil for the file's.
    private(set) var without: DefenceSet?
    private(set) var html: String?
    private(set) var json: String?

    private static let flags = ["--list", "--all", "--without", "--html", "--json"]

    /// Reads the arguments after `attack`.
    ///
    /// - Throws: for no scenario or two, an unknown flag or defence, a missing value, a flag given
    ///   twice, flags that exclude each other, or an output that is also another file.
    init(arguments: [String]) throws(UsageFault) {
        var words: [String] = []
        var seen: [String] = []
        var rest = arguments[...]
        task = .list
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-") else {
                words.append(argument)
                continue
            }
            let parts = argument.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = String(parts[0])
            guard AttackOptions.flags.contains(flag) else {
                throw UsageFault(
                    "unknown flag '\(argument)'; known are "
                        + AttackOptions.flags.joined(separator: ", "))
            }
            guard !seen.contains(flag) else {
                throw UsageFault("\(flag) is given twice; it may be given once")
            }
            seen.append(flag)
            let isSwitch = flag == "--list" || flag == "--all"
            if isSwitch {
                guard parts.count == 1 else { throw UsageFault("\(flag) takes no value") }
            } else if parts.count == 2 {
                try take(String(parts[1]), for: flag)
            } else if let next = rest.first, !next.hasPrefix("--") {
                rest.removeFirst()
                try take(next, for: flag)
                // A list of defences goes on as long as words are defences.
                while flag == "--without", let word = rest.first,
                    AttackLibrary.defence(named: word) != nil
                {
                    rest.removeFirst()
                    try take(word, for: flag)
                }
            } else {
                throw UsageFault("\(flag) needs a value: \(AttackOptions.expected(flag))")
            }
        }
        try choose(words, seen)
    }

    private mutating func choose(_ words: [String], _ seen: [String]) throws(UsageFault) {
        let switches = ["--list", "--all"].filter(seen.contains)
        guard words.count + switches.count == 1 else {
            throw UsageFault(
                "attack needs one scenario file or name, or --list, or --all, not "
                    + "\(words.count + switches.count)")
        }
        if let word = words.first {
            task = .run(word)
        } else {
            task = switches.contains("--all") ? .all : .list
            if let other = seen.first(where: { !switches.contains($0) }) {
                throw UsageFault("\(switches[0]) and \(other) exclude each other")
            }
        }
        for (flag, output) in [("--html", html), ("--json", json)]
        where output != nil && words.contains(output ?? "") {
            throw UsageFault("\(flag) would overwrite the input '\(output ?? "")'")
        }
        if let html, html == json {
            throw UsageFault("two outputs name the same file '\(html)'")
        }
    }

    private static func expected(_ flag: String) -> String {
        flag == "--without"
            ? "one or more of " + AttackLibrary.defenceNames : "the name of a file"
    }

    private mutating func take(_ value: String, for flag: String) throws(UsageFault) {
        guard !value.isEmpty else {
            throw UsageFault("\(flag) needs a value: \(AttackOptions.expected(flag))")
        }
        switch flag {
        case "--html": html = value
        case "--json": json = value
        default:
            guard let defence = AttackLibrary.defence(named: value) else {
                throw UsageFault("--without is '\(value)', not \(AttackOptions.expected(flag))")
            }
            without = without ?? DefenceSet()
            without?.insert(defence)
        }
    }
}
