/// From votes to the curve in force: what is dropped, what a minority can and cannot do, the
/// medoid, the bounds on forwards and on moves, ages and leaves.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Oracle

private let start = SurfaceFixture.start

private func publishers(_ count: Int) -> [Publisher] {
    OracleFixture.publishers([UInt32](repeating: 1, count: count))
}

/// A surface in which publishers vote one curve each, all at once.
private func aggregated(
    _ votes: [NodeVolatilities], days: UInt64 = 30,
    parameters: SurfaceParameters = SurfaceFixture.parameters
) -> (SurfaceFeed, SurfaceChanges) {
    var feed = SurfaceFixture.feed([days], publishers: votes.count, parameters: parameters)
    for (place, vote) in votes.enumerated() {
        _ = feed.vote(place, [SurfaceFixture.curve(days: days, vote)])
    }
    let changes = feed.aggregate(publishers: publishers(votes.count), now: start)
    return (feed, changes)
}

// MARK: Votes one by one

private struct FaultRow: Sendable {
    let name: String
    var days: UInt64 = 30
    var forward: Int64 = 100_000_000_000
    var price: Int64? = 100_000_000_000
    var volatilities = SurfaceFixture.smile()
    let fault: CurveFault?
}

private func flat(_ volatility: UInt32) -> NodeVolatilities { NodeVolatilities(flat: volatility) }

private let hump: NodeVolatilities = {
    var hump = flat(500_000)
    hump[NodeVolatilities.centre] = 700_000
    return hump
}()

/// One node of a flat curve with a value of its own.
private func oneNode(_ node: Int, _ volatility: UInt32) -> NodeVolatilities {
    var result = flat(500_000)
    result[node] = volatility
    return result
}

@Test(arguments: [
    FaultRow(name: "a sound curve", fault: nil),
    FaultRow(name: "an expiry that no instrument has", days: 31, fault: .unknownExpiry),
    FaultRow(name: "no price of the underlying", price: nil, fault: .missingIndex),
    FaultRow(name: "a price of zero", price: 0, fault: .forwardOutOfRange),
    FaultRow(name: "a forward of zero", forward: 0, fault: .forwardOutOfRange),
    FaultRow(name: "a negative forward", forward: -1, fault: .forwardOutOfRange),
    FaultRow(name: "the largest forward", forward: .max, fault: .forwardOutOfRange),
    FaultRow(name: "the smallest price", forward: .max, price: 1, fault: .forwardOutOfRange),
    FaultRow(name: "half above", forward: 150_000_000_000, fault: nil),
    FaultRow(name: "more than half above", forward: 150_000_000_200, fault: .forwardOutOfRange),
    FaultRow(name: "half below", forward: 50_000_000_000, fault: nil),
    FaultRow(name: "more than half below", forward: 49_999_999_800, fault: .forwardOutOfRange),
    FaultRow(name: "a twentieth of the reference", volatilities: flat(25_000), fault: nil),
    FaultRow(name: "less", volatilities: flat(24_999), fault: .volatilityOutOfRange),
    FaultRow(name: "twenty times the reference", volatilities: flat(10_000_000), fault: nil),
    FaultRow(name: "more", volatilities: flat(10_000_001), fault: .volatilityOutOfRange),
    FaultRow(name: "nothing", volatilities: flat(0), fault: .volatilityOutOfRange),
    FaultRow(name: "the largest", volatilities: flat(.max), fault: .volatilityOutOfRange),
    FaultRow(
        name: "a hole at one node", volatilities: oneNode(3, 0), fault: .volatilityOutOfRange),
    FaultRow(
        name: "one huge node", volatilities: oneNode(3, 10_000_000), fault: .butterflyArbitrage),
    FaultRow(
        name: "one tiny node", volatilities: oneNode(7, 25_000), fault: .butterflyArbitrage),
    FaultRow(name: "a huge wing", volatilities: oneNode(10, .max), fault: .volatilityOutOfRange),
    FaultRow(name: "a hump", volatilities: hump, fault: .butterflyArbitrage),
])
private func aCurveIsRecordedOrDroppedForItsReason(_ row: FaultRow) {
    var feed = SurfaceFixture.feed([30], publishers: 1)
    let before = feed
    let dropped = feed.record(
        [SurfaceFixture.curve(days: row.days, forward: row.forward, row.volatilities)][...],
        price: row.price.map { IndexPrice(micros: $0) }, from: PublisherIdentifier(0), at: start,
        now: start)
    #expect(dropped.map(\.fault) == (row.fault.map { [$0] } ?? []), "\(row.name)")
    #expect((feed == before) == (row.fault != nil), "\(row.name)")
}

