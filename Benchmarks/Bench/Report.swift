/// The rows as a table for the terminal, as JSON for machines, and as Markdown for
/// `docs/performance.md`, so that no figure is typed by hand.

import Documents
import Foundation
import Simulation

enum Report {
    // MARK: Figures

    static func text(_ value: Double) -> String {
        if value >= 1_000 { return ReportText.count(Int(value.rounded())) }
        return value == value.rounded()
            ? String(Int(value)) : String(format: value >= 100 ? "%.1f" : "%.2f", value)
    }

    /// What a row was to reach: "≥ 3,000,000".
    static func text(_ target: Target) -> String {
        switch target {
        case .atLeast(let value): "≥ \(text(value))"
        case .atMost(let value): "≤ \(text(value))"
        case .atLeastAndRatio(let value, let ratio): "≥ \(text(value)), ≥ \(text(ratio))×"
        }
    }

    /// Whether a row reaches its target, and how far away it is if not: "met", "4.2× away".
    static func verdict(_ row: Row) -> String {
        guard let target = row.target else { return "" }
        let distance =
            switch target {
            case .atLeast(let least): least / row.value
            case .atMost(let most): most == 0 ? (row.value == 0 ? 1 : .infinity) : row.value / most
            case .atLeastAndRatio(let least, let ratio):
                max(least / row.value, ratio / (row.yardstick?.ratio ?? .infinity))
            }
        if distance <= 1 { return "met" }
        return distance.isFinite ? String(format: "%.2f× away", distance) : "not met"
    }

    private static func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return right ? space + text : text + space
    }

    // MARK: The terminal

    static let heading =
        padded("name", 34) + padded("value", 12, right: true) + "  " + padded("unit", 10)
        + padded("yardstick", 12, right: true) + padded("ratio", 9, right: true) + "  "
        + padded("target", 22) + padded("", 13) + "against"

    static func line(_ result: Result) -> String {
        switch result {
        case .skipped(let row): return padded(row.name, 34) + "skipped: " + row.reason
        case .measured(let row):
            let other = row.yardstick
            return padded(row.name, 34) + padded(text(row.value), 12, right: true) + "  "
                + padded(row.unit, 10)
                + padded(other.map { text($0.value) } ?? "", 12, right: true)
                + padded(other.map { text($0.ratio) + "×" } ?? "", 9, right: true) + "  "
                + padded(row.target.map { text($0) } ?? "", 22) + padded(verdict(row), 13)
                + (other?.name ?? "")
        }
    }

    // MARK: Files

    static func json(_ results: [Result]) -> String {
        let rows: [JSONValue] = results.map { result in
            switch result {
            case .skipped(let row):
                return .object([("name", .text(row.name)), ("skipped", .text(row.reason))])
            case .measured(let row):
                var members: [(String, JSONValue)] = [
                    ("name", .text(row.name)), ("unit", .text(row.unit)),
                    ("value", micro(row.value)),
                ]
                if let other = row.yardstick {
                    members += [
                        ("against", .text(other.name)), ("yardstick", micro(other.value)),
                        ("ratio", micro(other.ratio)),
                    ]
                }
                if let target = row.target {
                    members += [
                        ("target", .text(text(target))), ("verdict", .text(verdict(row))),
                    ]
                }
                return .object(members)
            }
        }
        return JSONWriter.text(of: .list(rows))
    }

    private static func micro(_ value: Double) -> JSONValue { .micro(Int64(value * 1e6)) }

    /// The table, and below it how it came about.
    static func markdown(_ results: [Result], command: String) -> String {
        var lines = [
            "| name | value | yardstick | ratio | target | |", "|---|---|---|---|---|---|",
        ]
        for result in results {
            switch result {
            case .skipped(let row):
                lines.append("| `\(row.name)` | skipped: \(row.reason) | | | | |")
            case .measured(let row):
                let other = row.yardstick
                let cells = [
                    "`\(row.name)`: \(row.note)", "\(text(row.value)) \(row.unit)",
                    other.map { "\($0.name), \(text($0.value))" } ?? "",
                    other.map { "\(text($0.ratio))×" } ?? "",
                    row.target.map { text($0) } ?? "", verdict(row),
                ]
                lines.append("| " + cells.joined(separator: " | ") + " |")
            }
        }
        lines += [
            "", "Command: `\(command)`. Commit: \(Machine.commit). \(Machine.description).",
            "The clock's own cost, \(text(Stamps.cost)) ns, is taken off single commands.",
        ]
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Where the figures come from.
enum Machine {
    /// The commit of the working folder, "-dirty" if files differ from it.
    static var commit: String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "describe", "--always", "--dirty", "--exclude=*"]
        let pipe = Pipe()
        process.standardOutput = pipe
        do {
            try process.run()
        } catch {
            return "unknown"
        }
        process.waitUntilExit()
        let text = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Processor, cores and system.
    static var description: String {
        let facts = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = facts.split(separator: "\n").first { $0.hasPrefix("model name") }
        let name = model?.split(separator: ":").last.map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        let system = ProcessInfo.processInfo.operatingSystemVersionString
        let cores = ProcessInfo.processInfo.processorCount
        return "Machine: \(name ?? "unknown processor"), \(cores) cores, one used; \(system)"
    }
}
