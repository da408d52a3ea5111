/// Recordings: which rows count, what the table says when, and files that are none.
import FixedPoint
import Testing

@testable import Publishing

private let file = """
    exchange,symbol,minute,close\r
    kraken,BTCUSD,1760130000,100\r
    gemini,BTCUSD,1760130000,101\r
    gemini,ETHUSD,1760130000,7\r
    gemini,BTCUSD,1760130060,102\r
    gemini,BTCUSD,1760130300,NaN\r
    gemini,BTCUSD,1760130360,103\r

    """

private func table(_ text: String = file) throws(TableFault) -> PriceTable {
    try PriceTable(
        Array(text.utf8),
        TableColumns(
            time: "minute", price: "close",
            filter: [("exchange", "gemini"), ("symbol", "BTCUSD")]))
}

@Test func aTableSaysItsLastRowAndThatRowsTimeInThePresent() throws {
    let table = try table()
    let began: UInt64 = 5_000 * benchSecond
    let first = try table.quote(at: began + 59 * benchSecond, began: began, speed: 1)
    #expect(first.last == price(101))
    #expect(first.time == began)
    let second = try table.quote(at: began + 60 * benchSecond, began: began, speed: 1)
    #expect(second.last == price(102))
    #expect(second.time == began + 60 * benchSecond)
}

@Test func aFasterTableSaysTheSameSooner() throws {
    let table = try table()
    let quote = try table.quote(at: 101 * benchSecond, began: 100 * benchSecond, speed: 60)
    #expect(quote.last == price(102))
    #expect(quote.time == 101 * benchSecond)
}

@Test func aRowThatSaysNothingIsNamedAndTheEndIsToo() throws {
    let table = try table()
    #expect(throws: Finding.malformed("price is not a decimal")) {
        try table.quote(at: 305 * benchSecond, began: 0, speed: 1)
    }
    #expect(try table.quote(at: 360 * benchSecond, began: 0, speed: 1).last == price(103))
    #expect(throws: Finding.ended) {
        try table.quote(at: 360 * benchSecond + 1, began: 0, speed: 1)
    }
    #expect(throws: Finding.ended) {
        try table.quote(at: .max, began: 0, speed: 1_000_000)
    }
}

@Test(arguments: [
    ("", 1, "empty"), ("time,close\n1760130000,1\n", 1, "no column"),
    ("exchange,symbol,minute,close\n", 1, "no row"),
    ("exchange,symbol,minute,close\nkraken,BTCUSD,1760130000,1\n", 1, "no row"),
    ("exchange,symbol,minute,close\ngemini,BTCUSD,x,1\n", 2, "time"),
    ("exchange,symbol,minute,close\ngemini,BTCUSD,1760130000\n", 2, "3 fields"),
    (
        "exchange,symbol,minute,close\ngemini,BTCUSD,1760130060,1\ngemini,BTCUSD,1760130000,1\n",
        3, "before"
    ),
])
func whatIsNoTableIsRefusedWithItsLine(_ text: String, _ line: Int, _ words: String) {
    do {
        _ = try table(text)
        Issue.record("it was read")
    } catch {
        #expect(error.line == line)
        #expect(error.reason.contains(words), "\(error.reason)")
    }
}

@Test func aTableMayHaveQuotesAndDepth() throws {
    let text = "time,b,a,down,up\n1760130000,99,101,5000.5,6000\n1760130060,99,101,1,1\n"
    let table = try PriceTable(
        Array(text.utf8),
        TableColumns(time: "time", bid: "b", ask: "a", depthBelow: "down", depthAbove: "up"))
    let quote = try table.quote(at: 0, began: 0, speed: 1)
    #expect(try quote.price() == price(100))
    #expect(quote.depthBelow == Amount(microunits: 5_000_500_000))
    #expect(quote.depthAbove == Amount(microunits: 6_000_000_000))
}
