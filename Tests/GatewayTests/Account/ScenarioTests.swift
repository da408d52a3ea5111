/// The scenarios of an account's margin and the price of its liquidation over the API: against the
/// ledger's own margin, and against what happens when the price gets there.

import Accounts
import Canonical
import FixedPoint
import JSON
import Ledger
import Markets
import Oracle
import Risk
import Testing

@testable import Gateway

@Suite struct ScenarioTests {
    private static let perpetual = "BTC_USDC-PERPETUAL"
    private static let call = "BTC_USDC-16JUN25-50000-C"

    /// A rich seller, and a buyer of so many dollars.
    private struct Pair {
        let venue: AccountVenue
        let clients: [Client]
        let sessions: [SessionIdentifier]

        init(dollars: Int64 = 20_000) throws {
            venue = try AccountVenue()
            clients = [
                try venue.client(try venue.openAccount(owner: 1), owner: 1),
                try venue.client(try venue.openAccount(owner: 2, dollars: dollars), owner: 2),
            ]
            sessions = [try venue.connect(clients[0]), try venue.connect(clients[1])]
        }

        var account: AccountIdentifier { clients[1].account }

        func trade(_ amount: String, at price: String, in name: String, buys: Bool = true) throws {
            let terms = #"{"instrument_name":"\#(name)","amount":\#(amount),"price":\#(price)}"#
            _ = try venue.result(buys ? "private/sell" : "private/buy", terms, on: sessions[0])
            _ = try venue.result(buys ? "private/buy" : "private/sell", terms, on: sessions[1])
        }

        func profile(_ parameters: String = "{}") throws -> JSON.Value {
            try venue.result("private/get_scenario_profile", parameters, on: sessions[1])
        }

        func liquidationPrice() throws -> Int64? {
            let positions = try venue.result("private/get_positions", on: sessions[1])
            return positions.elements?.first?["estimated_liquidation_price"]?.number?
                .scaled(by: 6)
        }
    }

    private func units(_ value: JSON.Value?) -> Int64 { value?.number?.scaled(by: 6) ?? .min }

