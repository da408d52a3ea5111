/// The engine's own margins on the closes of a series: the model of the ledger, step by step.

import Canonical
import Documents
import Estimation
import FixedPoint

/// The margin model as a rule among others.
struct ModelRule: MarginRule {
    let name = "self-setting"
    private var model: MarginModel
    private var steps: UInt64 = ModelRule.firstHour

    /// The model never runs at the epoch; any later hour will do.
    private static let firstHour: UInt64 = 24 * 365

    init(_ parameters: MarginModelParameters) { model = MarginModel(parameters) }

    var moves: RuleMoves? {
        let scale = Double(Ratio.one.units)
        return RuleMoves(
            initial: Double(model.moves.initial.units) / scale,
            maintenance: Double(model.moves.maintenance.units) / scale)
    }

    mutating func observe(_ place: Int, of series: BackTestSeries) {
        // A step of the series is an hour of the model.
        steps += series.steps(to: place)
        _ = model.follow(
            IndexPrice(units: series.closes[place]),
            at: Timestamp(nanoseconds: steps * BackTestModels.hour))
    }
}
