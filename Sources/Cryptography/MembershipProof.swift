/// Proofs about the state tree, in the shape of ICS-23 (`ExistenceProof`, `NonExistenceProof`) with
/// the parts that the `smt` specification fixes left out: the leaf operation (SHA-256 of the tag 00
/// and the hashed key and value) and the hash of each step. A step holds a side and a sibling and
/// nothing else, so that no proof of a wrong shape can be built; `ProofStep.init(prefix:suffix:)`
/// is the one door for the prefixes and suffixes of ICS-23. Source: cosmos/ics23, `proofs.proto`.
public import Canonical

/// Why a proof does not convince, in order of precedence. Numbers are never reused.
@frozen
public enum ProofRefusal: UInt16, Error, CaseIterable, Sendable {
    /// A step's prefix and suffix are not those of a left or a right child of the tree.
    case stepMalformed = 1
    /// The key of an existence proof is empty.
    case keyEmpty = 2
    /// The value of an existence proof is empty.
    case valueEmpty = 3
    /// The proof is about another key.
    case keyDiffers = 4
    /// The proof is about another value.
    case valueDiffers = 5
    /// The proof has more than 256 steps.
    case pathTooLong = 6
    /// A step leads to the other side than the key's hash says.
    case pathDisagreesWithKey = 7
    /// The proof's root is another.
    case rootDiffers = 8
    /// An absence proof has neither a left nor a right neighbour.
    case neighboursMissing = 9
    /// The key does not lie right of the left neighbour.
    case keyNotRightOfLeftNeighbour = 10
    /// The key does not lie left of the right neighbour.
    case keyNotLeftOfRightNeighbour = 11
    /// There may be a leaf left of the right neighbour, and no left neighbour is given.
    case rightNeighbourNotLeftmost = 12
    /// There may be a leaf right of the left neighbour, and no right neighbour is given.
    case leftNeighbourNotRightmost = 13
    /// There may be a leaf between the two neighbours.
    case neighboursNotAdjacent = 14
    /// No leaf of the tree answers the question; only the prover meets this.
    case nothingToProve = 15
    /// The prover does not know the key and value behind a leaf, or knows wrong ones.
    case preimageUnknown = 16
}

/// One step from a child up to its parent.
@frozen
public struct ProofStep: Equatable, Sendable {
    /// Which child the way comes from.
    @frozen
    public enum Side: UInt8, Sendable {
        case left = 0
        case right = 1
    }

    /// The side of the child that the way comes from.
    public var side: Side
    /// The hash of the other child; zero where it is empty.
    public var sibling: Digest

    /// A step from the child on `side`, beside `sibling`.
    @inlinable
    public init(side: Side, sibling: Digest) {
        self.side = side
        self.sibling = sibling
    }

    /// The step that ICS-23 writes as `SHA256(prefix ‖ child ‖ suffix)`.
    ///
    /// - Throws: `stepMalformed` unless the prefix is 01 and the suffix 32 bytes, or the prefix is
    ///   01 and 32 bytes and the suffix is empty.
    public init(prefix: [UInt8], suffix: [UInt8]) throws(ProofRefusal) {
        guard prefix.first == SHA256.nodeTag else { throw .stepMalformed }
        if prefix.count == 1 && suffix.count == 32 {
            self.init(side: .left, sibling: Digest(Bytes32(suffix)))
        } else if prefix.count == 33 && suffix.isEmpty {
            self.init(side: .right, sibling: Digest(Bytes32(prefix, at: 1)))
        } else {
            throw .stepMalformed
        }
    }

    /// The bytes that ICS-23 puts before the child: 1 or 33.
    public var prefix: [UInt8] {
        side == .left ? [SHA256.nodeTag] : [SHA256.nodeTag] + sibling.storage.bytes
    }

    /// The bytes that ICS-23 puts after the child: 32 or none.
    public var suffix: [UInt8] {
        side == .left ? sibling.storage.bytes : []
    }

    /// The parent's hash, given the child's.
    public func parent(of child: Digest) -> Digest {
        switch side {
        case .left: SHA256.digest(tag: SHA256.nodeTag, child, sibling)
        case .right: SHA256.digest(tag: SHA256.nodeTag, sibling, child)
        }
    }
}

/// That a key has a value under some root.
public struct ExistenceProof: Equatable, Sendable {
    /// The key itself, not its hash.
    public var key: [UInt8]
    /// The value itself, not its hash.
    public var value: [UInt8]
    /// The steps from the leaf up to the root; none where the tree has one leaf.
    public var path: [ProofStep]

    /// A proof as received or made; nothing is checked here.
    public init(key: [UInt8], value: [UInt8], path: [ProofStep]) {
        self.key = key
        self.value = value
        self.path = path
    }
}

/// That a key has no value under some root: its neighbours in the order of hashed keys, and that
/// nothing lies between them. ICS-23's message also has a key, which its verifiers ignore; here the
/// key is the verifier's question and no part of the proof.
public struct AbsenceProof: Equatable, Sendable {
    /// The nearest leaf whose hashed key is smaller; nil where there is none.
    public var left: ExistenceProof?
    /// The nearest leaf whose hashed key is greater; nil where there is none.
    public var right: ExistenceProof?

    /// A proof as received or made; nothing is checked here.
    public init(left: ExistenceProof?, right: ExistenceProof?) {
        self.left = left
        self.right = right
    }
}
