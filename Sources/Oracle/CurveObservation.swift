/// What a publisher says of one expiry: its forward, and its volatilities at the nodes.

public import Canonical
public import FixedPoint

/// One expiry as a publisher sees it. It travels in the same bundle as the publisher's price of the
/// underlying, and what is voted is the forward over that price: so the forward in force moves with
/// the index between votes, and publishers whose clocks differ by a second agree.
public struct CurveObservation: Equatable, Sendable {
    public let underlying: UnderlyingIdentifier
    public let expiry: Timestamp
    /// In the quote currency of the underlying.
    public let forward: IndexPrice
    public let volatilities: NodeVolatilities

    public init(
        underlying: UnderlyingIdentifier, expiry: Timestamp, forward: IndexPrice,
        volatilities: NodeVolatilities
    ) {
        self.underlying = underlying
        self.expiry = expiry
        self.forward = forward
        self.volatilities = volatilities
    }

    /// Whether this stands after another in a bundle: by underlying, then by expiry.
    func isAfter(_ other: CurveObservation) -> Bool {
        underlying == other.underlying ? expiry > other.expiry : underlying > other.underlying
    }
}

/// Why one curve of a bundle does not count. The rest of the bundle does.
public enum CurveFault: UInt8, Error, CaseIterable, Sendable {
    /// No instrument of this underlying has this expiry, or it has passed.
    case unknownExpiry
    /// The bundle holds no price of the underlying to set the forward against.
    case missingIndex
    /// The forward is not positive, or farther than half from the publisher's own price.
    case forwardOutOfRange
    /// A volatility is below a twentieth or above twenty times the reference.
    case volatilityOutOfRange
    /// The curve admits a butterfly that costs nothing or less.
    case butterflyArbitrage
    /// An option that lives longer would cost less than another of the same publisher.
    case calendarArbitrage
    /// Farther from the median than the cut allows; known only when all votes are compared.
    case outlier
}

extension CurveObservation: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(underlying)
        encoder.append(expiry)
        encoder.append(forward)
        encoder.append(volatilities)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        underlying = try decoder.value()
        expiry = try decoder.timestamp()
        forward = try decoder.quantity()
        volatilities = try decoder.value()
    }
}
