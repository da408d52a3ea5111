/// What users' channels tell, to whom, and how one comes back to them.

import Canonical
import FixedPoint
import JSON
import Ledger
import Testing

@testable import Gateway

@Suite("Users' channels")
struct UserChannelTests {
    private let name = "BTC_USDC-PERPETUAL"

    private func order(_ price: String = "49900") -> String {
        #"{"instrument_name":"\#(name)","amount":0.01,"price":\#(price)}"#
    }

    private func subscribe(
        _ channels: String..., on session: SessionIdentifier, in venue: AccountVenue
    ) throws {
        let list = channels.map { #""\#($0)""# }.joined(separator: ",")
        _ = try venue.result("private/subscribe", #"{"channels":[\#(list)]}"#, on: session)
    }

    private func data(
        _ messages: [JSON.Value], _ channel: String
    ) -> [JSON.Value] {
        messages.filter { $0["params"]?["channel"]?.text == channel }
            .compactMap { $0["params"]?["data"] }
    }

    @Test("Orders, trades, changes and the portfolio are told to their owner alone")
    func owners() throws {
        let venue = try AccountVenue()
        let maker = try venue.client(try venue.openAccount(owner: 1), owner: 1)
        let taker = try venue.client(try venue.openAccount(owner: 2), owner: 2)
        let (first, second) = (try venue.connect(maker), try venue.connect(taker))
        let orders = "user.orders.\(name).raw"
        let trades = "user.trades.any.any.raw"
        let changes = "user.changes.future.USDC.raw"
        for session in [first, second] {
            try subscribe(
                orders, trades, changes, "user.portfolio.usdc", on: session, in: venue)
        }
        let opening = data(venue.messages(to: first), "user.portfolio.usdc")
        #expect(opening.first?["currency"]?.text == "USDC")
        _ = venue.messages(to: second)
        _ = try venue.result("private/sell", order("50000"), on: first)
        #expect(data(venue.messages(to: second), orders).isEmpty)
        let placed = data(venue.messages(to: first), orders)
        #expect(placed.count == 1)
        #expect(placed.first?["order_state"]?.text == "open")
        _ = try venue.result("private/buy", order("50000"), on: second)
        let (mine, others) = (venue.messages(to: first), venue.messages(to: second))
        #expect(data(mine, orders).first?["order_state"]?.text == "filled")
        #expect(data(mine, trades).first?.elements?.first?["liquidity"]?.text == "M")
        #expect(data(others, trades).first?.elements?.first?["liquidity"]?.text == "T")
        let change = try #require(data(others, changes).first)
        #expect(change["instrument_name"]?.text == name)
        #expect(change["orders"]?.elements?.count == 1)
        #expect(change["trades"]?.elements?.count == 1)
        #expect(change["positions"]?.elements?.first?.digits("size") == "0.01")
        #expect(!data(others, "user.portfolio.usdc").isEmpty)
    }

    @Test("A channel that collects speaks when its time has come")
    func pace() throws {
        let venue = try AccountVenue()
        let session = try venue.connect(
            try venue.client(try venue.openAccount(owner: 1), owner: 1))
        let channel = "user.orders.any.any.100ms"
        try subscribe(channel, on: session, in: venue)
        _ = try venue.result("private/buy", order(), on: session)
        _ = venue.messages(to: session)
        venue.isPrompt = false
        for _ in 0..<2 {
            _ = try venue.call("private/buy", order(), on: session)
            try venue.apply(milliseconds: 20)
        }
        #expect(data(venue.messages(to: session), channel).isEmpty)
        try venue.tick(venue.now.advanced(by: Duration(nanoseconds: 100_000_000)))
        let told = data(venue.messages(to: session), channel)
        #expect(told.count == 1)
        #expect(told.first?.elements?.count == 2)
    }

    @Test("Who comes back with the number of his last message gets what he missed")
    func resuming() throws {
        let venue = try AccountVenue()
        let client = try venue.client(try venue.openAccount(owner: 1), owner: 1)
        let session = try venue.connect(client)
        let other = try venue.connect(client)
        let channel = "user.orders.any.any.raw"
        try subscribe(channel, on: session, in: venue)
        _ = try venue.result("private/buy", order(), on: other)
        let message = try #require(venue.messages(to: session).last)
        let number = try #require(message["params"]?["sequence"]?.number?.integer)
        try venue.drop(session)
        _ = try venue.result("private/buy", order("49800"), on: other)
        let back = try venue.connect(client)
        _ = try venue.result(
            "private/subscribe",
            #"{"channels":["\#(channel)"],"resume":{"\#(channel)":\#(number)}}"#, on: back)
        let missed = venue.messages(to: back)
        #expect(missed.count == 1)
        #expect(missed.first?["params"]?["sequence"]?.number?.integer == number + 1)
        let lost = try venue.call(
            "private/subscribe",
            #"{"channels":["\#(channel)"],"resume":{"\#(channel)":1}}"#,
            on: try venue.connect(client))
        #expect(lost["error"]?["data"]?["reason"]?.text == "messages_lost")
    }

    @Test("A tripped protection is told under its index")
    func protection() throws {
        let venue = try AccountVenue()
        let maker = try venue.connect(
            try venue.client(try venue.openAccount(owner: 1), owner: 1))
        let taker = try venue.connect(
            try venue.client(try venue.openAccount(owner: 2), owner: 2))
        try subscribe("user.mmp_trigger.btc_usd", on: maker, in: venue)
        _ = try venue.result(
            "private/set_mmp_config",
            #"{"index_name":"btc_usd","interval":10,"frozen_time":5,"notional_limit":100}"#,
            on: maker)
        _ = try venue.result(
            "private/sell",
            #"{"instrument_name":"\#(name)","amount":0.01,"price":50000,"mmp":true}"#, on: maker)
        _ = try venue.result("private/buy", order("50000"), on: taker)
        let told = data(venue.messages(to: maker), "user.mmp_trigger.btc_usd")
        #expect(told.first?["index_name"]?.text == "btc_usd")
        #expect(told.first?["frozen_until"]?.number?.integer ?? 0 > venue.now.milliseconds)
    }

    @Test("Channels that are none, or need another scope, or nobody's, are refused")
    func refusals() throws {
        let venue = try AccountVenue()
        let client = try venue.client(try venue.openAccount(owner: 1), owner: 1)
        let session = try venue.connect(client)
        for channel in ["user.orders", "user.orders.x.raw", "user.portfolio.", "user.what.a"] {
            let answer = try venue.call(
                "private/subscribe", #"{"channels":["\#(channel)"]}"#, on: session)
            #expect(answer.refusalCode == 11_052)
        }
        let stranger = try venue.connect()
        let anonymous = try venue.call(
            "private/subscribe", #"{"channels":["user.orders.any.any.raw"]}"#, on: stranger)
        #expect(anonymous.refusalCode == 10_000)
        let open = try venue.call(
            "public/subscribe", #"{"channels":["user.orders.any.any.raw"]}"#, on: stranger)
        #expect(open["error"] != nil)
        let narrow = try venue.connect(client, scope: "account:read")
        let refused = try venue.call(
            "private/subscribe", #"{"channels":["user.orders.any.any.raw"]}"#, on: narrow)
        #expect(refused.refusalCode == 13_021)
        // Clients ask for the portfolio of currencies that nobody has here.
        try subscribe("user.portfolio.sol", on: session, in: venue)
        _ = try venue.result("private/unsubscribe_all", on: session)
        _ = venue.messages(to: session)
        _ = try venue.result("private/buy", order(), on: session)
        #expect(venue.messages(to: session).isEmpty)
    }
}
