/// The HTML page of a run over option chains: figures for each file, what was rejected by name, and
/// the smiles of its calmest and its wildest snapshot. One file that asks nobody for anything.
import Foundation
import Oracle

/// Builds the page.
package struct SurfacePage {
    let summaries: [SurfaceSummary]
    let seed: UInt64

    package init(summaries: [SurfaceSummary], seed: UInt64) {
        self.summaries = summaries
        self.seed = seed
    }

    /// Additions to the style of every page.
    private static let css = """
        .smiles{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:14px}
        .smile figcaption{min-height:0}.smile p{margin:4px 0 0}
        .plot svg .quotes{stroke-width:7;opacity:.6}.plot svg .nodes{stroke-width:4.5;opacity:1}
        .smile svg .line{stroke-width:1.3}
        table.figures{font-size:13.5px}table.figures td,table.figures th{padding:5px 0 5px 14px}
        table.figures th:first-child{padding-left:0}table.figures thead th{text-align:right}
        table.figures thead th:first-child{text-align:left}
        table.figures td,.card td{white-space:nowrap}
        .named{max-height:330px;overflow:auto}
        .named td{text-align:left;font-size:13px;padding:3px 14px 3px 0}
        @media (max-width:1000px){.smiles{grid-template-columns:repeat(2,minmax(0,1fr))}}
        @media (max-width:640px){.smiles{grid-template-columns:minmax(0,1fr)}
        .card{overflow-x:auto}}

        """

    /// The whole page.
    package func html() -> String {
        var html = "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n"
        html += "<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\""
        html += " content=\"width=device-width, initial-scale=1\"/>\n"
        html += "<title>Volatility surface · Rampart</title>\n<style>\n\(PageStyle.css)"
        html += "\(SurfacePage.css)</style>\n</head>\n<body>\n" + header() + "<main>\n" + tiles()
        html += files()
        html += "<footer>Times are UTC. Dots are the venue's own volatilities of options with a "
        html +=
            "delta of 1 to 99 %; the line is the curve in force, small dots on it its nodes. The "
        html += "horizontal axis is ln(strike / forward).</footer>\n</main>\n"
        html += "<script>\n/*<![CDATA[*/\n\(PageScript.javaScript)/*]]>*/\n</script>\n"
        return html + "</body>\n</html>\n"
    }

    private func header() -> String {
        let snapshots = summaries.reduce(0) { $0 + $1.result.snapshots }
        var html = "<header><div>\n<div class=\"brand\"><strong>Rampart</strong>"
        html += "<span>volatility surface</span></div>\n<h1>Real option chains, fitted, voted and "
        html += "aggregated</h1>\n<p class=\"span\">\(ReportText.count(snapshots)) snapshots · "
        html += "\(SurfacePublishers.honest) honest publishers and one liar of equal weight · seed "
        return html + "\(seed)</p>\n</div></header>\n"
    }

    private func tiles() -> String {
        let near = ErrorFigures(summaries.flatMap { $0.result.expiries.flatMap(\.errors) })
        let votes = summaries.reduce(0) { $0 + $1.result.votes }
        let honest = summaries.reduce(0) { $0 + $1.honestDrops.count }
        let drops = summaries.reduce(0) { $0 + $1.result.drops.count }
        let medoids = summaries.reduce(0) { $0 + $1.medoids }
        let held = summaries.reduce(0) { $0 + $1.held }
        let curves = summaries.reduce(0) { $0 + $1.result.expiries.count }
        let rows: [(name: String, value: String, note: String)] = [
            (
                "Median error", SurfaceConsole.number(near.median),
                "volatility points, \(ReportText.count(near.count)) quotes"
            ),
            ("95 % of errors below", SurfaceConsole.number(near.high), "volatility points"),
            (
                "Votes dropped", ReportText.count(drops),
                "of \(ReportText.count(votes)); \(ReportText.count(honest)) honest"
            ),
            (
                "Curves by medoid", ReportText.count(medoids),
                "of \(ReportText.count(curves)); \(ReportText.count(held)) held"
            ),
        ]
        let tiles = rows.map { row in
            "<dl class=\"tile\"><dt>\(row.name)</dt>"
                + "<dd>\(row.value)<small>\(row.note.escaped)</small></dd></dl>"
        }
        return "<div class=\"tiles\">\n\(tiles.joined(separator: "\n"))\n</div>\n"
    }

    // MARK: Files

    private func files() -> String {
        var html = "<h2>Files</h2>\n<div class=\"tabs\" role=\"tablist\">"
        for (place, summary) in summaries.enumerated() {
            let name = summary.result.file.split(separator: "/").last.map(String.init) ?? ""
            html += "<button role=\"tab\" id=\"tab-\(place)\" aria-controls=\"market-\(place)\""
            html += " aria-selected=\"\(place == 0)\" tabindex=\"\(place == 0 ? 0 : -1)\">"
            html += "\(name.escaped)</button>"
        }
        html += "</div>\n"
        for (place, summary) in summaries.enumerated() {
            html += "<section id=\"market-\(place)\" role=\"tabpanel\""
            html += " aria-labelledby=\"tab-\(place)\"\(place == 0 ? "" : " hidden=\"hidden\"")>\n"
            html += "<div class=\"grid-2\">\n" + errors(summary) + dropped(summary) + "</div>\n"
            html += smiles(summary) + named(summary) + "</section>\n"
        }
        return html
    }

    private func errors(_ summary: SurfaceSummary) -> String {
        var html =
            "<div class=\"card\"><h3>Error in volatility points</h3><table class=\"figures\">"
        html += "<thead><tr><th>Time to expiry</th><th>quotes</th><th>median</th><th>95 %</th>"
        html += "<th>max</th><th>far wings 95 %</th></tr></thead><tbody>"
        for tenor in summary.tenors + [summary.all] {
            html += "<tr><th scope=\"row\">\(tenor.name)</th>"
            html += "<td>\(ReportText.count(tenor.near.count))</td>"
            for value in [tenor.near.median, tenor.near.high, tenor.near.most, tenor.far.high] {
                html += "<td>\(SurfaceConsole.number(value))</td>"
            }
            html += "</tr>"
        }
        return html + "</tbody></table></div>\n"
    }

    private func dropped(_ summary: SurfaceSummary) -> String {
        var html = "<div class=\"card\"><h3>Votes that did not count</h3><table>"
        for drop in summary.dropped {
            let who = drop.lie.map { "liar: \($0.name)" } ?? "honest"
            html += "<tr><th scope=\"row\">\(drop.fault.words), \(who.escaped)</th>"
            html += "<td>\(ReportText.count(drop.count))</td></tr>"
        }
        html += "<tr><th scope=\"row\">counted</th>"
        html += "<td>\(ReportText.count(summary.result.votes - summary.result.drops.count))</td>"
        return html + "</tr></table></div>\n"
    }

    private func named(_ summary: SurfaceSummary) -> String {
        let drops = summary.honestDrops
        guard !drops.isEmpty else { return "" }
        let rows = drops.map { "<tr><td>\(SurfaceConsole.line($0).escaped)</td></tr>" }
        return "<h2>Honest votes dropped</h2>\n<div class=\"card named\"><table>"
            + rows.joined() + "</table></div>\n"
    }

    // MARK: Smiles

    /// The snapshots with the lowest and the highest volatility at the money, by currency.
    private func smiles(_ summary: SurfaceSummary) -> String {
        var html = ""
        for currency in Set(summary.result.expiries.map(\.currency)).sorted() {
            let own = summary.result.expiries.filter { $0.currency == currency }
            let times = Set(own.map(\.time)).sorted()
            let levels = times.map { time in (time: time, level: level(own, at: time)) }
            guard let calm = levels.min(by: { $0.level < $1.level }),
                let wild = levels.max(by: { $0.level < $1.level })
            else { continue }
            for (name, pick) in [("calmest", calm), ("wildest", wild)]
            where name == "calmest" || wild.time != calm.time {
                html += "<h2>\(currency.escaped), the \(name) snapshot: "
                html += "\(ReportText.dateTime(pick.time))</h2>\n<div class=\"smiles\">\n"
                for entry in own where entry.time == pick.time {
                    html += SmileChart(entry: entry).html()
                }
                html += "</div>\n"
            }
        }
        return html
    }

    /// The mean of the volatilities nearest to the forward.
    private func level(_ entries: [SurfaceExpiry], at time: UInt64) -> Double {
        let levels = entries.filter { $0.time == time }.compactMap { entry in
            entry.smile.quotes.min { abs($0.moneyness) < abs($1.moneyness) }?.volatility
        }
        return levels.reduce(0, +) / Double(max(levels.count, 1))
    }
}
