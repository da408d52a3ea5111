/// Curves of volatility in the ledger: what is dropped and named, what comes into force and what
/// the leaves remember.

import Canonical
import FixedPoint
import Oracle
import Testing

@testable import Ledger

@Suite struct CurveTests {
    private static let underlying = UnderlyingIdentifier(0)
    private static let smile: NodeVolatilities = {
        var smile = NodeVolatilities(flat: 600_000)
        smile[0] = 700_000
        return smile
    }()

    private func expiry(_ venue: Venue, days: UInt64) -> Timestamp {
        venue.ledger.genesis.time.advanced(by: .seconds(days * 86_400))
    }

    /// A venue with prices, whose underlying may have curves of 10 and 20 days.
    private func venue() throws -> Venue {
        let venue = try Venue()
        try venue.apply()
        for days in [10, 20] as [UInt64] {
            let isOpen = venue.ledger.state.surfaces[0].open(expiry(venue, days: days))
            #expect(isOpen)
        }
        return venue
    }

    private func curve(
        _ expiry: Timestamp, _ volatilities: NodeVolatilities = smile, dollars: Int64 = 50_000,
        underlying: UInt16 = 0
    ) -> CurveObservation {
        CurveObservation(
            underlying: UnderlyingIdentifier(underlying), expiry: expiry,
            forward: IndexPrice(micros: dollars * TestGenesis.million), volatilities: volatilities)
    }

    /// A bundle of a publisher's prices and these curves.
    private func bundle(
        _ venue: Venue, _ publisher: Int, _ curves: [CurveObservation],
        prices: [(UInt16, Int64)]? = nil
    ) -> ObservationBundle {
        let plain = venue.bundle(
            by: publisher, at: venue.time.advanced(by: .seconds(1)), prices: prices)
        return venue.signed(
            ObservationBundle(
                publisher: plain.publisher, time: plain.time, observations: plain.observations,
                curves: curves, signature: plain.signature))
    }

    private func apply(_ venue: Venue, _ bundles: [ObservationBundle]) throws -> [Event] {
        try venue.apply(venue.block([], observations: bundles)).events
    }

    private func dropped(_ events: [Event]) -> [Refusal] {
        events.compactMap { event in
            if case .curveVoteDropped(_, _, _, let refusal) = event { refusal } else { nil }
        }
    }

    @Test func `curves of a quorum come into force, and the leaves make them again`() throws {
        let venue = try venue()
        let days: [UInt64] = [10, 20]
        let bundles = (0..<3).map { publisher in
            bundle(venue, publisher, days.map { curve(expiry(venue, days: $0), dollars: 50_500) })
        }
        let events = try apply(venue, bundles)
        let changed = events.filter { if case .curveChanged = $0 { true } else { false } }
        #expect(changed.count == 2 && dropped(events).isEmpty)
        #expect(
            changed.first
                == .curveChanged(
                    CurveTests.underlying, expiry: expiry(venue, days: 10),
                    basis: Ratio(basisPoints: 100), atTheMoney: Ratio(basisPoints: 6_000),
                    .medians))
        let slice = venue.ledger.state.curveSlice(
            of: CurveTests.underlying, expiry: expiry(venue, days: 20))
        #expect(slice?.forward == IndexPrice(micros: 50_500 * TestGenesis.million))
        let leaves = venue.ledger.leaves()
        let restored = try Ledger(
            genesis: venue.ledger.genesis, leaves: leaves, root: venue.ledger.root)
        #expect(restored.surfaces == venue.ledger.surfaces)
        #expect(restored.root == venue.ledger.root)
        // The next block gives both the same root.
        let block = venue.block([], observations: (0..<3).map { bundle(venue, $0, []) })
        let twin = try restored.apply(block, verifier: TestSignatures())
        #expect(try venue.apply(block).root == twin.root)
    }

    @Test func `each wrong curve is dropped for its reason, and the others count`() throws {
        let first = try venue()
        var hump = CurveTests.smile
        hump[NodeVolatilities.centre] = 900_000
        let near = expiry(first, days: 10)
        let far = expiry(first, days: 20)
        let table: [([CurveObservation], Refusal)] = [
            ([curve(expiry(first, days: 15))], .unknownExpiry),
            ([curve(near, dollars: 80_000)], .forwardOutOfRange),
            ([curve(near, NodeVolatilities(flat: 0))], .volatilityOutOfRange),
            ([curve(near, hump)], .butterflyArbitrage),
            (
                [curve(near), curve(far, NodeVolatilities(flat: 300_000))], .calendarArbitrage
            ),
        ]
        for (place, row) in table.enumerated() {
            let venue = try venue()
            let events = try apply(venue, [bundle(venue, 0, row.0)])
            #expect(dropped(events) == [row.1], "row \(place)")
            #expect(venue.ledger.feeds[0].lastTime(of: PublisherIdentifier(0)) == venue.time)
        }
    }

    @Test func `a curve needs the publisher's own price of the underlying`() throws {
        let venue = try venue()
        let lone = bundle(
            venue, 0, [curve(expiry(venue, days: 10))], prices: [(1, 2_500 * TestGenesis.million)])
        #expect(dropped(try apply(venue, [lone])) == [.curveWithoutIndex])
    }

    @Test func `an outlier is named, and does not count for the quorum`() throws {
        let venue = try venue()
        let near = expiry(venue, days: 10)
        let bundles = (0..<3).map { publisher in
            let level: UInt32 = publisher == 2 ? 800_000 : 600_000
            return bundle(venue, publisher, [curve(near, NodeVolatilities(flat: level))])
        }
        #expect(dropped(try apply(venue, bundles)) == [.curveOutlier])
        let made = venue.ledger.state.curve(of: CurveTests.underlying, expiry: near)
        #expect(made.map { $0.volatilities == NodeVolatilities(flat: 600_000) } ?? true)
    }

    @Test func `a bundle with a curve of no underlying is refused as a whole`() throws {
        let venue = try venue()
        let events = try apply(
            venue, [bundle(venue, 0, [curve(expiry(venue, days: 10), underlying: 9)])])
        #expect(events.contains(.observationRefused(PublisherIdentifier(0), .unknownUnderlying)))
    }

    @Test func `a closed expiry leaves no leaf`() throws {
        let venue = try venue()
        let near = expiry(venue, days: 10)
        _ = try apply(venue, (0..<3).map { bundle(venue, $0, [curve(near)]) })
        let key = LeafKey.curve(CurveTests.underlying, expiry: near)
        #expect(venue.ledger.leaves().contains { $0.key == key })
        venue.ledger.state.surfaces[0].close(near)
        try venue.apply()
        #expect(!venue.ledger.leaves().contains { $0.key == key })
        _ = try Ledger(
            genesis: venue.ledger.genesis, leaves: venue.ledger.leaves(), root: venue.ledger.root)
    }

    @Test func `the key of a curve's leaf survives its encoding`() throws {
        let key = LeafKey.curve(UnderlyingIdentifier(3), expiry: Timestamp(nanoseconds: 77))
        #expect(try LeafKey(canonicalBytes: key.canonicalBytes) == key)
    }
}
