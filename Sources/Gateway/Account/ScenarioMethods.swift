/// An account's margin as the engine sees it: each scenario of its rule with what it would gain or
/// lose, the charges beside them, and the line between.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Oracle
import Risk

enum ScenarioMethods {
    static let all: [Method] = [profile]

    /// Five times the usual: options are valued at every point of the line.
    private static let cost: UInt64 = 2_500

    private static let point = Schema.object([
        .required("move", MarketShapes.decimal, "Of the index, as a share."),
        .required(
            "profit", MarketShapes.decimal,
            "Of the positions, if each strike keeps its volatility."),
    ])

    private static let scenario = Schema.object([
        .required("name", .text(), "Such as `-6%, volatility up`; each its own."),
        .required("move", MarketShapes.decimal, "Of the index, as a share."),
        .required(
            "volatility_move", MarketShapes.decimal,
            "Of an option's volatility with 30 days to go, as a share."),
        .required("weight", MarketShapes.decimal, "The share of the result that counts."),
        .required(
            "profit", MarketShapes.price,
            "Of the positions alone, without weight and factor; null where it is no one number."),
        .required(
            "counted", MarketShapes.decimal,
            "What counts: weight and factor inside, under the initial rule with open orders."),
    ])

    private static let underlying = Schema.object([
        .required("index_name", .text()), .required("index_price", MarketShapes.decimal),
        .required("points", .list(point), "Ascending by move."),
        .required("scenarios", .list(scenario), "In the order of the rule."),
        .required(
            "worst", .nullable(.text()),
            "The name of the scenario that asks most; null where none loses."),
        .required("loss", MarketShapes.decimal, "What the underlying adds to the margin."),
    ])

    private static let charge = Schema.object([
        .required("kind", .oneOf(ChargeKind.allCases.map(\.text))),
        .required("instrument_name", .text()), .required("amount", MarketShapes.decimal),
    ])

    static let profile = Method(
        "private/get_scenario_profile", access: .scoped(.accountRead), cost: cost,
        """
        What the positions gain or lose in every scenario of a margin rule, and between them; the \
        losses of the worst ones and the charges sum to the rule's margin exactly.
        """,
        [
            .optional("rule", .oneOf(["initial", "maintenance"]), "maintenance by default."),
            OrderParameters.subaccount,
        ],
        result: .object([
            .required("currency", .text()), .required("rule", .text()),
            .required("equity", MarketShapes.decimal),
            .required("initial_margin", MarketShapes.decimal),
            .required("maintenance_margin", MarketShapes.decimal),
            .required("underlyings", .list(underlying)), .required("charges", .list(charge)),
        ])
    ) { gateway, call, writer throws(APIError) in
        let account = try gateway.subject(call).account
        let kind: RuleKind = call.text("rule") == "initial" ? .initial : .maintenance
        writer.value(gateway.scenarioProfile(of: account, under: kind, call.ledger))
        return .done
    }
}

extension ChargeKind {
    /// As the API writes it.
    var text: String {
        switch self {
        case .gross: "gross"
        case .shortOption: "short_option"
        case .haircut: "haircut"
        case .concentration: "concentration"
        case .funding: "funding"
        case .exitFee: "exit_fee"
        case .peg: "peg"
        case .confidence: "confidence"
        }
    }
}

extension ScenarioProfit {
    /// What happens in it, in words; moves to a hundredth of a percent.
    fileprivate var name: String {
        switch cause {
        case .strike: return "strike at " + ScenarioProfit.percent(move)
        case .forwards: return "forwards apart"
        case .scenario(let scenario):
            var parts = [ScenarioProfit.percent(move)]
            if scenario.volatility != .unchanged {
                parts.append("volatility \(scenario.volatility)")
            }
            for (name, size) in [
                ("basis", scenario.basis), ("skew", scenario.skew), ("smile", scenario.smile),
            ] where size != .zero {
                parts.append(name + (size.isPositive ? " up" : " down"))
            }
            return parts.joined(separator: ", ")
        }
    }

