/// What a search for blind spots says on the terminal.
import Foundation
import Risk

extension BlindSpotReport {
    /// The report as text, with a line feed at the end.
    package var text: String {
        var text = "True loss beyond maintenance margin, as a share of it; seed \(seed)\n\n"
        text += "  preset         portfolios   range   within 5 %    median      99 %    99.9 %"
        text += "       worst   of spot per unit\n"
        for finding in findings {
            text +=
                "  "
                + finding.preset.rawValue.padding(
                    toLength: 14, withPad: " ", startingAt: 0)
            text += BlindSpotText.right(ReportText.count(finding.spots.count), 11)
            text += BlindSpotText.right("±\(finding.range / 10) %", 8)
            text += BlindSpotText.right(BlindSpotText.percent(finding.shareWithin), 13)
            for share in [0.5, 0.99, 0.999] {
                text += BlindSpotText.right(BlindSpotText.percent(finding.quantile(share)), 10)
            }
            guard let worst = finding.worst else { continue }
            text += BlindSpotText.right(BlindSpotText.percent(worst.excess), 12)
            text += BlindSpotText.right(BlindSpotText.percent(worst.excessPerUnit, digits: 2), 19)
            text += "\n"
        }
        text += "\n  the worst of each, sizes in units, strikes as shares of the index\n"
        for finding in findings {
            guard let worst = finding.worst else { continue }
            text += "  \(finding.preset.rawValue): \(BlindSpotText.sentence(worst))\n"
            text += "    \(worst.portfolio)\n"
        }
        return text
    }
}

/// Numbers of the search as people read them.
enum BlindSpotText {
    static func percent(_ share: Double, digits: Int = 1) -> String {
        let text = String(format: "%.\(digits)f", abs(share) * 100)
        let isZero = text.allSatisfy { $0 == "0" || $0 == "." }
        return (share < 0 && !isZero ? "−" : "") + text + " %"
    }

    static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// What it asks and loses, and where.
    static func sentence(_ spot: BlindSpot) -> String {
        let move = ReportText.decimal(spot.worst.move, scale: 1, digits: 1)
        let volatility =
            switch spot.worst.volatility {
            case .unchanged: "volatility unchanged"
            case .up: "volatility up"
            case .down: "volatility down"
            }
        return "margin \(percent(spot.requirement, digits: 2)), loss "
            + "\(percent(spot.loss, digits: 2)) of spot at "
            + "\(spot.worst.move > 0 ? "+" : "")\(move) %, \(volatility)"
    }
}
