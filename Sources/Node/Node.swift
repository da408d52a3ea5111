/// A node: the ledger, its store, the sequencer, admission and the API, put together. It starts by
/// bringing the state back from disk, and serves when the root has been checked.
///
///     sockets ─▶ service thread (Gateway) ─▶ mempool ─▶ signature checks ─▶ engine ─▶ disk
///        ▲                                                                     │
///        └───────────────────────────── committed blocks ◀─────────────────────┘

import Breakers
import Canonical
import Catalogue
import Cryptography
import Custody
package import FixedPoint
import Foundation
package import Gateway
package import Ledger
package import Oracle
package import Replication
import Synchronization
package import Transport

/// Why a node does not start or goes down.
package enum NodeFault: Error, CustomStringConvertible, Sendable {
    case storage(StorageFault)
    case transport(TransportFault)
    case gateway(String)
    /// The leader's chain cannot be followed from here.
    case notFollowed(ReplicationRefusal)

    package var description: String {
        switch self {
        case .storage(let fault): "\(fault). \(fault.advice)"
        case .transport(let fault): "\(fault)"
        case .gateway(let reason): reason
        case .notFollowed(let refusal): "the leader cannot be followed: \(refusal.advice)"
        }
    }

    /// The exit code of a program that ends with it.
    var exit: Int32 {
        switch self {
        case .storage(let fault): fault.exit
        case .transport, .gateway: ExitCode.unavailable
        case .notFollowed: ExitCode.badInput
        }
    }
}

