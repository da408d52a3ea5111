/// The keys that may stand behind an account, and what they sign with. Two kinds: Ed25519, native,
/// over the canonical bytes; and secp256k1 as an Ethereum wallet uses it, over EIP-712 typed data,
/// where the key is known by its address alone and recovered from the signature (decision 0012).

/// A key that may sign transactions.
@frozen
public enum SignerKey: Equatable, Sendable {
    /// An Ed25519 key, which signs canonical bytes.
    case ed25519(PublicKey)
    /// The address of a secp256k1 key, which signs the digest of typed data.
    case ethereum(EthereumAddress)
}

/// A signature of either kind.
@frozen
public enum SignerSignature: Equatable, Sendable {
    /// A signature by RFC 8032.
    case ed25519(Signature)
    /// A recoverable ECDSA signature, both halves with the highest byte first; `parity` is that of
    /// the point's y, 0 or 1 (a wallet's v less 27).
    case ethereum(r: Bytes32, s: Bytes32, parity: UInt8)

    /// The length of its encoding, tag included.
    public var byteCount: Int {
        switch self {
        case .ed25519: 65
        case .ethereum: 66
        }
    }
}

extension SignerKey: Comparable {
    /// Ed25519 before Ethereum, then the order of the bytes.
    public static func < (left: SignerKey, right: SignerKey) -> Bool {
        switch (left, right) {
        case (.ed25519(let left), .ed25519(let right)): left < right
        case (.ethereum(let left), .ethereum(let right)): left < right
        case (.ed25519, .ethereum): true
        case (.ethereum, .ed25519): false
        }
    }
}

extension SignerKey: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .ed25519(let key):
            encoder.append(UInt8(0))
            encoder.append(key)
        case .ethereum(let address):
            encoder.append(UInt8(1))
            encoder.append(address)
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        switch try decoder.byte() {
        case 0: self = .ed25519(try decoder.value())
        case 1: self = .ethereum(try decoder.value())
        default: throw DecodingFault(.unknownTag, at: start)
        }
    }
}

extension SignerSignature: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .ed25519(let signature):
            encoder.append(UInt8(0))
            encoder.append(signature)
        case .ethereum(let r, let s, let parity):
            encoder.append(UInt8(1))
            encoder.append(r)
            encoder.append(s)
            encoder.append(parity)
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        switch try decoder.byte() {
        case 0: self = .ed25519(try decoder.value())
        case 1:
            let r = try decoder.bytes32()
            let s = try decoder.bytes32()
            let end = decoder.offset
            let parity = try decoder.byte()
            guard parity <= 1 else { throw DecodingFault(.outOfRange, at: end) }
            self = .ethereum(r: r, s: s, parity: parity)
        default: throw DecodingFault(.unknownTag, at: start)
        }
    }
}
