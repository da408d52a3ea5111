/// What a node finds on disk when it starts.

import Custody
import Gateway
import JSON
import Ledger
import Replication
import Transport

/// The store and the ledger at its tip.
struct NodeState {
    let store: BlockStore
    let ledger: Ledger

    /// Opens the store, or makes one for a new chain, and brings the ledger to its tip.
    static func open(
        _ configuration: NodeConfiguration, _ genesis: Genesis, _ verifier: NativeVerifier,
        _ progress: (ReplayProgress) -> Void
    ) throws(NodeFault) -> NodeState {
        do throws(StorageFault) {
            var machine = LedgerMachine(genesis: genesis, verifier: verifier)
            if !BlockStore.exists(at: configuration.data) {
                try BlockStore.create(at: configuration.data, machine: machine)
            }
            var options = StoreOptions()
            options.leafBlocks = configuration.leavesEvery
            let store = try BlockStore(
                opening: configuration.data, chain: machine.chain, options: options)
            _ = try store.start(&machine, progress: progress)
            return NodeState(store: store, ledger: machine.ledger)
        } catch {
            throw .storage(error)
        }
    }

    /// The gateway over the ledger, with what the last blocks did.
    static func gateway(
        _ configuration: NodeConfiguration, _ state: NodeState, _ credentials: CredentialVault?
    ) throws(NodeFault) -> Gateway {
        do throws(JSONFault) {
            var settings = GatewayConfiguration()
            settings.messageBytes = configuration.messageBytes
            let gateway = try Gateway(settings, ledger: state.ledger, credentials: credentials)
            return gateway
        } catch {
            throw .gateway("the gateway cannot start: \(error)")
        }
    }
}
