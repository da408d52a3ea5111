/// What a compartment asks of those who stand behind it, and what it gives them: the providers of
/// its backstop (DESIGN 6, step 3) and the committed makers of its markets. All figures are ours.

public import Canonical
public import FixedPoint

/// The terms of a compartment's backstop.
public struct BackstopParameters: Equatable, Sendable {
    /// The share of trading fees, after the insurance fund's, that providers earn, in `0 ... 0.5`.
    public var tradingShare: Ratio
    /// The share of liquidation fees that providers earn, in `0 ... 1`.
    public var liquidationShare: Ratio
    /// How long a provider stands on after it has given notice.
    public var notice: Duration
    /// How long other limits wait before they count, so that no bid is pulled when it is needed.
    public var limitDelay: Duration
    /// What all providers together may lose in the markets of one underlying by positions that are
    /// open; positive.
    public var marketLoss: Amount
    /// The least equity with which an account becomes a provider.
    public var minimum: Amount
    /// The most providers.
    public var providers: UInt32

    public init(
        tradingShare: Ratio, liquidationShare: Ratio, notice: Duration, limitDelay: Duration,
        marketLoss: Amount, minimum: Amount, providers: UInt32
    ) {
        self.tradingShare = tradingShare
        self.liquidationShare = liquidationShare
        self.notice = notice
        self.limitDelay = limitDelay
        self.marketLoss = marketLoss
        self.minimum = minimum
        self.providers = providers
    }

    /// 10 % of trading fees, half of liquidation fees, seven days' notice, an hour for limits, at
    /// most $5 M lost a market, at least $10,000 of each of at most 64 providers.
    public static let standard = BackstopParameters(
        tradingShare: Ratio(basisPoints: 1_000), liquidationShare: Ratio(basisPoints: 5_000),
        notice: .seconds(7 * 86_400), limitDelay: .hour,
        marketLoss: Amount(microunits: 5_000_000_000_000),
        minimum: Amount(microunits: 10_000_000_000), providers: 64)

    /// No compartment has more: every one is asked in every auction. Ours.
    public static let mostProviders: UInt32 = 256

    /// The first field that is out of range, by name.
    public var faultyField: StaticString? {
        if tradingShare.isNegative || tradingShare > Ratio(basisPoints: 5_000) {
            return "tradingShare"
        }
        if liquidationShare.isNegative || liquidationShare > .one { return "liquidationShare" }
        if notice > .seconds(90 * 86_400) { return "notice" }
        if limitDelay > .day { return "limitDelay" }
        if !marketLoss.isPositive { return "marketLoss" }
        if minimum.isNegative { return "minimum" }
        if providers > BackstopParameters.mostProviders { return "providers" }
        return nil
    }
}

/// What a committed maker owes the perpetuals of its compartment, and what it earns.
public struct MakerTerms: Equatable, Sendable {
    /// How far from the mark an order counts, as a share of it, in `(0, 1]`.
    public var reach: Ratio
    /// What must stand on each side within it.
    public var size: Amount
    /// The share of the time in which it must stand, over all perpetuals.
    public var presence: Ratio
    /// The same of the time of stress.
    public var stressPresence: Ratio
    /// Stress is a raised level, or an index that has moved so far within five minutes.
    public var stressMove: Ratio
    /// How often time of stress counts beside other time, at least once.
    public var stressWeight: UInt32
    /// The share of trading fees, after the insurance fund's, that makers earn, in `0 ... 0.5`.
    public var feeShare: Ratio

    public init(
        reach: Ratio, size: Amount, presence: Ratio, stressPresence: Ratio, stressMove: Ratio,
        stressWeight: UInt32, feeShare: Ratio
    ) {
        self.reach = reach
        self.size = size
        self.presence = presence
        self.stressPresence = stressPresence
        self.stressMove = stressMove
        self.stressWeight = stressWeight
        self.feeShare = feeShare
    }

    /// $50,000 a side within 0.3 % for 80 % of the time and 60 % of stress (a move of 3 %), which
    /// counts five times, for 10 % of the fees.
    public static let standard = MakerTerms(
        reach: Ratio(basisPoints: 30), size: Amount(microunits: 50_000_000_000),
        presence: Ratio(basisPoints: 8_000), stressPresence: Ratio(basisPoints: 6_000),
        stressMove: Ratio(basisPoints: 300), stressWeight: 5, feeShare: Ratio(basisPoints: 1_000))

    /// Most of `stressWeight`, so that weights fit. Ours.
    public static let heaviestStress: UInt32 = 1_000

    /// The first field that is out of range, by name.
    public var faultyField: StaticString? {
        if !reach.isPositive || reach > .one { return "reach" }
        if !size.isPositive { return "size" }
        if presence.isNegative || presence > .one { return "presence" }
        if stressPresence.isNegative || stressPresence > .one { return "stressPresence" }
        if !stressMove.isPositive || stressMove > .one { return "stressMove" }
        if stressWeight < 1 || stressWeight > MakerTerms.heaviestStress { return "stressWeight" }
        if feeShare.isNegative || feeShare > Ratio(basisPoints: 5_000) { return "feeShare" }
        return nil
    }

    /// The weight of a maker's time within an epoch, zero where it fell short.
    ///
    /// - Parameters:
    ///   - present, stressed: nanoseconds in which it stood, and of those under stress, all
    ///     perpetuals added.
    ///   - all, allStressed: nanoseconds in which it could have.
    public func weight(
        present: UInt64, stressed: UInt64, of all: UInt64, allStressed: UInt64
    ) -> Int128 {
        guard all > 0, MakerTerms.isAtLeast(presence, present, of: all),
            MakerTerms.isAtLeast(stressPresence, stressed, of: allStressed)
        else { return 0 }
        return Int128(present) + Int128(stressWeight - 1) * Int128(stressed)
    }

    private static func isAtLeast(_ share: Ratio, _ part: UInt64, of all: UInt64) -> Bool {
        Int128(part) * Int128(Ratio.one.units) >= Int128(all) * Int128(share.units)
    }
}

extension BackstopParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(tradingShare)
        encoder.append(liquidationShare)
        encoder.append(notice.nanoseconds)
        encoder.append(limitDelay.nanoseconds)
        encoder.append(marketLoss)
        encoder.append(minimum)
        encoder.append(providers)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        tradingShare = try decoder.quantity()
        liquidationShare = try decoder.quantity()
        notice = Duration(nanoseconds: try decoder.uint64())
        limitDelay = Duration(nanoseconds: try decoder.uint64())
        marketLoss = try decoder.quantity()
        minimum = try decoder.quantity()
        providers = try decoder.uint32()
    }
}

extension MakerTerms: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(reach)
        encoder.append(size)
        encoder.append(presence)
        encoder.append(stressPresence)
        encoder.append(stressMove)
        encoder.append(stressWeight)
        encoder.append(feeShare)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        reach = try decoder.quantity()
        size = try decoder.quantity()
        presence = try decoder.quantity()
        stressPresence = try decoder.quantity()
        stressMove = try decoder.quantity()
        stressWeight = try decoder.uint32()
        feeShare = try decoder.quantity()
    }
}
