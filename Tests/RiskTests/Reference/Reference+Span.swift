/// The sixteen scenarios of SPAN (Chicago Mercantile Exchange, 1988), step by step as
/// docs/margin.md section 6 says.

extension Reference {
    /// The parameters of SPAN, by the words of the document.
    struct SpanParameters {
        var priceScan: Precise = 0.16
        var volatilityScan: Precise = 0.35
        /// Price scans of the two extreme moves, and the share of their loss that is covered.
        var extremeScans: Precise = 3
        var extremeCover: Precise = 0.33
        /// Shares of the index per unit of offsetting delta and per option sold.
        var spreadCharge: Precise = 0.01
        var shortOptionMinimum: Precise = 0.01
        var initialFactor: Precise = 1.1

        /// The sixteen rows in the order of the document.
        var scenarios: [Scenario] {
            var rows: [Scenario] = []
            for thirds: Precise in [0, 1, -1, 2, -2, 3, -3] {
                let move = priceScan * thirds / 3
                rows.append(Scenario(move: move, volatility: .up))
                rows.append(Scenario(move: move, volatility: .down))
            }
            for sign: Precise in [1, -1] {
                let move = sign * extremeScans * priceScan
                rows.append(Scenario(move: move, volatility: .none, weight: extremeCover))
            }
            return rows
        }

        /// A shock without term structure.
        var shock: VolatilityShock {
            VolatilityShock(
                up: volatilityScan, down: volatilityScan, shortPower: 0, longPower: 0)
        }
    }

    /// Initial and maintenance margin by SPAN.
    static func span(
        _ portfolio: ReferencePortfolio, _ parameters: SpanParameters = SpanParameters()
    ) -> ReferenceResult {
        let profits = parameters.scenarios.map {
            $0.weight * portfolio.profit(in: $0, shock: parameters.shock)
        }
        let (index, least) = worst(of: profits)
        let spread = offsettingDelta(portfolio) * portfolio.index * parameters.spreadCharge
        let sold = portfolio.options.reduce(0) { $0 + max(-$1.quantity, 0) }
        let minimum = sold * portfolio.index * parameters.shortOptionMinimum
        let missing = max(0, minimum - (-least + spread))
        let equity = portfolio.equity
        func margin(factor: Precise, isInitial: Bool) -> ReferenceMargin {
            ReferenceMargin(
                equity: equity, profits: profits, worst: index, scenarioLoss: -least * factor,
                charges: [
                    ReferenceCharge(name: "spread", amount: spread * factor),
                    ReferenceCharge(name: "short option minimum", amount: missing * factor),
                    portfolio.haircut(isInitial: isInitial),
                ])
        }
        return ReferenceResult(
            equity: equity, initial: margin(factor: parameters.initialFactor, isInitial: true),
            maintenance: margin(factor: 1, isInitial: false))
    }

    /// Delta held long in some expiries that is offset by delta held short in others. The perpetual
    /// is an expiry of its own.
    private static func offsettingDelta(_ portfolio: ReferencePortfolio) -> Precise {
        let expiries: [Int?] = [nil] + portfolio.expiries.indices.map { $0 }
        let deltas = expiries.map { portfolio.delta(inExpiry: $0) }
        let long = deltas.reduce(0) { $0 + max($1, 0) }
        let short = deltas.reduce(0) { $0 + max(-$1, 0) }
        return min(long, short)
    }
}
