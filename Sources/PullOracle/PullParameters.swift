/// Which prices of the oracles of other chains count here, and by whose signatures.

public import Canonical

/// Whose attested prices a chain takes, and as what.
public struct PullParameters: Equatable, Sendable {
    public init() {}
}

extension PullParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {}

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {}
}
