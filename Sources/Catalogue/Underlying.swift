/// What instruments refer to: an index in a stated quote currency. USD is not silently USDC (DESIGN
/// 4).

public import Canonical
public import FixedPoint

/// An asset with an index price, and the unit in which its scenarios are counted.
public struct Underlying: Equatable, Sendable {
    /// Its name, such as `BTC`.
    public let symbol: Symbol
    /// The currency in which publishers quote it, such as `USD`.
    public let quoteCurrency: Symbol
    /// Values of its instruments are kept in 2^-fractionBits micro-units. In `0 ... 8`.
    public let fractionBits: Int64
    /// The highest index price that is accepted; an observation above it is refused.
    public let maximumIndexPrice: IndexPrice
    /// The index price to be expected at listing: the worth of lots is judged by it, nothing else.
    public let listingPrice: IndexPrice

    public init(
        symbol: Symbol, quoteCurrency: Symbol, fractionBits: Int64,
        maximumIndexPrice: IndexPrice, listingPrice: IndexPrice
    ) {
        self.symbol = symbol
        self.quoteCurrency = quoteCurrency
        self.fractionBits = fractionBits
        self.maximumIndexPrice = maximumIndexPrice
        self.listingPrice = listingPrice
    }
}

extension Underlying: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(symbol)
        encoder.append(quoteCurrency)
        encoder.append(fractionBits)
        encoder.append(maximumIndexPrice)
        encoder.append(listingPrice)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        symbol = try decoder.value()
        quoteCurrency = try decoder.value()
        fractionBits = try decoder.int64()
        maximumIndexPrice = try decoder.quantity()
        listingPrice = try decoder.quantity()
    }
}
