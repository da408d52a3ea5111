/// Attack 5 of `facts/risk.md`: whoever moves the forward reprices every option on it. Forwards are
/// voted for each expiry and bounded by a carry a year, so the perpetual's premium moves none of
/// them, and a quorum of publishers that lies moves them by the bound.

import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Oracle
import Testing

@Suite struct ForwardAttackTests {
    private static let million = TestGenesis.million

    private func venue(_ surface: SurfaceParameters = .standard) throws -> Venue {
        var options = TestGenesis.Options()
        options.isDated = true
        options.surface = surface
        return try Venue(options)
    }

    private func mark(_ venue: Venue, _ instrument: InstrumentIdentifier) -> Int64 {
        venue.ledger.prices[Int(instrument.number)].mark.units
    }

    @Test func `a pushed premium of the perpetual reprices no option`() throws {
        let venue = try venue()
        let accounts = try venue.openAccounts(2, dollars: 10_000_000)
        try venue.apply()
        let (call, put) = (mark(venue, TestGenesis.call), mark(venue, TestGenesis.put))
        let future = mark(venue, TestGenesis.future)
        // A wall of bids 2 % above the index, for minutes.
        try venue.apply(.by(accounts[0], .buy(50_000, at: 50_900)))
        try venue.apply(.by(accounts[1], .sell(1_000, at: 51_000)))
        try venue.wait(blocks: 120)
        // Half a percent: the perpetual's own clamp.
        #expect(mark(venue, TestGenesis.bitcoin) > 50_240 * Self.million)
        #expect(abs(mark(venue, TestGenesis.call) - call) < Self.million)
        #expect(abs(mark(venue, TestGenesis.put) - put) < Self.million)
        #expect(mark(venue, TestGenesis.future) == future)
    }

    /// All publishers lie: a forward 8 % above the index for a contract of less than a day.
    @Test(arguments: [true, false])
    func `a voted forward reprices options by no more than the carry allows`(
        isDefended: Bool
    ) throws {
        var surface = SurfaceParameters.standard
        if !isDefended {
            // As wide as a genesis may have them.
            surface.lowestCarry = -.one
            surface.highestCarry = .one
            surface.basisSlack = Ratio(basisPoints: 1_000)
        }
        let venue = try venue(surface)
        let accounts = try venue.openAccounts(2, dollars: 1_000_000)
        let (attacker, seller) = (accounts[0], accounts[1])
        try venue.apply()
        let fair = mark(venue, TestGenesis.call) / Self.million
        try venue.trade(attacker, seller, 2_000, at: max(1, fair), in: TestGenesis.call)
        let before = venue.equity(attacker)
        for _ in 0..<3 {
            let time = venue.time.advanced(by: .seconds(1))
            try venue.apply(
                observations: venue.bundles(at: time).map { lying(venue, $0, dollars: 54_000) })
        }
        // 2 BTC of calls: $8,000 of paper profit if the forward is believed; 1 % and a day's share
        // of 30 % a year if it is not.
        let gain = (venue.equity(attacker) - before) / Self.million
        #expect(isDefended ? gain < 1_150 : gain > 7_000, "\(gain)")
    }

    /// The bundle with every forward at a price, signed again.
    private func lying(
        _ venue: Venue, _ bundle: ObservationBundle, dollars: Int64
    ) -> ObservationBundle {
        venue.signed(
            ObservationBundle(
                publisher: bundle.publisher, time: bundle.time,
                observations: bundle.observations,
                curves: bundle.curves.map {
                    CurveObservation(
                        underlying: $0.underlying, expiry: $0.expiry,
                        forward: IndexPrice(micros: dollars * Self.million),
                        volatilities: $0.volatilities)
                }, signature: bundle.signature))
    }
}
