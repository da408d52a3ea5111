/// What a publisher signs: all its prices and curves of one moment, under one signature (DESIGN 4).

public import Canonical
public import FixedPoint

/// One price that a publisher saw at a source, in the quote currency of that source.
public struct Observation: Equatable, Sendable {
    public let underlying: UnderlyingIdentifier
    /// Where it was seen.
    public let source: SourceIdentifier
    public let price: IndexPrice
    /// How far the price may be off: half the width of a band that holds it; zero is not stated.
    public let confidence: IndexPrice
    /// What it costs to move the source's price down by 2 %, in the quote currency; zero is not
    /// stated.
    public let depthBelow: Amount
    /// The same upwards.
    public let depthAbove: Amount

    public init(
        underlying: UnderlyingIdentifier, price: IndexPrice,
        source: SourceIdentifier = SourceIdentifier(0), confidence: IndexPrice = .zero,
        depthBelow: Amount = .zero, depthAbove: Amount = .zero
    ) {
        self.underlying = underlying
        self.source = source
        self.price = price
        self.confidence = confidence
        self.depthBelow = depthBelow
        self.depthAbove = depthAbove
    }
}

/// The signed observations of one publisher.
public struct ObservationBundle: Equatable, Sendable {
    /// Most observations in a bundle: one for each underlying that a catalogue can hold.
    public static let limit = 64
    /// Most curves in a bundle: `SurfaceFeed.expiryLimit` for each of sixteen underlyings.
    public static let curveLimit = 512

    public let publisher: PublisherIdentifier
    /// When the publisher saw the prices.
    public let time: Timestamp
    /// Ascending by underlying.
    public let observations: [Observation]
    /// Ascending by underlying, then by expiry.
    public let curves: [CurveObservation]
    public var signature: Signature

    public init(
        publisher: PublisherIdentifier, time: Timestamp, observations: [Observation],
        curves: [CurveObservation] = [], signature: Signature
    ) {
        self.publisher = publisher
        self.time = time
        self.observations = observations
        self.curves = curves
        self.signature = signature
    }

    /// What is signed, behind the label of observations: the chain, the publisher, the time and
    /// every price and curve.
    public func signedBytes(chain: Digest) -> [UInt8] {
        var encoder = CanonicalEncoder()
        encodeSigned(chain: chain, into: &encoder)
        return encoder.bytes
    }

    /// Writes the same.
    public func encodeSigned(chain: Digest, into encoder: inout CanonicalEncoder) {
        encoder.append(chain)
        encodeBody(into: &encoder)
    }

    private func encodeBody(into encoder: inout CanonicalEncoder) {
        encoder.append(publisher)
        encoder.append(time)
        encoder.append(observations)
        encoder.append(curves)
    }
}

extension Observation: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(underlying)
        encoder.append(source)
        encoder.append(price)
        encoder.append(confidence)
        encoder.append(depthBelow)
        encoder.append(depthAbove)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        underlying = try decoder.value()
        source = try decoder.value()
        price = try decoder.quantity()
        confidence = try decoder.quantity()
        depthBelow = try decoder.quantity()
        depthAbove = try decoder.quantity()
    }
}

extension ObservationBundle: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encodeBody(into: &encoder)
        encoder.append(signature)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        publisher = try decoder.value()
        time = try decoder.timestamp()
        let start = decoder.offset
        observations = try decoder.list(limit: ObservationBundle.limit)
        for place in observations.indices.dropFirst()
        where observations[place].underlying <= observations[place - 1].underlying {
            throw DecodingFault(.outOfOrder, at: start)
        }
        let curveStart = decoder.offset
        curves = try decoder.list(limit: ObservationBundle.curveLimit)
        for place in curves.indices.dropFirst()
        where !curves[place].isAfter(curves[place - 1]) {
            throw DecodingFault(.outOfOrder, at: curveStart)
        }
        signature = try decoder.value()
    }
}
