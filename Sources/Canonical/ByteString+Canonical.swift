/// Hashes, keys and signatures encode as their bytes.

extension Digest: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(storage) }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        self.init(try decoder.bytes32())
    }
}

extension PublicKey: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(storage) }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        self.init(try decoder.bytes32())
    }
}

extension Signature: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(r)
        encoder.append(s)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let r = try decoder.bytes32()
        self.init(r: r, s: try decoder.bytes32())
    }
}
