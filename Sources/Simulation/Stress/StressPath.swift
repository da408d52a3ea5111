/// The price outside the venue in steps of five seconds, as it would be without the venue: a course
/// of straight lines round which a walk is drawn, or a recorded history. Whole numbers only.

import Documents

/// One underlying's price over a run.
struct StressPath: Sendable {
    /// A bend of a course.
    struct Turn: Sendable {
        let minute: Int64
        /// In 10⁻⁶ of the opening.
        let level: Int64
    }

    /// Seconds between two prices; a block each.
    static let step: Int64 = 5
    static let stepsPerMinute = 60 / step
    private static let million: Int64 = 1_000_000
    /// Steps over which a walk is drawn back to its course.
    private static let pull: Int64 = 60
    /// Standard deviations of a step, in 10⁻⁹.
    private static let calm: Int64 = 90_000
    private static let restless: Int64 = 700_000
    /// How much a seed changes a course: its depth and the times of its turns, in 10⁻².
    private static let depthRange: ClosedRange<Int64> = 80...115
    private static let paceRange: ClosedRange<Int64> = 85...120

    /// 10⁻⁶ of the opening, one a step.
    let levels: [Int64]

    init(_ course: StressCourse, seed: UInt64) {
        switch course {
        case .shipped(let scenario):
            levels = StressPath.walk(
                along: scenario.course, storm: scenario.storm, seed: seed, isVaried: true)
        case .slide(let move):
            let half = StressPath.million + move * 55 / 100
            levels = StressPath.walk(
                along: [
                    Turn(minute: 0, level: StressPath.million),
                    Turn(minute: 10, level: StressPath.million), Turn(minute: 50, level: half),
                    Turn(minute: 70, level: StressPath.million + move),
                    Turn(minute: 80, level: StressPath.million + move),
                ], storm: 10...70, seed: seed, isVaried: false)
        case .recorded(_, let steps): levels = steps
        }
    }

    /// The lowest or the highest level, whichever lies farther from the opening.
    var extreme: Int64 {
        let low = levels.min() ?? StressPath.million
        let high = levels.max() ?? StressPath.million
        return StressPath.million - low > high - StressPath.million ? low : high
    }

    private static func walk(
        along course: [Turn], storm: ClosedRange<Int64>, seed: UInt64, isVaried: Bool
    ) -> [Int64] {
        var random = SimulationGenerator(seed: seed, stream: 11)
        let depth = isVaried ? random.integer(in: depthRange) : 100
        let pace = isVaried ? random.integer(in: paceRange) : 100
        let turns = course.map { turn in
            (
                step: turn.minute * stepsPerMinute * pace / 100,
                level: million + (turn.level - million) * depth / 100
            )
        }
        let rough = (storm.lowerBound * pace / 100)...(storm.upperBound * pace / 100)
        var levels: [Int64] = []
        // In 10⁻⁹, so that the pull toward the course does not stop at its rounding.
        var walk: Int64 = 0
        var part = 1
        for step in 0...(turns.last?.step ?? 0) {
            while turns[part].step <= step, part + 1 < turns.count { part += 1 }
            let (from, to) = (turns[part - 1], turns[part])
            let done = (to.level - from.level) * (step - from.step) / max(1, to.step - from.step)
            levels.append(max(million / 50, from.level + done + walk / 1_000))
            let isRough = rough.contains(step / stepsPerMinute)
            walk += random.normal(deviation: isRough ? restless : calm) - walk / pull
        }
        return levels
    }
}

extension StressCourse {
    /// Steps of an hour.
    private static let hour = 60 * Int(StressPath.stepsPerMinute)
    /// Steps around the end of the largest move of an hour: two hours before it and three after.
    private static let (before, after) = (2 * hour, 3 * hour)
    /// Steps at the first price, in which positions are taken.
    private static let lead = 10 * Int(StressPath.stepsPerMinute)

    /// The course of a price file: the worst five hours of its longest source, five seconds at a
    /// time, behind ten minutes at their first price. Nil where it covers less than ten minutes.
    package static func recorded(_ history: PriceHistory, name: String) -> StressCourse? {
        let longest = history.sources.max { $0.end - $0.start < $1.end - $1.start }
        guard let source = longest, let opening = source.bars.first?.open else { return nil }
        var path = PricePath(source)
        var prices: [Int64] = []
        let step = UInt64(StressPath.step) * TimeText.second
        for time in stride(from: source.start, to: source.end, by: UInt64.Stride(step)) {
            prices.append(path.price(at: time) ?? prices.last ?? opening)
        }
        guard prices.count >= lead else { return nil }
        let worst = worstPlace(prices)
        let window = prices[max(0, worst - before)..<min(prices.count, worst + after)]
        let first = window.first ?? opening
        let levels = window.map { Int64(Int128($0) * 1_000_000 / Int128(first)) }
        return .recorded(
            name: name, steps: [Int64](repeating: 1_000_000, count: lead) + levels)
    }

    /// The step at which the largest move of an hour ends.
    private static func worstPlace(_ prices: [Int64]) -> Int {
        var worst = (place: 0, move: Int128(0))
        for place in prices.indices {
            let from = prices[max(0, place - hour)]
            let move = Int128(abs(prices[place] - from)) * 1_000_000 / Int128(max(1, from))
            if move > worst.move { worst = (place, move) }
        }
        return worst.place
    }
}
