/// A node without sockets: the whole API over a real ledger, each transaction a block of its own.
/// What it answers can be changed on its way, as a node would that lies.
import Canonical
import Custody
import FixedPoint
import Gateway
import JSON
import Ledger
import Oracle
import Replication
import Testing

@testable import Node

final class VenueNode {
    private(set) var machine: LedgerMachine
    private let gateway: Gateway
    private var last: BlockHeader?
    private var time = CommandBench.now
    private var bundles: [ObservationBundle] = []
    private var session: UInt64 = 0
    private(set) var headers: [BlockHeader] = []
    /// Changes the text of an answer to a method.
    var lie: (_ method: String, _ answer: String) -> String = { $1 }

    init(_ bench: CommandBench) throws {
        let genesis = try GenesisReader.read(bench.path("venue/genesis.json"))
        machine = LedgerMachine(genesis: genesis, verifier: NativeVerifier(workers: 1))
        var configuration = GatewayConfiguration()
        configuration.credits = CreditTerms(capacity: 1 << 40, refill: 1)
        gateway = try Gateway(configuration, ledger: machine.ledger)
        bench.node = { body throws(CommandFault) in try self.answer(body) }
    }

    private func answer(_ body: String) throws(CommandFault) -> String {
        do {
            let request = try JSONParser().parse(Array(body.utf8))
            let method = try #require(request["method"]?.text)
            session += 1
            let identifier = SessionIdentifier(session)
            let now = Timestamp(nanoseconds: time)
            gateway.open(identifier, transport: .http, origin: "127.0.0.1", now: now)
            gateway.request(
                APIRequest(verb: .post, path: "/api/v2", body: Array(body.utf8)), on: identifier,
                ledger: machine.ledger, now: now)
            while true {
                let actions = gateway.drain()
                try #require(!actions.isEmpty, "\(method) is not answered")
                var reply: String?
                for action in actions {
                    switch action {
                    case .respond(identifier, let response):
                        reply = String(decoding: response.body, as: UTF8.self)
                    case .submit(let ticket, let bytes): try make([bytes], [ticket])
                    case .observe(let bundle, _):
                        bundles = [bundle]
                        try make([], [])
                    default: break
                    }
                }
                if let reply { return lie(method, reply) }
            }
        } catch {
            throw CommandFault("the test's node: \(error)", exit: ExitCode.unavailable)
        }
    }

    private func make(_ transactions: [[UInt8]], _ tickets: [Ticket?]) throws {
        time += 1_000_000
        let now = Timestamp(nanoseconds: time)
        let block = Block(
            height: machine.height + 1, time: now, observations: bundles,
            transactions: transactions
        ).canonicalBytes
        bundles = []
        let applied = try machine.apply(encoded: block)
        let header = BlockHeader(
            chain: machine.chain, following: last, term: 0, block: block, applied: applied)
        last = header
        headers.append(header)
        let stored = try EncodedOutcome(canonicalBytes: applied.outcome)
        let outcome = BlockOutcome(
            height: machine.height, receipts: stored.receipts, firstEvent: stored.firstEvent,
            events: stored.events, funding: stored.funding, root: applied.root)
        gateway.publish(
            CommittedBlock(
                outcome: outcome, time: now, tickets: tickets, transactions: transactions),
            ledger: machine.ledger, now: now)
    }

    /// The headers of the last block and the one before, as certificates have them beside them.
    var lastHeaders: CertificateHeaders {
        CertificateHeaders(before: headers[headers.count - 2], header: headers[headers.count - 1])
    }
}

/// A venue with two funded accounts, and prices.
final class TradingBench {
    let bench: CommandBench
    let node: VenueNode

    init() throws {
        bench = try CommandBench()
        try bench.makeVenue()
        node = try VenueNode(bench)
        publish()
        for (place, name) in ["maker", "taker"].enumerated() {
            let key = bench.run("keys", "new", bench.path("\(name).key")).output.dropLast()
            custodian("open-account", String(key))
            custodian("deposit", "100000", "\(place)", "wire-\(place)")
        }
    }

    func publish() {
        let run = bench.run(
            "publish", "--key", bench.path("venue/keys/publisher-1.key"), "--genesis",
            bench.path("venue/genesis.json"), "BTC=97000", "ETH=3400")
        #expect(run.exit == ExitCode.done, "\(run.notes)")
    }

    func custodian(_ words: String...) {
        bench.now += 1
        let run = bench.run(
            ["send", "--key", bench.path("venue/keys/custodian.key"), "--as", "custodian"] + words)
        #expect(run.exit == ExitCode.done, "\(run.notes)")
    }

    /// Runs a command with the key of one of the accounts.
    func trade(_ name: String, _ words: [String]) -> CommandRun {
        bench.run(
            words + [
                "--key", bench.path("\(name).key"), "--account", name == "maker" ? "0" : "1",
            ])
    }

    func maker(_ words: String...) -> CommandRun { trade("maker", words) }
    func taker(_ words: String...) -> CommandRun { trade("taker", words) }

    /// The one JSON value that a run wrote.
    func json(_ run: CommandRun, at place: SourceLocation = #_sourceLocation) throws -> JSON.Value {
        try JSONParser().parse(Array(run.output.utf8))
    }
}
