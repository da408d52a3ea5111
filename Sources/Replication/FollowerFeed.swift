/// The leader's side of one follower: which blocks it is sent, and what it is known to have on
/// disk. No input or output happens here: events come in, actions go out, and a shell
/// (`LeaderSession`) performs them.
///
/// ```
///            hello                  found: same block
///  waiting ─────────▶ checking ───────────────────────▶ streaming
///     ▲                  │ found: another block, pruned    │ hello: checking again
///     │                  ▼                                 ▼
///     └──── (new link) closed ◀── a higher term, a refusal ┘
/// ```
///
/// What a follower acknowledges counts only when its hash is that of the leader's own block, so
/// that a follower on a fork never makes a block count as safe.

package import Canonical

/// The state of one follower's stream.
package struct FollowerFeed: Sendable {
    /// What the shell must do, in order.
    package enum Action: Equatable, Sendable {
        case send(ReplicationMessage)
        /// Read the record of this height and send it.
        case sendRecord(UInt64)
        /// Read the hash of the own header at this height and call `found`.
        case lookUp(UInt64)
        /// The follower has this height and everything before it on disk.
        case acknowledged(UInt64)
        /// A higher term has been promised elsewhere: this node must not make blocks any more.
        case stepDown(term: UInt64)
        /// The stream is over.
        case close(ReplicationRefusal)
    }

    private enum Phase: Equatable {
        case waiting
        case checking(ChainTip)
        case streaming
        case closed
    }

    private let chain: Digest
    private let term: UInt64
    private let window: UInt64
    private var tip: ChainTip
    private var firstBlock: UInt64
    private var phase = Phase.waiting
    /// The highest height that the follower has for sure.
    private var acknowledged: UInt64 = 0
    /// The next height to send, above `acknowledged`.
    private var next: UInt64 = 1
    /// Acknowledgements whose hash is not compared yet.
    private var claims: [ChainTip] = []

    /// - Parameters:
    ///   - term: the leader's.
    ///   - tip: the leader's last committed block.
    ///   - firstBlock: the lowest height whose block the leader keeps.
    ///   - window: the most blocks that are sent and not acknowledged, 1 or more.
    package init(
        chain: Digest, term: UInt64, tip: ChainTip, firstBlock: UInt64, window: UInt64 = 64
    ) {
        self.chain = chain
        self.term = term
        self.tip = tip
        self.firstBlock = firstBlock
        self.window = max(window, 1)
    }

    /// Whether blocks flow.
    package var isStreaming: Bool { phase == .streaming }

    /// Whether the stream is over.
    package var isClosed: Bool { phase == .closed }

    /// Blocks that the leader has and the follower is not known to have.
    package var lag: UInt64 { tip.height - min(acknowledged, tip.height) }

    /// A message of the follower has come.
    package mutating func receive(_ message: ReplicationMessage) -> [Action] {
        guard phase != .closed else { return [] }
        if message.term > term { return stepDown(to: message.term) }
        switch message {
        case .hello(let version, let chain, _, let tip): return hello(version, chain, tip)
        case .acknowledgement(_, let tip, let isBehind): return acknowledge(tip, isBehind)
        case .refusal(_, let reason):
            if case .staleTerm(let promised) = reason, promised > term {
                return stepDown(to: promised)
            }
            phase = .closed
            return [.close(reason)]
        case .record, .heartbeat: return []
        }
    }

    private mutating func stepDown(to higher: UInt64) -> [Action] {
        phase = .closed
        return [.stepDown(term: higher), .close(.staleTerm(promised: higher))]
    }

    private mutating func refuse(_ reason: ReplicationRefusal) -> [Action] {
        phase = .closed
        return [.send(.refusal(term: term, reason: reason)), .close(reason)]
    }

    private mutating func hello(
        _ version: UInt16, _ chain: Digest, _ tip: ChainTip
    ) -> [Action] {
        guard version == ReplicationMessage.version else {
            return refuse(.unknownVersion(ReplicationMessage.version))
        }
        guard chain == self.chain else { return refuse(.wrongChain(self.chain)) }
        guard tip.height <= self.tip.height else {
            return refuse(.fork(height: self.tip.height + 1))
        }
        guard tip.height + 1 >= firstBlock else {
            return refuse(.pruned(firstBlock: firstBlock))
        }
        phase = .checking(tip)
        claims = []
        return [.lookUp(tip.height)]
    }

    private mutating func acknowledge(_ tip: ChainTip, _ isBehind: Bool) -> [Action] {
        guard phase == .streaming, tip.height <= self.tip.height else { return [] }
        // A late or repeated one says nothing new, unless blocks must be sent once more.
        if isBehind && tip.height == acknowledged {
            next = acknowledged + 1
            return fill()
        }
        guard tip.height > acknowledged else { return [] }
        claims.append(tip)
        return [.lookUp(tip.height)]
    }

    /// The hash of the own header at a height that was to be looked up.
    ///
    /// - Parameter hash: nil where the header is not kept.
    package mutating func found(_ hash: Digest?, at height: UInt64) -> [Action] {
        if case .checking(let tip) = phase, tip.height == height {
            guard let hash else { return refuse(.pruned(firstBlock: firstBlock)) }
            guard hash == tip.hash else { return refuse(.fork(height: height)) }
            phase = .streaming
            acknowledged = height
            next = height + 1
            return [.acknowledged(height), .send(.heartbeat(term: term, tip: self.tip))] + fill()
        }
        guard phase == .streaming, let place = claims.firstIndex(where: { $0.height == height })
        else { return [] }
        let claim = claims.remove(at: place)
        guard claim.hash == hash else { return refuse(.fork(height: height)) }
        guard height > acknowledged else { return [] }
        acknowledged = height
        next = max(next, height + 1)
        return [.acknowledged(height)] + fill()
    }

    /// The leader has committed a block.
    package mutating func committed(_ tip: ChainTip) -> [Action] {
        self.tip = tip
        return fill()
    }

    /// Blocks below `firstBlock` are not kept any more.
    package mutating func pruned(below firstBlock: UInt64) { self.firstBlock = firstBlock }

    /// Nothing has come from the follower for a while: what it may have missed is sent again.
    package mutating func timePassed() -> [Action] {
        guard phase == .streaming else { return [] }
        next = acknowledged + 1
        return fill() + [.send(.heartbeat(term: term, tip: tip))]
    }

    /// Sends what the window has room for.
    private mutating func fill() -> [Action] {
        guard phase == .streaming else { return [] }
        var actions: [Action] = []
        while next <= tip.height && next - acknowledged <= window {
            actions.append(.sendRecord(next))
            next += 1
        }
        return actions
    }
}

