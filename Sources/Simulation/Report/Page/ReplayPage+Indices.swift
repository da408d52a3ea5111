/// Prices on the page: how far each index was from sound venues, the charts of each underlying,
/// what was cut and why, and the breakers over time.

import Documents

extension ReplayPage {
    /// Everything on prices; nothing where nothing was watched.
    func prices() -> String {
        guard !summary.indices.isEmpty else { return "" }
        return "<h2>Indices and venues</h2>\n" + indexTable() + indexSections() + cutTable()
            + breakers()
    }

    private func indexTable() -> String {
        let heads = [
            "Index", "Venues", "Blocks compared", "Withheld", "No sound venue", "Median", "95 %",
            "Worst", "At",
        ]
        var html = "<div class=\"card listed\"><h3>Distance from the median of sound venues</h3>"
        html += PriceTable.head(heads)
        for index in summary.indices {
            let isCompared = index.compared > 0
            html += PriceTable.row(
                index.name,
                [
                    ReportText.count(index.venues.count), ReportText.count(index.compared),
                    ReportText.count(index.withheld), ReportText.count(index.undecided),
                ]
                    + (isCompared
                        ? [index.median, index.high, index.worst].map {
                            ReplayConsole.basisPoints($0) + " bp"
                        } + [ReportText.dateTime(index.worstTime)]
                        : ["–", "–", "–", "–"]))
        }
        html += PriceTable.foot
        html += "<p class=\"note\">Over the blocks in which the index was good enough to liquidate"
        html += " on. Withheld: it was not, though some venue was sound. A venue is sound while it"
        html += " trades, is not frozen, and lies within \(Int(SoundJudge.reach * 100)) % of the"
        html += " median of all that trade, \(Int(SoundJudge.reachOfTwo * 100)) % where there are"
        return html + " but two; the judge is not the oracle, and sees the whole file.</p></div>\n"
    }

    // MARK: Per underlying

    private func indexSections() -> String {
        var html = "<div class=\"tabs below\" role=\"tablist\">"
        for (place, entry) in series.underlyings.enumerated() {
            html += "<button role=\"tab\" id=\"index-tab-\(place)\""
            html += " aria-controls=\"index-\(place)\" aria-selected=\"\(place == 0)\""
            html += " tabindex=\"\(place == 0 ? 0 : -1)\">\(entry.name.escaped)</button>"
        }
        html += "</div>\n"
        for (place, entry) in series.underlyings.enumerated() {
            html += "<section id=\"index-\(place)\" role=\"tabpanel\""
            html += " aria-labelledby=\"index-tab-\(place)\""
            html += "\(place == 0 ? "" : " hidden=\"hidden\"")>\n<div class=\"grid-2\">\n"
            html += IndexCharts(series: entry, axis: axis).html() + "</div>\n"
            if place < summary.indices.count { html += venueTable(summary.indices[place]) }
            html += "</section>\n"
        }
        return html
    }

    /// What the judge said of each venue, in shares of the blocks.
    private func venueTable(_ index: IndexSummary) -> String {
        var html = "<div class=\"card listed\"><h3>\(index.name.escaped): what the judge saw</h3>"
        html += PriceTable.head(["Venue", "Sound", "No trades", "Frozen", "Off"])
        for venue in index.venues {
            let all = max(1, venue.blocks.reduce(0, +))
            let shares = [VenueVerdict.sound, .absent, .frozen, .off].map { verdict in
                let share = Int64(venue.count(of: verdict) * 10_000 / all)
                return ReportText.decimal(share, scale: 2, digits: 1) + " %"
            }
            html += PriceTable.row(venue.name, shares)
        }
        return html + PriceTable.foot + "</div>\n"
    }

    // MARK: What was cut

    private func cutTable() -> String {
        guard !summary.cuts.isEmpty else { return "" }
        var html = "<h2>What was cut and why</h2>\n<div class=\"card listed long\">"
        html += PriceTable.head([
            "Index", "Source", "Reason", "Times", "First", "Last", "In all", "Price said",
        ])
        for cut in summary.cuts {
            html += PriceTable.row(
                cut.underlying,
                [
                    cut.source.isEmpty ? "the index" : cut.source, cut.reason,
                    ReportText.count(cut.count), ReportText.dateTime(cut.first),
                    ReportText.dateTime(cut.last), ReportText.duration(cut.time),
                    cut.price == 0
                        ? "–" : ReportText.decimal(cut.price, scale: 6, digits: 4),
                ])
        }
        return html + PriceTable.foot + "</div>\n"
    }

    // MARK: Breakers

    private func breakers() -> String {
        guard !summary.breakers.isEmpty else { return "" }
        var html = "<h2>Breakers</h2>\n" + BreakerTimeline(summary.breakers, axis: axis).html()
        html += "<details class=\"chart chain listed long\"><summary><b>Every step</b>"
        html += "<span>\(ReportText.count(summary.breakers.count)) stretches above normal</span>"
        html += "</summary>"
        html += PriceTable.head(["Market", "Level", "From", "For", "Trigger", "Measured"])
        for stretch in summary.breakers {
            html += PriceTable.row(
                stretch.market,
                [
                    stretch.level, ReportText.dateTime(stretch.start),
                    ReportText.duration(stretch.end - stretch.start), stretch.trigger,
                    stretch.measure.isEmpty ? "–" : stretch.measure,
                ])
        }
        return html + PriceTable.foot + "</details>\n"
    }
}

/// A table that scrolls in its card: a name, then columns.
enum PriceTable {
    static func head(_ names: [String]) -> String {
        "<div class=\"scroll\"><table><thead><tr>"
            + names.map { "<th>\($0)</th>" }.joined() + "</tr></thead><tbody>\n"
    }

    static func row(_ name: String, _ cells: [String]) -> String {
        "<tr><th scope=\"row\">\(name.escaped)</th>"
            + cells.map { "<td>\($0.escaped)</td>" }.joined() + "</tr>\n"
    }

    static let foot = "</tbody></table></div>"
}
