/// What trips the circuit breakers of the markets of an underlying, and how long they hold. Origin
/// of the defaults: `facts/risk.md`, "Default parameters" (moves, cooling, ten-second auctions);
/// what it does not state is ours and marked so.

public import Canonical
public import FixedPoint

/// When a market stops, by underlying.
public struct BreakerParameters: Equatable, Sendable {
    /// A move of the index within a minute that trips, in `(0, 1]`.
    public var minuteMove: Ratio
    /// The same within five minutes; not below `minuteMove`.
    public var fiveMinuteMove: Ratio
    /// The width of the narrowest band that holds the prices of a quorum, as a share of the index,
    /// in `(0, 1]`. A minority cannot widen it.
    public var sourceDivergence: Ratio
    /// How far beyond the index the best bid, or below it the best offer, may stand, in `(0, 1]`.
    /// Above the price band no order can be placed there: only the index can leave it behind.
    public var bookDivergence: Ratio
    /// For how long it may, in whole pricing steps.
    public var divergenceTime: Duration
    /// The share of a market's open interest whose owners may be liquidated within five minutes, in
    /// `(0, 1]`. No account counts for more than a quarter of it.
    public var liquidationShare: Ratio
    /// However small the open interest, so much may be.
    public var liquidationFloor: Amount
    /// A trigger is clear below this share of its threshold, in `(0, 1]`.
    public var clearShare: Ratio
    /// How long a trigger must be clear.
    public var cooling: Duration
    /// How long a fresh quorum must be back.
    public var quorumCooling: Duration
    /// When a hold ends that is not renewed; longer than either cooling.
    public var expiry: Duration
    /// How long the auctions of a market that is held collect orders.
    public var auctionLength: Duration
    /// How long the auction collects orders in which a halted market reopens.
    public var reopening: Duration
    /// The price of an auction stays within this share of the mark, in `(0, 1]`.
    public var auctionBand: Ratio
    /// The notional of a bucket of the toxicity measure.
    public var toxicityBucket: Amount

    public init(
        minuteMove: Ratio, fiveMinuteMove: Ratio, sourceDivergence: Ratio, bookDivergence: Ratio,
        divergenceTime: Duration, liquidationShare: Ratio, liquidationFloor: Amount,
        clearShare: Ratio, cooling: Duration, quorumCooling: Duration, expiry: Duration,
        auctionLength: Duration, reopening: Duration, auctionBand: Ratio, toxicityBucket: Amount
    ) {
        self.minuteMove = minuteMove
        self.fiveMinuteMove = fiveMinuteMove
        self.sourceDivergence = sourceDivergence
        self.bookDivergence = bookDivergence
        self.divergenceTime = divergenceTime
        self.liquidationShare = liquidationShare
        self.liquidationFloor = liquidationFloor
        self.clearShare = clearShare
        self.cooling = cooling
        self.quorumCooling = quorumCooling
        self.expiry = expiry
        self.auctionLength = auctionLength
        self.reopening = reopening
        self.auctionBand = auctionBand
        self.toxicityBucket = toxicityBucket
    }

    /// BTC and ETH: 8 % in a minute or 12 % in five, five minutes of cooling; the rest ours.
    public static let standard = BreakerParameters(
        minuteMove: Ratio(basisPoints: 800), fiveMinuteMove: Ratio(basisPoints: 1_200),
        sourceDivergence: Ratio(basisPoints: 200), bookDivergence: Ratio(basisPoints: 400),
        divergenceTime: .seconds(30), liquidationShare: Ratio(basisPoints: 1_000),
        liquidationFloor: Amount(microunits: 1_000_000_000_000),
        clearShare: Ratio(basisPoints: 5_000), cooling: .seconds(300),
        quorumCooling: .seconds(15), expiry: .seconds(900), auctionLength: .seconds(10),
        reopening: .minute, auctionBand: Ratio(basisPoints: 100),
        toxicityBucket: Amount(microunits: 1_000_000_000_000))

    /// Everything else: 15 % in a minute or 25 % in five, fifteen minutes of cooling.
    public static let longTail = BreakerParameters(
        minuteMove: Ratio(basisPoints: 1_500), fiveMinuteMove: Ratio(basisPoints: 2_500),
        sourceDivergence: Ratio(basisPoints: 600), bookDivergence: Ratio(basisPoints: 800),
        divergenceTime: .seconds(30), liquidationShare: Ratio(basisPoints: 2_000),
        liquidationFloor: Amount(microunits: 100_000_000_000),
        clearShare: Ratio(basisPoints: 5_000), cooling: .seconds(900),
        quorumCooling: .seconds(30), expiry: .seconds(2_700), auctionLength: .seconds(10),
        reopening: .minute, auctionBand: Ratio(basisPoints: 300),
        toxicityBucket: Amount(microunits: 50_000_000_000))

