/// A node that follows: it has the leader's blocks on its disk and their state in memory, serves
/// nothing but its own health, and can take the leader's place in the same process.

import Custody
import Foundation
import Replication
import Transport

/// A hot standby.
final class FollowerNode: Sendable {
    /// How following ended.
    enum End {
        case stopped
        /// The state to lead with, and the port to serve on.
        case takenOver(NodeState, port: UInt16)
    }

    let port: UInt16
    private let link: FollowerLink
    private let pages: NodePages
    private let service: FollowerService
    private let store: BlockStore
    private let verifier: NativeVerifier
    private let log: Log

    /// Opens the port. Nothing is followed or answered before `run`.
    ///
    /// - Throws: `NodeFault`.
    init(
        _ configuration: NodeConfiguration, leader: Endpoint, secret: LinkSecret, state: NodeState,
        log: Log
    ) throws(NodeFault) {
        let store = state.store
        let session: FollowerSession<LedgerMachine>
        do throws(StorageFault) {
            session = try FollowerSession(store: store, machine: state.machine)
        } catch {
            throw .storage(error)
        }
        let monitor = LinkMonitor()
        let pages = NodePages(metrics: Metrics(), configuration: configuration) {
            monitor.gauges(store)
        }
        link = FollowerLink(
            leader, secret: secret, session: session, pages: pages, monitor: monitor, log: log)
        service = try FollowerService(configuration, pages: pages)
        port = service.port
        self.pages = pages
        self.store = store
        self.log = log
        verifier = state.verifier
    }

    /// Follows until `stop` or `takeOver`.
    ///
    /// - Throws: `NodeFault`; the store is closed.
    func run() throws(NodeFault) -> End {
        let threads = NodeThreads()
        let service = service
        threads.start("service") { service.run() }
        pages.enter(.following)
        let wish: FollowerLink.Wish
        do throws(NodeFault) {
            wish = try link.run()
        } catch {
            end(threads)
            do throws(StorageFault) {
                try store.close()
            } catch {
                log.write(.error, "store not closed in order", ["reason": "\(error)"])
            }
            throw error
        }
        end(threads)
        do throws(StorageFault) {
            switch wish {
            case .stop:
                try store.close()
                return .stopped
            case .takeOver:
                _ = try link.takeOver()
                let machine = link.session.machine
                return .takenOver(
                    NodeState(store: store, machine: machine, verifier: verifier), port: port)
            }
        } catch {
            throw .storage(error)
        }
    }

    private func end(_ threads: NodeThreads) {
        pages.enter(.stopping)
        service.stop()
        threads.join()
    }

    /// Ends in order; from any thread.
    func stop() { link.wish(.stop) }

    /// Takes the leader's place; from any thread.
    func takeOver() { link.wish(.takeOver) }
}
