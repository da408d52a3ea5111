/// Futures and options in the replay: listed by rule, traded by the population, settled at eight.

import Simulation
import Testing

/// The built-in day from one minute to another.
private func stretch(_ minutes: Range<UInt64>) -> [PriceHistory] {
    let minute: UInt64 = 60_000_000_000
    let first = BuiltInDay.start + minutes.lowerBound * minute
    let end = BuiltInDay.start + minutes.upperBound * minute
    return BuiltInDay.histories().map { history in
        PriceHistory(
            base: history.base, quote: history.quote, unitMultiplier: history.unitMultiplier,
            sources: history.sources.map { source in
                VenueBars(
                    venue: source.venue,
                    bars: source.bars.filter { $0.start >= first && $0.start < end })
            })
    }
}

private func run(_ histories: [PriceHistory], audit: Bool) throws -> ReplaySummary {
    try Replay.run(
        ReplayInputs(histories: histories, genesis: nil, seed: 1), audit: audit
    ) { _ in }.summary
}

/// From 06:50, more than an hour before the expiry, to 08:04.
@Test func theBuiltInDayListsTradesAndSettlesOptions() throws {
    let summary = try run(stretch(410..<484), audit: false)
    #expect(summary.conserved)
    #expect(summary.badDebt == 0)
    #expect(summary.premium > 0)
    for name in ["BTC", "ETH"] {
        let expiries = summary.expiries.filter { $0.underlying == name }
        let first = try #require(expiries.first)
        #expect(first.expiry == BuiltInDay.start + 8 * 3_600_000_000_000)
        #expect(first.options >= 14)
        #expect(first.futures == 1)
        #expect(first.optionTrades > 0)
        #expect(first.settlementPrice != nil)
        #expect(first.exercised > 0)
        #expect(first.exercised == first.assigned)
        #expect(first.optionInterest == 0)
        #expect(first.futureInterest == 0)
        let open = expiries.dropFirst()
        #expect(open.count == 2)
        #expect(open.allSatisfy { $0.settlementPrice == nil && $0.optionInterest > 0 })
        #expect(open.allSatisfy { $0.futureTrades > 0 })
    }
}

@Test func contractsAreConservedUnderTheAuditOfEveryBlock() throws {
    let summary = try run(stretch(410..<418), audit: true)
    #expect(summary.conserved)
    #expect(summary.premium > 0)
}

/// No curve that a publisher votes is refused: when it is calm, and in the crash.
@Test(arguments: [410..<420, 870..<895] as [Range<UInt64>])
func noVoteIsDropped(minutes: Range<UInt64>) throws {
    let summary = try run(stretch(minutes), audit: false)
    let faults = summary.refusals.map(\.name).filter {
        $0.contains("Arbitrage") || $0.contains("Expiry") || $0.contains("volatility")
            || $0.contains("forward")
    }
    #expect(faults == [])
}

/// Where quotes are not in USD, nothing but the perpetual is listed.
@Test func otherQuotesHavePerpetualsOnly() throws {
    let histories = stretch(0..<3).map {
        PriceHistory(base: $0.base, quote: "EUR", unitMultiplier: 1, sources: $0.sources)
    }
    let summary = try run(histories, audit: true)
    #expect(summary.expiries.isEmpty)
    #expect(summary.markets.count == 2)
}
