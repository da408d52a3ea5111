/// Observations: what is refused and what a liar can do; what still works when prices are old; and
/// the funding that follows from prices.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Oracle
import Testing

@Suite struct PriceTests {
    private func refusals(_ outcome: BlockOutcome) -> [Refusal] {
        outcome.events.compactMap { event in
            if case .observationRefused(_, let refusal) = event { refusal } else { nil }
        }
    }

    private func index(_ venue: Venue, _ underlying: Int = 0) -> Int64 {
        venue.ledger.feeds[underlying].index.units
    }

    @Test func `a bad bundle is refused for its reason, and none of it is recorded`() throws {
        let venue = try Venue()
        try venue.apply()
        let now = venue.time.advanced(by: .seconds(1))
        let good = 50_001 * TestGenesis.million
        func bundle(_ time: Timestamp, _ prices: [(UInt16, Int64)]) -> ObservationBundle {
            venue.bundle(by: 1, at: time, prices: prices)
        }
        var forged = bundle(now, [(0, good)])
        forged.signature = Signature(r: Bytes32(), s: Bytes32())
        let stranger = ObservationBundle(
            publisher: PublisherIdentifier(3), time: now, observations: [],
            signature: forged.signature)
        let future = Timestamp(nanoseconds: now.nanoseconds + 1)
        let table: [(ObservationBundle, Refusal)] = [
            (stranger, .unknownPublisher), (forged, .badObservationSignature),
            (bundle(future, [(0, good)]), .observationFromFuture),
            (bundle(venue.time, [(0, good)]), .observationNotNewer),
            (bundle(now, [(0, good), (2, good)]), .unknownUnderlying),
        ]
        for (place, row) in table.enumerated() {
            let twin = try Ledger(
                genesis: venue.ledger.genesis, leaves: venue.ledger.leaves(),
                root: venue.ledger.root)
            let block = venue.block([], observations: [row.0])
            let outcome = try twin.apply(block, verifier: TestSignatures())
            #expect(refusals(outcome) == [row.1], "row \(place)")
            #expect(twin.feeds[0].lastTime(of: PublisherIdentifier(1)) == venue.time)
        }
    }

    @Test func `a bad price is dropped by itself, and the rest of its bundle counts`() throws {
        let highest = 400_000 * TestGenesis.million
        let table: [(Int64, Refusal?)] = [
            (0, .priceZero), (-1, .priceNegative), (.min, .priceNegative),
            (.max, .observationOutOfRange), (highest + 1, .observationOutOfRange), (highest, nil),
            (1, nil),
        ]
        for (price, fault) in table {
            let venue = try Venue()
            try venue.apply()
            let now = venue.time.advanced(by: .seconds(1))
            let good = 2_501 * TestGenesis.million
            let bundles = [
                venue.bundle(by: 1, at: now, prices: [(0, price), (1, good)]),
                venue.bundle(by: 2, at: now, prices: [(1, good)]),
            ]
            let outcome = try venue.apply(venue.block([], observations: bundles))
            #expect(refusals(outcome).isEmpty)
            let judged = outcome.events.filter { event in
                if case .priceJudged = event { true } else { false }
            }
            let one = PublisherIdentifier(1)
            let bitcoin = UnderlyingIdentifier(0)
            #expect(judged == (fault == nil ? [] : [.priceJudged(one, bitcoin, fault)]))
            // The weight of 4 and 3 still says 50,000 of the one, and 6 of 10 is new of the other.
            #expect(index(venue) == 50_000 * TestGenesis.million, "\(price)")
            #expect(index(venue, 1) == good)
            #expect(venue.ledger.feeds[0].lastTime(of: one) == now)
            // What is sound again counts again, and says so once.
            let later = now.advanced(by: .seconds(1))
            let sound = venue.bundle(by: 1, at: later, prices: [(0, 50_000 * TestGenesis.million)])
            let next = try venue.apply(venue.block([], observations: [sound]))
            #expect(next.events.contains(.priceJudged(one, bitcoin, nil)) == (fault != nil))
        }
    }

