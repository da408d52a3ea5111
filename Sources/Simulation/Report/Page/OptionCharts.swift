/// The charts of one option chain: a smile for each expiry over strikes, and what changes from
/// expiry to expiry, the volatility at the money and the forward.

/// Draws a chain.
struct OptionCharts {
    /// Smiles drawn at most, the nearest first: as many as there are colours.
    private static let colors = [
        "c-mark", "c-index", "c-safe", "c-deleveraged", "c-liquidation", "c-last",
    ]
    /// Places along the axis of strikes.
    private static let places: UInt64 = 120
    private static let wantedTicks: Int64 = 8

    let chain: OptionChain
    private let format: OptionFormat

    init(_ chain: OptionChain) {
        self.chain = chain
        format = OptionFormat(index: chain.index)
    }

    /// The figures.
    func html() -> String {
        smile() + volatilities() + forwards()
    }

    // MARK: Over strikes

    private func smile() -> String {
        let shown = zip(chain.expiries.filter { !$0.smile.isEmpty }, OptionCharts.colors)
        let strikes = shown.flatMap { $0.0.strikes.map(\.strike) }
        guard let least = strikes.min(), let most = strikes.max() else { return "" }
        let air = max((most - least) / 20, 1)
        let low = UInt64(max(least - air, 1))
        let high = UInt64(most + air)
        let grid = (0...OptionCharts.places).map { low + (high - low) * $0 / OptionCharts.places }
        let traces = shown.map { expiry, color in
            Chart.Trace(
                label: ReportText.shortDate(expiry.time), color: color, shape: .line,
                values: grid.map { OptionCharts.volatility(of: expiry.smile, at: Int64($0)) })
        }
        let dots = shown.flatMap { expiry, color in
            expiry.strikes.compactMap { strike in
                strike.lines.first.map {
                    Chart.Dot(time: UInt64(strike.strike), value: $0.volatility, color: color)
                }
            }
        }
        let index = UInt64(chain.index)
        let nearest = grid.indices.min {
            OptionCharts.distance(grid[$0], index) < OptionCharts.distance(grid[$1], index)
        }
        return Chart(
            title: "Smile", note: "volatility by strike; dots are listed, dashed is the index",
            format: .volatility, times: grid, traces: traces, dots: dots, isTall: true,
            marks: [index], names: grid.map { format.price(Int64($0)) }, restPlace: nearest,
            axis: PlainScale(start: low, end: high, labels: ticks(low, high))
        ).html()
    }

    /// Round strikes.
    private func ticks(_ low: UInt64, _ high: UInt64) -> [(value: UInt64, label: String)] {
        let scale = ChartScale([Int64(low), Int64(high)], includesZero: false)
        return scale.ticks.filter { $0 >= Int64(low) && $0 <= Int64(high) }.map {
            (UInt64($0), format.strike($0))
        }
    }

    private static func distance(_ left: UInt64, _ right: UInt64) -> UInt64 {
        left > right ? left - right : right - left
    }

    /// Straight between two points of a curve; nil beyond its ends.
    private static func volatility(of smile: [ChainVolatility], at strike: Int64) -> Int64? {
        guard let above = smile.firstIndex(where: { $0.strike >= strike }) else { return nil }
        let high = smile[above]
        guard above > 0 else { return high.strike == strike ? high.volatility : nil }
        let low = smile[above - 1]
        let rise = Int128(high.volatility - low.volatility) * Int128(strike - low.strike)
        return low.volatility + Int64(clamping: rise / Int128(max(high.strike - low.strike, 1)))
    }

    // MARK: Over expiries

    private func volatilities() -> String {
        chart(
            "Term structure", note: "volatility at the money, by expiry", format: .volatility,
            trace: "At the money", color: "c-mark", values: chain.expiries.map(\.atTheMoney))
    }

    private func forwards() -> String {
        // In 10⁻⁴ of a percent.
        let premiums = chain.expiries.map { expiry -> Int64? in
            let gap = Int128(expiry.forward - chain.index) * Int128(ReportText.power(6))
            return Int64(clamping: gap / Int128(max(chain.index, 1)))
        }
        return chart(
            "Forwards", note: "above the index, by expiry", format: .percent, trace: "Premium",
            color: "c-index", values: premiums)
    }

    /// Expiries evenly spaced: they crowd at the near end.
    private func chart(
        _ title: String, note: String, format: ValueFormat, trace: String, color: String,
        values: [Int64?]
    ) -> String {
        let places = chain.expiries.indices.map { UInt64($0) + 1 }
        let names = chain.expiries.map { ReportText.shortDate($0.time) }
        return Chart(
            title: title, note: note, format: format, times: places,
            traces: [Chart.Trace(label: trace, color: color, shape: .line, values: values)],
            dots: zip(places, values).compactMap { place, value in
                value.map { Chart.Dot(time: place, value: $0, color: color) }
            },
            names: names, restPlace: 0,
            axis: PlainScale(
                start: 0, end: UInt64(places.count) + 1,
                labels: Array(zip(places, names)).map { (value: $0.0, label: $0.1) })
        ).html()
    }
}

extension ValueFormat {
    /// 10⁻⁴ of a percent, shown in tenths of one.
    static let volatility = ValueFormat(
        prefix: "", suffix: " %", scale: 4, decimals: 1, isCompact: false)
}