/// Attack 15: curves that sell a butterfly, or time, for less than nothing.
@Test(arguments: [[], [Defence.curveScreen]] as [[Defence]])
func `curves with arbitrage come into force only without the screen`(off: [Defence]) throws {
    let rows: [(days: [UInt64], votes: [NodeVolatilities])] = [
        ([30], [hump]), ([7, 14], [flat(3_000_000), flat(500_000)]),
    ]
    for (days, votes) in rows {
        var feed = SurfaceFixture.feed(days, publishers: 3, off: DefenceSet(off))
        let curves = zip(days, votes).map { SurfaceFixture.curve(days: $0, $1) }
        for publisher in 0..<3 {
            #expect(feed.vote(publisher, curves).isEmpty == !off.isEmpty)
        }
        _ = feed.aggregate(publishers: publishers(3), now: start)
        let slices = days.compactMap { day in
            feed.curve(SurfaceFixture.expiry(days: day)).map {
                feed.slice(of: $0, index: SurfaceFixture.index, at: start)
            }
        }
        let isSound =
            slices.allSatisfy { $0.isFreeOfButterflies() }
            && zip(slices, slices.dropFirst()).allSatisfy { $1.isFreeOfCalendars(after: $0) }
        #expect(isSound == off.isEmpty)
        #expect(off.isEmpty || slices.count == days.count)
    }
}

@Test func anExpiryThatHasPassedIsUnknown() {
    var feed = SurfaceFixture.feed([30], publishers: 1)
    let curve = SurfaceFixture.curve(days: 30, SurfaceFixture.smile())
    let expiry = SurfaceFixture.expiry(days: 30)
    let last = Timestamp(nanoseconds: expiry.nanoseconds - 1)
    #expect(feed.vote(0, [curve], at: last).isEmpty)
    #expect(feed.vote(0, [curve], at: expiry).map(\.fault) == [.unknownExpiry])
}

@Test func oneWrongExpiryDoesNotTakeTheOthersAlong() {
    let days: [UInt64] = [7, 14, 28, 56, 112]
    for wrong in days.indices {
        for volatility in [150_000, 3_000_000] as [UInt32] {
            var feed = SurfaceFixture.feed(days, publishers: 1)
            let curves = days.enumerated().map { place, day in
                SurfaceFixture.curve(days: day, flat(place == wrong ? volatility : 600_000))
            }
            let dropped = feed.vote(0, curves)
            // Too low is only wrong behind others, too high only before others. Before one other
            // nothing tells which of the two is wrong: the later one goes.
            let isHigh = volatility > 600_000
            let isHarmless = isHigh ? wrong == days.count - 1 : wrong == 0
            let loser = isHigh && wrong == days.count - 2 ? wrong + 1 : wrong
            let expected = isHarmless ? [] : [SurfaceFixture.expiry(days: days[loser])]
            #expect(dropped.map(\.expiry) == expected, "\(wrong) \(volatility)")
            #expect(dropped.allSatisfy { $0.fault == .calendarArbitrage })
        }
    }
}

@Test func asManyExpiriesAsTheLimitCanBeOpen() {
    var feed = SurfaceFixture.feed([], publishers: 1)
    for day in 1...UInt64(SurfaceFeed.expiryLimit) {
        let isOpen = feed.open(SurfaceFixture.expiry(days: day))
        #expect(isOpen)
    }
    let again = feed.open(SurfaceFixture.expiry(days: 1))
    let beyond = feed.open(SurfaceFixture.expiry(days: 100))
    #expect(again && !beyond)
    feed.close(SurfaceFixture.expiry(days: 3))
    let freed = feed.open(SurfaceFixture.expiry(days: 100))
    #expect(freed)
    #expect(feed.expiries.map(\.expiry) == feed.expiries.map(\.expiry).sorted())
}

