/// The follower's side: which blocks it takes, what it promises, and how it takes over. No input or
/// output happens here: events come in, actions go out, and a shell (`FollowerSession`) performs
/// them in order, each on disk before the next.
///
/// Why a takeover loses nothing: a follower raises its term on disk before it leads, and from then
/// on takes no block of a lower term. So an old leader that waits for this follower can have no
/// further block acknowledged, and what was acknowledged before is on this follower's disk.

package import Canonical

/// The state of a follower.
package struct Follower: Sendable {
    /// What the shell must do, in order.
    package enum Action: Equatable, Sendable {
        case send(ReplicationMessage)
        /// Apply and store the block, then call `stored`.
        case store(BlockRecord)
        /// Store the promised term.
        case raiseTerm(UInt64)
        /// The stream is over. A fork, a pruned or another chain is for an operator.
        case stop(ReplicationRefusal)
        /// What the leader sent is no chain: its fault, and its blocks are not taken.
        case mistrust(StorageFault)
    }

    /// What a follower is doing.
    package enum Phase: Equatable, Sendable {
        /// It has said hello, or waits for a link.
        case joining
        /// Blocks come.
        case following
        /// It has taken over.
        case leading
        /// It has stopped for good.
        case stopped
    }

    private let chain: Digest
    private var last: BlockHeader?
    /// The block that the shell is storing.
    private var storing: BlockHeader?
    /// The promised term: nothing of a lower one is taken.
    package private(set) var term: UInt64
    package private(set) var phase = Phase.joining
    /// The leader's tip as last heard.
    package private(set) var leaderHeight: UInt64 = 0

    /// - Parameters:
    ///   - tip: the last stored header; nil before the first block.
    ///   - term: the promised term, as stored.
    package init(chain: Digest, tip: BlockHeader?, term: UInt64) {
        self.chain = chain
        last = tip
        self.term = max(term, tip?.term ?? 0)
    }

    /// Where the follower stands.
    package var tip: ChainTip { ChainTip(height: last?.height ?? 0, hash: last?.hash ?? chain) }

    private var hello: Action {
        .send(
            .hello(version: ReplicationMessage.version, chain: chain, term: term, tip: tip))
    }

    private func acknowledgement(isBehind: Bool) -> Action {
        .send(.acknowledgement(term: term, tip: tip, isBehind: isBehind))
    }

    /// A link to a leader is there.
    package mutating func connected() -> [Action] {
        guard phase != .leading, phase != .stopped else { return [] }
        phase = .joining
        return [hello]
    }

    /// Nothing has come from the leader for a while.
    package mutating func timePassed() -> [Action] {
        switch phase {
        case .joining: [hello]
        case .following: [acknowledgement(isBehind: false)]
        case .leading, .stopped: []
        }
    }

    /// A message of the leader has come.
    package mutating func receive(_ message: ReplicationMessage) -> [Action] {
        guard phase != .stopped else { return [] }
        guard message.term >= term, phase != .leading else {
            return [.send(.refusal(term: term, reason: .staleTerm(promised: term)))]
        }
        var actions: [Action] = []
        if message.term > term {
            term = message.term
            actions.append(.raiseTerm(term))
        }
        switch message {
        case .record(_, let record): actions += take(record)
        case .heartbeat(_, let tip):
            phase = .following
            leaderHeight = max(leaderHeight, tip.height)
            actions.append(acknowledgement(isBehind: false))
        case .refusal(_, let reason):
            phase = .stopped
            actions.append(.stop(reason))
        case .hello, .acknowledgement: break
        }
        return actions
    }

    private mutating func take(_ record: BlockRecord) -> [Action] {
        let header = record.header
        guard storing == nil else { return [] }
        leaderHeight = max(leaderHeight, header.height)
        phase = .following
        let height = last?.height ?? 0
        guard header.height <= height + 1 else { return [acknowledgement(isBehind: true)] }
        guard header.height == height + 1 else {
            // One of long ago, which the link repeated, or another block where one is already.
            return header.height == height && header != last
                ? refuse(.fork(height: height)) : [acknowledgement(isBehind: false)]
        }
        guard let fault = record.fault(following: last, on: chain) else {
            guard header.term <= term else {
                return mistrust(.staleTerm(promised: header.term, found: term))
            }
            storing = header
            return [.store(record)]
        }
        switch fault {
        case .chain: return refuse(.wrongChain(chain))
        case .previous: return refuse(.fork(height: height))
        case .height, .term, .time, .payload:
            return mistrust(.brokenChain(height: header.height, fault: fault))
        }
    }

    private mutating func refuse(_ reason: ReplicationRefusal) -> [Action] {
        phase = .stopped
        return [.send(.refusal(term: term, reason: reason)), .stop(reason)]
    }

    private mutating func mistrust(_ fault: StorageFault) -> [Action] {
        phase = .stopped
        return [.mistrust(fault)]
    }

    /// The block of the last `store` is applied and on disk.
    package mutating func stored() -> [Action] {
        guard let header = storing else { return [] }
        last = header
        storing = nil
        return [acknowledgement(isBehind: false)]
    }

    /// Takes over: from now on this node leads, in a term of its own. Its operator has made sure
    /// that clients come here; what the old leader still sends is refused.
    ///
    /// - Returns: what must be on disk before the first own block.
    package mutating func takeOver() -> [Action] {
        guard phase != .leading else { return [] }
        term += 1
        phase = .leading
        return [.raiseTerm(term)]
    }
}
