/// The price state of any instrument: a perpetual has a premium over the index and a funding rate,
/// everything else a model price.

public import Canonical
public import FixedPoint

/// Mark and what is behind it.
public enum InstrumentPrices: Equatable, Sendable {
    case perpetual(PerpetualPrices)
    case model(ModelPrices)

    /// What positions are worth; zero before the first price, and of an option that is worth
    /// nothing.
    public var mark: IndexPrice {
        switch self {
        case .perpetual(let prices): prices.mark
        case .model(let prices): prices.mark
        }
    }

    /// What longs pay for eight hours, as a share of the index; zero but for perpetuals.
    public var fundingRate: Ratio {
        switch self {
        case .perpetual(let prices): prices.fundingRate
        case .model: .zero
        }
    }

    /// Whether there has been a price yet.
    public var isPriced: Bool {
        switch self {
        case .perpetual(let prices): prices.mark.isPositive
        case .model(let prices): prices.isPriced
        }
    }

    /// Appends the state, the parameters left out.
    public func encodeState(into encoder: inout CanonicalEncoder) {
        switch self {
        case .perpetual(let prices): prices.encodeState(into: &encoder)
        case .model(let prices): prices.encodeState(into: &encoder)
        }
    }

    /// Reads what `encodeState` wrote of the same case.
    ///
    /// - Throws: `DecodingFault`.
    public mutating func decodeState(
        from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        switch self {
        case .perpetual(var prices):
            try prices.decodeState(from: &decoder)
            self = .perpetual(prices)
        case .model(var prices):
            try prices.decodeState(from: &decoder)
            self = .model(prices)
        }
    }
}
