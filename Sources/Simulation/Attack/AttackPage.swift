/// The page of a scenario: one file that asks nobody for anything. Who gained in both runs, the
/// prices and the money over time, what was refused and what happened, and every expectation.

import Canonical
import Documents
import FixedPoint

extension AttackReport {
    /// The whole document. Also well-formed XML.
    package var page: String {
        var html = "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n"
        html += "<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\""
        html += " content=\"width=device-width, initial-scale=1\"/>\n"
        html += "<title>\(scenario.name.escaped) · Rampart</title>\n<style>\n\(PageStyle.css)"
        html += PortfolioStyle.css + "</style>\n</head>\n<body>\n" + header() + "<main>\n"
        html += tiles() + story() + charts() + expectationCard() + countCards()
        html += "<footer>Times are UTC. Money is in the quote currency. Gains count what was "
        html += "taken out and what is left, less what was brought in and spent elsewhere; an "
        html += "account below zero counts as nothing.</footer>\n</main>\n"
        html += "<script>\n/*<![CDATA[*/\n\(PageScript.javaScript)/*]]>*/\n</script>\n"
        return html + "</body>\n</html>\n"
    }

    private func header() -> String {
        let shield =
            "<svg viewBox=\"0 0 20 20\" xmlns=\"http://www.w3.org/2000/svg\" aria-hidden=\"true\">"
            + "<path fill=\"currentColor\" d=\"M2 3h3v2h2V3h2v2h2V3h2v2h2V3h3v7c0 4-3 6-8 8"
            + "-5-2-8-4-8-8z\"/></svg>"
        var html = "<header><div>\n<div class=\"brand\">\(shield)<strong>Rampart</strong>"
        html += "<span>attack · \(scenario.name.escaped)</span></div>\n"
        html += "<h1>\(scenario.title.escaped)</h1>\n<p class=\"span\">"
        html += "\(ReportText.dateTime(scenario.start)) UTC · "
        html += ReportText.duration(UInt64(scenario.length) * TimeText.second)
        html += " · \(ReportText.count(defended.blocks)) blocks</p>\n<div class=\"verdict\">"
        html +=
            isMet
            ? "<span class=\"badge\">✓ Everything as expected</span>"
            : "<span class=\"badge bad\">✗ \(checks.count { !$0.isMet }) of \(checks.count) "
                + "not as expected</span>"
        return html + "</div>\n</div></header>\n"
    }

    /// The first groups and the funds, with the defences and without.
    private func tiles() -> String {
        let tiles = scenario.groups.enumerated().map { place, group in
            let without = undefended.profits[place]
            return "<dl class=\"tile\"><dt>\(group.escaped) gained</dt>"
                + "<dd>\(ReportText.compactMoney(defended.profits[place]).escaped)"
                + "<small>without: \(ReportText.compactMoney(without).escaped)</small></dd></dl>"
        }
        let paid = [defended, undefended].map {
            ReportText.compactMoney($0.insurance.reduce(0, +) + $0.badDebt.reduce(0, +))
        }
        return "<div class=\"tiles\">\n\(tiles.joined(separator: "\n"))\n"
            + "<dl class=\"tile\"><dt>Insurance and bad debt</dt><dd>\(paid[0].escaped)"
            + "<small>without: \(paid[1].escaped)</small></dd></dl>\n</div>\n"
    }

    private func story() -> String {
        "<h2>What happened</h2>\n<div class=\"card\"><p>\(scenario.facts.escaped)</p>"
            + "<p>The second run is <b>\(withoutTitle.escaped)</b>.</p></div>\n"
    }

    // MARK: Charts

    private func charts() -> String {
        var html = "<h2>Prices</h2>\n<div class=\"grid-2\">\n"
        for place in scenario.underlyings.indices where hasMoved(place) {
            html += priceChart(place)
        }
        html += "</div>\n<h2>Money</h2>\n<div class=\"grid-2\">\n"
        for (place, group) in scenario.groups.enumerated() {
            html += chart("Gains of \(group)", "taken out and left, less brought in", .money) {
                $0.profits[place]
            }
        }
        for (place, market) in scenario.markets.enumerated() where !market.isSpot {
            html += chart(
                "Open interest of \(market.instrument)", "one side at the mark", .money
            ) { $0.interests[place] }
        }
        for (place, compartment) in scenario.compartments.enumerated()
        where compartment.insurance.isPositive {
            html += chart("Insurance fund of \(compartment.name)", "what it holds", .money) {
                $0.funds[place]
            }
        }
        return html + "</div>\n"
    }

