/// The shells around `FollowerFeed` and `Follower`: they perform the actions on a store and a
/// machine. Bytes come in and go out; sockets, timers and secrets are for whoever owns a session.

package import Canonical

/// What a session has done with an event.
package struct SessionOutput: Sendable {
    /// Encoded messages for the other side, in order.
    package var messages: [[UInt8]] = []
    /// Leader: the highest height that the follower is now known to have on disk.
    package var acknowledged: UInt64?
    /// Leader: a higher term was met; no block may be made any more.
    package var stepDown: UInt64?
    /// Follower: the highest height stored by this event.
    package var stored: UInt64?
    /// Why the link is to be closed.
    package var closing: ReplicationRefusal?

    package init() {}

    fileprivate mutating func send(_ message: ReplicationMessage) {
        messages.append(message.canonicalBytes)
    }
}

extension ReplicationMessage {
    /// Whom a follower blames for bytes that are no message.
    package static let leader = "the leader"

    /// - Throws: `StorageFault.corrupted` where the bytes are no message.
    fileprivate init(received bytes: [UInt8], from peer: String) throws(StorageFault) {
        try self.init(stored: bytes, in: peer)
    }
}

/// A leader's end of the link to one follower.
package struct LeaderSession: Sendable {
    private var feed: FollowerFeed
    private let store: BlockStore
    private let term: UInt64

    /// - Parameter term: the one in which this node leads.
    package init(store: BlockStore, term: UInt64, window: UInt64 = 64) throws(StorageFault) {
        self.store = store
        self.term = term
        feed = FollowerFeed(
            chain: store.chain, term: term, tip: store.chainTip,
            firstBlock: try store.firstBlock, window: window)
    }

    /// Whether the link can be closed.
    package var isClosed: Bool { feed.isClosed }

    /// Blocks that the leader has and the follower is not known to have.
    package var lag: UInt64 { feed.lag }

    /// A message has come.
    ///
    /// - Throws: `StorageFault`: `.corrupted` where it is none; close the link then.
    package mutating func receive(_ bytes: [UInt8]) throws(StorageFault) -> SessionOutput {
        feed.pruned(below: try store.firstBlock)
        return try perform(
            feed.receive(try ReplicationMessage(received: bytes, from: "a follower")))
    }

    /// A block has been committed.
    package mutating func committed(_ tip: ChainTip) throws(StorageFault) -> SessionOutput {
        try perform(feed.committed(tip))
    }

    /// Nothing has come for a while.
    package mutating func timePassed() throws(StorageFault) -> SessionOutput {
        try perform(feed.timePassed())
    }

    private mutating func perform(
        _ actions: [FollowerFeed.Action]
    ) throws(StorageFault) -> SessionOutput {
        var output = SessionOutput()
        var queue = actions
        var place = 0
        while place < queue.count {
            switch queue[place] {
            case .send(let message): output.send(message)
            case .sendRecord(let height):
                output.send(.record(term: term, record: try store.record(at: height)))
            case .lookUp(let height): queue += feed.found(try store.hash(at: height), at: height)
            case .acknowledged(let height): output.acknowledged = height
            case .stepDown(let term): output.stepDown = term
            case .close(let reason): output.closing = reason
            }
            place += 1
        }
        return output
    }
}

/// A follower's end, with the store and the machine that follow.
package struct FollowerSession<Machine: StateMachine> {
    private var follower: Follower
    package let store: BlockStore
    /// Stands at the store's tip.
    package private(set) var machine: Machine

    /// - Parameter machine: at the tip of `store`.
    package init(store: BlockStore, machine: Machine) throws(StorageFault) {
        self.store = store
        self.machine = machine
        follower = Follower(chain: store.chain, tip: store.tip, term: try store.term)
    }

    package var phase: Follower.Phase { follower.phase }

    /// Blocks that the leader is known to have and this node has not.
    package var lag: UInt64 {
        follower.leaderHeight - min(follower.tip.height, follower.leaderHeight)
    }

    /// A link to a leader is there.
    package mutating func connected() throws(StorageFault) -> SessionOutput {
        try perform(follower.connected())
    }

    /// A message has come. When this returns, every block that the answers acknowledge is on disk.
    ///
    /// - Throws: `StorageFault`: `.corrupted` where it is no message, `.brokenChain` or `.diverged`
    ///   where the leader's blocks cannot be followed, or what the disk says. The session is over.
    package mutating func receive(_ bytes: [UInt8]) throws(StorageFault) -> SessionOutput {
        try perform(
            follower.receive(
                try ReplicationMessage(received: bytes, from: ReplicationMessage.leader)))
    }

    /// Nothing has come for a while.
    package mutating func timePassed() throws(StorageFault) -> SessionOutput {
        try perform(follower.timePassed())
    }

    /// Takes over; the store and the machine are for the caller to lead with.
    ///
    /// - Returns: the term of the blocks that this node makes from now on, stored.
    package mutating func takeOver() throws(StorageFault) -> UInt64 {
        _ = try perform(follower.takeOver())
        return follower.term
    }

    private mutating func perform(_ actions: [Follower.Action]) throws(StorageFault)
        -> SessionOutput
    {
        var output = SessionOutput()
        var queue = actions
        var place = 0
        while place < queue.count {
            switch queue[place] {
            case .send(let message): output.send(message)
            case .raiseTerm(let term): try store.raiseTerm(to: term)
            case .store(let record):
                try store.append(record, applyingTo: &machine)
                output.stored = record.header.height
                queue += follower.stored()
            case .stop(let reason): output.closing = reason
            case .mistrust(let fault): throw fault
            }
            place += 1
        }
        return output
    }
}
