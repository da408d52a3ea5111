/// Figures and words that the terminal, the JSON and the page of a back-test share.

import Documents
import Foundation

enum BackTestText {
    static func percent(_ share: Double, digits: Int = 2) -> String {
        BlindSpotText.percent(share, digits: digits)
    }

    static func number(_ value: Double, digits: Int = 2) -> String {
        let text = String(format: "%.\(digits)f", abs(value))
        let isZero = text.allSatisfy { $0 == "0" || $0 == "." }
        return (value < 0 && !isZero ? "−" : "") + text
    }

    /// A chance with three digits; `< 0.001` below.
    static func chance(_ result: TestResult?) -> String {
        guard let result else { return "–" }
        return result.pValue < 0.001 ? "< 0.001" : String(format: "%.3f", result.pValue)
    }

    static func range(_ rates: ClosedRange<Double>) -> String {
        "\(number(rates.lowerBound * 100))–\(number(rates.upperBound * 100)) %"
    }

    /// The widest peak over trough that is wanted of a maintenance margin.
    static let widest = 4.0

    /// `one day`, `4 hours`.
    static func steps(_ count: Int, _ series: BackTestSeries) -> String {
        count == 1 ? "one \(series.stepName)" : "\(count) \(series.stepName)s"
    }

    /// Why a margin is enough, or not.
    static func verdict(_ record: MarginRecord) -> String {
        if record.isInsufficient { return "too low" }
        return record.rate <= BackTest.promised ? "covers" : "covers within chance"
    }

    /// `of 2,000 days`, `of 6,023 times 4 hours`.
    static func observations(_ result: BackTestResult) -> String {
        let count = ReportText.count(result.estimators.first?.long.observations ?? 0)
        let step = result.series.stepName
        return result.forecastHorizon == 1
            ? "\(count) \(step)s" : "\(count) times \(result.forecastHorizon) \(step)s"
    }

    /// `2020-05-04 to 2025-10-25`.
    static func span(_ result: BackTestResult) -> String {
        let times = result.series.times
        let first = times[min(result.warmUp, times.count - 1)]
        return "\(ReportText.date(first)) to \(ReportText.date(times[times.count - 1]))"
    }

    /// How likely the test of the number sees twice the promised rate.
    static func power(_ result: BackTestResult) -> Double {
        CoverageTest.power(
            observations: result.estimators.first?.long.observations ?? 1,
            promised: BackTest.promised, truth: 2 * BackTest.promised, level: BackTest.doubt)
    }
}
