/// How the volatility surface of one underlying is made, and how long it is good for what.
/// Defaults: `facts/risk.md`, "Default parameters", column options; the nodes are, of five sets of
/// eleven, those that fit the Deribit chains of early 2026 best (`docs/surface.md`).

public import Canonical
public import FixedPoint

/// The numbers behind one underlying's surface.
public struct SurfaceParameters: Equatable, Sendable {
    /// A volatility that is usual for this underlying, a year; it scales the nodes. In `5 … 500 %`.
    public var referenceVolatility: Ratio
    /// Standardised log-moneyness ln(K/F)/(referenceVolatility·√T): eleven values that ascend, ¼
    /// apart at least, within ±8, the sixth zero.
    public var nodes: [Ratio]
    /// The share of all publishers' weight that must be fresh and close together, in `(½, 1]`.
    public var quorum: Ratio
    /// Past this age a curve liquidates nobody and lets no collateral out.
    public var liquidationAge: Duration
    /// Past this age only orders that reduce are admitted.
    public var reduceOnlyAge: Duration
    /// Past this age no order is admitted; a vote older than this is not counted at all.
    public var haltAge: Duration
    /// How far a node's volatility moves in a minute at most, as volatility a year.
    public var minuteMove: Ratio
    /// A vote farther from the median than this many median deviations does not count for the
    /// quorum and is never the medoid.
    public var cut: Ratio
    /// The median deviation of volatilities counts as this at least.
    public var volatilityFloor: Ratio
    /// The median deviation of the forward over the index counts as this at least.
    public var basisFloor: Ratio
    /// The forward is at least this above the index, a year; negative.
    public var lowestCarry: Ratio
    /// The forward is at most this above the index, a year.
    public var highestCarry: Ratio
    /// The forward may always leave the index by this share, however near the expiry.
    public var basisSlack: Ratio

    /// The defaults, with a reference volatility of 50 % for BTC.
    public static let standard = SurfaceParameters(referenceVolatility: Ratio(basisPoints: 5_000))

    /// The defaults around a reference volatility.
    public init(referenceVolatility: Ratio) {
        self.referenceVolatility = referenceVolatility
        nodes = SurfaceParameters.standardNodes.map { Ratio(basisPoints: $0) }
        quorum = Ratio(billionths: 666_666_667)
        liquidationAge = .seconds(15)
        reduceOnlyAge = .seconds(60)
        haltAge = .seconds(300)
        minuteMove = Ratio(basisPoints: 1_000)
        cut = Ratio(basisPoints: 50_000)
        volatilityFloor = Ratio(basisPoints: 100)
        basisFloor = Ratio(basisPoints: 5)
        lowestCarry = Ratio(basisPoints: -1_000)
        highestCarry = Ratio(basisPoints: 3_000)
        basisSlack = Ratio(basisPoints: 100)
    }

    /// In 10⁻⁴.
    private static let standardNodes: [Int64] = [
        -50_000, -30_000, -17_500, -10_000, -5_000, 0, 5_000, 10_000, 17_500, 30_000, 50_000,
    ]
    /// Between neighbouring nodes, at least.
    private static let leastSpacing = Ratio(basisPoints: 2_500)
    /// From the centre, at most.
    private static let widest = Ratio(basisPoints: 80_000)
    private static let lowestReference = Ratio(basisPoints: 500)
    private static let highestReference = Ratio(basisPoints: 50_000)

    /// The first field that is out of range, by name.
    public var faultyField: StaticString? {
        if referenceVolatility < SurfaceParameters.lowestReference
            || referenceVolatility > SurfaceParameters.highestReference
        {
            return "referenceVolatility"
        }
        if !hasSoundNodes { return "nodes" }
        if quorum.units <= Ratio.one.units / 2 || quorum > .one { return "quorum" }
        if liquidationAge == .zero { return "liquidationAge" }
        if reduceOnlyAge < liquidationAge { return "reduceOnlyAge" }
        if haltAge < reduceOnlyAge || haltAge > .day { return "haltAge" }
        if !minuteMove.isPositive || minuteMove > Ratio(basisPoints: 100_000) {
            return "minuteMove"
        }
        if cut < .one || cut > Ratio(basisPoints: 1_000_000) { return "cut" }
        if !volatilityFloor.isPositive || volatilityFloor > .one { return "volatilityFloor" }
        if !basisFloor.isPositive || basisFloor > .one { return "basisFloor" }
        if lowestCarry < -.one || lowestCarry > .zero { return "lowestCarry" }
        if highestCarry.isNegative || highestCarry > .one { return "highestCarry" }
        if basisSlack.isNegative || basisSlack > Ratio(basisPoints: 1_000) { return "basisSlack" }
        return nil
    }

    private var hasSoundNodes: Bool {
        let widest = SurfaceParameters.widest
        // Each by itself, so that no difference overflows.
        guard nodes.count == NodeVolatilities.count, nodes[NodeVolatilities.centre] == .zero,
            nodes.allSatisfy({ $0 >= -widest && $0 <= widest })
        else { return false }
        return zip(nodes, nodes.dropFirst()).allSatisfy {
            $1 > $0 && $1 - $0 >= SurfaceParameters.leastSpacing
        }
    }
}

extension SurfaceParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(referenceVolatility)
        encoder.append(UInt32(nodes.count))
        for node in nodes { encoder.append(node) }
        encoder.append(quorum)
        encoder.append(liquidationAge.nanoseconds)
        encoder.append(reduceOnlyAge.nanoseconds)
        encoder.append(haltAge.nanoseconds)
        encoder.append(minuteMove)
        encoder.append(cut)
        encoder.append(volatilityFloor)
        encoder.append(basisFloor)
        encoder.append(lowestCarry)
        encoder.append(highestCarry)
        encoder.append(basisSlack)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        referenceVolatility = try decoder.quantity()
        let count = try decoder.listCount(limit: NodeVolatilities.count)
        nodes = []
        for _ in 0..<count { nodes.append(try decoder.quantity()) }
        quorum = try decoder.quantity()
        liquidationAge = Duration(nanoseconds: try decoder.uint64())
        reduceOnlyAge = Duration(nanoseconds: try decoder.uint64())
        haltAge = Duration(nanoseconds: try decoder.uint64())
        minuteMove = try decoder.quantity()
        cut = try decoder.quantity()
        volatilityFloor = try decoder.quantity()
        basisFloor = try decoder.quantity()
        lowestCarry = try decoder.quantity()
        highestCarry = try decoder.quantity()
        basisSlack = try decoder.quantity()
    }
}
