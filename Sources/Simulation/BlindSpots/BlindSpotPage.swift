/// The page of a search for blind spots: a table of what was found, and for each preset the gains
/// of its worst portfolio over the price against its margin. One file that asks nobody for
/// anything.
import Risk

extension BlindSpotReport {
    /// The whole document. Also well-formed XML.
    package var page: String {
        var html = "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n"
        html += "<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\""
        html += " content=\"width=device-width, initial-scale=1\"/>\n"
        html += "<title>Blind spots · Rampart</title>\n<style>\n\(PageStyle.css)"
        html += PortfolioStyle.css + "</style>\n</head>\n<body>\n<header><div>\n"
        html += "<div class=\"brand\"><strong>Rampart</strong><span>blind spots</span></div>\n"
        html += "<h1>What margin rules do not see</h1>\n<p class=\"span\">true loss beyond "
        html += "maintenance margin of portfolios that were built to have one · seed \(seed)</p>\n"
        html += "</div></header>\n<main>\n<h2>Found</h2>\n<div class=\"card\">" + table()
        html += "</div>\n<h2>The worst of each</h2>\n"
        for finding in findings { html += BlindSpotChart(finding).html() }
        html += "<footer>True loss: every position revalued at price steps of 0.1 % over the "
        html += "range that the preset counts in full, with volatility up, unchanged and down as "
        html += "the preset moves it. The dashed line is the margin.</footer>\n</main>\n"
        return html + "</body>\n</html>\n"
    }

    private func table() -> String {
        let rows = findings.map { finding in
            [
                finding.preset.rawValue.escaped, ReportText.count(finding.spots.count),
                "±\(finding.range / 10) %", BlindSpotText.percent(finding.shareWithin),
                BlindSpotText.percent(finding.quantile(0.5)),
                BlindSpotText.percent(finding.quantile(0.99)),
                BlindSpotText.percent(finding.worst?.excess ?? 0),
                BlindSpotText.percent(finding.worst?.excessPerUnit ?? 0, digits: 2),
            ]
        }
        let head = [
            "preset", "portfolios", "range", "within 5 %", "median", "99 %", "worst",
            "of spot per unit",
        ]
        return PortfolioStyle.table(head, rows)
    }
}

/// Gains of one portfolio over the price, against its margin.
struct BlindSpotChart {
    private let finding: BlindSpotFinding
    private let horizontal: ChartScale
    private let vertical: ChartScale

    init(_ finding: BlindSpotFinding) {
        self.finding = finding
        let points = finding.curves.flatMap(\.points)
        horizontal = ChartScale(points.map(\.move), includesZero: true, leastSpan: 1)
        let margin = BlindSpotChart.millionths(-(finding.worst?.requirement ?? 0))
        vertical = ChartScale(
            points.map { BlindSpotChart.millionths($0.profit) } + [margin], includesZero: true,
            leastSpan: 1)
    }

    private static func millionths(_ share: Double) -> Int64 { Int64((share * 1e6).rounded()) }

    /// The figure; nothing where nothing was found.
    func html() -> String {
        guard let worst = finding.worst else { return "" }
        let title = "\(finding.preset.rawValue): \(BlindSpotText.percent(worst.excess)) beyond"
        var html = "<figure class=\"chart tall\">\n<figcaption><h3>\(title.escaped)</h3>"
        html += "<span class=\"note\">\(worst.portfolio.description.escaped) · "
        html += "\(BlindSpotText.sentence(worst).escaped)</span><ul class=\"legend\">"
        for curve in finding.curves {
            let (color, label) = BlindSpotChart.look(curve.volatility)
            html += "<li><i class=\"key \(color)\"></i>\(label)</li>"
        }
        html += "<li><i class=\"key c-bad\"></i>margin</li></ul></figcaption>\n"
        html += "<div class=\"frame\"><div class=\"plot still\" role=\"img\" aria-label=\""
        return html + title.escaped + "\">" + svg(worst) + "</div>\n" + labels()
            + "</div>\n</figure>\n"
    }

    private static func look(_ volatility: VolatilityMove) -> (color: String, label: String) {
        switch volatility {
        case .unchanged: ("c-mark", "volatility unchanged")
        case .up: ("c-liquidation", "volatility up")
        case .down: ("c-safe", "volatility down")
        }
    }

    private func x(_ move: Int64) -> Int { ChartScale.extent - horizontal.y(move) }

    private func y(_ share: Double) -> Int { vertical.y(BlindSpotChart.millionths(share)) }

    private func svg(_ worst: BlindSpot) -> String {
        let extent = ChartScale.extent
        var svg = "<svg viewBox=\"0 0 \(extent) \(extent)\" preserveAspectRatio=\"none\""
        svg += " xmlns=\"http://www.w3.org/2000/svg\">"
        let rows = vertical.ticks.map { "M0 \(vertical.y($0))H\(extent)" }.joined()
        let columns = horizontal.ticks.map { "M\(x($0)) 0V\(extent)" }.joined()
        svg += "<path class=\"grid\" d=\"\(rows)\(columns)\"/>"
        svg += "<path class=\"zero\" d=\"M0 \(vertical.y(0))H\(extent)M\(x(0)) 0V\(extent)\"/>"
        for curve in finding.curves {
            let path = curve.points.map { "\(x($0.move)) \(y($0.profit))" }.joined(separator: "L")
            let color = BlindSpotChart.look(curve.volatility).color
            svg += "<path class=\"line \(color)\" d=\"M\(path)\"/>"
        }
        svg += "<path class=\"line c-bad\" stroke-dasharray=\"6 4\""
        svg += " d=\"M0 \(y(-worst.requirement))H\(extent)\"/>"
        svg +=
            "<path class=\"dots c-bad\" d=\"M\(x(worst.worst.move)) \(y(worst.worst.profit))h0\">"
        return svg + "<title>\(BlindSpotText.sentence(worst).escaped)</title></path></svg>"
    }

    private func labels() -> String {
        let rows = vertical.ticks.map { tick in
            "<span style=\"top:\(BlindSpotChart.place(vertical.y(tick)))\">"
                + ReportText.decimal(tick, scale: 4, digits: 2) + " %</span>"
        }
        let columns = horizontal.ticks.map { tick in
            "<span class=\"major\" style=\"left:\(BlindSpotChart.place(x(tick)))\">"
                + (tick > 0 ? "+" : "") + ReportText.decimal(tick, scale: 1, digits: 1)
                + " %</span>"
        }
        return "<div class=\"rows\">\(rows.joined())</div>"
            + "<div class=\"columns\">\(columns.joined())</div>"
    }

    /// A place in the plot as a share of its width or height.
    private static func place(_ place: Int) -> String {
        "\(place / 100).\(place % 100 < 10 ? "0" : "")\(place % 100)%"
    }
}
