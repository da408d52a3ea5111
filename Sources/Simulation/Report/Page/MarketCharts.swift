/// The five charts of one market: price, premium, open interest, funding and liquidations.

/// One market's charts, over the time in which it had prices.
struct MarketCharts {
    private static let mostBars: UInt64 = 120
    /// Places along the axis at which liquidations are drawn as one dot.
    private static let dotPlaces: UInt64 = 360

    private let market: MarketSeries
    private let events: [LiquidationEvent]
    private let axis: TimeScale

    /// The charts of `market`; `whole` is the time of the whole replay, which is shown if the
    /// market was alive for most of it.
    init(_ market: MarketSeries, events: [LiquidationEvent], whole: TimeScale) {
        self.events = events
        let isAlive = { (sample: MarketSample) in sample.index != nil || sample.mark != nil }
        guard let first = market.samples.firstIndex(where: isAlive),
            let last = market.samples.lastIndex(where: isAlive)
        else {
            self.market = market
            axis = whole
            return
        }
        let life = TimeScale(start: market.samples[first].time, end: market.samples[last].time)
        let isShort = (life.end - life.start) / 9 < (whole.end - whole.start) / 10
        var cut = market
        if isShort { cut.samples = Array(market.samples[first...last]) }
        self.market = cut
        axis = isShort ? life : whole
    }

    /// All charts, one after the other.
    func html() -> String {
        priceChart() + premiumChart() + openInterestChart() + fundingChart() + liquidationChart()
    }

    private func priceChart() -> String {
        let marks = market.samples.map(\.mark)
        let typical = marks.lazy.compactMap { $0 }.first ?? 0
        let known = market.samples
        var traces = [
            Chart.Trace(
                label: "Index", color: "c-index", shape: .line, values: known.map(\.index)),
            Chart.Trace(label: "Mark", color: "c-mark", shape: .line, values: marks),
        ]
        // What stands first is drawn first: the mark lies on top.
        if known.contains(where: { $0.stable != nil }) {
            traces.insert(
                Chart.Trace(
                    label: "Stable", color: "c-stable", shape: .line, values: known.map(\.stable)),
                at: 0)
        }
        if known.contains(where: { $0.last != nil }) {
            traces.insert(
                Chart.Trace(
                    label: "Last", color: "c-last", shape: .line, values: known.map(\.last)),
                at: 0)
        }
        let dots = dots()
        var legend: [(label: String, color: String)] = []
        if dots.contains(where: { $0.color == "c-liquidation" }) {
            legend.append(("Liquidated in the book", "c-liquidation"))
        }
        if dots.contains(where: { $0.color == "c-deleveraged" }) {
            legend.append(("Deleveraged", "c-deleveraged"))
        }
        return Chart(
            title: "Price", note: "\(market.quote) per \(market.unit)",
            format: .price(like: typical), times: known.map(\.time), traces: traces, dots: dots,
            dotLegend: legend, isTall: true, axis: axis
        ).html()
    }

    /// The largest event of each route at each place along the axis.
    private func dots() -> [Chart.Dot] {
        let width = max(1, (axis.end - axis.start) / MarketCharts.dotPlaces)
        var dots: [Chart.Dot] = []
        for route in [LiquidationEvent.Route.book, .deleveraged] {
            var largest: LiquidationEvent?
            let color = route == .book ? "c-liquidation" : "c-deleveraged"
            for event in events where event.route == route {
                if let kept = largest, kept.time / width == event.time / width {
                    if event.notional > kept.notional { largest = event }
                } else {
                    if let kept = largest {
                        dots.append(Chart.Dot(time: kept.time, value: kept.price, color: color))
                    }
                    largest = event
                }
            }
            if let kept = largest {
                dots.append(Chart.Dot(time: kept.time, value: kept.price, color: color))
            }
        }
        return dots
    }

    private func premiumChart() -> String {
        let values = market.samples.map { sample -> Int64? in
            guard let mark = sample.mark, let index = sample.index, index > 0 else { return nil }
            return Int64(clamping: (Int128(mark) - Int128(index)) * 1_000_000 / Int128(index))
        }
        return Chart(
            title: "Premium", note: "mark over index, basis points", format: .basisPoints,
            times: market.samples.map(\.time),
            traces: [
                Chart.Trace(label: "Premium", color: "c-mark", shape: .area, values: values)
            ], includesZero: true, axis: axis
        ).html()
    }

    private func openInterestChart() -> String {
        Chart(
            title: "Open interest", note: "notional of one side at the mark", format: .money,
            times: market.samples.map(\.time),
            traces: [
                Chart.Trace(
                    label: "Open interest", color: "c-safe", shape: .area,
                    values: market.samples.map(\.openInterest))
            ], includesZero: true, axis: axis
        ).html()
    }

    private func fundingChart() -> String {
        // From 10⁻⁹ to 10⁻⁴ percent.
        let values = market.samples.map { sample in
            sample.funding.map { ReportText.rescaled($0, from: 9, to: 6) }
        }
        return Chart(
            title: "Funding rate", note: "longs pay shorts, percent per 8 hours",
            format: .percent, times: market.samples.map(\.time),
            traces: [
                Chart.Trace(label: "Rate", color: "c-index", shape: .area, values: values)
            ], includesZero: true, axis: axis
        ).html()
    }

    /// Notional liquidated per stretch of time, in the book and against the other side.
    private func liquidationChart() -> String {
        let width = axis.barWidth(most: MarketCharts.mostBars)
        let first = axis.start / width
        let count = Int(axis.end / width - first) + 1
        var book = [Int64](repeating: 0, count: count)
        var deleveraged = book
        for event in events {
            let place = min(Int(max(event.time / width, first) - first), count - 1)
            switch event.route {
            case .book: book[place] += event.notional
            case .deleveraged: deleveraged[place] += event.notional
            }
        }
        let times = (0..<count).map { (first + UInt64($0)) * width + width / 2 }
        return Chart(
            title: "Liquidations", note: "notional per \(ReportText.duration(width))",
            format: .money, times: times,
            traces: [
                Chart.Trace(
                    label: "In the book", color: "c-liquidation", shape: .bars, values: book),
                Chart.Trace(
                    label: "Deleveraged", color: "c-deleveraged", shape: .bars,
                    values: deleveraged),
            ], includesZero: true, axis: axis
        ).html()
    }
}
