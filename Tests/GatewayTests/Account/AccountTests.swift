/// Positions, balances, the log of money, transfers and simulation over the API, on a real ledger.

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

@Suite("Accounts over the API")
struct AccountTests {
    private let name = "BTC_USDC-PERPETUAL"
    private let times = #""start_timestamp":0,"end_timestamp":9999999999999"#

    /// Two accounts that trade with each other.
    private struct Pair {
        let venue: AccountVenue
        let maker: SessionIdentifier
        let taker: SessionIdentifier
        let clients: [Client]

        init() throws {
            venue = try AccountVenue()
            clients = [
                try venue.client(try venue.openAccount(owner: 1), owner: 1),
                try venue.client(try venue.openAccount(owner: 2), owner: 2),
            ]
            maker = try venue.connect(clients[0])
            taker = try venue.connect(clients[1])
        }

        /// The taker buys from the maker.
        func trade(_ amount: String, at price: String, in name: String) throws {
            let terms = #"{"instrument_name":"\#(name)","amount":\#(amount),"price":\#(price)}"#
            _ = try venue.result("private/sell", terms, on: maker)
            _ = try venue.result("private/buy", terms, on: taker)
        }
    }

    @Test("A position shows its cost, its profit and its margin")
    func positions() throws {
        let pair = try Pair()
        try pair.trade("0.5", at: "50000", in: name)
        pair.venue.price = 50_100_000_000
        try pair.venue.apply()
        let account = pair.clients[1].account
        let positions = try pair.venue.result("private/get_positions", on: pair.taker)
        let position = try #require(positions.elements?.first)
        #expect(position["instrument_name"]?.text == name)
        #expect(position["direction"]?.text == "buy")
        #expect(position.digits("size") == "0.5")
        #expect(position.digits("average_price") == "50000.0")
        #expect(position.digits("delta") == "0.5")
        let mark = pair.venue.ledger.prices[0].mark.units
        let floating = position["floating_profit_loss"]?.number?.scaled(by: 6)
        #expect(floating == (mark - 50_000_000_000) / 2)
        // Alone in the account, so the position asks all that is asked.
        let asked = pair.venue.ledger.maintenanceMargin(of: account).requirement
        #expect(position["maintenance_margin"]?.number?.scaled(by: 6) == asked.units)
        let short = try pair.venue.result(
            "private/get_position", #"{"instrument_name":"\#(name)"}"#, on: pair.maker)
        #expect(short["direction"]?.text == "sell")
        #expect(short.digits("size") == "-0.5")
    }

    @Test("The summary is the ledger's, and every currency has one")
    func summary() throws {
        let pair = try Pair()
        try pair.trade("0.5", at: "50000", in: name)
        let account = pair.clients[1].account
        let summaries = try pair.venue.result(
            "private/get_account_summaries", #"{"extended":true}"#, on: pair.taker)
        let list = try #require(summaries["summaries"]?.elements)
        #expect(list.compactMap { $0["currency"]?.text } == ["USDC", "BTC"])
        let ledger = pair.venue.ledger
        let initial = ledger.initialMargin(of: account)
        #expect(
            list[0]["equity"]?.number?.scaled(by: 6)
                == ledger.maintenanceMargin(of: account).equity.units)
        #expect(list[0]["initial_margin"]?.number?.scaled(by: 6) == initial.requirement.units)
        #expect(list[0]["available_funds"]?.number?.scaled(by: 6) == initial.health.units)
        #expect(
            list[0]["balance"]?.number?.scaled(by: 6) == ledger.accounts.cash(of: account).units)
        #expect(list[0].digits("delta_total") == "0.5")
        #expect(list[1].digits("balance") == "0.0")
        let unknown = try pair.venue.call(
            "private/get_account_summary", #"{"currency":"DOGE"}"#, on: pair.taker)
        #expect(unknown.refusalCode == -32_602)
    }

    @Test("The log explains every change of the balance, and names nothing a correction")
    func log() throws {
        let pair = try Pair()
        try pair.trade("0.5", at: "50000", in: name)
        // Funding accrues for an hour, and is paid when the position changes.
        for _ in 0..<10 { try pair.venue.apply(milliseconds: 360_000) }
        try pair.trade("0.1", at: "50000", in: name)
        let terms = { (side: String, amount: String) in
            (side, #"{"instrument_name":"\#(name)","amount":\#(amount),"price":50050}"#)
        }
        for (session, order) in [
            (pair.maker, terms("buy", "0.9")), (pair.taker, terms("sell", "0.9")),
        ] {
            _ = try pair.venue.result("private/" + order.0, order.1, on: session)
        }
        for (session, client) in zip([pair.maker, pair.taker], pair.clients) {
            let result = try pair.venue.result(
                "private/get_transaction_log",
                #"{"currency":"USDC",\#(times),"count":1000}"#,
                on: session)
            let logs = try #require(result["logs"]?.elements)
            #expect(logs.contains { $0["type"]?.text == "settlement" })
            #expect(!logs.contains { $0["type"]?.text == "correction" })
            // Newest first: each balance is the one before and the change.
            for (newer, older) in zip(logs, logs.dropFirst()) {
                let change = try #require(newer["change"]?.number?.scaled(by: 6))
                let before = try #require(older["balance"]?.number?.scaled(by: 6))
                #expect(newer["balance"]?.number?.scaled(by: 6) == before + change)
            }
            #expect(
                logs.first?["balance"]?.number?.scaled(by: 6)
                    == pair.venue.ledger.accounts.cash(of: client.account).units)
        }
    }

    @Test("The log's pages neither repeat nor skip")
    func logPages() throws {
        let pair = try Pair()
        for _ in 0..<4 { try pair.trade("0.01", at: "50000", in: name) }
        func page(_ count: Int, _ continuation: Int64?) throws -> (numbers: [Int64], next: Int64?) {
            let more = continuation.map { #","continuation":\#($0)"# } ?? ""
            let result = try pair.venue.result(
                "private/get_transaction_log",
                #"{"currency":"any",\#(times),"count":\#(count)\#(more)}"#,
                on: pair.taker)
            return (
                (result["logs"]?.elements ?? []).compactMap { $0["id"]?.number?.integer },
                result["continuation"]?.number?.integer
            )
        }
        let all = try page(1_000, nil).numbers
        var collected: [Int64] = []
        var next: Int64?
        repeat {
            let (numbers, following) = try page(2, next)
            collected += numbers
            next = following
        } while next != nil
        #expect(collected == all)
        #expect(all.count >= 4)
    }

    @Test("Spot is bought, held, logged in both currencies, and free unless offered")
    func spot() throws {
        let pair = try Pair()
        let venue = pair.venue
        try venue.apply([
            venue.transaction(
                .custodian, key: PlainKeys.custodian,
                [
                    .depositAsset(
                        AccountGenesis.spot, Quantity(lots: 2_000), to: pair.clients[0].account,
                        reference: Bytes32())
                ])
        ])
        let deposits = try venue.result(
            "private/get_deposits", #"{"currency":"BTC"}"#, on: pair.maker)
        #expect(deposits["data"]?.elements?.first?.digits("amount") == "2.0")
        try pair.trade("0.5", at: "50000", in: "BTC_USDC")
        _ = try venue.result(
            "private/sell", #"{"instrument_name":"BTC_USDC","amount":0.2,"price":50500}"#,
            on: pair.taker)
        let summary = try venue.result(
            "private/get_account_summary", #"{"currency":"BTC"}"#, on: pair.taker)
        #expect(summary.digits("balance") == "0.5")
        #expect(summary.digits("available_funds") == "0.3")
        let log = try venue.result(
            "private/get_transaction_log",
            #"{"currency":"BTC","start_timestamp":0,"end_timestamp":9999999999999}"#,
            on: pair.taker)
        #expect(log["logs"]?.elements?.first?.digits("change") == "0.5")
        #expect(log["logs"]?.elements?.first?.digits("balance") == "0.5")
    }

    @Test("Money moves between accounts of one owner, and is found among the transfers")
    func transfers() throws {
        let pair = try Pair()
        let venue = pair.venue
        let own = pair.clients[0].account
        let sister = AccountIdentifier(UInt32(venue.ledger.accounts.accounts.count))
        try venue.apply([
            venue.transaction(
                .account(own), key: 1, [.openSubaccount(CompartmentIdentifier(0))])
        ])
        let moved = try venue.result(
            "private/submit_transfer_to_subaccount",
            #"{"currency":"USDC","amount":12.5,"destination":\#(sister.number)}"#, on: pair.maker)
        #expect(moved.digits("amount") == "12.5")
        #expect(moved["direction"]?.text == "payment")
        #expect(venue.ledger.accounts.cash(of: sister).units == 12_500_000)
        let transfers = try venue.result(
            "private/get_transfers", #"{"currency":"USDC"}"#, on: pair.maker)
        #expect(transfers["count"]?.number?.integer == 1)
        let accounts = try venue.result("private/get_subaccounts", on: pair.maker)
        #expect(accounts.elements?.count == 2)
        let summary = try venue.result(
            "private/get_account_summary",
            #"{"currency":"USDC","subaccount_id":\#(sister.number)}"#, on: pair.maker)
        #expect(summary.digits("balance") == "12.5")
    }

    @Test("A simulated portfolio asks what the real one asks once it is held")
    func simulation() throws {
        let pair = try Pair()
        let venue = pair.venue
        try pair.trade("0.1", at: "50000", in: name)
        let account = pair.clients[1].account
        let before = venue.ledger.root
        let simulated = try venue.result(
            "private/simulate_portfolio",
            #"{"currency":"USDC","simulated_positions":{"\#(name)":0.4}}"#, on: pair.taker)
        #expect(venue.ledger.root == before)
        #expect(venue.ledger.auditFailure() == nil)
        try pair.trade("0.4", at: "50000", in: name)
        let held = venue.ledger.maintenanceMargin(of: account).requirement
        #expect(simulated["maintenance_margin"]?.number?.scaled(by: 6) == held.units)
        let none = try venue.result(
            "private/pme/simulate", #"{"add_positions":false}"#, on: pair.taker)
        #expect(none.digits("initial_margin") == "0.0")
        let option = try venue.result(
            "private/simulate_portfolio",
            #"{"simulated_positions":{"BTC_USDC-16JUN25-50000-C":-1}}"#, on: pair.taker)
        let vega = try #require(option["vega"]?.number?.scaled(by: 6))
        #expect(vega < 0)
        let wild = try venue.call(
            "private/simulate_portfolio", #"{"simulated_positions":{"\#(name)":1000000}}"#,
            on: pair.taker)
        #expect(wild.refusalCode == -32_602)
        let margins = try venue.result(
            "private/get_margins",
            #"{"instrument_name":"\#(name)","amount":0.1,"price":50000}"#, on: pair.taker)
        #expect(margins["min_price"]?.number != nil)
        #expect(margins["buy"]?.number?.scaled(by: 6) ?? 0 > 0)
    }

    @Test("A contract's end is delivered, and stands in the settlements and in the log")
    func delivery() throws {
        let pair = try Pair()
        let venue = pair.venue
        // An agent's orders stay near the mark.
        let name = "BTC_USDC-16JUN25-50000-C"
        let ticker = try venue.result(
            "public/ticker", #"{"instrument_name":"\#(name)"}"#, on: pair.taker)
        let text = try #require(ticker.digits("mark_price"))
        let mark = try #require(Double(text))
        try pair.trade("0.1", at: "\(Int(mark / 10) * 10)", in: name)
        venue.price = 52_000_000_000
        let left = AccountGenesis.expiry.elapsed(since: venue.now).nanoseconds / 1_000_000
        try venue.apply(milliseconds: left - 70_000)
        for _ in 0..<16 { try venue.apply(milliseconds: 5_000) }
        let settlements = try venue.result(
            "private/get_settlement_history_by_currency", #"{"currency":"BTC","type":"delivery"}"#,
            on: pair.taker)
        let first = try #require(settlements["settlements"]?.elements?.first)
        #expect(first["type"]?.text == "delivery")
        #expect(first.digits("position") == "0.1")
        let log = try venue.result(
            "private/get_transaction_log",
            #"{"currency":"USDC","start_timestamp":0,"end_timestamp":9999999999999}"#,
            on: pair.taker)
        #expect(log["logs"]?.elements?.first?["type"]?.text == "delivery")
        #expect(log["logs"]?.elements?.contains { $0["type"]?.text == "correction" } == false)
        let expired = try venue.result("private/get_positions", on: pair.taker)
        #expect(expired.elements == [])
    }

    @Test("A gateway that starts again tells the same history from the same blocks")
    func restoring() throws {
        let pair = try Pair()
        let venue = pair.venue
        try pair.trade("0.2", at: "50000", in: name)
        _ = try venue.result(
            "private/buy",
            #"{"instrument_name":"\#(name)","amount":0.1,"price":49000,"label":"kept"}"#,
            on: pair.taker)
        let again = try Gateway(GatewayConfiguration(), ledger: venue.ledger)
        again.desk.records.prepare(pair.clients[1].account)
        for block in venue.blocks { again.restore(block, ledger: venue.ledger) }
        again.finishRestoring(ledger: venue.ledger)
        let old = try #require(venue.gateway.desk.records[pair.clients[1].account])
        let new = try #require(again.desk.records[pair.clients[1].account])
        #expect(new.openOrders.map(\.identifier) == old.openOrders.map(\.identifier))
        #expect(new.openOrders.first?.label == old.openOrders.first?.label)
        #expect(new.endedOrders.map(\.identifier) == old.endedOrders.map(\.identifier))
        #expect(new.trades.kept.map(\.number) == old.trades.kept.map(\.number))
        #expect(new.running?.cash == old.running?.cash)
        // Balances of the past are not known, and are not made up.
        #expect(new.log.kept.allSatisfy { $0.balance == nil })
    }

    @Test("What is remembered of an account is bounded, and open orders never go")
    func bounds() throws {
        var limits = AccountLimits()
        limits.orders = 2
        let book = AccountBook(AccountIdentifier(0), limits: limits)
        for number in UInt64(1)...5 {
            let order = Order(
                identifier: OrderIdentifier(number), account: AccountIdentifier(0),
                instrument: InstrumentIdentifier(0), clientIdentifier: ClientOrderIdentifier(0),
                flags: OrderFlags(.buy), price: Price(ticks: 1), remaining: Quantity(lots: 1),
                priority: number)
            book.insert(OrderEntry(order, at: .epoch))
        }
        for number in UInt64(2)...5 {
            book.change(OrderIdentifier(number)) { $0.status = .filled }
        }
        #expect(book.endedOrders.map(\.identifier.number) == [4, 5])
        #expect(book.openOrders.map(\.identifier.number) == [1])
        #expect(book.orders.count == 3)
    }
}
