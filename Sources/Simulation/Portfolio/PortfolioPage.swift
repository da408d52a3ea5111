/// The page of a portfolio's margin: one file that asks nobody for anything. The sums, a chart and
/// the worst scenarios for each underlying, what is charged and why, and positions with Greeks.

import FixedPoint
import Risk

extension PortfolioReport {
    /// The whole document. Also well-formed XML.
    package var page: String {
        var html = "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n"
        html += "<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\""
        html += " content=\"width=device-width, initial-scale=1\"/>\n"
        html += "<title>Margin of \(name.escaped) · Rampart</title>\n<style>\n\(PageStyle.css)"
        html += PortfolioStyle.css + "</style>\n</head>\n<body>\n" + header() + "<main>\n" + tiles()
        for market in markets { html += section(market) }
        html += requirementCard() + holdingsCard()
        html += "<footer>Times are UTC. Money is in the collateral. Delta and gamma are in units of"
        html += " the underlying, gamma for a rise of 1 %; vega is for one volatility point, theta"
        return html + " for one day.</footer>\n</main>\n</body>\n</html>\n"
    }

    /// The file without its folder.
    private var name: String { file.split(separator: "/").last.map(String.init) ?? file }

    private func header() -> String {
        let shield =
            "<svg viewBox=\"0 0 20 20\" xmlns=\"http://www.w3.org/2000/svg\" aria-hidden=\"true\">"
            + "<path fill=\"currentColor\" d=\"M2 3h3v2h2V3h2v2h2V3h2v2h2V3h3v7c0 4-3 6-8 8"
            + "-5-2-8-4-8-8z\"/></svg>"
        var html = "<header><div>\n<div class=\"brand\">\(shield)<strong>Rampart</strong>"
        html += "<span>margin · rules of \(preset.rawValue)</span></div>\n"
        html += "<h1>Margin of \(name.escaped)</h1>\n<p class=\"span\">"
        html += "\(ReportText.dateTime(time.nanoseconds)) UTC · \(positions.count) position"
        html += positions.count == 1 ? "" : "s"
        html += "</p>\n<div class=\"verdict\">" + badge() + "</div>\n</div></header>\n"
        return html
    }

    private func badge() -> String {
        if maintenance.health.isNegative {
            return "<span class=\"badge bad\">✗ Below maintenance: it would be liquidated</span>"
        }
        return initial.health.isNegative
            ? "<span class=\"badge bad\">✗ Initial margin is not covered: only reducing</span>"
            : "<span class=\"badge\">✓ Covered</span>"
    }

    private func tiles() -> String {
        func parts(_ margin: MarginBreakdown) -> String {
            "\(ReportText.compactMoney(margin.scenarioLoss.units)) worst scenarios + "
                + "\(ReportText.compactMoney(margin.charges.units)) charges"
        }
        func health(_ margin: MarginBreakdown) -> String {
            (margin.health.isNegative ? "missing " : "left ")
                + ReportText.money(abs(margin.health.units))
        }
        let rows: [(name: String, value: String, note: String, isBad: Bool)] = [
            (
                "Equity", PortfolioText.money(initial.equity),
                "of which cash " + PortfolioText.money(cash), initial.equity.isNegative
            ),
            (
                "Initial requirement", PortfolioText.money(initial.requirement), parts(initial),
                false
            ),
            (
                "Maintenance requirement", PortfolioText.money(maintenance.requirement),
                parts(maintenance), false
            ),
            (
                "Equity in use", use,
                health(initial) + " · maintenance: " + health(maintenance),
                initial.health.isNegative
            ),
        ]
        let tiles = rows.map { row in
            "<dl class=\"tile\(row.isBad ? " bad" : "")\"><dt>\(row.name)</dt>"
                + "<dd>\(row.value.escaped)<small>\(row.note.escaped)</small></dd></dl>"
        }
        return "<div class=\"tiles\">\n\(tiles.joined(separator: "\n"))\n</div>\n"
    }

    /// The initial requirement over equity.
    private var use: String {
        guard initial.equity.isPositive else { return "–" }
        let permille = Int128(initial.requirement.units) * 1_000 / Int128(initial.equity.units)
        return ReportText.decimal(Int64(clamping: permille), scale: 1, digits: 1) + " %"
    }

    private func section(_ market: PortfolioMarket) -> String {
        "<h2>\(market.symbol.escaped) <small>index "
            + "\(PortfolioText.price(market.index))</small></h2>\n" + PortfolioChart(market).html()
            + ScenarioTable(market).html()
    }

