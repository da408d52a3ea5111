/// Recorded crash days through the publisher: a loopback server that plays the venues of
/// 2025-10-10, and tables with the gap of Gemini and the frozen feed of Poloniex in them.
import Foundation
import Canonical
import FixedPoint
import Oracle
import TestKit
import Testing

@testable import Publishing

private let crash = "data/prices_minute/2025-10-10/multi_venue_1m_from_trades.csv.gz"
private let march = "data/prices_hourly/2020-03_multi_venue_1h.csv.gz"
private let minute: UInt64 = 60 * benchSecond

/// The minutes of one venue's market: close by epoch second.
private func closes(
    _ rows: [[Substring]], _ exchange: String, _ symbol: String
) -> [UInt64: String] {
    var closes: [UInt64: String] = [:]
    for row in rows where row[0] == exchange && row[1] == symbol {
        if let time = UInt64(row[2]) { closes[time] = String(row[6]) }
    }
    return closes
}

private func micros(_ text: String) throws -> Int64 {
    try ExactNumber.price(picos: try ExactNumber.picos(Array(text.utf8), "p"), unit: 1).units
}

private func file(_ path: String) throws -> [UInt8] {
    try #require(GzipFile.bytes(of: SharedFiles.path(path)))
}

@Suite(.enabled(if: SharedFiles.exist, "no shared folder"))
struct RecordedVenueTests {
    /// A venue says its last trade with that trade's time, as venues do when nobody trades.
    private struct Market {
        let path: String
        let closes: [UInt64: String]

        func answer(at second: UInt64) -> Reply {
            var time = second
            while closes[time] == nil, time > second - 86_400 { time -= 60 }
            return .json(#"{"price":"\#(closes[time] ?? "")","time":\#(time)}"#)
        }
    }

    @Test func thePrintOfAVAXAtSixIsNeverSent() throws {
        let rows = try #require(GzipFile.rows(of: SharedFiles.path(crash)))
        let markets = [
            Market(path: "/perp", closes: closes(rows, "binance-delivery", "AVAXUSD_PERP")),
            Market(path: "/coinbase", closes: closes(rows, "coinbase", "AVAX-USD")),
            Market(path: "/gemini", closes: closes(rows, "gemini", "AVAXUSD")),
        ]
        let venue = try VenueServer { _ in .hang }
        let node = try willingNode()
        defer {
            venue.stop()
            node.stop()
        }
        var limits = FeedLimits()
        limits.mostAge = 3 * minute
        limits.frozenAfter = 0
        var feeds = markets.map {
            webFeed($0.path, venue.url($0.path), hasTime: true, limits: limits)
        }
        for place in feeds.indices { feeds[place].period = minute }
        // The perpetual is what the publisher speaks for; both others are compared with.
        var plan = publishPlan([pricePlan(feeds: [0], witnesses: [1, 2])], feeds)
        plan.period = minute
        let bench = try PublishBench(plan, node: node.url("/"))
        var names: Set<String> = []
        // 20:50 to 22:00.
        for place in 0..<70 {
            let second: UInt64 = 1_760_129_400 + UInt64(place) * 60
            venue.answer { request in
                markets.first { $0.path == request.path }?.answer(at: second) ?? .hang
            }
            bench.step(to: (second + 1) * benchSecond)
            if let finding = bench.finding(0) { names.insert(finding.name) }
            let coinbase = try #require(markets[1].closes[second])
            for bundle in bench.bundles where bundle.time == bench.now {
                let sent = try #require(bundle.observations.first).price
                let sound = IndexPrice(micros: try micros(coinbase))
                // Where Gemini is silent, a tenth of the last price is the bound, not agreement.
                #expect(
                    SourceCheck.isNear(sent, sound, within: 200_000_000),
                    "\(second): \(sent) beside \(sound)")
            }
        }
        let sent = bench.bundles.compactMap(\.observations.first?.price)
        #expect(sent.count > 20)
        #expect(sent.min().map { $0 > price(14) } == true)
        #expect(names.contains("apart"))
        // Without the witnesses it is sent, once it is kept to.
        try expectHarm(markets[0], at: venue, node)
    }

