/// The page of a back-test: what it comes to, every test of every estimator in words, every margin
/// of every rule, and charts. One file that asks nobody for anything.

extension BackTestReport {
    /// The whole document. Also well-formed XML.
    package var page: String {
        var html = "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n"
        html += "<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\""
        html += " content=\"width=device-width, initial-scale=1\"/>\n"
        html += "<title>Back-test · Rampart</title>\n<style>\n\(PageStyle.css)"
        html += PortfolioStyle.css + BackTestReport.css + "</style>\n</head>\n<body>\n"
        html += header() + "<main>\n" + tiles()
        html += "<h2>Forecasts over all series</h2>\n<div class=\"card\">\(tallies())</div>\n"
        if !rules.isEmpty {
            html += "<h2>Maintenance margins</h2>\n<div class=\"card\">\(overview())</div>\n"
        }
        html += tabs()
        html += "<footer>Times are UTC. Forecasts are judged two-sided: too careful is as wrong as "
        html += "too careless. Margins are judged one-sided: a floor makes them too careful on "
        html += "purpose; for 99.9 % is what the average would be if the rule were scaled to "
        html += "leave 0.1 % of moves beyond it. Tests: Kupiec 1995 (number), Christoffersen 1998 "
        html += "(clustering, both), Acerbi and Szekely 2014 (size, sum); the interval is a block "
        html += "bootstrap."
        for line in leftOut { html += "<br/>Left out: \(line.escaped)." }
        html += "</footer>\n</main>\n"
        html += "<script>\n/*<![CDATA[*/\n\(PageScript.javaScript)/*]]>*/\n</script>\n"
        return html + "</body>\n</html>\n"
    }

    private static let css = """
        .data .good{color:var(--good)}.data .bad{color:var(--bad);font-weight:600}
        .data .words{white-space:normal;min-width:170px}.data .apart td{border-top-width:2px}
        .chart{margin-bottom:14px}.span+.chart{margin-top:14px}

        """

    private func header() -> String {
        var html = "<header><div>\n<div class=\"brand\"><strong>Rampart</strong>"
        html += "<span>back-test</span></div>\n<h1>What margin foresaw, and what came</h1>\n"
        html += "<p class=\"span\">\(results.count) series · forecasts and margins at "
        html += "\(BackTestText.percent(1 - BackTest.promised, digits: 0)), walked forward · seed "
        html += "\(seed)\(tuned.isEmpty ? "" : " · " + tuned)"
        return html + "</p>\n</div></header>\n"
    }

    private func tiles() -> String {
        let own = rules.first.map(margins) ?? []
        let ratio = own.map(\.record.maintenance.peakToTrough).max() ?? 0
        let low = own.count { $0.record.maintenance.isInsufficient }
        let steepest = own.filter { $0.series.step == BackTestModels.hour }
            .map(\.record.maintenance.steepest).max()
        let tally = tally(estimators.first ?? "")
        let forecasts = results.reduce(0) { $0 + ($1.estimators.first?.long.observations ?? 0) }
        let rows: [(name: String, value: String, note: String, isBad: Bool)] = [
            (
                "Forecasts", ReportText.count(forecasts),
                "\(tally.rejected) of \(tally.tests) tests reject \(estimators.first ?? "")", false
            ),
            (
                "Margins too low", "\(low) of \(own.count)", "maintenance of \(rules.first ?? "")",
                low > 0
            ),
            (
                "Peak over trough", BackTestText.number(ratio) + " ×",
                "the widest maintenance; 4 is wanted", ratio > BackTestText.widest
            ),
            (
                "Steepest hour", steepest.map { BackTestText.percent($0, digits: 1) } ?? "–",
                "rise of a maintenance margin", false
            ),
        ]
        let tiles = rows.map { row in
            "<dl class=\"tile\(row.isBad ? " bad" : "")\"><dt>\(row.name)</dt>"
                + "<dd>\(row.value.escaped)<small>\(row.note.escaped)</small></dd></dl>"
        }
        return "<div class=\"tiles\">\n\(tiles.joined(separator: "\n"))\n</div>\n"
    }

    private func tallies() -> String {
        let rows = estimators.map { name in
            let tally = tally(name)
            return [
                name.escaped, ReportText.count(tally.tests), ReportText.count(tally.doubted),
                BackTestText.number(Double(tally.tests) * BackTest.doubt, digits: 0),
                ReportText.count(tally.rejected),
                BackTestText.number(Double(tally.tests) * BackTest.rejection, digits: 0),
                "\(tally.sound) of \(tally.sides)",
            ]
        }
        let head = [
            "estimator", "tests", "below 5 %", "by chance", "below 1 %", "by chance",
            "sides without rejection",
        ]
        return PortfolioStyle.table(head, rows)
    }

