/// What an account lets the engine do for it before it is liquidated (DESIGN 6,
/// docs/protection.md): bring collateral from other accounts of its owner, and hedge its delta with
/// the perpetual. Only the master key sets these terms: no scope of an agent holds the command.

public import Canonical
public import FixedPoint

/// From when on collateral comes, from where, and how much.
public struct RebalancingTerms: Equatable, Sendable {
    /// Collateral comes while equity is below this many maintenance requirements.
    public var trigger: Ratio
    /// It brings equity to this many; above the trigger.
    public var target: Ratio
    /// In the order in which they are asked: accounts of the same owner and compartment, which have
    /// terms of their own that let them give.
    public var sources: [AccountIdentifier]
    /// Most that comes within a UTC day, in µ.
    public var dailyMost: Amount

    public init(
        trigger: Ratio, target: Ratio, sources: [AccountIdentifier], dailyMost: Amount
    ) {
        self.trigger = trigger
        self.target = target
        self.sources = sources
        self.dailyMost = dailyMost
    }

    var hasLevelsInRange: Bool {
        RescueTerms.levels.contains(trigger) && trigger < target
            && target <= RescueTerms.highestTarget
    }
}

/// From when on delta is hedged, and how far.
public struct HedgeTerms: Equatable, Sendable {
    /// Delta is hedged while equity is below this many maintenance requirements.
    public var level: Ratio
    /// The share of an underlying's delta that is hedged, in `(0, 1]`.
    public var share: Ratio
    /// How far from the mark its orders may trade, as a share of it.
    public var band: Ratio
    /// Most notional that is traded within a UTC day, in µ.
    public var dailyMost: Amount

    public init(level: Ratio, share: Ratio, band: Ratio, dailyMost: Amount) {
        self.level = level
        self.share = share
        self.band = band
        self.dailyMost = dailyMost
    }

    var areInRange: Bool {
        RescueTerms.levels.contains(level) && share.isPositive && share <= .one
            && band.isPositive && band <= RescueTerms.widestBand && dailyMost.isPositive
    }
}

/// What an account gives to others that name it as a source.
public struct GivingTerms: Equatable, Sendable {
    /// What must still be free to leave it, in µ; not negative.
    public var keeps: Amount
    /// Most that it gives within a UTC day, in µ: whoever holds the key of an account that receives
    /// can lose no more of it in a day.
    public var dailyMost: Amount

    public init(keeps: Amount, dailyMost: Amount) {
        self.keeps = keeps
        self.dailyMost = dailyMost
    }

    var areInRange: Bool { !keeps.isNegative && dailyMost.isPositive }
}

/// The terms of one account; each part may be missing.
public struct RescueTerms: Equatable, Sendable {
    public var rebalancing: RebalancingTerms?
    public var hedge: HedgeTerms?
    /// Nil gives nothing.
    public var giving: GivingTerms?

    public init(
        rebalancing: RebalancingTerms? = nil, hedge: HedgeTerms? = nil, giving: GivingTerms? = nil
    ) {
        self.rebalancing = rebalancing
        self.hedge = hedge
        self.giving = giving
    }

    /// Levels at which something begins, as multiples of the maintenance requirement. Ours.
    public static let levels = Ratio(basisPoints: 10_100)...Ratio(basisPoints: 20_000)
    /// The highest level that collateral is brought to. Ours.
    public static let highestTarget = Ratio(basisPoints: 30_000)
    /// The widest band of a hedge. Ours.
    public static let widestBand = Ratio(basisPoints: 500)
    /// Most sources. Ours.
    public static let sourceLimit = 8
}

/// The terms of an account, and what it has had of them today.
struct AccountRescue: Equatable {
    var terms: RescueTerms
    /// UTC days since 1970 that the sums are of.
    private var day: UInt64 = 0
    private var moved = Amount.zero
    private var hedged = Amount.zero
    private var given = Amount.zero

    init(terms: RescueTerms) { self.terms = terms }

    /// Begins the sums of another day anew.
    private mutating func turn(to today: UInt64) {
        guard day != today else { return }
        day = today
        moved = .zero
        hedged = .zero
        given = .zero
    }

    /// What may still come today; not negative.
    func roomToMove(on today: UInt64) -> Amount {
        guard let most = terms.rebalancing?.dailyMost else { return .zero }
        return max(.zero, most - (day == today ? moved : .zero))
    }

    /// What may still be traded today; not negative.
    func roomToHedge(on today: UInt64) -> Amount {
        guard let most = terms.hedge?.dailyMost else { return .zero }
        return max(.zero, most - (day == today ? hedged : .zero))
    }

    /// What may still be given today; not negative.
    func roomToGive(on today: UInt64) -> Amount {
        guard let most = terms.giving?.dailyMost else { return .zero }
        return max(.zero, most - (day == today ? given : .zero))
    }

    mutating func countGiven(_ amount: Amount, on today: UInt64) {
        turn(to: today)
        given += amount
    }

    mutating func countMoved(_ amount: Amount, on today: UInt64) {
        turn(to: today)
        moved += amount
    }

    mutating func countHedged(_ notional: Amount, on today: UInt64) {
        turn(to: today)
        hedged += notional
    }
}

extension RebalancingTerms: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(trigger)
        encoder.append(target)
        encoder.append(sources)
        encoder.append(dailyMost)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        trigger = try decoder.quantity()
        target = try decoder.quantity()
        sources = try decoder.list(limit: RescueTerms.sourceLimit)
        dailyMost = try decoder.quantity()
    }
}

extension HedgeTerms: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(level)
        encoder.append(share)
        encoder.append(band)
        encoder.append(dailyMost)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        level = try decoder.quantity()
        share = try decoder.quantity()
        band = try decoder.quantity()
        dailyMost = try decoder.quantity()
    }
}

extension GivingTerms: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(keeps)
        encoder.append(dailyMost)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        keeps = try decoder.quantity()
        dailyMost = try decoder.quantity()
    }
}

extension RescueTerms: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(rebalancing)
        encoder.append(hedge)
        encoder.append(giving)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        rebalancing = try decoder.optional()
        hedge = try decoder.optional()
        giving = try decoder.optional()
    }
}

extension AccountRescue: CanonicalValue {
    func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(terms)
        encoder.append(day)
        encoder.append(moved)
        encoder.append(hedged)
        encoder.append(given)
    }

    init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        terms = try decoder.value()
        day = try decoder.uint64()
        moved = try decoder.quantity()
        hedged = try decoder.quantity()
        given = try decoder.quantity()
        guard !moved.isNegative, !hedged.isNegative, !given.isNegative else {
            throw DecodingFault(.outOfRange, at: start)
        }
    }
}
