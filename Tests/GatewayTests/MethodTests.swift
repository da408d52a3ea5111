/// Every method against Deribit's own reference: the fields that it requires are there, and every
/// result has the shape that our own reference promises.

import Foundation
import JSON
import Ledger
import TestKit
import Testing

@testable import Gateway
import Markets

@Suite struct MethodTests {
    /// A venue on which something has happened in every market.
    static func busyVenue() throws -> GatewayVenue {
        let venue = try GatewayVenue()
        let accounts = try venue.openAccounts(3)
        for instrument in [
            GatewayGenesis.bitcoin, GatewayGenesis.future, GatewayGenesis.ether,
        ] {
            let middle: Int64 = instrument == GatewayGenesis.ether ? 50_000 : 100_000
            try venue.place(accounts[0], .sell, 20, at: middle + 10, of: instrument)
            try venue.place(accounts[0], .buy, 20, at: middle - 10, of: instrument)
            try venue.place(accounts[1], .buy, 5, at: middle + 10, of: instrument)
        }
        try venue.place(accounts[0], .sell, 20, at: 1_400, of: GatewayGenesis.call)
        try venue.place(accounts[0], .buy, 20, at: 1_200, of: GatewayGenesis.call)
        try venue.place(accounts[1], .buy, 5, at: 1_400, of: GatewayGenesis.call)
        venue.gateway.certificates = { _, _ in KeptCertificate(certificate: [1], headers: [2]) }
        return venue
    }

