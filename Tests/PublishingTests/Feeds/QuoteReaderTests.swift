/// Answers of real venues in their own shapes, with the paths of `docs/publish.md`.
import FixedPoint
import JSON
import Testing

@testable import Publishing

private func root(_ text: String) throws -> JSON.Value {
    try JSONParser().parse(Array(text.utf8))
}

private func pointer(_ text: String) -> JSONPointer? { JSONPointer(text) }

private func levels(_ bids: String, _ asks: String) throws -> BookPaths {
    BookPaths(
        bids: try #require(JSONPointer(bids)), asks: try #require(JSONPointer(asks)),
        price: .first, size: .second)
}

@Test func aTickerOfCoinbaseIsRead() throws {
    let answer = """
        {"ask":"97000.75","bid":"97000.25","volume":"8734.97","trade_id":77,"price":"97000.50",
         "size":"0.003","time":"2025-10-10T21:00:00.123456Z","rfq_volume":"1.2"}
        """
    let paths = QuotePaths(
        price: pointer("/price"), bid: pointer("/bid"), ask: pointer("/ask"),
        time: pointer("/time"))
    let quote = try paths.quote(of: try root(answer))
    #expect(try quote.price() == IndexPrice(micros: 97_000_500_000))
    #expect(quote.bid == IndexPrice(micros: 97_000_250_000))
    #expect(quote.time == 1_760_130_000_123_456_000)
}

@Test func aTickerOfKrakenIsRead() throws {
    let answer = """
        {"error":[],"result":{"XXBTZUSD":{"a":["97000.80000","1","1.000"],
         "b":["97000.70000","1","1.000"],"c":["96990.00000","0.00500000"],"v":["1","2"],"t":[1,2],
         "p":["1","2"],"l":["1","2"],"h":["1","2"],"o":"95000.0"}}}
        """
    let paths = QuotePaths(
        price: pointer("/result/XXBTZUSD/c/0"), bid: pointer("/result/XXBTZUSD/b/0"),
        ask: pointer("/result/XXBTZUSD/a/0"))
    // The last trade lies below the bid, so the bid is the middle one.
    #expect(
        try paths.quote(of: try root(answer)).price() == IndexPrice(micros: 97_000_700_000))
    let failed = try root(#"{"error":["EGeneral:Too many requests"]}"#)
    #expect(throws: Finding.malformed("no price at /result/XXBTZUSD/c/0")) {
        try paths.quote(of: failed)
    }
}

@Test func aTickerOfBitstampIsRead() throws {
    let answer = """
        {"timestamp":"1760130000","open":"95000","high":"98000","low":"94000","last":"97001",
         "volume":"1200.1","vwap":"96500","bid":"97000","ask":"97002","side":"0",
         "open_24":"95500","percent_change_24":"1.57"}
        """
    let paths = QuotePaths(
        price: pointer("/last"), bid: pointer("/bid"), ask: pointer("/ask"),
        time: pointer("/timestamp"))
    let quote = try paths.quote(of: try root(answer))
    #expect(try quote.price() == price(97_001))
    #expect(quote.time == benchStart)
}

@Test func aBookOfBinanceGivesPriceAndDepth() throws {
    let answer = """
        {"lastUpdateId":1027024,
         "bids":[["99.00000000","10.0"],["98.00000000","20.0"],["97.00000000","1000.0"]],
         "asks":[["101.00000000","5.0"],["102.00000000","8.0"],["103.00000000","1000.0"]]}
        """
    let paths = QuotePaths(book: try levels("/bids", "/asks"))
    let quote = try paths.quote(of: try root(answer))
    #expect(try quote.price() == price(100))
    // Two percent of 100: the levels at 98 and 102 count, those beyond do not.
    #expect(quote.depthBelow == Amount(microunits: 2_950_000_000))
    #expect(quote.depthAbove == Amount(microunits: 1_321_000_000))
}

