/// Steps of liquidations as they are remembered, asked for and told: against the events of the same
/// blocks, and within the limits of memory.

import Canonical
import FixedPoint
import JSON
import Ledger
import Markets
import Testing

@testable import Gateway

@Suite struct LiquidationMethodsTests {
    /// A long of 5 BTC on $30,000; those who sold it to him are rich.
    private func weakLong(
        _ configuration: GatewayConfiguration = .generous
    ) throws -> (GatewayVenue, weak: AccountIdentifier) {
        let venue = try GatewayVenue(configuration)
        let rich = try venue.openAccounts(2)
        let weak = try venue.openAccounts(1, dollars: 30_000)[0]
        try venue.place(rich[0], .sell, 5_000, at: 100_000)
        try venue.place(weak, .buy, 5_000, at: 100_000)
        return (venue, weak)
    }

    /// The price falls by a tenth, and time passes.
    private func fall(_ venue: GatewayVenue) throws -> [BlockOutcome] {
        var outcomes: [BlockOutcome] = []
        for _ in 1...5 {
            venue.prices[0] -= 1_000_000_000
            outcomes.append(try venue.apply())
        }
        for _ in 0..<14 { outcomes.append(try venue.apply(milliseconds: 5_000)) }
        return outcomes
    }

    private func records(
        _ venue: GatewayVenue, _ parameters: String = "{}"
    ) throws -> [JSON.Value] {
        let result = try venue.result("public/get_liquidations", parameters)
        return try #require(result["liquidations"]?.elements)
    }

    @Test func `nothing happened, nothing is told`() throws {
        let venue = try GatewayVenue()
        #expect(try records(venue).isEmpty)
    }

    @Test func `a call, what was closed and the end are records of their events`() throws {
        let (venue, weak) = try weakLong()
        let session = venue.connect()
        _ = try venue.exchange(
            #"{"id":1,"method":"public/subscribe","params":{"channels":["liquidations"]}}"#,
            on: session)
        let outcomes = try fall(venue)
        let told = try venue.messages(to: session).flatMap { message in
            message["params"]?["data"]?.elements ?? []
        }
        let all = try records(venue, #"{"count":1000}"#)
        let steps = Set(all.compactMap { $0["step"]?.text })
        #expect(steps.isSuperset(of: ["call", "deleverage", "end"]), "\(steps)")
        // Newest first, each the number of its event.
        let numbers = all.compactMap { $0["event"]?.number?.integer }
        #expect(numbers == numbers.sorted(by: >) && Set(numbers).count == all.count)
        for outcome in outcomes {
            for (place, event) in outcome.events.enumerated() {
                guard case .liquidationStarted(let account, let equity, _) = event else { continue }
                let number = Int64(outcome.firstEvent) + Int64(place)
                let record = try #require(
                    all.first { $0["event"]?.number?.integer == number })
                #expect(record["account"]?.number?.integer == Int64(account.number))
                #expect(record["height"]?.number?.integer == Int64(outcome.height))
                #expect(record["value"] == equity.value)
                #expect(record["instrument_name"]?.isNull == true)
            }
        }
        let closed = try #require(all.first { $0["step"]?.text == "deleverage" })
        #expect(closed["instrument_name"]?.text == "BTC_USDC-PERPETUAL")
        #expect(closed["account"]?.number?.integer == Int64(weak.number))
        #expect(closed["counterparty"]?.number?.integer == 0)
        // The channel has told the same, oldest first.
        let isSame = told == all.reversed()
        #expect(isSame, "\(told.count) of \(all.count)")
    }

    @Test func `what the engine trades on the book names its side, its price and its fee`() throws {
        let (venue, weak) = try weakLong()
        for _ in 1...9 {
            venue.prices[0] -= 500_000_000
            try venue.place(
                AccountIdentifier(1), .buy, 1_000, at: venue.prices[0] / 500_000 - 100)
        }
        for _ in 0..<4 { try venue.apply(milliseconds: 1_000) }
        let trades = venue.gateway.market.trades
        let forced = (0..<trades.count).map { trades[$0] }.filter { $0.isTakerLiquidation }
        let orders = try records(venue, #"{"count":1000}"#).filter { $0["step"]?.text == "order" }
        #expect(!forced.isEmpty && forced.count == orders.count)
        for (trade, order) in zip(forced.reversed(), orders) {
            #expect(order["event"]?.number?.integer == Int64(trade.number))
            #expect(order["account"]?.number?.integer == Int64(weak.number))
            #expect(order["price"]?.number?.scaled(by: 6) == trade.price.ticks * 500_000)
            #expect(order["amount"]?.number?.scaled(by: 3) == trade.quantity.lots)
            #expect(order["fee"]?.isNull == false)
        }
    }

    @Test(arguments: [
        (#"{"count":0}"#, "count"), (#"{"count":1001}"#, "count"), (#"{"count":1.5}"#, "count"),
        (#"{"account":-1}"#, "account"), (#"{"account":4294967296}"#, "account"),
        (#"{"account":"one"}"#, "account"),
    ])
    func `what does not fit is refused by name`(parameters: String, name: String) throws {
        let venue = try GatewayVenue()
        let answer = try venue.call("public/get_liquidations", parameters)
        #expect(answer.errorCode == -32_602)
        #expect(answer["error"]?["data"]?["param"]?.text == name)
    }

    @Test func `count and account choose, and memory is bounded`() throws {
        var configuration = GatewayConfiguration.generous
        configuration.liquidationHistory = 4
        let (venue, weak) = try weakLong(configuration)
        _ = try fall(venue)
        let all = try records(venue)
        #expect(all.count == 4)
        #expect(try records(venue, #"{"count":1}"#) == [all[0]])
        #expect(try records(venue, #"{"account":\#(weak.number)}"#).count <= 4)
        #expect(try records(venue, #"{"account":77}"#).isEmpty)
        // Blocks of the past bring the same back.
        let other = try Gateway(configuration, ledger: venue.ledger)
        for block in venue.blocks { other.restore(block, ledger: venue.ledger) }
        let kept = (0..<4).map { venue.gateway.market.liquidations[$0].event }
        #expect((0..<4).map { other.market.liquidations[$0].event } == kept)
    }
}
