/// The interval of a rate of breaches: as binomial where breaches are apart, wider where they
/// cluster.
import Testing

@testable import Simulation

private func width(_ interval: ClosedRange<Double>) -> Double {
    interval.upperBound - interval.lowerBound
}

@Test func theIntervalOfIndependentBreachesIsAboutTheBinomialOne() {
    var generator = SimulationGenerator(seed: 1)
    let record = (0..<20_000).map { _ in generator.unit() <= 0.01 }
    let rate = Double(record.count { $0 }) / 20_000
    let interval = BlockBootstrap(seed: 1).interval(of: record)
    #expect(interval.contains(rate))
    // 2 × 1.96 × √(0.01 × 0.99 / 20,000).
    #expect((0.7...1.3).contains(width(interval) / 0.002_758), "\(interval)")
}

@Test func clustersWidenTheInterval() {
    let apart = (0..<20_000).map { $0 % 100 == 0 }
    let together = (0..<20_000).map { $0 % 2_000 < 20 }
    let narrow = BlockBootstrap(seed: 1).interval(of: apart)
    let wide = BlockBootstrap(seed: 1).interval(of: together)
    #expect(width(wide) > 3 * width(narrow), "\(narrow) \(wide)")
    // Draws of single observations do not see them.
    let single = BlockBootstrap(block: 1, seed: 1).interval(of: together)
    #expect(width(wide) > 2 * width(single))
}

@Test func theIntervalOfNothingOrOfAllIsAPoint() {
    let bootstrap = BlockBootstrap(seed: 1)
    #expect(bootstrap.interval(of: [Bool](repeating: false, count: 500)) == 0...0)
    #expect(bootstrap.interval(of: [Bool](repeating: true, count: 500)) == 1...1)
    #expect(bootstrap.interval(of: [true]) == 1...1)
}

@Test func theSameSeedGivesTheSameInterval() {
    let record = (0..<3_000).map { $0 % 90 == 0 }
    let first = BlockBootstrap(seed: 4).interval(of: record)
    #expect(first == BlockBootstrap(seed: 4).interval(of: record))
    #expect(first.contains(Double(34) / 3_000))
}
