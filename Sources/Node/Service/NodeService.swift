/// The service thread: between the sockets (`Transport`) and the API (`Gateway`), which know
/// nothing of each other. Everything here runs on the one thread that runs the server.

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
    private let hub: FollowerHub
    private let history: HistoryDesk?
    /// Requests of HTTP since the start, and the numbers of those that are not answered.
    private var requestCount: UInt64 = 0
    private var requestNumbers: [SessionIdentifier: UInt64] = [:]
    /// What clients have asked for while the ledger knew more than may be told, in order.
    private var postponed: [(Ledger, Timestamp) -> Void] = []
    private var postponedBytes = 0
    /// Set right after the server is made, which needs its delegate first.
    weak var server: Server? { didSet { hub.server = server } }

    init(
        gate: LedgerGate, gateway: Gateway, admission: Admission, observations: ObservationPool,
        inbox: ServiceInbox, pages: NodePages, figures: TransportFigures, clock: NodeClock,
        hub: FollowerHub, history: HistoryDesk?, log: Log
    ) {
        self.gate = gate
        self.gateway = gateway
        self.admission = admission
        self.observations = observations
        self.inbox = inbox
        self.pages = pages
        self.figures = figures
        self.clock = clock
        self.hub = hub
        self.history = history
        self.log = log
    }

    func opened(_ connection: ConnectionIdentifier, peer: Peer) {
        if peer.path == FollowerHub.path { return hub.opened(connection, from: peer.address) }
        turn { ledger, now in
            self.gateway.open(
                connection.session, transport: .webSocket, origin: peer.address, now: now)
        }
    }

    func received(_ message: [UInt8], isText: Bool, on connection: ConnectionIdentifier) {
        if hub.has(connection) { return hub.received(message, on: connection) }
        guard hasRoom(message.count, for: connection) else { return }
        turn(message.count) { ledger, now in
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
        guard hasRoom(request.body.count, for: connection) else { return }
        requestCount += 1
        let number = requestCount
        requestNumbers[connection.session] = number
        log.write(
            .debug, "request",
            ["request": "\(number)", "path": request.path, "bytes": "\(request.body.count)"])
        turn(request.body.count) { ledger, now in
            self.gateway.open(
                connection.session, transport: .http, origin: request.peer.address, now: now)
            self.gateway.request(question, on: connection.session, ledger: ledger, now: now)
        }
    }

    func closed(_ connection: ConnectionIdentifier) {
        if hub.has(connection) { return hub.closed(connection) }
        requestNumbers[connection.session] = nil
        turn { ledger, now in
            self.gateway.close(connection.session, now: now)
        }
    }

    func woken() {
        for entry in inbox.take() {
            switch entry {
            case .committed(let block, let seen):
                publish(block)
                hub.committed()
                release()
                seen.signal()
            case .stored(let tip): hub.committed(tip)
            case .released(let seen):
                release()
                seen.signal()
            case .refused(let list):
                turn { _, now in
                    for (ticket, reason) in list { self.gateway.refuse(ticket, reason, now: now) }
                }
            case .answered(let ticket, let answer):
                turn { ledger, now in
                    self.gateway.answer(ticket, answer, ledger: ledger, now: now)
                }
            case .stop:
                server?.stop(graceSeconds: NodeService.grace)
            }
        }
    }

    /// Lets the gateway take in a block.
    func publish(_ block: CommittedBlock) {
        gate.enter { ledger in
            act(ledger) { self.gateway.publish(block, ledger: $0, now: $1) }
        }
    }

    /// What the ledger says may be told again: first to those who have waited.
    private func release() {
        gate.release()
        pages.released()
        guard !postponed.isEmpty else { return }
        let waiting = postponed
        postponed = []
        postponedBytes = 0
        gate.enter { ledger in for body in waiting { act(ledger, body) } }
    }

    /// Bytes and calls that may be postponed.
    private static let mostPostponed = (bytes: 64 << 20, calls: 65_536)

    /// Whether what has come can be postponed if it must; who finds no room is closed.
    private func hasRoom(_ bytes: Int, for connection: ConnectionIdentifier) -> Bool {
        if postponedBytes + bytes <= NodeService.mostPostponed.bytes,
            postponed.count < NodeService.mostPostponed.calls
        {
            return true
        }
        server?.close(connection, code: NodeService.tryLater, reason: "blocks wait for a follower")
        return false
    }

    /// RFC 6455, 7.4.1: try again later.
    private static let tryLater: UInt16 = 1013

    func tick() {
        if let server { figures.set(server.statistics) }
        hub.tick()
        _ = gate.look { ledger in
            act(ledger) { self.gateway.tick(ledger: $0, now: $1) }
        }
        // Whoever gets here has had the ledger, so neither the engine nor the service hangs.
        Supervisor.process.beat()
    }

    /// Seconds for which clients may still take what waits for them.
    private static let grace: UInt32 = 3

    /// Lets the gateway act while nobody changes the ledger, then does what it asks for. While the
    /// ledger knows of a block that may not be told of, it is postponed, in order.
    ///
    /// - Parameter bytes: what it holds.
    private func turn(_ bytes: Int = 0, _ body: @escaping (Ledger, Timestamp) -> Void) {
        if postponed.isEmpty, gate.look({ ledger in act(ledger, body) }) != nil { return }
        postponed.append(body)
        postponedBytes += bytes
    }

    private func act(_ ledger: Ledger, _ body: (Ledger, Timestamp) -> Void) {
        let now = clock.now()
        body(ledger, now)
        var actions = gateway.drain()
        while !actions.isEmpty {
            for action in actions { perform(action, ledger, now) }
            actions = gateway.drain()
        }
    }

    /// Answers a request of HTTP under the number that the log knows it by.
    private func respond(_ response: APIResponse, to session: SessionIdentifier) {
        var answer = HTTPResponse(response)
        if let number = requestNumbers.removeValue(forKey: session) {
            answer.headers.append(HeaderField(name: "x-request-id", value: "\(number)"))
            log.write(
                .debug, "answer", ["request": "\(number)", "status": "\(response.status)"])
        }
        server?.respond(answer, to: session.connection)
    }

    private func perform(_ action: Action, _ ledger: Ledger, _ now: Timestamp) {
        switch action {
        case .send(let session, let message):
            server?.send(Transport.Frame(text: message), to: session.connection)
        case .broadcast(let sessions, let message):
            let frame = Transport.Frame(text: message)
            for session in sessions { server?.send(frame, to: session.connection) }
        case .respond(let session, let response):
            respond(response, to: session)
            gateway.close(session, now: now)
        case .close(let session, let reason):
            log.write(
                .info, "session closed",
                ["session": "\(session.number)", "reason": "\(reason)"])
            server?.close(session.connection, code: reason.rawValue, reason: "\(reason)")
        case .observe(let bundle, let statement):
            observations.insert(PendingBundle(bundle, statement))
        case .attest(let bytes, let prices):
            observations.insert(PendingAttested(bytes, prices))
        case .submit(let ticket, let bytes):
            do throws(AdmissionRefusal) {
                try admission.admit(bytes, ticket: ticket, ledger: ledger, now: now)
            } catch {
                gateway.refuse(ticket, error, now: now)
            }
        case .ask(let ticket, let question, let height):
            guard let history else {
                let fault = PastFault.unavailable(reason: "none is kept")
                return gateway.answer(ticket, .failure(fault), ledger: ledger, now: now)
            }
            history.put(ticket, question, height: height)
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
