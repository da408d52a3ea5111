/// What memory does not reach comes out of the history: the same bytes, nobody else's rows, and a
/// clear word where the history cannot be asked.

import Canonical
import FixedPoint
import History
import JSON
import Ledger
import Testing

@testable import Gateway

@Suite struct PastTests {
    private static let name = PastVenue.perpetual
    private static let spans = #""start_timestamp":0,"end_timestamp":9e15"#

    /// Methods of an account and their parameters.
    private static func accountCalls(_ venue: PastVenue) throws -> [(String, String)] {
        let book = try #require(venue.venue.gateway.desk.records[AccountIdentifier(0)])
        let fills = book.trades.kept
        let middle = fills[fills.count / 2]
        let option = venue.venue.gateway.names[AccountGenesis.option]
        var calls = [
            ("user_trades_by_instrument", #"{"instrument_name":"\#(name)"}"#),
            ("user_trades_by_instrument", #"{"instrument_name":"\#(name)","count":2}"#),
            (
                "user_trades_by_instrument",
                #"{"instrument_name":"\#(name)","count":3,"start_seq":\#(middle.number)}"#
            ),
            (
                "user_trades_by_instrument",
                #"{"instrument_name":"\#(name)","end_seq":\#(middle.number),"sorting":"asc"}"#
            ),
            ("user_trades_by_instrument", #"{"instrument_name":"\#(option)"}"#),
            (
                "user_trades_by_instrument_and_time",
                #"{"instrument_name":"\#(name)","count":4,"start_timestamp":0,"#
                    + #""end_timestamp":\#(middle.time.milliseconds)}"#
            ),
            ("user_trades_by_currency", #"{"currency":"USDC","count":100}"#),
            ("user_trades_by_currency", #"{"currency":"BTC","kind":"option"}"#),
            ("user_trades_by_currency", #"{"currency":"BTC","kind":"spot"}"#),
            ("user_trades_by_currency_and_time", #"{"currency":"USDC",\#(spans)}"#),
            ("user_trades_by_order", #"{"order_id":"\#(middle.order.number)"}"#),
            ("order_state", #"{"order_id":"\#(middle.order.number)"}"#),
            ("order_state", #"{"order_id":"123456789"}"#),
            ("user_trades_by_order", #"{"order_id":"123456789"}"#),
        ]
        for label in ["in", "plain", "stays", "nobody"] {
            calls.append(("order_state_by_label", #"{"currency":"USDC","label":"\#(label)"}"#))
        }
        for more in ["", #","count":3"#, #","count":2,"offset":3"#, #","include_unfilled":true"#] {
            calls.append(
                ("order_history_by_instrument", #"{"instrument_name":"\#(name)"\#(more)}"#))
            calls.append(("order_history_by_currency", #"{"currency":"USDC"\#(more)}"#))
        }
        for currency in ["USDC", "BTC", "any", "ETH"] {
            calls.append(("transaction_log", #"{"currency":"\#(currency)",\#(spans)}"#))
            guard currency != "any" else { continue }
            for kind in ["deposits", "withdrawals", "transfers"] {
                calls.append((kind, #"{"currency":"\#(currency)"}"#))
                calls.append((kind, #"{"currency":"\#(currency)","count":1,"offset":1}"#))
            }
        }
        for query in ["trade", "settlement", "delivery", "transfer", "nothing"] {
            calls.append(
                ("transaction_log", #"{"currency":"any","query":"\#(query)",\#(spans)}"#))
        }
        for type in ["", #","type":"settlement""#, #","type":"delivery","count":1"#] {
            calls.append(("settlement_history_by_currency", #"{"currency":"BTC"\#(type)}"#))
            calls.append(
                ("settlement_history_by_instrument", #"{"instrument_name":"\#(name)"\#(type)}"#))
        }
        return calls.map { ("private/get_" + $0.0, $0.1) }
    }

    @Test func `an account is told the same out of the history as out of memory`() throws {
        let venue = try PastVenue.busy()
        let old = try venue.connect(0, to: venue.venue.gateway)
        let new = try venue.connect(0, to: venue.forgetful)
        var questions = 0
        for (method, parameters) in try PastTests.accountCalls(venue) {
            let known = try venue.ask(venue.venue.gateway, method, parameters, old)
            let found = try venue.ask(venue.forgetful, method, parameters, new)
            #expect(known.questions == 0)
            #expect(found.text == known.text, "\(method) \(parameters)")
            let isFound = !parameters.contains("123456789")
            #expect(known.text.contains(#""result""#) == isFound, "\(known.text)")
            questions += found.questions
        }
        #expect(questions > 50)
    }

    @Test func `the public is told the same out of the history as out of memory`() throws {
        let venue = try PastVenue.busy()
        // Memory that was made again from blocks: volatilities are in neither.
        let memory = try Gateway(.generous, ledger: venue.venue.ledger)
        for block in venue.venue.blocks { memory.restore(block, ledger: venue.venue.ledger) }
        memory.finishRestoring(ledger: venue.venue.ledger)
        let numbers = memory.market.trades.kept.map { $0.number }
        let middle = numbers[numbers.count / 2]
        var calls = [
            ("get_last_trades_by_currency", #"{"currency":"USDC","count":4}"#),
            ("get_last_trades_by_currency", #"{"currency":"BTC","kind":"option"}"#),
            ("get_last_trades_by_currency", #"{"currency":"any","count":100,"sorting":"asc"}"#),
            ("get_last_trades_by_currency", #"{"currency":"BTC","end_id":"USDC-\#(middle)"}"#),
            ("get_last_trades_by_currency_and_time", #"{"currency":"BTC",\#(PastTests.spans)}"#),
            (
                "get_funding_rate_value",
                #"{"instrument_name":"\#(PastTests.name)",\#(PastTests.spans)}"#
            ),
            ("get_funding_chart_data", #"{"instrument_name":"\#(PastTests.name)","length":"24h"}"#),
            ("get_last_settlements_by_currency", #"{"currency":"BTC"}"#),
            ("get_last_settlements_by_currency", #"{"currency":"BTC","count":1}"#),
            ("get_delivery_prices", #"{"index_name":"btc_usd"}"#),
            ("get_delivery_prices", #"{"index_name":"btc_usd","offset":1}"#),
        ]
        for more in [
            "", #","count":3"#, #","start_seq":\#(middle)"#, #","sorting":"asc","count":2"#,
        ] {
            calls.append(
                (
                    "get_last_trades_by_instrument",
                    #"{"instrument_name":"\#(PastTests.name)"\#(more)}"#
                ))
        }
        for resolution in Resolution.names {
            let start = resolution == "1" ? AccountGenesis.start.milliseconds : 0
            calls.append(
                (
                    "get_tradingview_chart_data",
                    #"{"instrument_name":"\#(PastTests.name)","resolution":"\#(resolution)","#
                        + #""start_timestamp":\#(start),"end_timestamp":9e15}"#
                ))
        }
        calls.append(
            (
                "get_funding_rate_history",
                #"{"instrument_name":"\#(PastTests.name)",\#(PastTests.spans)}"#
            ))
        let old = try venue.connect(nil, to: memory)
        let new = try venue.connect(nil, to: venue.forgetful)
        for (method, parameters) in calls {
            let known = try venue.ask(memory, "public/" + method, parameters, old)
            let found = try venue.ask(venue.forgetful, "public/" + method, parameters, new)
            #expect(known.questions == 0 && found.questions == 1, "\(method)")
            #expect(found.text == known.text, "\(method) \(parameters)")
            #expect(known.text.contains(#""result""#), "\(known.text)")
        }
    }

    @Test func `pages of the log follow one another without a gap`() throws {
        let venue = try PastVenue.busy()
        let session = try venue.connect(0, to: venue.forgetful)
        var seen: [Int64] = []
        var more = ""
        let parser = try JSONParser()
        while true {
            let asked = try venue.ask(
                venue.forgetful, "private/get_transaction_log",
                #"{"currency":"any","count":3,\#(PastTests.spans)\#(more)}"#, session)
            let result = try parser.parse(asked.frame)["result"]
            seen += (result?["logs"]?.elements ?? []).compactMap { $0["id"]?.number?.integer }
            guard let next = result?["continuation"]?.number?.integer else { break }
            more = #","continuation":\#(next)"#
        }
        let book = try #require(venue.venue.gateway.desk.records[AccountIdentifier(0)])
        #expect(seen == book.log.kept.reversed().map { Int64($0.number) })
        #expect(seen.count > 20)
    }

    @Test func `no account sees rows of another`() throws {
        let venue = try PastVenue.busy()
        let stranger = try venue.connect(1, to: venue.forgetful)
        let nobody = try venue.connect(nil, to: venue.forgetful)
        let book = try #require(venue.venue.gateway.desk.records[AccountIdentifier(0)])
        for entry in book.endedOrders + book.openOrders {
            for method in ["private/get_order_state", "private/get_user_trades_by_order"] {
                let parameters = #"{"order_id":"\#(entry.identifier.number)"}"#
                let asked = try venue.ask(venue.forgetful, method, parameters, stranger)
                #expect(asked.text.contains("order_not_found"), "\(asked.text)")
                let open = try venue.ask(venue.forgetful, method, parameters, nobody)
                #expect(open.questions == 0 && open.text.contains("10000"))
            }
        }
        // The orders of a fill are the account's own.
        let trades = try venue.ask(
            venue.forgetful, "private/get_user_trades_by_currency",
            #"{"currency":"any","count":1000}"#, stranger)
        let own = Set(book.trades.kept.map { "\"order_id\":\"\($0.order.number)\"" })
        #expect(!own.contains { trades.text.contains($0) })
        let foreign = try venue.ask(
            venue.forgetful, "private/get_transaction_log",
            #"{"currency":"any","subaccount_id":0,\#(PastTests.spans)}"#, stranger)
        #expect(foreign.questions == 0 && foreign.text.contains("not an account of the same owner"))
    }

    @Test func `who remembers all asks nothing`() throws {
        let venue = try PastVenue.busy()
        var configuration = GatewayConfiguration.generous
        configuration.historyQuestions = 64
        let ledger = venue.venue.ledger
        let gateway = try Gateway(configuration, ledger: ledger)
        for block in venue.venue.blocks { gateway.restore(block, ledger: ledger) }
        gateway.finishRestoring(ledger: ledger)
        let session = try venue.connect(nil, to: gateway)
        let asked = try venue.ask(
            gateway, "public/get_last_trades_by_currency", #"{"currency":"any","count":100}"#,
            session)
        #expect(asked.questions == 0)
        // The newest of a memory that lacks the oldest are enough for a page of them.
        let late = try Gateway(configuration, ledger: ledger)
        let count = venue.venue.blocks.count
        for block in venue.venue.blocks.suffix(count / 2) { late.restore(block, ledger: ledger) }
        late.finishRestoring(ledger: ledger)
        let other = try venue.connect(nil, to: late)
        let whole = try venue.ask(
            late, "public/get_last_trades_by_currency", #"{"currency":"any","count":100}"#, other)
        #expect(whole.questions == 1 && whole.text == asked.text)
    }

    // What goes wrong.

    private func ask(
        _ gateway: Gateway, _ venue: PastVenue, _ session: SessionIdentifier
    ) -> [Action] {
        let text =
            #"{"id":1,"method":"public/get_delivery_prices","params":{"index_name":"btc_usd"}}"#
        gateway.receive(
            Array(text.utf8), on: session, ledger: venue.venue.ledger, now: venue.venue.now)
        return gateway.drain()
    }

    private func errors(_ actions: [Action]) throws -> [JSON.Value] {
        let parser = try JSONParser()
        return try actions.compactMap { action in
            guard case .send(_, let frame) = action else { return nil }
            return try parser.parse(frame)["error"]
        }
    }

    @Test func `a history that fails is a clear error and nothing hangs`() throws {
        let venue = try PastVenue { _, _, _ in }
        let gateway = venue.forgetful
        let session = try venue.connect(nil, to: gateway)
        let ledger = venue.venue.ledger
        for (fault, words) in [
            (PastFault.unavailable(reason: "its database does not answer"), "does not answer"),
            (.behind(height: 3, of: 9), "stands at block 3 of 9"), (.busy, "too many questions"),
            (.tooLate, "in time"),
        ] {
            guard case .ask(let ticket, _, _) = ask(gateway, venue, session).first else {
                Issue.record("nothing is asked")
                return
            }
            gateway.answer(ticket, .failure(fault), ledger: ledger, now: venue.venue.now)
            let error = try #require(try errors(gateway.drain()).first)
            #expect(error["code"]?.number?.integer == 13_028)
            let reason = error["data"]?["reason"]?.text ?? ""
            #expect(reason.hasPrefix("history is not available") && reason.contains(words))
            // A ticket counts once.
            gateway.answer(ticket, .failure(fault), ledger: ledger, now: venue.venue.now)
            #expect(gateway.drain().isEmpty)
        }
    }

    @Test func `patience ends and so many wait at most`() throws {
        let venue = try PastVenue(questions: 20) { _, _, _ in }
        let gateway = venue.forgetful
        let ledger = venue.venue.ledger
        let first = try venue.connect(nil, to: gateway)
        let second = try venue.connect(nil, to: gateway)
        for _ in 0..<16 { #expect(try errors(ask(gateway, venue, first)).isEmpty) }
        #expect(try errors(ask(gateway, venue, first)).count == 1, "a session has its limit")
        for _ in 0..<4 { #expect(try errors(ask(gateway, venue, second)).isEmpty) }
        #expect(try errors(ask(gateway, venue, second)).count == 1, "the gateway has its limit")
        gateway.close(second, now: venue.venue.now)
        gateway.tick(ledger: ledger, now: venue.venue.now.advanced(by: .seconds(9)))
        #expect(gateway.drain().isEmpty)
        gateway.tick(ledger: ledger, now: venue.venue.now.advanced(by: .seconds(10)))
        let late = try errors(gateway.drain())
        #expect(late.count == 16)
        #expect(late.allSatisfy { $0["data"]?["reason"]?.text?.contains("in time") == true })
        #expect(gateway.asked.isEmpty)
        #expect(try errors(ask(gateway, venue, first)).isEmpty)
    }
}
