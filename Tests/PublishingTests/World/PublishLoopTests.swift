/// The whole loop over sockets: what venues say rightly is sent, what they say wrongly is named,
/// and one that is down holds up nobody.
import Canonical
import FixedPoint
import Oracle
import Testing

@testable import Publishing

/// A venue that says what the test sets by path.
private func venue(_ replies: [String: Reply]) throws -> VenueServer {
    try VenueServer { request in replies[request.path] ?? .status(404, "{}") }
}

private func saying(_ price: String) -> Reply { .json(#"{"price":\#(price)}"#) }

@Test func soundPricesAreSentEachPeriodInOneBundle() throws {
    let venue = try venue(["/btc": saying("97000.5"), "/eth": saying("\"3400\"")])
    let node = try willingNode()
    defer {
        venue.stop()
        node.stop()
    }
    let bench = try PublishBench(
        publishPlan(
            [pricePlan(feeds: [0]), pricePlan(feeds: [1], underlying: 1, symbol: "ETH")],
            [webFeed("btc", venue.url("/btc")), webFeed("eth", venue.url("/eth"))]),
        node: node.url("/api/v2"))
    for _ in 0..<5 { bench.step() }
    #expect(bench.bundles.count == 5)
    for bundle in bench.bundles {
        #expect(
            bundle.observations.map(\.price)
                == [IndexPrice(micros: 97_000_500_000), price(3_400)])
    }
    #expect(bench.bundles.map(\.time) == bench.bundles.map(\.time).sorted())
    #expect(node.heard("/api/v2").map(\.body) == [String](repeating: "{}", count: 5))
    #expect(bench.status.contains("\"state\": \"sound\""))
    #expect(!bench.status.contains("http"))
}

@Test(
    arguments: [
        ("0", "notPositive"), ("-5", "notPositive"), ("\"NaN\"", "malformed"),
        ("1e400", "outOfRange"), ("null", "malformed"), ("\"null\"", "malformed"),
        ("9700000000000", "outOfRange"), ("9700000", "outOfRange"), ("970000", "unitShift"),
        ("9700", "unitShift"), ("0.00097", "unitShift"), ("6.02", "jumped"),
        ("\"\"", "malformed"), ("{}", "malformed"), ("97000,\"price\":97000", "malformed"),
    ])
func anAbsurdPriceIsNotSentAndIsNamed(_ said: String, _ name: String) throws {
    let venue = try venue(["/good": saying("97000"), "/other": saying("3400")])
    let node = try willingNode()
    defer {
        venue.stop()
        node.stop()
    }
    let bench = try PublishBench(
        publishPlan(
            [pricePlan(feeds: [0]), pricePlan(feeds: [1], underlying: 1, symbol: "ETH")],
            [webFeed("good", venue.url("/good")), webFeed("other", venue.url("/other"))]),
        node: node.url("/"))
    bench.step()
    #expect(bench.bundles.last?.observations.count == 2)
    venue.answer { request in
        request.path == "/good" ? saying(said) : .json(#"{"price":3401}"#)
    }
    bench.step()
    bench.step()
    #expect(bench.bundles.last?.observations.map(\.price) == [price(3_401)])
    #expect(bench.finding(0)?.name == name)
    #expect(bench.notes.contains(.priceWithheld(underlying: "BTC")))
    #expect(bench.status.contains("\"state\": \"\(name)\""))
    venue.answer { request in
        request.path == "/good" ? saying("97100") : .json(#"{"price":3402}"#)
    }
    for _ in 0..<8 { bench.step() }
    #expect(
        bench.bundles.last?.observations.map(\.price) == [price(97_100), price(3_402)])
}

@Test(
    arguments: [
        (Reply.status(500, "{\"price\":97000}"), "status"), (.status(429, ""), "status"),
        (.redirect("/good"), "status"), (.cut("{\"price\":97", promised: 99), "unreachable"),
        (.huge(100 << 20, isTold: true), "tooLong"), (.huge(100 << 20, isTold: false), "tooLong"),
        (.hang, "late"), (.drip(String(repeating: " ", count: 500), milliseconds: 20), "late"),
        (.json("<html>"), "malformed"), (.json(""), "malformed"),
        (.raw("x\r\n\r\n"), "unreachable"),
        (.json("{\"last\":97000}"), "malformed"),
    ])
func anOutageIsNamedAndHoldsUpNobody(_ reply: Reply, _ name: String) throws {
    let venue = try venue(["/good": saying("97000"), "/other": saying("3400")])
    let node = try willingNode()
    defer {
        venue.stop()
        node.stop()
    }
    let bench = try PublishBench(
        publishPlan(
            [pricePlan(feeds: [0]), pricePlan(feeds: [1], underlying: 1, symbol: "ETH")],
            [
                webFeed("good", venue.url("/good"), milliseconds: 300),
                webFeed("other", venue.url("/other")),
            ]), node: node.url("/"))
    bench.step()
    venue.answer { request in request.path == "/good" ? reply : saying("3401") }
    for _ in 0..<7 { bench.step() }
    #expect(bench.bundles.last?.observations.map(\.price) == [price(3_401)])
    #expect(bench.bundles.count == 8)
    #expect(bench.finding(0)?.name == name)
    // Later and later: not eight times.
    #expect(venue.heard("/good").count < 7)
    #expect(venue.heard("/other").count == 8)
}

@Test func aBackupTakesOverAndIsNamed() throws {
    let venue = try venue(["/a": saying("97000"), "/b": saying("97010")])
    let node = try willingNode()
    defer {
        venue.stop()
        node.stop()
    }
    let bench = try PublishBench(
        publishPlan(
            [pricePlan(feeds: [0, 1])],
            [webFeed("a", venue.url("/a")), webFeed("b", venue.url("/b"))]), node: node.url("/"))
    bench.step()
    #expect(bench.bundles.last?.observations.first?.price == price(97_000))
    venue.answer { request in request.path == "/a" ? .json("[]") : saying("97011") }
    bench.step()
    #expect(bench.bundles.last?.observations.first?.price == price(97_011))
    #expect(bench.machine.verdicts[0].used == [1])
}

@Test func aNodeThatRefusesOrIsGoneIsNamedAndFoundAgain() throws {
    let venue = try venue(["/btc": saying("97000")])
    let node = try VenueServer { _ in
        .json(#"{"jsonrpc":"2.0","id":1,"error":{"code":11050,"message":"badSignature"}}"#)
    }
    defer {
        venue.stop()
        node.stop()
    }
    let bench = try PublishBench(
        publishPlan([pricePlan(feeds: [0])], [webFeed("btc", venue.url("/btc"))]),
        node: node.url("/"))
    bench.step()
    #expect(bench.notes.contains(.nodeRefuses(reason: "badSignature")))
    node.answer { _ in .status(502, "<html>") }
    for _ in 0..<6 { bench.step() }
    #expect(bench.notes.contains(.nodeLost(reason: "it answered HTTP 502, no JSON")))
    #expect(bench.machine.sent[0] == nil)
    node.answer { _ in .json(#"{"result":"ok"}"#) }
    for _ in 0..<7 { bench.step() }
    #expect(bench.machine.sent[0]?.price == price(97_000))
    #expect(bench.machine.delivery.failures == 0)
    #expect(bench.notes.contains { if case .nodeBack = $0 { true } else { false } })
}

@Test func onceAsksEveryFeedAndSendsOnce() throws {
    let venue = try venue(["/btc": saying("97000"), "/eth": .status(500, "")])
    let node = try willingNode()
    defer {
        venue.stop()
        node.stop()
    }
    let plan = publishPlan(
        [pricePlan(feeds: [0]), pricePlan(feeds: [1], underlying: 1, symbol: "ETH")],
        [webFeed("btc", venue.url("/btc")), webFeed("eth", venue.url("/eth"))])
    let bench = try PublishBench(plan.single, node: node.url("/"))
    #expect(bench.once() == false)
    #expect(bench.bundles.map(\.observations.count) == [1])
    #expect(bench.finding(1) == .status(500))
    venue.answer { _ in saying("3400") }
    let again = try PublishBench(plan.single, node: node.url("/"))
    #expect(again.once())
    #expect(again.bundles.map(\.observations.count) == [2])
    #expect(venue.heard("/btc").count == 2)
}
