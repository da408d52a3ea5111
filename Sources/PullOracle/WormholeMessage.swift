/// A message of Wormhole with the signatures of its guardians (a VAA, version 1). The guardians
/// sign the body; what stands before it says only whose signatures these are, and a wrong word
/// there makes them fail. So a message has exactly one accepted form: guardians ascend, s is low,
/// parity is 0 or 1, and no byte is left over. Layout: `docs/pull-oracles.md`.

public import Canonical
public import Cryptography

/// A contract of a chain, as Wormhole names it.
public struct WormholeEmitter: Equatable, Sendable {
    /// Wormhole's own number of the chain.
    public let chain: UInt16
    public let address: Bytes32

    public init(chain: UInt16, address: Bytes32) {
        self.chain = chain
        self.address = address
    }
}

/// A signed message, taken apart and not yet verified.
public struct WormholeMessage: Equatable, Sendable {
    /// One guardian's signature.
    public struct Signed: Equatable, Sendable {
        /// The guardian's place in its set.
        public let guardian: UInt8
        public let signature: RecoverableSignature
    }

    /// The number of the set that signed.
    public let guardianSet: UInt32
    /// Ascending by guardian, one at least.
    public let signatures: [Signed]
    /// When the emitter spoke, in seconds since 1970.
    public let time: UInt32
    public let nonce: UInt32
    public let emitter: WormholeEmitter
    /// The emitter's number of the message.
    public let sequence: UInt64
    /// How final the emitter's block was; what it means depends on the chain.
    public let consistency: UInt8
    public let payload: [UInt8]
    /// What the guardians signed: Keccak-256 of Keccak-256 of the body.
    public let digest: Bytes32

    static let version: UInt8 = 1

    /// Takes all of `bytes` apart.
    ///
    /// - Throws: `malformed` or `guardiansOutOfOrder`.
    public init(_ bytes: [UInt8]) throws(PullFault) {
        var reader = WireReader(bytes)
        try reader.expect([WormholeMessage.version])
        guardianSet = try reader.uint32()
        let count = Int(try reader.byte())
        guard (1...GuardianSet.limit).contains(count) else { throw .malformed }
        var read: [(guardian: UInt8, r: Bytes32, s: Bytes32, parity: UInt8)] = []
        for _ in 0..<count {
            let guardian = try reader.byte()
            if let last = read.last, last.guardian >= guardian { throw .guardiansOutOfOrder }
            let r = try reader.bytes32()
            let s = try reader.bytes32()
            let parity = try reader.byte()
            guard parity <= 1 else { throw .malformed }
            read.append((guardian, r, s, parity))
        }
        let body = try reader.rest()
        let digest = Keccak256.hash(Keccak256.hash(body).bytes)
        self.digest = digest
        signatures = read.map { entry in
            Signed(
                guardian: entry.guardian,
                signature: RecoverableSignature(
                    digest: digest, r: entry.r, s: entry.s, parity: entry.parity))
        }
        var inside = WireReader(body)
        time = try inside.uint32()
        nonce = try inside.uint32()
        emitter = WormholeEmitter(chain: try inside.uint16(), address: try inside.bytes32())
        sequence = try inside.uint64()
        consistency = try inside.byte()
        payload = try inside.rest()
    }
}

extension WormholeEmitter: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(chain)
        encoder.append(address)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        chain = try decoder.uint16()
        address = try decoder.bytes32()
    }
}
