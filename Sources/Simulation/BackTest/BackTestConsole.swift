/// What a back-test says on the terminal.

import Foundation

extension BackTestReport {
    /// The report as text, with a line feed at the end.
    package var text: String {
        var text = "Back-test of \(results.count) series, promise "
        text += "\(BackTestText.percent(BackTest.promised, digits: 0)); seed \(seed)"
        text += tuned.isEmpty ? "\n" : "; \(tuned)\n"
        for line in leftOut { text += "  left out: \(line)\n" }
        text += "\nForecasts, two-sided: chances of the tests if the model is right\n"
        for result in results { text += forecasts(of: result) }
        text += "\n  tests over all series      tests   below 5 %   below 1 %   sides sound\n"
        for name in estimators {
            let tally = tally(name)
            text += "  " + BackTestReport.left(name, 24)
            text += BackTestReport.right(ReportText.count(tally.tests), 8)
            text += BackTestReport.right(ReportText.count(tally.doubted), 12)
            text += BackTestReport.right(ReportText.count(tally.rejected), 12)
            text += BackTestReport.right("\(tally.sound) of \(tally.sides)", 14) + "\n"
        }
        text += "\nMargins, one-sided: moves beyond them, and what they cost\n"
        for result in results where !result.rules.isEmpty { text += margins(of: result) }
        return text
    }

    private func forecasts(of result: BackTestResult) -> String {
        var text = "\n  \(result.series.name), \(BackTestText.span(result)), "
        text += "\(BackTestText.observations(result)); 2 % instead of 1 % would be seen with "
        text += "\(BackTestText.number(BackTestText.power(result)))\n"
        text += "                                 beyond      rate   95 % interval   number"
        text += "  cluster     both     size      sum\n"
        for estimator in result.estimators {
            for (side, record) in estimator.sides {
                text += "  " + BackTestReport.left(estimator.name, 22)
                text += BackTestReport.left(side, 6)
                text += BackTestReport.right("\(record.breaches)", 9)
                text += BackTestReport.right(BackTestText.percent(record.rate), 10)
                text += BackTestReport.right(BackTestText.range(record.interval), 16)
                let tests = [
                    record.proportion, record.independence, record.conditional,
                    record.shortfall.size, record.shortfall.sum,
                ]
                for test in tests {
                    text += BackTestReport.right(BackTestText.chance(test), 9)
                }
                text += "  \(record.verdict)\n"
            }
        }
        return text
    }

    private func margins(of result: BackTestResult) -> String {
        var text = "\n  \(result.series.name), over \(result.horizon) \(result.series.stepName)"
        text += result.horizon == 1 ? "\n" : "s\n"
        text += "                               beyond     rate   95 % interval  mean excess"
        text += "  largest  average  for 99 %   99.9 %   trough     peak  ratio  steepest\n"
        for rule in result.rules {
            for (kind, record) in [("initial", rule.initial), ("maintenance", rule.maintenance)] {
                text += "  " + BackTestReport.left(rule.name, 14)
                text += BackTestReport.left(kind, 12)
                let counts = "\(record.longBreaches)+\(record.shortBreaches)"
                text += BackTestReport.right(counts, 9)
                text += BackTestReport.right(BackTestText.percent(record.rate), 9)
                text += BackTestReport.right(BackTestText.range(record.interval), 16)
                text += BackTestReport.right(BackTestText.percent(record.meanExcess), 13)
                let shares = [
                    (record.largestExcess, 9), (record.average, 9), (record.priceOfCover, 10),
                    (record.priceOfMoreCover, 9), (record.trough, 9), (record.peak, 9),
                ]
                for (share, width) in shares {
                    text += BackTestReport.right(BackTestText.percent(share, digits: 1), width)
                }
                text += BackTestReport.right(BackTestText.number(record.peakToTrough), 7)
                text += BackTestReport.right(BackTestText.percent(record.steepest, digits: 1), 10)
                text += "  \(BackTestText.verdict(record))\n"
            }
        }
        return text
    }

    private static func right(_ text: String, _ width: Int) -> String {
        BlindSpotText.right(text, width)
    }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
