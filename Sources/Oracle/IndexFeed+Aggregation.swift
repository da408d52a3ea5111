/// From the words of publishers to the index (DESIGN 7; `facts/risk.md`, attack 15):
///
/// 1. every word is judged by itself (`IndexFeed+Judgement`); what is sound is a vote, converted
///    into the quote currency of indices;
/// 2. no venue weighs more than its cap of all votes (`AggregationRoom.weigh`);
/// 3. votes a power of ten from the reference are dropped: that is the index while a quorum stood
///    behind it not longer than `haltAge` ago, else the median;
/// 4. votes farther from the weighted median than `outlierFactor` median deviations are cut, the
///    deviation counting as `outlierFloor` of the median at least; weights are capped again;
/// 5. what is left must be `quorum` of the weight of all publishers, of `minimumVenues` venues;
///    else the index stands and ages;
/// 6. its weighted median is the index, as near as the clamp lets it move there.
///
/// **What a minority cannot do.** Let Q be the quorum's weight, and let publishers of weight A with
/// A < Q/2 say anything, from any source, at any time, while the others are honest. A vote never
/// weighs more than its publisher: caps only take away, and are rounded down. So whichever votes 1
/// to 4 have left, by whatever rule, the dishonest ones weigh A at most, all of them Q at least
/// (5), and the honest ones more than half. The lowest value up to which half of the weight lies is
/// then not below the lowest honest vote, the highest down to which half of it lies not above the
/// highest. The median of step 6, which lies between these two, is in the range of the honest votes
/// that are left; and the index moves from where it was toward it, never past it. Likewise one
/// venue of a cap below one half is a minority of what is left, whatever its publishers weigh.
///
/// A minority can do less than it seems against the quorum too: one that speaks from a venue of
/// others only takes from what that venue weighs, never more than by its silence.

import Canonical
public import FixedPoint

extension IndexFeed {
    /// Makes the index from what counts; leaves it as it was where that is too little. What changed
    /// about publishers stands in `room.verdicts`, and whether the condition did in
    /// `room.isConditionNew`.
    ///
    /// - Returns: whether price or time changed.
    public mutating func aggregate(
        publishers: [Publisher], now: Timestamp, _ room: inout AggregationRoom
    ) -> Bool {
        averages.advance(to: now, price: index)
        var totalWeight: UInt64 = 0
        for publisher in publishers { totalWeight += UInt64(publisher.weight) }
        let quorum =
            isOn(.quorum)
            ? IndexFeed.share(parameters.quorum, of: totalWeight << AggregationRoom.weightShift)
            : 1
        room.beginFaults(publishers.count)
        judgeWords(publishers: publishers, now: now, &room)
        let last = condition
        let wasPriced = isPriced
        let hasQuorum = selectVotes(quorum: quorum, now: now, &room)
        noteVerdicts(&room)
        let hasMoved = hasQuorum ? setIndex(quorum: quorum, now: now, &room) : false
        room.isConditionNew = wasPriced && condition != last
        return hasMoved
    }

    private func isOn(_ defence: Defence) -> Bool { !off.contains(defence) }

    // MARK: Steps 2 to 5

    /// Leaves the votes that make the index, and says whether they are enough.
    private mutating func selectVotes(
        quorum: UInt64, now: Timestamp, _ room: inout AggregationRoom
    ) -> Bool {
        var (weight, venues) = weigh(&room)
        if weight > 0 {
            dropShifted(now: now, &room)
            (weight, venues) = weigh(&room)
        }
        if weight > 0 {
            cutOutliers(&room)
            (weight, venues) = weigh(&room)
        }
        let rules = parameters.aggregation
        condition.lacksVenues =
            isOn(.quorum) && (venues < Int(rules.minimumVenues) || venues > 0 && weight == 0)
        condition.lacksWeight = weight < quorum
        return condition.hasQuorum
    }

