/// A ledger with a gateway before it: signs what it is given, applies block after block, publishes
/// each, and keeps what the gateway wants done. Signatures are not what is tested here: all are
/// taken as good.

import Breakers
import Canonical
import Cryptography
import Economics
import FixedPoint
import JSON
import Ledger
import Markets
import Oracle
import Testing

@testable import Gateway
import Accounts

/// Takes every signature as good.
struct TrustingVerifier: SignatureVerifier {
    func verify(_ statements: [SignedStatement]) -> [Bool] { statements.map { _ in true } }
}

/// Public keys that exist only by name.
enum TrustedKeys {
    static let custodian = key("custodian")
    static let `operator` = key("operator")

    static func owner(_ number: Int) -> PublicKey { key("owner \(number)") }
    static func publisher(_ number: Int) -> PublicKey { key("publisher \(number)") }

    private static func key(_ name: String) -> PublicKey {
        PublicKey(SHA256.digest(Array(name.utf8)).storage)
    }
}

final class GatewayVenue {
    let ledger: Ledger
    let gateway: Gateway
    /// Micro-dollars at which the publishers see each underlying.
    var prices: [Int64] = [50_000_000_000, 2_500_000_000]
    /// A year's, in 10⁻⁶.
    var volatility: UInt32 = 600_000
    private(set) var blocks: [CommittedBlock] = []
    private var nonces: [String: UInt64] = [:]
    private let parser: JSONParser

    init(
        _ configuration: GatewayConfiguration = .generous, economics: [EconomicParameters] = [],
        breakers: [BreakerParameters] = []
    ) throws {
        ledger = Ledger(
            genesis: try GatewayGenesis.genesis(economics: economics, breakers: breakers))
        gateway = try Gateway(configuration, ledger: ledger)
        // Deep enough for the reference.
        parser = try JSONParser(JSONParser.Limits(depth: 64))
    }

    var now: Timestamp { ledger.time }

    // MARK: Blocks

    @discardableResult
    func apply(
        _ transactions: [[UInt8]] = [], tickets: [Ticket?] = [], milliseconds: UInt64 = 1_000,
        isPriced: Bool = true
    ) throws -> BlockOutcome {
        let time = ledger.time.advanced(by: Duration(nanoseconds: milliseconds * 1_000_000))
        let block = Block(
            height: ledger.height + 1, time: time,
            observations: isPriced
                ? ledger.genesis.publishers.indices.map { bundle($0, time) } : [],
            transactions: transactions)
        let outcome = try ledger.apply(block, verifier: TrustingVerifier())
        let committed = CommittedBlock(outcome: outcome, time: time, tickets: tickets)
        blocks.append(committed)
        gateway.publish(committed, ledger: ledger, now: time)
        return outcome
    }

    private func bundle(_ publisher: Int, _ time: Timestamp) -> ObservationBundle {
        ObservationBundle(
            publisher: PublisherIdentifier(UInt16(publisher)), time: time,
            observations: prices.enumerated().map {
                Observation(
                    underlying: UnderlyingIdentifier(UInt16($0)),
                    price: IndexPrice(micros: $1))
            }, curves: curves(), signature: Signature(r: Bytes32(), s: Bytes32()))
    }

    private func curves() -> [CurveObservation] {
        ledger.surfaces.enumerated().flatMap { place, surface in
            surface.expiries.map { feed in
                CurveObservation(
                    underlying: UnderlyingIdentifier(UInt16(place)), expiry: feed.expiry,
                    forward: IndexPrice(micros: prices[place]),
                    volatilities: NodeVolatilities(flat: volatility))
            }
        }
    }

    func transaction(_ signer: Signer, _ commands: [Command]) -> [UInt8] {
        let name = String(describing: signer)
        let nonce = nonces[name, default: 0] + 1
        nonces[name] = nonce
        return Transaction(
            chain: ledger.chain, signer: signer, nonce: nonce,
            expiry: ledger.time.advanced(by: .hour), commands: commands,
            signature: .ed25519(Signature(r: Bytes32(), s: Bytes32()))
        ).canonicalBytes
    }

