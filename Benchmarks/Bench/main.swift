/// Runs the rows, prints the table, writes the rows to `.build/bench.json` and, where `--page`
/// names a Markdown file, the table between the two marks in it.

import Foundation
import Simulation

private let groups: [(name: String, rows: () -> [Result])] = [
    ("cryptography", CryptographyRows.all), ("pull", PullOracleRows.all), ("orders", OrderRows.all),
    ("flow", FlowRows.all),
    ("remargin", RemarginRows.all), ("liquidations", LiquidationRows.all),
    ("margin", MarginRows.all),
    ("greeks", PricingRows.all), ("oracle", OracleRows.all), ("breakers", BreakerRows.all),
    ("certificates", CertificateRows.all), ("survey", SurveyRows.all),
    ("memory", MemoryRows.all), ("node", NodeRows.all),
    ("latency", NodeLatencyRows.all), ("feed", NodeFeedRows.all), ("restart", NodeRestartRows.all),
    ("history", HistoryRows.all),
]

private func stop(_ message: String, code: Int32) -> Never {
    FileHandle.standardError.write(Data("bench: \(message)\n".utf8))
    exit(code)
}

/// Prints a line at once, also into a pipe.
private func show(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

if CommandLine.arguments.dropFirst().first == NodeUnderTest.flag {
    NodeUnderTest.run(Array(CommandLine.arguments.dropFirst(2)))
}

if CommandLine.arguments.dropFirst().first == BareFeed.flag {
    BareFeed.run(Array(CommandLine.arguments.dropFirst(2)))
}

/// The groups named on the command line, or all; and the page.
private var wanted = Array(CommandLine.arguments.dropFirst())
private var page: String?
if let place = wanted.firstIndex(of: "--page") {
    guard place + 1 < wanted.count else { stop("--page needs a file", code: 2) }
    page = wanted[place + 1]
    wanted.removeSubrange(place...(place + 1))
}
if let unknown = wanted.first(where: { name in !groups.contains { $0.name == name } }) {
    let known = groups.map(\.name).joined(separator: ", ")
    stop("no group '\(unknown)'; known are \(known)", code: 2)
}

private var results: [Result] = []
show(Report.heading)
for group in groups where wanted.isEmpty || wanted.contains(group.name) {
    for result in group.rows() {
        results.append(result)
        show(Report.line(result))
    }
}

private let file = URL(fileURLWithPath: ".build/bench.json")
do {
    try Data(Report.json(results).utf8).write(to: file)
    show("\nWritten to \(file.relativePath). A ratio above 1 is better than the yardstick.")
} catch {
    stop("\(file.relativePath): \(error)", code: 74)
}

if let page {
    let marks = ["<!-- rows -->\n", "<!-- end of rows -->"]
    do {
        let old = try String(contentsOfFile: page, encoding: .utf8)
        guard let start = old.range(of: marks[0]), let end = old.range(of: marks[1]),
            start.upperBound <= end.lowerBound
        else { stop("\(page) has no \(marks[0]) and \(marks[1])", code: 65) }
        let command = (["rampart-bench"] + wanted).joined(separator: " ")
        let table = Report.markdown(results, command: command)
        let new = old.replacingCharacters(in: start.upperBound..<end.lowerBound, with: table)
        try Data(new.utf8).write(to: URL(fileURLWithPath: page))
        show("The table is in \(page).")
    } catch {
        stop("\(page): \(error)", code: 74)
    }
}
