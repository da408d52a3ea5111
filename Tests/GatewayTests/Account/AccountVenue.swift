/// A ledger with a gateway before it, whose clients have credentials: real keys sign, and a real
/// verifier judges. Calls that write are answered when the block with their transaction has been
/// applied, which happens at once.

import Accounts
import Canonical
import Cryptography
import FixedPoint
import JSON
import Ledger
import Markets
import Oracle
import Testing

@testable import Custody
@testable import Gateway

/// A client's side of a credential.
struct Client {
    let account: AccountIdentifier
    let offer: CredentialOffer
}

final class AccountVenue {
    let ledger: Ledger
    let gateway: Gateway
    var price: Int64 = 50_000_000_000
    /// Whether the gateway is told the transactions of a block.
    var tellsTransactions = true
    /// Whether submitted transactions are put into a block at once.
    var isPrompt = true
    private(set) var waiting: [(ticket: Ticket, bytes: [UInt8])] = []
    private(set) var blocks: [CommittedBlock] = []
    private var nonces: [String: UInt64] = [:]
    private var nextSession: UInt64 = 1
    private var inbox: [UInt64: [JSON.Value]] = [:]
    private(set) var closed: [SessionIdentifier] = []
    private let parser: JSONParser
    private var credentials: [Credential] = []

    init() throws {
        ledger = Ledger(genesis: try AccountGenesis.genesis())
        var configuration = GatewayConfiguration()
        configuration.credits = CreditTerms(capacity: 1 << 40, refill: 1)
        gateway = try Gateway(configuration, ledger: ledger)
        parser = try JSONParser()
        try apply()
    }

    var now: Timestamp { ledger.time }

    // Blocks.

    @discardableResult
    func apply(_ transactions: [[UInt8]] = [], milliseconds: UInt64 = 1_000) throws -> BlockOutcome
    {
        let time = ledger.time.advanced(by: Duration(nanoseconds: milliseconds * 1_000_000))
        let all = transactions + waiting.map(\.bytes)
        let tickets = transactions.map { _ in Ticket?.none } + waiting.map(\.ticket)
        waiting = []
        let outcome = try ledger.apply(
            Block(
                height: ledger.height + 1, time: time,
                observations: ledger.genesis.publishers.indices.map { bundle($0, time) },
                transactions: all), verifier: PortableVerifier())
        let committed = CommittedBlock(
            outcome: outcome, time: time, tickets: tickets,
            transactions: tellsTransactions ? all : [])
        blocks.append(committed)
        gateway.publish(committed, ledger: ledger, now: time)
        try sort(gateway.drain())
        return outcome
    }

    private func bundle(_ publisher: Int, _ time: Timestamp) -> ObservationBundle {
        let curves = ledger.surfaces.flatMap { surface in
            surface.expiries.map { feed in
                CurveObservation(
                    underlying: UnderlyingIdentifier(0), expiry: feed.expiry,
                    forward: IndexPrice(micros: price),
                    volatilities: NodeVolatilities(flat: 600_000))
            }
        }
        var bundle = ObservationBundle(
            publisher: PublisherIdentifier(UInt16(publisher)), time: time,
            observations: [
                Observation(
                    underlying: UnderlyingIdentifier(0), price: IndexPrice(micros: price))
            ], curves: curves, signature: Signature(r: Bytes32(), s: Bytes32()))
        bundle.signature = PlainKeys.key(PlainKeys.publishers[publisher])
            .sign(
                SignedMessage(label: .observation, bundle.signedBytes(chain: ledger.chain)).bytes)
        return bundle
    }

    /// Sorts what the gateway wants done.
    private func sort(_ actions: [Action]) throws {
        for action in actions {
            switch action {
            case .send(let session, let frame): try deliver(frame, to: [session])
            case .broadcast(let sessions, let frame): try deliver(frame, to: sessions)
            case .respond(let session, let response):
                try deliver(response.body, to: [session])
            case .close(let session, _):
                closed.append(session)
                gateway.close(session, now: now)
            case .submit(let ticket, let bytes): waiting.append((ticket, bytes))
            case .observe, .attest, .ask: break
            }
        }
    }

    private func deliver(_ frame: [UInt8], to sessions: [SessionIdentifier]) throws {
        for session in sessions {
            inbox[session.number, default: []].append(try parser.parse(frame))
        }
    }

    // Signing by hand.

    /// A transaction of a signer, signed with the key of a number.
    func transaction(
        _ signer: Signer, key: UInt8, _ commands: [Command], nonce: UInt64? = nil
    ) -> [UInt8] {
        let name = String(describing: signer)
        let next = nonce ?? nonces[name, default: 0] + 1
        nonces[name] = next
        var transaction = Transaction(
            chain: ledger.chain, signer: signer, nonce: next,
            expiry: ledger.time.advanced(by: .hour), commands: commands,
            signature: .ed25519(Signature(r: Bytes32(), s: Bytes32())))
        transaction.signature = .ed25519(PlainKeys.key(key).sign(transaction.signedBytes))
        return transaction.canonicalBytes
    }