// MARK: Medians, cut and medoid

@Test func theCurveIsTheMedianAtEveryNode() {
    let votes = [0, 2_000, 5_000].map { SurfaceFixture.smile(level: 600_000 + $0) }
    let (feed, changes) = aggregated(votes)
    #expect(feed.expiries[0].curve?.volatilities == votes[1])
    #expect(changes.changes.map(\.source) == [.medians] && changes.dropped.isEmpty)
}

@Test func identicalVotesHaveNoDeviationAndNoneIsCut() {
    let same = [NodeVolatilities](repeating: SurfaceFixture.smile(), count: 5)
    #expect(aggregated(same).0.expiries[0].curve?.volatilities == same[0])
    #expect(aggregated(same).1.dropped.isEmpty)
}

@Test(arguments: [(50_000, false), (50_001, true)] as [(Int64, Bool)])
func aVoteBeyondFiveVolatilityPointsIsAnOutlierAmongEquals(_ off: Int64, _ isCut: Bool) {
    var votes = [NodeVolatilities](repeating: flat(600_000), count: 3)
    votes.append(flat(UInt32(600_000 + off)))
    let (feed, changes) = aggregated(votes)
    #expect(changes.dropped.map(\.fault) == (isCut ? [.outlier] : []))
    #expect(feed.expiries[0].curve?.volatilities == votes[0])
}

@Test func outliersDoNotCountForTheQuorum() {
    // Two of three is a quorum of ⅔; one of them an outlier leaves too few.
    let parameters = SurfaceFixture.parameters
    let near = [flat(600_000), flat(601_000), flat(900_000)]
    #expect(aggregated(near, parameters: parameters).0.expiries[0].curve == nil)
    var loose = parameters
    loose.quorum = Ratio(billionths: 666_666_666)
    #expect(aggregated(near, parameters: loose).0.expiries[0].curve != nil)
}

@Test func mediansWithArbitrageGiveWayToTheMedoid() {
    let seed: UInt64 = 74
    var random = SeededGenerator(seed: seed)
    var medoids = 0
    for round in 0..<1_000 {
        var votes: [NodeVolatilities] = []
        while votes.count < 5 {
            let vote = SurfaceFixture.hyperbola(&random)
            if SurfaceFixture.slice(vote, days: 30).isFreeOfButterflies() { votes.append(vote) }
        }
        let (feed, changes) = aggregated(votes)
        guard let curve = feed.expiries[0].curve?.volatilities else { continue }
        #expect(SurfaceFixture.slice(curve, days: 30).isFreeOfButterflies())
        guard changes.changes.first?.source == .medoid else { continue }
        medoids += 1
        let kept = votes.indices.filter { place in
            !changes.dropped.contains { Int($0.publisher.number) == place }
        }.map { votes[$0] }
        let distances = kept.map { vote in
            kept.reduce(0 as UInt64) { $0 + vote.distance(to: $1) }
        }
        let nearest = kept[distances.firstIndex(of: distances.min() ?? 0) ?? 0]
        #expect(curve == nearest, "seed \(seed), round \(round)")
    }
    #expect(medoids > 10, "\(medoids)")
}

