/// A node: the ledger, its store, the sequencer, admission and the API, put together. It starts by
/// bringing the state back from disk, and serves when the root has been checked.
///
///     sockets ─▶ service thread (Gateway) ─▶ mempool ─▶ signature checks ─▶ engine ─▶ disk
///        ▲                                                                     │
///        └───────────────────────────── committed blocks ◀─────────────────────┘

package import Canonical
import Cryptography
import Custody
package import FixedPoint
import Foundation
package import Gateway
package import Ledger
package import Oracle
package import Replication
package import Transport

/// Why a node does not start or goes down.
package enum NodeFault: Error, CustomStringConvertible, Sendable {
    case storage(StorageFault)
    case transport(TransportFault)
    case gateway(String)

    package var description: String {
        switch self {
        case .storage(let fault): "\(fault)"
        case .transport(let fault): "\(fault)"
        case .gateway(let reason): reason
        }
    }
}

/// One node in this process.
package final class Node: @unchecked Sendable {
    package let configuration: NodeConfiguration
    package let log: Log
    package let metrics = Metrics()
    /// The ledger, for whoever lives in the same process.
    package let gate: LedgerGate
    let clock: NodeClock
    let store: BlockStore
    let gateway: Gateway
    let mempool: Mempool
    let observations = ObservationPool()
    let verifier: NativeVerifier
    let inbox = ServiceInbox()
    let engine: Engine
    let pages: NodePages
    private let service: NodeService
    private let server: Server
    private let threads = DispatchGroup()
    private let failure = Mutex<NodeFault?>(nil)

    /// Brings the state back and opens the port. Nothing is served before `start`.
    ///
    /// - Parameters:
    ///   - credentials: whose agents the API may sign with; nil where it only shows markets and takes
    ///     signed transactions.
    ///   - clock: the world's time, or a faster one in a demonstration.
    /// - Throws: `NodeFault`.
    package init(
        _ configuration: NodeConfiguration, genesis: Genesis, credentials: CredentialVault?,
        log: Log, clock: NodeClock = .world, progress: (ReplayProgress) -> Void = { _ in }
    ) throws(NodeFault) {
        self.configuration = configuration
        self.log = log
        self.clock = clock
        let verifier = NativeVerifier(workers: configuration.workers)
        self.verifier = verifier
        let opened = try Node.open(configuration, genesis, verifier, progress)
        store = opened.store
        let gate = LedgerGate(opened.ledger)
        self.gate = gate
        do {
            gateway = try Gateway(GatewayConfiguration(configuration), ledger: opened.ledger)
        } catch {
            throw .gateway("the gateway cannot start: \(error)")
        }
        mempool = Mempool(limits: MempoolLimits(transactions: configuration.queueTransactions))
        (engine, pages, service, server) = try Node.assemble(self)
    }
}
