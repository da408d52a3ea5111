/// Channels: what each says, to whom, how often, and what it costs when nobody listens.

import Canonical
import FixedPoint
import JSON
import Ledger
import Markets
import Testing

@testable import Gateway

@Suite struct ChannelTests {
    private func subscribe(
        _ channels: [String], on session: SessionIdentifier, of venue: GatewayVenue
    ) throws -> [JSON.Value] {
        let list = channels.map { "\"\($0)\"" }.joined(separator: ",")
        return try venue.exchange(
            #"{"id":1,"method":"public/subscribe","params":{"channels":[\#(list)]}}"#,
            on: session)
    }

    private func data(_ messages: [JSON.Value], _ channel: String) -> [JSON.Value] {
        messages.compactMap { message in
            message["params"]?["channel"]?.text == channel ? message["params"]?["data"] : nil
        }
    }

    static let name = "BTC_USDC-PERPETUAL"

    @Test(arguments: [
        "book.\(name).raw", "book.\(name).100ms", "book.\(name).agg2",
        "book.\(name).none.10.100ms", "book.\(name).5.1.agg2", "ticker.\(name).raw",
        "ticker.BTC_USDC-16JUN25-50000-C.100ms", "incremental_ticker.\(name)",
        "quote.\(name)", "perpetual.\(name).raw", "deribit_price_index.btc_usd",
        "markprice.options.btc_usd", "estimated_expiration_price.btc_usd", "platform_state",
        "platform_state.public_methods_state",
    ])
    func aStateIsToldAtOnce(channel: String) throws {
        let venue = try MethodTests.busyVenue()
        let messages = try subscribe([channel], on: venue.connect(), of: venue)
        #expect(messages.first?["result"]?.elements == [.string(channel)])
        #expect(data(messages, channel).count == 1)
    }

    @Test(arguments: [
        "trades.\(name).raw", "trades.future.USDC.raw", "trades.any.any.raw",
        "chart.trades.\(name).1", "chart.trades.\(name).1D", "block", "quote.\(name)",
        "ticker.\(name).raw", "incremental_ticker.\(name)", "book.\(name).raw",
        "book.\(name).none.10.100ms", "trades.\(name).100ms", "deribit_price_index.btc_usd",
    ])
    func aTradeIsTold(channel: String) throws {
        let venue = try MethodTests.busyVenue()
        let session = venue.connect()
        _ = try subscribe([channel], on: session, of: venue)
        let accounts = [AccountIdentifier(0), AccountIdentifier(1)]
        venue.prices[0] += 1_000_000
        try venue.place(accounts[1], .buy, 1, at: 100_010)
        venue.gateway.tick(ledger: venue.ledger, now: venue.now)
        let messages = data(try venue.messages(to: session), channel)
        #expect(messages.count == 1, "\(messages)")
    }

