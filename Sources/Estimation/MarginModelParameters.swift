/// How margin sets itself for one underlying, as genesis fixes it: what is estimated, how the
/// stressed past counts, and within which bounds and how fast the size of the move M follows
/// (DESIGN 5; `facts/risk.md`, "Formulas" and attack 9; docs/margins.md).

public import Canonical
public import FixedPoint

/// The margin model of one underlying.
public struct MarginModelParameters: Equatable, Sendable {
    public var estimator: EstimatorParameters
    /// h_liq, in hours, in `1 ... 168`: how long it takes to close what is held. Where it is longer
    /// than the horizon, M grows with its root.
    public var liquidationHours: UInt8
    /// M never leaves `floor ... cap`; both in `(0, 1]`.
    public var floor: Ratio
    public var cap: Ratio
    /// The weight of the stressed shortfall, in `0 ... 1`: ¼ by EMIR 153/2013, Art. 28.
    public var stressedWeight: Ratio
    /// The least stressed shortfall over the horizon, in `0 ... 1`: what the chain has not lived
    /// through itself.
    public var stressedShortfall: Ratio
    /// By how much of itself the maintenance move of existing positions rises in an hour at most,
    /// in `(0, 1]`; of the floor at least a step of the grid.
    public var hourlyRise: Ratio
    /// By how much of itself M falls in 24 hours with prices at most, in `(0, 1)`.
    public var dailyFall: Ratio
    /// The volatility of an hour before anything was seen, in `(0, ¼]`.
    public var openingVolatility: Ratio

    public init(
        estimator: EstimatorParameters = EstimatorParameters(), liquidationHours: UInt8 = 4,
        floor: Ratio, cap: Ratio, stressedWeight: Ratio = Ratio(basisPoints: 2_500),
        stressedShortfall: Ratio, hourlyRise: Ratio = Ratio(basisPoints: 1_000),
        dailyFall: Ratio = Ratio(basisPoints: 500), openingVolatility: Ratio
    ) {
        self.estimator = estimator
        self.liquidationHours = liquidationHours
        self.floor = floor
        self.cap = cap
        self.stressedWeight = stressedWeight
        self.stressedShortfall = stressedShortfall
        self.hourlyRise = hourlyRise
        self.dailyFall = dailyFall
        self.openingVolatility = openingVolatility
    }

    /// BTC: 6 to 24 %.
    public static var bitcoin: MarginModelParameters {
        MarginModelParameters(
            floor: Ratio(basisPoints: 600), cap: Ratio(basisPoints: 2_400),
            stressedShortfall: Ratio(basisPoints: 1_200),
            openingVolatility: Ratio(basisPoints: 50))
    }

    /// ETH: 8 to 30 %.
    public static var ether: MarginModelParameters {
        MarginModelParameters(
            floor: Ratio(basisPoints: 800), cap: Ratio(basisPoints: 3_000),
            stressedShortfall: Ratio(basisPoints: 1_500),
            openingVolatility: Ratio(basisPoints: 70))
    }

    /// Everything else: 20 to 33 %, closed in 8 hours. Beyond a third the tails of Rampart's rules
    /// would fall by more than everything.
    public static var longTail: MarginModelParameters {
        MarginModelParameters(
            liquidationHours: 8,
            floor: Ratio(basisPoints: 2_000), cap: Ratio(basisPoints: 3_300),
            stressedShortfall: Ratio(basisPoints: 2_500),
            openingVolatility: Ratio(basisPoints: 100))
    }

    /// The same where options are listed: a wider grid, since they bend beyond M; for BTC still
    /// below a tenth of initial margin.
    public var withOptions: MarginModelParameters {
        var result = self
        result.floor = min(.one, floor + MarginModelParameters.optionStep)
        result.cap = min(MarginModelParameters.highestCap, Ratio(units: cap.units / 6 * 7))
        return result
    }

    /// The first field that is out of range, by name.
    public var faultyField: StaticString? {
        func isShare(_ ratio: Ratio) -> Bool { !ratio.isNegative && ratio <= .one }
        if let field = estimator.faultyField { return field }
        if !MarginModelParameters.liquidationRange.contains(liquidationHours) {
            return "liquidationHours"
        }
        if !floor.isPositive || floor > .one { return "floor" }
        if cap < floor || cap > .one { return "cap" }
        if !isShare(stressedWeight) { return "stressedWeight" }
        if !isShare(stressedShortfall) { return "stressedShortfall" }
        if !hourlyRise.isPositive || hourlyRise > .one { return "hourlyRise" }
        if !dailyFall.isPositive || dailyFall >= .one { return "dailyFall" }
        // A rise must reach the next step of the grid.
        let rise = Int128(floor.units) * Int128(hourlyRise.units) / Int128(Ratio.one.units)
        if rise < Int128(MarginModel.grid.units) { return "hourlyRise" }
        if !openingVolatility.isPositive
            || openingVolatility > MarginModelParameters.largestVolatility
        {
            return "openingVolatility"
        }
        return nil
    }

    /// What options add to the floor. Ours.
    private static let optionStep = Ratio(basisPoints: 100)
    /// Below a third, for the tails of three times M.
    private static let highestCap = Ratio(basisPoints: 3_300)
    /// An hour to a week. Ours.
    private static let liquidationRange: ClosedRange<UInt8> = 1...168
    /// A quarter in an hour. Ours.
    private static let largestVolatility = Ratio(basisPoints: 2_500)
}

/// What the estimator of tails keeps and forgets.
public struct EstimatorParameters: Equatable, Sendable {
    /// λ: what remains of a squared return after one step, in `[½, 1)`.
    public var memory: Ratio
    /// How many residuals are kept: hundreds, in `500 ... 2,000`.
    public var window: UInt16
    /// Over how many steps losses are looked at, in `1 ... 24`.
    public var horizon: UInt8

    public init(
        memory: Ratio = Ratio(basisPoints: 9_900), window: UInt16 = 2_000, horizon: UInt8 = 4
    ) {
        self.memory = memory
        self.window = window
        self.horizon = horizon
    }

    /// The first field that is out of range, by name.
    public var faultyField: StaticString? {
        if memory < Ratio(basisPoints: 5_000) || memory >= .one { return "memory" }
        if !EstimatorParameters.windowRange.contains(window) || window % 100 != 0 {
            return "window"
        }
        return EstimatorParameters.horizonRange.contains(horizon) ? nil : "horizon"
    }

    /// Fewer than 500 leave five in a tail of 1 %; 2,000 take 4 KiB.
    static let windowRange: ClosedRange<UInt16> = 500...2_000
    static let horizonRange: ClosedRange<UInt8> = 1...24
}

extension MarginModelParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(estimator)
        encoder.append(liquidationHours)
        encoder.append(floor)
        encoder.append(cap)
        encoder.append(stressedWeight)
        encoder.append(stressedShortfall)
        encoder.append(hourlyRise)
        encoder.append(dailyFall)
        encoder.append(openingVolatility)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        estimator = try decoder.value()
        liquidationHours = try decoder.byte()
        floor = try decoder.quantity()
        cap = try decoder.quantity()
        stressedWeight = try decoder.quantity()
        stressedShortfall = try decoder.quantity()
        hourlyRise = try decoder.quantity()
        dailyFall = try decoder.quantity()
        openingVolatility = try decoder.quantity()
    }
}

extension EstimatorParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(memory)
        encoder.append(window)
        encoder.append(horizon)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        memory = try decoder.quantity()
        window = try decoder.uint16()
        horizon = try decoder.byte()
    }
}
