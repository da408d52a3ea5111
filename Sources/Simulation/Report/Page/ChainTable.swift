/// One expiry of an option chain as HTML: calls to the left, puts to the right, what both share in
/// the middle. Call and put of one strike have one volatility, so also one gamma, vega and theta.

/// The table of one expiry, to fold away.
struct ChainTable {
    private static let columns = 15
    private static let head =
        "<thead><tr><th colspan=\"5\">Calls</th><th colspan=\"5\" class=\"side\">Both</th>"
        + "<th colspan=\"5\" class=\"side\">Puts</th></tr><tr><th>Open</th><th>Delta</th>"
        + "<th>Bid</th><th>Mark</th><th>Ask</th><th class=\"side\">Strike</th><th>Volatility</th>"
        + "<th>Gamma</th><th>Vega</th><th>Theta</th><th class=\"side\">Bid</th><th>Mark</th>"
        + "<th>Ask</th><th>Delta</th><th>Open</th></tr></thead>\n"

    let chain: OptionChain
    let expiry: OptionExpiry
    let format: OptionFormat
    let isOpen: Bool

    init(_ chain: OptionChain, _ expiry: OptionExpiry, isOpen: Bool) {
        self.chain = chain
        self.expiry = expiry
        self.isOpen = isOpen
        format = OptionFormat(index: chain.index)
    }

    /// The folded table.
    func html() -> String {
        var html = "<details class=\"card chain\"\(isOpen ? " open=\"open\"" : "")>\n<summary>"
        html += summary() + "</summary>\n<div class=\"scroll\"><table>" + ChainTable.head
        html += "<tbody>\n"
        let divide = expiry.strikes.firstIndex { $0.strike >= expiry.forward }
        for (place, strike) in expiry.strikes.enumerated() {
            if place == divide { html += forward() }
            html += row(strike)
        }
        if divide == nil { html += forward() }
        return html + "</tbody></table></div>\n</details>\n"
    }

    private func summary() -> String {
        var facts = [
            "<b>\(ReportText.shortDate(expiry.time)) \(ReportText.clock(expiry.time))</b>",
            "in \(ReportText.duration(expiry.timeLeft))",
            "forward \(format.price(expiry.forward))",
        ]
        if let volatility = expiry.atTheMoney {
            facts.append("at the money \(OptionFormat.percent(volatility))")
        }
        if expiry.fixedShare > 0 {
            facts.append("\(OptionFormat.percent(expiry.fixedShare)) of the average fixed")
        }
        if let future = expiry.future {
            facts.append("future \(format.price(future.mark)), \(open(future.openInterest))")
        }
        facts.append("options: \(open(expiry.openInterest))")
        return facts.enumerated().map { place, fact in
            place == 0 ? fact : "<span>\(fact)</span>"
        }.joined()
    }

    private func open(_ units: Int64) -> String {
        units == 0 ? "none open" : format.units(units) + " open"
    }

    private func forward() -> String {
        "<tr class=\"at\"><td colspan=\"\(ChainTable.columns)\">forward "
            + format.price(expiry.forward) + "</td></tr>\n"
    }

    private func row(_ strike: OptionStrike) -> String {
        let call = strike.call.map { line in
            [
                format.units(line.openInterest), OptionFormat.delta(line.delta),
                format.price(line.bid), format.price(line.mark), format.price(line.ask),
            ]
        }
        let put = strike.put.map { line in
            [
                format.price(line.bid), format.price(line.mark), format.price(line.ask),
                OptionFormat.delta(line.delta), format.units(line.openInterest),
            ]
        }
        let shared = (strike.call ?? strike.put).map { line in
            [
                OptionFormat.percent(line.volatility),
                OptionFormat.delta(OptionFormat.percentGamma(line.gamma, expiry.forward)),
                format.price(line.vega), format.price(line.theta),
            ]
        }
        let blank = [String](repeating: OptionFormat.none, count: 5)
        var html = "<tr>" + cells(call ?? blank, isIn: strike.strike < expiry.forward)
        html += "<th scope=\"row\" class=\"side\">\(format.strike(strike.strike))</th>"
        html += cells(shared ?? Array(blank.dropLast()))
        html += cells(put ?? blank, isIn: strike.strike > expiry.forward, isSide: true, mark: 1)
        return html + "</tr>\n"
    }

    /// - Parameters:
    ///   - isIn: worth something if it expired at the forward.
    ///   - isSide: begins a group.
    ///   - mark: the place of the mark.
    private func cells(
        _ texts: [String], isIn: Bool = false, isSide: Bool = false, mark: Int = 3
    ) -> String {
        texts.enumerated().map { place, text in
            var classes: [String] = []
            if isIn { classes.append("in") }
            if isSide && place == 0 { classes.append("side") }
            if text == OptionFormat.none { classes.append("none") }
            if texts.count == 5 && place == mark { classes.append("value") }
            let name = classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
            return "<td\(name)>\(text)</td>"
        }.joined()
    }
}

/// How the numbers of a chain are written.
struct OptionFormat {
    /// Where there is nothing to show.
    static let none = "–"
    private static let units = 9
    private static let micros = 6
    /// Micro-quote from which a unit of the underlying is shown in hundredths.
    private static let dear: Int64 = 100_000_000

    /// Decimals of prices and of units.
    private let decimals: Int
    private let unitDecimals: Int

    /// - Parameter index: 10⁻⁶ quote.
    init(index: Int64) {
        decimals = ValueFormat.price(like: index).decimals
        unitDecimals = index >= OptionFormat.dear ? 2 : 0
    }

    /// 10⁻⁶ quote, or a dash.
    func price(_ price: Int64?) -> String {
        guard let price else { return OptionFormat.none }
        return ReportText.decimal(price, scale: OptionFormat.micros, digits: decimals)
    }

    /// 10⁻⁶ quote without the decimals that it does not need.
    func strike(_ strike: Int64) -> String {
        var digits = 0
        while digits < OptionFormat.micros,
            strike % ReportText.power(OptionFormat.micros - digits) != 0
        {
            digits += 1
        }
        return ReportText.decimal(strike, scale: OptionFormat.micros, digits: digits)
    }

    /// 10⁻⁹ units, a dash for none.
    func units(_ units: Int64) -> String {
        units == 0
            ? OptionFormat.none
            : ReportText.decimal(units, scale: OptionFormat.units, digits: unitDecimals)
    }

    /// 10⁻⁶ as a percentage.
    static func percent(_ millionths: Int64) -> String {
        ReportText.decimal(millionths, scale: micros - 2, digits: 1) + " %"
    }

    /// 10⁻⁶ with three decimals.
    static func delta(_ millionths: Int64) -> String {
        ReportText.decimal(millionths, scale: micros, digits: 3)
    }

    /// What a rise of the forward by 1 % adds to delta, in 10⁻⁶.
    ///
    /// - Parameters:
    ///   - gamma: 10⁻¹² for one quote.
    ///   - forward: 10⁻⁶ quote.
    static func percentGamma(_ gamma: Int64, _ forward: Int64) -> Int64 {
        let scale = Int128(ReportText.power(12)) * 100
        return Int64(clamping: (Int128(gamma) * Int128(forward) + scale / 2) / scale)
    }
}
