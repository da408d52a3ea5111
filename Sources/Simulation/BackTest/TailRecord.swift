/// What came of the forecasts of one estimator for one side of one series: every test, two-sided.

/// The tests of one side.
package struct TailRecord: Sendable {
    package let observations: Int
    package let breaches: Int
    /// Kupiec's test of their number.
    package let proportion: TestResult
    /// Christoffersen's of their clustering, and of both at once.
    package let independence: TestResult
    package let conditional: TestResult
    /// Acerbi and Szekely's of the losses beyond.
    package let shortfall: ShortfallTest
    /// The middle 95 % of the rate of breaches when blocks are drawn again.
    package let interval: ClosedRange<Double>

    package var rate: Double { Double(breaches) / Double(observations) }
    package var expected: Double { Double(observations) * BackTest.promised }

    init(losses: [Double], forecasts: [LossForecast], seed: UInt64) {
        let record = zip(losses, forecasts).map { $0 > $1.quantile }
        let coverage = CoverageTest(record, promised: BackTest.promised)
        observations = losses.count
        breaches = coverage.breaches
        proportion = coverage.proportion
        independence = coverage.independence
        conditional = coverage.conditional
        shortfall = ShortfallTest(
            losses: losses, forecasts: forecasts, promised: BackTest.promised, seed: seed)
        interval = BlockBootstrap(seed: seed).interval(of: record)
    }

    /// The chances of the tests, by name; one that had nothing to judge is absent.
    package var results: [(name: String, result: TestResult)] {
        [("number", proportion), ("clustering", independence), ("both", conditional)]
            + (shortfall.size.map { [("size", $0)] } ?? []) + [("sum", shortfall.sum)]
    }

    /// What the tests say, in words.
    package var verdict: String {
        let findings = [
            finding(proportion, Double(breaches) > expected ? "too many breaches" : "too few"),
            finding(independence, "breaches cluster"),
            shortfall.size.flatMap {
                finding($0, $0.statistic < 0 ? "larger than said" : "smaller than said")
            },
            finding(
                shortfall.sum,
                shortfall.sum.statistic < 0 ? "risk too low in sum" : "risk too high in sum"),
        ].compactMap { $0 }
        return findings.isEmpty ? "not rejected" : findings.joined(separator: ", ")
    }

    /// The worst chance of all tests.
    package var leastChance: Double { results.map(\.result.pValue).min() ?? 1 }

    private func finding(_ result: TestResult, _ words: String) -> String? {
        if result.pValue < BackTest.rejection { return words }
        return result.pValue < BackTest.doubt ? "perhaps " + words : nil
    }
}

/// Both sides of one estimator.
package struct EstimatorRecord: Sendable {
    package let name: String
    package let long: TailRecord
    package let short: TailRecord

    package var sides: [(name: String, record: TailRecord)] {
        [("long", long), ("short", short)]
    }
}
