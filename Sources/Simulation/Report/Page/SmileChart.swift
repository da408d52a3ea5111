/// One smile as HTML: quotes as dots, the curve in force as a line, in the look of `Chart`.
import Documents
import Foundation
import Oracle

/// The picture of one expiry.
struct SmileChart {
    let entry: SurfaceExpiry

    private static let extent = Double(ChartScale.extent)
    /// Air above and below, as a share.
    private static let air = 0.08
    /// The same at the sides.
    private static let sideAir = 0.03

    /// The figure.
    func html() -> String {
        let near = entry.smile.quotes.filter(\.isNear)
        let shown = near.map(\.volatility) + entry.smile.curve.map(\.volatility)
        let days = Double(entry.expiry - entry.time) / Double(TimeText.day)
        var html =
            "<figure class=\"chart smile\">\n<figcaption><h3>\(ReportText.date(entry.expiry))"
        html += "</h3><span class=\"note\">"
        html += days < 10 ? String(format: "%.1f", days) : String(format: "%.0f", days)
        html += " days · \(source)</span></figcaption>\n"
        guard let low = shown.min(), let high = shown.max(), near.count > 1,
            let first = entry.smile.curve.first?.moneyness,
            let last = entry.smile.curve.last?.moneyness, last > first
        else { return html + "<p class=\"note\">too few quotes to draw</p></figure>\n" }
        let room = max(high - low, 0.01) * SmileChart.air
        let margin = (last - first) * SmileChart.sideAir
        let frame = Frame(
            left: first - margin, right: last + margin, low: low - room, high: high + room)
        html +=
            "<div class=\"frame\"><div class=\"plot\" role=\"img\" aria-label=\"Volatilities of "
        html += "\(ReportText.date(entry.expiry)) over log-moneyness\">"
        html += svg(near, frame) + "</div>" + labels(frame) + "</div>\n"
        let figures = ErrorFigures(entry.errors)
        html += "<p class=\"note\">error \(SurfaceConsole.number(figures.median)) · 95 % "
        html += "\(SurfaceConsole.number(figures.high)) · max "
        html += "\(SurfaceConsole.number(figures.most)) points, \(figures.count) quotes</p>\n"
        return html + "</figure>\n"
    }

    private var source: String {
        switch entry.source {
        case .medians?: "medians"
        case .medoid?: "medoid"
        case nil: "held: last curve"
        }
    }

    /// What the plot covers: ln(K/F) and volatility.
    private struct Frame {
        let left: Double
        let right: Double
        let low: Double
        let high: Double

        func x(_ moneyness: Double) -> Int {
            Int((moneyness - left) / (right - left) * SmileChart.extent)
        }

        func y(_ volatility: Double) -> Int {
            let place = (high - volatility) / (high - low) * SmileChart.extent
            return Int(min(max(place, 0), SmileChart.extent))
        }

        /// Round volatilities, a few of them.
        var rows: [Double] {
            SmileChart.ticks(low, high, steps: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2])
        }

        /// Round moneyness, a few of them.
        var columns: [Double] {
            SmileChart.ticks(
                left, right, steps: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1])
        }
    }

    /// Multiples of the first step that gives at most five of them.
    private static func ticks(_ low: Double, _ high: Double, steps: [Double]) -> [Double] {
        let step = steps.first { (high - low) / $0 <= 5 } ?? (high - low) / 4
        return stride(from: (low / step).rounded(.up) * step, through: high, by: step).map { $0 }
    }

    private func svg(
        _ quotes: [(moneyness: Double, volatility: Double, isNear: Bool)], _ frame: Frame
    ) -> String {
        let extent = ChartScale.extent
        var svg = "<svg viewBox=\"0 0 \(extent) \(extent)\" preserveAspectRatio=\"none\""
        svg += " xmlns=\"http://www.w3.org/2000/svg\" aria-hidden=\"true\">"
        let rows = frame.rows.map { "M0 \(frame.y($0))H\(extent)" }.joined()
        let columns = frame.columns.map { "M\(frame.x($0)) 0V\(extent)" }.joined()
        svg += "<path class=\"grid\" d=\"\(rows)\(columns)\"/>"
        let curve = entry.smile.curve.map { "\(frame.x($0.moneyness)) \(frame.y($0.volatility))" }
        let dots = quotes.map { "M\(frame.x($0.moneyness)) \(frame.y($0.volatility))h0" }
        let nodes = entry.smile.nodes.map {
            "M\(frame.x($0.moneyness)) \(frame.y($0.volatility))h0"
        }
        svg += "<path class=\"dots quotes c-index\" d=\"\(dots.joined())\"/>"
        svg += "<path class=\"line c-mark\" d=\"M\(curve.joined(separator: "L"))\"/>"
        svg += "<path class=\"dots nodes c-mark\" d=\"\(nodes.joined())\"/>"
        return svg + "</svg>"
    }

    private func labels(_ frame: Frame) -> String {
        let rows = frame.rows.map { row in
            "<span style=\"top:\(share(frame.y(row)))\">\(Int((row * 100).rounded())) %</span>"
        }
        let columns = frame.columns.map { column in
            let place = frame.x(column)
            let isAtEdge = place < 600 ? " class=\"first\"" : ""
            return "<span\(isAtEdge) style=\"left:\(share(place))\">"
                + String(format: abs(column) < 1e-9 ? "0" : "%+.3g", column) + "</span>"
        }
        return "<div class=\"rows\">\(rows.joined())</div>"
            + "<div class=\"columns\">\(columns.joined())</div>"
    }

    private func share(_ place: Int) -> String { String(format: "%.2f%%", Double(place) / 100) }
}
