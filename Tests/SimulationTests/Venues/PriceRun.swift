/// Prices alone through the ledger: the publishers of a replay and nobody else, with blocks at a
/// chosen distance, so that a test of an index takes seconds.

import Canonical
import Cryptography
import Documents
import FixedPoint
import Ledger
import Oracle
@testable import Simulation
import TestKit

/// What became of the indices.
struct PriceRun {
    let indices: [IndexSummary]
    let series: [UnderlyingSeries]
    let cuts: [PriceCut]
    /// By underlying and block: whether the index was good enough to liquidate on.
    var isUsable: [[Bool]]

    /// - Parameters:
    ///   - step: nanoseconds between blocks.
    ///   - without: defences that are off.
    init(_ histories: [PriceHistory], step: UInt64, without: [Defence] = []) throws {
        let keys = LabKeys(seed: 1)
        let plan = try ReplayPlan(
            ReplayInputs(histories: histories, genesis: nil, seed: 1, without: without),
            keys: keys)
        let ledger = Ledger(genesis: plan.genesis)
        var publishers = LabPublishers(histories: plan.histories, genesis: plan.genesis, seed: 1)
        var recorder = IndexRecorder(plan.histories)
        var cuts = PriceCutRecorder(
            underlyings: plan.histories.map(\.name),
            sources: plan.genesis.safeguards.sources.map(\.name.text),
            publishers: plan.genesis.publishers.count)
        isUsable = histories.map { _ in [] }
        var time = plan.start
        while time < plan.end {
            let block = Block(
                height: ledger.height + 1, time: Timestamp(nanoseconds: time),
                observations: publishers.bundles(at: time, ledger: ledger, keys: keys),
                transactions: [])
            let outcome = try ledger.apply(block, verifier: PortableVerifier())
            cuts.hear(block.observations)
            for event in outcome.events {
                if case .priceJudged(let publisher, let underlying, let refusal) = event {
                    cuts.judge(publisher, on: underlying, refusal, at: time)
                }
                if case .indexConditionChanged(let underlying, let condition) = event {
                    cuts.judge(underlying, condition, at: time)
                }
            }
            recorder.add(ledger)
            for place in isUsable.indices {
                isUsable[place].append(
                    ledger.feeds[place].isValid(for: .liquidate, at: ledger.time))
            }
            time += step
        }
        indices = recorder.finished()
        series = recorder.series
        self.cuts = cuts.finished(at: time)
    }

    /// What a venue of the first underlying shows, in the order of blocks.
    func prices(of venue: String) -> [Int64?] {
        guard let place = series[0].venues.firstIndex(of: venue) else { return [] }
        return series[0].prices[place]
    }

    /// The farthest that the index of the first underlying was from a venue's price in basis points
    /// while it was good enough to liquidate on; zero where it never was.
    ///
    /// - Parameter blocks: all where nil.
    func farthest(from venue: String, in blocks: Range<Int>? = nil) -> Double {
        let index = series[0].index
        let prices = prices(of: venue)
        return (blocks ?? index.indices).map { place in
            isUsable[0][place] ? basisPoints(index[place], from: prices[place]) ?? 0 : 0
        }.max() ?? 0
    }

    /// How often the index of the first underlying moved to a price beyond the range of what all
    /// venues but one show, by two basis points or more.
    func strays(without venue: String) -> Int {
        let run = series[0]
        let others = run.venues.indices.filter { run.venues[$0] != venue }
        return run.index.indices.count { place in
            guard place > 0, let index = run.index[place], index != run.index[place - 1] else {
                return false
            }
            let prices = others.compactMap { run.prices[$0][place] }
            guard let low = prices.min(), let high = prices.max() else { return true }
            let slack = index / 5_000
            return index < low - slack || index > high + slack
        }
    }

    /// Whether a source was ever cut.
    func isCut(_ source: String) -> Bool { cuts.contains { $0.source == source } }

    /// How often a source of an underlying was cut for a reason.
    func count(of reason: String, source: String) -> Int {
        cuts.filter { $0.reason == reason && $0.source == source }.reduce(0) { $0 + $1.count }
    }
}

extension PriceHistory {
    /// The part of a history that lies in a stretch of time, with the venues that have any.
    ///
    /// - Parameter venues: those that stay; nil for all.
    func cut(from start: UInt64, to end: UInt64, venues: [String]? = nil) -> PriceHistory {
        let kept = sources.compactMap { source -> VenueBars? in
            guard venues?.contains(source.venue) ?? true else { return nil }
            let bars = source.bars.filter { $0.start >= start && $0.end <= end }
            return bars.isEmpty
                ? nil
                : VenueBars(venue: source.venue, bars: bars, currency: source.currency)
        }
        return PriceHistory(
            base: base, quote: quote, unitMultiplier: unitMultiplier, sources: kept)
    }

    /// The same with the bars of a venue gone from a time on.
    func silencing(_ venue: String, from start: UInt64) -> PriceHistory {
        let kept = sources.map { source in
            source.venue == venue
                ? VenueBars(venue: venue, bars: source.bars.filter { $0.end <= start })
                : source
        }
        return PriceHistory(
            base: base, quote: quote, unitMultiplier: unitMultiplier, sources: kept)
    }
}

extension [PriceHistory] {
    /// The histories of a file in the shared folder.
    static func shared(_ files: String...) throws -> [PriceHistory] {
        try PriceFiles.histories(of: files.map { SharedFiles.path("data/" + $0) })
    }

    /// The one of this name.
    func named(_ name: String) -> PriceHistory? { first { $0.name == name } }
}

/// Distance of two prices in basis points, of the second.
func basisPoints(_ price: Int64?, from other: Int64?) -> Double? {
    guard let price, let other else { return nil }
    return abs(Double(price) / Double(other) - 1) * 10_000
}
