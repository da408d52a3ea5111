/// The charts of one series: what the market did against what was forecast and what was asked for,
/// and how margins rose and fell.

/// Draws one result.
struct BackTestCharts {
    /// Points of a line: there are many lines.
    private static let mostPoints = 700
    /// 10⁻⁴ of a percent, shown with two decimals.
    private static let percent = ValueFormat(
        prefix: "", suffix: " %", scale: 4, decimals: 2, isCompact: false)
    private static let multiple = ValueFormat(
        prefix: "", suffix: " ×", scale: 4, decimals: 2, isCompact: false)

    let result: BackTestResult

    /// All charts.
    func html() -> String {
        var html = forecastChart()
        guard let own = result.rules.first else { return html }
        html += marginChart(own) + multipleChart()
        return html
    }

    private func axis(_ places: [Int]) -> TimeScale {
        let times = result.series.times
        return TimeScale(start: times[places.first ?? 0], end: times[places.last ?? 0])
    }

    private static func units(_ share: Double) -> Int64 { Int64((share * 1e6).rounded()) }

    private static func line(_ label: String, _ color: String, _ values: [Double]) -> Chart.Trace {
        Chart.Trace(label: label, color: color, shape: .line, values: values.map(units))
    }

    private func forecastChart() -> String {
        let series = result.series
        let places = result.forecasts.map(\.place)
        let forecasts = result.forecasts.map(\.forecasts)
        let changes = places.map { series.logarithmicChange(result.forecastHorizon, to: $0) }
        var dots: [Chart.Dot] = []
        for (place, (change, forecast)) in zip(places, zip(changes, forecasts))
        where -change > forecast.long.quantile || change > forecast.short.quantile {
            dots.append(
                Chart.Dot(
                    time: series.times[place], value: Self.units(change), color: "c-liquidation"))
        }
        let name = result.estimators.first?.name ?? ""
        return Chart(
            title: "\(series.pair): returns and the 1 % tails forecast for them",
            note: "\(name), logarithmic returns over "
                + BackTestText.steps(result.forecastHorizon, series),
            format: Self.percent, times: places.map { series.times[$0] },
            traces: [
                Self.line("return", "c-last", changes),
                Self.line("value at risk, falls", "c-mark", forecasts.map { -$0.long.quantile }),
                Self.line("shortfall, falls", "c-index", forecasts.map { -$0.long.shortfall }),
                Self.line("value at risk, rises", "c-mark", forecasts.map(\.short.quantile)),
                Self.line("shortfall, rises", "c-index", forecasts.map(\.short.shortfall)),
            ],
            dots: dots, dotLegend: [("beyond value at risk", "c-liquidation")], isTall: true,
            mostPoints: Self.mostPoints, axis: axis(places)
        ).html()
    }

    private func marginChart(_ rule: BackTestResult.RuleRecord) -> String {
        let series = result.series
        let places = rule.moves.map(\.place)
        let changes = places.map { series.change(result.horizon, to: $0 + result.horizon) ?? 0 }
        let maintenance = rule.moves.map(\.moves.maintenance)
        let initial = rule.moves.map { $0.moves.initial * result.initialFactor }
        var dots: [Chart.Dot] = []
        for (place, (change, margin)) in zip(places, zip(changes, maintenance))
        where abs(change) > margin {
            dots.append(
                Chart.Dot(
                    time: series.times[place], value: Self.units(change), color: "c-liquidation"))
        }
        return Chart(
            title: "\(series.pair): moves and the margin asked for them",
            note: "\(rule.name), moves over the next "
                + BackTestText.steps(result.horizon, series),
            format: Self.percent, times: places.map { series.times[$0] },
            traces: [
                Self.line("move", "c-last", changes),
                Self.line("maintenance, falls", "c-mark", maintenance.map { -$0 }),
                Self.line("initial, falls", "c-safe", initial.map { -$0 }),
                Self.line("maintenance, rises", "c-mark", maintenance),
                Self.line("initial, rises", "c-safe", initial),
            ],
            dots: dots, dotLegend: [("beyond maintenance", "c-liquidation")], isTall: true,
            mostPoints: Self.mostPoints, axis: axis(places)
        ).html()
    }

    /// Maintenance margins over their own troughs.
    private func multipleChart() -> String {
        let series = result.series
        let colors = ["c-mark", "c-last", "c-index"]
        let places = result.rules[0].moves.map(\.place)
        let traces = result.rules.enumerated().map { number, rule in
            let trough = max(rule.maintenance.trough, 1e-9)
            var values = [Int64?](repeating: nil, count: places.count)
            var next = 0
            for entry in rule.moves {
                while next < places.count && places[next] < entry.place { next += 1 }
                guard next < places.count, places[next] == entry.place else { continue }
                values[next] = Int64((entry.moves.maintenance / trough * 1e4).rounded())
            }
            return Chart.Trace(
                label: rule.name, color: colors[number % colors.count], shape: .line,
                values: values)
        }
        return Chart(
            title: "\(series.pair): maintenance margin as a multiple of its trough",
            note: "procyclicality; no more than 4 is wanted", format: Self.multiple,
            times: places.map { series.times[$0] }, traces: traces, isWide: true,
            mostPoints: Self.mostPoints, axis: axis(places)
        ).html()
    }
}
