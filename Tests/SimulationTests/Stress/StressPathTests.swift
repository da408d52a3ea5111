/// Courses: the same for the same seed, as deep as their names say, and real ones as the files have
/// them.
import TestKit
import Testing

@testable import Simulation

@Suite struct StressPathTests {
    @Test(arguments: StressScenario.allCases)
    func `a seed gives the same course again, and another seed another`(
        scenario: StressScenario
    ) {
        let course = StressCourse.shipped(scenario)
        #expect(StressPath(course, seed: 3).levels == StressPath(course, seed: 3).levels)
        #expect(StressPath(course, seed: 3).levels != StressPath(course, seed: 4).levels)
    }

    @Test(arguments: StressScenario.allCases)
    func `a crash moves as far as it says, and never to nothing`(scenario: StressScenario) {
        for seed in UInt64(1)...40 {
            let path = StressPath(.shipped(scenario), seed: seed)
            #expect(path.levels.allSatisfy { $0 > 0 })
            let move = path.extreme - 1_000_000
            if scenario == .squeeze {
                #expect((150_000...280_000).contains(move))
            } else {
                #expect((-330_000 ... -80_000).contains(move))
            }
        }
    }

    @Test func `a slide ends at its move within an hour of its beginning`() {
        let levels = StressPath(.slide(-400_000), seed: 1).levels
        let minute = Int(StressPath.stepsPerMinute)
        #expect(abs(levels[9 * minute] - 1_000_000) < 20_000)
        #expect(abs(levels[70 * minute] - 600_000) < 20_000)
    }

    @Test(
        .enabled(if: SharedFiles.exist, "the shared folder is not here"),
        arguments: [
            "2020-03-12_1041_binance_um_BTCUSDT_1m.csv": 700_000...900_000,
            "2021-05-19_1242_binance_um_BTCUSDT_1m.csv": 700_000...900_000,
            "2024-08-05_0603_binance_um_BTCUSDT_1m.csv": 880_000...970_000,
            "2025-10-10/binance_coinm_BTCUSD_PERP_mark_1m_2025-10-09_10.csv.gz":
                820_000...900_000,
        ].map { ($0.key, $0.value) })
    func `a real crash is the course that its file has`(
        name: String, extremes: ClosedRange<Int64>
    ) throws {
        let file = SharedFiles.path("data/prices_minute/" + name)
        let history = try #require(try PriceFiles.histories(of: [file]).first)
        let course = try #require(StressCourse.recorded(history, name: name))
        let path = StressPath(course, seed: 1)
        #expect(path.levels.first == 1_000_000)
        #expect(extremes.contains(path.extreme), "\(path.extreme)")
    }
}
