/// What trips the circuit breakers of a market, and how long they hold.

public import Canonical

/// When a market stops, by underlying.
public struct BreakerParameters: Equatable, Sendable {
    public init() {}
}

extension BreakerParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {}

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {}
}
