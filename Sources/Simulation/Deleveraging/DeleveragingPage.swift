/// The comparison as a page: a table, and for each rule how the loss lies on the winners. One file
/// that asks nobody for anything.

import Foundation

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

/// How the loss lies on the winners: what part of his own profit each loses, from those who lose
/// least to those who lose most, in powers of ten.
struct DeleveragingChart {
    private static let points = 1_000
    /// From a thousandth of the profit to ten times it, as powers of ten.
    private static let powers = -3...1
    private let report: DeleveragingReport

    init(_ report: DeleveragingReport) { self.report = report }

    func html() -> String {
        let title = "What part of their profit winners lose, those who lose least first"
        var html = "<figure class=\"chart tall\">\n<figcaption><h3>\(title)</h3>"
        html += "<span class=\"note\">across: all winners; up: the part of the own profit, in "
        html +=
            "powers of ten; above 100 % more is lost than was earned</span><ul class=\"legend\">"
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
        let columns = [0.25, 0.5, 0.75].map { "M\(place($0)) 0V\(extent)" }
        let rows = DeleveragingChart.powers.map { "M0 \(y(pow(10, Double($0))))H\(extent)" }
        svg += "<path class=\"grid\" d=\"\((rows + columns).joined())\"/>"
        svg += "<path class=\"zero\" d=\"M0 \(y(1))H\(extent)\"/>"
        for outcome in report.outcomes {
            let path = outcome.curve(points: DeleveragingChart.points).map {
                "\(place($0.winners)) \(y($0.share))"
            }.joined(separator: "L")
            svg += "<path class=\"line \(DeleveragingChart.color(outcome.rule))\" d=\"M\(path)\"/>"
        }
        return svg + "</svg>"
    }

    /// The height of a part of the profit: what is below the least power lies on the floor.
    private func y(_ share: Double) -> Int {
        let least = Double(DeleveragingChart.powers.lowerBound)
        let span = Double(DeleveragingChart.powers.count - 1)
        let part = share > 0 ? (log10(share) - least) / span : 0
        return Int(((1 - min(1, max(0, part))) * Double(ChartScale.extent)).rounded())
    }

    private func labels() -> String {
        let rows = zip(DeleveragingChart.powers, ["0.1 %", "1 %", "10 %", "100 %", "1,000 %"])
            .map { power, text in
                "<span style=\"top:\(y(pow(10, Double(power))) / 100)%\">\(text)</span>"
            }
        let columns = [25, 50, 75].map {
            "<span class=\"major\" style=\"left:\($0)%\">\($0) % of winners</span>"
        }
        return "<div class=\"rows\">\(rows.joined())</div>"
            + "<div class=\"columns\">\(columns.joined())</div>"
    }
}