@Test func levelsMayBeObjectsAndOutOfOrder() throws {
    let answer = """
        {"data":{"b":[{"p":98.5,"q":1},{"p":99,"q":2}],"a":[{"p":103,"q":9},{"p":101,"q":1}]}}
        """
    let paths = BookPaths(
        bids: try #require(JSONPointer("/data/b")), asks: try #require(JSONPointer("/data/a")),
        price: try #require(JSONPointer("/p")), size: try #require(JSONPointer("/q")))
    let quote = try BookDepth.quote(of: try root(answer), paths, unit: 1)
    #expect(quote.bid == price(99))
    #expect(quote.ask == price(101))
    #expect(quote.depthBelow == Amount(microunits: 296_500_000))
    #expect(quote.depthAbove == Amount(microunits: 101_000_000))
}

@Test func aUnitMovesThePriceAndNotTheDepth() throws {
    let answer = #"{"bids":[["0.0000099","1000000"]],"asks":[["0.0000101","2000000"]]}"#
    let quote = try BookDepth.quote(
        of: try root(answer), try levels("/bids", "/asks"), unit: 1_000_000)
    #expect(quote.bid == IndexPrice(micros: 9_900_000))
    #expect(quote.depthBelow == Amount(microunits: 9_900_000))
    #expect(quote.depthAbove == Amount(microunits: 20_200_000))
}

@Test(arguments: [
    (#"{"bids":[],"asks":[["1","1"]]}"#, "malformed"), (#"{"bids":[["1","1"]]}"#, "malformed"),
    (#"{"bids":{},"asks":[]}"#, "malformed"),
    (#"{"bids":[["1"]],"asks":[["2","1"]]}"#, "malformed"),
    (#"{"bids":[["3","1"]],"asks":[["2","1"]]}"#, "crossed"),
    (#"{"bids":[["0","1"]],"asks":[["2","1"]]}"#, "notPositive"),
    (#"{"bids":[["1","-1"]],"asks":[["2","1"]]}"#, "notPositive"),
    (#"{"bids":[["1","1e400"]],"asks":[["2","1"]]}"#, "malformed"),
    (
        #"{"bids":[["1000000000000","1000000000000"]],"asks":[["1000000000000","1"]]}"#,
        "outOfRange"
    ),
])
func aBookThatCannotBeIsNamed(_ answer: String, _ name: String) throws {
    let root = try root(answer)
    let paths = try levels("/bids", "/asks")
    do {
        _ = try BookDepth.quote(of: root, paths, unit: 1)
        Issue.record("\(answer) was read")
    } catch {
        #expect(error.name == name)
    }
}

@Test(arguments: [
    (Quote(last: price(10), bid: price(9), ask: price(11)), price(10)),
    (Quote(last: price(6), bid: price(9), ask: price(11)), price(9)),
    (Quote(last: price(20), bid: price(9), ask: price(11)), price(11)),
    (Quote(last: nil, bid: price(9), ask: price(12)), IndexPrice(micros: 10_500_000)),
    (Quote(last: price(10), bid: price(9)), price(10)),
    (Quote(last: price(10), bid: price(10), ask: price(10)), price(10)),
])
func thePriceIsTheMiddleOneOfTradeAndQuotes(_ quote: Quote, _ expected: IndexPrice) throws {
    #expect(try quote.price() == expected)
}

@Test func aQuoteThatCannotBeIsNamed() {
    #expect(throws: Finding.crossed) {
        try Quote(last: price(10), bid: price(11), ask: price(9)).price()
    }
    #expect(throws: Finding.notPositive) { try Quote(last: .zero).price() }
    #expect(throws: Finding.notPositive) {
        try Quote(last: price(1), bid: .zero, ask: price(2)).price()
    }
    #expect(throws: Finding.malformed("neither a price nor both quotes")) {
        try Quote(last: nil, bid: price(1)).price()
    }
}
