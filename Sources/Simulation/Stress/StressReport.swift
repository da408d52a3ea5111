/// What a batch came to: the results by crash and variant, their distributions over seeds, and the
/// rows that the terminal, the JSON file and the page share.

import Canonical
import Documents

/// All seeds of one crash under one choice of defences.
package struct StressGroup: Sendable {
    package let course: String
    package let variant: StressVariant
    /// By seed, ascending.
    package let results: [StressResult]

    /// A measure's values, ascending.
    func distribution(_ measure: (StressResult) -> Int64?) -> StressDistribution {
        StressDistribution(results.compactMap(measure))
    }
}

/// Values in order.
package struct StressDistribution: Sendable {
    package let values: [Int64]

    init(_ values: [Int64]) { self.values = values.sorted() }

    package var total: Int64 { values.reduce(0, +) }
    package var largest: Int64 { values.last ?? 0 }
    package var median: Int64 { quantile(50) }

    /// The value that so many hundredths of the others do not exceed.
    package func quantile(_ hundredths: Int) -> Int64 {
        guard !values.isEmpty else { return 0 }
        let rank = (values.count * hundredths + 99) / 100
        return values[min(values.count, max(1, rank)) - 1]
    }
}

package struct StressReport: Sendable {
    /// Variants of the first course, then of the second, and so on.
    package let groups: [StressGroup]
    package let courses: [String]
    package let variants: [StressVariant]
    package let seeds: ClosedRange<UInt64>
    package let leverage: StressLeverage
    package let depth: Int64?
    /// The smallest move of an hour that goes beyond the fund, by seed; empty where not asked.
    package var reverse: [ReverseStress] = []

    /// The seeds of all crashes under a variant.
    package func all(_ variant: Int) -> StressGroup {
        let own = stride(from: variant, to: groups.count, by: variants.count)
        return StressGroup(
            course: "all", variant: variants[variant],
            results: own.flatMap { groups[$0].results })
    }

    package var runs: Int { groups.reduce(0) { $0 + $1.results.count } }
    /// The first ledger that was not sound at its end, by crash and seed.
    package var auditFailure: String? {
        for group in groups {
            for result in group.results {
                guard let failure = result.auditFailure else { continue }
                return "\(group.course), \(group.variant.name), seed \(result.seed): \(failure)"
            }
        }
        return nil
    }

    // MARK: Rows

    /// A measure as a report shows it.
    struct Measure: Sendable {
        let name: String
        /// What it is, in a sentence.
        let note: String
        let value: @Sendable (StressResult) -> Int64?
        let kind: Kind

        enum Kind: Sendable { case money, percent, factor, seconds }

        func text(_ value: Int64) -> String {
            switch kind {
            case .money: ReportText.compactMoney(value)
            case .percent: ReportText.decimal(value, scale: 4, digits: 2) + " %"
            case .factor: ReportText.decimal(value, scale: 6, digits: 2)
            case .seconds: ReportText.count(Int(value)) + " s"
            }
        }
    }

    static let measures: [Measure] = [
        Measure(
            name: "beyond the fund", note: "losses that the insurance fund did not pay",
            value: { $0.beyondFund }, kind: .money),
        Measure(
            name: "fund paid", note: "what the insurance fund paid",
            value: { $0.insurancePaid }, kind: .money),
        Measure(
            name: "forced", note: "closed on the book, at auction and against others",
            value: { $0.forced }, kind: .money),
        Measure(
            name: "auctioned", note: "taken over by backstop providers",
            value: { $0.auctioned }, kind: .money),
        Measure(
            name: "deleveraged", note: "closed against the other side, without a book",
            value: { $0.deleveraged }, kind: .money),
        Measure(
            name: "cascade factor",
            note: "forced volume for each dollar that the course alone would have forced",
            value: { $0.cascadeFactor }, kind: .factor),
        Measure(
            name: "overshoot",
            note: "farthest that index or forced sales stood beyond the course",
            value: { $0.overshoot }, kind: .percent),
        Measure(
            name: "cost of sales", note: "distance of forced sales beyond the course, by volume",
            value: { $0.closingCost }, kind: .percent),
        Measure(
            name: "in liquidation", note: "account-seconds",
            value: { $0.secondsInLiquidation }, kind: .seconds),
        Measure(
            name: "under water", note: "account-seconds with less than nothing",
            value: { $0.secondsUnderWater }, kind: .seconds),
        Measure(
            name: "margin efficiency", note: "dollars held for a dollar of initial margin",
            value: { $0.marginEfficiency }, kind: .factor),
    ]

    /// How the overshoot of a variant compares with the first's, by seed of the same crash: the
    /// median of the ratios in 10⁻⁶. Nil where the first has none.
    func overshootRatio(_ variant: Int) -> Int64? {
        var ratios: [Int64] = []
        for first in stride(from: 0, to: groups.count, by: variants.count) {
            for (with, without) in zip(groups[first].results, groups[first + variant].results)
            where without.overshoot > 0 {
                ratios.append(
                    Int64(
                        clamping: Int128(with.overshoot) * 1_000_000 / Int128(without.overshoot)))
            }
        }
        return ratios.isEmpty ? nil : StressDistribution(ratios).median
    }
}
