/// M of one underlying, set by its own index: `M = ¾·ES99(h) + ¼·stressed` over the liquidation
/// horizon, within the bounds of genesis (docs/margins.md). A look at the index costs a comparison
/// until it leaves what it has shown in this hour, or the hour ends.
///
///     index ─▶ watch, within the hour ──▶ what the hour would do if it ended here ─┐
///           └▶ closeHour ─▶ estimator ─▶ stressed ─▶ level (up at once, down slowly)┴▶ moves
///
/// Invariants
/// 1. `floor ≤ maintenance ≤ initial ≤ cap`.
/// 2. The maintenance move rises by at most `hourlyRise` of itself in any 59 minutes, however the
///    hours lie and whatever the index does; it rises only when an hour ends.
/// 3. The initial move is never below what the estimate asks, within its bounds; it falls by at
///    most `dailyFall` in 24 hours that have prices, and a step of the grid.
/// 4. An hour without a valid price, or with one that stood still, moves nothing.

public import Canonical
public import FixedPoint

/// The margin model of one underlying, as it stands in its leaves.
public struct MarginModel: Equatable, Sendable {
    public let parameters: MarginModelParameters
    public private(set) var estimator: ReturnEstimator
    public private(set) var stressed = StressedHistory()
    /// M as it stands.
    public private(set) var moves: MarginMoves
    /// What M falls from: the last peak of the target, less what has been taken off since.
    private var level: Real
    /// The index when the last hour ended; zero before the first.
    private var close = IndexPrice.zero
    /// That hour, counted from 1970.
    private var hour: UInt64 = 0
    /// The farthest that the index went from it since, as the size of a logarithmic return.
    private var reach = Real.zero
    /// Whether it has moved at all.
    private var hasMoved = false
    /// When the maintenance move rose last.
    private var risen = Timestamp.epoch

    /// M is a multiple of 0.1 %, so that rules and lanes are made again for steps that matter.
    public static let grid = Ratio(basisPoints: 10)

    /// Nothing seen: M as it follows from the residuals and the volatility of the opening.
    ///
    /// - Parameter parameters: validated.
    public init(_ parameters: MarginModelParameters) {
        self.parameters = parameters
        estimator = ReturnEstimator(
            parameters.estimator, openingVolatility: parameters.openingVolatility)
        moves = MarginMoves(parameters.floor)
        level = .zero
        raiseLevel(to: estimator.forecast().worstShortfall)
        moves = MarginMoves(initialMove)
    }

    /// Why M is what it is.
    public var report: MarginReport {
        let shortfall = estimator.forecast().worstShortfall
        return MarginReport(
            volatility: MarginModel.roundedUp(estimator.volatility.perStep),
            shortfall: MarginModel.roundedUp(shortfall),
            stressed: MarginModel.roundedUp(stressedShortfall(beside: shortfall)), moves: moves)
    }

    /// Takes note of the index, which must be one that margin may be computed by.
    ///
    /// - Parameters:
    ///   - index: positive.
    ///   - now: never before the last.
    ///   - isRiseBound: false raises maintenance with initial margin; in a laboratory only.
    /// - Returns: what has changed.
    public mutating func follow(
        _ index: IndexPrice, at now: Timestamp, isRiseBound: Bool = true
    ) -> MarginChange {
        guard close.isPositive else {
            (close, hour, risen) = (index, now.count(of: .hour), now)
            return MarginChange(isTouched: true, isHourClosed: false, isMoved: false)
        }
        let isFirstMove = index != close && !hasMoved
        if isFirstMove { hasMoved = true }
        let before = moves
        if now.count(of: .hour) == hour {
            let isTouched = watch(index, isRiseBound: isRiseBound) || isFirstMove
            return MarginChange(
                isTouched: isTouched, isHourClosed: false, isMoved: moves != before)
        }
        // A price that stands still is no sign of calm: the hour counts as one without prices.
        guard hasMoved else { return .none }
        closeHour(index, at: now, isRiseBound: isRiseBound)
        return MarginChange(isTouched: true, isHourClosed: true, isMoved: moves != before)
    }

    /// Within an hour only the initial move rises, and only for an index farther from the last
    /// close than before.
    ///
    /// - Returns: whether anything has changed.
    private mutating func watch(_ index: IndexPrice, isRiseBound: Bool) -> Bool {
        let size = Real.log(index.units, over: close.units).magnitude
        guard size > reach + MarginModel.watchStep else { return false }
        reach = size
        raiseLevel(to: estimator.forecast(afterSize: size).worstShortfall)
        moves.initial = max(moves.initial, initialMove)
        if !isRiseBound { moves.maintenance = moves.initial }
        return true
    }

    private mutating func closeHour(
        _ index: IndexPrice, at now: Timestamp, isRiseBound: Bool
    ) {
        let current = now.count(of: .hour)
        // What came back within the hour counts half of how far it went.
        estimator.observe(
            Real.log(index.units, over: close.units), steps: current - hour,
            reach: Real(bits: reach.bits / 2))
        (close, hour, reach, hasMoved) = (index, current, .zero, false)
        let shortfall = estimator.forecast().worstShortfall
        stressed.note(shortfall, day: now.count(of: .day))
        level = level - level * Real(parameters.dailyFall) * MarginModel.hourOfDay
        raiseLevel(to: shortfall)
        moves.initial = initialMove
        moves.maintenance = maintenanceMove(at: now, isRiseBound: isRiseBound)
    }