    /// The same feed with the checks off: the print goes out.
    private func expectHarm(_ market: Market, at venue: VenueServer, _ node: VenueServer) throws {
        var feed = webFeed(market.path, venue.url(market.path))
        feed.period = minute
        var limits = PriceLimits()
        limits.jumpHold = 0
        var plan = publishPlan([pricePlan(feeds: [0], limits: limits)], [feed])
        plan.period = minute
        let bench = try PublishBench(plan, node: node.url("/"))
        for place in 0..<70 {
            let second: UInt64 = 1_760_129_400 + UInt64(place) * 60
            venue.answer { _ in market.answer(at: second) }
            bench.step(to: (second + 1) * benchSecond)
        }
        let sent = bench.bundles.compactMap(\.observations.first?.price)
        #expect(sent.min().map { $0 < price(8) } == true, "\(bench.notes)")
    }

    @Test func theGapOfGeminiIsStaleAndNothingIsSentInIt() throws {
        let table = try PriceTable(
            try file(crash),
            TableColumns(
                time: "minute", price: "close",
                filter: [("exchange", "gemini"), ("symbol", "BTCUSD")]))
        var limits = FeedLimits()
        limits.mostAge = 3 * benchSecond
        limits.frozenAfter = 0
        let feed = FeedPlan(
            name: "gemini", underlying: "BTC", origin: .table(table, speed: 60), limits: limits,
            period: benchSecond)
        var machine = PublishMachine(
            publishPlan([pricePlan(feeds: [0])], [feed]), seed: 1, at: benchStart)
        var silent: [UInt64] = []
        var stale = 0
        for second in 0..<1_440 {
            let now = benchStart + UInt64(second) * benchSecond
            machine.endRound()
            let isSent = machine.turn(at: now).contains {
                if case .deliver = $0 { true } else { false }
            }
            machine.delivered(at: now)
            if !isSent { silent.append(table.start / benchSecond + UInt64(second) * 60) }
            if machine.verdicts[0].findings.first?.finding?.name == "stale" { stale += 1 }
        }
        // 21:14 to 21:19 there was no trade; three minutes of that are still good.
        let gap: ClosedRange<UInt64> = 1_760_130_840...1_760_131_200
        #expect(silent.contains { gap.contains($0) })
        #expect(stale > 0)
        // Elsewhere it trades nearly always.
        #expect(silent.count < 20)
    }

    @Test func theFrozenFeedOfPoloniexIsNamedAndAHealthyOneIsNot() throws {
        let bytes = try file(march)
        func feed(_ venue: String) throws -> FeedPlan {
            let table = try PriceTable(
                bytes,
                TableColumns(
                    time: "time", price: "close",
                    filter: [("venue", venue), ("symbol", "BTCUSD")]))
            var limits = FeedLimits()
            // An hour a second: six hours of the same price.
            limits.frozenAfter = 6 * benchSecond
            return FeedPlan(
                name: venue, underlying: "BTC", origin: .table(table, speed: 3_600),
                limits: limits, period: benchSecond)
        }
        var prices = PriceLimits()
        prices.mostJump = 1_000_000_000
        for (venue, isFrozen) in [("poloniex", true), ("bitstamp", false)] {
            var machine = PublishMachine(
                publishPlan([pricePlan(feeds: [0], limits: prices)], [try feed(venue)]), seed: 1,
                at: benchStart)
            var sent: [UInt64] = []
            for second in 0..<UInt64(150) {
                let now = benchStart + second * benchSecond
                machine.endRound()
                for case .deliver in machine.turn(at: now) { sent.append(second) }
                machine.delivered(at: now)
            }
            let finding = machine.verdicts[0].findings.first?.finding
            #expect(
                (finding?.name == "frozen") == isFrozen, "\(venue): \(String(describing: finding))")
            #expect(isFrozen ? sent == Array(0...6) : sent.count == 150, "\(venue): \(sent)")
        }
    }
}
