/// The page of a batch: the targets, what came of every crash, what each defence is worth, the
/// distributions over seeds, and one run of each crash over time. One file that asks nobody for
/// anything.

import Canonical
import Documents

extension StressReport {
    /// The whole document. Also well-formed XML.
    package var page: String {
        var html = "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n"
        html += "<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\""
        html += " content=\"width=device-width, initial-scale=1\"/>\n"
        html += "<title>Stress · Rampart</title>\n<style>\n\(PageStyle.css)"
        html += PortfolioStyle.css + StressPage.css + "</style>\n</head>\n<body>\n" + header
        html += "<main>\n" + tiles
        if !groups.isEmpty {
            html += "<h2>Every defence on, by crash</h2>\n<div class=\"card\">"
            html += table(
                "crash", courses.indices.map { (courses[$0], groups[$0 * variants.count]) })
            html += "</div>\n"
            if variants.count > 1 {
                html += "<h2>All crashes, by what is off</h2>\n<div class=\"card\">"
                html += table(
                    "variant", variants.indices.map { (variants[$0].name, all($0)) },
                    isCompared: true)
                html += "</div>\n"
            }
            html += "<h2>Over seeds</h2>\n<div class=\"grid-2\">" + distributions + "</div>\n"
            html += "<h2>One run of each crash</h2>\n" + runsOverTime
        }
        html += "<footer>Medians over seeds; losses beyond the fund and time under water are "
        html += "totals. The course is the price without the venue; the index is the course and "
        html += "what carrying forced sales outside did to it. Times are of the simulated day."
        html += "</footer>\n</main>\n<script>\n/*<![CDATA[*/\n\(PageScript.javaScript)/*]]>*/\n"
        return html + "</script>\n</body>\n</html>\n"
    }

    private var header: String {
        var html = "<header><div>\n<div class=\"brand\"><strong>Rampart</strong>"
        html += "<span>stress laboratory</span></div>\n<h1>What crashes do to the venue</h1>\n"
        html += "<p class=\"span\">\(ReportText.count(runs)) runs on the engine · seeds "
        html += "\(seeds.lowerBound) to \(seeds.upperBound) · leverage \(leverage.rawValue) · "
        html += "open interest $60M, fund 0.9 % of it</p>\n<ul class=\"verdicts\">"
        for verdict in verdicts {
            html += "<li class=\"\(verdict.isMet ? "met" : "missed")\">"
            html += "\(verdict.isMet ? "✓" : "✗") \(verdict.text.escaped)</li>"
        }
        return html + "</ul></div></header>\n"
    }

    private var tiles: String {
        guard !groups.isEmpty else { return "" }
        let base = all(0)
        var html = "<dl class=\"tiles\">\n"
        for (name, hundredths, label) in [
            ("beyond the fund", 100, "the worst run"), ("fund paid", 100, "the worst run"),
            ("overshoot", 50, "median"), ("deleveraged", 50, "median"),
        ] {
            guard let measure = StressReport.measures.first(where: { $0.name == name }) else {
                continue
            }
            let values = base.distribution(measure.value)
            let value = values.quantile(hundredths)
            let isBad = name == "beyond the fund" && value > 0
            html += "<div class=\"tile\(isBad ? " bad" : "")\"><dt>\(name.escaped)</dt><dd>"
            html += "\(measure.text(value).escaped)<small>\(label), every defence on</small>"
            html += "</dd></div>\n"
        }
        return html + "</dl>\n"
    }

    /// Medians of all measures, a row each.
    private func table(
        _ first: String, _ rows: [(name: String, group: StressGroup)], isCompared: Bool = false
    ) -> String {
        let head =
            [first] + StressReport.measures.map { "<abbr title=\"\($0.note)\">\($0.name)</abbr>" }
            + (isCompared ? ["overshoot with ÷ without"] : [])
        let cells = rows.enumerated().map { place, row in
            let measures = StressReport.measures.map { measure in
                let values = row.group.distribution(measure.value)
                let isTotal = measure.name == "beyond the fund" || measure.name == "under water"
                let text = measure.text(isTotal ? values.total : values.median)
                let most = isTotal ? "" : "<small>\(measure.text(values.quantile(95)))</small>"
                return text + most
            }
            let ratio =
                isCompared
                ? [
                    place == 0
                        ? "–"
                        : overshootRatio(place).map {
                            ReportText.decimal($0, scale: 6, digits: 2)
                        } ?? "–"
                ] : []
            return [row.name.escaped] + measures + ratio
        }
        return PortfolioStyle.table(head, cells)
            + "<p class=\"note\">Below each median: the value that 95 of 100 seeds do not exceed."
            + "</p>"
    }

    /// A figure for each of the main measures: a row a crash, a bar a variant.
    private var distributions: String {
        ["overshoot", "forced", "deleveraged", "fund paid", "cascade factor", "in liquidation"]
            .compactMap { name in
                StressReport.measures.first { $0.name == name }
            }.map { StressStrips(self, $0).html }.joined()
    }

    /// The first seed of each crash, every defence on.
    private var runsOverTime: String {
        var html = ""
        for place in courses.indices {
            guard let result = groups[place * variants.count].results.first,
                let last = result.series.times.last, let first = result.series.times.first
            else { continue }
            let axis = TimeScale(start: first, end: last)
            let series = result.series
            html += "<div class=\"grid-2\"><h3 class=\"wide\">\(courses[place].escaped) · seed "
            html += "\(result.seed)</h3>"
            html += Chart(
                title: "Price", note: "dollars", format: .price(like: series.course.first ?? 1),
                times: series.times,
                traces: [
                    trace("course", "c-last", series.course),
                    trace("index", "c-index", series.index),
                    trace("mark", "c-mark", series.mark),
                ], axis: axis
            ).html()
            html +=
                Chart(
                    title: "Forced", note: "closed in each half minute", format: .money,
                    times: series.times,
                    traces: [
                        trace("on the book", "c-liquidation", series.closedOnBook, .bars),
                        trace("at auction", "c-stable", series.auctioned, .bars),
                        trace("against others", "c-deleveraged", series.deleveraged, .bars),
                    ], includesZero: true, axis: axis
                ).html() + "</div>\n"
        }
        return html
    }

    private func trace(
        _ label: String, _ color: String, _ values: [Int64], _ shape: Chart.Trace.Shape = .line
    ) -> Chart.Trace {
        Chart.Trace(label: label, color: color, shape: shape, values: values)
    }
}

/// What the page adds to the common style.
enum StressPage {
    static let css = """
        .verdicts{list-style:none;margin:16px 0 0;padding:0;display:grid;gap:6px;font-size:14.5px}
        .verdicts .met{color:var(--good)}.verdicts .missed{color:var(--bad)}
        abbr{text-decoration:none;cursor:help}
        h3.wide{grid-column:1/-1;margin:18px 0 0;font-size:15px;font-weight:620}
        .strips{display:grid;grid-template-columns:minmax(90px,max-content) 1fr;gap:1px 12px;
        align-items:center;font-size:12.5px;color:var(--soft);margin-top:6px}
        .strips svg{width:100%;height:15px;background:var(--grid);border-radius:2px}
        .strips .gap{grid-column:1/-1;height:5px}
        .strips .range{fill:var(--c);opacity:.28}.strips .middle{fill:var(--c);opacity:.6}
        .strips .median{fill:var(--ink)}.strips .most{fill:var(--c)}
        .strips .ends{display:flex;justify-content:space-between;color:var(--faint)}

        """
}
