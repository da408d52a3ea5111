/// The report of a batch as text for a terminal and as JSON.

import Canonical
import Documents

extension StressReport {
    private static let nameWidth = 30
    private static let columns: [(title: String, measure: String, width: Int)] = [
        ("fund paid", "fund paid", 10), ("forced", "forced", 9),
        ("auction", "auctioned", 9), ("delever.", "deleveraged", 9),
        ("cascade", "cascade factor", 8),
        ("overshoot", "overshoot", 10), ("in liq.", "in liquidation", 10),
        ("under water", "under water", 12), ("margin", "margin efficiency", 8),
    ]

    /// The report for a terminal.
    package var text: String {
        var text = "\(ReportText.count(runs)) runs · seeds \(seeds.lowerBound) to "
        text += "\(seeds.upperBound) · leverage \(leverage.rawValue) · depth "
        text += depth.map { ReportText.decimal($0, scale: 4, digits: 0) + " %" } ?? "follows moves"
        text += "\nMedians over seeds; what goes beyond the fund, and under water, in total.\n"
        if !groups.isEmpty {
            text += StressReport.heading("every defence on, by crash")
            for place in courses.indices {
                text += row(courses[place], groups[place * variants.count])
            }
            text += StressReport.heading("all crashes, by defence")
            for (place, variant) in variants.enumerated() {
                text += row(variant.name, all(place), ratio: overshootRatio(place))
            }
        }
        text += reverseText
        text += "\n" + verdicts.map { "  \($0.isMet ? "✓" : "✗") \($0.text)\n" }.joined()
        return text
    }

    private static func heading(_ title: String) -> String {
        var text = "\n" + padded(title, nameWidth) + right("beyond fund", 12)
        for column in columns { text += right(column.title, column.width) }
        return text + "\n"
    }

    private func row(_ name: String, _ group: StressGroup, ratio: Int64? = nil) -> String {
        let beyond = group.distribution { $0.beyondFund }
        var text = "  " + StressReport.padded(name, StressReport.nameWidth - 2)
        text += StressReport.right(ReportText.compactMoney(beyond.total), 12)
        for column in StressReport.columns {
            guard let measure = StressReport.measures.first(where: { $0.name == column.measure })
            else { continue }
            let values = group.distribution(measure.value)
            let isTotal = column.measure == "under water"
            text += StressReport.right(
                measure.text(isTotal ? values.total : values.median), column.width)
        }
        if let ratio, ratio != 1_000_000 {
            text += "  overshoot × " + ReportText.decimal(ratio, scale: 6, digits: 2)
        }
        return text + "\n"
    }

    private var reverseText: String {
        guard !reverse.isEmpty else { return "" }
        let falls = StressDistribution(reverse.compactMap(\.fall))
        let unbroken = reverse.count { $0.fall == nil }
        var text = "\nReverse stress: falls within an hour that go beyond the fund, depth × "
        text += ReportText.decimal(depth ?? StressPlan.thinDepth, scale: 6, digits: 2) + "\n"
        text += "  \(reverse.count) seeds: \(unbroken) withstood "
        text += StressReport.percent(-ReverseStress.most)
        if !falls.values.isEmpty {
            text += "; of the others the smallest is \(StressReport.percent(-falls.quantile(0)))"
            text += ", the median \(StressReport.percent(-falls.median))"
        }
        return text + "\n"
    }

    static func percent(_ millionths: Int64) -> String {
        ReportText.decimal(millionths, scale: 4, digits: 1) + " %"
    }

    // MARK: Targets

    /// What was to be reached.
    struct Verdict {
        let isMet: Bool
        let text: String
    }

    /// BTC fell by 24.5 % and ETH by 28 % in the worst hours seen (`facts/risk.md`).
    private static let worstHour: Int64 = 280_000