    /// Raises the level to what a shortfall asks, if it stands lower.
    private mutating func raiseLevel(to shortfall: Real) {
        let weight = Real(parameters.stressedWeight)
        let sum =
            (Real.one - weight) * shortfall + weight * stressedShortfall(beside: shortfall)
        let horizon = parameters.estimator.horizon
        let longer = max(parameters.liquidationHours, horizon)
        let root = Real(Int64(longer), over: Int64(horizon)).squareRoot()
        // A rise by e^x − 1 is the larger of the two moves that a return of x stands for.
        let target = Real.exp(sum * root) - .one
        level = max(level, min(target, Real(parameters.cap)))
    }

    /// At least the shortfall itself: the present may be the worst that was ever seen.
    private func stressedShortfall(beside shortfall: Real) -> Real {
        max(shortfall, stressed.shortfall, Real(parameters.stressedShortfall))
    }

    /// The level on the grid, rounded up.
    private var initialMove: Ratio {
        let steps = (MarginModel.roundedUp(level).units - 1) / MarginModel.grid.units + 1
        return Ratio(units: steps * MarginModel.grid.units)
            .clamped(parameters.floor, parameters.cap)
    }

    /// The maintenance move when an hour ends: it falls with the initial one, and rises towards it
    /// by an hour's share, unless it rose just now.
    private mutating func maintenanceMove(at now: Timestamp, isRiseBound: Bool) -> Ratio {
        guard moves.initial > moves.maintenance, isRiseBound else { return moves.initial }
        guard now.elapsed(since: risen) >= MarginModel.leastBetweenRises else {
            return moves.maintenance
        }
        let rise =
            Int128(moves.maintenance.units) * Int128(parameters.hourlyRise.units)
            / Int128(Ratio.one.units)
        let limit = moves.maintenance.units + Int64(rise)
        guard limit < moves.initial.units else {
            risen = now
            return moves.initial
        }
        let raised = Ratio(units: limit - limit % MarginModel.grid.units)
        guard raised > moves.maintenance else { return moves.maintenance }
        risen = now
        return raised
    }

    private static func roundedUp(_ value: Real) -> Ratio { Ratio(value) + Ratio(units: 1) }

    /// Hours end when the first block of the next one comes, a little sooner or later.
    private static let leastBetweenRises = Duration.seconds(59 * 60)
    /// An index must go a thousandth farther than before to be looked at within the hour.
    private static let watchStep = Real(bits: 1 << 30)
    /// The share of a day that an hour is, rounded up.
    private static let hourOfDay = Real(bits: (1 << 40) / 24 + 1)
}

/// What a look at the index has changed.
public struct MarginChange: Equatable, Sendable {
    /// Whether anything is to be written anew.
    public var isTouched: Bool
    /// Whether an hour ended, so that the history has another member.
    public var isHourClosed: Bool
    /// Whether M is another.
    public var isMoved: Bool

    public init(isTouched: Bool, isHourClosed: Bool, isMoved: Bool) {
        self.isTouched = isTouched
        self.isHourClosed = isHourClosed
        self.isMoved = isMoved
    }

    /// Nothing.
    public static var none: MarginChange {
        MarginChange(isTouched: false, isHourClosed: false, isMoved: false)
    }
}

extension MarginModel {
    /// Writes all but the history: M and what it stands on.
    public func encodeCurrent(into encoder: inout CanonicalEncoder) {
        encoder.append(moves)
        encoder.append(level.bits)
        encoder.append(close)
        encoder.append(hour)
        encoder.append(reach.bits)
        encoder.append(hasMoved)
        encoder.append(risen)
        encoder.append(stressed)
    }

    /// Reads what `encodeCurrent` wrote.
    ///
    /// - Throws: `DecodingFault` where it does not fit the parameters.
    public mutating func decodeCurrent(
        from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        let start = decoder.offset
        moves = try decoder.value()
        level = Real(bits: try decoder.int64())
        close = try decoder.quantity()
        hour = try decoder.uint64()
        reach = Real(bits: try decoder.int64())
        hasMoved = try decoder.boolean()
        risen = try decoder.timestamp()
        stressed = try decoder.value()
        guard moves.maintenance >= parameters.floor, moves.initial <= parameters.cap,
            level >= .zero, level <= Real(parameters.cap), !close.isNegative, reach >= .zero
        else { throw DecodingFault(.outOfRange, at: start) }
    }

    /// Writes what changes only when an hour ends.
    public func encodeHistory(into encoder: inout CanonicalEncoder) {
        estimator.encodeState(into: &encoder)
    }

    /// Reads what `encodeHistory` wrote.
    ///
    /// - Throws: `DecodingFault` where it does not fit the parameters.
    public mutating func decodeHistory(
        from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        try estimator.decodeState(from: &decoder)
    }
}
