/// The API as pure logic: requests and committed blocks go in, bytes and transactions come out.
/// One thread owns it; it does no input or output, and every time is passed to it. The ledger it
/// only reads, between blocks.
///
///     open ─▶ receive / request ─▶ close      what a connection does   (Gateway+Requests, +HTTP)
///     publish / refuse / restore              what the engine does     (Gateway+Blocks, +Tickets)
///     tick                                    what time does           (Gateway+Time)
///     drain                                   what is to be done       (Action)

import Canonical
package import FixedPoint
package import JSON
package import Ledger

/// The gateway of one node.
package final class Gateway {
    package let configuration: GatewayConfiguration
    /// By name.
    let methods: [String: Method]
    let parser: JSONParser
    package internal(set) var sessions: [SessionIdentifier: Session] = [:]
    var pools: [CreditOwner: CreditPool] = [:]
    var pending: [Ticket: PendingCall] = [:]
    var asked: [Ticket: AskedCall] = [:]
    private var nextTicket: UInt64 = 1
    private var actions: [Action] = []
    /// What follows on the answer of the call that runs.
    private var following: [Action] = []
    /// What every instrument is called.
    package internal(set) var names: InstrumentNames
    /// What happened on the markets, as far as it is remembered.
    package internal(set) var market: MarketRecord
    var hub: ChannelHub
    /// What was counted over all accounts last, by the method that asked.
    var surveys: [String: SurveyAnswer] = [:]
    /// The reference, made once.
    private(set) lazy var reference: Frame = OpenAPIDocument.bytes(
        of: MethodTable.all, version: configuration.version)
    /// Where the certificates of margin calls are kept; nowhere, unless the node says so.
    package var certificates: CertificateSource = { _, _ in nil }
    /// The private side: credentials, and what is remembered of accounts.
    package let desk: AccountDesk

    /// A gateway whose read model is built from the ledger.
    ///
    /// - Throws: `JSONFault.noMemory`.
    package init(
        _ configuration: GatewayConfiguration, desk settings: DeskSettings = DeskSettings(),
        ledger: Ledger
    ) throws(JSONFault) {
        self.configuration = configuration
        parser = try JSONParser(JSONParser.Limits(bytes: configuration.messageBytes))
        var methods: [String: Method] = [:]
        for method in MethodTable.all { methods[method.name] = method }
        self.methods = methods
        names = InstrumentNames(ledger.catalogue)
        market = MarketRecord(ledger, configuration)
        hub = ChannelHub(configuration)
        desk = AccountDesk(settings, chain: ledger.chain)
    }

    /// What is to be done since the last time, in order.
    package func drain() -> [Action] {
        let drained = actions
        actions.removeAll(keepingCapacity: true)
        return drained
    }

    func act(_ action: Action) { actions.append(action) }

    /// Does something once the call that runs is answered.
    func actAfterAnswer(_ action: Action) { following.append(action) }

    /// The call that ran is answered.
    func follow() {
        actions += following
        following.removeAll(keepingCapacity: true)
    }

    // MARK: Sessions

    /// A connection has been made.
    ///
    /// - Parameter origin: the remote address without its port.
    package func open(
        _ session: SessionIdentifier, transport: SessionTransport, origin: String, now: Timestamp
    ) {
        sessions[session] = Session(session, transport, origin: origin)
    }

    /// A connection is gone. What waits for it is not answered.
    package func close(_ session: SessionIdentifier, now: Timestamp) {
        guard let gone = sessions.removeValue(forKey: session) else { return }
        for channel in gone.channels { hub.unsubscribe(session, from: channel, now: now) }
        _ = desk.channels.unsubscribe(session, now: now)
        leave(session, now: now)
    }

    // MARK: Credits

    /// Takes the price of a call.
    ///
    /// - Throws: 10028 with the time to wait.
    func charge(
        _ cost: UInt64, _ session: Session, _ authority: Authority?, now: Timestamp
    ) throws(APIError) {
        let owner =
            authority.map { CreditOwner.credential($0.credential) } ?? .origin(session.origin)
        let terms = configuration.credits
        let wait = pools[owner, default: CreditPool(terms, now: now)].pay(cost, terms, now: now)
        if let wait { throw .wait(.tooManyRequests, wait) }
    }

    /// The number of the next ticket.
    func takeTicket() -> Ticket {
        defer { nextTicket += 1 }
        return Ticket(nextTicket)
    }
}
