/// Whether a book trades or collects orders.

public import Canonical
public import FixedPoint

/// The phase of one market.
public enum MarketPhase: Equatable, Sendable {
    /// Orders trade as they come.
    case continuous
    /// Orders are collected; from the first valid price at or after `end` on they trade at one
    /// price.
    case auction(end: Timestamp)

    public var isAuction: Bool { self != .continuous }
}

extension MarketPhase: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .continuous: encoder.append(UInt8(0))
        case .auction(let end):
            encoder.append(UInt8(1))
            encoder.append(end)
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        switch try decoder.byte() {
        case 0: self = .continuous
        case 1: self = .auction(end: try decoder.timestamp())
        default: throw DecodingFault(.unknownTag, at: start)
        }
    }
}
