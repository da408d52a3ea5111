/// The comparison as text and as JSON, with what was assumed.

import Documents

extension DeleveragingReport {
    /// What the files do not hold, and what stands in its place.
    package static let assumptions = [
        "The files hold who was closed, not who was spared: every rule divides among those.",
        "A row is an account, not a position: it is asked and closed as one, in any market.",
        "They hold no shortfall by account or market: it is divided by what was closed in each.",
        "They hold no margin: initial margin is 5 % of leverage × equity.",
        "Of bankrupt accounts \(DeleveragingBench.notionalPerLoss) dollars close for each that they"
            + " lack (653.6 of 23.2 million).",
        "A queue takes the whole profit of whoever it closes; at price it takes the difference to"
            + " the bankruptcy price.",
        "No price after the day is used: a profit that was kept could have been lost later.",
    ]

    package static let head = [
        "rule", "taken", "beyond need", "beyond profit", "regret", "closed", "accounts", "median",
        "90 %", "99 %", "most", "top 1 %", "Gini", "lev. < 1", "their loss",
    ]

    /// A row for each rule, in the order of `head`.
    package var rows: [[String]] {
        outcomes.map { outcome in
            [
                outcome.rule.rawValue, ReportText.compactMoney(outcome.taken),
                ReportText.compactMoney(outcome.overshoot),
                ReportText.compactMoney(outcome.beyondProfit),
                ReportText.compactMoney(outcome.regret),
                ReportText.compactMoney(outcome.closedNotional),
                ReportText.count(outcome.asked), BlindSpotText.percent(outcome.quantile(0.5)),
                BlindSpotText.percent(outcome.quantile(0.9)),
                BlindSpotText.percent(outcome.quantile(0.99)),
                BlindSpotText.percent(outcome.quantile(1)),
                BlindSpotText.percent(outcome.topShare), BlindSpotText.percent(outcome.gini),
                BlindSpotText.percent(outcome.unleveredShare),
                BlindSpotText.percent(outcome.unleveredLoss),
            ]
        }
    }

    /// One sentence on what is compared.
    package var summary: String {
        "\(ReportText.money(shortfall)) lacking, divided among "
            + "\(ReportText.count(day.winners.count)) winners with a profit of "
            + ReportText.compactMoney(day.winners.reduce(0) { $0 + $1.profit })
    }

    /// The report as text, with a line feed at the end.
    package var text: String {
        let widths = [17, 9, 12, 14, 9, 9, 9, 8, 8, 8, 12, 8, 8, 9, 11]
        func line(_ cells: [String]) -> String {
            var line = "  "
            for (place, cell) in cells.enumerated() {
                let gap = String(repeating: " ", count: max(0, widths[place] - cell.count))
                line += place == 0 ? cell + gap : gap + cell
            }
            return line + "\n"
        }
        var text = summary + "\n\n" + line(DeleveragingReport.head)
        for row in rows { text += line(row) }
        text += "\n  median to most: of those who lose anything, the share of their profit\n"
        text += "  top 1 %: what the hundredth that loses most loses, of all that is taken\n\n"
        for assumption in DeleveragingReport.assumptions { text += "  - \(assumption)\n" }
        return text
    }

    /// The figures, money in dollars with six decimals, shares in whole numbers with six.
    package static func json(_ reports: [DeleveragingReport]) -> String {
        JSONWriter.text(
            of: .object([
                ("assumptions", .list(assumptions.map { .text($0) })),
                ("comparisons", .list(reports.map(\.json))),
            ]))
    }

    private var json: JSONValue {
        .object([
            ("shortfall", .micro(shortfall)), ("winners", .integer(Int64(day.winners.count))),
            ("rules", .list(outcomes.map(\.json))),
        ])
    }
}

extension DeleveragingOutcome {
    fileprivate var json: JSONValue {
        func share(_ value: Double) -> JSONValue { .micro(Int64((value * 1e6).rounded())) }
        return .object([
            ("rule", .text(rule.rawValue)), ("taken", .micro(taken)),
            ("overshoot", .micro(overshoot)), ("beyondProfit", .micro(beyondProfit)),
            ("regret", .micro(regret)), ("unpaid", .micro(unpaid)),
            ("closedNotional", .micro(closedNotional)), ("accounts", .integer(Int64(asked))),
            ("median", share(quantile(0.5))), ("quantile90", share(quantile(0.9))),
            ("quantile99", share(quantile(0.99))), ("most", share(quantile(1))),
            ("topShare", share(topShare)), ("gini", share(gini)),
            ("unleveredShare", share(unleveredShare)), ("unleveredLoss", share(unleveredLoss)),
        ])
    }
}
