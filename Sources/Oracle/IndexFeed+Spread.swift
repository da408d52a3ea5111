/// How far the sources of an index lie apart: the narrowest band that holds the prices of a quorum.
/// A minority smaller than what is left beside a quorum cannot widen it, whatever it says, since
/// the band may leave it out; so nobody trips a breaker with a price of his own (`facts/risk.md`,
/// attack 6). What lies apart counts here although the index cuts it: that is what is looked for.
/// What is no price at all does not.

import Canonical
public import FixedPoint

/// A price and what it weighs, while a spread is measured.
public struct WeightedPrice: Sendable, BitwiseCopyable {
    fileprivate let price: IndexPrice
    fileprivate let weight: UInt64
}

extension IndexFeed {
    /// The width of the narrowest band that holds the fresh prices of a quorum of their weight, as
    /// a share of the index, rounded down; nil where nothing is fresh. O(publishers²), without
    /// allocating once there is room.
    ///
    /// - Parameters:
    ///   - feeds: by underlying, for prices in another currency.
    ///   - room: used again and again.
    public func spread(
        publishers: [Publisher], feeds: [IndexFeed], at now: Timestamp, room: inout [WeightedPrice]
    ) -> Ratio? {
        room.removeAll(keepingCapacity: true)
        var total: UInt64 = 0
        for (place, publisher) in publishers.enumerated() {
            guard let word = words[place],
                faults[place] == nil || faults[place] == .outlier,
                now.elapsed(since: word.time) <= parameters.haltAge
            else { continue }
            let quote = sources.sources[Int(word.source.number)].quote
            let exact = PriceJudge.convert(
                word.price, quote.map { feeds[Int($0.number)].index })
            let price = IndexPrice(units: Int64(clamping: max(0, exact)))
            total += UInt64(publisher.weight)
            // Nearly sorted from block to block, and short.
            room.append(WeightedPrice(price: price, weight: UInt64(publisher.weight)))
            var spot = room.count - 1
            while spot > 0, room[spot].price < room[spot - 1].price {
                room.swapAt(spot, spot - 1)
                spot -= 1
            }
        }
        guard isPriced, total > 0 else { return nil }
        let quorum = IndexFeed.share(parameters.quorum, of: total)
        var narrowest = IndexPrice.max
        var first = 0
        var held: UInt64 = 0
        for last in room.indices {
            held += room[last].weight
            while held >= quorum {
                narrowest = min(narrowest, room[last].price - room[first].price)
                held -= room[first].weight
                first += 1
            }
        }
        let share = Int128(narrowest.units) * Int128(Ratio.one.units) / Int128(index.units)
        return Ratio(units: Int64(clamping: share))
    }
}
