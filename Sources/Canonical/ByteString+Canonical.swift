/// Hashes, keys and signatures encode as their bytes.

extension Digest: CanonicalValue {
    @inlinable
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(storage) }

    @inlinable
    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        self.init(try decoder.bytes32())
    }
}

extension PublicKey: CanonicalValue {
    @inlinable
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(storage) }

    @inlinable
    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        self.init(try decoder.bytes32())
    }
}

extension Signature: CanonicalValue {
    @inlinable
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(r)
        encoder.append(s)
    }

    @inlinable
    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let r = try decoder.bytes32()
        self.init(r: r, s: try decoder.bytes32())
    }
}
