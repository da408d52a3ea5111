/// What a node finds on disk when it starts.

import Canonical
import Custody
import Gateway
import History
import JSON
import Ledger
import Replication
import Transport

/// The store and the machine at its tip.
struct NodeState {
    let store: BlockStore
    let machine: LedgerMachine
    let verifier: NativeVerifier

    var ledger: Ledger { machine.ledger }

    /// Opens the store, or makes one for a new chain, and brings the ledger to its tip.
    static func open(
        _ configuration: NodeConfiguration, _ genesis: Genesis,
        _ progress: (ReplayProgress) -> Void
    ) throws(NodeFault) -> NodeState {
        let verifier = NativeVerifier(workers: configuration.workers)
        do throws(StorageFault) {
            var machine = LedgerMachine(genesis: genesis, verifier: verifier)
            if !BlockStore.exists(at: configuration.data) {
                try BlockStore.create(at: configuration.data, machine: machine)
            }
            var options = StoreOptions()
            options.leafBlocks = configuration.leavesEvery
            if configuration.keepBlocks > 0 {
                options.keptBlocks = UInt64(configuration.keepBlocks)
            }
            let store = try BlockStore(
                opening: configuration.data, chain: machine.chain, options: options)
            _ = try store.start(&machine, progress: progress)
            return NodeState(store: store, machine: machine, verifier: verifier)
        } catch {
            throw .storage(error)
        }
    }

    /// The term of the next block.
    var term: UInt64 {
        get throws(NodeFault) {
            do throws(StorageFault) {
                return try store.term
            } catch {
                throw .storage(error)
            }
        }
    }

    /// The gateway over the ledger, with what the last blocks did.
    static func gateway(
        _ configuration: NodeConfiguration, _ state: NodeState,
        _ credentials: consuming CredentialVault
    ) throws(NodeFault) -> Gateway {
        let gateway: Gateway
        do throws(JSONFault) {
            var settings = GatewayConfiguration()
            settings.messageBytes = configuration.messageBytes
            settings.credits = CreditTerms(
                capacity: UInt64(configuration.credits),
                refill: UInt64(configuration.creditsPerSecond))
            settings.pendingPerSession = configuration.waitingRequests
            if configuration.history != .nowhere { settings.historyQuestions = HistoryDesk.limit }
            gateway = try Gateway(settings, ledger: state.ledger)
        } catch {
            throw .gateway("the gateway cannot start: \(error)")
        }
        gateway.desk.install(credentials, ledger: nil)
        let folder = CertificateFolder(data: configuration.data)
        gateway.certificates = { folder.kept(of: $0, at: $1) }
        do throws(StorageFault) {
            try state.forEachRecentBlock { gateway.restore($0, ledger: state.ledger) }
        } catch {
            throw .storage(error)
        }
        gateway.finishRestoring(ledger: state.ledger)
        return gateway
    }

    /// Blocks whose events the API remembers after a start, at most.
    private static let rememberedBlocks: UInt64 = 20_000

    private func forEachRecentBlock(
        _ body: (CommittedBlock) -> Void
    ) throws(StorageFault) {
        let tip = store.chainTip.height
        let first = try max(
            store.firstBlock,
            tip > NodeState.rememberedBlocks ? tip - NodeState.rememberedBlocks : 1)
        guard first <= tip else { return }
        for height in first...tip {
            let record = try store.record(at: height)
            guard let outcome = try? EncodedOutcome(canonicalBytes: record.outcome),
                let block = try? Block(canonicalBytes: record.block)
            else {
                throw .corrupted(file: store.path, reason: "block \(height) cannot be read")
            }
            body(
                CommittedBlock(
                    outcome: BlockOutcome(
                        height: height, receipts: outcome.receipts,
                        firstEvent: outcome.firstEvent, events: outcome.events,
                        funding: outcome.funding, root: record.header.root),
                    time: record.header.time, transactions: block.transactions))
        }
    }
}