@Test func theResultOfRandomVotesIsFreeOfArbitrage() {
    let seed: UInt64 = 75
    var random = SeededGenerator(seed: seed)
    let days: [UInt64] = [1, 3, 10, 40, 200]
    var made = 0
    for round in 0..<300 {
        var feed = SurfaceFixture.feed(days, publishers: 5)
        var now = start
        for _ in 0..<3 {
            now = now.advanced(by: .seconds(UInt64.random(in: 1...40, using: &random)))
            let level = Int64.random(in: 500_000...700_000, using: &random)
            for publisher in 0..<5 {
                let curves = days.map { day in
                    var vote = SurfaceFixture.smile(
                        level: level, bend: Int64.random(in: 1_000...25_000, using: &random))
                    for node in 0..<NodeVolatilities.count {
                        let noise = Int64.random(in: -20_000...20_000, using: &random)
                        vote[node] = UInt32(clamping: Int64(vote[node]) + noise)
                    }
                    return SurfaceFixture.curve(days: day, vote)
                }
                _ = feed.vote(publisher, curves, at: now)
            }
            _ = feed.aggregate(publishers: publishers(5), now: now)
        }
        let slices = feed.expiries.compactMap { $0.curve }.filter { $0.madeAt == now }.map {
            feed.slice(of: $0, index: SurfaceFixture.index, at: now)
        }
        made += slices.count
        for (place, slice) in slices.enumerated() {
            #expect(slice.isFreeOfButterflies(), "seed \(seed), round \(round)")
            if place > 0 {
                #expect(
                    slice.isFreeOfCalendars(after: slices[place - 1]),
                    "seed \(seed), round \(round)")
            }
        }
    }
    #expect(made > 500, "\(made)")
}

// MARK: A minority

@Test func aMinorityCannotMoveNodesOrForwardOutsideTheHonestRange() {
    let seed: UInt64 = 76
    var random = SeededGenerator(seed: seed)
    var medians = 0
    var medoids = 0
    for round in 0..<2_000 {
        let liars = Int.random(in: 0...2, using: &random)
        var feed = SurfaceFixture.feed([30], publishers: 5)
        var honest: [CurveObservation] = []
        for publisher in 0..<5 {
            let isLiar = publisher < liars
            let vote = SurfaceFixture.hyperbola(&random)
            let forward =
                101_000_000_000
                + Int64.random(
                    in: isLiar ? -40_000_000_000...40_000_000_000 : -20_000_000...20_000_000,
                    using: &random)
            let curve = SurfaceFixture.curve(days: 30, forward: forward, vote)
            let isRecorded = feed.vote(publisher, [curve]).isEmpty
            if !isLiar && isRecorded { honest.append(curve) }
        }
        let counted = feed.expiries[0].votes.compactMap { $0 }.count
        guard honest.count * 2 > counted else { continue }
        let changes = feed.aggregate(publishers: publishers(5), now: start)
        guard let curve = feed.expiries[0].curve else { continue }
        let isMedoid = changes.changes[0].source == .medoid
        for node in 0..<NodeVolatilities.count {
            let nodes = honest.map { Int64($0.volatilities[node]) }
            let (low, high) = (nodes.min() ?? 0, nodes.max() ?? 0)
            let slack = isMedoid ? 5 * max(high - low, 10_000) : 0
            let value = Int64(curve.volatilities[node])
            #expect(value >= low - slack && value <= high + slack, "seed \(seed), round \(round)")
        }
        let forwards = honest.map(\.forward.units)
        let forward = curve.forward(index: SurfaceFixture.index).units
        // The basis is kept to 10⁻⁹ of the index.
        #expect(forward >= (forwards.min() ?? 0) - 100 && forward <= (forwards.max() ?? 0))
        if isMedoid { medoids += 1 } else { medians += 1 }
    }
    #expect(medians > 100 && medoids > 5, "\(medians) \(medoids)")
}

// MARK: Bounds

@Test(arguments: [(130_000, 101_000), (101_000, 101_000), (98_900, 99_000), (99_000, 99_000)])
func theForwardKeepsToItsBandNearTheExpiry(_ voted: Int64, _ expected: Int64) {
    // A second before the expiry only the slack of 1 % is left.
    var feed = SurfaceFixture.feed([1], publishers: 1)
    let now = Timestamp(
        nanoseconds: SurfaceFixture.expiry(days: 1).nanoseconds - 1_000_000_000)
    _ = feed.vote(
        0, [SurfaceFixture.curve(days: 1, forward: voted * 1_000_000, flat(500_000))], at: now)
    _ = feed.aggregate(publishers: publishers(1), now: now)
    let forward = feed.expiries[0].curve?.forward(index: SurfaceFixture.index).units ?? 0
    #expect(abs(forward - expected * 1_000_000) < 20_000)
}

