/// Gain and loss of a portfolio over the move of the price: a line for each move of the volatility,
/// tails as far as they count, the worst scenario marked. Drawn like the charts of a replay, in SVG
/// that stretches to any width, labels as text beside it; each point says its numbers when pointed
/// at.

import FixedPoint
import Risk

struct PortfolioChart {
    /// One point.
    private struct Point {
        let x: Int64
        let y: Int64
        let text: String
    }

    /// The points of one move of the volatility.
    private struct Trace {
        let label: String
        let color: String
        let points: [Point]
    }

    /// Tails are drawn up to so many tenths of the largest move that counts in full: the farthest
    /// of some presets would press all else together.
    private static let tailReach: Int64 = 35
    /// Plot units: labels nearer to the left edge stand beside their tick, not below it.
    private static let edge = 150

    private let title: String
    private let traces: [Trace]
    private let tails: [Point]
    private let worst: Point?
    private let horizontal: ChartScale
    private let vertical: ChartScale

    init(_ market: PortfolioMarket) {
        title = "\(market.symbol): gain and loss"
        let profile = market.maintenance
        let grid = ScenarioGrid(profile)
        let full = profile.scenarios.filter { $0.isOnGrid && $0.weight == .one }
        let reach = full.reduce(Int64(0)) { max($0, abs($1.move.units)) }
        traces = grid.columns.enumerated().map { column, shown in
            let places = grid.rows.compactMap { $0.places[column] }
            let points = places.map { profile.scenarios[$0] }.filter { $0.weight == .one }
            return Trace(
                label: shown.title == "unchanged" ? "volatility unchanged" : shown.title,
                color: PortfolioChart.color(shown.volatility),
                points: points.map { PortfolioChart.point($0, profile.factor) })
        }
        tails = profile.scenarios.filter { scenario in
            scenario.isOnGrid && scenario.weight < .one
                && abs(scenario.move.units) <= reach * PortfolioChart.tailReach / 10
        }.map { PortfolioChart.point($0, profile.factor) }
        worst = profile.worst.map { PortfolioChart.point(profile.scenarios[$0], profile.factor) }
        let shown = traces.flatMap(\.points) + tails
        horizontal = ChartScale(shown.map(\.x), includesZero: true, leastSpan: PortfolioChart.span)
        vertical = ChartScale(
            shown.map(\.y), includesZero: true, leastSpan: ValueFormat.money.leastSpan)
    }

    /// A percent, in the units of a ratio.
    private static let span: Int64 = 10_000_000

    private static func color(_ volatility: VolatilityMove) -> String {
        switch volatility {
        case .unchanged: "c-mark"
        case .up: "c-liquidation"
        case .down: "c-safe"
        }
    }

    /// A scenario as it counts, without the factor of the rule; where it counts in full, what the
    /// positions gain.
    private static func point(_ scenario: ScenarioProfit, _ factor: Ratio) -> Point {
        let counted = Int128(scenario.counted.units) * Int128(Ratio.one.units)
        let weighted = Int64(clamping: counted / Int128(max(1, factor.units)))
        let isFull = scenario.weight == .one
        let share = isFull ? "" : ", of which \(PortfolioText.percent(scenario.weight)) count"
        let profit = scenario.profit?.units ?? weighted
        return Point(
            x: scenario.move.units, y: isFull ? profit : weighted,
            text: scenario.text + ": " + PortfolioText.gain(profit) + share)
    }

    /// The figure.
    func html() -> String {
        var html = "<figure class=\"chart tall\">\n<figcaption><h3>\(title.escaped)</h3>"
        html += "<span class=\"note\">over the move of the price, if it happened now</span>"
        html += legend() + "</figcaption>\n<div class=\"frame\"><div class=\"plot still\""
        html += " role=\"img\" aria-label=\"\(title.escaped)\">" + svg() + "</div>\n"
        return html + labels() + "</div>\n</figure>\n"
    }

    private func legend() -> String {
        var html = "<ul class=\"legend\">"
        for trace in traces {
            html += "<li><i class=\"key \(trace.color)\"></i>\(trace.label)</li>"
        }
        if !tails.isEmpty {
            html += "<li><i class=\"key dot c-last\"></i>tails, as far as they count</li>"
        }
        if let worst {
            html += "<li><i class=\"key dot c-bad\"></i>worst: \(worst.text.escaped)</li>"
        }
        return html + "</ul>"
    }

    private func x(_ point: Point) -> Int { ChartScale.extent - horizontal.y(point.x) }

    private func svg() -> String {
        let extent = ChartScale.extent
        var svg = "<svg viewBox=\"0 0 \(extent) \(extent)\" preserveAspectRatio=\"none\""
        svg += " xmlns=\"http://www.w3.org/2000/svg\">"
        let rows = vertical.ticks.map { "M0 \(vertical.y($0))H\(extent)" }.joined()
        let columns = horizontal.ticks.map { "M\(extent - horizontal.y($0)) 0V\(extent)" }.joined()
        svg += "<path class=\"grid\" d=\"\(rows)\(columns)\"/>"
        let middle = extent - horizontal.y(0)
        svg += "<path class=\"zero\" d=\"M0 \(vertical.y(0))H\(extent)M\(middle) 0V\(extent)\"/>"
        for trace in traces where trace.points.count > 1 {
            let path = trace.points.map { "\(x($0)) \(vertical.y($0.y))" }.joined(separator: "L")
            svg += "<path class=\"line \(trace.color)\" d=\"M\(path)\"/>"
        }
        for trace in traces { svg += dots(trace.points, trace.color) }
        svg += dots(tails, "c-last")
        let isShown = worst.map { worst in
            (traces.flatMap(\.points) + tails).contains { $0.x == worst.x && $0.y == worst.y }
        }
        if let worst, isShown == true { svg += dots([worst], "c-bad") }
        return svg + "</svg>"
    }

    private func dots(_ points: [Point], _ color: String) -> String {
        points.map { point in
            "<path class=\"dots \(color)\" d=\"M\(x(point)) \(vertical.y(point.y))h0\"><title>"
                + point.text.escaped + "</title></path>"
        }.joined()
    }

    private func labels() -> String {
        let rows = vertical.ticks.map { tick in
            "<span style=\"top:\(PortfolioChart.place(vertical.y(tick)))\">"
                + ValueFormat.money.axisLabel(tick, step: vertical.step).escaped + "</span>"
        }
        let columns = horizontal.ticks.map { tick in
            let place = ChartScale.extent - horizontal.y(tick)
            let kind = place < PortfolioChart.edge ? "first" : "major"
            let label = PortfolioText.percent(Ratio(units: tick), isSigned: true)
            return "<span class=\"\(kind)\" style=\"left:\(PortfolioChart.place(place))\">"
                + label + "</span>"
        }
        return "<div class=\"rows\">\(rows.joined())</div>"
            + "<div class=\"columns\">\(columns.joined())</div>"
    }

    /// A place in the plot as a share of its width or height.
    private static func place(_ place: Int) -> String {
        "\(place / 100).\(place % 100 < 10 ? "0" : "")\(place % 100)%"
    }
}
