/// What a header commits to, as far as a certificate is judged by it. The node makes it from a
/// stored header, a light client from CometBFT's, whose application hash is the root.

public import Canonical
public import FixedPoint

/// A block as its header tells it.
public struct HeaderCommitment: Equatable, Sendable {
    public var chain: Digest
    public var height: UInt64
    public var time: Timestamp
    /// The header's own hash; what the next one names.
    public var hash: Digest
    /// The hash of the header before.
    public var previous: Digest
    /// The root of the state after the block.
    public var root: Digest
    /// The number of the block's first event.
    public var firstEvent: UInt64

    public init(
        chain: Digest, height: UInt64, time: Timestamp, hash: Digest, previous: Digest,
        root: Digest, firstEvent: UInt64
    ) {
        self.chain = chain
        self.height = height
        self.time = time
        self.hash = hash
        self.previous = previous
        self.root = root
        self.firstEvent = firstEvent
    }
}
