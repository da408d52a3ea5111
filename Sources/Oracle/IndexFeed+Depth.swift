/// What it would cost to move an index: the depth of the cheapest sources that together make it
/// (DESIGN 7, "Economic security"; `facts/risk.md`, formulas, D₂). To move a weighted median one
/// must move sources with more than half of the weight, and an attacker takes those that are cheap
/// for what they weigh.

import Canonical
public import FixedPoint

extension IndexFeed {
    /// The depth for 2 % of the cheapest set of sources with more than half of the weight that
    /// counts, in the quote currency of indices, down and up.
    ///
    /// A source is as deep as the lowest of its publishers says, and costs once however many there
    /// are. One that states no depth costs nothing: nobody can be charged for what is not known. Of
    /// the last source only the share is counted that is needed, so no set is cheaper than this. A
    /// liar can make it look cheaper, which tightens caps at their bounded rate, and dearer only if
    /// nobody else speaks of the same source.
    ///
    /// - Parameter room: as after this block's aggregation, with the rates of quote currencies.
    /// - Returns: zero where no price counts.
    public func cheapestMajorityDepth(
        publishers: [Publisher], now: Timestamp, _ room: inout AggregationRoom
    ) -> (below: Amount, above: Amount) {
        room.votes.removeAll(keepingCapacity: true)
        let judge = judge(at: now)
        for place in words.indices where faults[place] == nil {
            guard let word = words[place],
                let vote = try? judge.vote(
                    word, of: place, weight: publishers[place].weight, room)
            else { continue }
            room.insert(vote)
        }
        let weight = weigh(&room).weight
        let below = cheapest(weight, room) { judge.convert($0.depthBelow, of: $0, room) }
        let above = cheapest(weight, room) { judge.convert($0.depthAbove, of: $0, room) }
        return (below, above)
    }

    /// A source, what it weighs and how deep it is.
    private struct Rung {
        let source: Int
        var weight: UInt64
        var depth: Int64
    }

    /// The least depth that more than half of a weight has, by taking the cheapest for its weight
    /// first and a part of the last.
    private func cheapest(
        _ total: UInt64, _ room: borrowing AggregationRoom, depth: (PriceWord) -> Int64
    ) -> Amount {
        var rungs: [Rung] = []
        for vote in room.votes {
            guard let word = words[vote.publisher] else { continue }
            if let place = rungs.firstIndex(where: { $0.source == vote.source }) {
                rungs[place].weight += vote.effective
                rungs[place].depth = min(rungs[place].depth, depth(word))
            } else {
                rungs.append(
                    Rung(source: vote.source, weight: vote.effective, depth: depth(word)))
            }
        }
        rungs.sort {
            let left = Int128($0.depth) * Int128($1.weight)
            let right = Int128($1.depth) * Int128($0.weight)
            return left == right ? $0.source < $1.source : left < right
        }
        var needed = total / 2 + 1
        var sum: Int128 = 0
        for rung in rungs where needed > 0 && rung.weight > 0 {
            let part = min(needed, rung.weight)
            sum += Int128(rung.depth) * Int128(part) / Int128(rung.weight)
            needed -= part
        }
        return Amount(units: total == 0 ? 0 : Int64(clamping: sum))
    }
}
