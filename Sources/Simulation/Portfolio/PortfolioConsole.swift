/// What `rampart-lab margin` prints: aligned tables, the sums first.

import FixedPoint
import Risk

extension PortfolioReport {
    /// The report as text, with a line feed at the end.
    package var text: String {
        var sections = [head, requirement, worstScenarios]
        if !charges.isEmpty { sections.append(chargeTable) }
        sections.append(holdings)
        for market in markets { sections.append(grid(market)) }
        return sections.joined(separator: "\n")
    }

    private var head: String {
        TextTable.pairs([
            ("portfolio", file), ("preset", preset.rawValue),
            ("time", ReportText.dateTime(time.nanoseconds) + " UTC"),
            ("cash", PortfolioText.money(cash)),
        ])
    }

    private var requirement: String {
        func row(_ name: String, _ value: (MarginBreakdown) -> Amount) -> [String] {
            [name, PortfolioText.money(value(initial)), PortfolioText.money(value(maintenance))]
        }
        return TextTable.text([
            ["", "initial", "maintenance"], row("equity") { $0.equity },
            row("requirement") { $0.requirement }, row("  worst scenarios") { $0.scenarioLoss },
            row("  charges") { $0.charges }, row("health") { $0.health },
            ["", verdict(initial), verdict(maintenance)],
        ])
    }

    private func verdict(_ margin: MarginBreakdown) -> String {
        margin.health.isNegative ? "NOT COVERED" : "covered"
    }

    private var worstScenarios: String {
        var rows = [["worst scenario", "initial", "", "maintenance", ""]]
        for market in markets {
            var row = [market.symbol]
            for profile in [market.initial, market.maintenance] {
                let worst = profile.worst.map { profile.scenarios[$0] }
                row.append(worst.map { PortfolioText.money($0.counted) } ?? "none loses")
                row.append(worst?.text ?? "")
            }
            rows.append(row)
        }
        for market in markets where market.initial.deltaLoss.isPositive {
            rows.append([
                "  and deltas", PortfolioText.money(-market.initial.deltaLoss), market.symbol,
                PortfolioText.money(-market.maintenance.deltaLoss), market.symbol,
            ])
        }
        return TextTable.text(rows, leading: [0, 2, 4])
    }

    private var chargeTable: String {
        var rows = [["charges", "initial", "maintenance"]]
        for charge in charges {
            rows.append([
                charge.kind.text, PortfolioText.money(charge.initial),
                PortfolioText.money(charge.maintenance),
            ])
        }
        return TextTable.text(rows)
    }

    private var holdings: String {
        var rows = [
            [
                "position", "quantity", "mark", "volatility", "profit", "delta", "gamma 1 %",
                "vega",
                "theta",
            ]
        ]
        for holding in positions {
            rows.append(
                [
                    holding.name, PortfolioText.size(holding.size),
                    PortfolioText.price(holding.mark),
                    holding.volatility.map(PortfolioText.volatility) ?? "",
                    PortfolioText.money(holding.profit),
                ] + PortfolioReport.greeks(holding.greeks, isOption: holding.volatility != nil))
        }
        for market in markets {
            let profit = positions.filter { $0.name.hasPrefix(market.symbol + "-") }
                .reduce(Amount.zero) { $0 + $1.profit }
            rows.append(
                ["all " + market.symbol, "", "", "", PortfolioText.money(profit)]
                    + PortfolioReport.greeks(market.greeks, isOption: true))
        }
        return TextTable.text(rows)
    }

    static func greeks(_ greeks: PortfolioGreeks, isOption: Bool) -> [String] {
        guard isOption else { return [PortfolioText.units(greeks.delta), "", "", ""] }
        return [
            PortfolioText.units(greeks.delta), PortfolioText.units(greeks.gamma),
            PortfolioText.money(greeks.vega), PortfolioText.money(greeks.theta),
        ]
    }

    /// What the positions gain by price and volatility, and in every other scenario; the worst
    /// under the maintenance rule is marked.
    private func grid(_ market: PortfolioMarket) -> String {
        let profile = market.maintenance
        let grid = ScenarioGrid(profile)
        // What of a row counts stands behind it, where it is not all.
        var rows = [["\(market.symbol) moves by"] + grid.columns.map(\.title)]
        for row in grid.rows {
            rows.append(
                [PortfolioText.percent(row.move, isSigned: true)]
                    + row.places.map { place in place.map { cell(profile, $0) } ?? "" }
                    + [remark(profile, row)])
        }
        var text = TextTable.text(rows)
        if !grid.others.isEmpty {
            text +=
                "\n"
                + TextTable.text(
                    grid.others.map { [profile.scenarios[$0].text, cell(profile, $0)] })
        }
        return text
    }

    /// Why a row is there, or what of it counts, where that is not plain.
    private func remark(_ profile: ScenarioProfile, _ row: ScenarioGrid.Row) -> String {
        guard let place = row.places.compactMap({ $0 }).first else { return "" }
        let scenario = profile.scenarios[place]
        if scenario.cause == .strike { return "a strike" }
        return scenario.weight == .one ? "" : "\(PortfolioText.percent(scenario.weight)) count"
    }

    private func cell(_ profile: ScenarioProfile, _ place: Int) -> String {
        let scenario = profile.scenarios[place]
        let gain = PortfolioText.gain((scenario.profit ?? scenario.counted).units)
        return gain + (place == profile.worst ? " ◀" : "  ")
    }
}

/// The scenarios of price and volatility as rows and columns, the others beside.
struct ScenarioGrid {
    struct Column {
        let volatility: VolatilityMove
        let title: String
    }

    struct Row {
        let move: Ratio
        /// By column: the place of the scenario; nil where there is none.
        let places: [Int?]
    }

    let columns: [Column]
    /// Ascending by move.
    let rows: [Row]
    /// What moves something else, in the order of the rule.
    let others: [Int]

    init(_ profile: ScenarioProfile) {
        let onGrid = profile.scenarios.indices.filter { profile.scenarios[$0].isOnGrid }
        func volatility(_ place: Int) -> VolatilityMove {
            profile.scenarios[place].scenario?.volatility ?? .unchanged
        }
        let columns = [
            Column(volatility: .down, title: "volatility down"),
            Column(volatility: .unchanged, title: "unchanged"),
            Column(volatility: .up, title: "volatility up"),
        ].filter { column in onGrid.contains { volatility($0) == column.volatility } }
        var moves: [Ratio] = []
        for place in onGrid where !moves.contains(profile.scenarios[place].move) {
            moves.append(profile.scenarios[place].move)
        }
        rows = moves.sorted().map { move in
            Row(
                move: move,
                places: columns.map { column in
                    onGrid.first {
                        profile.scenarios[$0].move == move && volatility($0) == column.volatility
                    }
                })
        }
        self.columns = columns
        others = profile.scenarios.indices.filter { !profile.scenarios[$0].isOnGrid }
    }
}

/// Aligned text.
enum TextTable {
    /// Names and values, as the report of a replay has them.
    static func pairs(_ rows: [(String, String)]) -> String {
        text(rows.map { [$0.0, $0.1] }, leading: [0, 1])
    }

    /// - Parameter leading: the columns that begin at the left; the others end at the right.
    static func text(_ rows: [[String]], leading: [Int] = [0]) -> String {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, text) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - text.count)
                line +=
                    (column == 0 ? "" : "  ")
                    + (leading.contains(column) ? text + padding : padding + text)
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
