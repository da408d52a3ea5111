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
        let time: Timestamp
        let isNew: Bool
        var isCut = false
        var distance: UInt128 = 0
    }

    var entries: [Entry] = []
    var columns = VoteColumns()
    var times = WeightedValues()
    /// What the curve that is being made must lie above.
    var earlier: [CurveSlice] = []
    /// The curve that was made last in this block, and its place.
    var made: (place: Int, slice: CurveSlice)?
    /// The curve that was found free of arbitrage last.
    var free: CurveSlice?
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
        room.made = nil
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
        let expiry = expiries[place].expiry
        gather(place, publishers, now, &room)
        guard !room.entries.isEmpty else { return }
        let medians = self.medians(&room)
        for entry in room.entries where entry.isCut && entry.isNew {
            result.dropped.append(
                DroppedCurve(
                    publisher: PublisherIdentifier(UInt16(entry.publisher)), expiry: expiry,
                    fault: .outlier))
        }
        room.entries.removeAll { $0.isCut }
        let weight = room.entries.reduce(0 as UInt64) { $0 + $1.weight }
        guard weight >= quorum, weight > 0 else { return }
        listEarlier(before: place, now, &room)
        let last = expiries[place].curve
        let reach = last.map { self.reach(since: $0.madeAt, now) }
        guard let chosen = choose(medians.volatilities, at: place, reach, now, &room) else {
            return
        }
        let curve = ExpiryCurve(
            expiry: expiry, basis: bounded(medians.basis, until: expiry, now),
            volatilities: chosen.volatilities, time: quorumTime(quorum, &room), madeAt: now)
        room.made = room.free.map { (place, $0) }
        expiries[place].curve = curve
        touch(expiry)
        if last?.basis != curve.basis || last?.volatilities != curve.volatilities {
            result.changes.append(CurveChange(curve: curve, source: chosen.source))
        }
    }

    /// The votes that are not too old.
    private func gather(
        _ place: Int, _ publishers: [Publisher], _ now: Timestamp, _ room: inout SurfaceRoom
    ) {
        room.entries.removeAll(keepingCapacity: true)
        room.columns.begin(numbers: 1 + NodeVolatilities.count, votes: publishers.count)
        let isBounded = !off.contains(.staleness)
        for voter in publishers.indices {
            guard let vote = expiries[place].votes[voter],
                !isBounded || now.elapsed(since: vote.time) <= parameters.haltAge
            else { continue }
            let weight = publishers[voter].weight
            room.entries.append(
                SurfaceRoom.Entry(
                    publisher: voter, weight: UInt64(weight), time: vote.time,
                    isNew: vote.isNew))
            let basis = UInt32(clamping: vote.basis.units + SurfaceFeed.basisOffset)
            room.columns.append(weight: weight) { number in
                number == 0 ? basis : vote.volatilities[number - 1]
            }
        }
    }

    // MARK: Medians and the cut

    /// The medians of what the votes say. Marks the votes that lie farther from one than `cut`
    /// times the median distance from it.
    private func medians(
        _ room: inout SurfaceRoom
    ) -> (basis: Int64, volatilities: NodeVolatilities) {
        let basis = room.middle(0, floor: parameters.basisFloor.units, factor: parameters.cut)
        let floor = parameters.volatilityFloor.units / NodeVolatilities.billionths
        var volatilities = NodeVolatilities(flat: 0)
        for node in 0..<NodeVolatilities.count {
            volatilities[node] = room.middle(1 + node, floor: floor, factor: parameters.cut)
        }
        return (Int64(basis) - SurfaceFeed.basisOffset, volatilities)
    }

    /// Votes of the basis lie within ±½ in 10⁻⁹: raised by so much none is negative.
    private static let basisOffset: Int64 = 1 << 31

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
        _ medians: NodeVolatilities, at place: Int, _ reach: UInt32?, _ now: Timestamp,
        _ room: inout SurfaceRoom
    ) -> (volatilities: NodeVolatilities, source: CurveSource)? {
        if let found = step(to: medians, at: place, reach, now, &room) { return (found, .medians) }
        room.measureDistances(among: expiries[place].votes)
        room.entries.sort {
            $0.distance == $1.distance
                ? $0.publisher < $1.publisher : $0.distance < $1.distance
        }
        for slot in room.entries.indices {
            guard let vote = expiries[place].votes[room.entries[slot].publisher] else { continue }
            if let found = step(to: vote.volatilities, at: place, reach, now, &room) {
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

    /// Lists what a curve must lie above: the nearest earlier curve of this block, and the nearest
    /// that a quorum stands behind freshly enough to liquidate by, if that is another.
    private func listEarlier(before place: Int, _ now: Timestamp, _ room: inout SurfaceRoom) {
        room.earlier.removeAll(keepingCapacity: true)
        var earlier = place - 1
        while earlier >= 0 {
            if let curve = expiries[earlier].curve, curve.expiry > now {
                let isMade = curve.madeAt == now
                let isFresh = now.elapsed(since: curve.time) <= parameters.liquidationAge
                if isMade || isFresh && room.earlier.isEmpty {
                    room.earlier.append(slice(of: curve, at: earlier, now, room))
                }
                if isMade { return }
            }
            earlier -= 1
        }
    }

    /// The slice of a curve in force: the one that was made last is at hand.
    private func slice(
        of curve: ExpiryCurve, at place: Int, _ now: Timestamp, _ room: borrowing SurfaceRoom
    ) -> CurveSlice {
        if let made = room.made, made.place == place { return made.slice }
        return CurveSlice(
            grid: grid, smile: grid.smile(curve.volatilities), forward: .zero,
            remaining: curve.expiry.elapsed(since: now))
    }

    /// The latest time such that publishers with `quorum` weight spoke at or after it.
    private func quorumTime(_ quorum: UInt64, _ room: inout SurfaceRoom) -> Timestamp {
        room.times.removeAll()
        for entry in room.entries {
            room.times.insert(
                AggregationRoom.rank(entry.time.nanoseconds), weight: entry.weight)
        }
        guard let rank = room.times.first(reaching: quorum) else { return .epoch }
        return Timestamp(nanoseconds: AggregationRoom.time(rank))
    }

    // MARK: Whether volatilities may be a curve

    /// Whether volatilities admit no arbitrage; if so, `room.free` is their slice.
    private func isFree(
        _ volatilities: NodeVolatilities, at place: Int, _ now: Timestamp,
        _ room: inout SurfaceRoom
    ) -> Bool {
        let slice = CurveSlice(
            grid: grid, smile: grid.smile(volatilities), forward: .zero,
            remaining: expiries[place].expiry.elapsed(since: now))
        let isFree =
            off.contains(.curveScreen)
            || slice.isFreeOfButterflies()
                && room.earlier.indices.allSatisfy {
                    slice.isFreeOfCalendars(after: room.earlier[$0])
                }
        if isFree { room.free = slice }
        return isFree
    }

    /// The target, or what lies on the way to it within reach; nil if that admits arbitrage.
    private func step(
        to target: NodeVolatilities, at place: Int, _ reach: UInt32?, _ now: Timestamp,
        _ room: inout SurfaceRoom
    ) -> NodeVolatilities? {
        guard let last = expiries[place].curve?.volatilities, let reach else {
            return isFree(target, at: place, now, &room) ? target : nil
        }
        var held = target
        var farthest: UInt32 = 0
        for node in 0..<NodeVolatilities.count {
            let distance = gap(target[node], last[node])
            farthest = max(farthest, distance)
            if distance > reach {
                held[node] = target[node] > last[node] ? last[node] + reach : last[node] - reach
            }
        }
        if isFree(held, at: place, now, &room) { return held }
        guard farthest > reach else { return nil }
        for node in 0..<NodeVolatilities.count {
            let move = Int64(target[node]) - Int64(last[node])
            let part = move * Int64(reach) / Int64(farthest)
            held[node] = UInt32(clamping: Int64(last[node]) + part)
        }
        return isFree(held, at: place, now, &room) ? held : nil
    }
}

extension SurfaceRoom {
    /// The median of a number in the columns. Marks the votes that lie too far from it.
    ///
    /// - Parameters:
    ///   - floor: the least that the median distance counts as; positive.
    ///   - factor: how many of these are too far.
    mutating func middle(_ number: Int, floor: Int64, factor: Ratio) -> UInt32 {
        let median = columns.median(number)
        // The deviation only widens the limit: where nobody is beyond the floor's, none is cut.
        let least = SurfaceRoom.limit(floor, factor)
        guard columns.farthest > least else { return median }
        let limit = max(least, SurfaceRoom.limit(Int64(columns.deviation()), factor))
        for slot in entries.indices where columns.isBeyond(slot, limit) {
            entries[slot].isCut = true
        }
        return median
    }

    /// So many times a distance, rounded down: what is farther is too far.
    private static func limit(_ distance: Int64, _ factor: Ratio) -> UInt32 {
        UInt32(clamping: Int128(distance) * Int128(factor.units) / Int128(Ratio.one.units))
    }

    /// Sums for each vote how far it lies from all others, by their weight.
    mutating func measureDistances(among votes: [CurveVote?]) {
        for slot in entries.indices {
            guard let vote = votes[entries[slot].publisher]?.volatilities else { continue }
            var sum: UInt128 = 0
            for other in entries {
                guard let second = votes[other.publisher]?.volatilities else { continue }
                sum += UInt128(vote.distance(to: second)) * UInt128(other.weight)
            }
            entries[slot].distance = sum
        }
    }
}
