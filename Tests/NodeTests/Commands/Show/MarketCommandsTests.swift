/// Markets, books and trades as a terminal and a script see them.
import JSON
import Testing

@testable import Node

private let market = "BTC_USDC-PERPETUAL"

private func venue() throws -> TradingBench {
    let day = try TradingBench()
    #expect(day.maker("order", "sell", market, "0.5", "97010").exit == ExitCode.done)
    #expect(day.maker("order", "buy", market, "0.25", "96990").exit == ExitCode.done)
    return day
}

@Test func marketsAreListedByKindAndName() throws {
    let day = try venue()
    let all = day.bench.run("markets")
    #expect(all.exit == ExitCode.done, "\(all.notes)")
    #expect(all.output.hasPrefix("INSTRUMENT"))
    #expect(all.output.contains("\(market)"))
    let names = day.bench.run("markets", "--names", "--kind", "future").output
    #expect(names.split(separator: "\n").contains(Substring(market)))
    let json = try day.json(day.bench.run("markets", "--json", "--currency", "BTC"))
    let first = try #require(json.elements?.first { $0["instrument_name"]?.text == market })
    #expect(first.shown("bid_price") == "96990")
    #expect(first.shown("ask_price") == "97010")
    expectRefusal(day.bench.run("markets", "--kind", "x"), ExitCode.usage, "leave it out for all")
    expectRefusal(day.bench.run("markets", "--currency", "DOGE"), ExitCode.refused, "currency")
    day.node.lie = { _, _ in "{\"result\":7}" }
    expectRefusal(day.bench.run("markets"), ExitCode.protocolFault, "same version")
}

@Test func aBookIsAPairOfColumns() throws {
    let day = try venue()
    let run = day.bench.run("book", market)
    #expect(run.exit == ExitCode.done, "\(run.notes)")
    let lines = run.output.split(separator: "\n")
    #expect(lines[0].hasPrefix("\(market)   mark 97000   index 97000"))
    #expect(lines[1].hasSuffix("AMOUNT    BID  ASK    AMOUNT"))
    #expect(lines[2].contains("  0.25  96990  97010     0.5"), "\(lines)")
    #expect(!run.output.contains("\u{1b}"))
    let json = try day.json(day.bench.run("book", market, "--json", "--depth", "1"))
    #expect(json["bids"]?.elements?.count == 1)
    expectRefusal(day.bench.run("book", market, "--depth", "21"), ExitCode.usage, "from 1 to 20")
    expectRefusal(day.bench.run("book"), ExitCode.usage, "needs INSTRUMENT")
    expectRefusal(
        day.bench.run("book", "DOGE"), ExitCode.refused, "instrument not found",
        "rampart markets --names")
    day.node.lie = { _, _ in "{\"result\":{\"bids\":[[1]],\"asks\":[]}}" }
    expectRefusal(day.bench.run("book", market), ExitCode.protocolFault, "bids and asks")
}

@Test(arguments: [20, 40, 80, 200])
func aBookFitsItsScreen(_ width: Int) throws {
    var ladder = BookLadder(name: "BTC")
    let book = try JSONParser().parse(
        Array("{\"bids\":[[96990,0.25],[96980,1]],\"asks\":[[97010,12.5]]}".utf8))
    let isTaken = ladder.take(book: book)
    #expect(isTaken)
    let screen = Screen(columns: width, rows: 24, isColoured: false)
    let lines = ladder.lines(on: screen, rows: 5)
    #expect(lines.count == 4)
    // A book of two prices and two amounts needs 28 columns; narrower, it keeps its numbers.
    #expect(lines.allSatisfy { $0.count <= max(width, 28) }, "\(lines)")
    #expect(lines[2].contains("96990") && lines[2].contains("97010"))
    #expect(ladder.lines(on: screen, rows: 1).count == 3)
}

@Test func anEmptyBookSaysSo() {
    let lines = BookLadder(name: "BTC").lines(on: Screen(), rows: 5)
    #expect(lines == ["BTC", "nothing is offered or bid"])
}

@Test func tradesArePublicAndFillsAreNot() throws {
    let day = try venue()
    #expect(day.bench.run("trades", market).output == "nothing has traded yet\n")
    #expect(day.taker("order", "buy", market, "0.1").exit == ExitCode.done)
    let run = day.bench.run("trades", market, "--count", "1")
    #expect(run.exit == ExitCode.done, "\(run.notes)")
    #expect(run.output.contains("2027-01-15 08:00:00  \(market)  buy      0.1  97010\n"))
    let json = try day.json(day.bench.run("trades", market, "--json"))
    #expect(json.elements?.first?.shown("price") == "97010")
    expectRefusal(day.bench.run("trades"), ExitCode.usage, "rampart markets")
    expectRefusal(day.bench.run("trades", market, "x"), ExitCode.usage, "one word too many")
    expectRefusal(
        day.bench.run("trades", market, "--count", "0"), ExitCode.usage, "--count is '0'")
    expectRefusal(
        day.bench.run("trades", "--mine"), ExitCode.noPermission, "RAMPART_CLIENT_ID",
        "credentials new")
    day.bench.environment["RAMPART_CLIENT_ID"] = "nobody"
    day.bench.environment["RAMPART_CLIENT_SECRET"] = "swordfish"
    let refused = day.bench.run("trades", "--mine")
    expectRefusal(refused, ExitCode.noPermission, "does not take the API key")
    #expect(!refused.notes.contains("swordfish"))
}

@Test func aFollowedBookTakesWhatIsItsOwn() throws {
    var follower = try BookFollower(BookLadder(name: "BTC"))
    #expect(String(decoding: follower.subscription, as: UTF8.self).contains("book.BTC.none.20"))
    var isNew = follower.needsDrawing()
    #expect(isNew)
    func take(_ text: String) { follower.take(Array(text.utf8)) }
    take(
        """
        {"params":{"channel":"book.BTC.none.20.100ms","data":{"bids":[[1,2]],"asks":[]}}}
        """)
    isNew = follower.needsDrawing()
    #expect(isNew && follower.ladder.bids.count == 1)
    take(
        """
        {"params":{"channel":"ticker.BTC.100ms","data":{"mark_price":5,"phase":"halted"}}}
        """)
    #expect(follower.ladder.facts.contains { $0.name == "phase" && $0.value == "halted" })
    isNew = follower.needsDrawing()
    #expect(isNew)
    take("{\"result\":[]}")
    take("{\"params\":{\"channel\":\"book.ETH.none.20.100ms\",\"data\":{}}}")
    isNew = follower.needsDrawing()
    #expect(!isNew)
    take("{\"params\":{\"channel\":\"book.BTC.none.20.100ms\",\"data\":{\"bids\":7}}}")
    #expect(follower.trouble?.contains("cannot be understood") == true)
    #expect(follower.ladder.bids.count == 1)
    take("<")
    #expect(follower.trouble == "the node sends what is no JSON")
    follower.lost("it \u{1b}[2J went")
    #expect(follower.trouble == "no connection (it \u{fffd}[2J went); trying again")
    follower.opened()
    isNew = follower.needsDrawing()
    #expect(follower.trouble == nil && isNew)
    take("{\"error\":{\"code\":11052,\"message\":\"no channel\"}}")
    #expect(follower.refusal?.contains("no channel (11052)") == true)
}
