/// What haircuts are raised by, as it stands: a target from depth and peg, and how fast what counts
/// follows it. New risk meets the target at once; what is held already is charged at a bounded
/// rate, so that nobody is closed because depth was not stated for a minute (docs/protection.md).

public import Canonical
public import FixedPoint

/// What selling all that is held, and its distance from par, ask for now.
public struct HaircutTarget: Equatable, Sendable {
    public let initial: Ratio
    public let maintenance: Ratio

    /// - Parameters:
    ///   - held: what all holdings of the compartment are worth, in µ.
    ///   - lasting: the depth that there has nearly always been, in µ; nil where nobody has
    ///     measured it.
    ///   - present: the depth that sources state now, in µ; nil where none does.
    ///   - price: of a pegged asset in units of its par; nil of any other.
    public init(
        held: Amount, lasting: Amount?, present: Amount?, price: Ratio?,
        _ parameters: HaircutParameters
    ) {
        let peg = price.map { HaircutTarget.pegCharge(at: $0, parameters) } ?? .zero
        let long = lasting.map { HaircutTarget.depthCharge(held, $0, parameters) } ?? .zero
        let short = present.map { HaircutTarget.depthCharge(held, $0, parameters) } ?? .zero
        // A depth that is stated for a moment tightens for new risk alone.
        maintenance = min(parameters.most, long + peg)
        let initialUnits =
            Int128((max(long, short) + peg).units) * Int128(parameters.initialFactor.units)
            / Int128(Ratio.one.units)
        initial = min(parameters.most, Ratio(units: Int64(clamping: initialUnits)))
    }

    /// What holdings of so many depths are charged, rounded up to basis points so that it does not
    /// move with every price.
    private static func depthCharge(
        _ held: Amount, _ depth: Amount, _ parameters: HaircutParameters
    ) -> Ratio {
        guard depth.isPositive, held.isPositive else { return .zero }
        let exact = Int128(parameters.depthCharge.units) * Int128(held.units)
        return rounded(exact, over: Int128(depth.units), most: parameters.most)
    }

    /// What a price below par is charged.
    private static func pegCharge(at price: Ratio, _ parameters: HaircutParameters) -> Ratio {
        let missing = parameters.pegThreshold - price
        guard missing.isPositive else { return .zero }
        let exact = Int128(missing.units) * Int128(parameters.pegFactor.units)
        return rounded(exact, over: Int128(Ratio.one.units), most: parameters.most)
    }

    private static func rounded(_ exact: Int128, over divisor: Int128, most: Ratio) -> Ratio {
        let step = Int128(Ratio(basisPoints: 1).units)
        let steps = (exact + divisor * step - 1) / (divisor * step)
        return Ratio(units: Int64(clamping: min(steps * step, Int128(most.units))))
    }
}

/// What the haircuts of one asset are raised by.
public struct CollateralHaircut: Equatable, Sendable {
    public private(set) var initial = Ratio.zero
    public private(set) var maintenance = Ratio.zero
    /// When it moved, or could have, last.
    private var followed: Timestamp

    /// It moves this often.
    public static let interval = Duration.minute
    /// Most time that counts: while nobody could tell the price nothing is caught up with.
    private static let longest = Duration.seconds(120)

    public init(start: Timestamp) { followed = start }

    /// Whether it is time to move.
    public func isDue(at now: Timestamp) -> Bool {
        now.elapsed(since: followed) >= CollateralHaircut.interval
    }

    /// Moves towards a target: the initial haircut rises at once, that of maintenance at the rate
    /// of genesis; both fall slowly, and the initial one is never below the other.
    ///
    /// - Returns: whether either has moved.
    public mutating func follow(
        _ target: HaircutTarget, now: Timestamp, _ parameters: HaircutParameters
    ) -> Bool {
        let elapsed = min(now.elapsed(since: followed), CollateralHaircut.longest)
        followed = now
        let rise = CollateralHaircut.part(of: parameters.hourlyRise, in: elapsed)
        let fall = CollateralHaircut.part(of: parameters.hourlyFall, in: elapsed)
        let old = (initial, maintenance)
        maintenance = target.maintenance.clamped(maintenance - fall, maintenance + rise)
        initial = max(target.initial, initial - fall, maintenance)
        return old != (initial, maintenance)
    }

    /// What an hour's share is in a shorter time, rounded down.
    static func part(of hourly: Ratio, in elapsed: Duration) -> Ratio {
        let exact =
            Int128(hourly.units) * Int128(elapsed.nanoseconds) / Int128(Duration.hour.nanoseconds)
        return Ratio(units: Int64(clamping: exact))
    }
}

/// The price of the quote asset as margin sees it: it follows the index of its peg feed no faster
/// than haircuts move, and is never above par.
public struct QuotePeg: Equatable, Sendable {
    public private(set) var price = Ratio.one
    private var followed: Timestamp

    public init(start: Timestamp) { followed = start }

    /// Whether it is time to move.
    public func isDue(at now: Timestamp) -> Bool {
        now.elapsed(since: followed) >= CollateralHaircut.interval
    }

    /// Moves towards a price: down at the rate at which haircuts rise, up at that at which they
    /// fall.
    ///
    /// - Returns: whether it has moved.
    public mutating func follow(
        _ index: Ratio, now: Timestamp, _ parameters: HaircutParameters
    ) -> Bool {
        let elapsed = min(now.elapsed(since: followed), CollateralHaircut.interval)
        followed = now
        let down = CollateralHaircut.part(of: parameters.hourlyRise, in: elapsed)
        let up = CollateralHaircut.part(of: parameters.hourlyFall, in: elapsed)
        let old = price
        price = min(.one, index).clamped(max(.zero, price - down), price + up)
        return price != old
    }
}

extension CollateralHaircut: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(initial)
        encoder.append(maintenance)
        encoder.append(followed)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        initial = try decoder.quantity()
        maintenance = try decoder.quantity()
        followed = try decoder.timestamp()
        guard !maintenance.isNegative, maintenance <= initial, initial <= .one else {
            throw DecodingFault(.outOfRange, at: start)
        }
    }
}

extension QuotePeg: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(price)
        encoder.append(followed)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        price = try decoder.quantity()
        followed = try decoder.timestamp()
        guard !price.isNegative, price <= .one else { throw DecodingFault(.outOfRange, at: start) }
    }
}
