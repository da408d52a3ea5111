/// The history of a node: who keeps it, who answers out of it, and what monitors are told of it.

import Canonical
import Gateway
import History
import Ledger
import Replication

/// Both threads of a history.
final class NodeHistory: Sendable {
    let keeper: HistoryKeeper
    let desk: HistoryDesk

    /// - Parameter inbox: where answers go.
    init(
        _ location: HistoryLocation, genesis: Genesis, blocks: BlockStore, inbox: ServiceInbox,
        log: Log
    ) {
        keeper = HistoryKeeper(location, genesis: genesis, blocks: blocks, log: log)
        desk = HistoryDesk(location, chain: genesis.chain, keeper: keeper, log: log) {
            inbox.put(.answered($0, $1))
        }
    }

    /// Nil where the configuration wants none.
    static func make(
        _ configuration: NodeConfiguration, _ state: NodeState, _ inbox: ServiceInbox, _ log: Log
    ) -> NodeHistory? {
        guard configuration.history != .nowhere else { return nil }
        return NodeHistory(
            configuration.history, genesis: state.ledger.genesis, blocks: state.store,
            inbox: inbox, log: log)
    }

    func start(on threads: NodeThreads) {
        threads.start("history") { self.keeper.run() }
        threads.start("history reader") { self.desk.run() }
    }

    /// Lets the history catch up, for a while.
    func stop() {
        keeper.stop()
        desk.stop()
    }

    var gauges: [Gauge] {
        let (height, tip, stage) = keeper.standing
        let isKept =
            switch stage {
            case .opening, .keeping: true
            case .waiting, .refused: false
            }
        return [
            Gauge("rampart_history_height", "The last block in the history.", Double(height)),
            Gauge(
                "rampart_history_lag", "Blocks that the history is behind.",
                Double(tip - min(tip, height))),
            Gauge(
                "rampart_history_up", "Whether the history's database can be written.",
                isKept ? 1 : 0),
        ]
    }
}
