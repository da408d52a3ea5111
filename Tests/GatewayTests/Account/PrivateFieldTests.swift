/// The results of private methods have the fields that Deribit's own document requires, and the
/// shapes that our reference states.

import Canonical
import FixedPoint
import JSON
import Ledger
import TestKit
import Testing

@testable import Gateway

@Suite("Fields of private results")
struct PrivateFieldTests {
    private static let instrument = #""instrument_name":"BTC_USDC-PERPETUAL""#
    private static let times = #""start_timestamp":0,"end_timestamp":9999999999999"#

    /// Calls whose results hold something of each shape.
    private static let calls: [(method: String, parameters: String)] = [
        ("private/buy", #"{\#(instrument),"amount":0.01,"price":49900}"#),
        ("private/get_open_orders", "{}"),
        ("private/get_open_orders_by_instrument", "{\(instrument)}"),
        ("private/get_open_orders_by_currency", #"{"currency":"USDC"}"#),
        ("private/get_order_history_by_instrument", "{\(instrument)}"),
        ("private/get_order_history_by_currency", #"{"currency":"BTC"}"#),
        ("private/get_user_trades_by_instrument", "{\(instrument)}"),
        ("private/get_user_trades_by_instrument_and_time", "{\(instrument),\(times)}"),
        ("private/get_user_trades_by_currency", #"{"currency":"BTC"}"#),
        ("private/get_user_trades_by_currency_and_time", #"{"currency":"any",\#(times)}"#),
        ("private/get_positions", "{}"), ("private/get_position", "{\(instrument)}"),
        ("private/get_account_summary", #"{"currency":"USDC","extended":true}"#),
        ("private/get_account_summary", #"{"currency":"BTC","extended":true}"#),
        ("private/get_account_summaries", #"{"extended":true}"#),
        ("private/get_subaccounts", #"{"with_portfolio":true}"#),
        ("private/get_subaccounts_details", #"{"currency":"any","with_open_orders":true}"#),
        ("private/get_transaction_log", #"{"currency":"USDC",\#(times)}"#),
        ("private/get_deposits", #"{"currency":"USDC"}"#),
        ("private/get_withdrawals", #"{"currency":"USDC"}"#),
        ("private/get_transfers", #"{"currency":"USDC"}"#),
        ("private/get_settlement_history_by_currency", #"{"currency":"BTC"}"#),
        ("private/get_margins", #"{\#(instrument),"amount":0.1,"price":50000}"#),
        ("private/get_mmp_config", "{}"), ("private/get_user_locks", "{}"),
        ("private/get_access_log", "{}"), ("private/get_cancel_on_disconnect", "{}"),
        ("private/simulate_portfolio", "{}"),
        ("private/get_scenario_profile", #"{"rule":"initial"}"#), ("private/cancel_all", "{}"),
    ]

    @Test(
        "Nothing that Deribit requires is missing",
        .enabled(if: SharedFiles.exist, "the shared folder holds Deribit's document"))
    func fields() throws {
        let reference = try DeribitReference()
        let venue = try AccountVenue()
        let first = try venue.connect(
            try venue.client(try venue.openAccount(owner: 1), owner: 1))
        let second = try venue.connect(
            try venue.client(try venue.openAccount(owner: 2), owner: 2))
        let terms = #"{\#(Self.instrument),"amount":0.2,"price":50000}"#
        _ = try venue.result("private/sell", terms, on: second)
        _ = try venue.result("private/buy", terms, on: first)
        for (method, parameters) in Self.calls {
            let result = try venue.result(method, parameters, on: first)
            let described = try #require(venue.gateway.methods[method])
            do {
                try described.result.check(result)
            } catch {
                Issue.record("\(method): \(error.reason)")
            }
            guard let schema = reference.result(of: method) else { continue }
            let missing = reference.missing(schema, in: result, at: method)
            #expect(missing == [], "\(method)")
        }
    }
}
