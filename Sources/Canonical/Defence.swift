/// The defences that a laboratory may switch off one by one, to see the harm that each stops
/// (`facts/risk.md`, attacks 1 to 18). On a venue all are on: `rampart node` refuses a genesis that
/// switches one off.

/// A rule that stands between an attacker and a profit.
public enum Defence: UInt8, CaseIterable, Sendable {
    // How prices are made.

    /// A price that is too old does not count, and allows less the older it is.
    case staleness = 0
    /// What lies too far from the median of all sources is cut.
    case outlierCut = 1
    /// No venue weighs more than its cap.
    case venueCap = 2
    /// An index needs enough weight and enough venues after the cuts.
    case quorum = 3
    /// Zero, negative, frozen, bounded and unit-shifted prices do not count.
    case sanity = 4
    /// Prices in another currency are converted by its own index.
    case conversion = 5
    /// The index moves by a bounded share of itself per unit of time.
    case indexClamp = 6
    /// Collateral, initial margin and withdrawals use the worse of mark and stable price.
    case stablePrice = 7
    /// A settlement needs most of its window covered.
    case settlementCoverage = 8
    /// Curves that admit arbitrage are dropped.
    case curveScreen = 9

    // What a market can lose.

    /// Open interest stays where an attack costs more than it earns.
    case interestCap = 16
    /// An owner holds no more than a share of that.
    case ownerShare = 17
    /// Initial margin rises with an owner's share.
    case marginRamp = 18
    /// A profit that is realised may leave only after a time.
    case profitHold = 19
    /// Every open order has a least margin.
    case orderFloor = 20
    /// What the insurance fund pays for an account and in a day is capped.
    case fundCap = 21
    /// A fill that reduces may not harm the account that is short of margin.
    case reduceCheck = 22
    /// The price band of orders.
    case priceBand = 23
    /// Cancels before takers, takers before post-only orders.
    case commandClasses = 24
    /// A withdrawal is checked again when the block closes.
    case withdrawalRecheck = 25
    /// Depth of the venue's own books counts when it has stood.
    case restingDepth = 26
    /// An agent's orders stay near the mark, lose a bounded sum a day, and are soon void.
    case agentLimits = 27

    // What stops a market.

    /// What one account causes throttles that account.
    case throttle = 32
    /// A move beyond the band stops continuous trading.
    case moveBreaker = 33
    /// Sources, or index and book, that lie apart stop it.
    case divergenceBreaker = 34
    /// Lost quorum stops it.
    case quorumBreaker = 35
    /// Many liquidations stop it.
    case liquidationBreaker = 36
    /// Outflow of a vault is limited over a sliding window.
    case outflowLimit = 37
    /// In reduce-only, committed makers may open in banded auctions.
    case bandedAuction = 38

    // How accounts are closed, and what is asked of them.

    /// Forced closing takes a share of the visible depth in each window.
    case depthThrottle = 48
    /// Forced closing stays inside a band, and gives nobody more than the equity that is left.
    case closingBand = 49
    /// Liquidation ends above maintenance, and nothing that is put in resets its clock.
    case exitLevel = 50
    /// Below a part of maintenance, slices of the portfolio are auctioned.
    case backstopAuction = 51
    /// The discount of an auction is a part of the equity that is left.
    case discountCap = 52
    /// Who closes against the other side is asked pro rata, and loses no more than the day's
    /// profit.
    case fairDeleveraging = 53
    /// The sizes of scenarios follow what the index has done.
    case selfSettingMargin = 54
    /// The maintenance of existing positions rises at a bounded rate.
    case maintenanceRate = 55
    /// Haircuts follow depth and peg.
    case haircutResponse = 56
}

/// Some defences. Encodes as a mask; a bit without a name is refused.
public struct DefenceSet: Equatable, Sendable {
    private var mask: UInt64 = 0

    /// None.
    public init() {}

    public init(_ defences: [Defence]) {
        for defence in defences { insert(defence) }
    }

    public var isEmpty: Bool { mask == 0 }

    public mutating func insert(_ defence: Defence) { mask |= 1 << UInt64(defence.rawValue) }

    public func contains(_ defence: Defence) -> Bool {
        mask & (1 << UInt64(defence.rawValue)) != 0
    }

    /// Its members, in the order of their numbers.
    public var members: [Defence] { Defence.allCases.filter(contains) }
}

extension DefenceSet: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(mask) }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        mask = try decoder.uint64()
        guard DefenceSet(members).mask == mask else { throw DecodingFault(.unknownTag, at: start) }
    }
}
