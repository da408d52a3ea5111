/// Margin that sets itself on a running venue: initial margin rises in the block of a crash,
/// maintenance of what is held by a tenth an hour; prices that could not liquidate teach nothing; a
/// restored machine goes on the same.

import Accounts
import Canonical
import Estimation
import FixedPoint
import Ledger
import Markets
import Risk
import Testing

struct SelfSettingMarginTests {
    private let bitcoin = UnderlyingIdentifier(0)
    private let ether = UnderlyingIdentifier(1)
    private let hour: UInt64 = 3_600_000

    private func options(_ off: [Defence] = []) -> TestGenesis.Options {
        var options = TestGenesis.Options()
        options.marginModel = .bitcoin
        options.off = off
        return options
    }

    /// Hours of a few dollars up and down.
    private func calm(_ venue: Venue, hours: Int) throws {
        for count in 0..<hours {
            venue.setPrice(count % 2 == 0 ? 50_005 : 50_000)
            try venue.apply(milliseconds: hour)
        }
        venue.setPrice(50_000)
    }

    private func moves(_ venue: Venue) throws -> MarginMoves {
        try #require(venue.ledger.marginMoves(of: bitcoin))
    }

    @Test func `M is that of the model, and of genesis where there is none`() throws {
        let venue = try Venue(options())
        #expect(try moves(venue) == MarginModel(.bitcoin).moves)
        #expect(venue.ledger.marginReport(of: bitcoin) != nil)
        #expect(venue.ledger.marginMoves(of: ether) == MarginMoves(Ratio(basisPoints: 800)))
        #expect(venue.ledger.marginReport(of: ether) == nil)
        #expect(venue.ledger.marginMoves(of: UnderlyingIdentifier(9)) == nil)
        let off = try Venue(options([.selfSettingMargin]))
        #expect(try moves(off) == MarginMoves(Ratio(basisPoints: 600)))
        #expect(off.ledger.marginReport(of: bitcoin) == nil)
    }

    @Test func `a crash raises initial margin in its block, and maintenance by the hour`() throws {
        let venue = try Venue(options())
        let accounts = try venue.openAccounts(2, dollars: 100_000)
        try venue.trade(accounts[0], accounts[1], 1_000, at: 50_000)
        try calm(venue, hours: 4)
        let before = try moves(venue)
        venue.setPrice(44_000)
        let outcome = try venue.apply(milliseconds: 600_000)
        let after = try moves(venue)
        #expect(after.initial.units > before.initial.units * 3 / 2)
        #expect(after.maintenance == before.maintenance)
        let report = try #require(venue.ledger.marginReport(of: bitcoin))
        #expect(outcome.events.contains(.marginMoved(bitcoin, report)))
        // 1 BTC at $44,000, 1.5 times M and the half per cent of the gross floor.
        let initial = venue.ledger.initialMargin(of: accounts[1])
        let share = after.initial.units * 3 / 2 + 5_000_000
        #expect(initial.requirement.units == 44 * share)
        var last = after.maintenance
        for _ in 0..<6 {
            venue.setPrice(venue.prices[0] == 44_000_000_000 ? 44_010 : 44_000)
            try venue.apply(milliseconds: hour)
            let now = try moves(venue)
            #expect(now.maintenance > last && now.maintenance.units <= last.units * 11 / 10)
            last = now.maintenance
        }
    }

    @Test func `a price without a quorum teaches nothing`() throws {
        let venue = try Venue(options())
        try calm(venue, hours: 3)
        let before = venue.ledger.leaves().filter { $0.key == .margin(bitcoin) }
        let time = venue.time.advanced(by: .seconds(60))
        let lone = venue.bundle(by: 0, at: time, prices: [(0, 30_000 * TestGenesis.million)])
        try venue.apply(milliseconds: 60_000, observations: [lone])
        #expect(venue.ledger.leaves().filter { $0.key == .margin(bitcoin) } == before)
        venue.setPrice(30_000)
        try venue.apply(milliseconds: 60_000)
        #expect(venue.ledger.leaves().filter { $0.key == .margin(bitcoin) } != before)
    }

    @Test func `a restored machine sets the same margin and goes on`() throws {
        let venue = try Venue(options())
        let accounts = try venue.openAccounts(2, dollars: 100_000)
        try venue.trade(accounts[0], accounts[1], 1_000, at: 50_000)
        try calm(venue, hours: 7)
        venue.setPrice(46_000)
        try venue.apply(milliseconds: 600_000)
        let twin = try venue.restored()
        #expect(twin.auditFailure() == nil)
        #expect(try twin.marginMoves(of: bitcoin) == moves(venue))
        #expect(twin.marginReport(of: bitcoin) == venue.ledger.marginReport(of: bitcoin))
        #expect(
            twin.maintenanceMargin(of: accounts[0])
                == venue.ledger.maintenanceMargin(of: accounts[0]))
        for dollars in [45_000, 45_500, 45_400] as [Int64] {
            venue.setPrice(dollars)
            let block = venue.block([], milliseconds: hour)
            let outcome = try venue.apply(block)
            #expect(try twin.apply(block, verifier: TestSignatures()).root == outcome.root)
        }
    }

    @Test func `the leaves of a model are there with one and refused without`() throws {
        let venue = try Venue(options())
        try calm(venue, hours: 2)
        let plain = try Venue()
        for key in [LeafKey.margin(bitcoin), .returns(bitcoin)] {
            #expect(try LeafKey(canonicalBytes: key.canonicalBytes) == key)
            let leaf = try #require(venue.ledger.leaves().first { $0.key == key })
            #expect(plain.ledger.value(of: key) == nil)
            #expect(throws: RestoreFault.self) {
                try Ledger(
                    genesis: plain.ledger.genesis, leaves: plain.ledger.leaves() + [leaf],
                    root: plain.ledger.root)
            }
            let missing = venue.ledger.leaves().filter { $0.key != key }
            #expect(throws: RestoreFault.self) {
                try Ledger(
                    genesis: venue.ledger.genesis, leaves: missing, root: venue.ledger.root)
            }
        }
        let size = venue.ledger.value(of: .margin(bitcoin))?.count ?? .max
        #expect(size < 300)
    }

    @Test func `genesis refuses a model that does not fit its rule`() throws {
        var wide = options()
        wide.marginModel?.cap = Ratio(basisPoints: 4_000)
        #expect(throws: GenesisFault.self) { try TestGenesis.genesis(wide) }
        #expect(try TestGenesis.genesis(options()).margins[0].model == .bitcoin)
    }

    @Test func `the event reads as it was written`() throws {
        let event = Event.marginMoved(bitcoin, MarginModel(.bitcoin).report)
        #expect(try Event(canonicalBytes: event.canonicalBytes) == event)
    }
}
