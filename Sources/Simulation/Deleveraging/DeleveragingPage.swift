/// The comparison as a page: a table, and for each rule how the loss lies on the winners. One file
/// that asks nobody for anything.

extension DeleveragingReport {
    /// The whole document. Also well-formed XML.
    package static func page(_ reports: [DeleveragingReport]) -> String {
        var html = "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n"
        html += "<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\""
        html += " content=\"width=device-width, initial-scale=1\"/>\n"
        html += "<title>Deleveraging · Rampart</title>\n<style>\n\(PageStyle.css)"
        html += PortfolioStyle.css + "</style>\n</head>\n<body>\n<header><div>\n"
        html += "<div class=\"brand\"><strong>Rampart</strong><span>deleveraging</span></div>\n"
        html += "<h1>Who pays for a bankruptcy</h1>\n<p class=\"span\">one shortfall, divided "
        html += "among the same winners by each rule</p>\n</div></header>\n<main>\n"
        for report in reports {
            html += "<h2>\(report.summary.escaped)</h2>\n<div class=\"card\">"
            let rows = report.rows.map { row in row.map(\.escaped) }
            html += PortfolioStyle.table(head.map(\.escaped), rows) + "</div>\n"
            html += DeleveragingChart(report).html()
        }
        html += "<h2>What was assumed</h2>\n<div class=\"card\"><ul>"
        html += assumptions.map { "<li>\($0.escaped)</li>" }.joined()
        html += "</ul></div>\n<footer>Median to most: of those who lose anything, the share of "
        html += "their profit. Beyond need: taken beyond what was lacking. Regret: taken beyond "
        html += "what the optimum takes from the same account.</footer>\n</main>\n"
        return html + "</body>\n</html>\n"
    }
}

/// How the loss lies on the winners: from those who lose least to those who lose most.
struct DeleveragingChart {
    private static let points = 400
    private let report: DeleveragingReport

    init(_ report: DeleveragingReport) { self.report = report }

    func html() -> String {
        let title = "Share of the loss that the winners bear, those who lose least first"
        var html = "<figure class=\"chart tall\">\n<figcaption><h3>\(title)</h3>"
        html += "<span class=\"note\">the diagonal is the same loss for everyone; a line along "
        html += "the floor is a loss of few</span><ul class=\"legend\">"
        for outcome in report.outcomes {
            html += "<li><i class=\"key \(DeleveragingChart.color(outcome.rule))\"></i>"
            html += "\(outcome.rule.rawValue.escaped)</li>"
        }
        html += "</ul></figcaption>\n<div class=\"frame\"><div class=\"plot still\" role=\"img\""
        return html + " aria-label=\"\(title)\">" + svg() + "</div>\n" + labels()
            + "</div>\n</figure>\n"
    }

    private static func color(_ rule: DeleveragingRule) -> String {
        switch rule {
        case .queue: "c-bad"
        case .queueByDollars: "c-liquidation"
        case .queueAtPrice: "c-deleveraged"
        case .bySize: "c-index"
        case .rampart: "c-mark"
        case .optimum: "c-safe"
        }
    }

    private func svg() -> String {
        let extent = ChartScale.extent
        func place(_ share: Double) -> Int { Int((share * Double(extent)).rounded()) }
        var svg = "<svg viewBox=\"0 0 \(extent) \(extent)\" preserveAspectRatio=\"none\""
        svg += " xmlns=\"http://www.w3.org/2000/svg\">"
        let grid = [0.25, 0.5, 0.75].map { "M0 \(place($0))H\(extent)M\(place($0)) 0V\(extent)" }
        svg += "<path class=\"grid\" d=\"\(grid.joined())\"/>"
        svg += "<path class=\"zero\" d=\"M0 \(extent)L\(extent) 0\"/>"
        for outcome in report.outcomes {
            let path = outcome.curve(points: DeleveragingChart.points).map {
                "\(place($0.winners)) \(extent - place($0.loss))"
            }.joined(separator: "L")
            svg += "<path class=\"line \(DeleveragingChart.color(outcome.rule))\" d=\"M\(path)\"/>"
        }
        return svg + "</svg>"
    }

    private func labels() -> String {
        let steps = [0, 25, 50, 75, 100]
        let rows = steps.map { "<span style=\"top:\(100 - $0)%\">\($0) %</span>" }
        let columns = steps.map {
            "<span class=\"major\" style=\"left:\($0)%\">\($0) % of winners</span>"
        }
        return "<div class=\"rows\">\(rows.joined())</div>"
            + "<div class=\"columns\">\(columns.joined())</div>"
    }
}
