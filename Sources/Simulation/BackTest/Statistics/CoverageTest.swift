/// Tests of how often a loss goes beyond its forecast: Kupiec (1995) on the number of breaches,
/// Christoffersen (1998) on whether one breach makes the next likelier and on both at once, and the
/// exact one-sided test for margins, which may be too safe.
import Foundation

/// A record of breaches against the rate that was promised.
struct CoverageTest {
    /// Observations and, of these, breaches.
    let observations: Int
    let breaches: Int
    /// The promised rate, such as 0.01, in `0 ... 1` exclusive.
    let promised: Double
    /// From a day without breach, and from one with: to one without, to one with.
    private let calm: (toCalm: Int, toBreach: Int)
    private let breached: (toCalm: Int, toBreach: Int)

    /// - Parameter record: one entry per observation in order of time; not empty.
    init(_ record: [Bool], promised: Double) {
        self.promised = promised
        observations = record.count
        breaches = record.count { $0 }
        var calm = (toCalm: 0, toBreach: 0)
        var breached = (toCalm: 0, toBreach: 0)
        for (before, after) in zip(record, record.dropFirst()) {
            switch (before, after) {
            case (false, false): calm.toCalm += 1
            case (false, true): calm.toBreach += 1
            case (true, false): breached.toCalm += 1
            case (true, true): breached.toBreach += 1
            }
        }
        self.calm = calm
        self.breached = breached
    }

    /// The share of observations that are breaches.
    var rate: Double { Double(breaches) / Double(observations) }

    /// The proportion of failures (Kupiec 1995): two-sided, chi-square with one degree of freedom.
    var proportion: TestResult {
        CoverageTest.proportion(breaches: breaches, of: observations, promised: promised)
    }

    static func proportion(breaches: Int, of observations: Int, promised: Double) -> TestResult {
        let rate = Double(breaches) / Double(observations)
        let calm = observations - breaches
        let statistic =
            2
            * (logLikelihood(calm, breaches, rate) - logLikelihood(calm, breaches, promised))
        return TestResult(
            statistic: max(0, statistic), pValue: ChiSquare.oneDegree.survival(statistic))
    }

    /// Independence against a chain of the first order (Christoffersen 1998): one degree of
    /// freedom.
    var independence: TestResult {
        let toBreach = calm.toBreach + breached.toBreach
        let toCalm = calm.toCalm + breached.toCalm
        let steps = toBreach + toCalm
        guard steps > 0 else { return TestResult(statistic: 0, pValue: 1) }
        let apart =
            CoverageTest.logLikelihood(calm.toCalm, calm.toBreach, share(calm))
            + CoverageTest.logLikelihood(breached.toCalm, breached.toBreach, share(breached))
        let together = CoverageTest.logLikelihood(
            toCalm, toBreach, Double(toBreach) / Double(steps))
        let statistic = max(0, 2 * (apart - together))
        return TestResult(
            statistic: statistic, pValue: ChiSquare.oneDegree.survival(statistic))
    }

    /// Both at once, "conditional coverage": two degrees of freedom.
    var conditional: TestResult {
        let statistic = proportion.statistic + independence.statistic
        return TestResult(
            statistic: statistic, pValue: ChiSquare.twoDegrees.survival(statistic))
    }

    /// The chance of at least so many breaches if the promise is kept: exact, one-sided.
    var excessive: Double {
        Binomial(trials: observations, probability: promised).atLeast(breaches)
    }

    /// The chance that the two-sided test rejects at `level` when the true rate is `truth`.
    ///
    /// Time: O(observations).
    static func power(
        observations: Int, promised: Double, truth: Double, level: Double
    ) -> Double {
        let masses = Binomial(trials: observations, probability: truth).masses
        return masses.enumerated().reduce(0) { power, entry in
            let result = proportion(
                breaches: entry.offset, of: observations, promised: promised)
            return result.pValue < level ? power + entry.element : power
        }
    }

    private func share(_ steps: (toCalm: Int, toBreach: Int)) -> Double {
        let all = steps.toCalm + steps.toBreach
        return all == 0 ? 0 : Double(steps.toBreach) / Double(all)
    }

    /// calm·ln(1 − rate) + breaches·ln(rate), with 0·ln 0 = 0.
    private static func logLikelihood(_ calm: Int, _ breaches: Int, _ rate: Double) -> Double {
        (calm == 0 ? 0 : Double(calm) * log1p(-rate))
            + (breaches == 0 ? 0 : Double(breaches) * log(rate))
    }
}
