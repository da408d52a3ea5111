/// The options on the page: for each underlying a few facts, its charts, and its chain expiry by
/// expiry; after them what settled. Nothing at all where nothing was listed.

extension ReplayPage {
    /// A section per underlying with options, and the settlements.
    func options() -> String {
        guard !summary.chains.isEmpty || !summary.settlements.isEmpty else { return "" }
        var html = "<h2>Options and futures</h2>\n"
        if summary.chains.count > 1 {
            html += "<div class=\"tabs\" role=\"tablist\">"
            for (place, chain) in summary.chains.enumerated() {
                html += "<button role=\"tab\" id=\"chain-tab-\(place)\""
                html += " aria-controls=\"chain-\(place)\" aria-selected=\"\(place == 0)\""
                html += " tabindex=\"\(place == 0 ? 0 : -1)\">\(chain.underlying.escaped)</button>"
            }
            html += "</div>\n"
        }
        for (place, chain) in summary.chains.enumerated() {
            html += "<section id=\"chain-\(place)\""
            if summary.chains.count > 1 {
                html += " role=\"tabpanel\" aria-labelledby=\"chain-tab-\(place)\""
            }
            html += "\(place == 0 ? "" : " hidden=\"hidden\"")>\n" + section(chain)
            html += "</section>\n"
        }
        return html + settled()
    }

    private func section(_ chain: OptionChain) -> String {
        let format = OptionFormat(index: chain.index)
        var html = "<p class=\"facts\"><b>\(chain.underlying.escaped)</b> at "
        html += "\(ReportText.dateTime(chain.time)) UTC · index <b>\(format.price(chain.index))</b>"
        html += " · \(ReportText.count(chain.series)) options in "
        html += "\(ReportText.count(chain.expiries.count)) expiries · open interest "
        html += "<b>\(format.units(chain.openInterest)) \(chain.underlying.escaped)</b>, "
        html += "\(ReportText.compactMoney(chain.openNotional)) at the index</p>\n"
        html += "<div class=\"grid-2\">\n" + OptionCharts(chain).html() + "</div>\n"
        for (place, expiry) in chain.expiries.enumerated() {
            html += ChainTable(chain, expiry, isOpen: place == 0).html()
        }
        html += "<p class=\"note\">Prices are in \(chain.quote.escaped) for one "
        html += "\(chain.underlying.escaped), open interest in \(chain.underlying.escaped). "
        html += "Gamma is what a rise of the forward by 1 % adds to delta, vega is for one "
        html += "volatility point, theta for one day. Shaded is worth something at the "
        return html + "forward.</p>\n"
    }

    // MARK: Settlements

    private func settled() -> String {
        guard !summary.settlements.isEmpty else { return "" }
        let heads = [
            "Expiry", "Settled", "Price", "Series", "Exercised", "Assigned", "Worthless",
            "Futures", "Paid to holders", "Option notional", "Future notional",
        ]
        var html = "<div class=\"card settled\"><h3>Settlements</h3><div class=\"scroll\"><table>"
        html += "<thead><tr>" + heads.map { "<th>\($0)</th>" }.joined() + "</tr></thead><tbody>\n"
        for entry in summary.settlements {
            let format = OptionFormat(index: entry.price)
            html += "<tr><th scope=\"row\">\(entry.underlying.escaped), "
            html += "\(ReportText.shortDate(entry.expiry)) \(ReportText.clock(entry.expiry))</th>"
            let cells = [
                ReportText.clock(entry.time, withSeconds: true), format.price(entry.price),
                ReportText.count(entry.series), ReportText.count(entry.exercised),
                ReportText.count(entry.assigned), ReportText.count(entry.lapsed),
                ReportText.count(entry.delivered), ReportText.money(entry.payout),
                ReportText.compactMoney(entry.optionNotional),
                ReportText.compactMoney(entry.futureNotional),
            ]
            html += cells.map { "<td>\($0)</td>" }.joined() + "</tr>\n"
        }
        return html + "</tbody></table></div></div>\n"
    }
}
