/// What is remembered: trades, candles and statistics against a plain count of the same events,
/// settlements at expiry, and memory that is made again from old blocks.

import Canonical
import FixedPoint
import JSON
import Ledger
import Markets
import Testing

@testable import Gateway

@Suite struct HistoryTests {
    @Test func aRingForgetsTheOldest() {
        var ring = Ring<Int>(limit: 3)
        #expect(ring.isEmpty && ring.last == nil)
        for number in 1...7 {
            ring.append(number)
            #expect(ring.count == min(number, 3))
            #expect(ring.last == number)
        }
        #expect((0..<3).map { ring[$0] } == [5, 6, 7])
        ring[1] = 60
        #expect(ring.firstPlace { $0 >= 60 } == 1)
        #expect(ring.firstPlace { $0 >= 100 } == 3)
    }

    @Test func tickDirectionsFollowThePrice() throws {
        let venue = try GatewayVenue()
        let accounts = try venue.openAccounts(2)
        for price in [Int64(100_010), 100_010, 100_012, 100_011, 100_011] {
            try venue.place(accounts[0], .sell, 1, at: price)
            try venue.place(accounts[1], .buy, 1, at: price)
        }
        let trades = venue.gateway.market.histories[0].trades
        let directions = (0..<trades.count).map { trades[$0].tick }
        #expect(directions == [.zeroPlus, .zeroPlus, .plus, .minus, .zeroMinus])
    }

