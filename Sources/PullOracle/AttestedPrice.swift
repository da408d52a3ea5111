/// A price from outside as the index takes it: on the scale of index prices, with its time and how
/// far it may be off.

public import Canonical
public import FixedPoint

/// Where the prices of a feed count.
public struct PullFeed: Equatable, Sendable {
    /// The feed's name in its own system.
    public let feed: Bytes32
    public let underlying: UnderlyingIdentifier
    public let source: SourceIdentifier
    /// Whose word a price is; its weight stands in genesis.
    public let publisher: PublisherIdentifier

    public init(
        feed: Bytes32, underlying: UnderlyingIdentifier, source: SourceIdentifier,
        publisher: PublisherIdentifier
    ) {
        self.feed = feed
        self.underlying = underlying
        self.source = source
        self.publisher = publisher
    }
}

/// One attested price of a feed that counts here.
public struct AttestedPrice: Equatable, Sendable {
    public let feed: PullFeed
    public let price: IndexPrice
    /// Half the width of a band that holds the price; zero is not stated.
    public let confidence: IndexPrice
    /// When it was seen.
    public let time: Timestamp
}

extension AttestedPrice {
    /// Micros in one unit of price: six decimals.
    private static let decimals = 6
    /// Most decimals that are dropped or added: 10³⁷ fits 128 bits.
    private static let shiftLimit = 37

    /// A price of Pyth. The quotient is exact and then goes to the nearest micro, so that nobody is
    /// favoured; the confidence goes up.
    ///
    /// - Throws: `outOfScale` where price, confidence or time do not fit, or the price is not
    ///   positive.
    init(_ price: PythPrice, of feed: PullFeed) throws(PullFault) {
        guard let seconds = UInt64(exactly: price.time), seconds <= AttestedPrice.lastSecond
        else { throw .outOfScale }
        self.feed = feed
        time = Timestamp(nanoseconds: Duration.seconds(seconds).nanoseconds)
        let exponent = Int(price.exponent)
        self.price = try AttestedPrice.nearest(Int128(price.price), exponent: exponent)
        confidence = try AttestedPrice.above(Int128(price.confidence), exponent: exponent)
    }

    /// The price of a market that Chainlink reports: its benchmark, and as confidence the farther
    /// of bid and ask.
    ///
    /// - Throws: `withoutPrice`, `crossed` or `outOfScale`.
    init(_ body: ChainlinkReport.Body, of feed: PullFeed) throws(PullFault) {
        guard case .market(let benchmark, let bid, let ask) = body.figures else {
            throw .withoutPrice
        }
        guard bid > 0 else { throw .outOfScale }
        guard bid <= benchmark, benchmark <= ask else { throw .crossed }
        self.feed = feed
        time = Timestamp(nanoseconds: Duration.seconds(UInt64(body.time)).nanoseconds)
        price = try AttestedPrice.nearest(benchmark, exponent: AttestedPrice.reportExponent)
        confidence = try AttestedPrice.above(
            max(benchmark - bid, ask - benchmark), exponent: AttestedPrice.reportExponent)
    }

    private static let reportExponent = -18
    /// The last second that a time can hold.
    private static let lastSecond: UInt64 = 18_446_744_073

    /// `mantissa` × 10^`exponent`, to the nearest micro, halves up.
    private static func nearest(
        _ mantissa: Int128, exponent: Int
    ) throws(PullFault) -> IndexPrice {
        let parts = try parts(mantissa, exponent: exponent)
        let isHalf = parts.remainder >= parts.divisor - parts.remainder
        guard let units = Int64(exactly: parts.quotient + (isHalf ? 1 : 0)), units > 0 else {
            throw .outOfScale
        }
        return IndexPrice(units: units)
    }

    /// `mantissa` × 10^`exponent`, rounded up.
    private static func above(_ mantissa: Int128, exponent: Int) throws(PullFault) -> IndexPrice {
        let parts = try parts(mantissa, exponent: exponent)
        guard let units = Int64(exactly: parts.quotient + (parts.remainder > 0 ? 1 : 0)) else {
            throw .outOfScale
        }
        return IndexPrice(units: units)
    }

    /// `mantissa` × 10^`exponent` in micros: whole ones, and what is left of a divisor.
    ///
    /// - Throws: `outOfScale` where it is negative or does not fit.
    private static func parts(
        _ mantissa: Int128, exponent: Int
    ) throws(PullFault) -> (quotient: Int128, remainder: Int128, divisor: Int128) {
        let shift = exponent + decimals
        guard mantissa >= 0, abs(shift) <= shiftLimit else { throw .outOfScale }
        var power: Int128 = 1
        for _ in 0..<abs(shift) { power *= 10 }
        if shift >= 0 {
            let (product, overflow) = mantissa.multipliedReportingOverflow(by: power)
            guard !overflow, product < .max else { throw .outOfScale }
            return (product, 0, 1)
        }
        let (quotient, remainder) = mantissa.quotientAndRemainder(dividingBy: power)
        return (quotient, remainder, power)
    }
}

extension PullFeed: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(feed)
        encoder.append(underlying)
        encoder.append(source)
        encoder.append(publisher)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        feed = try decoder.bytes32()
        underlying = try decoder.value()
        source = try decoder.value()
        publisher = try decoder.value()
    }
}
