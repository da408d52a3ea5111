/// Sending, changing, ending and finding orders over the API, on a real ledger.

import Canonical
import FixedPoint
import JSON
import Ledger
import Markets
import Testing

@testable import Gateway

@Suite("Trading over the API")
struct TradingTests {
    private let name = "BTC_USDC-PERPETUAL"

    private func order(
        _ amount: String = "0.01", price: String? = "49900", _ more: String = ""
    ) -> String {
        let limit = price.map { #","price":\#($0)"# } ?? ""
        return #"{"instrument_name":"\#(name)","amount":\#(amount)\#(limit)\#(more)}"#
    }

    @Test("An order rests, is found by number and label, is edited, and is cancelled")
    func lifeOfAnOrder() throws {
        let venue = try AccountVenue()
        let client = try venue.client(try venue.openAccount(owner: 1), owner: 1)
        let session = try venue.connect(client)
        let placed = try venue.result(
            "private/buy", order("0.01", price: "49900", #","label":"mine""#), on: session)
        let entry = try #require(placed["order"])
        #expect(entry["order_state"]?.text == "open")
        #expect(entry.digits("price") == "49900.0")
        #expect(entry.digits("amount") == "0.01")
        #expect(entry["label"]?.text == "mine")
        #expect(placed["trades"]?.elements?.isEmpty == true)
        let number = try #require(entry["order_id"]?.text)

        let open = try venue.result("private/get_open_orders", on: session)
        #expect(open.elements?.first?["order_id"]?.text == number)
        let edited = try venue.result(
            "private/edit", #"{"order_id":"\#(number)","amount":0.02,"price":49800}"#,
            on: session)
        #expect(edited["order"]?.digits("amount") == "0.02")
        #expect(edited["order"]?.digits("price") == "49800.0")
        #expect(edited["order"]?["replaced"]?.boolean == true)

        let gone = try venue.result("private/cancel", #"{"order_id":"\#(number)"}"#, on: session)
        #expect(gone["order_state"]?.text == "cancelled")
        #expect(gone["cancel_reason"]?.text == "user_request")
        let state = try venue.result(
            "private/get_order_state", #"{"order_id":"\#(number)"}"#, on: session)
        #expect(state == gone)
        let byLabel = try venue.result(
            "private/get_order_state_by_label", #"{"currency":"USDC","label":"mine"}"#,
            on: session)
        #expect(byLabel.elements?.count == 1)
        let again = try venue.call("private/cancel", #"{"order_id":"\#(number)"}"#, on: session)
        #expect(again.refusalCode == 11_044)
    }

    @Test("A fill is told to both sides with its fee, and its profit when it closes")
    func fills() throws {
        let venue = try AccountVenue()
        let maker = try venue.connect(
            try venue.client(try venue.openAccount(owner: 1), owner: 1))
        let taker = try venue.connect(
            try venue.client(try venue.openAccount(owner: 2), owner: 2))
        // What the gateway has sent it knows without the block.
        venue.tellsTransactions = false
        _ = try venue.result("private/sell", order("0.02", price: "50000"), on: maker)
        let bought = try venue.result(
            "private/buy", order("0.02", price: nil, #","type":"market","label":"t""#), on: taker)
        #expect(bought["order"]?["order_state"]?.text == "filled")
        #expect(bought["order"]?["price"]?.text == "market_price")
        #expect(bought["order"]?["label"]?.text == "t")
        #expect(bought["order"]?.digits("average_price") == "50000.0")
        let trade = try #require(bought["trades"]?.elements?.first)
        #expect(trade.digits("fee") == "0.5")
        #expect(trade["liquidity"]?.text == "T")
        // The maker buys back at a lower price: 0.02 × $100 earned.
        _ = try venue.result("private/sell", order("0.02", price: "49900"), on: taker)
        _ = try venue.result("private/buy", order("0.02", price: "49900"), on: maker)
        let trades = try venue.result(
            "private/get_user_trades_by_instrument", #"{"instrument_name":"\#(name)"}"#,
            on: maker)
        let newest = try #require(trades["trades"]?.elements?.first)
        #expect(newest.digits("profit_loss") == "2.0")
        #expect(trades["has_more"]?.boolean == false)
        let history = try venue.result(
            "private/get_order_history_by_instrument", #"{"instrument_name":"\#(name)"}"#,
            on: maker)
        #expect(history.elements?.count == 2)
    }

    @Test(
        "What the ledger does not offer is refused by the parameter's name",
        arguments: [
            (#","type":"market_limit""#, "type"), (#","type":"trailing_stop""#, "type"),
            (#","advanced":"usd""#, "advanced"),
            (#","type":"stop_limit","trigger":"last_price","trigger_price":49000"#, "trigger"),
            (#","reject_post_only":true"#, "reject_post_only"),
            (#","trigger_price":1"#, "trigger_price"), (#","label":"ümlaut""#, "label"),
            (#","linked_order_type":"one_triggers_other""#, "linked_order_type"),
            (#","valid_until":1"#, "valid_until"), (#","contracts":11"#, "contracts"),
        ])
    func unoffered(_ more: String, _ parameter: String) throws {
        let venue = try AccountVenue()
        let session = try venue.connect(
            try venue.client(try venue.openAccount(owner: 1), owner: 1))
        let answer = try venue.call(
            "private/buy", order("0.01", price: "49900", more), on: session)
        #expect(answer.refusalCode == -32_602)
        #expect(answer["error"]?["data"]?["param"]?.text == parameter)
    }

    @Test("Amounts and prices off the grid are refused, never rounded")
    func grid() throws {
        let venue = try AccountVenue()
        let session = try venue.connect(
            try venue.client(try venue.openAccount(owner: 1), owner: 1))
        #expect(
            try venue.call("private/buy", order("0.0105"), on: session).refusalCode == -32_602)
        let off = try venue.call("private/buy", order("0.01", price: "49900.3"), on: session)
        #expect(off["error"]?["data"]?["param"]?.text == "price")
        let refused = try venue.call("private/buy", order("0.01", price: "60000"), on: session)
        #expect(refused["error"]?["data"]?["reason"]?.text == "outsidePriceBand")
    }

    @Test("Post-only slides unless it shall be rejected")
    func postOnly() throws {
        let venue = try AccountVenue()
        let maker = try venue.connect(
            try venue.client(try venue.openAccount(owner: 1), owner: 1))
        let other = try venue.connect(
            try venue.client(try venue.openAccount(owner: 2), owner: 2))
        _ = try venue.result("private/sell", order("0.01", price: "50000"), on: maker)
        let slid = try venue.result(
            "private/buy", order("0.01", price: "50100", #","post_only":true"#), on: other)
        #expect(slid["order"]?.digits("price") == "49999.5")
        #expect(slid["order"]?["post_only"]?.boolean == true)
        let rejected = try venue.call(
            "private/buy",
            order("0.01", price: "50100", #","post_only":true,"reject_post_only":true"#),
            on: other)
        #expect(rejected["error"]?["data"]?["reason"]?.text == "wouldTake")
    }

    @Test("A stop waits, fires, and trades under its number")
    func stop() throws {
        let venue = try AccountVenue()
        let maker = try venue.connect(
            try venue.client(try venue.openAccount(owner: 1), owner: 1))
        let client = try venue.connect(
            try venue.client(try venue.openAccount(owner: 2), owner: 2))
        let placed = try venue.result(
            "private/sell",
            order(
                "0.01", price: nil,
                #","type":"stop_market","trigger":"index_price","trigger_price":49500"#),
            on: client)
        #expect(placed["order"]?["order_state"]?.text == "untriggered")
        let number = try #require(placed["order"]?["order_id"]?.text)
        _ = try venue.result("private/buy", order("0.01", price: "49400"), on: maker)
        venue.price = 49_400_000_000
        try venue.apply(milliseconds: 2_000)
        let state = try venue.result(
            "private/get_order_state", #"{"order_id":"\#(number)"}"#, on: client)
        #expect(state["order_state"]?.text == "filled")
        #expect(state["order_type"]?.text == "stop_market")
        #expect(state["triggered"]?.boolean == true)
    }

    @Test("Cancels mean what they name, and answer how many left")
    func cancels() throws {
        let venue = try AccountVenue()
        let session = try venue.connect(
            try venue.client(try venue.openAccount(owner: 1), owner: 1))
        func place(_ label: String) throws {
            _ = try venue.result(
                "private/buy", order("0.001", price: "49900", #","label":"\#(label)""#),
                on: session)
        }
        for label in ["a", "a", "b", "c"] { try place(label) }
        let byLabel = try venue.result(
            "private/cancel_by_label", #"{"label":"a"}"#, on: session)
        #expect(byLabel.number?.integer == 2)
        let none = try venue.result(
            "private/cancel_all_by_currency", #"{"currency":"BTC","kind":"option"}"#, on: session)
        #expect(none.number?.integer == 0)
        let detailed = try venue.result(
            "private/cancel_all_by_instrument",
            #"{"instrument_name":"\#(name)","type":"limit","detailed":true}"#, on: session)
        #expect(detailed.elements?.count == 2)
        try place("d")
        #expect(try venue.result("private/cancel_all", on: session).number?.integer == 1)
        #expect(try venue.result("private/get_open_orders", on: session).elements == [])
    }

    @Test("One cancels the other: the pair is placed together and leaves together")
    func pair() throws {
        let venue = try AccountVenue()
        let session = try venue.connect(
            try venue.client(try venue.openAccount(owner: 1), owner: 1))
        let partner =
            #"{"direction":"sell","amount":0.01,"type":"stop_market","trigger":"mark_price","#
            + #""trigger_price":49000}"#
        let more =
            #","linked_order_type":"one_cancels_other","otoco_config":[\#(partner)]"#
        let placed = try venue.result(
            "private/sell", order("0.01", price: "50500", more), on: session)
        #expect(placed["order"]?["order_type"]?.text == "limit")
        #expect(try venue.result("private/get_open_orders", on: session).elements?.count == 2)
        let number = try #require(placed["order"]?["order_id"]?.text)
        _ = try venue.result("private/cancel", #"{"order_id":"\#(number)"}"#, on: session)
        #expect(try venue.result("private/get_open_orders", on: session).elements == [])
    }

    @Test("Quotes are replaced as a whole, are under protection, and are pulled")
    func quotes() throws {
        let venue = try AccountVenue()
        let session = try venue.connect(
            try venue.client(try venue.openAccount(owner: 1), owner: 1))
        let set = try venue.result(
            "private/set_mmp_config",
            #"{"index_name":"btc_usd","interval":10,"frozen_time":0,"notional_limit":400}"#,
            on: session)
        #expect(set.elements?.first?.digits("notional_limit") == "400.0")
        let quote = { (bid: String, ask: String) in
            #"{"quotes":[{"instrument_name":"\#(name)","bid":{"price":\#(bid),"amount":0.01},"#
                + #""ask":{"price":\#(ask),"amount":0.01}}]}"#
        }
        let quoted = try venue.result(
            "private/mass_quote", quote("49900", "50100"), on: session)
        #expect(quoted["orders"]?.elements?.count == 2)
        #expect(quoted.digits("errors_count") == "0")
        let wrong = try venue.result(
            "private/mass_quote", quote("50100", "49900"), on: session)
        #expect(wrong.digits("errors_count") == "1")
        let taker = try venue.connect(
            try venue.client(try venue.openAccount(owner: 2), owner: 2))
        _ = try venue.result("private/buy", order("0.01", price: "50100"), on: taker)
        let config = try venue.result("private/get_mmp_config", on: session)
        #expect(config.elements?.first?["is_frozen"]?.boolean == true)
        let history = try venue.result(
            "private/get_order_history_by_currency",
            #"{"currency":"any","include_unfilled":true}"#, on: session)
        #expect(history.elements?.contains { $0["cancel_reason"]?.text == "mmp_trigger" } == true)
        #expect(
            try venue.result("private/reset_mmp", #"{"index_name":"btc_usd"}"#, on: session).text
                == "ok")
    }

    @Test("A position is closed by an order that opens no other")
    func closing() throws {
        let venue = try AccountVenue()
        let maker = try venue.connect(
            try venue.client(try venue.openAccount(owner: 1), owner: 1))
        let taker = try venue.connect(
            try venue.client(try venue.openAccount(owner: 2), owner: 2))
        _ = try venue.result("private/sell", order("0.05", price: "50000"), on: maker)
        _ = try venue.result("private/buy", order("0.02", price: "50000"), on: taker)
        _ = try venue.result("private/buy", order("0.05", price: "49900"), on: maker)
        let closed = try venue.result(
            "private/close_position", #"{"instrument_name":"\#(name)","type":"market"}"#,
            on: taker)
        #expect(closed["order"]?["reduce_only"]?.boolean == true)
        #expect(closed["order"]?["order_state"]?.text == "filled")
        let none = try venue.call(
            "private/close_position", #"{"instrument_name":"\#(name)","type":"market"}"#,
            on: taker)
        #expect(none.refusalCode == 10_010)
    }

    @Test("Orders leave with the connection that asked for it, and with no other")
    func disconnecting() throws {
        let venue = try AccountVenue()
        let client = try venue.client(try venue.openAccount(owner: 1), owner: 1)
        let first = try venue.connect(client)
        let second = try venue.connect(client)
        _ = try venue.result("private/enable_cancel_on_disconnect", on: first)
        _ = try venue.result("private/buy", order(), on: first)
        _ = try venue.result("private/buy", order(), on: second)
        try venue.drop(first)
        #expect(try venue.result("private/get_open_orders", on: second).elements?.count == 1)
        let third = try venue.connect(client)
        _ = try venue.result(
            "private/enable_cancel_on_disconnect", #"{"scope":"account"}"#, on: third)
        try venue.drop(second)
        #expect(try venue.result("private/get_open_orders", on: third).elements == [])
    }

    @Test("An order that commits after its connection was lost leaves too")
    func lateOrder() throws {
        let venue = try AccountVenue()
        let client = try venue.client(try venue.openAccount(owner: 1), owner: 1)
        let session = try venue.connect(client)
        _ = try venue.result("private/enable_cancel_on_disconnect", on: session)
        venue.isPrompt = false
        _ = try venue.call("private/buy", order(), on: session)
        #expect(venue.waiting.count == 1)
        try venue.drop(session)
        try venue.apply()
        #expect(venue.ledger.openOrders(of: client.account).count == 1)
        try venue.apply()
        #expect(venue.ledger.openOrders(of: client.account).isEmpty)
    }
}
