/// HTTP with servers that are not there, hang, cut, drip, overflow and point elsewhere.
import Testing

@testable import Publishing

/// The outcome of one request.
private func outcome(_ request: WebRequest) throws -> TransferOutcome {
    let transfers = try #require(Transfers())
    #expect(transfers.begin(request, tag: 5))
    while true {
        let events = transfers.turn(milliseconds: 10_000)
        if let ended = events.ended.first {
            #expect(ended.tag == 5)
            #expect(transfers.isIdle)
            return ended.outcome
        }
    }
}

@Test func anAnswerComesWithItsStatus() throws {
    let server = try VenueServer { request in
        request.path == "/a?b=c" ? .json("[1]") : .status(503, "no")
    }
    defer { server.stop() }
    #expect(
        try outcome(WebRequest(server.url("/a?b=c")))
            == .answered(status: 200, body: Array("[1]".utf8)))
    #expect(
        try outcome(WebRequest(server.url("/x")))
            == .answered(status: 503, body: Array("no".utf8)))
}

@Test func aBodyIsPosted() throws {
    let server = try VenueServer { .json($0.body) }
    defer { server.stop() }
    #expect(
        try outcome(WebRequest(server.url("/"), body: Array("{\"a\":1}".utf8)))
            == .answered(status: 200, body: Array("{\"a\":1}".utf8)))
}

@Test func connectionsAreUsedAgain() throws {
    let server = try VenueServer { _ in .json("1") }
    defer { server.stop() }
    let transfers = try #require(Transfers())
    for _ in 0..<20 {
        #expect(transfers.begin(WebRequest(server.url("/")), tag: 1))
        while !transfers.isIdle { _ = transfers.turn(milliseconds: 1_000) }
    }
    #expect(server.heard("/").count == 20)
    #expect(server.accepted == 1)
}

@Test func aConnectionThatIsRefusedIsUnreachable() throws {
    let server = try VenueServer { _ in .hang }
    server.stop()
    guard case .failed(let reason) = try outcome(WebRequest(server.url("/secret-key"))) else {
        Issue.record("it answered")
        return
    }
    #expect(!reason.contains("secret-key"))
}

@Test(arguments: [
    Reply.hang, .drip(String(repeating: "1", count: 1_000), milliseconds: 50),
])
func aServerThatIsSlowTimesOut(_ reply: Reply) throws {
    let server = try VenueServer { _ in reply }
    defer { server.stop() }
    #expect(try outcome(WebRequest(server.url("/"), milliseconds: 200)) == .timedOut)
}

@Test func aDripThatEndsInTimeIsAnAnswer() throws {
    let server = try VenueServer { _ in .drip("[12345]", milliseconds: 1) }
    defer { server.stop() }
    #expect(
        try outcome(WebRequest(server.url("/"), milliseconds: 10_000))
            == .answered(status: 200, body: Array("[12345]".utf8)))
}

@Test(arguments: [true, false])
func aBodyOfAHundredMegabytesIsTooLong(_ isTold: Bool) throws {
    let server = try VenueServer { _ in .huge(100 << 20, isTold: isTold) }
    defer { server.stop() }
    #expect(try outcome(WebRequest(server.url("/"), milliseconds: 10_000)) == .tooLong)
}

@Test func aBodyUpToTheLimitIsTaken() throws {
    let server = try VenueServer { _ in .json("123456789") }
    defer { server.stop() }
    #expect(
        try outcome(WebRequest(server.url("/"), mostBytes: 9))
            == .answered(status: 200, body: Array("123456789".utf8)))
    #expect(try outcome(WebRequest(server.url("/"), mostBytes: 8)) == .tooLong)
}

@Test(arguments: [
    Reply.cut("{\"price\":", promised: 500), .raw("garbage\r\n\r\n"),
    .raw("HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n"), .raw(""),
])
func anAnswerThatIsCutOrNoHTTPIsAFailure(_ reply: Reply) throws {
    let server = try VenueServer { _ in reply }
    defer { server.stop() }
    guard case .failed = try outcome(WebRequest(server.url("/"))) else {
        Issue.record("it was taken")
        return
    }
}

@Test func nothingIsFollowedElsewhere() throws {
    let other = try VenueServer { _ in .json("1") }
    defer { other.stop() }
    let target = other.url("/")
    let server = try VenueServer { _ in .redirect(target) }
    defer { server.stop() }
    #expect(try outcome(WebRequest(server.url("/"))) == .answered(status: 302, body: []))
    #expect(other.accepted == 0)
}

@Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "dict://x"])
func onlyHTTPIsSpoken(_ address: String) throws {
    guard case .failed = try outcome(WebRequest(address)) else {
        Issue.record("\(address) was fetched")
        return
    }
}

@Test func oneThatHangsHoldsUpNobody() throws {
    let slow = try VenueServer { _ in .hang }
    let quick = try VenueServer { _ in .json("1") }
    defer {
        slow.stop()
        quick.stop()
    }
    let transfers = try #require(Transfers())
    #expect(transfers.begin(WebRequest(slow.url("/"), milliseconds: 60_000), tag: 1))
    for tag in 2..<10 {
        #expect(transfers.begin(WebRequest(quick.url("/")), tag: tag))
    }
    var ended: [Int] = []
    while ended.count < 8 {
        ended += transfers.turn(milliseconds: 10_000).ended.map(\.tag)
    }
    #expect(ended.sorted() == Array(2..<10))
    #expect(!transfers.isIdle)
}

@Test func aWakeEndsTheWait() throws {
    let transfers = try #require(Transfers())
    transfers.wake()
    #expect(transfers.turn(milliseconds: 60_000).ended.isEmpty)
}
