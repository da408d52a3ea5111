/// An update of Pyth as its service hands it out: a message of Wormhole that attests the root of a
/// slot, and prices with the way from each to that root. Everything that the guardians have not
/// signed is either proven against the root or has one permitted value, so no byte can be changed.
/// Source: pyth-crosschain, `pythnet_sdk/src/wire.rs`; layout in `docs/pull-oracles.md`.

import Canonical

/// An update whose prices lead to its root; the guardians' signatures are not yet verified.
public struct PythUpdate: Equatable, Sendable {
    public let message: WormholeMessage
    public let slot: UInt64
    /// How many slots back the accumulator keeps roots.
    public let ringSize: UInt32
    /// In the order of the update, one at least.
    public let messages: [PythMessage]

    static let magic = Array("PNAU".utf8)
    /// Version 1.0, no further header, and prices with Merkle proofs.
    private static let header: [UInt8] = [1, 0, 0, 0]
    private static let payloadMagic = Array("AUWV".utf8)
    /// A Merkle root.
    private static let payloadKind: [UInt8] = [0]

    /// Takes all of `bytes` apart and follows each price to the root. O(length).
    ///
    /// - Throws: `malformed`, `guardiansOutOfOrder` or `wrongProof`.
    public init(_ bytes: [UInt8]) throws(PullFault) {
        var reader = WireReader(bytes)
        try reader.expect(PythUpdate.magic)
        try reader.expect(PythUpdate.header)
        let length = Int(try reader.uint16())
        message = try WormholeMessage(try reader.string(length))
        var payload = WireReader(message.payload)
        try payload.expect(PythUpdate.payloadMagic)
        try payload.expect(PythUpdate.payloadKind)
        slot = try payload.uint64()
        ringSize = try payload.uint32()
        let root = try MerkleNode(from: &payload)
        try payload.finish()
        let count = Int(try reader.byte())
        guard count > 0 else { throw .malformed }
        var messages: [PythMessage] = []
        for _ in 0..<count {
            let text = try reader.string(Int(try reader.uint16()))
            var node = MerkleNode(message: text)
            for _ in 0..<(try reader.byte()) {
                node = node.parent(with: try MerkleNode(from: &reader))
            }
            guard node == root else { throw .wrongProof }
            messages.append(try PythMessage(text))
        }
        try reader.finish()
        self.messages = messages
    }
}
