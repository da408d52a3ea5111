/// Whether a book trades, collects orders, or is closed for a time or for good.

public import Canonical
public import FixedPoint

/// The phase of one market.
public enum MarketPhase: Equatable, Sendable {
    /// Orders trade as they come.
    case continuous
    /// Orders are collected; from the first valid price at or after `end` on they trade at one
    /// price.
    case auction(end: Timestamp)
    /// No order is taken until the operator starts an auction; open ones may be cancelled.
    case halted
    /// The expiry has come, and settlement has not.
    case expired
    /// It was settled at this price, and is retired.
    case settled(at: IndexPrice)

    /// Whether orders trade as they come.
    public var isContinuous: Bool { self == .continuous }

    /// Whether orders are collected.
    public var isAuction: Bool {
        if case .auction = self { true } else { false }
    }

    /// Whether the expiry has come.
    public var isOver: Bool {
        switch self {
        case .continuous, .auction, .halted: false
        case .expired, .settled: true
        }
    }
}

extension MarketPhase: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .continuous: encoder.append(UInt8(0))
        case .auction(let end):
            encoder.append(UInt8(1))
            encoder.append(end)
        case .halted: encoder.append(UInt8(2))
        case .expired: encoder.append(UInt8(3))
        case .settled(let price):
            encoder.append(UInt8(4))
            encoder.append(price)
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        switch try decoder.byte() {
        case 0: self = .continuous
        case 1: self = .auction(end: try decoder.timestamp())
        case 2: self = .halted
        case 3: self = .expired
        case 4: self = .settled(at: try decoder.quantity())
        default: throw DecodingFault(.unknownTag, at: start)
        }
    }
}
