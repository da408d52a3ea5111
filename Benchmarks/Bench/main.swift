/// Runs every row, prints the table and writes the rows to `.build/bench.json`.

import Foundation
import Simulation

private func text(_ value: Double) -> String {
    value >= 1_000
        ? ReportText.count(Int(value.rounded())) : String(format: "%.2f", value)
}

private func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return right ? space + text : text + space
}

private let groups: [(name: String, rows: () -> [Row])] = [
    ("margin", MarginRows.all), ("cryptography", CryptographyRows.all), ("orders", OrderRows.all),
    ("remargin", RemarginRows.all),
]

/// The groups named on the command line, or all.
private let wanted = CommandLine.arguments.dropFirst()
if let unknown = wanted.first(where: { name in !groups.contains { $0.name == name } }) {
    let known = groups.map(\.name).joined(separator: ", ")
    FileHandle.standardError.write(Data("bench: no group '\(unknown)'; known are \(known)\n".utf8))
    exit(2)
}

private var rows: [Row] = []
print(
    padded("name", 18) + padded("value", 14, right: true) + "  " + padded("unit", 5)
        + padded("yardstick", 14, right: true) + padded("ratio", 9, right: true) + "  against")
for group in groups where wanted.isEmpty || wanted.contains(group.name) {
    for row in group.rows() {
        rows.append(row)
        print(
            padded(row.name, 18) + padded(text(row.value), 14, right: true) + "  "
                + padded(row.unit, 5) + padded(text(row.yardstick), 14, right: true)
                + padded(text(row.ratio) + "×", 9, right: true) + "  " + row.yardstickName)
    }
}

private let list = rows.map { row in
    JSONValue.object([
        ("name", .text(row.name)), ("unit", .text(row.unit)),
        ("against", .text(row.yardstickName)),
        ("value", .micro(Int64(row.value * 1e6))),
        ("yardstick", .micro(Int64(row.yardstick * 1e6))),
        ("ratio", .micro(Int64(row.ratio * 1e6))),
    ])
}
private let file = URL(fileURLWithPath: ".build/bench.json")
do {
    try Data(JSONWriter.text(of: .list(list)).utf8).write(to: file)
    print("\nWritten to \(file.relativePath). A ratio above 1 is better than the yardstick.")
} catch {
    FileHandle.standardError.write(Data("bench: \(file.relativePath): \(error)\n".utf8))
    exit(74)
}
