/// The publishing daemon as people run it: a process with sources, and a node whose index it makes.
import Canonical
import Documents
import FixedPoint
import Foundation
import Glibc
import Ledger
import Oracle
import Synchronization
import Testing
import Transport

@testable import Node

/// A venue on the loopback that says one price, or fails.
private final class QuoteVenue: ServerDelegate, @unchecked Sendable {
    /// Set before it runs.
    private var server: Server?
    private let answer = Mutex<HTTPResponse>(HTTPResponse(status: 404, text: "none"))
    private let posted = Mutex<[String]>([])

    init() throws {
        var configuration = ServerConfiguration()
        configuration.tickMilliseconds = 1_000
        let server = try Server(configuration, delegate: self)
        self.server = server
        Thread { server.run() }.start()
    }

    func stop() {
        server?.stop(graceSeconds: 0)
        server = nil
    }

    var port: UInt16 { server?.port ?? 0 }

    func say(_ body: String, status: UInt16 = 200) {
        answer.withLock {
            $0 = HTTPResponse(
                status: status, contentType: "application/json", body: Array(body.utf8))
        }
    }

    func requested(_ request: HTTPRequest, on connection: ConnectionIdentifier) {
        if !request.body.isEmpty {
            posted.withLock { $0.append(String(decoding: request.body, as: UTF8.self)) }
        }
        server?.respond(answer.withLock { $0 }, to: connection)
    }

    /// The bundles that were posted to it as to a node.
    var bundles: [ObservationBundle] {
        posted.withLock { $0 }.compactMap { body in
            let hex = body.split(separator: "\"").max { $0.count < $1.count } ?? ""
            return HexText.bytes(String(hex)).flatMap { try? ObservationBundle(canonicalBytes: $0) }
        }
    }

    func opened(_ connection: ConnectionIdentifier, peer: Peer) {}
    func received(_ message: [UInt8], isText: Bool, on connection: ConnectionIdentifier) {}
    func closed(_ connection: ConnectionIdentifier) {}
    func woken() {}
    func tick() {}
}

extension FaultVenue {
    /// Writes a configuration whose BTC comes from a venue and whose ETH from a pipe.
    fileprivate func configure(node: UInt16, venue: UInt16) throws {
        let source = try #require(genesis.safeguards.sources.first).name.text
        try bench.write(
            """
            {
              "node": "http://127.0.0.1:\(node)", "genesis": "venue/genesis.json",
              "key": "venue/keys/publisher-1.key", "statusFile": "status.json",
              "periodSeconds": 0.2, "moveBasisPoints": 5,
              "prices": [
                { "underlying": "BTC", "source": "\(source)",
                  "feeds": [ { "name": "venue", "url": "http://127.0.0.1:\(venue)/ticker?key=hush",
                    "price": "/price", "bid": "/bid", "ask": "/ask", "frozenSeconds": 0,
                    "mostAgeSeconds": 1 } ] },
                { "underlying": "ETH", "source": "\(source)",
                  "feeds": [ { "name": "hand", "pipe": "prices.pipe", "mostAgeSeconds": 60,
                    "frozenSeconds": 0 } ] }
              ]
            }
            """, to: "publish.json")
    }

    /// Asks the node until its index is this; false when it does not become so.
    fileprivate func hasIndex(_ name: String, _ text: String) -> Bool {
        let deadline = Date(timeIntervalSinceNow: 60)
        while Date() < deadline {
            let run = bench.run("query", "public/get_index_price", "index_name=\(name)")
            if run.exit == ExitCode.done, run.output.contains("\"index_price\": \(text)") {
                return true
            }
        }
        return false
    }
}