@Test(arguments: [(131_100, 131_000), (131_000, 131_000), (88_900, 89_000)])
func theForwardOfAYearStaysWithinItsCarry(_ voted: Int64, _ expected: Int64) {
    var feed = SurfaceFixture.feed([365], publishers: 1)
    _ = feed.vote(
        0, [SurfaceFixture.curve(days: 365, forward: voted * 1_000_000, flat(500_000))])
    _ = feed.aggregate(publishers: publishers(1), now: start)
    let forward = feed.expiries[0].curve?.forward(index: SurfaceFixture.index).units ?? 0
    #expect(abs(forward - expected * 1_000_000) < 200)
}

@Test(arguments: [(60, 100_000), (6, 10_000), (120, 200_000), (1, 1_666)] as [(UInt64, UInt32)])
func volatilityMovesByTenPointsAMinuteAtMost(_ seconds: UInt64, _ reach: UInt32) {
    for up in [true, false] {
        var feed = SurfaceFixture.feed([30], publishers: 1)
        _ = feed.vote(0, [SurfaceFixture.curve(days: 30, flat(600_000))])
        _ = feed.aggregate(publishers: publishers(1), now: start)
        let now = start.advanced(by: .seconds(seconds))
        for (target, expected) in [(reach, reach), (reach + 1, reach), (400_000, reach)] {
            var later = feed
            let voted = up ? 600_000 + target : 600_000 - target
            _ = later.vote(0, [SurfaceFixture.curve(days: 30, flat(voted))], at: now)
            _ = later.aggregate(publishers: publishers(1), now: now)
            #expect(
                later.expiries[0].curve?.volatilities
                    == flat(up ? 600_000 + expected : 600_000 - expected))
        }
    }
}

@Test func withoutAQuorumTheCurveStaysAndAges() {
    var feed = SurfaceFixture.feed([7, 30], publishers: 3)
    for publisher in 0..<3 {
        _ = feed.vote(
            publisher,
            [7, 30].map { SurfaceFixture.curve(days: $0, flat(600_000)) })
    }
    _ = feed.aggregate(publishers: publishers(3), now: start)
    // From now on only one of three speaks of the later expiry.
    let later = start.advanced(by: .seconds(301))
    for publisher in 0..<3 {
        let days: [UInt64] = publisher == 0 ? [7, 30] : [7]
        _ = feed.vote(
            publisher, days.map { SurfaceFixture.curve(days: $0, flat(650_000)) }, at: later)
    }
    _ = feed.aggregate(publishers: publishers(3), now: later)
    let (near, far) = (SurfaceFixture.expiry(days: 7), SurfaceFixture.expiry(days: 30))
    #expect(feed.curve(near)?.volatilities == flat(650_000))
    #expect(feed.curve(far)?.volatilities == flat(600_000))
    #expect(feed.age(of: near, at: later) == .zero)
    #expect(feed.age(of: far, at: later) == .seconds(301))
}

@Test(
    arguments: [
        (15, [.display, .cancel, .reduce, .trade, .margin, .withdraw, .liquidate, .settle]),
        (16, [.display, .cancel, .reduce, .trade, .margin, .settle]),
        (60, [.display, .cancel, .reduce, .trade, .margin, .settle]),
        (61, [.display, .cancel, .reduce, .settle]),
        (300, [.display, .cancel, .reduce, .settle]), (301, [.display, .cancel, .settle]),
    ] as [(UInt64, [PriceUse])])
func eachUseHasItsAge(_ age: UInt64, _ valid: [PriceUse]) {
    let (feed, _) = aggregated([flat(600_000)])
    let now = start.advanced(by: .seconds(age))
    let expiry = SurfaceFixture.expiry(days: 30)
    #expect(PriceUse.allCases.filter { feed.isValid(expiry, for: $0, at: now) } == valid)
    let unknown = SurfaceFixture.expiry(days: 31)
    #expect(
        PriceUse.allCases.filter { feed.isValid(unknown, for: $0, at: now) } == [.cancel])
}