    /// Whether there is anything to see in a price.
    private func hasMoved(_ place: Int) -> Bool {
        let seen = [defended, undefended].flatMap { $0.samples.compactMap { $0.indices[place] } }
        return seen.contains { $0 != seen.first } || scenario.underlyings.count == 1
    }

    private var times: [UInt64] { defended.samples.map { time($0.time) } }

    private var axis: TimeScale {
        TimeScale(start: scenario.start, end: time(scenario.length))
    }

    private func time(_ second: Int64) -> UInt64 {
        scenario.start + UInt64(second) * TimeText.second
    }

    /// Both runs as two lines; where they are one, the second lies on the first.
    private func chart(
        _ title: String, _ note: String, _ format: ValueFormat,
        _ value: (AttackSample) -> Int64?
    ) -> String {
        Chart(
            title: title, note: note, format: format, times: times,
            traces: [
                Chart.Trace(
                    label: "Without", color: "c-liquidation", shape: .line,
                    values: undefended.samples.map(value)),
                Chart.Trace(
                    label: "With every defence", color: "c-safe", shape: .line,
                    values: defended.samples.map(value)),
            ], includesZero: true, axis: axis
        ).html()
    }

    private func priceChart(_ place: Int) -> String {
        let indices = defended.samples.map { $0.indices[place] }
        let typical = indices.lazy.compactMap { $0 }.first ?? 0
        var traces: [Chart.Trace] = []
        let publishers = AttackPublishers(scenario)
        // What most sources show, which no run of the engine changes.
        if let path = scenario.sources.indices.lazy.compactMap({
            publishers.path(of: place, at: $0)
        }).first {
            traces.append(
                Chart.Trace(
                    label: "First source", color: "c-last", shape: .line,
                    values: defended.samples.map { path.price(at: $0.time) }))
        }
        traces += [
            Chart.Trace(
                label: "Stable", color: "c-stable", shape: .line,
                values: defended.samples.map { $0.stables[place] }),
            Chart.Trace(
                label: "Index without", color: "c-liquidation", shape: .line,
                values: undefended.samples.map { $0.indices[place] }),
            Chart.Trace(
                label: "Index with", color: "c-safe", shape: .line, values: indices),
        ]
        return Chart(
            title: scenario.underlyings[place], note: "USD", format: .price(like: typical),
            times: times, traces: traces, isTall: true, axis: axis
        ).html()
    }

    // MARK: Tables

    private func expectationCard() -> String {
        let rows = checks.map { check in
            let entry = check.expectation
            return [
                check.isMet ? "✓" : "✗", entry.isDefended ? "with" : "without",
                "\(entry.measure.rawValue) of \(entry.of)".escaped,
                entry.text(of: check.value).escaped, entry.bounds.escaped,
            ]
        }
        return "<h2>Expected</h2>\n<div class=\"card\">"
            + PortfolioStyle.table(["", "run", "measure", "came to", "expected"], rows)
            + "</div>\n"
    }

    /// The timeline of breakers of a run; nothing where none tripped.
    private func levelCard(_ title: String, _ run: AttackResult) -> String {
        guard !run.levels.isEmpty else { return "" }
        let rows = levelRows(run).map { $0.map(\.escaped) }
        return "<div class=\"card\"><h3>\(title)</h3>"
            + PortfolioStyle.table(["market", "level", "minutes", "why"], rows) + "</div>\n"
    }

    private func countCards() -> String {
        let head = ["", "with every defence", "without"]
        func card(_ title: String, _ rows: [Row]) -> String {
            let cells = rows.map { row in [row.name.escaped] + row.values.map(\.escaped) }
            return "<div class=\"card\"><h3>\(title)</h3>"
                + (rows.isEmpty ? "<p>Nothing.</p>" : PortfolioStyle.table(head, cells))
                + "</div>\n"
        }
        return "<h2>Details</h2>\n" + card("Money", moneyRows) + card("Refused", refusalRows)
            + card("What happened", eventRows) + levelCard("Breakers with every defence", defended)
            + levelCard("Breakers without", undefended)
    }
}
