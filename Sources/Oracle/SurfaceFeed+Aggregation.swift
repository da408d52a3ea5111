/// From votes to the curve in force (DESIGN 5 and 7). For each expiry with a new vote, the earliest
/// first:
///
/// 1. the weighted median of the basis and of every node, over all fresh sound votes;
/// 2. votes farther from these than the cut are named and no longer count for the quorum. They do
///    stay in the medians: a cut before the median would let a minority that sits beside one honest
///    vote throw out the others and be the majority of the rest;
/// 3. without a quorum the curve stays and ages;
/// 4. the medians if they are free of arbitrage, else the vote with the least weighted distance to
///    the others that is (the medoid), else the curve stays and ages;
/// 5. no node moves farther than the time since the last curve allows. If the curve held back so
///    admits arbitrage, the whole of it moves by the share that its farthest node may.

import Canonical
public import FixedPoint

/// A curve that has changed.
public struct CurveChange: Equatable, Sendable {
    public let curve: ExpiryCurve
    public let source: CurveSource
}

/// What aggregation did.
public struct SurfaceChanges: Equatable, Sendable {
    /// Ascending by expiry.
    public var changes: [CurveChange] = []
    /// New votes beyond the cut.
    public var dropped: [DroppedCurve] = []
}

/// Room for the votes of one expiry, which lasts from block to block.
struct SurfaceRoom: Sendable {
    struct Entry: Sendable {
        let publisher: Int
        let weight: UInt64
        let vote: CurveVote
        var isCut = false
        var distance: UInt128 = 0
    }

    var entries: [Entry] = []
    var values = WeightedValues()
}

extension SurfaceFeed {
    /// Makes the curves of the expiries that have new votes.
    public mutating func aggregate(publishers: [Publisher], now: Timestamp) -> SurfaceChanges {
        var result = SurfaceChanges()
        let totalWeight = publishers.reduce(0 as UInt64) { $0 + UInt64($1.weight) }
        let quorum = IndexFeed.share(parameters.quorum, of: totalWeight)
        // Taken out while it is filled: what fills it reads the rest of the state.
        var room = SurfaceRoom()
        swap(&room, &self.room)
        for place in expiries.indices
        where expiries[place].votes.contains(where: { $0?.isNew ?? false }) {
            if expiries[place].expiry > now {
                aggregate(place, publishers, quorum, now, &room, &result)
            }
            for voter in expiries[place].votes.indices {
                expiries[place].votes[voter]?.isNew = false
            }
        }
        room.entries.removeAll(keepingCapacity: true)
        swap(&room, &self.room)
        return result
    }

    private mutating func aggregate(
        _ place: Int, _ publishers: [Publisher], _ quorum: UInt64, _ now: Timestamp,
        _ room: inout SurfaceRoom, _ result: inout SurfaceChanges
    ) {
        let feed = expiries[place]
        gather(feed, publishers, now, &room)
        guard !room.entries.isEmpty else { return }
        let medians = self.medians(&room)
        cut(around: medians, &room)
        for entry in room.entries where entry.isCut && entry.vote.isNew {
            result.dropped.append(
                DroppedCurve(
                    publisher: PublisherIdentifier(UInt16(entry.publisher)),
                    expiry: feed.expiry, fault: .outlier))
        }
        room.entries.removeAll { $0.isCut }
        let weight = room.entries.reduce(0 as UInt64) { $0 + $1.weight }
        guard weight >= quorum, weight > 0 else { return }
        let judge = CurveJudge(
            grid: grid, expiry: feed.expiry, earlier: earlierSlices(before: place, now), now: now,
            isScreening: !off.contains(.curveScreen))
        let reach = feed.curve.map { self.reach(since: $0.madeAt, now) }
        guard
            let chosen = choose(
                medians.volatilities, from: feed.curve?.volatilities, reach, judge, &room)
        else { return }
        let curve = ExpiryCurve(
            expiry: feed.expiry, basis: bounded(medians.basis, until: feed.expiry, now),
            volatilities: chosen.volatilities, time: quorumTime(quorum, &room), madeAt: now)
        expiries[place].curve = curve
        touch(feed.expiry)
        if feed.curve?.basis != curve.basis || feed.curve?.volatilities != curve.volatilities {
            result.changes.append(CurveChange(curve: curve, source: chosen.source))
        }
    }

    /// The votes that are not too old.
    private func gather(
        _ feed: ExpiryFeed, _ publishers: [Publisher], _ now: Timestamp, _ room: inout SurfaceRoom
    ) {
        room.entries.removeAll(keepingCapacity: true)
        for (place, publisher) in publishers.enumerated() {
            guard let vote = feed.votes[place],
                off.contains(.staleness)
                    || now.elapsed(since: vote.time) <= parameters.haltAge
            else { continue }
            room.entries.append(
                SurfaceRoom.Entry(
                    publisher: place, weight: UInt64(publisher.weight), vote: vote))
        }
    }

    // MARK: Medians and the cut

    /// The medians of what the votes say, and the median distances from them.
    private struct Middle {
        var basis: Int64 = 0
        var basisDeviation: Int64 = 0
        var volatilities = NodeVolatilities(flat: 0)
        var deviations = PerNode<Int64>(repeating: 0)
    }

    private func medians(_ room: inout SurfaceRoom) -> Middle {
        var middle = Middle()
        room.list { $0.vote.basis.units }
        middle.basis = room.values.median()
        middle.basisDeviation = room.values.deviation(around: middle.basis)
        for node in 0..<NodeVolatilities.count {
            room.list { Int64($0.vote.volatilities[node]) }
            let median = room.values.median()
            middle.volatilities[node] = UInt32(clamping: median)
            middle.deviations[node] = room.values.deviation(around: median)
        }
        return middle
    }

