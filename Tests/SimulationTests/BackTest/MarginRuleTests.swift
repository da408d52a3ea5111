/// The rules that margin is compared with, and the record of a margin, by hand.
import Testing

@testable import Simulation

private let bounds = MarginBounds(floor: 0.02, cap: 0.5, horizon: 1)

/// Closes whose steps are `moves` of the close before, from a million on.
private func closes(_ moves: [Double]) -> [Int64] {
    var level = 1e12
    return [Int64(level)]
        + moves.map { move in
            level *= 1 + move
            return Int64(level)
        }
}

/// The maintenance moves after each close.
private func walked(_ rule: some MarginRule, _ series: BackTestSeries) -> [Double?] {
    var rule = rule
    return series.closes.indices.map { place in
        rule.observe(place, of: series)
        return rule.moves?.maintenance
    }
}

@Test func theFixedRuleIsSetOnceByTheWorstOfTheWarmUp() {
    let moves = (0..<300).map { $0 == 50 ? -0.1 : $0 == 200 ? -0.4 : $0 % 2 == 0 ? 0.01 : -0.01 }
    let asked = walked(FixedRule(bounds: bounds, warmUp: 100), BackTestSample.series(closes(moves)))
    #expect(asked[99] == nil)
    // A hundred moves: the shortfall at 99 % is the largest.
    #expect(asked[100].flatMap { $0 }.map { abs($0 - 0.1) < 1e-6 } == true)
    #expect(asked[300] == asked[100])
}

@Test func theFixedRuleObeysFloorAndCap() {
    let calm = walked(
        FixedRule(bounds: bounds, warmUp: 20),
        BackTestSample.series(closes([Double](repeating: 0.001, count: 30))))
    #expect(calm.last.flatMap { $0 } == 0.02)
    let wild = walked(
        FixedRule(bounds: bounds, warmUp: 20),
        BackTestSample.series(closes((0..<30).map { $0 % 2 == 0 ? 0.9 : -0.4 })))
    #expect(wild.last.flatMap { $0 } == 0.5)
}

@Test func theReviewedRuleIsReviewedEveryThirtyDaysAndLooksBackAYear() {
    let moves = (0..<900).map { $0 == 125 ? -0.2 : $0 % 2 == 0 ? 0.03 : -0.03 }
    let asked = walked(
        ReviewedRule(bounds: bounds, warmUp: 100), BackTestSample.series(closes(moves)))
    func near(_ place: Int, _ wanted: Double) -> Bool {
        asked[place].flatMap { $0 }.map { abs($0 - wanted) < 1e-6 } == true
    }
    #expect(asked[99] == nil && near(100, 0.03))
    // The crash of day 126 counts from the review of day 130 on.
    #expect(near(129, 0.03) && near(130, 0.2))
    // One of 90 or 180 days is within the last of a hundred; of 365 days three are.
    #expect(near(189, 0.2) && near(250, 0.03))
}

@Test func aMarginIsJudgedByHand() {
    let margins = [0.1, 0.1, 0.2, 0.2, 0.1]
    let changes = [-0.15, 0.05, -0.1, 0.3, -0.1]
    let record = MarginRecord(margins: margins, changes: changes, overlap: false, seed: 1)
    #expect(record.observations == 5 && record.longBreaches == 1 && record.shortBreaches == 1)
    #expect(record.rate == 0.2)
    #expect(abs(record.meanExcess - 0.075) < 1e-12 && abs(record.largestExcess - 0.1) < 1e-12)
    #expect(abs(record.average - 0.14) < 1e-12 && record.peakToTrough == 2)
    #expect(record.steepest == 1 && record.trough == 0.1 && record.peak == 0.2)
    // Five moves: all but none of them lie within what covers the worst, 0.3 over 0.2.
    #expect(abs(record.priceOfCover - 0.14 * 1.5) < 1e-12)
}

@Test func aMoveThatEqualsTheMarginIsCovered() {
    let record = MarginRecord(
        margins: [0.1, 0.1], changes: [-0.1, 0.1], overlap: false, seed: 1)
    #expect(record.longBreaches == 0 && record.shortBreaches == 0 && record.largestExcess == 0)
}

/// One-sided: none beyond is no fault, however sure; too many are.
@Test(arguments: [(0, false), (20, false), (31, false), (32, true), (60, true)])
func onlyTooManyMovesBeyondMakeAMarginTooLow(_ breaches: Int, _ isLow: Bool) {
    let changes = (0..<2_000).map { $0 % 33 == 0 && $0 / 33 < breaches ? -0.2 : 0 }
    let margins = [Double](repeating: 0.1, count: 2_000)
    let record = MarginRecord(margins: margins, changes: changes, overlap: false, seed: 1)
    #expect(record.longBreaches == breaches && record.isInsufficient == isLow)
    let overlapping = MarginRecord(margins: margins, changes: changes, overlap: true, seed: 1)
    #expect(overlapping.excessive == nil)
    #expect(overlapping.isInsufficient == (overlapping.interval.lowerBound > 0.01))
}

@Test(arguments: [(0, 0.3), (9, 0.3), (10, 0.2), (99, 0.2), (100, 0.1)])
func aQuantileLeavesNoMoreThanItsShareBeyond(_ beyondOfThousand: Int, _ wanted: Double) {
    // 0.3 ten times, 0.2 ninety times, 0.1 nine hundred times.
    let values =
        [Double](repeating: 0.1, count: 900) + [Double](repeating: 0.2, count: 90)
        + [Double](repeating: 0.3, count: 10)
    let share = Double(beyondOfThousand) / 1_000
    #expect(MarginRecord.quantile(values, beyond: share + 1e-9) == wanted)
    #expect(MarginRecord.quantile([], beyond: share) == 0)
}
