/// The factors behind the caps on open interest (`facts/risk.md`, "Formulas").

public import Canonical

/// What an attack on a market may cost and earn, by underlying.
public struct EconomicParameters: Equatable, Sendable {
    public init() {}
}

extension EconomicParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {}

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {}
}
