/// One chart as HTML: a plot in SVG that stretches to any width, and its labels as text beside it,
/// so that they stay sharp and readable on a narrow screen. Values for the crosshair stand in a
/// JSON block inside the figure.

import Documents

/// What a chart shows.
struct Chart {
    /// One line, area or row of bars.
    struct Trace {
        enum Shape {
            case line
            case area
            /// Bars from zero; later bars of the same chart stand on earlier ones.
            case bars
        }

        let label: String
        /// A colour class of `PageStyle`: `c-mark`, `c-index` and so on.
        let color: String
        let shape: Shape
        /// One per time; nil breaks the line.
        let values: [Int64?]
    }

    /// A dot that marks an event.
    struct Dot {
        let time: UInt64
        let value: Int64
        let color: String
    }

    /// Plot units: labels nearer to the left edge stand beside their tick, not below it.
    private static let edge = 150

    let title: String
    /// The unit and what is shown, in a few words.
    let note: String
    let format: ValueFormat
    /// Nanoseconds since 1970, or what else the axis counts; rising, one per value.
    let times: [UInt64]
    let traces: [Trace]
    var dots: [Dot] = []
    /// Label and colour of the dots for the legend.
    var dotLegend: [(label: String, color: String)] = []
    var includesZero = false
    /// Over both columns.
    var isWide = false
    /// Over both columns and higher.
    var isTall = false
    /// Where a dashed line stands.
    var marks: [UInt64] = []
    /// What the crosshair says of each place in `times` where these are no times.
    var names: [String] = []
    /// The place whose values are shown while nobody points; nil for the last.
    var restPlace: Int?
    /// Values outside are drawn at the edge; nil shows all.
    var limits: ClosedRange<Int64>?
    /// Points drawn of a trace, at most.
    var mostPoints = Thinning.mostPoints
    let axis: any HorizontalScale

    /// The figure.
    func html() -> String {
        let scale = ChartScale(
            shownValues, includesZero: includesZero, leastSpan: format.leastSpan)
        var html = "<figure class=\"chart\(isTall ? " tall" : isWide ? " wide" : "")\">\n"
        html += "<figcaption><h3>\(title.escaped)</h3><span class=\"note\">\(note.escaped)</span>"
        html += legend() + "</figcaption>\n"
        html += "<div class=\"frame\"><div class=\"plot\" tabindex=\"0\" role=\"img\""
        html += " aria-label=\"\(title.escaped): \(note.escaped)\">"
        html += svg(scale) + "<i class=\"cross\"></i><b class=\"when\"></b></div>\n"
        html += verticalLabels(scale) + horizontalLabels() + "</div>\n"
        html += "<script type=\"application/json\">\(script())</script>\n</figure>\n"
        return html
    }

    /// All values that must fit, bars summed.
    private var shownValues: [Int64] {
        let isStacked = traces.contains { $0.shape == .bars }
        guard isStacked else {
            let values = traces.flatMap { $0.values.compactMap { $0 } } + dots.map(\.value)
            guard let limits else { return values }
            return values.map { min(max($0, limits.lowerBound), limits.upperBound) }
        }
        return times.indices.map { place in
            traces.reduce(0) { $0 + ($1.values[place] ?? 0) }
        }
    }

    private func legend() -> String {
        var html = "<ul class=\"legend\">"
        for trace in traces {
            html += "<li><i class=\"key \(trace.color)\"></i>\(trace.label.escaped)"
            html += " <output></output></li>"
        }
        for dot in dotLegend {
            html += "<li><i class=\"key dot \(dot.color)\"></i>\(dot.label.escaped)</li>"
        }
        return html + "</ul>"
    }

    // MARK: The plot

    private func svg(_ scale: ChartScale) -> String {
        let extent = ChartScale.extent
        var svg = "<svg viewBox=\"0 0 \(extent) \(extent)\" preserveAspectRatio=\"none\""
        svg += " xmlns=\"http://www.w3.org/2000/svg\" aria-hidden=\"true\">"
        let rows = scale.ticks.map { "M0 \(scale.y($0))H\(extent)" }.joined()
        let columns = axis.ticks.map { "M\($0.x) 0V\(extent)" }.joined()
        svg += "<path class=\"grid\" d=\"\(rows)\(columns)\"/>"
        if scale.low < 0 && scale.high > 0 {
            svg += "<path class=\"zero\" d=\"M0 \(scale.y(0))H\(extent)\"/>"
        }
        if !marks.isEmpty {
            let lines = marks.map { "M\(axis.x($0)) 0V\(extent)" }.joined()
            svg += "<path class=\"marked\" d=\"\(lines)\"/>"
        }
        var bases = [Int64](repeating: 0, count: times.count)
        for trace in traces {
            switch trace.shape {
            case .bars: svg += bars(trace, scale, bases: &bases)
            case .area: svg += area(trace, scale) + line(trace, scale)
            case .line: svg += line(trace, scale)
            }
        }
        for color in Set(dots.map(\.color)).sorted() {
            let marks = dots.filter { $0.color == color }.map { dot in
                "M\(axis.x(dot.time)) \(scale.y(dot.value))h0"
            }
            svg += "<path class=\"dots \(color)\" d=\"\(marks.joined())\"/>"
        }
        return svg + "</svg>"
    }

