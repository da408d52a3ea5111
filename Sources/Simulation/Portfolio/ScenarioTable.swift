/// The scenarios of an underlying as a table with bars, the worst first: what happens, what the
/// positions gain or lose, and what of it counts.

import FixedPoint
import Risk

struct ScenarioTable {
    /// Rows that are shown at once; the others unfold.
    private static let shown = 8

    private let market: PortfolioMarket

    init(_ market: PortfolioMarket) { self.market = market }

    /// The tables: one where both rules have the same scenarios, else one for each.
    func html() -> String {
        let (initial, maintenance) = (market.initial, market.maintenance)
        let isShared =
            initial.scenarios.map(\.scenario) == maintenance.scenarios.map(\.scenario)
            && initial.scenarios.map(\.move) == maintenance.scenarios.map(\.move)
        guard isShared else {
            return card("Scenarios of initial margin", initial, nil)
                + card("Scenarios of maintenance margin", maintenance, nil)
        }
        return card("Scenarios", initial, maintenance)
    }

    private func card(
        _ title: String, _ profile: ScenarioProfile, _ other: ScenarioProfile?
    ) -> String {
        let order = profile.scenarios.indices.sorted { left, right in
            let (first, second) = (profile.scenarios[left], profile.scenarios[right])
            return first.counted != second.counted ? first.counted < second.counted : left < right
        }
        var head = ["scenario", "gain or loss", "weight", "", "counts for initial"]
        if other != nil { head.append("for maintenance") } else { head[4] = "counts" }
        let rows = order.map { row(profile, other, $0) }
        let marked = profile.worst == nil ? nil : Int?(0)
        let first = Array(rows.prefix(ScenarioTable.shown))
        let rest = Array(rows.dropFirst(ScenarioTable.shown))
        var html = "<div class=\"card\"><h3>\(title), the worst first</h3>"
        html += PortfolioStyle.table(head, first, marked: marked)
        if !rest.isEmpty {
            html += "<details><summary>\(rest.count) more</summary>"
            html += PortfolioStyle.table(head, rest) + "</details>"
        }
        return html + "</div>\n"
    }

    private func row(
        _ profile: ScenarioProfile, _ other: ScenarioProfile?, _ place: Int
    ) -> [String] {
        let scenario = profile.scenarios[place]
        let profit = scenario.profit.map { PortfolioText.gain($0.units) } ?? "–"
        var cells = [
            scenario.text.escaped, profit, PortfolioText.percent(scenario.weight),
            bar(scenario.counted, of: profile), PortfolioText.gain(scenario.counted.units),
        ]
        if let other { cells.append(PortfolioText.gain(other.scenarios[place].counted.units)) }
        return cells
    }

    /// From zero to what counts, on the scale of all scenarios.
    private func bar(_ counted: Amount, of profile: ScenarioProfile) -> String {
        let all = profile.scenarios.map(\.counted.units) + [0]
        let (low, high) = (all.min() ?? 0, all.max() ?? 0)
        let span = max(1, Int128(high) - Int128(low))
        func place(_ value: Int64) -> Int { Int((Int128(value) - Int128(low)) * 1_000 / span) }
        func percent(_ permille: Int) -> String { "\(permille / 10).\(permille % 10)%" }
        let (zero, end) = (place(0), place(counted.units))
        let left = percent(min(zero, end))
        let width = percent(abs(end - zero))
        let kind = counted.isNegative ? " class=\"loss\"" : ""
        return
            "<td class=\"bar\"><i style=\"--zero:\(percent(zero))\"><b\(kind) style=\"left:\(left);"
            + "width:\(width)\"></b></i></td>"
    }
}
