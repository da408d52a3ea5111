/// The margin rules of an underlying in a genesis file: the name of a preset and the fields that it
/// leaves to the venue (docs/margin.md).
///
/// - `rampart`, for what lists no options: `move`, `initialFactor`, `grossFloor`, `orderFloor`,
///   and of an asset whose haircuts are not those of the preset `initialHaircut` and
///   `maintenanceHaircut`.
/// - `rampart-options`: `move`, `initialFactor`, `grossFloor`, `dailyVolatility`, `dailyVolume`.
/// - `deribit`, `paradex`: `asset`, one of `bitcoin`, `ether`, `other`. - `span`: nothing.
///
/// All may have a `model` that sets M (docs/margins.md).

import Catalogue
import FixedPoint
import Risk

extension GenesisDocument {
    private static let assets: [(name: String, asset: PresetAsset)] = [
        ("bitcoin", .bitcoin), ("ether", .ether), ("other", .other),
    ]

    /// From which share of the daily volume concentration is charged (docs/margin.md, section 7).
    private static let concentrationFrom = Ratio(basisPoints: 10)

    static func margin(
        _ node: JSONNode, of name: String, file: String
    ) throws(InputFault) -> MarginParameters {
        var result = try preset(node, of: name, file: file)
        let fields = try JSONFields(node, name: "the margin of \(name)", file: file, known: nil)
        if fields.has("model") {
            result.model = try marginModel(try fields.value("model"), of: name, file: file)
        }
        return result
    }

    private static func preset(
        _ node: JSONNode, of name: String, file: String
    ) throws(InputFault) -> MarginParameters {
        let all = [
            "preset", "move", "initialFactor", "grossFloor", "orderFloor", "dailyVolatility",
            "dailyVolume", "asset", "initialHaircut", "maintenanceHaircut", "model",
        ]
        let title = "the margin of \(name)"
        let preset = try JSONFields(node, name: title, file: file, known: all).text(
            "preset")
        func fields(_ known: String...) throws(InputFault) -> JSONFields {
            try JSONFields(node, name: title, file: file, known: ["preset", "model"] + known)
        }
        switch preset {
        case "rampart":
            let margin = try fields(
                "move", "initialFactor", "grossFloor", "orderFloor", "initialHaircut",
                "maintenanceHaircut")
            let rule = MarginParameters.rampart(
                move: try margin.ratio("move"), initialFactor: try margin.ratio("initialFactor"),
                grossFloor: try margin.ratio("grossFloor"),
                orderFloor: try margin.ratio("orderFloor"))
            guard margin.has("initialHaircut") || margin.has("maintenanceHaircut") else {
                return rule
            }
            return rule.withHaircuts(
                initial: try margin.ratio("initialHaircut"),
                maintenance: try margin.ratio("maintenanceHaircut"))
        case "rampart-options":
            let margin = try fields(
                "move", "initialFactor", "grossFloor", "dailyVolatility", "dailyVolume")
            return .rampartOptions(
                move: try margin.ratio("move"), initialFactor: try margin.ratio("initialFactor"),
                concentration: Concentration(
                    dailyVolatility: try margin.ratio("dailyVolatility"),
                    dailyVolume: try margin.amount("dailyVolume"), from: concentrationFrom),
                grossFloor: try margin.ratio("grossFloor"))
        case "deribit": return .deribit(try asset(of: try fields("asset")))
        case "paradex": return .paradex(try asset(of: try fields("asset")))
        case "span":
            _ = try fields()
            return .span()
        default:
            throw try JSONFields(node, name: title, file: file, known: all).fault(
                "preset",
                "is not 'rampart', 'rampart-options', 'deribit', 'paradex' or 'span'")
        }
    }

    private static func asset(of margin: JSONFields) throws(InputFault) -> PresetAsset {
        let name = try margin.text("asset")
        guard let entry = assets.first(where: { $0.name == name }) else {
            throw margin.fault("asset", "is not 'bitcoin', 'ether' or 'other'")
        }
        return entry.asset
    }

    /// What a genesis file says of a rule; nil where no preset makes it.
    static func json(of margin: MarginParameters) -> JSONValue? {
        var plain = margin
        plain.model = nil
        guard let model = margin.model, case .object(let members)? = presetJSON(of: plain) else {
            return presetJSON(of: plain)
        }
        return .object(members + [("model", json(of: model))])
    }

    private static func presetJSON(of margin: MarginParameters) -> JSONValue? {
        let rampart = MarginParameters.rampart(
            move: margin.move, initialFactor: margin.initial.factor,
            grossFloor: margin.initial.grossFloor, orderFloor: margin.initial.orderFloor)
        let (initial, maintenance) = (
            margin.initial.charges.haircut, margin.maintenance.charges.haircut
        )
        if rampart.withHaircuts(initial: initial, maintenance: maintenance) == margin {
            var members: [(String, JSONValue)] = [
                ("preset", .text("rampart")), ("move", .ratio(margin.move)),
                ("initialFactor", .ratio(margin.initial.factor)),
                ("grossFloor", .ratio(margin.initial.grossFloor)),
                ("orderFloor", .ratio(margin.initial.orderFloor)),
            ]
            if rampart != margin {
                members.append(("initialHaircut", .ratio(initial)))
                members.append(("maintenanceHaircut", .ratio(maintenance)))
            }
            return .object(members)
        }
        // The gross floor of this preset counts options too, as the cost of closing.
        var concentration = margin.concentration
        concentration.from = concentrationFrom
        let options = MarginParameters.rampartOptions(
            move: margin.move, initialFactor: margin.initial.factor, concentration: concentration,
            grossFloor: margin.initial.charges.exitFee)
        if options == margin {
            return .object([
                ("preset", .text("rampart-options")), ("move", .ratio(margin.move)),
                ("initialFactor", .ratio(margin.initial.factor)),
                ("grossFloor", .ratio(margin.initial.charges.exitFee)),
                ("dailyVolatility", .ratio(concentration.dailyVolatility)),
                ("dailyVolume", .decimal(concentration.dailyVolume.units, digits: 6)),
            ])
        }
        for (name, asset) in assets {
            for (preset, rule) in [
                ("deribit", MarginParameters.deribit(asset)), ("paradex", .paradex(asset)),
            ] where rule == margin {
                return .object([("preset", .text(preset)), ("asset", .text(name))])
            }
        }
        return margin == .span() ? .object([("preset", .text("span"))]) : nil
    }
}

extension MarginParameters {
    /// The same with other haircuts on an asset.
    fileprivate func withHaircuts(initial: Ratio, maintenance: Ratio) -> MarginParameters {
        func changed(_ rule: MarginRule, _ haircut: Ratio) -> MarginRule {
            var charges = rule.charges
            charges.haircut = haircut
            return MarginRule(scenarios: rule.scenarios, factor: rule.factor, charges: charges)
        }
        var result = self
        result.initial = changed(self.initial, initial)
        result.maintenance = changed(self.maintenance, maintenance)
        return result
    }
}
