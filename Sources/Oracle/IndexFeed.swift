/// The index of one underlying: made of what publishers last said (`IndexFeed+Aggregation`), if
/// enough of it is left; and the stable price that follows it at a bounded rate, so that a pumped
/// market cannot be turned into collateral (DESIGN 5 and 7; `facts/risk.md`, attack 2).
///
/// The index carries a time of its own: the latest instant such that a quorum of weight spoke at or
/// after it. A minority of publishers can neither make it look fresher nor older than the rest say.

public import Canonical
public import FixedPoint

/// The price state of one underlying.
public struct IndexFeed: Equatable, Sendable {
    public let parameters: OracleParameters
    let sources: SourceTable
    /// The defences that are off.
    let off: DefenceSet
    /// The highest price that the underlying may have.
    let highest: IndexPrice
    /// Whether sources are quoted in it: then its index is made before the others'.
    public let isQuote: Bool
    /// By publisher; nil before the first.
    var words: [PriceWord?]
    /// By publisher: why its word does not count; nil where it does, or there is none.
    public internal(set) var faults: [PriceFault?]
    /// The index; zero before the first quorum.
    public internal(set) var index = IndexPrice.zero
    /// How fresh a quorum of its publishers is.
    public internal(set) var indexTime = Timestamp.epoch
    /// How far the index may be off: half the width of a band.
    public internal(set) var confidence = IndexPrice.zero
    /// What is wrong with it.
    public internal(set) var condition = IndexCondition.unmade
    /// How far it may move.
    var clamp = MoveClamp()
    /// Its averages over time.
    public internal(set) var averages = PriceAverages()
    /// The rate-limited price behind initial margin; zero before the first quorum.
    public internal(set) var stable = IndexPrice.zero
    /// The part of a unit that the stable price may still move, in 10⁻⁹ × nanoseconds of an hour.
    var stableRemainder: Int128 = 0

    /// A feed without observations.
    ///
    /// - Parameters:
    ///   - underlying: whose index it is.
    ///   - highest: the highest price that it may have.
    ///   - off: the defences that do not apply; none but in a laboratory.
    public init(
        of underlying: UnderlyingIdentifier, parameters: OracleParameters, publishers: Int,
        sources: SourceTable, highest: IndexPrice, off: DefenceSet
    ) {
        self.parameters = parameters
        self.sources = sources
        self.off = off
        self.highest = highest
        isQuote = sources.isQuote(underlying)
        words = [PriceWord?](repeating: nil, count: publishers)
        faults = [PriceFault?](repeating: nil, count: publishers)
    }

    /// Whether there has been a quorum yet.
    public var isPriced: Bool { index.isPositive }

    /// When a publisher last spoke of this underlying.
    public func lastTime(of publisher: PublisherIdentifier) -> Timestamp? {
        words[Int(publisher.number)]?.time
    }

    /// Takes note of what a publisher said, sound or not: `aggregate` judges it.
    ///
    /// - Parameter time: later than the publisher's last.
    public mutating func record(
        _ observation: Observation, from publisher: PublisherIdentifier, at time: Timestamp
    ) {
        let place = Int(publisher.number)
        var since = time
        var anchor = index
        if let last = words[place], last.price == observation.price,
            last.source == observation.source
        {
            since = last.since
            anchor = last.anchor.isPositive ? last.anchor : index
        }
        words[place] = PriceWord(
            price: observation.price, time: time, source: observation.source,
            confidence: max(.zero, observation.confidence),
            depthBelow: max(.zero, observation.depthBelow),
            depthAbove: max(.zero, observation.depthAbove), since: since, anchor: anchor)
    }

    /// Moves the stable price toward the index by at most its hourly share of itself for the time
    /// that passed; in many small steps the share compounds (20 % an hour up is at most 22.1 %).
    /// What is less than a unit is carried, so that a cheap asset is held to the same share.
    ///
    /// - Returns: whether it moved.
    public mutating func followIndex(elapsed: Duration) -> Bool {
        guard isPriced, stable != index else {
            stableRemainder = 0
            return false
        }
        let seconds = Int128(min(elapsed, .hour).nanoseconds)
        let exact =
            Int128(stable.units) * Int128(parameters.stableHourlyMove.units) * seconds
            + stableRemainder
        // At most the stable price itself and a unit, so it fits.
        let whole = Int128(Ratio.one.units) * Int128(Duration.hour.nanoseconds)
        let reach = IndexPrice(units: Int64(exact / whole))
        stableRemainder = exact % whole
        guard reach.isPositive else { return false }
        stable = index.clamped(stable - reach, stable + reach)
        return true
    }

    /// Whether the index is good enough for a use: the table in `PriceUse`.
    public func isValid(for use: PriceUse, at now: Timestamp) -> Bool {
        let tolerance = use.tolerance
        guard tolerance.needsPrice else { return true }
        guard isPriced else { return false }
        if !condition.hasQuorum, !tolerance.allowsLostQuorum { return false }
        if condition.isClamped, !tolerance.allowsClamped { return false }
        if condition.isWide, !tolerance.allowsWide { return false }
        let ages = PriceAges(
            liquidation: parameters.liquidationAge, reduceOnly: parameters.reduceOnlyAge,
            halt: parameters.haltAge)
        return off.contains(.staleness)
            || ages.allow(now.elapsed(since: indexTime), tolerance.age)
    }
}
