/// The breakers of all markets over time: a row per market, a bar per stretch, darker the less may
/// be done.

/// Draws levels over time.
struct BreakerTimeline {
    private static let levels = 3
    /// A bar is never thinner than this, in plot units of `ChartScale.extent`.
    private static let leastWidth = 18

    private let stretches: [BreakerStretch]
    private let axis: TimeScale
    /// In order of the first stretch.
    private let markets: [String]

    init(_ stretches: [BreakerStretch], axis: TimeScale) {
        self.stretches = stretches
        self.axis = axis
        var markets: [String] = []
        for stretch in stretches where !markets.contains(stretch.market) {
            markets.append(stretch.market)
        }
        self.markets = markets
    }

    /// The figure.
    func html() -> String {
        var html = "<figure class=\"chart breakers\">\n<figcaption><h3>Levels over time</h3>"
        html += "<span class=\"note\">above normal, by market</span>" + legend()
        html += "</figcaption>\n<div class=\"lanes\">\n"
        for market in markets {
            html += "<div class=\"lane\"><span>\(market.escaped)</span>\(bars(of: market))</div>\n"
        }
        let labels = axis.ticks.map { tick in
            "<span class=\"\(tick.isMinor ? "minor" : "major")\" style=\"left:"
                + "\(percent(tick.x))\">\(tick.label)</span>"
        }
        html += "<div class=\"lane\"><span></span><div class=\"times\">\(labels.joined())</div>"
        return html + "</div>\n</div>\n</figure>\n"
    }

    private func legend() -> String {
        var names = [String?](repeating: nil, count: BreakerTimeline.levels + 1)
        for stretch in stretches where names.indices.contains(stretch.severity) {
            names[stretch.severity] = stretch.level
        }
        let entries = names.enumerated().compactMap { severity, name in
            name.map { "<li><i class=\"key level-\(severity)\"></i>\($0.escaped)</li>" }
        }
        return "<ul class=\"legend\">\(entries.joined())</ul>"
    }

    private func bars(of market: String) -> String {
        let extent = ChartScale.extent
        var svg = "<svg viewBox=\"0 0 \(extent) 10\" preserveAspectRatio=\"none\""
        svg +=
            " xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"\(market.escaped)\">"
        for stretch in stretches where stretch.market == market {
            let left = axis.x(stretch.start)
            let width = max(BreakerTimeline.leastWidth, axis.x(stretch.end) - left)
            svg += "<rect class=\"level-\(stretch.severity)\" x=\"\(left)\" y=\"0\""
            svg += " width=\"\(width)\" height=\"10\"><title>"
            svg += ReplayConsole.line(stretch).escaped + "</title></rect>"
        }
        return svg + "</svg>"
    }

    private func percent(_ place: Int) -> String {
        ReportText.decimal(Int64(place), scale: 2, digits: 2) + "%"
    }
}
