/// Room in which the index of one underlying is made, kept from underlying to underlying and from
/// block to block, so that aggregation allocates nothing once it has been through a full block.
/// Holds too what one index needs of another: the prices of the quote currencies.

public import Canonical
public import FixedPoint

/// A price that may count.
struct Vote: Sendable {
    /// The place of the publisher.
    let publisher: Int
    let source: Int
    /// The venue of the source, as `SourceTable` counts.
    let venue: Int
    /// As genesis states it.
    let weight: UInt64
    /// What is left of it under the cap, in 2⁻¹⁶; never more than the weight.
    var effective: UInt64 = 0
    /// In the quote currency of indices; positive.
    let price: Int64
    /// The earlier of its own time and the conversion's.
    let time: Timestamp
    /// In the quote currency of indices.
    let confidence: Int64
}

/// The price of a quote currency.
struct QuoteRate: Sendable {
    let index: IndexPrice
    let time: Timestamp
}

/// Votes, verdicts, and the lists behind the medians.
public struct AggregationRoom: Sendable {
    /// Ascending by price, of equals in the order of publishers.
    var votes: [Vote] = []
    var values = WeightedValues()
    /// By venue: what its votes weigh, and what they may.
    var venueWeights: [UInt64] = []
    /// The weights of the venues that have any, descending.
    var ranking: [UInt64] = []
    /// By underlying: its price as a quote currency, where it is one and fresh.
    private var rates: [QuoteRate?] = []
    /// By publisher: what is wrong with its word in this block.
    var faults: [PriceFault?] = []
    /// What changed about the publishers of the last feed that was aggregated.
    public internal(set) var verdicts: [PriceVerdict] = []
    /// Whether the condition of that feed changed.
    public internal(set) var isConditionNew = false

    public init() {}

    /// Notes the index of an underlying that is a quote currency, once it is made.
    public mutating func noteRate(
        of underlying: UnderlyingIdentifier, from feed: borrowing IndexFeed, at now: Timestamp
    ) {
        let place = Int(underlying.number)
        while rates.count <= place { rates.append(nil) }
        rates[place] =
            feed.isValid(for: .trade, at: now)
            ? QuoteRate(index: feed.index, time: feed.indexTime) : nil
    }

    /// The price of a quote currency; nil where there is none that is fresh.
    func rate(of underlying: UnderlyingIdentifier) -> QuoteRate? {
        let place = Int(underlying.number)
        return place < rates.count ? rates[place] : nil
    }

    /// Adds a vote in its place. O(votes).
    mutating func insert(_ vote: Vote) {
        var place = votes.count
        votes.append(vote)
        while place > 0, votes[place - 1].price > vote.price {
            votes[place] = votes[place - 1]
            place -= 1
        }
        votes[place] = vote
    }

    // MARK: Weights

    /// The bits after the point of an effective weight.
    static let weightShift: UInt64 = 16

    /// Sets what each vote weighs, so that no venue weighs more than its cap of what all weigh
    /// together: the heaviest venues are cut to one common weight c with
    /// c = cap × (c × their number + the weight of the others). Where the venues are too few for
    /// that, nothing weighs anything.
    ///
    /// - Returns: the sum of the effective weights, and the number of venues.
    mutating func weigh(cap: Ratio, venueCount: Int) -> (weight: UInt64, venues: Int) {
        sumVenues(venueCount)
        let limit = venueLimit(cap)
        var total: UInt64 = 0
        for place in votes.indices {
            let venue = venueWeights[votes[place].venue]
            let weight = votes[place].weight << AggregationRoom.weightShift
            let most = venue << AggregationRoom.weightShift
            votes[place].effective =
                most <= limit
                ? weight : UInt64(UInt128(limit) * UInt128(votes[place].weight) / UInt128(venue))
            total += votes[place].effective
        }
        return (total, ranking.count)
    }

    private mutating func sumVenues(_ count: Int) {
        while venueWeights.count < count { venueWeights.append(0) }
        for place in venueWeights.indices { venueWeights[place] = 0 }
        for vote in votes { venueWeights[vote.venue] += vote.weight }
        ranking.removeAll(keepingCapacity: true)
        for weight in venueWeights where weight > 0 {
            var place = ranking.count
            ranking.append(weight)
            while place > 0, ranking[place - 1] < weight {
                ranking[place] = ranking[place - 1]
                place -= 1
            }
            ranking[place] = weight
        }
    }

    /// The most that a venue may weigh, in 2⁻¹⁶: the first common weight under which all that are
    /// not cut lie.
    private func venueLimit(_ cap: Ratio) -> UInt64 {
        let one = UInt128(Ratio.one.units)
        let share = UInt128(cap.units)
        guard share < one else { return .max }
        var rest: UInt64 = 0
        for weight in ranking { rest += weight }
        var cut: UInt128 = 0
        for weight in ranking {
            guard cut * share < one else { return 0 }
            let limit = UInt64(
                (share * UInt128(rest) << UInt128(AggregationRoom.weightShift))
                    / (one - cut * share))
            if weight << AggregationRoom.weightShift <= limit { return limit }
            rest -= weight
            cut += 1
        }
        return 0
    }

    // MARK: Medians

    /// The weighted median of the prices; zero of nothing.
    mutating func medianPrice() -> Int64 {
        values.removeAll()
        for vote in votes { values.insert(vote.price, weight: vote.effective) }
        return values.median()
    }

    /// The weighted median of what the votes say of their own confidence.
    mutating func medianConfidence() -> Int64 {
        values.removeAll()
        for vote in votes { values.insert(vote.confidence, weight: vote.effective) }
        return values.median()
    }

    /// The latest time such that votes with `quorum` weight spoke at or after it.
    mutating func quorumTime(_ quorum: UInt64) -> Timestamp {
        values.removeAll()
        for vote in votes {
            values.insert(
                AggregationRoom.rank(vote.time.nanoseconds), weight: vote.effective)
        }
        guard let value = values.first(reaching: quorum) else { return .epoch }
        return Timestamp(nanoseconds: AggregationRoom.time(value))
    }

    /// Numbers times so that the latest is the lowest; `time` is the reverse.
    static func rank(_ nanoseconds: UInt64) -> Int64 {
        Int64(bitPattern: nanoseconds ^ UInt64(Int64.max))
    }

    static func time(_ rank: Int64) -> UInt64 {
        UInt64(bitPattern: rank) ^ UInt64(Int64.max)
    }
}