    /// The targets of the laboratory, as far as the batch can judge them.
    var verdicts: [Verdict] {
        var list: [Verdict] = []
        if !groups.isEmpty {
            let beyond = all(0).distribution { $0.beyondFund }
            list.append(
                Verdict(
                    isMet: beyond.total == 0,
                    text: "beyond the fund: \(ReportText.money(beyond.total)) in "
                        + "\(beyond.values.count { $0 > 0 }) of "
                        + "\(ReportText.count(beyond.values.count)) runs with every defence on; "
                        + "to be 0"))
        }
        if let place = variants.firstIndex(where: { $0.off == DefenceSet([.depthThrottle]) }),
            let ratio = overshootRatio(place)
        {
            let (with, without) = (all(0), all(place))
            let isNoWorse =
                with.distribution { $0.beyondFund }.total
                <= without.distribution { $0.beyondFund }.total
                && with.distribution { $0.secondsUnderWater }.total
                    <= without.distribution { $0.secondsUnderWater }.total
            list.append(
                Verdict(
                    isMet: ratio <= 500_000 && isNoWorse,
                    text: "overshoot against liquidation without the throttle: × "
                        + ReportText.decimal(ratio, scale: 6, digits: 2)
                        + (isNoWorse ? "" : ", and bad debt or time under water is worse")
                        + "; to be × 0.50 or less"))
        }
        if !reverse.isEmpty {
            let smallest = reverse.compactMap(\.fall).min() ?? ReverseStress.most
            list.append(
                Verdict(
                    isMet: smallest > StressReport.worstHour,
                    text: "smallest fall of an hour beyond the fund: "
                        + StressReport.percent(-smallest) + "; to be beyond "
                        + StressReport.percent(-StressReport.worstHour)))
        }
        if let failure = auditFailure {
            list.append(Verdict(isMet: false, text: "a ledger is not sound: \(failure)"))
        }
        return list
    }

    /// Whether every ledger was sound at its end.
    package var isSound: Bool { auditFailure == nil }

    private static func padded(_ text: String, _ width: Int) -> String {
        text.count < width
            ? text + String(repeating: " ", count: width - text.count)
            : String(text.prefix(width - 2)) + "… "
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.count)) + text
    }

    // MARK: JSON

    /// The report as JSON: every measure's distribution by crash and variant; money is exact.
    package var json: String {
        JSONWriter.text(
            of: .object([
                ("runs", .integer(Int64(runs))), ("leverage", .text(leverage.rawValue)),
                ("firstSeed", .text(String(seeds.lowerBound))),
                ("lastSeed", .text(String(seeds.upperBound))),
                ("groups", .list(groups.map(StressReport.value))),
                (
                    "reverse",
                    .list(
                        reverse.map { entry in
                            .object([
                                ("seed", .text(String(entry.seed))),
                                ("fall", entry.fall.map { .micro($0) } ?? .null),
                            ])
                        })
                ),
                (
                    "targets",
                    .list(
                        verdicts.map { verdict in
                            .object([
                                ("isMet", .boolean(verdict.isMet)), ("text", .text(verdict.text)),
                            ])
                        })
                ),
            ]))
    }

    private static func value(_ group: StressGroup) -> JSONValue {
        .object([
            ("crash", .text(group.course)),
            ("off", .list(group.variant.off.members.map { .text("\($0)") })),
            (
                "measures",
                .object(
                    measures.map { measure in
                        let values = group.distribution(measure.value)
                        let number = { (value: Int64) -> JSONValue in
                            measure.kind == .seconds ? .integer(value) : .micro(value)
                        }
                        return (
                            key: measure.name,
                            value: .object([
                                ("median", number(values.median)),
                                ("most95", number(values.quantile(95))),
                                ("most99", number(values.quantile(99))),
                                ("largest", number(values.largest)),
                                ("total", number(values.total)),
                            ])
                        )
                    })
            ),
        ])
    }
}

extension StressBatch.Progress {
    /// A line of progress with what is left at the speed so far; nil where nothing new is to be
    /// said.
    ///
    /// - Parameter seconds: since the start.
    package func text(isTerminal: Bool, seconds: Double) -> String? {
        let percent = done * 100 / max(total, 1)
        let before = (done - 1) * 100 / max(total, 1)
        let left = Int64(seconds * Double(total - done) / Double(max(done, 1)))
        let line =
            "\(percent) %  \(ReportText.count(done)) of \(ReportText.count(total)) runs, "
            + "\(ReportText.duration(UInt64(left) * TimeText.second)) left"
        if isTerminal {
            return "\r" + line + "\u{1b}[K" + (done == total ? "\n" : "")
        }
        return percent / 10 > before / 10 ? line + "\n" : nil
    }
}
