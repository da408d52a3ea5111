/// What each rule took from whom: totals, the spread over the winners, and the distance to the
/// optimum.

/// What one rule did.
package struct DeleveragingOutcome {
    package let rule: DeleveragingRule
    /// By winner, in millionths of a dollar.
    package let lost: [Int64]
    package let closed: [Int64]
    package let unpaid: Int64
    /// Taken beyond what was lacking.
    package let overshoot: Int64
    /// Taken from winners beyond their profit.
    package let beyondProfit: Int64
    /// Taken from winners beyond what the optimum takes from them.
    package let regret: Int64
    /// Shares of the own profit that those who lost anything lost, rising.
    private let shares: [Double]
    private let winners: [Winner]

    init(_ rule: DeleveragingRule, _ bench: DeleveragingBench, shortfall: Int64, optimum: [Int64]) {
        self.rule = rule
        lost = bench.lost
        closed = bench.closed
        unpaid = bench.unpaid
        winners = bench.winners
        overshoot = max(0, bench.lost.reduce(0, +) - shortfall)
        beyondProfit = zip(bench.lost, bench.winners).reduce(0) { sum, pair in
            sum + max(0, pair.0 - pair.1.profit)
        }
        regret = zip(bench.lost, optimum).reduce(0) { $0 + max(0, $1.0 - $1.1) }
        shares = zip(bench.lost, bench.winners).filter { $0.0 > 0 }
            .map { Double($0.0) / Double($0.1.profit) }.sorted()
    }

    /// Winners that lost anything.
    package var asked: Int { shares.count }
    package var taken: Int64 { lost.reduce(0, +) }
    package var closedNotional: Int64 { closed.reduce(0, +) }

    /// The share of the own profit that a part of those who lost anything stays below.
    package func quantile(_ part: Double) -> Double {
        guard let last = shares.last else { return 0 }
        let place = Int((part * Double(shares.count)).rounded(.down))
        return place < shares.count ? shares[place] : last
    }

    /// What the hundredth of winners that lost most lost, as a share of all.
    package var topShare: Double {
        let top = lost.sorted(by: >).prefix(max(1, lost.count / 100)).reduce(0, +)
        return taken > 0 ? Double(top) / Double(taken) : 0
    }

    /// Of those who lost anything: the share whose leverage was below 1.
    package var unleveredShare: Double {
        let all = lost.indices.filter { lost[$0] > 0 }
        let few = all.filter { winners[$0].leverage < 1_000_000 }
        return all.isEmpty ? 0 : Double(few.count) / Double(all.count)
    }

    /// What those of a leverage below 1 lost, as a share of all that was lost.
    package var unleveredLoss: Double {
        let part = lost.indices.reduce(Int64(0)) { sum, place in
            sum + (winners[place].leverage < 1_000_000 ? lost[place] : 0)
        }
        return taken > 0 ? Double(part) / Double(taken) : 0
    }

    /// The Gini coefficient of the shares of their profit that all winners lost: 0 where all lost
    /// the same share, near 1 where few lost everything.
    package var gini: Double {
        let all = zip(lost, winners).map { Double($0.0) / Double($0.1.profit) }.sorted()
        let sum = all.reduce(0, +)
        guard sum > 0 else { return 0 }
        let count = Double(all.count)
        let weighted = all.enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
        return 2 * weighted / (count * sum) - (count + 1) / count
    }

    /// By share of the winners, those who lose least first: what part of his own profit the one
    /// who stands there loses.
    package func curve(points: Int) -> [(winners: Double, share: Double)] {
        let all = zip(lost, winners).map { Double($0.0) / Double($0.1.profit) }.sorted()
        return (0...points).map { point in
            (Double(point) / Double(points), all[min(all.count - 1, all.count * point / points)])
        }
    }
}

/// The comparison for one day and one shortfall.
package struct DeleveragingReport {
    package let day: DeleveragedDay
    /// In millionths of a dollar.
    package let shortfall: Int64
    package let outcomes: [DeleveragingOutcome]

    package init(_ day: DeleveragedDay, shortfall: Int64) {
        self.day = day
        self.shortfall = shortfall
        func bench(_ rule: DeleveragingRule) -> DeleveragingBench {
            var bench = DeleveragingBench(day.winners)
            bench.run(rule, shortfall: shortfall, markets: day.markets)
            return bench
        }
        let optimum = bench(.optimum)
        outcomes = DeleveragingRule.allCases.map { rule in
            DeleveragingOutcome(
                rule, rule == .optimum ? optimum : bench(rule), shortfall: shortfall,
                optimum: optimum.lost)
        }
    }

    package func outcome(_ rule: DeleveragingRule) -> DeleveragingOutcome? {
        outcomes.first { $0.rule == rule }
    }
}