    /// Marks the votes that lie farther from a median than `cut` times the median distance from it.
    private func cut(around medians: Middle, _ room: inout SurfaceRoom) {
        room.cut(
            around: medians.basis, deviation: medians.basisDeviation,
            floor: parameters.basisFloor.units, factor: parameters.cut
        ) { $0.vote.basis.units }
        let floor = parameters.volatilityFloor.units / NodeVolatilities.billionths
        for node in 0..<NodeVolatilities.count {
            room.cut(
                around: Int64(medians.volatilities[node]), deviation: medians.deviations[node],
                floor: floor, factor: parameters.cut
            ) { Int64($0.vote.volatilities[node]) }
        }
    }

    /// The basis within `lowestCarry ... highestCarry` a year and the slack.
    func bounded(_ basis: Int64, until expiry: Timestamp, _ now: Timestamp) -> Ratio {
        let years = CurveSlice.years(expiry.elapsed(since: now))
        let slack = parameters.basisSlack.units
        // At most five years of ±100 %, and a tenth: far inside 64 bits.
        let lowest = Ratio(years * Real(parameters.lowestCarry)).units - slack
        let highest = Ratio(years * Real(parameters.highestCarry)).units + slack
        return Ratio(units: min(max(basis, lowest), highest))
    }

    // MARK: The choice

    /// The medians or the medoid, as near as volatilities may move to it.
    private func choose(
        _ medians: NodeVolatilities, from last: NodeVolatilities?, _ reach: UInt32?,
        _ judge: CurveJudge, _ room: inout SurfaceRoom
    ) -> (volatilities: NodeVolatilities, source: CurveSource)? {
        if let found = judge.step(from: last, to: medians, reach: reach) {
            return (found, .medians)
        }
        room.measureDistances()
        room.entries.sort {
            $0.distance == $1.distance
                ? $0.publisher < $1.publisher : $0.distance < $1.distance
        }
        for entry in room.entries {
            if let found = judge.step(from: last, to: entry.vote.volatilities, reach: reach) {
                return (found, .medoid)
            }
        }
        return nil
    }

    /// How far a node may have moved since a curve was made, in 10⁻⁶.
    private func reach(since madeAt: Timestamp, _ now: Timestamp) -> UInt32 {
        let elapsed = Int128(now.elapsed(since: madeAt).nanoseconds)
        let minute = Int128(Duration.seconds(60).nanoseconds) * Int128(NodeVolatilities.billionths)
        return UInt32(clamping: Int128(parameters.minuteMove.units) * elapsed / minute)
    }

    /// What a curve must lie above: the nearest earlier curve of this block, and the nearest that a
    /// quorum stands behind freshly enough to liquidate by, if that is another.
    private func earlierSlices(before place: Int, _ now: Timestamp) -> [CurveSlice] {
        let live = expiries[..<place].reversed().compactMap { $0.curve }.filter {
            $0.expiry > now
                && ($0.madeAt == now
                    || now.elapsed(since: $0.time) <= parameters.liquidationAge)
        }
        let nearest = live.first
        let made = live.first { $0.madeAt == now }
        return [nearest, made == nearest ? nil : made].compactMap { $0 }.map { curve in
            CurveSlice(
                grid: grid, smile: grid.smile(curve.volatilities), forward: .zero,
                remaining: curve.expiry.elapsed(since: now))
        }
    }

    /// The latest time such that publishers with `quorum` weight spoke at or after it.
    private func quorumTime(_ quorum: UInt64, _ room: inout SurfaceRoom) -> Timestamp {
        room.entries.sort { $0.vote.time > $1.vote.time }
        var weight: UInt64 = 0
        for entry in room.entries {
            weight += entry.weight
            if weight >= quorum { return entry.vote.time }
        }
        return .epoch
    }
}

/// Says whether volatilities may be the curve of an expiry.
private struct CurveJudge {
    let grid: SmileGrid
    let expiry: Timestamp
    /// What total variance must not fall below.
    let earlier: [CurveSlice]
    let now: Timestamp
    /// Off in a laboratory only.
    let isScreening: Bool

    private func isFree(_ volatilities: NodeVolatilities) -> Bool {
        guard isScreening else { return true }
        let slice = CurveSlice(
            grid: grid, smile: grid.smile(volatilities), forward: .zero,
            remaining: expiry.elapsed(since: now))
        return slice.isFreeOfButterflies()
            && earlier.allSatisfy { slice.isFreeOfCalendars(after: $0) }
    }

    /// The target, or what lies on the way to it within reach; nil if that admits arbitrage.
    func step(
        from last: NodeVolatilities?, to target: NodeVolatilities, reach: UInt32?
    ) -> NodeVolatilities? {
        guard let last, let reach else { return isFree(target) ? target : nil }
        var held = target
        var farthest: UInt32 = 0
        for node in 0..<NodeVolatilities.count {
            let distance = gap(target[node], last[node])
            farthest = max(farthest, distance)
            if distance > reach {
                held[node] = target[node] > last[node] ? last[node] + reach : last[node] - reach
            }
        }
        if isFree(held) { return held }
        guard farthest > reach else { return nil }
        for node in 0..<NodeVolatilities.count {
            let move = Int64(target[node]) - Int64(last[node])
            let part = move * Int64(reach) / Int64(farthest)
            held[node] = UInt32(clamping: Int64(last[node]) + part)
        }
        return isFree(held) ? held : nil
    }
}