    @Test(arguments: [
        "", "book", "book.", "book.\(name)", "book.NOTHING.raw", "book.\(name).10ms",
        "book.\(name).none.7.100ms", "book.\(name).5.0.10.100ms", "book.\(name).5e0.10.100ms",
        "book.\(name).3.10.100ms", "book.\(name).none.10.raw", "book.\(name).0.3.10.100ms",
        "book.\(name).-5.10.100ms", "ticker.\(name)", "trades.any.NONE.raw",
        "trades.combo.any.raw", "chart.trades.\(name).2", "chart.\(name).1",
        "perpetual.BTC_USDC.raw", "deribit_price_index.nothing", "user.orders.any.any.raw",
        "instrument.state.any", "BOOK.\(name).raw",
    ])
    func aNameOfNoChannelIsAnErrorAndNothingIsSubscribed(channel: String) throws {
        let venue = try GatewayVenue()
        let session = venue.connect()
        let answer = try venue.call(
            "public/subscribe", #"{"channels":["block","\#(channel)"]}"#, on: session)
        #expect(answer["result"] == nil)
        #expect([11_052, -32_602].contains(answer.errorCode))
        #expect(venue.gateway.sessions[session]?.channels == [])
        #expect(venue.gateway.hub.channels.isEmpty)
    }

    @Test func aMessageIsEncodedOnceForAll() throws {
        let venue = try MethodTests.busyVenue()
        let sessions = (1...5).map { venue.connect(UInt64($0)) }
        for session in sessions {
            _ = try subscribe(["trades.\(ChannelTests.name).raw"], on: session, of: venue)
        }
        try venue.place(AccountIdentifier(1), .buy, 1, at: 100_010)
        let actions = venue.gateway.drain()
        #expect(actions.count == 1)
        guard case .broadcast(let listeners, _) = actions.first else {
            Issue.record("\(actions)")
            return
        }
        #expect(listeners == sessions)
    }

    @Test func whoHasLeftHearsNothing() throws {
        let venue = try MethodTests.busyVenue()
        let session = venue.connect()
        let channels = ["trades.\(ChannelTests.name).raw", "block"]
        _ = try subscribe(channels, on: session, of: venue)
        let left = try venue.exchange(
            #"{"id":2,"method":"public/unsubscribe","params":{"channels":["block","quote.x"]}}"#,
            on: session)
        #expect(left.first?["result"]?.elements == [.string("block")])
        try venue.place(AccountIdentifier(1), .buy, 1, at: 100_010)
        let messages = try venue.messages(to: session)
        #expect(data(messages, "block").isEmpty)
        #expect(data(messages, channels[0]).count == 1)
        _ = try venue.exchange(#"{"id":3,"method":"public/unsubscribe_all"}"#, on: session)
        try venue.place(AccountIdentifier(1), .buy, 1, at: 100_010)
        #expect(try venue.messages(to: session).isEmpty)
    }

    @Test func aBlockThatChangesNothingOfAChannelSaysNothing() throws {
        let venue = try MethodTests.busyVenue()
        let session = venue.connect()
        _ = try subscribe(
            [
                "book.\(ChannelTests.name).raw", "quote.\(ChannelTests.name)",
                "trades.any.any.raw", "chart.trades.\(ChannelTests.name).1",
                "deribit_price_index.btc_usd", "instrument.state.any.any",
            ], on: session, of: venue)
        try venue.apply(milliseconds: 20, isPriced: false)
        #expect(try venue.messages(to: session).isEmpty)
    }

    @Test func aQuoteIsToldOnlyWhenItIsAnother() throws {
        let venue = try MethodTests.busyVenue()
        let session = venue.connect()
        let channel = "quote.\(ChannelTests.name)"
        _ = try subscribe([channel, "ticker.\(ChannelTests.name).raw"], on: session, of: venue)
        try venue.place(AccountIdentifier(0), .buy, 1, at: 99_000)
        #expect(data(try venue.messages(to: session), channel).isEmpty)
        try venue.place(AccountIdentifier(0), .buy, 1, at: 99_995)
        #expect(data(try venue.messages(to: session), channel).count == 1)
    }

    @Test func anIncrementalTickerTellsWhatIsAnother() throws {
        let venue = try MethodTests.busyVenue()
        let session = venue.connect()
        let channel = "incremental_ticker.\(ChannelTests.name)"
        let state = data(try subscribe([channel], on: session, of: venue), channel)
        #expect(state.first?["type"]?.text == "snapshot")
        #expect(state.first?["best_bid_price"]?.number?.text == "49995.0")
        try venue.place(AccountIdentifier(0), .buy, 1, at: 99_995)
        let change = data(try venue.messages(to: session), channel)
        #expect(change.first?["type"]?.text == "change")
        #expect(change.first?["best_bid_price"]?.number?.text == "49997.5")
        #expect(change.first?["best_ask_price"] == nil)
    }

    @Test func theChannelsOfASessionAreLimited() throws {
        var configuration = GatewayConfiguration.generous
        configuration.channelsPerSession = 2
        let venue = try GatewayVenue(configuration)
        let session = venue.connect()
        _ = try subscribe(["block", "platform_state"], on: session, of: venue)
        let third = try venue.call(
            "public/subscribe", #"{"channels":["quote.BTC_USDC"]}"#, on: session)
        #expect(third.errorCode == 11_052)
        let again = try venue.call("public/subscribe", #"{"channels":["block"]}"#, on: session)
        #expect(again["result"]?.elements?.count == 1)
    }

    @Test func channelsThatNobodyHearsAreFew() throws {
        var configuration = GatewayConfiguration.generous
        configuration.idleChannels = 3
        let venue = try GatewayVenue(configuration)
        let session = venue.connect()
        let names = ["1", "3", "5", "10", "15"].map { "chart.trades.BTC_USDC-PERPETUAL.\($0)" }
        for name in names {
            _ = try subscribe([name], on: session, of: venue)
            _ = try venue.call("public/unsubscribe_all", on: session)
        }
        #expect(venue.gateway.hub.channels.keys.sorted() == names.suffix(3).sorted())
        #expect(venue.gateway.hub.index.values.map { $0.count } == [3])
        // Who listens keeps his channel, whatever others do.
        _ = try subscribe([names[0]], on: session, of: venue)
        let other = venue.connect(2)
        for name in names.dropFirst() {
            _ = try subscribe([name], on: other, of: venue)
            _ = try venue.call("public/unsubscribe_all", on: other)
        }
        #expect(venue.gateway.hub.channels[names[0]] != nil)
        #expect(venue.gateway.hub.channels.count == 4)
    }

    @Test func channelsNeedAWebSocket() throws {
        let venue = try GatewayVenue()
        let answer = try venue.http(
            APIRequest(
                verb: .post, path: "/api/v2/public/subscribe",
                body: Array(#"{"method":"public/subscribe","params":{"channels":["block"]}}"#.utf8))
        )
        #expect(answer.body.errorCode == 10_030)
    }

    @Test func groupedLevelsAreRoundedAwayFromTheMiddle() {
        func level(_ price: Int64, _ lots: Int64) -> BookLevel {
            BookLevel(price: Price(ticks: price), quantity: Quantity(lots: lots))
        }
        let levels = BookLevels(
            bids: [level(19, 1), level(15, 2), level(10, 4), level(9, 8)],
            asks: [level(21, 1), level(30, 2), level(31, 4)])
        let grouped = levels.grouped(by: 10, depth: 2)
        #expect(grouped.bids == [level(10, 7), level(0, 8)])
        #expect(grouped.asks == [level(30, 3), level(40, 4)])
        #expect(levels.grouped(by: 10, depth: 1).bids == [level(10, 7)])
    }
}

@Suite struct HeartbeatTests {
    private func types(_ messages: [JSON.Value]) -> [String] {
        messages.compactMap { $0["params"]?["type"]?.text }
    }

    @Test func whoIsSilentIsAskedAndThenClosed() throws {
        let venue = try GatewayVenue()
        let session = venue.connect()
        _ = try venue.call("public/set_heartbeat", #"{"interval":10}"#, on: session)
        let start = venue.now
        func tick(_ seconds: UInt64) throws -> [String] {
            venue.gateway.tick(ledger: venue.ledger, now: start.advanced(by: .seconds(seconds)))
            return types(try venue.messages(to: session))
        }
        #expect(try tick(9) == [])
        #expect(try tick(10) == ["test_request"])
        #expect(try tick(19) == [])
        venue.gateway.tick(ledger: venue.ledger, now: start.advanced(by: .seconds(20)))
        let actions = venue.gateway.drain()
        guard case .close(session, .heartbeatMissed) = actions.first else {
            Issue.record("\(actions)")
            return
        }
        #expect(venue.gateway.sessions[session] == nil)
    }

    @Test func whoAnswersStays() throws {
        let venue = try GatewayVenue()
        let session = venue.connect()
        _ = try venue.call("public/set_heartbeat", #"{"interval":10}"#, on: session)
        let start = venue.now
        for round in UInt64(1)...5 {
            let now = start.advanced(by: .seconds(10 * round))
            venue.gateway.tick(ledger: venue.ledger, now: now)
            let asked = types(try venue.messages(to: session))
            #expect(asked.count == 1)
            _ = try venue.call("public/test", on: session, now: now.advanced(by: .seconds(1)))
        }
        #expect(venue.gateway.sessions[session] != nil)
        _ = try venue.call("public/disable_heartbeat", on: session)
        venue.gateway.tick(ledger: venue.ledger, now: start.advanced(by: .hour))
        #expect(try venue.messages(to: session).isEmpty)
    }
}
