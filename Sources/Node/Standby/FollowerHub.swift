/// The leader's side of all its followers: who they are, what they are sent, what they have. It
/// lives on the service thread, beside the API; engine and service meet in `AcknowledgementWait`.

import Canonical
import Foundation
import Replication
import Synchronization
import Transport

/// What is known of followers, for monitors.
final class FollowerFigures: Sendable {
    private let state = Mutex<(followers: Int, lag: UInt64)>((0, 0))

    func set(followers: Int, lag: UInt64) { state.withLock { $0 = (followers, lag) } }

    var gauges: [Gauge] {
        let (followers, lag) = state.withLock { $0 }
        return [
            Gauge("rampart_followers", "Followers with a link.", Double(followers)),
            Gauge(
                "rampart_followers_lag", "Blocks that the follower furthest behind lacks.",
                Double(lag)),
        ]
    }
}

/// The followers of a leader.
final class FollowerHub {
    private enum Link {
        /// It has been asked for its proof and has until then, in nanoseconds.
        case challenged([UInt8], until: UInt64)
        /// `heard` is when it last said something, in nanoseconds.
        case trusted(LeaderSession, heard: UInt64)
    }

    /// Where followers connect to.
    static let path = "/replication"
    /// Most links at a time, those without proof included.
    private static let most = 16
    /// Bytes that may wait for a follower: some of the largest blocks.
    private static let queuedBytes = 256 << 20
    /// Blocks that are sent ahead of their acknowledgement.
    private static let window: UInt64 = 32
    /// Nanoseconds until a proof is there, and after which a silent follower is asked again.
    private static let patience: UInt64 = 5_000_000_000
    /// Close codes, RFC 6455, 7.4.1.
    private enum Close {
        static let refused: UInt16 = 1008
        static let unable: UInt16 = 1011
    }

    private let secret: LinkSecret?
    private let store: BlockStore
    private let term: UInt64
    private let wait: AcknowledgementWait
    private let figures: FollowerFigures
    private let log: Log
    /// Hears of a higher term.
    private let deposed: @Sendable (UInt64) -> Void
    private var links: [ConnectionIdentifier: Link] = [:]
    weak var server: Server?

    /// - Parameter secret: nil where nobody may follow.
    init(
        secret: LinkSecret?, store: BlockStore, term: UInt64, wait: AcknowledgementWait,
        figures: FollowerFigures, log: Log, deposed: @escaping @Sendable (UInt64) -> Void
    ) {
        self.secret = secret
        self.store = store
        self.term = term
        self.wait = wait
        self.figures = figures
        self.log = log
        self.deposed = deposed
    }

    /// Whether a connection is one of a follower.
    func has(_ connection: ConnectionIdentifier) -> Bool { links[connection] != nil }

    /// A WebSocket to `path` stands.
    func opened(_ connection: ConnectionIdentifier, from address: String) {
        guard secret != nil else {
            return refuse(connection, "this node has no follow.token-file")
        }
        guard links.count < FollowerHub.most else { return refuse(connection, "too many") }
        let challenge = LinkSecret.challenge()
        links[connection] = .challenged(
            challenge, until: MonotonicTime.now + FollowerHub.patience)
        log.write(.debug, "follower asked for its proof", ["address": address])
        server?.send(Frame(binary: challenge), to: connection)
    }

    /// A message of a follower has come.
    func received(_ message: [UInt8], on connection: ConnectionIdentifier) {
        switch links[connection] {
        case .challenged(let challenge, _): prove(message, challenge, connection)
        case .trusted(var session, _):
            perform(on: connection) { () throws(StorageFault) in
                let output = try session.receive(message)
                links[connection] = .trusted(session, heard: MonotonicTime.now)
                return output
            }
        case nil: break
        }
    }

    private func prove(
        _ message: [UInt8], _ challenge: [UInt8], _ connection: ConnectionIdentifier
    ) {
        let own = Array(message.prefix(LinkSecret.challengeBytes))
        let proof = Array(message.dropFirst(LinkSecret.challengeBytes))
        guard let secret,
            secret.isValid(proof, of: .follower, leader: challenge, follower: own)
        else {
            log.write(.warning, "follower refused", ["reason": "its secret is not ours"])
            return refuse(connection, "the secrets differ")
        }
        perform(on: connection) { () throws(StorageFault) in
            links[connection] = .trusted(
                try LeaderSession(store: store, term: term, window: FollowerHub.window),
                heard: MonotonicTime.now)
            return nil
        }
        server?.allow(queuedBytes: FollowerHub.queuedBytes, for: connection)
        let answer = secret.proof(of: .leader, leader: challenge, follower: own)
        server?.send(Frame(binary: answer), to: connection)
        log.write(.info, "follower connected", ["link": "\(connection.number)"])
    }

    private func refuse(_ connection: ConnectionIdentifier, _ reason: String) {
        links[connection] = nil
        server?.close(connection, code: Close.refused, reason: reason)
    }

    func closed(_ connection: ConnectionIdentifier) {
        guard let link = links.removeValue(forKey: connection) else { return }
        wait.followerLeft(connection.number)
        if case .trusted = link {
            log.write(.warning, "follower gone", ["link": "\(connection.number)"])
        }
    }

    /// A block is on disk, and followers may not have heard of it.
    func committed() { if !links.isEmpty { committed(store.chainTip) } }

    /// A block is on disk.
    func committed(_ tip: ChainTip) {
        for (connection, link) in links {
            guard case .trusted(var session, let heard) = link else { continue }
            perform(on: connection) { () throws(StorageFault) in
                let output = try session.committed(tip)
                links[connection] = .trusted(session, heard: heard)
                return output
            }
        }
    }

    /// Looks after links that are silent.
    func tick() {
        let now = MonotonicTime.now
        var lag: UInt64 = 0
        for (connection, link) in links {
            switch link {
            case .challenged(_, let until):
                if now > until { refuse(connection, "no proof came") }
            case .trusted(var session, let heard):
                lag = max(lag, session.lag)
                guard now > heard + FollowerHub.patience else { continue }
                perform(on: connection) { () throws(StorageFault) in
                    let output = try session.timePassed()
                    links[connection] = .trusted(session, heard: now)
                    return output
                }
            }
        }
        figures.set(followers: links.count, lag: lag)
    }

    /// Does what a session asks for.
    private func perform(
        on connection: ConnectionIdentifier, _ event: () throws(StorageFault) -> SessionOutput?
    ) {
        do throws(StorageFault) {
            guard let output = try event() else { return }
            for message in output.messages {
                server?.send(Frame(binary: message), to: connection)
            }
            if let height = output.acknowledged { wait.follower(connection.number, has: height) }
            if let term = output.stepDown { deposed(term) }
            if let reason = output.closing {
                log.write(.warning, "follower refused", ["reason": "\(reason)"])
                server?.close(connection, code: Close.refused, reason: "\(reason)")
            }
        } catch {
            log.write(.warning, "follower dropped", ["reason": "\(error)"])
            server?.close(connection, code: Close.unable, reason: "no message of ours")
        }
    }
}
