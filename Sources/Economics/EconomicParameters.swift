/// The factors behind the caps on open interest (`facts/risk.md`, "Formulas" and "Default
/// parameters"): how deep the sources are, what trading costs, and how fast caps may move. All
/// money is in the quote asset, all shares are fractions.

public import Canonical
public import FixedPoint

/// What an attack on the markets of one underlying may cost and earn.
public struct EconomicParameters: Equatable, Sendable {
    /// κ: the share of reported depth that is there when it matters, in `(0, 1]`. Ask depth of the
    /// largest venue fell to 17 % of itself on 2025-10-10.
    public var depthShare = Ratio(basisPoints: 2_000)
    /// τ: how long books take to fill again, up to a day.
    public var replenishment = Duration.seconds(600)
    /// T: how long a price must be held, up to a day: the shortest average that moves money.
    public var window = Duration.seconds(30)
    /// k: by how much an attack must cost more than it earns, in `1 ... 100`.
    public var safety = Ratio(basisPoints: 30_000)
    /// c: what an owner loses by going in and out, as a share of the notional, in `(0, 1]`.
    public var tradingCost: Ratio
    /// The most that one owner may have of a market's cap, in `(0, 1]`.
    public var ownerShare: Ratio
    /// IM₀: the initial margin of a small position, where the ramp begins, in `0 ... 1`.
    public var baseMargin: Ratio
    /// The expected shortfall at 99.9 % beyond maintenance margin, of the time that a liquidation
    /// takes, in `(0, 1]`.
    public var gapLoss: Ratio
    /// The highest cap of a market.
    public var hardLimit: Amount
    /// No cap falls below this: what the venue risks while its fund is young. Positive, at most
    /// `hardLimit`.
    public var leastCap: Amount
    /// What trades in a median day on all venues; zero does not limit. It is stated, not measured:
    /// what a venue sees of itself can be washed.
    public var dailyVolume: Amount
    /// What all units that circulate are worth; zero does not limit.
    public var float: Amount
    /// What the depth for a move of 2 % is taken to be before it was measured. Positive.
    public var openingDepth: Amount
    /// A cap falls by at most this share of itself in an hour, in `(0, 10 %]`.
    public var hourlyFall = EconomicParameters.fastestFall
    /// And rises by at most this; in many steps it compounds. In `(0, 1]`.
    public var hourlyRise = Ratio(basisPoints: 500)

    /// Of the median daily volume, that a cap may be: 10 %.
    public static let volumeShare = Ratio(basisPoints: 1_000)
    /// Of the float, that a cap may be: 2 %.
    public static let floatShare = Ratio(basisPoints: 200)
    /// Caps fall by at most 10 % an hour (attack 12).
    public static let fastestFall = Ratio(basisPoints: 1_000)
    /// The largest safety factor. Ours.
    private static let largestSafety: Int64 = 100

    public init(
        tradingCost: Ratio, ownerShare: Ratio, baseMargin: Ratio, gapLoss: Ratio,
        hardLimit: Amount, leastCap: Amount, dailyVolume: Amount, float: Amount,
        openingDepth: Amount
    ) {
        self.tradingCost = tradingCost
        self.ownerShare = ownerShare
        self.baseMargin = baseMargin
        self.gapLoss = gapLoss
        self.hardLimit = hardLimit
        self.leastCap = leastCap
        self.dailyVolume = dailyVolume
        self.float = float
        self.openingDepth = openingDepth
    }

    /// BTC and ETH: a tenth for an owner, twice a fee of 5 bp and as much of impact to trade.
    ///
    /// - Parameters:
    ///   - baseMargin: 1.5 times the move that margin covers.
    ///   - hardLimit: $100 million for BTC, $60 million for ETH.
    public static func major(
        baseMargin: Ratio, hardLimit: Amount, leastCap: Amount, openingDepth: Amount,
        dailyVolume: Amount = .zero, float: Amount = .zero
    ) -> EconomicParameters {
        EconomicParameters(
            tradingCost: Ratio(basisPoints: 20), ownerShare: Ratio(basisPoints: 1_000),
            baseMargin: baseMargin, gapLoss: Ratio(basisPoints: 500), hardLimit: hardLimit,
            leastCap: leastCap, dailyVolume: dailyVolume, float: float,
            openingDepth: openingDepth)
    }

    /// Everything else: a fifth for an owner, 1 % to trade, a gap of 25 %.
    ///
    /// - Parameter hardLimit: $1 million by default.
    public static func longTail(
        baseMargin: Ratio, hardLimit: Amount, leastCap: Amount, openingDepth: Amount,
        dailyVolume: Amount = .zero, float: Amount = .zero
    ) -> EconomicParameters {
        EconomicParameters(
            tradingCost: Ratio(basisPoints: 100), ownerShare: Ratio(basisPoints: 2_000),
            baseMargin: baseMargin, gapLoss: Ratio(basisPoints: 2_500), hardLimit: hardLimit,
            leastCap: leastCap, dailyVolume: dailyVolume, float: float,
            openingDepth: openingDepth)
    }

    /// The first field that is out of range, by name.
    public var faultyField: StaticString? {
        func isShare(_ ratio: Ratio) -> Bool { ratio.isPositive && ratio <= .one }
        if !isShare(depthShare) { return "depthShare" }
        if replenishment == .zero || replenishment > .day { return "replenishment" }
        if window > .day { return "window" }
        let safest = EconomicParameters.largestSafety * Ratio.one.units
        if safety < .one || safety.units > safest { return "safety" }
        if !isShare(tradingCost) { return "tradingCost" }
        if !isShare(ownerShare) { return "ownerShare" }
        if baseMargin.isNegative || baseMargin > .one { return "baseMargin" }
        if !isShare(gapLoss) { return "gapLoss" }
        if !hardLimit.isPositive { return "hardLimit" }
        if !leastCap.isPositive || leastCap > hardLimit { return "leastCap" }
        if dailyVolume.isNegative { return "dailyVolume" }
        if float.isNegative { return "float" }
        if !openingDepth.isPositive { return "openingDepth" }
        if !hourlyFall.isPositive || hourlyFall > EconomicParameters.fastestFall {
            return "hourlyFall"
        }
        return isShare(hourlyRise) ? nil : "hourlyRise"
    }
}

extension EconomicParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(depthShare)
        encoder.append(replenishment.nanoseconds)
        encoder.append(window.nanoseconds)
        encoder.append(safety)
        encoder.append(tradingCost)
        encoder.append(ownerShare)
        encoder.append(baseMargin)
        encoder.append(gapLoss)
        encoder.append(hardLimit)
        encoder.append(leastCap)
        encoder.append(dailyVolume)
        encoder.append(float)
        encoder.append(openingDepth)
        encoder.append(hourlyFall)
        encoder.append(hourlyRise)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        depthShare = try decoder.quantity()
        replenishment = Duration(nanoseconds: try decoder.uint64())
        window = Duration(nanoseconds: try decoder.uint64())
        safety = try decoder.quantity()
        tradingCost = try decoder.quantity()
        ownerShare = try decoder.quantity()
        baseMargin = try decoder.quantity()
        gapLoss = try decoder.quantity()
        hardLimit = try decoder.quantity()
        leastCap = try decoder.quantity()
        dailyVolume = try decoder.quantity()
        float = try decoder.quantity()
        openingDepth = try decoder.quantity()
        hourlyFall = try decoder.quantity()
        hourlyRise = try decoder.quantity()
    }
}