    /// Opens accounts of so many dollars each.
    func openAccounts(_ count: Int, dollars: Int64 = 1_000_000) throws -> [AccountIdentifier] {
        let first = ledger.accounts.accounts.count
        let accounts = (first..<first + count).map { AccountIdentifier(UInt32($0)) }
        try apply([
            transaction(
                .custodian,
                accounts.map { account in
                    .openAccount(
                        owner: .ed25519(TrustedKeys.owner(Int(account.number))),
                        compartment: CompartmentIdentifier(0))
                })
        ])
        try apply([
            transaction(
                .custodian,
                accounts.map { account in
                    .deposit(
                        Amount(microunits: dollars * GatewayGenesis.million), to: account,
                        reference: Bytes32())
                })
        ])
        return accounts
    }

    /// Applies one order.
    @discardableResult
    func place(
        _ account: AccountIdentifier, _ side: Side, _ lots: Int64, at ticks: Int64?,
        of instrument: InstrumentIdentifier = GatewayGenesis.bitcoin
    ) throws -> OrderIdentifier? {
        let request = OrderRequest(
            instrument: instrument, side: side, limit: ticks.map { Price(ticks: $0) },
            quantity: Quantity(lots: lots),
            timeInForce: ticks == nil ? .immediateOrCancel : .goodTillCancelled)
        return try apply([transaction(.account(account), [.place(request)])])
            .receipts.last?.order
    }

    // MARK: Requests

    /// Opens a WebSocket.
    func connect(_ number: UInt64 = 1, origin: String = "127.0.0.1") -> SessionIdentifier {
        let session = SessionIdentifier(number)
        gateway.open(session, transport: .webSocket, origin: origin, now: now)
        return session
    }

    /// Sends a message, and returns all that comes of it for this session, read.
    func exchange(
        _ text: String, on session: SessionIdentifier, now: Timestamp? = nil
    ) throws -> [JSON.Value] {
        gateway.receive(
            Array(text.utf8), on: session, ledger: ledger, now: now ?? self.now)
        return try messages(to: session)
    }

    /// What the gateway sends to a session, read.
    func messages(to session: SessionIdentifier) throws -> [JSON.Value] {
        try read(gateway.drain(), to: session)
    }

    func read(_ actions: [Action], to session: SessionIdentifier) throws -> [JSON.Value] {
        var messages: [JSON.Value] = []
        for action in actions {
            switch action {
            case .send(session, let frame): messages.append(try parser.parse(frame))
            case .broadcast(let sessions, let frame) where sessions.contains(session):
                messages.append(try parser.parse(frame))
            default: continue
            }
        }
        return messages
    }

    /// The answer to a method over a WebSocket.
    func call(
        _ method: String, _ parameters: String = "{}", on session: SessionIdentifier? = nil,
        now: Timestamp? = nil
    ) throws -> JSON.Value {
        let session = session ?? connect(999)
        let text = #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(parameters)}"#
        return try #require(try exchange(text, on: session, now: now).first)
    }

    /// The result of a method.
    func result(_ method: String, _ parameters: String = "{}") throws -> JSON.Value {
        let answer = try call(method, parameters)
        return try #require(answer["result"], "\(method): \(answer)")
    }

    /// An answer over HTTP.
    func http(_ request: APIRequest) throws -> (status: UInt16, body: JSON.Value) {
        let session = SessionIdentifier(500)
        gateway.open(session, transport: .http, origin: "127.0.0.1", now: now)
        gateway.request(request, on: session, ledger: ledger, now: now)
        for case .respond(session, let response) in gateway.drain() {
            return (response.status, try parser.parse(response.body))
        }
        throw NoAnswer()
    }

    struct NoAnswer: Error {}
}

extension GatewayConfiguration {
    /// Credits for tests that are not about them.
    static var generous: GatewayConfiguration {
        var configuration = GatewayConfiguration()
        configuration.credits = CreditTerms(capacity: 1 << 40, refill: 1)
        return configuration
    }
}

extension JSON.Value {
    /// The number of an error.
    var errorCode: Int64? { self["error"]?["code"]?.number?.integer }
    /// The reason of an error.
    var reason: String? { self["error"]?["data"]?["reason"]?.text }
}
