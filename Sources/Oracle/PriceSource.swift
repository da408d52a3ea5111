/// Where prices come from: a market of a venue, in a quote currency of its own.

public import Canonical

/// One source of prices, as genesis names it.
public struct PriceSource: Equatable, Sendable {
    /// Its name, such as `kraken-usd`.
    public let name: Symbol
    /// Sources of one number are one venue: its weight is capped for all of them together.
    public let venue: UInt16
    /// The underlying whose index is the price of the source's quote currency in the quote
    /// currency of indices; nil where both are the same. USD is not silently USDC.
    public let quote: UnderlyingIdentifier?

    public init(name: Symbol, venue: UInt16, quote: UnderlyingIdentifier? = nil) {
        self.name = name
        self.venue = venue
        self.quote = quote
    }
}

extension PriceSource: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(name)
        encoder.append(venue)
        encoder.append(quote)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        name = try decoder.value()
        venue = try decoder.uint16()
        quote = try decoder.optional()
    }
}
