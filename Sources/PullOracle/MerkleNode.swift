/// The tree under which Pyth puts all prices of a slot: Keccak-256 cut to twenty bytes, with leaves
/// and inner nodes apart, and the two below a node in the order of their bytes, so that a proof
/// needs no sides. Source: pyth-crosschain, `pythnet_sdk/src/accumulators/merkle.rs`.

import Canonical
import Cryptography

/// A hash of the tree.
struct MerkleNode: Equatable, Sendable {
    static let byteCount = 20

    /// `byteCount` bytes.
    private let bytes: [UInt8]

    private static let leafTag: UInt8 = 0
    private static let innerTag: UInt8 = 1

    /// The node that stands next in the bytes.
    init(from reader: inout WireReader) throws(PullFault) {
        bytes = try reader.string(MerkleNode.byteCount)
    }

    private init(hashOf input: [UInt8]) {
        bytes = Array(Keccak256.hash(input).bytes[..<MerkleNode.byteCount])
    }

    /// The leaf of a message.
    init(message: [UInt8]) { self.init(hashOf: [MerkleNode.leafTag] + message) }

    /// The node above this and another.
    func parent(with other: MerkleNode) -> MerkleNode {
        let isFirst = bytes.lexicographicallyPrecedes(other.bytes)
        let (low, high) = isFirst ? (bytes, other.bytes) : (other.bytes, bytes)
        return MerkleNode(hashOf: [MerkleNode.innerTag] + low + high)
    }
}
