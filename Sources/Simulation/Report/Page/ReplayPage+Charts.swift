/// Where the charts stand on the page: a tab per market, then the charts over all accounts.

extension ReplayPage {
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
            let events = series.liquidations.filter { $0.market == index }
            let charts = MarketCharts(market, events: events, whole: axis)
            html += "<div class=\"grid-2\">\n\(charts.html())</div>\n</section>\n"
        }
        return html
    }

    // MARK: All accounts

    /// The samples from the first deposit on: before it there is nothing to see.
    var fundedLedger: ArraySlice<LedgerSample> {
        series.ledger.drop { $0.equity == 0 && $0.insuranceFund == 0 }
    }

    /// Margin and the insurance fund.
    func ledgerCharts() -> String {
        let ledger = fundedLedger
        guard !ledger.isEmpty else { return "" }
        let times = ledger.map(\.time)
        let margin = Chart(
            title: "Margin", note: "all accounts together", format: .money, times: times,
            traces: [
                Chart.Trace(
                    label: "Equity", color: "c-safe", shape: .line,
                    values: ledger.map(\.equity)),
                Chart.Trace(
                    label: "Initial margin", color: "c-index", shape: .line,
                    values: ledger.map(\.initialMargin)),
                Chart.Trace(
                    label: "Maintenance margin", color: "c-liquidation", shape: .line,
                    values: ledger.map(\.maintenanceMargin)),
            ], includesZero: true, isWide: true, axis: axis)
        let fund = Chart(
            title: "Insurance fund", note: "all compartments together", format: .money,
            times: times,
            traces: [
                Chart.Trace(
                    label: "Fund", color: "c-safe", shape: .line,
                    values: ledger.map(\.insuranceFund))
            ], axis: axis)
        let fees = Chart(
            title: "Fees", note: "paid since the start", format: .money, times: times,
            traces: [
                Chart.Trace(
                    label: "Fees", color: "c-mark", shape: .area,
                    values: ledger.map(\.fees))
            ], includesZero: true, axis: axis)
        return "<h2>All accounts</h2>\n<div class=\"grid-2\">\n"
            + margin.html()
            + fund.html() + fees.html() + "</div>\n"
    }
}
