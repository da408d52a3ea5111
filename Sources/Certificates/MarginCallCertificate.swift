/// The paper that an account gets from every block that calls, closes, deleverages or pays for it
/// (DESIGN 6): its own leaf under the root before, the prices under the root after, the events that
/// moved it, and what its margin was said to be. Two headers and the genesis are enough to check it
/// (`CertificateVerifier`); whoever has it needs neither the venue nor its history.
///
/// Everything in it is somebody's claim until it has been checked.

public import Canonical
public import FixedPoint

/// A certificate of one account and one block.
public struct MarginCallCertificate: Equatable, Sendable {
    /// The version of the encoding; others are refused.
    public static let version: UInt8 = 1

    /// The chain's identifier: the hash of its genesis.
    public var chain: Digest
    /// Of the block.
    public var height: UInt64
    public var account: AccountIdentifier
    /// What margin was before the first step.
    public var claim: MarginClaim
    /// The account under the root before.
    public var before: AccountProof
    /// The chain's facts and the prices under the root after.
    public var state: LeafBundle
    /// What the block did to the account, up to the last step.
    public var events: EventBundle

    public init(
        chain: Digest, height: UInt64, account: AccountIdentifier, claim: MarginClaim,
        before: AccountProof, state: LeafBundle, events: EventBundle
    ) {
        self.chain = chain
        self.height = height
        self.account = account
        self.claim = claim
        self.before = before
        self.state = state
        self.events = events
    }
}

/// Maintenance margin with its arithmetic.
public struct MarginClaim: Equatable, Sendable {
    /// Cash and what positions are worth at the mark.
    public var equity: Amount
    /// What the worst scenarios lose, ascending by underlying.
    public var losses: [UnderlyingLoss]
    /// What is charged beside the scenarios; not negative.
    public var charges: Amount

    public init(equity: Amount, losses: [UnderlyingLoss], charges: Amount) {
        self.equity = equity
        self.losses = losses
        self.charges = charges
    }

    /// What the rule requires.
    public var requirement: Amount { losses.reduce(charges) { $0 + $1.loss } }
    /// What is left, or missing.
    public var health: Amount { equity - requirement }
}

/// The worst scenario of one underlying.
public struct UnderlyingLoss: Equatable, Sendable {
    public var underlying: UnderlyingIdentifier
    /// Its place in the rule, strikes behind; nil where none loses.
    public var scenario: UInt16?
    /// What counts of it; not negative.
    public var loss: Amount

    public init(underlying: UnderlyingIdentifier, scenario: UInt16?, loss: Amount) {
        self.underlying = underlying
        self.scenario = scenario
        self.loss = loss
    }
}

/// An account's leaf and the way from it to the root before.
public struct AccountProof: Equatable, Sendable {
    /// The value of the leaf.
    public var value: [UInt8]
    /// From the leaf up; the sides follow from the account's number.
    public var siblings: [Digest]

    public init(value: [UInt8], siblings: [Digest]) {
        self.value = value
        self.siblings = siblings
    }
}

/// Leaves under one root, with one proof for all of them (`SparseMerkleTree+Several`).
public struct LeafBundle: Equatable, Sendable {
    /// One leaf.
    public struct Entry: Equatable, Sendable {
        /// The encoded name of the leaf.
        public var key: [UInt8]
        public var value: [UInt8]
        /// Steps from the root.
        public var depth: UInt16

        public init(key: [UInt8], value: [UInt8], depth: UInt16) {
            self.key = key
            self.value = value
            self.depth = depth
        }
    }

    /// Ascending by the hash of the key.
    public var entries: [Entry]
    public var siblings: [Digest]

    public init(entries: [Entry], siblings: [Digest]) {
        self.entries = entries
        self.siblings = siblings
    }
}

/// Events of one block, with one proof for all of them (`MerkleList+Several`).
public struct EventBundle: Equatable, Sendable {
    /// One event.
    public struct Entry: Equatable, Sendable {
        /// Its place in the block, from 0.
        public var place: UInt32
        /// As it is encoded.
        public var bytes: [UInt8]

        public init(place: UInt32, bytes: [UInt8]) {
            self.place = place
            self.bytes = bytes
        }
    }

    /// Ascending by place.
    public var entries: [Entry]
    public var siblings: [Digest]

    public init(entries: [Entry], siblings: [Digest]) {
        self.entries = entries
        self.siblings = siblings
    }
}
