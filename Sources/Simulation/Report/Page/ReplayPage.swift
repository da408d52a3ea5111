/// The HTML page of a replay: one file that asks nobody for anything. Headline numbers, charts per
/// market, charts over all accounts, what was refused, and how to check the result.

/// Builds the page.
package struct ReplayPage {
    let summary: ReplaySummary
    let series: ReplaySeries
    let axis: TimeScale

    /// A page for one finished replay.
    package init(summary: ReplaySummary, series: ReplaySeries) {
        self.summary = summary
        self.series = series
        axis = TimeScale(start: summary.start, end: summary.end)
    }

    /// The whole document. Also well-formed XML.
    package func html() -> String {
        var html = "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n"
        html += "<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\""
        html += " content=\"width=device-width, initial-scale=1\"/>\n"
        html += "<title>\(title.escaped) · Rampart</title>\n<style>\n\(PageStyle.css)</style>\n"
        html += "</head>\n<body>\n" + header() + "<main>\n" + tiles() + marketCharts()
        html += prices() + options() + ledgerCharts() + details() + check()
        html += "<footer>Times are UTC. Money is in the quote currency.</footer>\n</main>\n"
        html += "<script>\n/*<![CDATA[*/\n\(PageScript.javaScript)/*]]>*/\n</script>\n"
        return html + "</body>\n</html>\n"
    }

    private var title: String {
        let days = ReportText.date(summary.start)
        let lastDay = ReportText.date(summary.end > 0 ? summary.end - 1 : 0)
        return "Replay of \(days == lastDay ? days : days + " to " + lastDay)"
    }

    // MARK: Head

    private func header() -> String {
        let shield =
            "<svg viewBox=\"0 0 20 20\" xmlns=\"http://www.w3.org/2000/svg\" aria-hidden=\"true\">"
            + "<path fill=\"currentColor\" d=\"M2 3h3v2h2V3h2v2h2V3h2v2h2V3h3v7c0 4-3 6-8 8"
            + "-5-2-8-4-8-8z\"/></svg>"
        var html = "<header><div>\n<div class=\"brand\">\(shield)<strong>Rampart</strong>"
        html += "<span>replay · chain \(summary.chain.escaped)</span></div>\n"
        html += "<h1>\(title.escaped)</h1>\n<p class=\"span\">"
        html += "\(ReportText.dateTime(summary.start)) to \(ReportText.dateTime(summary.end)) UTC"
        html += " · \(plural(summary.markets.count, "market"))"
        html += " · \(plural(summary.traders, "trader")) · seed \(summary.seed)</p>\n"
        html += "<div class=\"verdict\">"
        html +=
            summary.conserved
            ? "<span class=\"badge\">✓ Money conserved in every block</span>"
            : "<span class=\"badge bad\">✗ Money not conserved</span>"
        html += "<span class=\"root\">State root <code id=\"root\">"
        html += "\(summary.stateRoot.escaped)</code>"
        html += "<button class=\"copy\" data-copy=\"root\">copy</button></span></div>\n"
        return html + "</div></header>\n"
    }

    private func tiles() -> String {
        let liquidated = ReportText.compactMoney(summary.liquidatedNotional) + " in the book"
        let rows: [(name: String, value: String, note: String, isBad: Bool)] = [
            (
                "Volume", ReportText.compactMoney(summary.volume),
                plural(summary.trades, "trade"), false
            ),
            (
                "Orders", ReportText.compact(Int64(summary.orders), scale: 0),
                plural(summary.blocks, "block"), false
            ),
            ("Fees", ReportText.compactMoney(summary.fees), "makers and takers", false),
            ("Liquidations", ReportText.count(summary.liquidations), liquidated, false),
            (
                "Deleveraged", ReportText.count(summary.deleveraged),
                ReportText.compactMoney(summary.deleveragedNotional), false
            ),
            (
                "Bad debt", ReportText.money(summary.badDebt),
                summary.badDebt == 0 ? "every loss was covered" : "not covered",
                summary.badDebt != 0
            ),
            ("Insurance fund", ReportText.compactMoney(summary.insuranceFund), fundNote, false),
            (
                "Speed", ReportText.compact(Int64(summary.ordersPerSecond), scale: 0) + "/s",
                "orders, \(ReportText.duration(summary.wallNanoseconds)) in all", false
            ),
        ]
        let tiles = rows.map { row in
            "<dl class=\"tile\(row.isBad ? " bad" : "")\"><dt>\(row.name)</dt>"
                + "<dd>\(row.value.escaped)<small>\(row.note.escaped)</small></dd></dl>"
        }
        return "<div class=\"tiles\">\n\(tiles.joined(separator: "\n"))\n</div>\n"
    }

    private var fundNote: String {
        guard let first = fundedLedger.first else { return "at the end" }
        let change = summary.insuranceFund - first.insuranceFund
        return (change < 0 ? "" : "+") + ReportText.compactMoney(change) + " since the start"
    }

    // MARK: Foot

    private func details() -> String {
        let shown = ReplayConsole.sortedRefusals(summary)
        var html = "<h2>Details</h2>\n<div class=\"grid-2\">\n"
        html += "<div class=\"card\"><h3>The run</h3><table>"
        var rows: [(String, String)] = [
            ("Blocks per second", ReportText.count(summary.blocksPerSecond)),
            ("Price observations", ReportText.count(summary.observations)),
            (
                "Peak leverage of an account",
                ReportText.decimal(summary.peakLeverage, scale: 6, digits: 2) + "×"
            ),
        ]
        if let worst = summary.worstAccount {
            rows.append(("Worst account", "\(worst.account) (\(worst.kind))"))
            rows.append(("… its equity", ReportText.money(worst.equity)))
            rows.append(("… its profit", ReportText.money(worst.profit)))
        }
        html += table(rows) + "</table></div>\n"
        html += "<div class=\"card\"><h3>Commands refused, by reason</h3><table>"
        html += table(
            shown.isEmpty
                ? [("None", "0")] : shown.map { ($0.name, ReportText.count($0.count)) })
        return html + "</table></div>\n</div>\n"
    }

    private func table(_ rows: [(String, String)]) -> String {
        rows.map { name, value in
            "<tr><th scope=\"row\">\(name.escaped)</th><td>\(value.escaped)</td></tr>"
        }.joined()
    }

    private func check() -> String {
        let command = (["rampart-lab"] + summary.arguments).map(\.shellQuoted)
        var html = "<h2>How to check this</h2>\n<div class=\"card check\">\n"
        html += "<p>The engine is deterministic: the same genesis, prices and seed give the same"
        html += " blocks and the same state root on any machine. Run this and compare the root:"
        html += "</p>\n<pre><code>\(command.joined(separator: " ").escaped)</code></pre>\n"
        html += "<p>It must end with <b>state root</b> <code>\(summary.stateRoot.escaped)</code>."
        html += " After every block the engine compared what accounts, funds and queues are owed"
        html += " with what the vaults hold: "
        html +=
            summary.conserved
            ? "they were equal every time, to the last micro-unit.</p>\n"
            : "<b>they differed, so this result must not be trusted.</b></p>\n"
        return html + "</div>\n"
    }

    private func plural(_ count: Int, _ noun: String) -> String {
        "\(ReportText.count(count)) \(noun)\(count == 1 ? "" : "s")"
    }
}

extension String {
    /// Fit to be one word of a shell command.
    fileprivate var shellQuoted: String {
        let isPlain =
            !isEmpty
            && utf8.allSatisfy { byte in
                (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a)
                    || [0x2b, 0x2c, 0x2d, 0x2e, 0x2f, 0x3a, 0x3d, 0x5f].contains(byte)
            }
        return isPlain
            ? self
            : "'"
                + split(separator: "'", omittingEmptySubsequences: false)
                .joined(separator: "'\\''") + "'"
    }
}
