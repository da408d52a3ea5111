/// The index of one underlying: the weighted median of what publishers last said, if a quorum of
/// their weight is fresh enough; and the stable price that follows it at a bounded rate, so that a
/// pumped market cannot be turned into collateral (DESIGN 5 and 7; `facts/risk.md`, attack 2).
///
/// The index carries a time of its own: the latest instant such that a quorum of weight spoke at or
/// after it. A minority of publishers can neither make it look fresher nor older than the rest say.

public import Canonical
public import FixedPoint

/// What a price is wanted for, from the least to the most that can go wrong.
public enum PriceUse: Int, CaseIterable, Sendable {
    /// Cancels and top-ups: no price needed.
    case cancel
    /// Orders that only reduce.
    case reduce
    /// Orders that may add risk.
    case trade
    /// Withdrawals, transfers out.
    case withdraw
    /// Liquidation.
    case liquidate
}

/// The price state of one underlying.
public struct IndexFeed: Equatable, Sendable {
    /// The last word of a publisher.
    struct Word: Equatable, Sendable {
        var price: IndexPrice
        var time: Timestamp
    }

    /// A word and what it weighs.
    private struct Vote: Equatable, Sendable {
        let word: Word
        let weight: UInt64
    }

    public let parameters: OracleParameters
    /// By publisher; nil before the first.
    var words: [Word?]
    /// What is fresh, while the index is made; else empty. Its room lasts from block to block.
    private var fresh: [Vote] = []
    /// The index; zero before the first quorum.
    public internal(set) var index = IndexPrice.zero
    /// How fresh a quorum of its publishers is.
    public internal(set) var indexTime = Timestamp.epoch
    /// The rate-limited price behind initial margin; zero before the first quorum.
    public internal(set) var stable = IndexPrice.zero
    /// The part of a unit that the stable price may still move, in 10⁻⁹ × nanoseconds of an hour.
    var stableRemainder: Int128 = 0

    /// A feed without observations.
    public init(parameters: OracleParameters, publishers: Int) {
        self.parameters = parameters
        words = [Word?](repeating: nil, count: publishers)
    }

    /// Whether there has been a quorum yet.
    public var isPriced: Bool { index.isPositive }

    /// When a publisher last spoke of this underlying.
    public func lastTime(of publisher: PublisherIdentifier) -> Timestamp? {
        words[Int(publisher.number)]?.time
    }

    /// Takes note of an observation that has been checked.
    public mutating func record(
        _ price: IndexPrice, from publisher: PublisherIdentifier, at time: Timestamp
    ) {
        words[Int(publisher.number)] = Word(price: price, time: time)
    }

    /// Makes the index from what is fresh; leaves it as it was where there is no quorum.
    ///
    /// - Returns: whether price or time changed.
    public mutating func aggregate(publishers: [Publisher], now: Timestamp) -> Bool {
        defer { fresh.removeAll(keepingCapacity: true) }
        var freshWeight: UInt64 = 0
        var totalWeight: UInt64 = 0
        for (place, publisher) in publishers.enumerated() {
            totalWeight += UInt64(publisher.weight)
            guard let word = words[place],
                now.elapsed(since: word.time) <= parameters.haltAge
            else { continue }
            fresh.append(Vote(word: word, weight: UInt64(publisher.weight)))
            freshWeight += UInt64(publisher.weight)
        }
        let quorum = IndexFeed.share(parameters.quorum, of: totalWeight)
        guard freshWeight >= quorum, freshWeight > 0 else { return false }
        let price = weightedMedian(weight: freshWeight)
        let time = quorumTime(quorum: quorum)
        guard price != index || time != indexTime else { return false }
        if stable == .zero { stable = price }
        index = price
        indexTime = time
        return true
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

    /// Whether the index is good enough for a use: the one table of DESIGN 7.
    ///
    /// - cancel: always. - reduce: up to `haltAge`. - trade: up to `reduceOnlyAge`. - withdraw,
    ///   liquidate: up to `liquidationAge`.
    public func isValid(for use: PriceUse, at now: Timestamp) -> Bool {
        if use == .cancel { return true }
        guard isPriced else { return false }
        let age = now.elapsed(since: indexTime)
        return switch use {
        case .cancel: true
        case .reduce: age <= parameters.haltAge
        case .trade: age <= parameters.reduceOnlyAge
        case .withdraw, .liquidate: age <= parameters.liquidationAge
        }
    }

    /// A share of a weight, rounded up: a quorum is never smaller than stated.
    static func share(_ ratio: Ratio, of weight: UInt64) -> UInt64 {
        let one = UInt128(Ratio.one.units)
        return UInt64((UInt128(weight) * UInt128(ratio.units) + one - 1) / one)
    }

    /// The price with half of the weight on either side; between two, their mean rounded down.
    ///
    /// Less than half of the weight cannot move it outside the range of the others' prices.
    private mutating func weightedMedian(weight total: UInt64) -> IndexPrice {
        fresh.sort { $0.word.price < $1.word.price }
        var below: UInt64 = 0
        for (place, entry) in fresh.enumerated() {
            below += entry.weight
            if below * 2 > total { return entry.word.price }
            if below * 2 == total, place + 1 < fresh.count {
                let sum =
                    Int128(entry.word.price.units) + Int128(fresh[place + 1].word.price.units)
                return IndexPrice(units: Int64(sum >> 1))
            }
        }
        return .zero
    }

    /// The latest time such that publishers with `quorum` weight spoke at or after it.
    private mutating func quorumTime(quorum: UInt64) -> Timestamp {
        fresh.sort { $0.word.time > $1.word.time }
        var weight: UInt64 = 0
        for entry in fresh {
            weight += entry.weight
            if weight >= quorum { return entry.word.time }
        }
        return .epoch
    }
}