    /// One call of each method that answers at once.
    static let calls: [(method: String, parameters: String)] = [
        ("public/get_time", "{}"), ("public/test", "{}"),
        ("public/hello", #"{"client_name":"a","client_version":"1"}"#),
        ("public/status", "{}"), ("public/set_heartbeat", #"{"interval":30}"#),
        ("public/disable_heartbeat", "{}"),
        ("public/subscribe", #"{"channels":["block"]}"#),
        ("public/unsubscribe", #"{"channels":["block"]}"#),
        ("public/unsubscribe_all", "{}"), ("public/get_currencies", "{}"),
        ("public/get_instruments", "{}"),
        ("public/get_instruments", #"{"currency":"USDC","kind":"option","expired":false}"#),
        ("public/get_instrument", #"{"instrument_name":"BTC_USDC-16JUN25-50000-C"}"#),
        ("public/get_expirations", #"{"currency":"any","kind":"any"}"#),
        ("public/get_contract_size", #"{"instrument_name":"BTC_USDC-PERPETUAL"}"#),
        ("public/get_index_price", #"{"index_name":"btc_usd"}"#),
        ("public/get_index", #"{"currency":"BTC"}"#),
        ("public/get_index_price_names", "{}"),
        ("public/get_supported_index_names", #"{"extended":true}"#),
        ("public/ticker", #"{"instrument_name":"BTC_USDC-PERPETUAL"}"#),
        ("public/ticker", #"{"instrument_name":"BTC_USDC-16JUN25-50000-C"}"#),
        ("public/ticker", #"{"instrument_name":"BTC_USDC-16JUN25"}"#),
        ("public/ticker", #"{"instrument_name":"BTC_USDC"}"#),
        ("public/get_order_book", #"{"instrument_name":"BTC_USDC-PERPETUAL","depth":10}"#),
        ("public/get_order_book_by_instrument_id", #"{"instrument_id":0}"#),
        ("public/get_book_summary_by_currency", #"{"currency":"USDC"}"#),
        ("public/get_book_summary_by_instrument", #"{"instrument_name":"BTC_USDC-16JUN25"}"#),
        ("public/get_last_trades_by_instrument", #"{"instrument_name":"BTC_USDC-PERPETUAL"}"#),
        (
            "public/get_last_trades_by_instrument_and_time",
            #"{"instrument_name":"BTC_USDC-PERPETUAL","start_timestamp":0,"end_timestamp":9e15}"#
        ), ("public/get_last_trades_by_currency", #"{"currency":"BTC"}"#),
        (
            "public/get_last_trades_by_currency_and_time",
            #"{"currency":"BTC","start_timestamp":0,"end_timestamp":9e15}"#
        ),
        (
            "public/get_tradingview_chart_data",
            """
            {"instrument_name":"BTC_USDC-PERPETUAL","resolution":"1","start_timestamp":0,\
            "end_timestamp":9e15}
            """
        ), ("public/get_trade_volumes", #"{"extended":true}"#),
        (
            "public/get_funding_rate_value",
            #"{"instrument_name":"BTC_USDC-PERPETUAL","start_timestamp":0,"end_timestamp":9e15}"#
        ),
        (
            "public/get_funding_rate_history",
            #"{"instrument_name":"BTC_USDC-PERPETUAL","start_timestamp":0,"end_timestamp":9e15}"#
        ),
        (
            "public/get_funding_chart_data",
            #"{"instrument_name":"BTC_USDC-PERPETUAL","length":"24h"}"#
        ),
        (
            "public/get_last_settlements_by_instrument",
            #"{"instrument_name":"BTC_USDC-16JUN25"}"#
        ), ("public/get_last_settlements_by_currency", #"{"currency":"BTC"}"#),
        ("public/get_delivery_prices", #"{"index_name":"btc_usd"}"#),
        ("public/get_historical_volatility", #"{"currency":"BTC"}"#),
        ("public/get_index_chart_data", #"{"index_name":"btc_usd","range":"1d"}"#),
        ("public/get_manipulation_cost", #"{"index_name":"btc_usd"}"#),
        ("public/get_combos", #"{"currency":"BTC"}"#),
        ("public/get_combo_ids", #"{"currency":"BTC"}"#), ("public/get_announcements", "{}"),
        ("public/get_leaf", #"{"key":"00"}"#), ("public/get_chain", "{}"),
        ("public/get_nonce", #"{"account":0}"#), ("public/get_breakers", "{}"),
        ("public/get_backstops", "{}"), ("public/get_risk", "{}"),
        ("public/get_liquidations", #"{"count":10,"account":0}"#),
        ("public/get_account", #"{"account":0}"#),
        ("public/get_sources", "{}"), ("public/get_conservation", "{}"),
        ("public/get_margin_call_certificate", #"{"account":0,"block_height":7}"#),
    ]

    @Test func everyPublicMethodIsCalledHere() {
        let open = MethodTable.all.filter { $0.access == .open }.map { $0.name }
        let called = Set(MethodTests.calls.map { $0.method })
        let missing = open.filter {
            // Those that wait for a block, or speak of credentials, have tests of their own.
            !called.contains($0) && !$0.hasPrefix("public/submit_")
                && !["public/auth", "public/exchange_token", "public/fork_token"].contains($0)
        }
        #expect(missing == [])
    }

    @Test func everyResultHasTheShapeOfTheReference() throws {
        let venue = try MethodTests.busyVenue()
        for (method, parameters) in MethodTests.calls {
            let result = try venue.result(method, parameters)
            let shape = try #require(venue.gateway.methods[method]).result
            do {
                try shape.check(result)
            } catch {
                Issue.record("\(method): \(error.reason) in \(result)")
            }
        }
    }

    @Test(.enabled(if: SharedFiles.exist, "no shared folder"))
    func everyResultHasTheFieldsThatDeribitRequires() throws {
        let reference = try DeribitReference()
        let venue = try MethodTests.busyVenue()
        for (method, parameters) in MethodTests.calls {
            guard let schema = reference.result(of: method) else { continue }
            let result = try venue.result(method, parameters)
            let missing = reference.missing(schema, in: result, at: method)
            #expect(missing == [], "\(method)")
        }
    }

    @Test func methodNamesAreUnique() {
        let names = MethodTable.all.map { $0.name }
        #expect(Set(names).count == names.count)
        for method in MethodTable.all {
            let parameters = method.parameters.map { $0.name } + method.unoffered
            #expect(Set(parameters).count == parameters.count, "\(method.name)")
        }
    }
}

/// Deribit's own OpenAPI document, as far as it says which fields a result must have.
struct DeribitReference {
    private let document: [String: Any]

    init() throws {
        let path = SharedFiles.path("vectors/deribit/openapi.json")
        let data = try #require(FileManager.default.contents(atPath: path))
        document = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// The schema of a method's result.
    func result(of method: String) -> [String: Any]? {
        let answer: Any? = at(["paths", "/" + method, "get", "responses", "200"])
        guard let response = resolved(answer),
            let content = response["content"] as? [String: Any],
            let json = content["application/json"] as? [String: Any],
            let schema = merged(json["schema"]),
            let properties = schema["properties"] as? [String: Any]
        else { return nil }
        return merged(properties["result"])
    }

    /// The paths of required fields that a value does not have. Deribit's test vector asks
    /// `get_expirations` for a list that neither it nor we send.
    func missing(_ schema: [String: Any], in value: JSON.Value, at path: String) -> [String] {
        if let properties = schema["properties"] as? [String: Any],
            case .object = value
        {
            let required = schema["required"] as? [String] ?? []
            var missing = required.filter { value[$0] == nil }.map { path + "." + $0 }
            for (name, inner) in properties {
                guard let member = value[name], let inner = merged(inner) else { continue }
                missing += self.missing(inner, in: member, at: path + "." + name)
            }
            return missing.sorted()
        }
        if let items = merged(schema["items"]), case .array(let elements) = value {
            return elements.prefix(3).flatMap { self.missing(items, in: $0, at: path + "[]") }
        }
        return []
    }

    private func at(_ path: [String]) -> Any? {
        path.reduce(document as Any?) { ($0 as? [String: Any])?[$1] }
    }

    private func resolved(_ value: Any?) -> [String: Any]? {
        guard let object = value as? [String: Any] else { return nil }
        guard let reference = object["$ref"] as? String else { return object }
        return resolved(at(reference.split(separator: "/").dropFirst().map(String.init)))
    }

    private func merged(_ value: Any?) -> [String: Any]? {
        guard let object = resolved(value) else { return nil }
        guard let parts = object["allOf"] as? [Any] else { return object }
        var properties: [String: Any] = [:]
        var required: [String] = []
        for part in parts.compactMap({ merged($0) }) {
            properties.merge(part["properties"] as? [String: Any] ?? [:]) { $1 }
            required += part["required"] as? [String] ?? []
        }
        return ["properties": properties, "required": required]
    }
}