/// From which height on nobody has been told yet: where a leader waits for followers, a block
/// counts as acknowledged when enough of them have it on disk too.
package struct AcknowledgementGate: Sendable {
    /// How many followers must have a block, besides the leader; 0 for a leader on its own.
    package let required: Int
    private var committed: UInt64
    private var followers: [UInt64: UInt64] = [:]
    /// Every client may know of blocks up to here. It never falls.
    package private(set) var acknowledged: UInt64

    /// - Parameter height: the leader's tip when it starts. Where it waits for followers, it learns
    ///   from them again what they have.
    package init(required: Int, height: UInt64) {
        self.required = required
        committed = height
        acknowledged = required == 0 ? height : 0
    }

    /// The leader has a block on disk.
    ///
    /// - Returns: whether more is acknowledged now.
    package mutating func committed(_ height: UInt64) -> Bool {
        committed = max(committed, height)
        return update()
    }

    /// A follower has everything up to a height on disk.
    ///
    /// - Returns: whether more is acknowledged now.
    package mutating func follower(_ number: UInt64, has height: UInt64) -> Bool {
        followers[number] = max(followers[number] ?? 0, height)
        return update()
    }

    /// A follower has gone. What it had it still has, but it will not have more.
    package mutating func followerLeft(_ number: UInt64) { followers[number] = nil }

    private mutating func update() -> Bool {
        let before = acknowledged
        let heights = followers.values.sorted(by: >)
        if required == 0 {
            acknowledged = committed
        } else if heights.count >= required {
            acknowledged = max(acknowledged, min(committed, heights[required - 1]))
        }
        return acknowledged > before
    }
}
