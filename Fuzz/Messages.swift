/// What comes over the wire: messages of the API into a gateway on a venue that lives, and what
/// followers, snapshots and stores hold. Whatever is sent, the gateway answers with JSON that its
/// own parser reads, and does not stop.

import Canonical
import FixedPoint
import Gateway
import JSON
import Ledger
import Replication

enum Messages {
    static let all: [@Sendable ([UInt8]) -> Void] = [json, socket, get, post]

    /// A parser keeps its room from message to message.
    nonisolated(unsafe) private static let parser: JSONParser = {
        do throws(JSONFault) {
            return try JSONParser()
        } catch {
            fail("no parser: \(error)")
        }
    }()

    /// What is read is written and read again the same.
    @Sendable private static func json(_ bytes: [UInt8]) {
        do throws(JSONFault) {
            let value = try unsafe parser.parse(bytes)
            var writer = JSONWriter()
            writer.value(value)
            guard try unsafe parser.parse(writer.bytes) == value else {
                fail("JSON that was written is read as something else")
            }
        } catch {
            return
        }
    }

    private final class Desk {
        let venue = FuzzVenue()
        let gateway: Gateway
        var sessions: UInt64 = 0

        init() throws(JSONFault) {
            var nothing = ByteReader(Seeds.script(7, count: 600))
            venue.run(&nothing)
            var settings = GatewayConfiguration()
            settings.credits = CreditTerms(capacity: 1 << 60, refill: 1 << 60)
            gateway = try Gateway(settings, ledger: venue.ledger)
        }
    }

    nonisolated(unsafe) private static let desk: Desk = {
        do throws(JSONFault) {
            return try Desk()
        } catch {
            fail("no gateway: \(error)")
        }
    }()

    /// A message of a WebSocket: answered, unless the session is closed.
    @Sendable private static func socket(_ bytes: [UInt8]) {
        run(.webSocket) { gateway, session, ledger, now in
            gateway.receive(bytes, on: session, ledger: ledger, now: now)
        }
    }

    @Sendable private static func get(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        run(.http) { gateway, session, ledger, now in
            gateway.request(
                APIRequest(
                    verb: .get, path: Gateway.root + "/" + String(parts.first ?? ""),
                    query: String(parts.dropFirst().first ?? ""), authorization: text),
                on: session, ledger: ledger, now: now)
        }
    }

    @Sendable private static func post(_ bytes: [UInt8]) {
        run(.http) { gateway, session, ledger, now in
            gateway.request(
                APIRequest(verb: .post, path: Gateway.root, body: bytes), on: session,
                ledger: ledger, now: now)
        }
    }

    private static func run(
        _ transport: SessionTransport,
        _ body: (Gateway, SessionIdentifier, Ledger, Timestamp) -> Void
    ) {
        let desk = unsafe desk
        desk.sessions += 1
        let session = SessionIdentifier(desk.sessions)
        let now = desk.venue.ledger.time
        desk.gateway.open(session, transport: transport, origin: "fuzz", now: now)
        body(desk.gateway, session, desk.venue.ledger, now)
        desk.gateway.tick(ledger: desk.venue.ledger, now: now)
        var answers = 0
        for action in desk.gateway.drain() {
            switch action {
            case .send(_, let message), .broadcast(_, let message):
                answers += 1
                check(message)
            case .respond(_, let response):
                answers += 1
                check(response.body)
            case .submit(let ticket, _):
                answers += 1
                desk.gateway.refuse(ticket, .unavailable, now: now)
                for case .send(_, let message) in desk.gateway.drain() { check(message) }
            case .ask, .close, .observe, .attest: answers += 1
            }
        }
        guard answers > 0 else { fail("a message is not answered") }
        desk.gateway.close(session, now: now)
        _ = desk.gateway.drain()
    }

    private static func check(_ message: [UInt8]) {
        do throws(JSONFault) {
            _ = try unsafe parser.parse(message)
        } catch {
            fail("an answer is no JSON: \(error)")
        }
    }
}
