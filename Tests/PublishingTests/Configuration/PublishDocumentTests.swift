/// Configurations: the examples of the documentation, every default, and a row per refusal.
import Canonical
import Documents
import FixedPoint
import Foundation
import Ledger
import Oracle
import TestKit
import Testing

@testable import Publishing

private func key(_ number: UInt8) -> PublicKey {
    PublicKey(Bytes32([UInt8](repeating: number, count: 32)))
}

private func genesis() throws -> Genesis {
    let template = GenesisTemplate(
        name: try #require(Symbol(Array("harbour".utf8))), time: 1_800_000_000, custodian: key(1),
        operator: key(2), publishers: [key(3)])
    return try GenesisDocument.genesis(
        GenesisFile(path: "genesis.json", bytes: Array(template.text.utf8)))
}

/// The name of the first source of that genesis.
private func source() throws -> String {
    try #require(try genesis().safeguards.sources.first).name.text
}

private let table = "time,price\n1760130000,100\n"

private func document(_ text: String) throws(InputFault) -> PublishDocument {
    try PublishDocument(
        GenesisFile(path: "publish.json", bytes: Array(text.utf8)), folder: "venue"
    ) { path in
        path == "venue/day.csv" ? Array(table.utf8) : nil
    }
}

/// A configuration of one price with one feed, either replaced where given.
private func text(
    price: String = #""underlying": "BTC", "source": "SOURCE""#,
    feed: String = #""name": "a", "url": "https://venue.example/t", "price": "/p""#,
    root: String = #""periodSeconds": 1, "moveBasisPoints": 10"#
) throws -> String {
    let source = try source()
    return """
        {
          // A comment.
          "node": "http://127.0.0.1:8645", "genesis": "genesis.json", "key": "/keys/p.key",
          \(root),
          "prices": [ { \(price.replacing("SOURCE", with: source)),
            "feeds": [ { \(feed) } ] } ]
        }
        """
}

private func plan(_ text: String) throws -> PublishPlan {
    var document = try document(text)
    return try document.plan(try genesis())
}

@Test func aSmallConfigurationHasTheDefaults() throws {
    let document = try document(try text())
    #expect(document.settings.node == "http://127.0.0.1:8645")
    #expect(document.settings.genesis == "venue/genesis.json")
    #expect(document.settings.key == "/keys/p.key")
    #expect(document.settings.statusFile == nil)
    let plan = try plan(try text())
    #expect(plan.period == benchSecond)
    #expect(plan.patience == benchSecond / 2)
    #expect(plan.moveBasisPoints == 10)
    let price = try #require(plan.prices.first)
    #expect(price.choice == .first)
    #expect(price.limits == PriceLimits())
    #expect(price.underlying == UnderlyingIdentifier(0))
    #expect(price.source == SourceIdentifier(0))
    let feed = try #require(plan.feeds.first)
    #expect(feed.limits == FeedLimits())
    #expect(feed.period == benchSecond)
    guard case .web(let web) = feed.origin else {
        Issue.record("it is another kind")
        return
    }
    #expect(web.quote == WebRequest("https://venue.example/t"))
    #expect(web.paths.unit == 1)
    #expect(web.book == nil)
}

@Test func everyFieldOfAVenueIsRead() throws {
    let feed = """
        "name": "a", "url": "https://venue.example/t", "price": "/p", "bid": "/b", "ask": "/a",
        "time": "/t", "unit": 1000, "periodSeconds": 0.5, "timeoutSeconds": 0.25,
        "mostBytes": 5000, "authorities": "ca.pem", "mostAgeSeconds": 7, "mostSkewSeconds": 1,
        "frozenSeconds": 0,
        "book": { "url": "https://venue.example/b", "periodSeconds": 5, "bids": "/x", "asks": "/y",
          "levelPrice": "/price", "levelSize": "/size" }
        """
    let price = """
        "underlying": "ETH", "source": "SOURCE", "choice": "median", "leastFeeds": 1,
        "mostJump": 0.2, "jumpHoldSeconds": 30, "mostApart": "0.01",
        "witnesses": [ { "name": "w", "pipe": "prices" } ]
        """
    let plan = try plan(try text(price: price, feed: feed))
    let made = try #require(plan.prices.first)
    #expect(made.choice == .median)
    #expect(made.limits.mostJump == 200_000_000)
    #expect(made.limits.jumpHold == 30 * benchSecond)
    #expect(made.limits.mostApart == 10_000_000)
    #expect(made.feeds == [0])
    #expect(made.witnesses == [1])
    guard case .web(let web) = plan.feeds[0].origin, let book = web.book,
        case .pipe(let pipe) = plan.feeds[1].origin
    else {
        Issue.record("they are other kinds")
        return
    }
    #expect(pipe == "venue/prices")
    #expect(web.quote.milliseconds == 250)
    #expect(web.quote.mostBytes == 5_000)
    #expect(web.quote.authorities == "venue/ca.pem")
    #expect(book.request.authorities == "venue/ca.pem")
    #expect(book.period == 5 * benchSecond)
    #expect(book.paths.size == JSONPointer("/size"))
    #expect(plan.feeds[0].limits.frozenAfter == 0)
    #expect(plan.feeds[0].period == benchSecond / 2)
}

@Test func aTableIsRead() throws {
    let feed = """
        "name": "a", "table": "day.csv", "columns": { "time": "time", "price": "price" },
        "speed": 60
        """
    let plan = try plan(try text(feed: feed))
    guard case .table(let table, let speed) = plan.feeds[0].origin else {
        Issue.record("it is another kind")
        return
    }
    #expect(speed == 60)
    #expect(table.start == benchStart)
}