    @Test func candlesAddUpToTheTrades() throws {
        let venue = try GatewayVenue()
        let accounts = try venue.openAccounts(2)
        var volume: Int64 = 0
        for round in Int64(0)..<12 {
            try venue.apply(milliseconds: 20_000)
            let price = 100_000 + (round * 7) % 20
            try venue.place(accounts[0], .sell, round + 1, at: price)
            try venue.place(accounts[1], .buy, round + 1, at: price)
            volume += round + 1
        }
        let history = venue.gateway.market.histories[0]
        for place in Resolution.minutes.indices {
            let candles = (0..<history.candles[place].count).map { history.candles[place][$0] }
            #expect(candles.reduce(0) { $0 + $1.volume.lots } == volume)
            for (left, right) in zip(candles, candles.dropFirst()) {
                #expect(left.span < right.span)
            }
            #expect(candles.allSatisfy { $0.low <= $0.open && $0.close <= $0.high })
        }
        let day = history.day(until: venue.now)
        #expect(day.volume.lots == volume)
        let trades = (0..<history.trades.count).map { history.trades[$0].price }
        #expect(day.high == trades.max() && day.low == trades.min())
        #expect(day.first == trades.first && day.last == trades.last)
        #expect(history.day(until: venue.now.advanced(by: .day)).volume == .zero)
        let chart = try venue.result(
            "public/get_tradingview_chart_data",
            """
            {"instrument_name":"BTC_USDC-PERPETUAL","resolution":"1","start_timestamp":0,\
            "end_timestamp":9e15}
            """)
        let ticks = (chart["ticks"]?.elements ?? []).compactMap { $0.number?.integer }
        #expect(ticks.count >= 5)
        for (left, right) in zip(ticks, ticks.dropFirst()) { #expect(right - left == 60_000) }
        #expect(chart["close"]?.elements?.count == ticks.count)
    }

    @Test func tradesAreFoundByNumberTimeAndOrder() throws {
        let venue = try GatewayVenue()
        let accounts = try venue.openAccounts(2)
        for _ in 0..<5 {
            try venue.place(accounts[0], .sell, 1, at: 100_010)
            try venue.place(accounts[1], .buy, 1, at: 100_010)
        }
        func trades(_ parameters: String) throws -> (numbers: [Int64], hasMore: Bool) {
            let result = try venue.result(
                "public/get_last_trades_by_instrument",
                #"{"instrument_name":"BTC_USDC-PERPETUAL"\#(parameters)}"#)
            let list = result["trades"]?.elements ?? []
            return (
                list.compactMap { $0["trade_seq"]?.number?.integer },
                result["has_more"]?.boolean == true
            )
        }
        let all = try trades("")
        #expect(all.numbers.count == 5 && !all.hasMore)
        #expect(all.numbers == all.numbers.sorted().reversed())
        let two = try trades(#","count":2"#)
        #expect(two.numbers == Array(all.numbers.prefix(2)) && two.hasMore)
        let first = try trades(#","count":2,"sorting":"asc""#)
        #expect(first.numbers == Array(all.numbers.reversed().prefix(2)) && first.hasMore)
        let middle = try trades(#","start_seq":\#(all.numbers[3]),"end_seq":\#(all.numbers[1])"#)
        #expect(middle.numbers == Array(all.numbers[1...3]))
        #expect(try trades(#","start_timestamp":9000000000000"#).numbers.isEmpty)
        let wrong = try venue.call(
            "public/get_last_trades_by_instrument",
            """
            {"instrument_name":"BTC_USDC-PERPETUAL","start_timestamp":2,"end_timestamp":1}
            """)
        #expect(wrong.errorCode == -32_602)
    }

    /// A venue behind the expiry of everything dated, and what its state channel said.
    private func expiredVenue() throws -> (venue: GatewayVenue, messages: [JSON.Value]) {
        let venue = try GatewayVenue()
        let accounts = try venue.openAccounts(2)
        try venue.place(accounts[0], .sell, 3, at: 100_010, of: GatewayGenesis.future)
        try venue.place(accounts[1], .buy, 3, at: 100_010, of: GatewayGenesis.future)
        let session = venue.connect()
        _ = try venue.exchange(
            #"""
            {"id":1,"method":"public/subscribe","params":{"channels":["instrument.state.any.any"]}}
            """#,
            on: session)
        let window = Duration.seconds(1_800).nanoseconds
        let before = GatewayGenesis.expiry.nanoseconds - window - venue.now.nanoseconds
        try venue.apply(milliseconds: before / 1_000_000 - 2_000)
        venue.prices[0] = 51_000_000_000
        var messages: [JSON.Value] = []
        while venue.now <= GatewayGenesis.expiry {
            try venue.apply(milliseconds: 15_000)
            messages += try venue.messages(to: session)
        }
        return (venue, messages)
    }

    @Test func anExpiryIsSettledAndRemembered() throws {
        let (venue, messages) = try expiredVenue()
        let states = messages.compactMap { message -> String? in
            let data = message["params"]?["data"]
            return data?["instrument_name"]?.text == "BTC_USDC-16JUN25"
                ? data?["state"]?.text : nil
        }
        #expect(states.last == "delivered")
        let settlements = try venue.result(
            "public/get_last_settlements_by_instrument",
            #"{"instrument_name":"BTC_USDC-16JUN25"}"#)
        let settled = try #require(settlements["settlements"]?.elements?.first)
        let price = try #require(settled["index_price"]?.number?.scaled(by: 6))
        #expect(price > 50_900_000_000 && price <= 51_000_000_000)
        #expect(settled["position"]?.number?.text == "0.003")
        let prices = try venue.result("public/get_delivery_prices", #"{"index_name":"btc_usd"}"#)
        #expect(prices["records_total"]?.number?.integer == 1)
        let record = try #require(prices["data"]?.elements?.first)
        #expect(record["date"]?.text == "2025-06-16")
        #expect(record["delivery_price"]?.number?.scaled(by: 6) == price)
        // It is found by its name still, and no more among the live.
        let instrument = try venue.result(
            "public/get_instrument", #"{"instrument_name":"BTC_USDC-16JUN25"}"#)
        #expect(instrument["state"]?.text == "delivered")
        #expect(instrument["is_active"]?.boolean == false)
        let live = try venue.result("public/get_instruments")
        #expect(live.elements?.count == 4)
        let expired = try venue.result("public/get_instruments", #"{"expired":true}"#)
        #expect(expired.elements?.count == 3)
        let ticker = try venue.result("public/ticker", #"{"instrument_name":"BTC_USDC-16JUN25"}"#)
        #expect(ticker["delivery_price"]?.number?.scaled(by: 6) == price)
    }

    @Test func memoryIsMadeAgainFromOldBlocks() throws {
        let venue = try MethodTests.busyVenue()
        let again = try Gateway(.generous, ledger: venue.ledger)
        for block in venue.blocks { again.restore(block, ledger: venue.ledger) }
        let old = venue.gateway.market
        let new = again.market
        #expect(new.orders == old.orders)
        #expect(new.height == old.height && new.marks == old.marks)
        for (left, right) in zip(old.histories, new.histories) {
            #expect(left.candles.map { $0.count } == right.candles.map { $0.count })
            // Of a book that no block has touched only an upper bound is known.
            #expect(left.bookHeight == right.bookHeight || left.bookHeight == 0)
            #expect(left.lastPrice == right.lastPrice)
            #expect(
                (0..<left.trades.count).map { left.trades[$0].number }
                    == (0..<right.trades.count).map { right.trades[$0].number })
        }
    }

    @Test func fundingIsNotedEveryHour() throws {
        let venue = try GatewayVenue()
        for _ in 0..<13 {
            venue.prices[0] += 1_000_000
            try venue.apply(milliseconds: 900_000)
        }
        let history = try venue.result(
            "public/get_funding_rate_history",
            #"{"instrument_name":"BTC_USDC-PERPETUAL","start_timestamp":0,"end_timestamp":9e15}"#)
        let times = (history.elements ?? []).compactMap { $0["timestamp"]?.number?.integer }
        #expect(times.count == 4)
        for (left, right) in zip(times, times.dropFirst()) { #expect(right - left == 3_600_000) }
        let wrong = try venue.call(
            "public/get_funding_rate_history",
            #"{"instrument_name":"BTC_USDC","start_timestamp":0,"end_timestamp":9e15}"#)
        #expect(wrong.errorCode == -32_602)
    }

    @Test func volatilityOfAConstantIndexIsZeroAndOfAZigzagIsKnown() {
        func series(_ prices: [Int64]) -> [Int64] {
            var ring = Ring<IndexSample>(limit: 1_000)
            for (hour, price) in prices.enumerated() {
                ring.append(
                    IndexSample(hour: UInt64(hour), price: IndexPrice(micros: price)))
            }
            return HistoricalVolatility.series(ring).map { $0.value }
        }
        #expect(series([Int64](repeating: 1_000_000, count: 24)).isEmpty)
        #expect(series([Int64](repeating: 1_000_000, count: 26)) == [0, 0])
        // Returns of ±ln 1.01: over 24 of them s² = ln²(1.01)·24/23, a year has 8,760.
        let zigzag = (0..<25).map { Int64($0.isMultiple(of: 2) ? 1_000_000 : 1_010_000) }
        let value = series(zigzag).first ?? 0
        #expect(abs(value - 951_333) < 50, "\(value)")
    }
}
