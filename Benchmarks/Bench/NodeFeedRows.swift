/// Market data to many: a thousand subscribers of one book, each change to each of them, in order
/// and without a gap; and what WebSockets cost that only wait.

import Foundation
import Synchronization
import Yardstick

enum NodeFeedRows {
    private static let subscribers: UInt32 = 1_000
    private static let messages: UInt64 = 300_000
    private static let idle: UInt32 = 10_000
    /// Milliseconds between blocks, at least. Each block is one message to everybody.
    private static let interval = "2"

    static func all() -> [Result] { NodeRows.guarded("node.fanout") { try rows() } }

    private static func rows() throws -> [Row] {
        var setup = NodeSetup(folder: NodeProcess.folder("feed"))
        setup.accounts = 8
        setup.orders = 64
        setup.settings["block.interval-ms"] = interval
        let node = try NodeProcess(setup)
        defer { node.remove() }
        let bare = try BareFeedProcess(subscribers: Int(subscribers))
        defer { bare.stop() }
        let other = try hear(on: bare.port, channel: nil)
        let feed = try followed(node)
        return [
            .rate(
                "node.fanout", pieces: Double(feed.messages),
                (
                    Double(feed.nanoseconds),
                    Double(other.nanoseconds) * Double(feed.messages) / Double(other.messages)
                ), against: "the bare server, same frames", target: .atLeast(100_000),
                note: "raw book changes to 1,000 WebSocket subscribers, every change id checked"),
            try idleRow(node),
        ]
    }

    /// What subscribers hear while somebody moves quotes, so that the next block never has to wait
    /// for work.
    private static func followed(_ node: NodeProcess) throws -> yardstick_feed {
        let instrument = try NodeClient(node).firstInstrument()
        var load = try NodeLoad(node, accounts: 8, connections: 1, usedNonces: 2)
        load.isQuotingFirstMarket = true
        let mover = QuoteMover(load)
        mover.start()
        defer { mover.stop() }
        return try hear(on: node.port, channel: "book.\(instrument).raw")
    }

    /// - Parameter channel: nil where a connection is a subscription.
    private static func hear(on port: UInt16, channel: String?) throws -> yardstick_feed {
        guard let sockets = unsafe yardstick_sockets_open(port, subscribers) else {
            throw NodeProcessFault(reason: "\(subscribers) subscribers cannot connect")
        }
        defer { unsafe yardstick_sockets_close(sockets) }
        if let channel {
            let text =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"public/subscribe\",\"params\":"
                + "{\"channels\":[\"\(channel)\"]}}"
            for connection in 0..<subscribers {
                guard unsafe yardstick_sockets_tell(sockets, connection, text) == 0 else {
                    throw NodeProcessFault(reason: "a subscriber was cut off")
                }
            }
        }
        var feed = yardstick_feed()
        guard unsafe yardstick_sockets_follow(sockets, messages, &feed) == 0 else {
            throw NodeProcessFault(reason: "a subscriber was cut off after \(feed.messages)")
        }
        guard feed.gaps == 0 else { throw NodeProcessFault(reason: "\(feed.gaps) gaps") }
        return feed
    }

    private static func idleRow(_ node: NodeProcess) throws -> Row {
        let before = node.residentBytes
        guard let sockets = unsafe yardstick_sockets_open(node.port, idle) else {
            throw NodeProcessFault(reason: "\(idle) clients cannot connect")
        }
        defer { unsafe yardstick_sockets_close(sockets) }
        // The node must have taken in the last of them.
        _ = try NodeClient(node).firstInstrument()
        return Row(
            name: "node.idle", value: Double(node.residentBytes - before) / Double(idle),
            unit: "B", note: "resident memory of the node per idle WebSocket, 10,000 of them")
    }
}

/// A thread that moves quotes until it is stopped.
private final class QuoteMover: @unchecked Sendable {
    private var load: NodeLoad
    private let isOver = Atomic<Bool>(false)
    private let group = DispatchGroup()

    init(_ load: NodeLoad) { self.load = load }

    func start() {
        group.enter()
        Thread.detachNewThread { [self] in
            while !isOver.load(ordering: .relaxed) {
                let sent = try? load.run(
                    transactions: 100, commandsEach: 1, window: 8, resting: 0)
                if sent == nil { break }
            }
            group.leave()
        }
    }

    func stop() {
        isOver.store(true, ordering: .relaxed)
        group.wait()
    }
}
