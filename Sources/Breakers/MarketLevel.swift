/// How far a market is held back. Levels only ever add up: of several that hold, the highest counts
/// (DESIGN 8).
///
///     normal ──▶ auctionOnly ──▶ reduceOnly ──▶ halted
///
/// Up is immediate, and may skip levels. Down comes by itself, never by a signature: when the
/// trigger has been clear for its cooling time, or was not renewed until it expired.

public import Canonical

/// What a market lets its orders do.
public enum MarketLevel: UInt8, CaseIterable, Comparable, Sendable {
    /// Orders trade as they come.
    case normal = 0
    /// Orders are collected, and trade at one price every few seconds.
    case auctionOnly = 1
    /// As `auctionOnly`, and only orders that reduce are taken, and those of committed makers.
    case reduceOnly = 2
    /// No order is taken. Open ones may be cancelled.
    case halted = 3

    public static func < (left: MarketLevel, right: MarketLevel) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What a breaker watches.
public enum BreakerScope: Equatable, Sendable {
    /// One market.
    case instrument(InstrumentIdentifier)
    /// The index of an underlying: all its markets.
    case underlying(UnderlyingIdentifier)
    /// A room of money: all its markets.
    case compartment(CompartmentIdentifier)
}

extension MarketLevel: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(rawValue) }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        guard let level = MarketLevel(rawValue: try decoder.byte()) else {
            throw DecodingFault(.unknownTag, at: start)
        }
        self = level
    }
}

extension BreakerScope: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .instrument(let identifier):
            encoder.append(UInt8(0))
            encoder.append(identifier)
        case .underlying(let identifier):
            encoder.append(UInt8(1))
            encoder.append(identifier)
        case .compartment(let identifier):
            encoder.append(UInt8(2))
            encoder.append(identifier)
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        switch try decoder.byte() {
        case 0: self = .instrument(try decoder.value())
        case 1: self = .underlying(try decoder.value())
        case 2: self = .compartment(try decoder.value())
        default: throw DecodingFault(.unknownTag, at: start)
        }
    }
}
