/// The runner end to end: real signatures, the whole engine, an audit after every block.

@testable import Documents
import Foundation
import Simulation
import TestKit
import Testing

/// The first `minutes` of histories.
func beginning(of histories: [PriceHistory], minutes: UInt64) -> [PriceHistory] {
    histories.compactMap { history in
        let end = history.start + minutes * 60_000_000_000
        let sources = history.sources.compactMap { source -> VenueBars? in
            let bars = source.bars.filter { $0.end <= end }
            return bars.isEmpty ? nil : VenueBars(venue: source.venue, bars: bars)
        }
        guard !sources.isEmpty else { return nil }
        return PriceHistory(
            base: history.base, quote: history.quote, unitMultiplier: history.unitMultiplier,
            sources: sources)
    }
}

private func run(
    _ histories: [PriceHistory], genesis: GenesisFile? = nil, seed: UInt64 = 1, audit: Bool = true
) throws -> ReplayResult {
    let inputs = ReplayInputs(histories: histories, genesis: genesis, seed: seed)
    return try Replay.run(inputs, audit: audit) { _ in }
}

@Test func aBeginningOfTheBuiltInDayClearsAndConserves() throws {
    let histories = beginning(of: BuiltInDay.histories(), minutes: 30)
    let result = try run(histories)
    #expect(result.summary.conserved)
    #expect(result.summary.blocks == 360)
    #expect(result.summary.trades > 100)
    #expect(result.summary.fees > 0)
    #expect(result.summary.volume > 0)
    #expect(result.summary.badDebt == 0)
    #expect(result.summary.stateRoot.count == 64)
    #expect(result.series.markets.prefix(2).map(\.name) == ["BTC-PERP", "ETH-PERP"])
    #expect(result.series.ledger.count >= 29)
}

@Test func theSameSeedGivesTheSameRootAndAnotherSeedAnother() throws {
    let histories = beginning(of: BuiltInDay.histories(), minutes: 8)
    let first = try run(histories, audit: false)
    let second = try run(histories, audit: false)
    let other = try run(histories, seed: 2, audit: false)
    #expect(first.summary.stateRoot == second.summary.stateRoot)
    #expect(first.series == second.series)
    #expect(first.summary.stateRoot != other.summary.stateRoot)
}

@Test func aChangedPriceChangesTheRoot() throws {
    let histories = beginning(of: BuiltInDay.histories(), minutes: 5)
    var changed = histories
    var bars = histories[0].sources[0].bars
    let bar = bars[2]
    bars[2] = PriceBar(
        start: bar.start, duration: bar.duration, open: bar.open, high: bar.high + 50_000_000,
        low: bar.low, close: bar.close, volume: bar.volume)
    changed[0] = PriceHistory(
        base: "BTC", quote: "USD", unitMultiplier: 1,
        sources: [VenueBars(venue: histories[0].sources[0].venue, bars: bars)]
            + histories[0].sources.dropFirst())
    let before = try run(histories, audit: false).summary.stateRoot
    #expect(try run(changed, audit: false).summary.stateRoot != before)
}

/// The crash of the built-in day: liquidations happen, nobody else's money is taken.
@Test func theCrashOfTheBuiltInDayLiquidatesAndConserves() throws {
    let histories = BuiltInDay.histories().map { history in
        PriceHistory(
            base: history.base, quote: history.quote, unitMultiplier: 1,
            sources: history.sources.map { source in
                let from = BuiltInDay.start + 840 * 60_000_000_000
                let bars = source.bars.filter {
                    $0.start >= from && $0.start < from + 3_600_000_000_000
                }
                return VenueBars(venue: source.venue, bars: bars)
            })
    }
    let result = try run(histories, audit: false)
    #expect(result.summary.conserved)
    #expect(result.summary.liquidations > 3)
    #expect(result.summary.liquidatedNotional > 0)
    #expect(result.summary.insuranceFund > 0)
}

@Test func progressReachesTheEnd() throws {
    let histories = beginning(of: BuiltInDay.histories(), minutes: 2)
    var last = ReplayProgress(permille: 0, time: 0, blocks: 0, orders: 0, elapsed: 0)
    _ = try Replay.run(ReplayInputs(histories: histories, genesis: nil, seed: 1)) { last = $0 }
    #expect(last.permille == 1_000)
    #expect(last.blocks == 24)
}

/// Files that hold no prices: they are refused by name, which `SharedPricesTests` checks.
private let notPrices = ["bookDepth", "volume_"]

@Test(
    .enabled(if: SharedFiles.exist, "the folder of shared files is not there"),
    arguments: SharedFiles.files(below: "data/prices_minute").filter { file in
        file.contains(".csv") && !notPrices.contains { file.contains($0) }
    })
func everyRealMinuteFileRunsAndConserves(file: String) throws {
    let histories = try PriceFiles.histories(of: [SharedFiles.path(file)])
    let result = try run(beginning(of: histories, minutes: 10))
    #expect(result.summary.conserved)
    #expect(result.summary.blocks > 0)
    #expect(result.summary.orders > 0)
}
