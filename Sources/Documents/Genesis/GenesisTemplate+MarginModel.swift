/// The margin model of a market in the genesis file that `rampart init` writes, with every field
/// explained.

import Estimation
import FixedPoint

extension MarginModelParameters {
    /// What sets the move that is covered, inside a market's margin.
    var text: String {
        """
                // Sets the move by what the index has done (docs/margins.md).
                "model": {
                  // What remains of a squared hourly return after an hour, how many residuals
                  // are kept, and the hours that a loss is looked at over.
                  "memory": \(decimal(estimator.memory)),
                  "window": \(estimator.window),
                  "horizonHours": \(estimator.horizon),
                  // How long it takes to close; if longer, the move grows with the root.
                  "liquidationHours": \(liquidationHours),
                  // The move stays between these.
                  "floor": \(decimal(floor)),
                  "cap": \(decimal(cap)),
                  // The weight of stress, and the least shortfall that counts as such.
                  "stressedWeight": \(decimal(stressedWeight)),
                  "stressedShortfall": \(decimal(stressedShortfall)),
                  // By how much the maintenance of what is held rises in an hour, and all
                  // falls in a day, at most.
                  "hourlyRise": \(decimal(hourlyRise)),
                  "dailyFall": \(decimal(dailyFall)),
                  // Of an hour, before anything was seen.
                  "openingVolatility": \(decimal(openingVolatility))
                }
        """
    }

    private func decimal(_ ratio: Ratio) -> String {
        guard case .number(let text) = JSONValue.ratio(ratio) else { return "0" }
        return text
    }
}
