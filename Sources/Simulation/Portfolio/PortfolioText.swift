/// Words and figures that the terminal, the JSON and the page share.

import FixedPoint
import Risk

extension ChargeKind {
    var text: String {
        switch self {
        case .gross: "gross floor"
        case .shortOption: "short options"
        case .haircut: "haircut of holdings"
        case .concentration: "concentration"
        case .funding: "funding"
        case .exitFee: "cost of closing"
        case .peg: "collateral off its peg"
        case .confidence: "unsure prices"
        }
    }

    /// Why, in a sentence.
    var reason: String {
        switch self {
        case .gross: "a share of every perpetual and future, hedged or not"
        case .shortOption: "options sold and not bought back at their strike"
        case .haircut: "what a holding may lose while it is sold"
        case .concentration: "positions that take days to close"
        case .funding: "what the perpetual is about to cost"
        case .exitFee: "what closing everything costs"
        case .peg: "the collateral is worth less than a dollar"
        case .confidence: "prices on which the sources do not agree"
        }
    }

    var key: String {
        switch self {
        case .gross: "gross"
        case .shortOption: "shortOption"
        case .haircut: "haircut"
        case .concentration: "concentration"
        case .funding: "funding"
        case .exitFee: "exitFee"
        case .peg: "peg"
        case .confidence: "confidence"
        }
    }
}

extension ScenarioProfit {
    /// What happens in it, in words.
    var text: String {
        let scenario: Scenario
        switch cause {
        case .strike: return "price at a strike, " + moveText
        case .forwards: return "forwards apart"
        case .scenario(let row): scenario = row
        }
        var parts: [String] = []
        let isPrice = scenario.basis == .zero && !isShape
        if isPrice || scenario.move != .zero { parts.append("price " + moveText) }
        switch scenario.volatility {
        case .unchanged: break
        case .up: parts.append("volatility up")
        case .down: parts.append("volatility down")
        }
        if scenario.basis != .zero { parts.append("basis " + direction(scenario.basis)) }
        if scenario.skew != .zero { parts.append("skew " + direction(scenario.skew)) }
        if scenario.smile != .zero { parts.append("wings " + direction(scenario.smile)) }
        return parts.joined(separator: ", ")
    }

    /// Whether skew or wings move.
    var isShape: Bool { scenario.map { $0.skew != .zero || $0.smile != .zero } ?? false }

    /// Whether nothing but price and volatility moves.
    var isOnGrid: Bool {
        !isShape && (scenario?.basis ?? .zero) == .zero && cause != .forwards
    }

    /// The price move, signed, in percent.
    var moveText: String { PortfolioText.percent(move, isSigned: true) }

    private func direction(_ size: Ratio) -> String { size.isNegative ? "down" : "up" }
}

/// Figures of portfolios.
enum PortfolioText {
    /// `+4.5 %`; no more digits than needed, two at most.
    static func percent(_ ratio: Ratio, isSigned: Bool = false) -> String {
        let hundredths = ReportText.rescaled(ratio.units, from: 7, to: 2)
        let digits = hundredths % 100 == 0 ? 0 : hundredths % 10 == 0 ? 1 : 2
        let text = ReportText.decimal(hundredths, scale: 2, digits: digits)
        return (isSigned && hundredths > 0 ? "+" : "") + text + " %"
    }

    /// A size in 10⁻⁹ units without needless digits.
    static func size(_ nano: Int64) -> String { trimmed(nano, scale: 9) }

    /// 10⁻⁶ units, four digits behind the point.
    static func units(_ micro: Int64) -> String {
        ReportText.decimal(micro, scale: 6, digits: 4)
    }

    static func money(_ amount: Amount) -> String { money(amount.units) }

    /// In cents, so that no zero is negative.
    static func money(_ micro: Int64) -> String {
        ReportText.money(ReportText.rescaled(micro, from: 6, to: 2) * ReportText.power(4))
    }

    /// With a plus sign where it is a gain.
    static func gain(_ micro: Int64) -> String {
        (ReportText.rescaled(micro, from: 6, to: 2) > 0 ? "+" : "") + money(micro)
    }

    /// A price with at least two digits behind the point.
    static func price(_ price: IndexPrice) -> String {
        let isLarge = price.units.magnitude >= 10_000_000
        return ReportText.decimal(price.units, scale: 6, digits: isLarge ? 2 : 6)
    }

    /// A volatility in percent.
    static func volatility(_ volatility: Real) -> String {
        ReportText.decimal(Ratio(volatility).units, scale: 7, digits: 2) + " %"
    }

    private static func trimmed(_ value: Int64, scale: Int) -> String {
        var digits = 0
        while digits < scale, value % ReportText.power(scale - digits) != 0 { digits += 1 }
        return ReportText.decimal(value, scale: scale, digits: digits)
    }
}