    /// Caps the weights. In a laboratory without a quorum too few venues for the cap still weigh.
    func weigh(_ room: inout AggregationRoom) -> (weight: UInt64, venues: Int) {
        let cap = isOn(.venueCap) ? parameters.aggregation.venueCap : .one
        let result = room.weigh(cap: cap, venueCount: sources.venueCount)
        guard result.weight == 0, !isOn(.quorum) else { return result }
        return room.weigh(cap: .one, venueCount: sources.venueCount)
    }

    private func dropShifted(now: Timestamp, _ room: inout AggregationRoom) {
        let tolerance = parameters.aggregation.unitTolerance
        guard tolerance != .zero, isOn(.sanity) else { return }
        let isFresh = isPriced && now.elapsed(since: indexTime) <= parameters.haltAge
        let reference = isFresh ? index.units : room.medianPrice()
        room.drop(as: .unitShifted) {
            PriceJudge.isUnitShifted($0.price, from: reference, tolerance: tolerance)
        }
    }

    private func cutOutliers(_ room: inout AggregationRoom) {
        let rules = parameters.aggregation
        guard rules.outlierFactor != .zero, isOn(.outlierCut) else { return }
        let one = Int128(Ratio.one.units)
        let median = room.medianPrice()
        let floor = Int128(median) * Int128(rules.outlierFloor.units)
        let deviation = max(Int128(room.values.deviation(around: median)) * one, floor)
        // Below 2⁹³ times a factor of at most a hundred, in 10⁻⁹.
        let limit =
            deviation / one * Int128(rules.outlierFactor.units)
            + deviation % one * Int128(rules.outlierFactor.units) / one
        room.drop(as: .outlier) { abs(Int128($0.price) - Int128(median)) * one > limit }
    }

    /// Takes over the faults of this block, and lists what has changed.
    private mutating func noteVerdicts(_ room: inout AggregationRoom) {
        room.verdicts.removeAll(keepingCapacity: true)
        for place in faults.indices where faults[place] != room.faults[place] {
            faults[place] = room.faults[place]
            room.verdicts.append(
                PriceVerdict(
                    publisher: PublisherIdentifier(UInt16(place)), fault: faults[place]))
        }
    }

    // MARK: Step 6

    /// Moves the index to the median of what is left.
    ///
    /// - Returns: whether price or time changed.
    private mutating func setIndex(
        quorum: UInt64, now: Timestamp, _ room: inout AggregationRoom
    ) -> Bool {
        let rules = parameters.aggregation
        let target = IndexPrice(units: room.medianPrice())
        let spread = room.values.deviation(around: target.units)
        let time = room.quorumTime(quorum)
        confidence = IndexPrice(units: max(spread, room.medianConfidence()))
        let isBounded = isPriced && isOn(.indexClamp)
        let price = isBounded ? clamp.move(index, to: target, rules, now: now) : target
        if !isBounded { clamp.note(price, now: now) }
        condition.isClamped = price != target
        condition.isWide =
            rules.widestConfidence != .zero
            && Int128(confidence.units) * Int128(Ratio.one.units)
                > Int128(price.units) * Int128(rules.widestConfidence.units)
        guard price != index || time != indexTime else { return false }
        if stable == .zero { stable = price }
        index = price
        indexTime = time
        return true
    }

    /// A share of a weight, rounded up: a quorum is never smaller than stated.
    static func share(_ ratio: Ratio, of weight: UInt64) -> UInt64 {
        let one = UInt128(Ratio.one.units)
        return UInt64((UInt128(weight) * UInt128(ratio.units) + one - 1) / one)
    }
}

extension AggregationRoom {
    /// Makes room for the faults of so many publishers.
    mutating func beginFaults(_ count: Int) {
        faults.removeAll(keepingCapacity: true)
        for _ in 0..<count { faults.append(nil) }
    }

    /// Takes out the votes for which something holds, and names their fault.
    mutating func drop(as fault: PriceFault, where isWrong: (Vote) -> Bool) {
        var kept = 0
        for place in votes.indices {
            let vote = votes[place]
            if isWrong(vote) {
                faults[vote.publisher] = fault
            } else {
                votes[kept] = vote
                kept += 1
            }
        }
        votes.removeLast(votes.count - kept)
    }
}
