/// Everything that exists on the venue, validated once: after that, an identifier taken from the
/// catalogue is a valid place in its arrays, and the bounds of `Bounds` hold. Dated instruments
/// come and go while the venue runs (`Catalogue+Listing`).

public import Canonical
public import FixedPoint

/// Compartments, underlyings, instruments, fee tiers and listing rules.
public struct Catalogue: Equatable, Sendable {
    public let compartments: [Compartment]
    public let underlyings: [Underlying]
    /// In the order of listing, those that are retired included.
    public internal(set) var instruments: [Instrument]
    public let feeTiers: [FeeTier]
    public let listingRules: [ListingRule]
    /// The instruments that are not retired, ascending.
    public internal(set) var live: [InstrumentIdentifier]
    /// By underlying: the expiries of its live instruments, ascending, each once.
    public internal(set) var expiries: [[Timestamp]]
    /// Over the live instruments.
    var sums: NotionalSums

    /// A validated catalogue.
    ///
    /// - Throws: `CatalogueFault` for the first rule that is broken, in the order of the lists.
    public init(
        compartments: [Compartment], underlyings: [Underlying], instruments: [Instrument],
        feeTiers: [FeeTier], listingRules: [ListingRule] = []
    ) throws(CatalogueFault) {
        self.compartments = compartments
        self.underlyings = underlyings
        self.instruments = instruments
        self.feeTiers = feeTiers
        self.listingRules = listingRules
        live = []
        expiries = [[Timestamp]](repeating: [], count: underlyings.count)
        sums = NotionalSums(underlyings: underlyings.count)
        try validateCompartments()
        try validateUnderlyings()
        try validateInstruments()
        try validateNotionals()
        try validateFeeTiers()
        try validateListingRules()
        live = instruments.indices.map { InstrumentIdentifier(UInt16($0)) }
        for place in underlyings.indices {
            refreshExpiries(of: UnderlyingIdentifier(UInt16(place)))
        }
    }

    /// The compartment of this place, if there is one.
    public func compartment(_ identifier: CompartmentIdentifier) -> Compartment? {
        let place = Int(identifier.number)
        return place < compartments.count ? compartments[place] : nil
    }

    /// The instrument of this place, if there is one.
    @inlinable
    public func instrument(_ identifier: InstrumentIdentifier) -> Instrument? {
        let place = Int(identifier.number)
        return place < instruments.count ? instruments[place] : nil
    }
}

extension Catalogue: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(compartments)
        encoder.append(underlyings)
        encoder.append(instruments)
        encoder.append(feeTiers)
        encoder.append(listingRules)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        let compartments: [Compartment] = try decoder.list(limit: Bounds.compartments)
        let underlyings: [Underlying] = try decoder.list(limit: Bounds.underlyings)
        let instruments: [Instrument] = try decoder.list(limit: Bounds.instruments)
        let feeTiers: [FeeTier] = try decoder.list(limit: Bounds.feeTiers)
        let listingRules: [ListingRule] = try decoder.list(limit: Bounds.underlyings)
        do {
            self = try Catalogue(
                compartments: compartments, underlyings: underlyings, instruments: instruments,
                feeTiers: feeTiers, listingRules: listingRules)
        } catch {
            throw DecodingFault(.outOfRange, at: start)
        }
    }
}
