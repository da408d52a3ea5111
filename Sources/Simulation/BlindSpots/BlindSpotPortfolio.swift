/// A portfolio of a search for blind spots: a few options on one underlying whose index and
/// forwards stand at one price, under one volatility. Small whole numbers, so that the engine and
/// the full revaluation mean the same portfolio, and so that it can be printed.

/// Options and a perpetual.
package struct BlindSpotPortfolio: Equatable, Sendable {
    /// A position in one option.
    struct Leg: Equatable, Sendable {
        /// To the expiry.
        var hours: Int64
        /// In thousandths of the index.
        var strike: Int64
        var isCall: Bool
        /// In tenths of a unit; sold is negative.
        var tenths: Int64
    }

    /// Thousandths of the index, and strikes are multiples of one.
    static let grid: Int64 = 1_000

    var legs: [Leg]
    /// Tenths of a unit of the perpetual.
    var perpetual: Int64 = 0
    /// Of every option, a year's, in percent.
    var volatility: Int64

    /// All that is held, in units.
    var gross: Double {
        Double(legs.reduce(abs(perpetual)) { $0 + abs($1.tenths) }) / 10
    }

    /// With the legs of one option made one, and those of none left out; nearest expiry and lowest
    /// strike first.
    var netted: BlindSpotPortfolio {
        var result = self
        result.legs = []
        for leg in legs {
            let place = result.legs.firstIndex { other in
                other.hours == leg.hours && other.strike == leg.strike
                    && other.isCall == leg.isCall
            }
            if let place {
                result.legs[place].tenths += leg.tenths
            } else {
                result.legs.append(leg)
            }
        }
        result.legs.removeAll { $0.tenths == 0 }
        result.legs.sort { left, right in
            (left.hours, left.strike, left.isCall ? 0 : 1)
                < (right.hours, right.strike, right.isCall ? 0 : 1)
        }
        return result
    }
}

extension BlindSpotPortfolio: CustomStringConvertible {
    /// Such as `σ 50 %: −1 C 98.5 % 1 d, +2 C 100 % 1 d`.
    package var description: String {
        var parts = legs.map { leg in
            BlindSpotPortfolio.size(leg.tenths) + (leg.isCall ? " C " : " P ")
                + ReportText.decimal(leg.strike, scale: 1, digits: 1) + " % "
                + (leg.hours % 24 == 0 ? "\(leg.hours / 24) d" : "\(leg.hours) h")
        }
        if perpetual != 0 { parts.append(BlindSpotPortfolio.size(perpetual) + " perpetual") }
        return "σ \(volatility) %: " + parts.joined(separator: ", ")
    }

    private static func size(_ tenths: Int64) -> String {
        (tenths < 0 ? "−" : "+") + ReportText.decimal(abs(tenths), scale: 1, digits: 1)
    }
}