    private func requirementCard() -> String {
        func row(_ name: String, _ note: String, _ initial: Amount, _ maintenance: Amount)
            -> [String]
        {
            let label = note.isEmpty ? name : "\(name)<small>\(note.escaped)</small>"
            return [label, PortfolioText.money(initial), PortfolioText.money(maintenance)]
        }
        var rows: [[String]] = []
        for market in markets {
            let (initial, maintenance) = (market.initial, market.maintenance)
            let symbol = market.symbol.escaped
            rows.append(
                row("worst scenario of \(symbol)", "", initial.worstLoss, maintenance.worstLoss))
            guard initial.deltaLoss.isPositive || maintenance.deltaLoss.isPositive else { continue }
            rows.append(
                row(
                    "deltas of \(symbol)", "what the rules ask of deltas beyond the worst scenario",
                    initial.deltaLoss, maintenance.deltaLoss))
        }
        for charge in charges {
            rows.append(
                row(charge.kind.text, charge.kind.reason, charge.initial, charge.maintenance))
        }
        rows.append(row("requirement", "", initial.requirement, maintenance.requirement))
        rows.append(row("equity", "", initial.equity, maintenance.equity))
        rows.append(row("health", "", initial.health, maintenance.health))
        return "<h2>What is asked, and why</h2>\n<div class=\"card\">"
            + PortfolioStyle.table(["", "initial", "maintenance"], rows, sums: 3) + "</div>\n"
    }

    private func holdingsCard() -> String {
        var rows = positions.map { holding in
            [
                holding.name.escaped, PortfolioText.size(holding.size),
                PortfolioText.price(holding.mark),
                holding.volatility.map(PortfolioText.volatility) ?? "",
                PortfolioText.money(holding.equity), PortfolioText.money(holding.profit),
            ] + PortfolioReport.greeks(holding.greeks, isOption: holding.volatility != nil)
                + [PortfolioText.money(holding.initialCharge)]
        }
        for market in markets {
            rows.append(
                ["all \(market.symbol.escaped)", "", "", "", "", ""]
                    + PortfolioReport.greeks(market.greeks, isOption: true) + [""])
        }
        let head = [
            "position", "quantity", "mark", "volatility", "in equity", "profit", "delta", "gamma",
            "vega", "theta", "charge",
        ]
        return "<h2>Positions and Greeks</h2>\n<div class=\"card\">"
            + PortfolioStyle.table(head, rows, sums: markets.count) + "</div>\n"
    }
}

/// What the page of a portfolio has beside the style of all pages.
enum PortfolioStyle {
    static let css = """
        .c-bad{--c:var(--bad)}h2 small{color:var(--faint);font-weight:400;font-size:14px}
        .tile dd small{white-space:normal}
        .plot.still{cursor:default}.plot.still svg .dots{stroke-width:7;opacity:1}
        .plot.still svg .dots.c-bad{stroke-width:12}.legend li{white-space:normal}
        .card+.card,.chart+.card{margin-top:14px}
        .data{overflow-x:auto}.data td,.data th{padding:6px 0 6px 18px;white-space:nowrap;
        text-align:right;overflow-wrap:normal}
        .data td:first-child,.data th:first-child{text-align:left;padding-left:0}
        .data thead th{color:var(--faint);font-size:12.5px;border-top:0;vertical-align:bottom}
        .data td small{display:block;color:var(--faint);font-size:12.5px}
        .data .sum td{font-weight:600}.data .sum.first td{border-top:2px solid var(--line)}
        .data .worst td{color:var(--bad);font-weight:600}
        .data .bar{width:34%;min-width:120px;padding-left:18px}
        .bar i{position:relative;display:block;height:11px;margin-top:5px}
        .bar b{position:absolute;top:0;bottom:0;border-radius:2px;background:var(--safe)}
        .bar b.loss{background:var(--liquidation)}
        .bar i::before{content:"";position:absolute;left:var(--zero);top:-4px;bottom:-4px;width:1px;
        background:var(--faint)}
        summary{cursor:pointer;color:var(--soft);padding:10px 0 4px;font-size:14px}

        """

    /// A table of cells that are HTML already.
    ///
    /// - Parameters:
    ///   - sums: how many of the last rows are sums.
    ///   - marked: the row that stands out.
    static func table(
        _ head: [String], _ rows: [[String]], sums: Int = 0, marked: Int? = nil
    ) -> String {
        var html = "<div class=\"data\"><table><thead><tr>"
        html += head.map { "<th scope=\"col\">\($0)</th>" }.joined() + "</tr></thead><tbody>\n"
        for (place, row) in rows.enumerated() {
            let isFirst = place == rows.count - sums
            let kind =
                place == marked ? "worst" : place < rows.count - sums ? "" : "sum"
            html += "<tr\(kind.isEmpty ? "" : " class=\"\(kind)\(isFirst ? " first" : "")\"")>"
            html += row.map { cell in
                cell.hasPrefix("<td") ? cell : "<td>\(cell)</td>"
            }.joined()
            html += "</tr>\n"
        }
        return html + "</tbody></table></div>"
    }
}
