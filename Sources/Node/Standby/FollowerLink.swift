/// The follower's link to its leader: connects, proves that it may, takes blocks, acknowledges
/// them, and connects again when the link breaks, until somebody wishes for something else.
///
///              opened             proofs are right          link breaks
///     waiting ───────▶ proving ─────────────────▶ following ───────────▶ waiting
///
/// One thread runs it; wishes come from any.

import Canonical
import Foundation
import Replication
import Synchronization
import Transport

/// What is known of the link, for monitors.
final class LinkMonitor: Sendable {
    private let state = Mutex<(isFollowing: Bool, lag: UInt64)>((false, 0))

    func note(isFollowing: Bool, lag: UInt64) { state.withLock { $0 = (isFollowing, lag) } }

    func gauges(_ store: BlockStore) -> [Gauge] {
        let (isFollowing, lag) = state.withLock { $0 }
        return [
            Gauge("rampart_height", "Height of the last block.", Double(store.chainTip.height)),
            Gauge(
                "rampart_following", "Whether the link to the leader stands.", isFollowing ? 1 : 0),
            Gauge(
                "rampart_follower_lag", "Blocks that the leader has and this node has not.",
                Double(lag)),
        ] + NodeGauges.store(store) + NodeGauges.process()
    }
}

/// Follows one leader.
final class FollowerLink: @unchecked Sendable {
    /// Why the link is given up in good order.
    enum Wish: Sendable {
        case stop
        case takeOver
    }

    private enum Phase {
        case waiting
        /// The leader's challenge is awaited.
        case asked
        /// The leader's proof is awaited.
        case proving(leader: [UInt8], own: [UInt8])
        case following
    }

    /// Seconds between two attempts, at first and at most.
    private static let pauses: (first: TimeInterval, most: TimeInterval) = (0.1, 2)
    /// Bytes of the largest message, which holds a block and what came of it.
    private static let messageBytes = 256 << 20

    private let endpoint: Endpoint
    private let secret: LinkSecret
    private let pages: NodePages
    private let log: Log
    private let monitor: LinkMonitor

    // Only on the thread of `run`, and after its end.
    private(set) var session: FollowerSession<LedgerMachine>
    private var phase = Phase.waiting
    private var fault: NodeFault?
    private var reason = ""

    private let condition = NSCondition()
    // Both only under the lock.
    private var wish: Wish?
    private var client: WebSocketClient?

    init(
        _ endpoint: Endpoint, secret: LinkSecret, session: FollowerSession<LedgerMachine>,
        pages: NodePages, monitor: LinkMonitor, log: Log
    ) {
        self.endpoint = endpoint
        self.secret = secret
        self.session = session
        self.pages = pages
        self.monitor = monitor
        self.log = log
    }

    /// Has `run` return soon; from any thread. To stop goes before anything else.
    func wish(_ new: Wish) {
        condition.lock()
        if wish == nil || new == .stop { wish = new }
        let current = client
        condition.broadcast()
        condition.unlock()
        current?.abandon()
    }

    /// Follows until somebody wishes for something else.
    ///
    /// - Throws: `NodeFault` where the leader's chain cannot be followed or a block not be stored.
    func run() throws(NodeFault) -> Wish {
        var pause = FollowerLink.pauses.first
        var told = ""
        while true {
            if let wish = try attempt() { return wish }
            if let fault { throw fault }
            if case .following = phase { pause = FollowerLink.pauses.first }
            monitor.note(isFollowing: false, lag: session.lag)
            if reason != told {
                log.write(.warning, "no link to the leader", ["reason": reason])
                told = reason
            }
            if let wish = rest(pause) { return wish }
            pause = min(pause * 2, FollowerLink.pauses.most)
        }
    }

    /// One connection from its beginning to its end.
    private func attempt() throws(NodeFault) -> Wish? {
        phase = .waiting
        reason = ""
        let client: WebSocketClient
        do throws(TransportFault) {
            client = try WebSocketClient(endpoint, mostMessageBytes: FollowerLink.messageBytes) {
                [weak self] in self?.hear($0)
            }
        } catch {
            throw .transport(error)
        }
        condition.lock()
        self.client = client
        let already = wish
        condition.unlock()
        if let already { return already }
        client.run()
        condition.lock()
        defer { condition.unlock() }
        self.client = nil
        return wish
    }

    /// Waits before the next attempt.
    private func rest(_ seconds: TimeInterval) -> Wish? {
        condition.lock()
        defer { condition.unlock() }
        if wish == nil { _ = condition.wait(until: Date(timeIntervalSinceNow: seconds)) }
        return wish
    }

    private func send(_ messages: [[UInt8]]) {
        condition.lock()
        let client = client
        condition.unlock()
        for message in messages { client?.send(message, isText: false) }
    }

    private func close(_ reason: String) {
        self.reason = reason
        condition.lock()
        let client = client
        condition.unlock()
        client?.close()
    }

    private func hear(_ event: WebSocketClient.Event) {
        switch event {
        case .opened: phase = .asked
        case .received(let message, _): received(message)
        case .closed(let code, let why):
            // What this side has found is the cause, where it has found something.
            if reason.isEmpty { reason = why + (code.map { " (\($0))" } ?? "") }
        }
    }

    private func received(_ message: [UInt8]) {
        guard fault == nil else { return }
        switch phase {
        case .waiting: break
        case .asked:
            guard message.count == LinkSecret.challengeBytes else {
                return close("what answers there is no leader of ours")
            }
            let own = LinkSecret.challenge()
            phase = .proving(leader: message, own: own)
            send([own + secret.proof(of: .follower, leader: message, follower: own)])
        case .proving(let leader, let own):
            guard secret.isValid(message, of: .leader, leader: leader, follower: own) else {
                return close("the leader does not have our secret")
            }
            phase = .following
            log.write(
                .info, "following", ["height": "\(session.store.chainTip.height)"])
            perform { () throws(StorageFault) in try session.connected() }
        case .following:
            perform { () throws(StorageFault) in try session.receive(message) }
        }
    }

    /// Does what the session asks for.
    private func perform(_ event: () throws(StorageFault) -> SessionOutput) {
        do throws(StorageFault) {
            let output = try event()
            send(output.messages)
            pages.noteBlock()
            monitor.note(isFollowing: true, lag: session.lag)
            if let refusal = output.closing {
                fault = .notFollowed(refusal)
                close("\(refusal)")
            }
        } catch {
            if case .corrupted(ReplicationMessage.leader, _) = error {
                return close(error.description)
            }
            fault = .storage(error)
            close(error.description)
        }
    }

    /// Takes over, when `run` has returned.
    ///
    /// - Returns: the term in which this node leads from now on, which is on disk.
    func takeOver() throws(StorageFault) -> UInt64 { try session.takeOver() }
}
