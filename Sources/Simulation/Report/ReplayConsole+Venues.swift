/// Indices, cut prices and breakers on the terminal.

import Documents

extension ReplayConsole {
    private static let mostIndices = 12
    private static let mostCuts = 16
    private static let mostBreakers = 12

    /// The rows on prices: the worst indices, the longest cuts and the longest stops first.
    static func priceRows(_ summary: ReplaySummary) -> [(String, String)] {
        let indices = summary.indices.sorted { ($1.worst, $0.name) < ($0.worst, $1.name) }
        var rows = indices.prefix(mostIndices).map { ("index " + $0.name, line($0)) }
        if let more = rest(indices.count, mostIndices) { rows.append(("", more)) }
        let cuts = summary.cuts.sorted { $0.time > $1.time }
        rows += cuts.prefix(mostCuts).map { cut in
            ("cut " + cut.underlying, "\(cut.source.isEmpty ? "index" : cut.source): \(line(cut))")
        }
        if let more = rest(cuts.count, mostCuts) { rows.append(("", more)) }
        let breakers = summary.breakers.sorted { $0.end - $0.start > $1.end - $1.start }
        rows += breakers.prefix(mostBreakers).map { ("breaker " + $0.market, line($0)) }
        if let more = rest(breakers.count, mostBreakers) { rows.append(("", more)) }
        return rows
    }

    private static func rest(_ count: Int, _ shown: Int) -> String? {
        count > shown ? "and \(ReportText.count(count - shown)) more: see the page" : nil
    }

    /// How far an index was off, on one line.
    static func line(_ index: IndexSummary) -> String {
        var text = "\(index.venues.count) venue\(index.venues.count == 1 ? "" : "s"); "
        if index.compared == 0 {
            text += "never compared"
        } else {
            text += "off by \(basisPoints(index.median)) bp (median), "
            text += "\(basisPoints(index.high)) (95 %), \(basisPoints(index.worst)) at "
            text += "\(ReportText.dateTime(index.worstTime))"
        }
        if index.withheld > 0 { text += "; withheld in \(ReportText.count(index.withheld)) blocks" }
        return text
    }

    /// When a price did not count, on one line.
    static func line(_ cut: PriceCut) -> String {
        var text = "\(cut.reason) \(ReportText.count(cut.count))×, "
        text += "\(ReportText.dateTime(cut.first)) to \(ReportText.dateTime(cut.last)), "
        text += "\(ReportText.duration(cut.time)) in all"
        if cut.price != 0 {
            text += ", said " + ReportText.decimal(cut.price, scale: 6, digits: 4)
        }
        return text
    }

    /// A level and its reason, on one line.
    static func line(_ stretch: BreakerStretch) -> String {
        var text = "\(stretch.level) \(ReportText.dateTime(stretch.start)) for "
        text += "\(ReportText.duration(stretch.end - stretch.start)): \(stretch.trigger)"
        if !stretch.measure.isEmpty { text += " (\(stretch.measure))" }
        return text
    }

    /// 10⁻² basis points in words.
    static func basisPoints(_ value: Int64) -> String {
        ReportText.decimal(value, scale: 2, digits: value < 10_000 ? 2 : 0)
    }
}