    /// Rounded to the nearest, a sign before it.
    private static func percent(_ move: Ratio) -> String {
        let step = Ratio(basisPoints: 1).units
        let half = move.isNegative ? -step / 2 : step / 2
        var text = JSON.Number(Int128((move.units + half) / step), decimals: 2).text
        if text.hasSuffix(".0") { text.removeLast(2) }
        return (move.isPositive ? "+" : "") + text + "%"
    }
}

extension ScenarioProfile {
    /// What the scenarios are called; those that would share a name are counted.
    var names: [String] {
        var result: [String] = []
        for scenario in scenarios {
            let plain = scenario.name
            var (name, count) = (plain, 1)
            while result.contains(name) {
                count += 1
                name = plain + " (\(count))"
            }
            result.append(name)
        }
        return result
    }
}

extension Gateway {
    func scenarioProfile(
        of account: AccountIdentifier, under kind: RuleKind, _ ledger: Ledger
    ) -> JSON.Value {
        let maintenance = ledger.maintenanceMargin(of: account)
        let profiles = ledger.risk.scenarioProfiles(of: account, under: kind)
        var fields = Fields()
        fields.add("currency", currencies(of: account, ledger)[0])
        fields.add("rule", "\(kind)")
        fields.add("equity", maintenance.equity.value)
        fields.add("initial_margin", ledger.initialMargin(of: account).requirement.value)
        fields.add("maintenance_margin", maintenance.requirement.value)
        fields.add(
            "underlyings", .array(profiles.map { underlying($0, of: account, ledger) }))
        fields.add(
            "charges",
            .array(
                ledger.risk.chargeParts(of: account, under: kind).map { part in
                    var fields = Fields()
                    fields.add("kind", part.kind.text)
                    fields.add("instrument_name", names[part.instrument])
                    fields.add("amount", part.amount.value)
                    return fields.value
                }))
        return fields.value
    }

    private func underlying(
        _ profile: ScenarioProfile, of account: AccountIdentifier, _ ledger: Ledger
    ) -> JSON.Value {
        let place = Int(profile.underlying.number)
        let widest = profile.scenarios.reduce(Ratio.zero) { widest, scenario in
            max(widest, scenario.move.isNegative ? -scenario.move : scenario.move)
        }
        let curve = ProfitCurve(
            ledger.accounts[account].positions, of: profile.underlying, widest: widest, ledger)
        var fields = Fields()
        fields.add("index_name", self.names.indexes[place])
        fields.add("index_price", ledger.feeds[place].index.value)
        fields.add(
            "points",
            .array(
                curve.points.map { point in
                    var fields = Fields()
                    fields.add("move", point.move.value)
                    fields.add("profit", point.profit.value)
                    return fields.value
                }))
        let names = profile.names
        let shock = ledger.risk.parameters[place].volatility
        fields.add(
            "scenarios",
            .array(zip(profile.scenarios, names).map { scenario($0, named: $1, shock) }))
        fields.add("worst", profile.worst.map { .string(names[$0]) } ?? .null)
        fields.add("loss", profile.loss.value)
        return fields.value
    }

    private func scenario(
        _ scenario: ScenarioProfit, named name: String, _ shock: VolatilityShock
    ) -> JSON.Value {
        let volatility: Ratio =
            switch scenario.scenario?.volatility {
            case .up: shock.up
            case .down: -shock.down
            case .unchanged, nil: .zero
            }
        var fields = Fields()
        fields.add("name", name)
        fields.add("move", scenario.move.value)
        fields.add("volatility_move", volatility.value)
        fields.add("weight", scenario.weight.value)
        fields.add("profit", scenario.profit?.value ?? .null)
        fields.add("counted", scenario.counted.value)
        return fields.value
    }
}
