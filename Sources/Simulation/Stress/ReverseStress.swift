/// The question turned round: not what a crash does, but which crash it takes. For a seed, the
/// smallest fall within an hour at which losses go beyond the insurance fund, found by halving.

/// What one seed came to.
package struct ReverseStress: Sendable {
    package let seed: UInt64
    /// 10⁻⁶ of the opening, positive; nil where even the largest fall did not.
    package let fall: Int64?

    /// In 10⁻⁶: where the search begins, the largest fall tried, and when two falls are the same.
    private static let least: Int64 = 50_000
    package static let most: Int64 = 900_000
    private static let resolution: Int64 = 5_000

    init(seed: UInt64, fall: Int64?) {
        self.seed = seed
        self.fall = fall
    }

    /// Searches with one seed. Larger falls are taken to be worse.
    ///
    /// - Parameter plan: its course is replaced.
    package init(_ plan: StressPlan) {
        seed = plan.seed
        guard ReverseStress.breaks(plan, ReverseStress.most) else {
            fall = nil
            return
        }
        var (low, high) = (ReverseStress.least, ReverseStress.most)
        while high - low > ReverseStress.resolution {
            let middle = (low + high) / 2
            if ReverseStress.breaks(plan, middle) { high = middle } else { low = middle }
        }
        fall = high
    }

    /// Whether a fall takes more than the fund pays.
    private static func breaks(_ plan: StressPlan, _ fall: Int64) -> Bool {
        var plan = plan
        plan.course = .slide(-fall)
        let result = StressRun.result(of: plan)
        return result.beyondFund > 0 || result.fundEnd <= 0
    }

    /// Searches with every seed, at the depth of a crash unless the plan states one.
    package static func search(
        seeds: ClosedRange<UInt64>, leverage: StressLeverage, depth: Int64?, jobs: Int,
        progress: @Sendable (StressBatch.Progress) -> Void
    ) -> [ReverseStress] {
        let seeds = Array(seeds)
        return StressBatch.parallel(seeds.count, jobs: jobs, progress: progress) { place in
            var plan = StressPlan(.slide(0), seed: seeds[place])
            plan.leverage = leverage
            plan.depth = depth ?? StressPlan.thinDepth
            return ReverseStress(plan)
        }
    }
}
