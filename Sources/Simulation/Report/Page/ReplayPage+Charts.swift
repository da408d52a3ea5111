/// Which charts the page shows: five per market, two over all accounts.

extension ReplayPage {
    private static let mostBars: UInt64 = 120
    /// Places along the axis at which liquidations are drawn as one dot.
    private static let dotPlaces: UInt64 = 360

    // MARK: Per market

    /// Tabs, and a section of charts for each market.
    func marketCharts() -> String {
        guard !series.markets.isEmpty else { return "" }
        var html = "<h2>Markets</h2>\n<div class=\"tabs\" role=\"tablist\">"
        for (index, market) in series.markets.enumerated() {
            html += "<button role=\"tab\" id=\"tab-\(index)\" aria-controls=\"market-\(index)\""
            html += " aria-selected=\"\(index == 0)\" tabindex=\"\(index == 0 ? 0 : -1)\">"
            html += "\(market.name.escaped)</button>"
        }
        html += "</div>\n"
        for (index, market) in series.markets.enumerated() {
            html += "<section id=\"market-\(index)\" role=\"tabpanel\""
            html += " aria-labelledby=\"tab-\(index)\"\(index == 0 ? "" : " hidden=\"hidden\"")>\n"
            html += "<div class=\"grid-2\">\n"
            html += priceChart(market, events: series.liquidations.filter { $0.market == index })
            html += premiumChart(market) + openInterestChart(market) + fundingChart(market)
            html += liquidationChart(series.liquidations.filter { $0.market == index })
            html += "</div>\n</section>\n"
        }
        return html
    }

    private func priceChart(_ market: MarketSeries, events: [LiquidationEvent]) -> String {
        let marks = market.samples.map(\.mark)
        let typical = marks.lazy.compactMap { $0 }.first ?? 0
        let known = market.samples
        var traces = [
            Chart.Trace(
                label: "Index", color: "c-index", shape: .line, values: known.map(\.index)),
            Chart.Trace(label: "Mark", color: "c-mark", shape: .line, values: marks),
        ]
        if known.contains(where: { $0.last != nil }) {
            traces.insert(
                Chart.Trace(
                    label: "Last", color: "c-last", shape: .line, values: known.map(\.last)),
                at: 0)
        }
        if known.contains(where: { $0.stable != nil }) {
            traces.append(
                Chart.Trace(
                    label: "Stable", color: "c-stable", shape: .line, values: known.map(\.stable)))
        }
        let dots = dots(events)
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
    private func dots(_ events: [LiquidationEvent]) -> [Chart.Dot] {
        let width = max(1, (axis.end - axis.start) / ReplayPage.dotPlaces)
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

    private func premiumChart(_ market: MarketSeries) -> String {
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

    private func openInterestChart(_ market: MarketSeries) -> String {
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

    private func fundingChart(_ market: MarketSeries) -> String {
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
    private func liquidationChart(_ events: [LiquidationEvent]) -> String {
        let width = axis.barWidth(most: ReplayPage.mostBars)
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

    // MARK: All accounts

    /// Margin and the insurance fund.
    func ledgerCharts() -> String {
        guard !series.ledger.isEmpty else { return "" }
        let times = series.ledger.map(\.time)
        let margin = Chart(
            title: "Margin", note: "all accounts together", format: .money, times: times,
            traces: [
                Chart.Trace(
                    label: "Equity", color: "c-safe", shape: .line,
                    values: series.ledger.map(\.equity)),
                Chart.Trace(
                    label: "Initial margin", color: "c-index", shape: .line,
                    values: series.ledger.map(\.initialMargin)),
                Chart.Trace(
                    label: "Maintenance margin", color: "c-liquidation", shape: .line,
                    values: series.ledger.map(\.maintenanceMargin)),
            ], includesZero: true, isWide: true, axis: axis)
        let fund = Chart(
            title: "Insurance fund", note: "all compartments together", format: .money,
            times: times,
            traces: [
                Chart.Trace(
                    label: "Fund", color: "c-safe", shape: .line,
                    values: series.ledger.map(\.insuranceFund))
            ], axis: axis)
        let fees = Chart(
            title: "Fees", note: "paid since the start", format: .money, times: times,
            traces: [
                Chart.Trace(
                    label: "Fees", color: "c-mark", shape: .area,
                    values: series.ledger.map(\.fees))
            ], includesZero: true, axis: axis)
        return "<h2>All accounts</h2>\n<div class=\"grid-2\">\n"
            + margin.html()
            + fund.html() + fees.html() + "</div>\n"
    }
}
