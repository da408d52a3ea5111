/// What kinds of contract the venue lists: the perpetual, the dated future, the European option,
/// and the spot asset that serves as collateral. All are quoted and settled in the compartment's
/// collateral, options in cash against the averaged index (DESIGN 7).

public import Canonical
public import FixedPoint

/// What the holder of an option may do.
@frozen
public enum OptionRight: UInt8, Sendable {
    /// To receive what the underlying is worth above the strike.
    case call = 0
    /// To receive what it is worth below.
    case put = 1
}

/// Which European option: a call and a put of one expiry and strike are a pair.
@frozen
public struct OptionSeries: Equatable, Sendable {
    /// When it settles.
    public let expiry: Timestamp
    /// In `1 ... maximumIndexPrice` of the underlying.
    public let strike: IndexPrice
    public let right: OptionRight

    @inlinable
    public init(expiry: Timestamp, strike: IndexPrice, right: OptionRight) {
        self.expiry = expiry
        self.strike = strike
        self.right = right
    }

    /// The value at expiry of one whole unit; not negative.
    @inlinable
    public func intrinsicValue(at price: IndexPrice) -> IndexPrice {
        max(.zero, right == .call ? price - strike : strike - price)
    }
}

/// The kind of an instrument, with what only that kind has.
@frozen
public enum InstrumentKind: Equatable, Sendable {
    /// Without expiry; funding keeps it near the index.
    case perpetual
    /// Settled at expiry against the averaged index.
    case future(expiry: Timestamp)
    /// European, settled in cash against the averaged index.
    case option(OptionSeries)
    /// The asset itself: a position is a holding of it, and never negative.
    case spot

    /// When it settles; nil where it never does.
    @inlinable
    public var expiry: Timestamp? {
        switch self {
        case .perpetual, .spot: nil
        case .future(let expiry): expiry
        case .option(let series): series.expiry
        }
    }

    /// The option; nil for other kinds.
    @inlinable
    public var series: OptionSeries? {
        if case .option(let series) = self { series } else { nil }
    }

    /// Whether the price moves as cash at the fill, so that a position counts in equity with its
    /// whole value. Of the others cash moves when a profit or loss is realised.
    @inlinable
    public var isPaidAtFill: Bool {
        switch self {
        case .perpetual, .future: false
        case .option, .spot: true
        }
    }
}

extension InstrumentKind: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .perpetual: encoder.append(UInt8(0))
        case .future(let expiry):
            encoder.append(UInt8(1))
            encoder.append(expiry)
        case .option(let series):
            encoder.append(UInt8(2))
            encoder.append(series.expiry)
            encoder.append(series.strike)
            encoder.append(series.right.rawValue)
        case .spot: encoder.append(UInt8(3))
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        switch try decoder.byte() {
        case 0: self = .perpetual
        case 1: self = .future(expiry: try decoder.timestamp())
        case 2:
            let expiry = try decoder.timestamp()
            let strike: IndexPrice = try decoder.quantity()
            guard let right = OptionRight(rawValue: try decoder.byte()) else {
                throw DecodingFault(.unknownTag, at: start)
            }
            self = .option(OptionSeries(expiry: expiry, strike: strike, right: right))
        case 3: self = .spot
        default: throw DecodingFault(.unknownTag, at: start)
        }
    }
}
