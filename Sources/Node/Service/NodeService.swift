/// The service thread: between the sockets (`Transport`) and the API (`Gateway`), which know nothing
/// of each other. Everything here runs on the one thread that runs the server.

import Canonical
import FixedPoint
import Foundation
import Gateway
import Ledger
import Synchronization
import Transport

/// Hears of connections and of blocks, and does what the gateway asks for.
final class NodeService: ServerDelegate {
    private let gate: LedgerGate
    private let gateway: Gateway
    private let admission: Admission
    private let observations: ObservationPool
    private let inbox: ServiceInbox
    private let pages: NodePages
    private let figures: TransportFigures
    private let clock: NodeClock
    private let log: Log
    /// Whether the last block has been told.
    private var isStopping = false
    /// Set right after the server is made, which needs its delegate first.
    weak var server: Server?

    init(
        gate: LedgerGate, gateway: Gateway, admission: Admission, observations: ObservationPool,
        inbox: ServiceInbox, pages: NodePages, figures: TransportFigures, clock: NodeClock,
        log: Log
    ) {
        self.gate = gate
        self.gateway = gateway
        self.admission = admission
        self.observations = observations
        self.inbox = inbox
        self.pages = pages
        self.figures = figures
        self.clock = clock
        self.log = log
    }

    func opened(_ connection: ConnectionIdentifier, peer: Peer) {
        turn { ledger, now in
            self.gateway.open(
                connection.session, transport: .webSocket, origin: peer.address, now: now)
        }
    }

    func received(_ message: [UInt8], isText: Bool, on connection: ConnectionIdentifier) {
        turn { ledger, now in
            self.gateway.receive(message, on: connection.session, ledger: ledger, now: now)
        }
    }

    func requested(_ request: HTTPRequest, on connection: ConnectionIdentifier) {
        if let page = pages.response(to: request) {
            server?.respond(page, to: connection)
            return
        }
        guard let question = APIRequest(request) else {
            server?.respond(
                HTTPResponse(status: 405, text: "GET or POST; see /api/v2/openapi.json"),
                to: connection)
            return
        }
        turn { ledger, now in
            self.gateway.open(
                connection.session, transport: .http, origin: request.peer.address, now: now)
            self.gateway.request(question, on: connection.session, ledger: ledger, now: now)
        }
    }

    func closed(_ connection: ConnectionIdentifier) {
        turn { ledger, now in
            self.gateway.close(connection.session, now: now)
        }
    }

    func woken() {
        turn { _, _ in }
        if isStopping { server?.stop(graceSeconds: NodeService.grace) }
    }

    /// Takes in what others have told. It comes before anything else is done at the ledger: the
    /// engine tells of a block before it lets go of the ledger, so that the gateway never reads the
    /// state of a block that it has not heard of.
    private func hear(_ ledger: Ledger) {
        for entry in inbox.take() {
            switch entry {
            case .committed(let block, let seen):
                gateway.publish(block, ledger: ledger, now: clock.now())
                performAll(ledger)
                seen.signal()
            case .refused(let list):
                let now = clock.now()
                for (ticket, reason) in list { gateway.refuse(ticket, reason, now: now) }
            case .stop: isStopping = true
            }
        }
    }

    /// Lets the gateway take in a block.
    func publish(_ block: CommittedBlock) {
        turn { ledger, now in self.gateway.publish(block, ledger: ledger, now: now) }
    }

    func tick() {
        if let server { figures.set(server.statistics) }
        turn { ledger, now in self.gateway.tick(ledger: ledger, now: now) }
    }

    /// Seconds for which clients may still take what waits for them.
    private static let grace: UInt32 = 3

    /// Lets the gateway act while nobody changes the ledger, then does what it asks for.
    private func turn(_ body: (Ledger, Timestamp) -> Void) {
        gate.enter { ledger in
            hear(ledger)
            body(ledger, clock.now())
            performAll(ledger)
        }
    }

    private func performAll(_ ledger: Ledger) {
        let now = clock.now()
        var actions = gateway.drain()
        while !actions.isEmpty {
            for action in actions { perform(action, ledger, now) }
            actions = gateway.drain()
        }
    }

    private func perform(_ action: Action, _ ledger: Ledger, _ now: Timestamp) {
        switch action {
        case .send(let session, let message):
            server?.send(Transport.Frame(text: message), to: session.connection)
        case .broadcast(let sessions, let message):
            let frame = Transport.Frame(text: message)
            for session in sessions { server?.send(frame, to: session.connection) }
        case .respond(let session, let response):
            server?.respond(HTTPResponse(response), to: session.connection)
            gateway.close(session, now: now)
        case .close(let session, let reason):
            log.write(
                .info, "session closed",
                ["session": "\(session.number)", "reason": "\(reason)"])
            server?.close(session.connection, code: reason.rawValue, reason: "\(reason)")
        case .observe(let bundle, let statement):
            observations.insert(PendingBundle(bundle, statement))
        case .submit(let ticket, let bytes):
            do throws(AdmissionRefusal) {
                try admission.admit(bytes, ticket: ticket, ledger: ledger, now: now)
            } catch {
                gateway.refuse(ticket, error, now: now)
            }
        }
    }
}

extension ConnectionIdentifier {
    var session: SessionIdentifier { SessionIdentifier(number) }
}

extension SessionIdentifier {
    var connection: ConnectionIdentifier { ConnectionIdentifier(number: number) }
}

extension APIRequest {
    /// Nil for a verb that the API does not know.
    init?(_ request: HTTPRequest) {
        guard let verb = Verb(rawValue: request.method.rawValue) else { return nil }
        self.init(
            verb: verb, path: request.path, query: request.encodedQuery,
            authorization: request.header("authorization"), body: request.body)
    }
}

extension HTTPResponse {
    init(_ response: APIResponse) {
        self.init(
            status: response.status, contentType: "application/json",
            headers: response.retryAfter.map {
                [HeaderField(name: "retry-after", value: String($0))]
            } ?? [],
            body: response.body)
    }
}

extension HTTPRequest {
    /// The query as clients write it: the transport hands it over decoded, and every byte that is
    /// not unreserved (RFC 3986, 2.3) is escaped again. One that was no UTF-8 stays none, for the
    /// gateway to refuse.
    fileprivate var encodedQuery: String {
        guard let query else { return "%FF" }
        return query.map { item in
            HTTPRequest.escaped(item.name) + "=" + HTTPRequest.escaped(item.value)
        }.joined(separator: "&")
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                escaped += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return escaped
    }
}
