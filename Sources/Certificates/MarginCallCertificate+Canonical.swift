/// The encoding of a certificate: what a file holds.

public import Canonical
import FixedPoint

extension MarginCallCertificate: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(MarginCallCertificate.version)
        encoder.append(chain)
        encoder.append(height)
        encoder.append(account)
        encoder.append(claim.equity)
        encoder.append(claim.losses)
        encoder.append(claim.charges)
        encoder.append(bytes: before.value)
        encoder.append(before.siblings)
        encoder.append(state.entries)
        encoder.append(state.siblings)
        encoder.append(events.entries)
        encoder.append(events.siblings)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        guard try decoder.byte() == MarginCallCertificate.version else {
            throw DecodingFault(.unknownTag, at: start)
        }
        chain = try decoder.value()
        height = try decoder.uint64()
        account = try decoder.value()
        claim = MarginClaim(
            equity: try decoder.quantity(), losses: try decoder.list(limit: Limit.leaves),
            charges: try decoder.quantity())
        before = AccountProof(
            value: try decoder.byteString(limit: Limit.valueBytes),
            siblings: try decoder.list(limit: Limit.siblings))
        state = LeafBundle(
            entries: try decoder.list(limit: Limit.leaves),
            siblings: try decoder.list(limit: Limit.siblings))
        events = EventBundle(
            entries: try decoder.list(limit: Limit.events),
            siblings: try decoder.list(limit: Limit.siblings))
    }

    /// How long lists may be; far above what a block can bring about.
    private enum Limit {
        static let valueBytes = LeafBundle.valueLimit
        static let leaves = 1 << 12
        static let siblings = 1 << 16
        static let events = 1 << 16
    }
}

extension LeafBundle {
    /// Most bytes of a leaf or an event.
    static let valueLimit = 1 << 22
}

extension UnderlyingLoss: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(underlying)
        encoder.append(scenario != nil)
        if let scenario { encoder.append(scenario) }
        encoder.append(loss)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        underlying = try decoder.value()
        scenario = try decoder.boolean() ? try decoder.uint16() : nil
        loss = try decoder.quantity()
    }
}

extension LeafBundle.Entry: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(bytes: key)
        encoder.append(bytes: value)
        encoder.append(depth)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        key = try decoder.byteString(limit: 1 << 8)
        value = try decoder.byteString(limit: LeafBundle.valueLimit)
        depth = try decoder.uint16()
    }
}

extension EventBundle.Entry: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(place)
        encoder.append(bytes: bytes)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        place = try decoder.uint32()
        bytes = try decoder.byteString(limit: LeafBundle.valueLimit)
    }
}
