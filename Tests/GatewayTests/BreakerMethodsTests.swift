/// What is told of breakers: the numbers that they act on, both sides of a threshold.

import Breakers
import Canonical
import FixedPoint
import JSON
import Ledger
import Testing

@testable import Gateway

@Suite struct BreakerMethodsTests {
    private static let standard = [BreakerParameters.standard, .standard]

    private func measure(
        _ trigger: String, of name: String, in venue: GatewayVenue
    ) throws -> JSON.Value {
        let rows = try #require(try venue.result("public/get_breakers")["measures"]?.elements)
        return try #require(
            rows.first { $0["trigger"]?.text == trigger && $0["name"]?.text == name })
    }

    @Test func `without breakers nothing is measured`() throws {
        let venue = try GatewayVenue()
        try venue.apply()
        #expect(try venue.result("public/get_breakers")["measures"]?.elements?.isEmpty == true)
    }

    @Test func `before the first price only compartments are looked at`() throws {
        let venue = try GatewayVenue(breakers: Self.standard)
        let rows = try #require(try venue.result("public/get_breakers")["measures"]?.elements)
        #expect(Set(rows.compactMap { $0["scope"]?.text }) == ["compartment"])
    }

    @Test func `a move is measured against its threshold, and trips from there`() throws {
        let venue = try GatewayVenue(breakers: Self.standard)
        try venue.apply()
        let still = try measure("minuteMove", of: "BTC", in: venue)
        #expect(still["measured"]?.number?.text == "0.0" && still["unit"]?.text == "share")
        #expect(still["threshold"]?.number?.text == "0.08")
        #expect(still["clearing"]?.number?.text == "0.04")
        #expect(still["level"]?.text == "auctionOnly" && still["scope"]?.text == "underlying")

        venue.prices[0] = 53_999_999_000
        try venue.apply()
        let below = try measure("minuteMove", of: "BTC", in: venue)
        #expect(below["measured"]?.number?.text == "0.07999998")
        #expect(venue.ledger.level(of: GatewayGenesis.bitcoin) == .normal)

        venue.prices[0] = 54_000_000_000
        try venue.apply()
        let at = try measure("minuteMove", of: "BTC", in: venue)
        #expect(at["measured"]?.number?.text == "0.08")
        #expect(venue.ledger.level(of: GatewayGenesis.bitcoin) == .auctionOnly)
        let other = try measure("minuteMove", of: "ETH", in: venue)
        #expect(other["measured"]?.number?.text == "0.0")
    }

    @Test func `ages are told in seconds, and of an old index neither moves nor spread`() throws {
        let venue = try GatewayVenue(breakers: Self.standard)
        try venue.apply()
        try venue.apply(milliseconds: 61_000, isPriced: false)
        let age = try measure("staleIndex", of: "BTC", in: venue)
        #expect(age["measured"]?.number?.text == "61.0" && age["unit"]?.text == "seconds")
        for trigger in ["minuteMove", "fiveMinuteMove", "sourceDivergence"] {
            #expect(try measure(trigger, of: "BTC", in: venue)["measured"]?.isNull == true)
        }
    }

    @Test func `markets but options and compartments are measured in the quote asset`() throws {
        let venue = try GatewayVenue(breakers: Self.standard)
        try venue.apply()
        let forced = try measure("liquidations", of: "BTC_USDC-PERPETUAL", in: venue)
        #expect(forced["measured"]?.number?.text == "0.0" && forced["unit"]?.text == "quote")
        #expect(try measure("drawdown", of: "MAIN", in: venue)["level"]?.text == "reduceOnly")
        let rows = try #require(try venue.result("public/get_breakers")["measures"]?.elements)
        #expect(!rows.contains { $0["name"]?.text?.hasSuffix("-C") == true })
    }

    @Test func `the ticker of a market whose prices end tells of every level`() throws {
        let venue = try GatewayVenue(breakers: Self.standard)
        try venue.apply()
        let session = venue.connect()
        let channel = "ticker.BTC_USDC-PERPETUAL.raw"
        _ = try venue.exchange(
            #"{"id":1,"method":"public/subscribe","params":{"channels":["\#(channel)"]}}"#,
            on: session)
        var levels: [String] = []
        for _ in 0..<8 {
            try venue.apply(milliseconds: 10_000, isPriced: false)
            levels += try venue.messages(to: session).compactMap { message in
                message["params"]?["data"]?["level"]?.text
            }.filter { $0 != levels.last }
        }
        #expect(levels == ["reduceOnly", "halted"])
    }
}
