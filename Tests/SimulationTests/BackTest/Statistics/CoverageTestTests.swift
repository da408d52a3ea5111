/// Tests of coverage against published tables, figures computed with SciPy, and themselves: right
/// forecasts are rejected about as often as the level says, wrong ones nearly always.
import Testing

@testable import Simulation

/// Jorion, Value at Risk, table "model backtesting, 95 % non-rejection test confidence regions",
/// after Kupiec (1995): the numbers of breaches strictly between which a model is not rejected.
/// The book leaves out the lower bound of the first.
@Test(arguments: [
    (0.01, 255, 0, 7), (0.01, 510, 1, 11), (0.01, 1_000, 4, 17),
    (0.025, 255, 2, 12), (0.025, 510, 6, 21), (0.025, 1_000, 15, 36),
    (0.05, 255, 6, 21), (0.05, 510, 16, 36), (0.05, 1_000, 37, 65),
    (0.075, 255, 11, 28), (0.075, 510, 27, 51), (0.075, 1_000, 59, 92),
    (0.1, 255, 16, 36), (0.1, 510, 38, 65), (0.1, 1_000, 81, 120),
])
func theRegionsOfKupiecAreThosePublished(
    _ promised: Double, _ observations: Int, _ low: Int, _ high: Int
) {
    for breaches in 0...observations {
        let result = CoverageTest.proportion(
            breaches: breaches, of: observations, promised: promised)
        #expect((result.pValue >= 0.05) == (breaches > low && breaches < high), "\(breaches)")
    }
}

@Test(arguments: [
    (250, 7, 5.496_990_447_792_683, 0.019_049_230_890_526_535),
    (2_000, 31, 5.233_030_312_976_552, 0.022_161_889_058_416_012),
    (2_000, 10, 6.187_476_628_030_609, 0.012_865_751_217_554_565),
    (2_000, 20, 0, 1), (1_000, 0, 20.100_671_707_002_903, 7.347_086_770_068_935e-06),
])
func theProportionOfFailuresIsThatOfSciPy(
    _ observations: Int, _ breaches: Int, _ statistic: Double, _ chance: Double
) {
    let result = CoverageTest.proportion(
        breaches: breaches, of: observations, promised: 0.01)
    #expect(abs(result.statistic - statistic) < 1e-9 && abs(result.pValue - chance) < 1e-6)
}

@Test func theTestsOfAClusteredRecordAreThoseOfSciPy() {
    let test = CoverageTest(
        BackTestSample.record([10, 11, 12, 50, 200, 201, 350, 400, 401, 480], of: 500),
        promised: 0.01)
    #expect(test.breaches == 10 && test.observations == 500 && test.rate == 0.02)
    #expect(abs(test.proportion.statistic - 3.913_619_576_461_244) < 1e-9)
    #expect(abs(test.independence.statistic - 19.805_120_006_221_77) < 1e-9)
    #expect(abs(test.independence.pValue - 8.575_266_556_177_115e-06) < 1e-12)
    #expect(abs(test.conditional.statistic - 23.718_739_582_683_014) < 1e-9)
    #expect(abs(test.conditional.pValue - 7.071_981_904_807_816e-06) < 1e-12)
}

@Test func theSameBreachesApartFromEachOtherAreNoCluster() {
    let test = CoverageTest(
        BackTestSample.record((0..<10).map { $0 * 50 }, of: 500), promised: 0.02)
    #expect(test.independence.pValue > 0.4 && test.proportion.pValue == 1)
}

@Test func recordsWithoutOrOfNothingButBreachesAreJudged() {
    let calm = CoverageTest([Bool](repeating: false, count: 2_000), promised: 0.01)
    #expect(calm.independence == TestResult(statistic: 0, pValue: 1))
    #expect(calm.proportion.pValue < 1e-9 && calm.excessive == 1)
    let bad = CoverageTest([Bool](repeating: true, count: 100), promised: 0.01)
    #expect(bad.independence.pValue == 1 && bad.proportion.pValue < 1e-9)
    #expect(bad.excessive < 1e-100)
    #expect(CoverageTest([true], promised: 0.01).independence.pValue == 1)
}

@Test func onlyTooManyBreachesAreExcessive() {
    #expect(CoverageTest(BackTestSample.record([1], of: 2_000), promised: 0.01).excessive > 0.999)
    let many = CoverageTest(BackTestSample.record(Array(0..<30), of: 2_000), promised: 0.01)
    #expect(abs(many.excessive - 0.021_256_171_404) < 1e-9)
}

/// `shared/facts/risk.md`: 0.24 at n = 250, 0.96 at 2,000.
@Test(arguments: [
    (250, 0.02, 0.242_732_037_028_502_74), (2_000, 0.02, 0.958_293_408_327_772_4),
    (250, 0.01, 0.094_759_964_017_385_1), (2_000, 0.01, 0.042_168_602_901_052),
])
func thePowerOfTwoThousandObservationsIsThatOfTheCommittee(
    _ observations: Int, _ truth: Double, _ wanted: Double
) {
    let power = CoverageTest.power(
        observations: observations, promised: 0.01, truth: truth, level: 0.05)
    #expect(abs(power - wanted) < 1e-9, "\(power)")
}

/// A record in which each breach makes the next likelier.
private func chain(
    _ rate: Double, afterBreach: Double, of count: Int, _ generator: inout SimulationGenerator
) -> [Bool] {
    var record: [Bool] = []
    for _ in 0..<count {
        record.append(generator.unit() <= (record.last == true ? afterBreach : rate))
    }
    return record
}

/// How many of 2,000 records are rejected at 5 %, in percent.
private func rejected(
    _ rate: Double, afterBreach: Double? = nil, by test: (CoverageTest) -> TestResult
) -> Double {
    var generator = SimulationGenerator(seed: 5)
    var count = 0
    for _ in 0..<2_000 {
        let record = chain(rate, afterBreach: afterBreach ?? rate, of: 2_000, &generator)
        if test(CoverageTest(record, promised: 0.01)).pValue < 0.05 { count += 1 }
    }
    return Double(count) / 20
}

@Test func trueForecastsAreRejectedAboutAsOftenAsTheLevelSays() {
    #expect((2.5...6.5).contains(rejected(0.01) { $0.proportion }))
    // Few breaches follow each other by chance, so the likelihood ratio is rougher.
    #expect((0.5...9).contains(rejected(0.01) { $0.independence }))
    #expect((1...9).contains(rejected(0.01) { $0.conditional }))
}

@Test func wrongForecastsAreRejectedOnBothSides() {
    #expect(rejected(0.02) { $0.proportion } > 93)
    #expect(rejected(0.004) { $0.proportion } > 80)
    #expect(rejected(0.009, afterBreach: 0.2) { $0.independence } > 85)
    #expect(rejected(0.009, afterBreach: 0.2) { $0.conditional } > 80)
    // Clusters are not seen by a test of the number alone.
    #expect(rejected(0.008, afterBreach: 0.2) { $0.proportion } < 20)
}