@Test(arguments: [
    ("\"none\": 1", "'none' is not a field"), ("\"periodSeconds\": 1", "'moveBasisPoints'"),
    ("\"periodSeconds\": 0.049, \"moveBasisPoints\": 1", "periodSeconds"),
    ("\"periodSeconds\": 86401, \"moveBasisPoints\": 1", "periodSeconds"),
    ("\"periodSeconds\": 1, \"moveBasisPoints\": 0", "moveBasisPoints"),
    ("\"periodSeconds\": 1, \"moveBasisPoints\": 10001", "moveBasisPoints"),
    ("\"periodSeconds\": 1, \"moveBasisPoints\": 1, \"patienceSeconds\": 2", "longer than"),
])
func aPublisherThatCannotBeMeantIsRefused(_ root: String, _ words: String) throws {
    try expectRefusal(try text(root: root), words)
}

private func expectRefusal(_ text: String, _ words: String) throws {
    do {
        _ = try plan(text)
        Issue.record("it was read: \(text)")
    } catch let fault as InputFault {
        #expect(fault.description.contains(words), "\(fault)")
    }
}

@Test(arguments: [
    (#""underlying": "DOGE", "source": "SOURCE""#, "which the genesis lacks"),
    (#""underlying": "BTC", "source": "nowhere""#, "the genesis has"),
    (#""underlying": "BTC", "source": "SOURCE", "choice": "mean""#, "not first or median"),
    (#""underlying": "BTC", "source": "SOURCE", "leastFeeds": 1"#, "belongs to"),
    (
        #""underlying": "BTC", "source": "SOURCE", "choice": "median", "leastFeeds": 2"#,
        "leastFeeds"
    ),
    (#""underlying": "BTC", "source": "SOURCE", "mostJump": 2"#, "mostJump"),
    (#""underlying": "BTC", "source": "SOURCE", "mostApart": 0.00001"#, "mostApart"),
    (
        #""underlying": "BTC", "source": "SOURCE", "witnesses": [ { "name": "a", "pipe": "p" } ]"#,
        "stands above"
    ),
])
func aPriceThatCannotBeMeantIsRefused(_ price: String, _ words: String) throws {
    try expectRefusal(try text(price: price), words)
}

@Test(arguments: [
    (#""name": "a""#, "one of url, table and pipe"),
    (#""name": "a", "url": "http://x", "pipe": "p", "price": "/p""#, "one of url"),
    (#""url": "http://x", "price": "/p""#, "'name'"),
    (#""name": "a", "url": "file:///etc/passwd", "price": "/p""#, "http or https"),
    (#""name": "a", "url": "http://x y", "price": "/p""#, "http or https"),
    (#""name": "a", "url": "http://x", "price": "p""#, "not a path"),
    (#""name": "a", "url": "http://x", "bid": "/b""#, "neither bid and ask"),
    (#""name": "a", "url": "http://x", "price": "/p", "speed": 2"#, "'speed' is not a field"),
    (#""name": "a", "url": "http://x", "price": "/p", "unit": 0"#, "unit"),
    (#""name": "a", "url": "http://x", "price": "/p", "timeoutSeconds": 61"#, "60 seconds"),
    (#""name": "a", "url": "http://x", "price": "/p", "mostBytes": 0"#, "mostBytes"),
    (#""name": "a", "url": "http://x", "book": { "bids": "/b" }"#, "'asks'"),
    (#""name": "a", "pipe": "p", "price": "/p""#, "'price' is not a field"),
    (#""name": "a", "table": "none.csv", "columns": { "time": "t", "price": "p" }"#, "be read"),
    (#""name": "a", "table": "day.csv", "columns": { "time": "time" }"#, "'price'"),
    (
        #""name": "a", "table": "day.csv", "columns": { "time": "time", "price": "x" }"#,
        "venue/day.csv: line 1: there is no column 'x'"
    ),
    (
        #""name": "a", "table": "day.csv", "columns": {"time": "time", "price": "x"}, "where": 1"#,
        "'where'"
    ),
])
func aFeedThatCannotBeMeantIsRefused(_ feed: String, _ words: String) throws {
    try expectRefusal(try text(feed: feed), words)
}

@Test func anUnderlyingStandsOnce() throws {
    let source = try source()
    let one = """
        { "underlying": "BTC", "source": "\(source)",
          "feeds": [ { "name": "NAME", "pipe": "p" } ] }
        """
    let text = """
        { "node": "http://x", "genesis": "g", "key": "k", "periodSeconds": 1,
          "moveBasisPoints": 1, "prices": [
          \(one.replacing("NAME", with: "a")), \(one.replacing("NAME", with: "b")) ] }
        """
    try expectRefusal(text, "one source of each underlying")
}

@Test func theExamplesOfTheDocumentationAreRead() throws {
    let page = try #require(PackageFiles.text(of: PackageFiles.root + "/docs/publish.md"))
    let blocks = page.components(separatedBy: "```")
    let examples = blocks.enumerated().filter { place, block in
        place % 2 == 1 && block.hasPrefix("json") && block.contains("\"node\"")
    }
    #expect(examples.count == 1)
    for (_, block) in examples {
        let text = String(block.dropFirst("json".count))
            .replacing("\"kraken-usd\"", with: "\"\(try source())\"")
            .replacing("\"coinbase-usd\"", with: "\"\(try source())\"")
        let plan = try plan(text)
        #expect(plan.prices.count == 2)
        #expect(plan.feeds.count >= 4)
    }
}