    /// Stretches of neighbouring known values, as lists of points.
    private func stretches(_ trace: Trace, _ scale: ChartScale) -> [[(x: Int, y: Int)]] {
        let gap = longestStep
        var stretches: [[(x: Int, y: Int)]] = []
        var current: [(x: Int, y: Int)] = []
        var lastTime: UInt64 = 0
        for place in Thinning.indices(of: trace.values, limit: mostPoints) {
            let value = trace.values[place]
            if value == nil || times[place] - min(lastTime, times[place]) > gap {
                if !current.isEmpty { stretches.append(current) }
                current = []
            }
            if let value { current.append((axis.x(times[place]), scale.y(value))) }
            lastTime = times[place]
        }
        return current.isEmpty ? stretches : stretches + [current]
    }

    /// Nanoseconds after which a line is broken: far beyond the usual step between drawn samples.
    private var longestStep: UInt64 {
        let steps = zip(times.dropFirst(), times).map { $0 - min($1, $0) }.sorted()
        guard !steps.isEmpty else { return UInt64.max }
        let drawn = UInt64(max(1, times.count / mostPoints + 1))
        return max(steps[steps.count / 2], 1) * 12 * drawn
    }

    private func line(_ trace: Trace, _ scale: ChartScale) -> String {
        let path = stretches(trace, scale).map { points in
            // A lone point is drawn as a dot by its round cap.
            points.count == 1
                ? "M\(points[0].x) \(points[0].y)h0"
                : "M" + points.map { "\($0.x) \($0.y)" }.joined(separator: "L")
        }
        return "<path class=\"line \(trace.color)\" d=\"\(path.joined())\"/>"
    }

    private func area(_ trace: Trace, _ scale: ChartScale) -> String {
        let base = scale.y(max(scale.low, min(0, scale.high)))
        let path = stretches(trace, scale).filter { $0.count > 1 }.map { points in
            "M\(points[0].x) \(base)L"
                + points.map { "\($0.x) \($0.y)" }.joined(separator: "L")
                + "L\(points[points.count - 1].x) \(base)Z"
        }
        return "<path class=\"area \(trace.color)\" d=\"\(path.joined())\"/>"
    }

    private func bars(_ trace: Trace, _ scale: ChartScale, bases: inout [Int64]) -> String {
        let width = max(4, ChartScale.extent / max(times.count, 1) * 7 / 10)
        var path = ""
        for (place, value) in trace.values.enumerated() {
            guard let value, value != 0 else { continue }
            let bottom = scale.y(bases[place])
            bases[place] += value
            // A bar that is not zero is never thinner than one hundredth of the plot.
            let top = min(scale.y(bases[place]), max(bottom - 60, 0))
            let left = axis.x(times[place]) - width / 2
            path += "M\(left) \(bottom)V\(top)h\(width)V\(bottom)Z"
        }
        return "<path class=\"bars \(trace.color)\" d=\"\(path)\"/>"
    }

    // MARK: Labels

    private func verticalLabels(_ scale: ChartScale) -> String {
        let labels = scale.ticks.map { tick in
            "<span style=\"top:\(percent(scale.y(tick)))\">"
                + format.axisLabel(tick, step: scale.step).escaped + "</span>"
        }
        return "<div class=\"rows\">\(labels.joined())</div>"
    }

    private func horizontalLabels() -> String {
        let labels = axis.ticks.map { tick in
            "<span class=\"\(tick.x < Chart.edge ? "first" : tick.isMinor ? "minor" : "major")\""
                + " style=\"left:\(percent(tick.x))\">"
                + tick.label + "</span>"
        }
        return "<div class=\"columns\">\(labels.joined())</div>"
    }

    private func percent(_ place: Int) -> String {
        ReportText.decimal(Int64(place), scale: 2, digits: 2).replacingMinus + "%"
    }

    // MARK: Values for the crosshair

    /// The format, the ends of the axis in seconds, the times as steps in seconds, and the values.
    private func script() -> String {
        let kept = Thinning.indices(of: traces.first?.values ?? [], limit: mostPoints)
        var last: UInt64 = 0
        let steps = kept.map { place in
            let seconds = times[place] / axis.unit
            defer { last = seconds }
            return String(seconds - last)
        }
        let values = traces.map { trace in
            let numbers = kept.map { place in
                trace.values[place].map { String(format.scriptValue($0)) } ?? "null"
            }
            return "[" + numbers.joined(separator: ",") + "]"
        }
        let ends = "\(axis.start / axis.unit),\(axis.end / axis.unit)"
        var own = ""
        if !names.isEmpty {
            own += ",\"l\":[" + kept.map { JSONWriter.quoted(names[$0]) }.joined(separator: ",")
            own += "]"
        }
        if let place = restPlace.flatMap({ kept.firstIndex(of: $0) }) { own += ",\"r\":\(place)" }
        return "{\"f\":\(format.script),\"a\":[\(ends)],\"t\":[\(steps.joined(separator: ","))],"
            + "\"v\":[\(values.joined(separator: ","))]\(own)}"
    }
}

extension String {
    /// Fit to stand between tags and in attributes.
    var escaped: String {
        var text = ""
        for character in self {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.append(character)
            }
        }
        return text
    }

    /// With an ASCII minus, for style sheets.
    fileprivate var replacingMinus: String { String(map { $0 == "−" ? "-" : $0 }) }
}
