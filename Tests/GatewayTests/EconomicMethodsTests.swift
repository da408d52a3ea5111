/// What the API says of attacks: the engine's own figures, and nothing where there are none.

import Canonical
import Economics
import FixedPoint
import JSON
import Ledger
import Markets
import Testing

@testable import Gateway

@Suite struct EconomicMethodsTests {
    /// A cap of $1 million that stands still, and half a million of depth.
    private func venue() throws -> GatewayVenue {
        let parameters = EconomicParameters.major(
            baseMargin: Ratio(basisPoints: 900),
            hardLimit: Amount(microunits: 1_000_000 * GatewayGenesis.million),
            leastCap: Amount(microunits: 1_000_000 * GatewayGenesis.million),
            openingDepth: Amount(microunits: 524_288))
        return try GatewayVenue(economics: [parameters, parameters])
    }

    private func answer(_ venue: GatewayVenue) throws -> JSON.Value {
        try venue.result("public/get_manipulation_cost", #"{"index_name":"btc_usd"}"#)
    }

    @Test func `costs, caps and bounds are the engine's own, in the shape of the reference`() throws
    {
        let venue = try venue()
        let accounts = try venue.openAccounts(2)
        try venue.place(accounts[0], .sell, 5, at: 100_000, of: GatewayGenesis.bitcoin)
        try venue.place(accounts[1], .buy, 5, at: 100_000, of: GatewayGenesis.bitcoin)
        let result = try answer(venue)
        let shape = try #require(venue.gateway.methods["public/get_manipulation_cost"]).result
        try shape.check(result)
        let bitcoin = UnderlyingIdentifier(0)
        let state = try #require(venue.ledger.economics(of: bitcoin))
        #expect(result["depth"] == state.depth.percentile.value)
        #expect(result["window_seconds"]?.number?.integer == 30)
        let moves = try #require(result["moves"]?.elements)
        #expect(moves.count == 4)
        #expect(moves[3]["cost"] == state.cost.cost(of: Ratio(basisPoints: 1_000)).value)
        // A tenth of the cap, by 10 % less 0.2 %.
        let profit = Amount(microunits: 9_800 * GatewayGenesis.million)
        #expect(moves[3]["owner_profit"] == profit.value)
        let markets = try #require(result["markets"]?.elements)
        #expect(markets.map { $0["compartment"]?.text } == ["MAIN", "SIDE"])
        #expect(markets[0]["limited_by"]?.text == "least_cap")
        // Five lots of $50.
        let interest = Amount(microunits: 250 * GatewayGenesis.million)
        #expect(markets[0]["open_interest"] == interest.value)
        let bound = venue.ledger.lossBound(of: bitcoin, in: CompartmentIdentifier(0))
        #expect(bound.total.isPositive)
        #expect(markets[0]["loss_bound"] == bound.total.value)
        #expect(markets[1]["open_interest"] == Amount.zero.value)
        let books = try #require(result["books"]?.elements)
        #expect(books.first?["instrument_name"]?.text == "BTC_USDC-PERPETUAL")
    }

    @Test func `a venue without economics has empty lists`() throws {
        let venue = try GatewayVenue()
        let result = try answer(venue)
        for list in ["moves", "markets", "books"] {
            #expect(result[list]?.elements?.isEmpty == true)
        }
    }

    @Test func `every cause of a cap has a name of its own`() {
        let names = CapCause.allCases.map { $0.text }
        #expect(Set(names).count == names.count)
    }
}
