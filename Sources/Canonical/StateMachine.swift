/// What replication drives. The rooms that store blocks, replay them and send them to others know
/// bytes and this protocol, never money; and a machine knows nothing of disks and networks. The
/// ledger conforms through a small wrapper that decodes blocks and encodes what came of them.

public import FixedPoint

/// What a block did, as far as storage needs to know.
public struct AppliedBlock: Equatable, Sendable {
    /// The root of the state after the block.
    public var root: Digest
    /// The time that the block states.
    public var time: Timestamp
    /// The number of the block's first event; where it has none, of the next one to come.
    public var firstEvent: UInt64
    /// Receipts and events, encoded. The same block on the same state gives the same bytes.
    public var outcome: [UInt8]

    public init(root: Digest, time: Timestamp, firstEvent: UInt64, outcome: [UInt8]) {
        self.root = root
        self.time = time
        self.firstEvent = firstEvent
        self.outcome = outcome
    }
}

/// A deterministic machine: blocks in, a root out. The same blocks from the same start give the
/// same roots, outcomes and leaves, on every processor.
///
/// A machine that has thrown from `apply` has not changed; one that has thrown from `restore` is of
/// no use any more.
public protocol StateMachine: ~Copyable {
    /// Why a block is none, or does not follow.
    associatedtype BlockRefusal: Error
    /// Why leaves do not make a state.
    associatedtype RestoreRefusal: Error

    /// The chain's identifier: the hash of its genesis.
    var chain: Digest { get }
    /// The height of the last block; 0 before the first.
    var height: UInt64 { get }
    /// The time of the last block.
    var time: Timestamp { get }
    /// The root of the state.
    var root: Digest { get }

    /// Applies the next block.
    ///
    /// - Parameter block: its canonical encoding, from anywhere.
    /// - Throws: `BlockRefusal` where it is no encoding of a block or not the next one.
    mutating func apply(encoded block: [UInt8]) throws(BlockRefusal) -> AppliedBlock

    /// Every leaf of the state, in any order, each once and none with an empty value. O(state).
    func leaves() -> LeafList

    /// The leaves that the last block set or deleted (an empty value), in any order. Of several
    /// entries with one key the last one counts.
    func changedLeaves() -> LeafList

    /// Takes over the state that the leaves hold. The machine is in its state before the first
    /// block when this is called.
    ///
    /// - Parameters:
    ///   - leaves: in any order, from anywhere.
    ///   - root: what they must hash to.
    /// - Throws: `RestoreRefusal` where the leaves are not a state, or one with another root.
    mutating func restore(_ leaves: LeafList, root: Digest) throws(RestoreRefusal)
}