    /// Opens an account of an owner with so many dollars.
    func openAccount(owner: UInt8, dollars: Int64 = 1_000_000) throws -> AccountIdentifier {
        let account = AccountIdentifier(UInt32(ledger.accounts.accounts.count))
        let key = PlainKeys.key(owner).publicKey
        try apply([
            transaction(
                .custodian, key: PlainKeys.custodian,
                [.openAccount(owner: .ed25519(key), compartment: CompartmentIdentifier(0))])
        ])
        try apply([
            transaction(
                .custodian, key: PlainKeys.custodian,
                [
                    .deposit(
                        Amount(microunits: dollars * AccountGenesis.million), to: account,
                        reference: Bytes32())
                ])
        ])
        return account
    }

    /// A credential whose key the owner has granted.
    func client(
        _ account: AccountIdentifier, owner: UInt8, _ scope: CredentialScope = .trade,
        isGranted: Bool = true
    ) throws -> Client {
        var vault = CredentialVault()
        let offer = try vault.create(
            account: account, scope: scope, expiry: now.advanced(by: .day),
            taken: credentials.filter { $0.account == account }.map(\.slot))
        credentials += vault.all
        gateway.desk.install(allCredentials(), ledger: ledger)
        if isGranted, let command = offer.command {
            let outcome = try apply([transaction(.account(account), key: owner, [command])])
            #expect(outcome.receipts.allSatisfy { $0.refusal == nil })
        }
        return Client(account: account, offer: offer)
    }

    /// All credentials that were made.
    func allCredentials() -> CredentialVault {
        var all = CredentialVault()
        for credential in credentials { all.insert(credential) }
        return all
    }

    // Talking.

    /// Opens a WebSocket, authenticated where a client is given.
    func connect(_ client: Client? = nil, scope: String? = nil) throws -> SessionIdentifier {
        let session = SessionIdentifier(nextSession)
        nextSession += 1
        gateway.open(session, transport: .webSocket, origin: "127.0.0.1", now: now)
        if let client {
            let extra = scope.map { #","scope":"\#($0)""# } ?? ""
            let answer = try call(
                "public/auth",
                #"{"grant_type":"client_credentials","client_id":"\#(client.offer.identifier)","#
                    + #""client_secret":"\#(client.offer.secret)"\#(extra)}"#, on: session)
            #expect(answer["result"] != nil, "\(answer)")
        }
        return session
    }

    /// The answer to a method over a WebSocket; a block is made where one is needed.
    func call(
        _ method: String, _ parameters: String = "{}", on session: SessionIdentifier,
        now: Timestamp? = nil
    ) throws -> JSON.Value {
        let text = #"{"jsonrpc":"2.0","id":7,"method":"\#(method)","params":\#(parameters)}"#
        gateway.receive(Array(text.utf8), on: session, ledger: ledger, now: now ?? self.now)
        try sort(gateway.drain())
        if isPrompt, !waiting.isEmpty { try apply() }
        let place = inbox[session.number]?.firstIndex { $0["id"]?.number?.integer == 7 }
        guard let place, let answer = inbox[session.number]?.remove(at: place) else {
            return .null
        }
        return answer
    }

    /// The result of a method that must succeed.
    func result(
        _ method: String, _ parameters: String = "{}", on session: SessionIdentifier,
        _ location: SourceLocation = #_sourceLocation
    ) throws -> JSON.Value {
        let answer = try call(method, parameters, on: session)
        return try #require(answer["result"], "\(method): \(answer)", sourceLocation: location)
    }

    /// What has come to a session unasked.
    func messages(to session: SessionIdentifier) -> [JSON.Value] {
        defer { inbox[session.number] = nil }
        return inbox[session.number] ?? []
    }

    /// An answer over HTTP.
    func http(_ request: APIRequest, now: Timestamp? = nil) throws -> JSON.Value {
        let session = SessionIdentifier(nextSession)
        nextSession += 1
        gateway.open(session, transport: .http, origin: "127.0.0.1", now: self.now)
        gateway.request(request, on: session, ledger: ledger, now: now ?? self.now)
        try sort(gateway.drain())
        if isPrompt, !waiting.isEmpty { try apply() }
        defer { gateway.close(session, now: self.now) }
        return try #require(inbox.removeValue(forKey: session.number)?.first)
    }

    /// A connection is lost.
    func drop(_ session: SessionIdentifier) throws {
        gateway.close(session, now: now)
        try sort(gateway.drain())
        if isPrompt, !waiting.isEmpty { try apply() }
    }

    /// Lets time pass for the gateway.
    func tick(_ now: Timestamp) throws {
        gateway.tick(ledger: ledger, now: now)
        try sort(gateway.drain())
    }
}

extension JSON.Value {
    /// The number of an error.
    var refusalCode: Int64? { self["error"]?["code"]?.number?.integer }
    /// A member's number as it was written.
    func digits(_ name: String) -> String? { self[name]?.number?.text }
}