// MARK: Between expiries

@Test func totalVarianceBetweenExpiriesIsLinearInTime() {
    var feed = SurfaceFixture.feed([10, 30], publishers: 1)
    let curves = [(10, 100_500, 600_000), (30, 101_500, 500_000)] as [(UInt64, Int64, UInt32)]
    _ = feed.vote(
        0, curves.map { SurfaceFixture.curve(days: $0, forward: $1 * 1_000_000, flat($2)) })
    _ = feed.aggregate(publishers: publishers(1), now: start)
    func between(_ days: UInt64) -> ExpiryCurve? {
        feed.curve(around: SurfaceFixture.expiry(days: days), at: start)
    }
    #expect(between(10) == feed.curve(SurfaceFixture.expiry(days: 10)))
    // (0.36·10 + 0.25·30)/2 over 20 days.
    let middle = Int64(between(20)?.volatilities.atTheMoney ?? 0)
    #expect(abs(middle - 526_783) <= 1)
    #expect(abs((between(20)?.basis.units ?? 0) - 10_000_000) < 10)
    // Beyond the ends the volatility and the yearly rate stay.
    #expect(between(5)?.volatilities == flat(600_000))
    #expect(abs((between(5)?.basis.units ?? 0) - 2_500_000) < 10)
    #expect(between(60)?.volatilities == flat(500_000))
    #expect(abs((between(60)?.basis.units ?? 0) - 30_000_000) < 10)
    #expect(feed.curve(around: start, at: start) == nil)
    #expect(
        SurfaceFixture.feed([10], publishers: 1).curve(
            around: SurfaceFixture.expiry(days: 10), at: start) == nil)
}

// MARK: Leaves

@Test func theLeavesOfASurfaceMakeItAgain() throws {
    var feed = SurfaceFixture.feed([7, 30, 90], publishers: 3)
    for publisher in 0..<2 {
        _ = feed.vote(
            publisher, [7, 30].map { SurfaceFixture.curve(days: $0, SurfaceFixture.smile()) })
    }
    _ = feed.aggregate(publishers: publishers(3), now: start)
    #expect(feed.touched == [7, 30, 90].map { SurfaceFixture.expiry(days: $0) })
    var restored = SurfaceFeed(parameters: feed.parameters, publishers: 3)
    for entry in feed.expiries.reversed() {
        var encoder = CanonicalEncoder()
        feed.encodeState(of: entry.expiry, into: &encoder)
        var decoder = CanonicalDecoder(encoder.bytes)
        try restored.restore(entry.expiry, from: &decoder)
        try decoder.finish()
        // Not twice, not under another name, not for other publishers.
        var again = CanonicalDecoder(encoder.bytes)
        #expect(throws: DecodingFault.self) { try restored.restore(entry.expiry, from: &again) }
        var other = SurfaceFeed(parameters: feed.parameters, publishers: 4)
        var fourth = CanonicalDecoder(encoder.bytes)
        #expect(throws: DecodingFault.self) { try other.restore(entry.expiry, from: &fourth) }
    }
    #expect(restored == feed)
}

@Test(
    arguments: [
        (6_000_000_000, true), (6_000_000_001, false), (-6_000_000_001, false), (.min, false),
    ] as [(Int64, Bool)])
func aLeafWithABasisBeyondAllCurvesIsRefused(_ basis: Int64, _ isRead: Bool) {
    var feed = aggregated([flat(600_000)]).0
    let expiry = SurfaceFixture.expiry(days: 30)
    for isVote in [true, false] {
        if isVote {
            feed.expiries[0].votes[0]?.basis = Ratio(billionths: basis)
        } else {
            feed.expiries[0].curve?.basis = Ratio(billionths: basis)
        }
        var encoder = CanonicalEncoder()
        feed.encodeState(of: expiry, into: &encoder)
        var decoder = CanonicalDecoder(encoder.bytes)
        var restored = SurfaceFeed(parameters: feed.parameters, publishers: 1)
        try? restored.restore(expiry, from: &decoder)
        #expect(!restored.expiries.isEmpty == isRead)
    }
}
