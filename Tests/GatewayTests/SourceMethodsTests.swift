/// What is said of publishers and indexes, against the feeds of the ledger.

import Canonical
import FixedPoint
import JSON
import Ledger
import Oracle
import Testing

@testable import Gateway

@Suite struct SourceMethodsTests {
    private func index(_ venue: GatewayVenue) throws -> JSON.Value {
        let result = try venue.result("public/get_sources")
        #expect(result["height"]?.number?.integer == Int64(venue.ledger.height))
        return try #require(result["indexes"]?.elements?.first)
    }

    @Test func `an index shows who said what, and that all of it counts`() throws {
        let venue = try GatewayVenue()
        try venue.apply()
        let index = try index(venue)
        #expect(index["index_name"]?.text == "btc_usd")
        #expect(index["price"]?.number?.text == "50000.0")
        #expect(index["condition"]?.text == "sound")
        #expect(index["quorum"]?.number?.text == "0.6")
        let observations = try #require(index["observations"]?.elements)
        #expect(observations.compactMap { $0["publisher"]?.number?.integer } == [0, 1, 2])
        for row in observations {
            #expect(row["price"]?.number?.text == "50000.0")
            #expect(row["kind"]?.text == "signer" && row["source"]?.text == "direct")
            #expect(row["age_ms"]?.number?.integer == 0 && row["weight"]?.number?.integer == 1)
            #expect(row["used"]?.boolean == true && row["fault"]?.isNull == true)
            #expect(row["quote_index"]?.isNull == true)
        }
    }

    @Test func `before the first price there is none, and it is good for nothing but cancels`()
        throws
    {
        let venue = try GatewayVenue()
        let index = try index(venue)
        #expect(index["price"]?.isNull == true && index["age_ms"]?.number?.integer == 0)
        #expect(index["condition"]?.text == "lacks_weight, lacks_venues")
        #expect(index["observations"]?.elements?.isEmpty == true)
        for use in PriceUse.allCases {
            #expect(index["uses"]?["\(use)"]?.boolean == (use == .cancel))
        }
    }

    @Test(arguments: [
        (5_000, [PriceUse.liquidate, .reduce], [PriceUse]()),
        (5_001, [.trade, .reduce], [.liquidate, .withdraw]),
        (15_001, [.reduce], [.trade, .margin]), (60_001, [.cancel, .display], [.reduce]),
    ])
    func `what a price is good for goes with its age`(
        milliseconds: Int, allowed: [PriceUse], refused: [PriceUse]
    ) throws {
        let venue = try GatewayVenue()
        try venue.apply()
        // Two steps, since a block reads prices as they stand at its time.
        try venue.apply(milliseconds: UInt64(milliseconds), isPriced: false)
        let index = try index(venue)
        #expect(index["age_ms"]?.number?.integer == Int64(milliseconds))
        for use in allowed { #expect(index["uses"]?["\(use)"]?.boolean == true, "\(use)") }
        for use in refused { #expect(index["uses"]?["\(use)"]?.boolean == false, "\(use)") }
        #expect(
            index["uses"]?["settle"]?.boolean
                == venue.ledger.feeds[0].isValid(
                    for: .settle, at: venue.now))
        let isStale = milliseconds > 60_000
        for row in index["observations"]?.elements ?? [] {
            #expect(row["used"]?.boolean == !isStale)
            #expect(row["fault"]?.text == (isStale ? "stale" : nil))
        }
    }

    @Test func `a price that is none is shown with its fault`() throws {
        let venue = try GatewayVenue()
        try venue.apply()
        venue.prices[0] = 0
        try venue.apply()
        let index = try index(venue)
        #expect(index["price"]?.number?.text == "50000.0")
        let rows = try #require(index["observations"]?.elements)
        #expect(rows.allSatisfy { $0["fault"]?.text == "zero" && $0["used"]?.boolean == false })
        #expect(rows.allSatisfy { $0["price"]?.number?.text == "0.0" })
        #expect(index["condition"]?.text?.hasPrefix("lacks_weight") == true)
    }

    @Test func `every fault has a name of its own`() {
        let names = PriceFault.allCases.map { $0.text }
        #expect(Set(names).count == names.count)
    }
}