/// One node in this process.
package final class Node: Sendable {
    /// The ledger, for whoever lives in the same process.
    package let gate: LedgerGate
    package let metrics: Metrics
    /// The port that is listened on.
    package let port: UInt16
    let store: BlockStore
    let admission: Admission
    let observations: ObservationPool
    let verifier: NativeVerifier
    let clock: NodeClock
    private let log: Log
    private let mempool: Mempool
    private let checks: SignatureChecks
    private let engine: Engine
    private let pages: NodePages
    private let inbox: ServiceInbox
    private let service: ServiceHandle
    private let history: NodeHistory?
    private let threads = NodeThreads()

    /// Brings the state back and opens the port. Nothing is served before `start`.
    ///
    /// - Parameters:
    ///   - credentials: whose agents the API may sign with.
    ///   - clock: the world's time, or a faster one in a demonstration.
    /// - Throws: `NodeFault`.
    package convenience init(
        _ configuration: NodeConfiguration, genesis: Genesis,
        credentials: consuming CredentialVault,
        log: Log, clock: NodeClock = .world, progress: (ReplayProgress) -> Void = { _ in }
    ) throws(NodeFault) {
        try self.init(
            configuration, state: try NodeState.open(configuration, genesis, progress),
            secret: nil, credentials: credentials, log: log, clock: clock)
    }

    /// Opens the port over a state that stands at its tip. Nothing is served before `start`.
    ///
    /// - Parameter secret: what followers must have; nil where nobody may follow.
    /// - Throws: `NodeFault`.
    init(
        _ configuration: NodeConfiguration, state: NodeState, secret: LinkSecret?,
        credentials: consuming CredentialVault, log: Log, clock: NodeClock = .world
    ) throws(NodeFault) {
        state.ledger.collectsEvidence = true
        let metrics = Metrics()
        let (verifier, store) = (state.verifier, state.store)
        let gate = LedgerGate(state.ledger)
        let mempool = Mempool(
            limits: MempoolLimits(transactions: configuration.queueTransactions))
        let observations = ObservationPool()
        let inbox = ServiceInbox()
        let history = NodeHistory.make(configuration, state, inbox, log)
        let (statistics, figures) = (TransportFigures(), FollowerFigures())
        let figuresOfLedger = LastGauges(state.ledger)
        let term = try state.term
        let followers = AcknowledgementWait(
            isNeeded: configuration.isSynchronous, term: term, height: store.chainTip.height)
        if followers.isNeeded { gate.hold() }
        let pages = NodePages(
            metrics: metrics, configuration: configuration,
            released: { figuresOfLedger.refresh(gate) }
        ) {
            statistics.gauges + figures.gauges + Node.gauges(mempool: mempool, store: store)
                + NodeGauges.backups(configuration) + figuresOfLedger.read(gate)
                + (history?.gauges ?? [])
        }
        let engine = Engine(
            gate: gate, store: store, mempool: mempool, observations: observations,
            verifier: verifier, pace: BlockPace(configuration), clock: clock, metrics: metrics,
            followers: followers, tell: { inbox.put($0) },
            publish: Node.publisher(pages, inbox, history?.keeper),
            prunable: { history?.keeper.neededFrom ?? .max },
            certify: Node.certifier(CertificateFolder(data: configuration.data), log))
        mempool.onReady = { engine.wake() }
        observations.onReady = { engine.wake() }
        let hub = FollowerHub(
            secret: secret, store: store, term: term, wait: followers, figures: figures, log: log,
            deposed: Node.deposition(gate, followers, engine))
        checks = SignatureChecks(
            mempool: mempool, verifier: verifier, limits: CommandLimits(configuration),
            metrics: metrics
        ) { inbox.put(.refused($0)) }
        let admission = Admission(mempool: mempool, metrics: metrics)
        let gateway = try NodeState.gateway(configuration, state, credentials)
        service = try ServiceHandle(
            configuration,
            NodeService(
                gate: gate, gateway: gateway, admission: admission, observations: observations,
                inbox: inbox, pages: pages, figures: statistics, clock: clock, hub: hub,
                history: history?.desk, log: log))
        port = service.port
        (self.gate, self.metrics, self.verifier, self.store) = (gate, metrics, verifier, store)
        (self.mempool, self.observations, self.engine) = (mempool, observations, engine)
        (self.admission, self.pages, self.inbox) = (admission, pages, inbox)
        (self.history, self.clock, self.log) = (history, clock, log)
    }

    /// Tells the service of a block, and returns when the gateway has taken it in.
    private static func publisher(
        _ pages: NodePages, _ inbox: ServiceInbox, _ keeper: HistoryKeeper?
    ) -> @Sendable (CommittedBlock) -> Void {
        { block in
            pages.noteBlock()
            keeper?.note(block.outcome.height)
            let seen = DispatchSemaphore(value: 0)
            inbox.put(.committed(block, seen: seen))
            seen.wait()
        }
    }

    /// Writes the certificates of a block. A disk that takes none stops no block: the same files
    /// can be made again from the chain (`rampart certificate`).
    private static func certifier(_ folder: CertificateFolder, _ log: Log) -> Certify {
        { outcome, ledger, before, header in
            do throws(CommandFault) {
                _ = try folder.write(outcome, of: ledger, before: before, header: header)
            } catch {
                log.write(
                    .error, "certificates not written",
                    ["height": "\(header.height)", "reason": error.message])
            }
        }
    }

    /// What happens when another node has promised a higher term: it serves the clients, and this
    /// one tells nobody anything any more.
    private static func deposition(
        _ gate: LedgerGate, _ followers: AcknowledgementWait, _ engine: Engine
    ) -> @Sendable (UInt64) -> Void {
        { promised in
            gate.close()
            followers.depose(promised: promised)
            engine.halt()
        }
    }

    /// Starts to serve and to make blocks; returns at once.
    package func start() {
        let (service, inbox, checks, engine) = (service, inbox, checks, engine)
        let (mempool, pages, log, history) = (mempool, pages, log, history)
        inbox.connect { service.wake() }
        threads.start("service") { service.run() }
        threads.start("signatures") { checks.run() }
        history?.start(on: threads)
        threads.start("engine") { [threads] in
            do throws(StorageFault) {
                try engine.run()
            } catch {
                log.write(.error, "no more blocks", ["reason": "\(error)"])
                threads.fail(.storage(error))
            }
            pages.enter(.stopping)
            mempool.stop()
            history?.stop()
            inbox.put(.stop)
        }
        pages.enter(.leading)
    }

    /// Ends in order: no new transactions, blocks for those that wait, then the sockets.
    package func stop() {
        pages.enter(.stopping)
        mempool.stop()
        engine.stop()
    }

    /// Returns when everything has ended.
    ///
    /// - Throws: `NodeFault` where the node did not end because it was told to.
    package func wait() throws(NodeFault) {
        threads.join()
        do throws(StorageFault) {
            try store.close()
        } catch {
            threads.fail(.storage(error))
        }
        if let fault = threads.fault { throw fault }
    }

    private static func gauges(mempool: Mempool, store: BlockStore) -> [Gauge] {
        let waiting = mempool.occupancy
        return [
            Gauge(
                "rampart_height", "Height of the last block.", Double(store.chainTip.height)),
            Gauge("rampart_term", "Term of the last block.", Double(store.tip?.term ?? 0)),
            Gauge(
                "rampart_unverified", "Transactions whose signature is to be checked.",
                Double(waiting.unverified)),
            Gauge(
                "rampart_waiting", "Transactions that wait for a block.", Double(waiting.ready)),
            Gauge("rampart_waiting_bytes", "Bytes of all that waits.", Double(waiting.bytes)),
        ] + NodeGauges.store(store) + NodeGauges.process()
    }

    // For those who live in the same process.

    /// A signed transaction; whoever sends it hears nothing of it.
    package func submit(_ transaction: [UInt8]) {
        gate.enter { ledger in
            do throws(AdmissionRefusal) {
                try admission.admit(
                    transaction, ticket: Ticket(0), ledger: ledger, now: clock.now())
            } catch {
                log.write(.debug, "not admitted", ["reason": "\(error)"])
            }
        }
    }

    /// A publisher's signed prices.
    package func submit(_ bundle: ObservationBundle) {
        let statement = gate.enter { ledger in
            SignedStatement(
                key: ledger.genesis.publishers[Int(bundle.publisher.number)].key,
                message: SignedMessage(
                    label: .observation, bundle.signedBytes(chain: ledger.chain)),
                signature: bundle.signature)
        }
        guard verifier.verify([statement]) == [true] else { return }
        observations.insert(PendingBundle(bundle, statement))
    }

    /// Makes a block of a time that has passed, before the node starts.
    ///
    /// - Throws: `NodeFault` where it cannot be written.
    package func preload(
        at time: Timestamp, observations: [ObservationBundle], transactions: [[UInt8]]
    ) throws(NodeFault) {
        do throws(StorageFault) {
            let block = try engine.preload(
                at: time, observations: observations, transactions: transactions)
            service.publish(block)
            history?.keeper.note(block.outcome.height)
        } catch {
            throw .storage(error)
        }
    }
}
