/// What can be wrong with one price of a publisher, by name. A price that has a fault does not
/// count; the publisher's other prices do. Where several hold, the first of this list is named.

public import Canonical

/// Why a publisher's price of one underlying does not count.
public enum PriceFault: UInt8, Error, CaseIterable, Sendable {
    /// No source of genesis has this number.
    case unknownSource = 1
    /// Older than an index may be to be used at all.
    case stale
    /// Zero: what a feed says that has nothing to say.
    case zero
    /// Below zero.
    case negative
    /// At or beyond the lowest or the highest price that the source is known to be able to state.
    case atBound
    /// Its quote currency has no index, or none that is fresh; or the underlying is itself a quote
    /// currency, and the source states it in a third.
    case noConversion
    /// Above the highest price of the underlying, or below the smallest, once converted.
    case outOfRange
    /// It has stood still for long, while the index went on.
    case frozen
    /// A power of ten away from the reference: the unit or the decimals are wrong.
    case unitShifted
    /// Farther from the median than the cut allows.
    case outlier
}

extension PriceFault: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(rawValue) }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        guard let fault = PriceFault(rawValue: try decoder.byte()) else {
            throw DecodingFault(.unknownTag, at: start)
        }
        self = fault
    }
}

/// A publisher's price of an underlying has begun or ceased to count.
public struct PriceVerdict: Equatable, Sendable {
    public let publisher: PublisherIdentifier
    /// Nil where the price counts again.
    public let fault: PriceFault?
}