    private func overview() -> String {
        var rows: [[String]] = []
        for result in results where !result.rules.isEmpty {
            var row = ["\(result.series.pair.escaped)<small>\(result.series.stepName)s</small>"]
            for rule in result.rules {
                let record = rule.maintenance
                let kind = record.isInsufficient ? "bad" : "good"
                row.append("<td class=\"\(kind)\">\(BackTestText.percent(record.rate))</td>")
                row.append(BackTestText.percent(record.average, digits: 1))
                row.append(BackTestText.percent(record.priceOfMoreCover, digits: 1))
                row.append(BackTestText.number(record.peakToTrough))
            }
            rows.append(row)
        }
        let columns = rules.flatMap { rule in
            [
                "\(rule.escaped)<br/>beyond", "<br/>average", "<br/>for 99.9 %", "<br/>ratio",
            ]
        }
        return PortfolioStyle.table(["series"] + columns, rows)
    }

    // MARK: Series

    private func tabs() -> String {
        var html = "<h2>Series</h2>\n<div class=\"tabs\" role=\"tablist\">"
        for (place, result) in results.enumerated() {
            html += "<button role=\"tab\" id=\"tab-\(place)\" aria-controls=\"series-\(place)\""
            html += " aria-selected=\"\(place == 0)\" tabindex=\"\(place == 0 ? 0 : -1)\">"
            html += "\(result.series.base.escaped) by \(result.series.stepName)</button>"
        }
        html += "</div>\n"
        for (place, result) in results.enumerated() {
            html += "<section id=\"series-\(place)\" role=\"tabpanel\""
            html += " aria-labelledby=\"tab-\(place)\"\(place == 0 ? "" : " hidden=\"hidden\"")>\n"
            html += "<p class=\"span\">\(result.series.name.escaped) · "
            html += "\(BackTestText.span(result)) · forecasts of "
            html += "\(BackTestText.observations(result)) · twice the promised breaches would be "
            html += "seen with \(BackTestText.percent(BackTestText.power(result), digits: 0))"
            html += "</p>\n" + BackTestCharts(result: result).html()
            html += "<div class=\"card\"><h3>Forecasts</h3>\(tests(result))</div>\n"
            if !result.rules.isEmpty {
                html += "<div class=\"card\"><h3>Margins over "
                html += "\(BackTestText.steps(result.horizon, result.series))</h3>"
                html += "\(margins(result))</div>\n"
            }
            html += "</section>\n"
        }
        return html
    }

    private func tests(_ result: BackTestResult) -> String {
        func cell(_ test: TestResult?) -> String {
            let isBad = test.map { $0.pValue < BackTest.rejection } ?? false
            return "<td\(isBad ? " class=\"bad\"" : "")>"
                + "\(BackTestText.chance(test).escaped)</td>"
        }
        var rows: [[String]] = []
        for estimator in result.estimators {
            for (side, record) in estimator.sides {
                let tests: [TestResult?] = [
                    record.proportion, record.independence, record.conditional,
                    record.shortfall.size, record.shortfall.sum,
                ]
                rows.append(
                    [
                        "\(estimator.name.escaped), \(side)", ReportText.count(record.breaches),
                        BackTestText.percent(record.rate), BackTestText.range(record.interval),
                    ] + tests.map(cell) + ["<td class=\"words\">\(record.verdict)</td>"])
            }
        }
        let head = [
            "estimator, side", "beyond", "rate", "95 % interval", "number", "clustering", "both",
            "size", "sum", "in words",
        ]
        return PortfolioStyle.table(head, rows)
    }

    private func margins(_ result: BackTestResult) -> String {
        var rows: [[String]] = []
        for rule in result.rules {
            for (kind, record) in [("initial", rule.initial), ("maintenance", rule.maintenance)] {
                let verdict = record.isInsufficient ? "bad" : "good"
                rows.append([
                    "\(rule.name.escaped), \(kind)",
                    "\(record.longBreaches) + \(record.shortBreaches)",
                    BackTestText.percent(record.rate), BackTestText.range(record.interval),
                    BackTestText.percent(record.meanExcess),
                    BackTestText.percent(record.largestExcess, digits: 1),
                    BackTestText.percent(record.average, digits: 1),
                    BackTestText.percent(record.priceOfMoreCover, digits: 1),
                    BackTestText.number(record.trough * 100, digits: 1) + "–"
                        + BackTestText.percent(record.peak, digits: 1),
                    BackTestText.number(record.peakToTrough),
                    BackTestText.percent(record.steepest, digits: 1),
                    "<td class=\"\(verdict)\">\(BackTestText.verdict(record))</td>",
                ])
            }
        }
        let head = [
            "rule", "falls + rises beyond", "rate, worse side", "95 % interval", "mean excess",
            "largest", "average", "for 99.9 %", "trough–peak", "ratio",
            "steepest step", "in words",
        ]
        return PortfolioStyle.table(head, rows)
    }
}
