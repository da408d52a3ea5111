/// Distributions over seeds as strips: for each crash and variant the range of most seeds, the
/// middle half, the median and the farthest.

/// One figure: a measure of all groups.
struct StressStrips {
    private static let width: Int64 = 1_000
    /// Variants drawn, at most: the eye compares few.
    private static let mostVariants = 4

    private let report: StressReport
    private let measure: StressReport.Measure
    private let largest: Int64

    init(_ report: StressReport, _ measure: StressReport.Measure) {
        self.report = report
        self.measure = measure
        let shown = min(report.variants.count, StressStrips.mostVariants)
        largest = max(
            1,
            report.groups.enumerated().filter { $0.offset % report.variants.count < shown }
                .map { $0.element.distribution(measure.value).largest }.max() ?? 1)
    }

    private var colors: [String] { ["c-mark", "c-liquidation", "c-index", "c-deleveraged"] }

    var html: String {
        let shown = min(report.variants.count, StressStrips.mostVariants)
        var html = "<figure class=\"chart\"><figcaption><h3>\(measure.name.escaped)</h3>"
        html += "<span class=\"note\">\(measure.note.escaped)</span><ul class=\"legend\">"
        for place in 0..<shown {
            html += "<li><i class=\"key \(colors[place])\"></i>"
            html += "\(report.variants[place].name.escaped)</li>"
        }
        html += "</ul></figcaption><div class=\"strips\">"
        for (place, course) in report.courses.enumerated() {
            for variant in 0..<shown {
                let group = report.groups[place * report.variants.count + variant]
                html += "<span>\(variant == 0 ? course.escaped : "")</span>"
                html += strip(group, colors[variant])
            }
            html += "<span class=\"gap\"></span>"
        }
        html += "<span></span><span class=\"ends\"><span>\(measure.text(0).escaped)</span><span>"
        return html + "\(measure.text(largest).escaped)</span></span></div></figure>\n"
    }

    private func strip(_ group: StressGroup, _ color: String) -> String {
        let values = group.distribution(measure.value)
        let title =
            "\(group.course), \(group.variant.name): median \(measure.text(values.median)), 95 of "
            + "100 at most \(measure.text(values.quantile(95))), largest "
            + measure.text(values.largest)
        var svg = "<svg class=\"\(color)\" viewBox=\"0 0 \(StressStrips.width) 15\""
        svg += " preserveAspectRatio=\"none\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\">"
        svg += "<title>\(title.escaped)</title>"
        svg += bar("range", from: values.quantile(5), to: values.quantile(95), top: 3, height: 9)
        svg += bar("middle", from: values.quantile(25), to: values.quantile(75), top: 3, height: 9)
        svg += mark("median", at: values.median) + mark("most", at: values.largest)
        return svg + "</svg>"
    }

    private func x(_ value: Int64) -> Int64 {
        Int64(
            clamping: Int128(max(0, min(value, largest))) * Int128(StressStrips.width)
                / Int128(largest))
    }

    private func bar(
        _ kind: String, from low: Int64, to high: Int64, top: Int, height: Int
    ) -> String {
        "<rect class=\"\(kind)\" x=\"\(x(low))\" y=\"\(top)\" width=\"\(max(1, x(high) - x(low)))\""
            + " height=\"\(height)\"/>"
    }

    private func mark(_ kind: String, at value: Int64) -> String {
        "<rect class=\"\(kind)\" x=\"\(min(x(value), StressStrips.width - 4))\" y=\"1\""
            + " width=\"4\" height=\"13\"/>"
    }
}