    @Test(arguments: [("maintenance", RuleKind.maintenance), ("initial", .initial)])
    func `losses and charges sum to the margin of the rule`(name: String, kind: RuleKind) throws {
        let pair = try Pair()
        try pair.trade("0.5", at: "50000", in: Self.perpetual)
        try pair.trade("0.2", at: "600", in: Self.call, buys: false)
        let profile = try pair.profile(#"{"rule":"\#(name)"}"#)
        #expect(profile["rule"]?.text == name && profile["currency"]?.text == "USDC")
        let ledger = pair.venue.ledger
        let margins = [
            RuleKind.initial: ledger.initialMargin(of: pair.account),
            .maintenance: ledger.maintenanceMargin(of: pair.account),
        ]
        #expect(units(profile["equity"]) == margins[.maintenance]?.equity.units)
        #expect(units(profile["initial_margin"]) == margins[.initial]?.requirement.units)
        #expect(units(profile["maintenance_margin"]) == margins[.maintenance]?.requirement.units)
        let losses = (profile["underlyings"]?.elements ?? []).map { units($0["loss"]) }
        let charges = (profile["charges"]?.elements ?? []).map { units($0["amount"]) }
        #expect((losses + charges).reduce(0, +) == margins[kind]?.requirement.units)
        #expect(!charges.isEmpty)
    }

    @Test func `the worst scenario is one of those that are named, each with a name of its own`()
        throws
    {
        let pair = try Pair()
        try pair.trade("0.5", at: "50000", in: Self.perpetual)
        let underlying = try #require(try pair.profile()["underlyings"]?.elements?.first)
        let scenarios = try #require(underlying["scenarios"]?.elements)
        let names = scenarios.compactMap { $0["name"]?.text }
        #expect(names.count == scenarios.count && Set(names).count == names.count)
        let worst = try #require(scenarios.first { $0["name"] == underlying["worst"] })
        let least = scenarios.map { units($0["counted"]) }.min()
        #expect(units(worst["counted"]) == least)
        // A long loses by a fall; volatility says nothing to a perpetual.
        #expect(worst["move"]?.number?.text.hasPrefix("-") == true)
        let up = pair.venue.ledger.risk.parameters[0].volatility.up
        #expect(scenarios.contains { $0["volatility_move"] == up.value })
    }

    @Test func `the line ascends by move, is zero in the middle and straight for a perpetual`()
        throws
    {
        let pair = try Pair()
        try pair.trade("0.5", at: "50000", in: Self.perpetual)
        let underlying = try #require(try pair.profile()["underlyings"]?.elements?.first)
        let points = try #require(underlying["points"]?.elements)
        #expect(points.count == 41)
        let moves = points.compactMap { $0["move"]?.number?.scaled(by: 9) }
        #expect(moves == moves.sorted() && moves[20] == 0 && moves[0] == -moves[40])
        #expect(units(points[20]["profit"]) == 0)
        let mark = pair.venue.ledger.prices[0].mark.units
        for (move, point) in zip(moves, points) {
            let exact = Int128(mark) * Int128(move) / 2_000_000_000
            #expect(abs(Int128(units(point["profit"])) - exact) <= 1)
        }
    }

    @Test func `a bought call loses no more than it is worth and gains when the price rises`()
        throws
    {
        let pair = try Pair()
        try pair.trade("0.2", at: "600", in: Self.call)
        let underlying = try #require(try pair.profile()["underlyings"]?.elements?.first)
        let profits = try #require(underlying["points"]?.elements).map { units($0["profit"]) }
        #expect(profits == profits.sorted())
        let worth = pair.venue.ledger.prices[1].mark.units / 5
        #expect(profits[0] < 0 && profits[0] >= -worth - worth / 100)
        #expect(profits[40] > 0)
    }

    @Test func `an account without positions has an empty profile`() throws {
        let profile = try Pair().profile()
        #expect(profile["underlyings"]?.elements?.isEmpty == true)
        #expect(profile["charges"]?.elements?.isEmpty == true)
        #expect(profile["maintenance_margin"]?.number?.text == "0.0")
    }

    @Test func `a profile is the account's own, and the rule is one of two`() throws {
        let pair = try Pair()
        let session = try pair.venue.connect()
        let stranger = try pair.venue.call("private/get_scenario_profile", on: session)
        #expect(stranger.refusalCode != nil)
        let other = try pair.venue.call(
            "private/get_scenario_profile",
            #"{"subaccount_id":\#(pair.clients[0].account.number)}"#, on: pair.sessions[1])
        #expect(other.refusalCode == 13_021)
        let rule = try pair.venue.call(
            "private/get_scenario_profile", #"{"rule":"worst"}"#, on: pair.sessions[1])
        #expect(rule.refusalCode == -32_602)
    }

    @Test(arguments: [true, false])
    func `liquidation begins at the price that is told`(isLong: Bool) throws {
        let pair = try Pair()
        try pair.trade("2", at: "50000", in: Self.perpetual, buys: isLong)
        let ledger = pair.venue.ledger
        for _ in 0..<8 {
            let target = try #require(try pair.liquidationPrice())
            let mark = ledger.prices[0].mark.units
            #expect(isLong == (target < mark))
            #expect(ledger.accounts.liquidationStart(of: pair.account) == nil)
            // Half of the way, then the rest but $20, told anew each time.
            let way = target - mark
            guard abs(way) > 40_000_000 else { break }
            pair.venue.price += abs(way) > 400_000_000 ? way / 2 : way - way.signum() * 20_000_000
            try pair.venue.apply()
        }
        #expect(ledger.accounts.liquidationStart(of: pair.account) == nil)
        let left = try #require(try pair.liquidationPrice()) - ledger.prices[0].mark.units
        #expect(abs(left) < 40_000_000)
        pair.venue.price += left.signum() * 80_000_000
        try pair.venue.apply()
        #expect(ledger.accounts.liquidationStart(of: pair.account) != nil)
    }

    @Test func `where more than one price decides, none is told`() throws {
        let pair = try Pair()
        try pair.trade("0.2", at: "600", in: Self.call, buys: false)
        #expect(try pair.liquidationPrice() == nil)
        try pair.trade("0.5", at: "50000", in: Self.perpetual)
        #expect(try pair.liquidationPrice() == nil)
    }

    @Test func `who can lose all of it without a call has no such price`() throws {
        let pair = try Pair(dollars: 1_000_000)
        try pair.trade("0.5", at: "50000", in: Self.perpetual)
        #expect(try pair.liquidationPrice() == nil)
        let empty = try pair.venue.result(
            "private/get_position", #"{"instrument_name":"\#(Self.call)"}"#, on: pair.sessions[1])
        #expect(empty["estimated_liquidation_price"]?.isNull == true)
    }
}