    @Test func `an observation counts up to the halt age`() throws {
        let venue = try Venue()
        for (age, refusal) in [(60_000, []), (60_001, [Refusal.observationTooOld])]
            as [(UInt64, [Refusal])]
        {
            let time = venue.time
            let bundles = [venue.bundle(by: 0, at: time)]
            let block = venue.block([], milliseconds: age, observations: bundles)
            #expect(refusals(try venue.apply(block)) == refusal)
        }
    }

    @Test func `one liar cannot move the index outside of what the honest say`() throws {
        for lie in [1, 49_000, 51_000, 400_000] as [Int64] {
            for liar in 0..<3 {
                let venue = try Venue()
                try venue.apply()
                let time = venue.time.advanced(by: .seconds(1))
                let bundles = (0..<3).map { publisher in
                    let honest = [50_010, 50_020, 50_030] as [Int64]
                    let dollars = publisher == liar ? lie : honest[publisher]
                    return venue.bundle(
                        by: publisher, at: time, prices: [(0, dollars * TestGenesis.million)])
                }
                try venue.apply(venue.block([], observations: bundles))
                let range = 50_010 * TestGenesis.million...50_030 * TestGenesis.million
                #expect(range.contains(index(venue)), "liar \(liar) says \(lie)")
            }
        }
    }

    @Test func `below the quorum the index stands still`() throws {
        let venue = try Venue()
        try venue.apply()
        let before = index(venue)
        // The weight of 4 of 10 is fresh when the others have passed the halt age.
        try venue.apply(milliseconds: 61_000, observations: [])
        let time = venue.time.advanced(by: .seconds(1))
        let price = 60_000 * TestGenesis.million
        let alone = [venue.bundle(by: 0, at: time, prices: [(0, price)])]
        try venue.apply(venue.block([], observations: alone))
        #expect(index(venue) == before)
        let later = venue.time.advanced(by: .seconds(1))
        let two = [1, 2].map { venue.bundle(by: $0, at: later, prices: [(0, price)]) }
        try venue.apply(venue.block([], observations: two))
        #expect(index(venue) == price)
    }

    @Test func `on old prices risk is refused, then everything but cancels and deposits`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 100_000)
        let (me, other) = (accounts[0], accounts[1])
        try venue.trade(me, other, 100, at: 50_000)
        try venue.apply(.by(other, .buy(90, at: 50_000)))
        try venue.apply(.by(me, .buy(1, at: 49_000, name: 1)))
        venue.isPublishing = false
        let risky = Command.buy(1, at: 49_000)
        let reducing = Command.sell(1, at: 50_000, .immediateOrCancel, reduceOnly: true)
        func ask(_ age: UInt64, _ before: UInt64) throws -> [Refusal?] {
            try venue.apply(
                .by(me, risky, reducing, .cancelAll(nil)),
                .custodian(.deposit(.dollars(1), to: me, reference: Bytes32())),
                milliseconds: age - before
            ).refusals
        }
        #expect(try ask(15_000, 0) == [nil, nil, nil, nil])
        #expect(try ask(15_001, 15_000) == [.priceTooOld, nil, nil, nil])
        #expect(try ask(60_000, 15_001) == [.priceTooOld, nil, nil, nil])
        #expect(try ask(60_001, 60_000) == [.priceTooOld, .priceTooOld, nil, nil])
    }

    @Test func `the stable price follows at a fifth of itself an hour`() throws {
        let venue = try Venue()
        try venue.apply()
        venue.setPrice(100_000)
        try venue.apply(milliseconds: 3_600_000)
        #expect(venue.ledger.feeds[0].stable.units == 60_000 * TestGenesis.million)
        try venue.wait(blocks: 4, seconds: 3_600)
        #expect(venue.ledger.feeds[0].stable.units == 100_000 * TestGenesis.million)
    }
}
