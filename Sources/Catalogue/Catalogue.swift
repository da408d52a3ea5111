/// Everything that exists on the venue, validated once: after that, an identifier taken from the
/// catalogue is a valid place in its arrays, and the bounds of `Bounds` hold.

public import Canonical
import FixedPoint

/// Compartments, underlyings, instruments and fee tiers.
public struct Catalogue: Equatable, Sendable {
    public let compartments: [Compartment]
    public let underlyings: [Underlying]
    public let instruments: [Instrument]
    public let feeTiers: [FeeTier]

    /// A validated catalogue.
    ///
    /// - Throws: `CatalogueFault` for the first rule that is broken, in the order of the lists.
    public init(
        compartments: [Compartment], underlyings: [Underlying], instruments: [Instrument],
        feeTiers: [FeeTier]
    ) throws(CatalogueFault) {
        self.compartments = compartments
        self.underlyings = underlyings
        self.instruments = instruments
        self.feeTiers = feeTiers
        try validateCompartments()
        try validateUnderlyings()
        try validateInstruments()
        try validateNotionals()
        try validateFeeTiers()
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
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        let compartments: [Compartment] = try decoder.list(limit: Bounds.compartments)
        let underlyings: [Underlying] = try decoder.list(limit: Bounds.underlyings)
        let instruments: [Instrument] = try decoder.list(limit: Bounds.instruments)
        let feeTiers: [FeeTier] = try decoder.list(limit: Bounds.feeTiers)
        do {
            self = try Catalogue(
                compartments: compartments, underlyings: underlyings, instruments: instruments,
                feeTiers: feeTiers)
        } catch {
            throw DecodingFault(.outOfRange, at: start)
        }
    }
}
