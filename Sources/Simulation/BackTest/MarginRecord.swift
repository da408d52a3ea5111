/// How one margin of one rule did: how often a move over the horizon went beyond it, by how much,
/// what it cost to hold, and how wildly it moved. One-sided: a margin that is never reached fails
/// nobody, it is only dear, and the average says how dear.

/// One margin over one series.
package struct MarginRecord: Sendable {
    /// Moves over the horizon that were judged.
    package let observations: Int
    /// Falls beyond the margin, and rises.
    package let longBreaches: Int
    package let shortBreaches: Int
    /// The rate of breaches of the worse side, and what clusters allow it to be.
    package let rate: Double
    package let interval: ClosedRange<Double>
    /// The chance of so many breaches of the worse side if 1 % is the truth; nil where moves
    /// overlap, which makes them depend on each other.
    package let excessive: Double?
    /// Beyond the margin, as shares of the price.
    package let meanExcess: Double
    package let largestExcess: Double
    package let average: Double
    /// What the average would be if the rule were scaled so that all but 1 % of moves, either way,
    /// stay within, and all but 0.1 %: the price of cover, by which rules that ask more and rules
    /// that ask less can be compared.
    package let priceOfCover: Double
    package let priceOfMoreCover: Double
    package let trough: Double
    package let peak: Double
    /// The largest rise from one close to the next, as a share of what was before.
    package let steepest: Double

    /// How much dearer the margin was at its peak than at its trough.
    package var peakToTrough: Double { trough > 0 ? peak / trough : 0 }

    /// - Parameters:
    ///   - margins: as shares of the price, one per judged move; not empty.
    ///   - changes: what the price then did over the horizon.
    ///   - overlap: whether moves overlap.
    init(margins: [Double], changes: [Double], overlap: Bool, seed: UInt64) {
        let falls = zip(margins, changes).map { -$1 > $0 }
        let rises = zip(margins, changes).map { $1 > $0 }
        longBreaches = falls.count { $0 }
        shortBreaches = rises.count { $0 }
        let worse = longBreaches >= shortBreaches ? falls : rises
        let coverage = CoverageTest(worse, promised: BackTest.promised)
        observations = margins.count
        rate = coverage.rate
        interval = BlockBootstrap(seed: seed).interval(of: worse)
        excessive = overlap ? nil : coverage.excessive
        let excesses = zip(margins, changes).map { abs($1) - $0 }.filter { $0 > 0 }
        meanExcess =
            excesses.isEmpty ? 0 : excesses.reduce(0, +) / Double(excesses.count)
        largestExcess = excesses.max() ?? 0
        average = margins.reduce(0, +) / Double(margins.count)
        let shares = zip(margins, changes).map { abs($1) / $0 }.sorted()
        priceOfCover = average * MarginRecord.quantile(shares, beyond: BackTest.promised)
        priceOfMoreCover = average * MarginRecord.quantile(shares, beyond: BackTest.promised / 10)
        trough = margins.min() ?? 0
        peak = margins.max() ?? 0
        steepest = zip(margins.dropFirst(), margins).map { $0 / $1 - 1 }.max() ?? 0
    }

    /// The least value that no more than a share of all lies beyond; of an ascending list.
    static func quantile(_ values: [Double], beyond share: Double) -> Double {
        guard !values.isEmpty else { return 0 }
        return values[values.count - 1 - Int(Double(values.count) * share)]
    }

    /// Whether the promised coverage is disproved at 1 %, or by the interval where moves overlap.
    package var isInsufficient: Bool {
        excessive.map { $0 < BackTest.rejection } ?? (interval.lowerBound > BackTest.promised)
    }
}
