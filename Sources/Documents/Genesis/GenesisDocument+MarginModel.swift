/// The model that sets M in the margin of a genesis file (docs/margins.md). It says all or nothing:
/// every field is there, and is in range.

import Estimation
import FixedPoint

extension GenesisDocument {
    static func marginModel(
        _ node: JSONNode, of name: String, file: String
    ) throws(InputFault) -> MarginModelParameters {
        let fields = try JSONFields(
            node, name: "the margin model of \(name)", file: file,
            known: [
                "memory", "window", "horizonHours", "liquidationHours", "floor", "cap",
                "stressedWeight", "stressedShortfall", "hourlyRise", "dailyFall",
                "openingVolatility",
            ])
        let result = MarginModelParameters(
            estimator: EstimatorParameters(
                memory: try fields.ratio("memory"),
                window: UInt16(try fields.whole("window", in: 0...Int64(UInt16.max))),
                horizon: UInt8(try fields.whole("horizonHours", in: 0...Int64(UInt8.max)))),
            liquidationHours: UInt8(
                try fields.whole("liquidationHours", in: 0...Int64(UInt8.max))),
            floor: try fields.ratio("floor"), cap: try fields.ratio("cap"),
            stressedWeight: try fields.ratio("stressedWeight"),
            stressedShortfall: try fields.ratio("stressedShortfall"),
            hourlyRise: try fields.ratio("hourlyRise"), dailyFall: try fields.ratio("dailyFall"),
            openingVolatility: try fields.ratio("openingVolatility"))
        if let field = result.faultyField {
            let field = "\(field)"
            throw fields.fault(field == "horizon" ? "horizonHours" : field, "is out of range")
        }
        return result
    }

    static func json(of model: MarginModelParameters) -> JSONValue {
        .object([
            ("memory", .ratio(model.estimator.memory)),
            ("window", .unsigned(UInt64(model.estimator.window))),
            ("horizonHours", .unsigned(UInt64(model.estimator.horizon))),
            ("liquidationHours", .unsigned(UInt64(model.liquidationHours))),
            ("floor", .ratio(model.floor)), ("cap", .ratio(model.cap)),
            ("stressedWeight", .ratio(model.stressedWeight)),
            ("stressedShortfall", .ratio(model.stressedShortfall)),
            ("hourlyRise", .ratio(model.hourlyRise)), ("dailyFall", .ratio(model.dailyFall)),
            ("openingVolatility", .ratio(model.openingVolatility)),
        ])
    }
}