    /// No account counts for more than this part of the liquidations that trip. Ours: it takes
    /// four.
    public static let accountPart: Int64 = 4

    /// How long the holds of a trigger last.
    public func terms(of trigger: BreakerTrigger) -> HoldTerms {
        switch trigger {
        case .staleIndex, .deadIndex: HoldTerms(cooling: quorumCooling, expiry: expiry)
        default: HoldTerms(cooling: cooling, expiry: expiry)
        }
    }

    /// The clearing value that belongs to a threshold, rounded up.
    public func clearing(of threshold: Int64) -> Int64 {
        let one = Int128(Ratio.one.units)
        return Int64((Int128(threshold) * Int128(clearShare.units) + one - 1) / one)
    }

    /// A reading of a measure with a threshold of its own.
    public func reading(
        _ trigger: BreakerTrigger, _ measured: Int64?, threshold: Int64
    ) -> BreakerReading {
        BreakerReading(
            trigger, measured: measured, threshold: threshold, clearing: clearing(of: threshold))
    }

    /// The first field that is out of range, by name.
    public var faultyField: StaticString? {
        func isShare(_ ratio: Ratio) -> Bool { ratio.isPositive && ratio <= .one }
        if !isShare(minuteMove) { return "minuteMove" }
        if !isShare(fiveMinuteMove) || fiveMinuteMove < minuteMove { return "fiveMinuteMove" }
        if !isShare(sourceDivergence) { return "sourceDivergence" }
        if !isShare(bookDivergence) { return "bookDivergence" }
        if divergenceTime == .zero || divergenceTime > .hour { return "divergenceTime" }
        if !isShare(liquidationShare) { return "liquidationShare" }
        if !liquidationFloor.isPositive { return "liquidationFloor" }
        if !isShare(clearShare) { return "clearShare" }
        if cooling == .zero || cooling > .day { return "cooling" }
        if quorumCooling > .day { return "quorumCooling" }
        if expiry <= max(cooling, quorumCooling) || expiry > longestExpiry { return "expiry" }
        if auctionLength == .zero || auctionLength > .hour { return "auctionLength" }
        if reopening == .zero || reopening > .day { return "reopening" }
        if !isShare(auctionBand) { return "auctionBand" }
        if !toxicityBucket.isPositive { return "toxicityBucket" }
        return nil
    }

    /// No hold lasts longer without renewal than a guardian's may: 72 hours.
    private var longestExpiry: Duration { GuardianTerms.longest }
}

/// What bounds the guardian (`facts/risk.md`: a pause of at most 72 hours, renewable).
public enum GuardianTerms {
    /// The shortest time for which it raises a level. Ours.
    public static let shortest = Duration.minute
    /// The longest.
    public static let longest = Duration.seconds(72 * 3_600)
}

extension BreakerParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(minuteMove)
        encoder.append(fiveMinuteMove)
        encoder.append(sourceDivergence)
        encoder.append(bookDivergence)
        encoder.append(divergenceTime.nanoseconds)
        encoder.append(liquidationShare)
        encoder.append(liquidationFloor)
        encoder.append(clearShare)
        encoder.append(cooling.nanoseconds)
        encoder.append(quorumCooling.nanoseconds)
        encoder.append(expiry.nanoseconds)
        encoder.append(auctionLength.nanoseconds)
        encoder.append(reopening.nanoseconds)
        encoder.append(auctionBand)
        encoder.append(toxicityBucket)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        minuteMove = try decoder.quantity()
        fiveMinuteMove = try decoder.quantity()
        sourceDivergence = try decoder.quantity()
        bookDivergence = try decoder.quantity()
        divergenceTime = Duration(nanoseconds: try decoder.uint64())
        liquidationShare = try decoder.quantity()
        liquidationFloor = try decoder.quantity()
        clearShare = try decoder.quantity()
        cooling = Duration(nanoseconds: try decoder.uint64())
        quorumCooling = Duration(nanoseconds: try decoder.uint64())
        expiry = Duration(nanoseconds: try decoder.uint64())
        auctionLength = Duration(nanoseconds: try decoder.uint64())
        reopening = Duration(nanoseconds: try decoder.uint64())
        auctionBand = try decoder.quantity()
        toxicityBucket = try decoder.quantity()
    }
}