private func say(_ line: String, to pipe: String) {
    let descriptor = unsafe open(pipe, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
    #expect(descriptor >= 0)
    let bytes = Array(line.utf8)
    #expect(unsafe write(descriptor, bytes, bytes.count) == bytes.count)
    close(descriptor)
}

@Suite(.serialized) struct PublishDaemonTests {
    @Test func aDaemonMakesTheIndexOfANodeAndStopsInOrder() throws {
        let venue = try FaultVenue()
        let quotes = try QuoteVenue()
        defer { quotes.stop() }
        quotes.say(#"{"price":"97000.5","bid":"97000.25","ask":"97001"}"#)
        let node = try venue.node()
        let port = try node.port()
        try venue.speak(to: port)
        try venue.configure(node: port, venue: quotes.port)
        let daemon = try NodeProcess(["publish", "--config", venue.bench.path("publish.json")])
        try daemon.line(" publishing ")
        say("ETH=3400.25 1000 2000\n", to: venue.bench.path("prices.pipe"))
        #expect(venue.hasIndex("btc_usd", "97000.5"), "\(daemon.text)\n\(node.text)")
        #expect(venue.hasIndex("eth_usd", "3400.25"))
        // The price moves on; a strange one does not get through, and is named.
        quotes.say(#"{"price":"97100","bid":"97099","ask":"97101"}"#)
        #expect(venue.hasIndex("btc_usd", "97100.0"))
        quotes.say(#"{"price":"9710","bid":"9709","ask":"9711"}"#)
        #expect(try daemon.line("finding=unitShift").contains("feed=venue"))
        quotes.say("{}", status: 500)
        try daemon.line("finding=status")
        quotes.say(#"{"price":"97150","bid":"97149","ask":"97151"}"#)
        #expect(venue.hasIndex("btc_usd", "97150.0"))
        #expect(try venue.bench.text("status.json").contains("\"feed\": \"venue\""))
        daemon.signal(SIGTERM)
        #expect(daemon.end() == ExitCode.done)
        #expect(daemon.text.contains(" stopped"))
        #expect(!daemon.text.contains("hush"))
        #expect(!daemon.text.contains(CommandBench.passphrase))
        node.signal(SIGTERM)
        node.end()
    }

    @Test func onceSaysWhatWasSentAndWhatIsWrong() throws {
        let venue = try FaultVenue()
        let quotes = try QuoteVenue()
        defer { quotes.stop() }
        quotes.say(#"{"price":"97000.5","bid":"97000.25","ask":"97001"}"#)
        let node = try venue.node()
        let port = try node.port()
        try venue.speak(to: port)
        try venue.configure(node: port, venue: quotes.port)
        let run = venue.bench.run("publish", "--config", venue.bench.path("publish.json"), "--once")
        #expect(run.exit == ExitCode.refused)
        #expect(
            run.output == """
                BTC 97000.5 from venue: sent
                ETH: no price
                  hand: waiting

                """, "\(run.notes)")
        #expect(venue.hasIndex("btc_usd", "97000.5"), "\(node.text)")
        node.signal(SIGTERM)
        node.end()
        let alone = venue.bench.run(
            "publish", "--config", venue.bench.path("publish.json"), "--once")
        #expect(alone.exit == ExitCode.refused)
        #expect(alone.output.hasPrefix("BTC 97000.5 from venue: not sent\n"))
        #expect(alone.notes.contains("the node: "))
    }
}

@Test func whatIsSignedHasSourceConfidenceAndDepth() throws {
    let bench = try CommandBench()
    #expect(bench.run("init", bench.path("venue"), "--name", "harbour").exit == ExitCode.done)
    let genesis = try GenesisReader.read(bench.path("venue/genesis.json"))
    let source = try #require(genesis.safeguards.sources.last).name.text
    let quotes = try QuoteVenue()
    defer { quotes.stop() }
    // One answer for both: as a venue, and as a node.
    quotes.say(#"{"p":100,"bids":[[99,2]],"asks":[[100.5,4]],"result":"ok"}"#)
    try bench.write(
        """
        {
          "node": "http://127.0.0.1:\(quotes.port)", "genesis": "venue/genesis.json",
          "key": "venue/keys/publisher-1.key", "periodSeconds": 1, "moveBasisPoints": 1,
          "prices": [ { "underlying": "ETH", "source": "\(source)",
            "feeds": [ { "name": "venue", "url": "http://127.0.0.1:\(quotes.port)/", "price": "/p",
              "book": { "bids": "/bids", "asks": "/asks" } } ] } ]
        }
        """, to: "publish.json")
    let run = bench.run("publish", "--config", bench.path("publish.json"), "--once")
    #expect(run.exit == ExitCode.done, "\(run.output)\(run.notes)")
    #expect(run.output == "ETH 100 from venue: sent\n")
    let bundle = try #require(quotes.bundles.first)
    #expect(bundle.publisher == PublisherIdentifier(0))
    #expect(bundle.time == Timestamp(nanoseconds: CommandBench.now))
    #expect(
        bundle.observations == [
            Observation(
                underlying: UnderlyingIdentifier(1), price: IndexPrice(micros: 100_000_000),
                source: SourceIdentifier(UInt16(genesis.safeguards.sources.count - 1)),
                confidence: IndexPrice(micros: 1_000_000),
                depthBelow: Amount(microunits: 198_000_000),
                depthAbove: Amount(microunits: 402_000_000))
        ])
}

@Test func aConfigurationLeavesNothingToOtherFlags() throws {
    let bench = try CommandBench()
    for word in [
        "--key=a", "--genesis=a", "--every=1", "--node=http://a", "--publisher=1", "BTC=1",
    ] {
        expectRefusal(
            bench.run("publish", "--config", "x", word), ExitCode.usage, "leave")
    }
    expectRefusal(
        bench.run("publish", "--once", "BTC=1"), ExitCode.usage, "--once belongs to --config")
}

@Test func aPriceIsOfTheSourceThatIsNamed() throws {
    let bench = try CommandBench()
    #expect(bench.run("init", bench.path("venue"), "--name", "harbour").exit == ExitCode.done)
    let genesis = try GenesisReader.read(bench.path("venue/genesis.json"))
    var bundles: [ObservationBundle] = []
    bench.node = { body throws(CommandFault) in
        let hex = body.split(separator: "\"").max { $0.count < $1.count } ?? ""
        if let bytes = HexText.bytes(String(hex)),
            let bundle = try? ObservationBundle(canonicalBytes: bytes)
        {
            bundles.append(bundle)
        }
        return "{\"result\":\"ok\"}"
    }
    func publish(_ words: String...) -> CommandRun {
        bench.run(
            [
                "publish", "--key", bench.path("venue/keys/publisher-2.key"), "--genesis",
                bench.path("venue/genesis.json"), "BTC=97000",
            ] + words)
    }
    let names = genesis.safeguards.sources.map(\.name.text)
    #expect(publish().exit == ExitCode.done)
    #expect(publish("--source", names[0]).exit == ExitCode.done)
    let own: UInt16 = names.count > 1 ? 1 : 0
    #expect(bundles.map { $0.observations.map(\.source.number) } == [[own], [0]])
    expectRefusal(publish("--source", "nowhere"), ExitCode.usage, "no source 'nowhere'")
}

@Test func aConfigurationThatCannotBeReadIsRefusedWithItsPlace() throws {
    let bench = try CommandBench()
    try bench.makeVenue()
    expectRefusal(
        bench.run("publish", "--config", bench.path("none")), ExitCode.noInput, "no such file")
    try bench.write("{\n\"node\": 5 }", to: "p.json")
    expectRefusal(
        bench.run("publish", "--config", bench.path("p.json")), ExitCode.badConfiguration,
        "p.json: line 2", "'node'")
    let rest = """
        "key": "venue/keys/publisher-1.key", "periodSeconds": 1, "moveBasisPoints": 1,
        "prices": [ { "underlying": "BTC", "source": "x",
          "feeds": [ { "name": "a", "pipe": "p" } ] } ] }
        """
    try bench.write(#"{ "node": "http://a", "genesis": "none.json", "# + rest, to: "p.json")
    expectRefusal(
        bench.run("publish", "--config", bench.path("p.json")), ExitCode.badConfiguration,
        "none.json")
    try bench.write(
        #"{ "node": "http://a", "genesis": "venue/genesis.json", "# + rest, to: "p.json")
    expectRefusal(
        bench.run("publish", "--config", bench.path("p.json")), ExitCode.badConfiguration,
        "line 2", "the genesis has")
}

@Test func aNodeIsReachedAtItsFullAddress() {
    #expect(RemoteNode.fullAddress("http://a") == "http://a:8645/api/v2")
    #expect(RemoteNode.fullAddress("https://a/") == "https://a:443/api/v2")
    #expect(RemoteNode.fullAddress("http://[::1]:7/x") == "http://[::1]:7/x")
    #expect(RemoteNode.fullAddress("ftp://a") == nil)
}
