/// The report of a portfolio as JSON: money exact, in whole quote units with six decimals.

import Documents
import FixedPoint
import Risk

extension PortfolioReport {
    /// The report as JSON text.
    package var json: String {
        JSONWriter.text(
            of: .object([
                ("file", .text(file)), ("preset", .text(preset.rawValue)),
                ("timeSeconds", .unsigned(time.nanoseconds / TimeText.second)),
                ("cash", .micro(cash.units)), ("initial", value(initial)),
                ("maintenance", value(maintenance)), ("charges", .list(charges.map(value))),
                ("positions", .list(positions.map(value))),
                ("underlyings", .list(markets.map(value))),
            ]))
    }

    private func value(_ margin: MarginBreakdown) -> JSONValue {
        .object([
            ("equity", .micro(margin.equity.units)),
            ("requirement", .micro(margin.requirement.units)),
            ("scenarioLoss", .micro(margin.scenarioLoss.units)),
            ("charges", .micro(margin.charges.units)), ("health", .micro(margin.health.units)),
        ])
    }

    private func value(_ charge: PortfolioCharge) -> JSONValue {
        .object([
            ("kind", .text(charge.kind.key)), ("initial", .micro(charge.initial.units)),
            ("maintenance", .micro(charge.maintenance.units)),
        ])
    }

    private func value(_ holding: PortfolioHolding) -> JSONValue {
        let volatility = holding.volatility.map { volatility in
            JSONValue.number(JSONFields.text(of: Ratio(volatility).units, digits: 9))
        }
        return .object([
            ("instrument", .text(holding.name)),
            ("quantity", .number(JSONFields.text(of: holding.size, digits: 9))),
            ("mark", .micro(holding.mark.units)), ("volatility", volatility ?? .null),
            ("equity", .micro(holding.equity.units)), ("profit", .micro(holding.profit.units)),
            ("greeks", value(holding.greeks)),
            ("initialCharge", .micro(holding.initialCharge.units)),
            ("maintenanceCharge", .micro(holding.maintenanceCharge.units)),
        ])
    }

    private func value(_ greeks: PortfolioGreeks) -> JSONValue {
        .object([
            ("delta", .micro(greeks.delta)), ("gammaPerPercent", .micro(greeks.gamma)),
            ("vegaPerPoint", .micro(greeks.vega)), ("thetaPerDay", .micro(greeks.theta)),
        ])
    }

    private func value(_ market: PortfolioMarket) -> JSONValue {
        .object([
            ("symbol", .text(market.symbol)), ("index", .micro(market.index.units)),
            ("greeks", value(market.greeks)), ("initial", value(market.initial)),
            ("maintenance", value(market.maintenance)),
        ])
    }

    private func value(_ profile: ScenarioProfile) -> JSONValue {
        .object([
            ("factor", .number(JSONFields.text(of: profile.factor.units, digits: 9))),
            ("loss", .micro(profile.loss.units)), ("deltaLoss", .micro(profile.deltaLoss.units)),
            ("worst", profile.worst.map { .integer(Int64($0)) } ?? .null),
            ("scenarios", .list(profile.scenarios.map(value))),
        ])
    }

    private func value(_ scenario: ScenarioProfit) -> JSONValue {
        .object([
            ("text", .text(scenario.text)),
            ("move", .number(JSONFields.text(of: scenario.move.units, digits: 9))),
            ("weight", .number(JSONFields.text(of: scenario.weight.units, digits: 9))),
            ("counted", .micro(scenario.counted.units)),
            ("profit", scenario.profit.map { .micro($0.units) } ?? .null),
        ])
    }
}
