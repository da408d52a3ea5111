/// Margin of positions that are only thought of: what comes true asks what was said, nothing is
/// left of the thought, and what could never be held has no answer.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Risk
import Testing

@Suite struct HypotheticalTests {
    private func lots(_ instrument: InstrumentIdentifier, _ count: Int64) -> HypotheticalLots {
        HypotheticalLots(instrument, Quantity(lots: count))
    }

    @Test func `what was thought of is asked once it is held, and nothing is left of it`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 1_000_000)
        try venue.apply()
        try venue.apply(.by(accounts[0], .buy(5, at: 49_500)))
        let before = (venue.ledger.root, venue.ledger.initialMargin(of: accounts[0]))
        let thought = try #require(
            venue.ledger.hypotheticalMargins(
                of: accounts[0],
                adding: [lots(TestGenesis.bitcoin, 7), lots(TestGenesis.ether, -9)]))
        #expect(venue.ledger.root == before.0)
        #expect(venue.ledger.initialMargin(of: accounts[0]) == before.1)
        #expect(venue.ledger.auditFailure() == nil)
        try venue.trade(accounts[0], accounts[1], 7, at: 50_000)
        // A tick of ETH is a tenth of one of BTC.
        try venue.trade(accounts[1], accounts[0], 9, at: 25_000, in: TestGenesis.ether)
        #expect(
            venue.ledger.maintenanceMargin(of: accounts[0]).requirement
                == thought.maintenance.requirement)
        #expect(
            venue.ledger.initialMargin(of: accounts[0]).requirement
                == thought.initial.requirement)
    }

    @Test func `what could not be held has no answer, on both sides of every limit`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000_000)[0]
        try venue.apply()
        let limit: Int64 = 400_000
        let table: [(HypotheticalLots, Bool)] = [
            (lots(TestGenesis.bitcoin, limit), true),
            (lots(TestGenesis.bitcoin, limit + 1), false),
            (lots(TestGenesis.bitcoin, -limit), true),
            (lots(TestGenesis.bitcoin, -limit - 1), false),
            (lots(TestGenesis.bitcoin, .min), false), (lots(TestGenesis.bitcoin, .max), false),
            (lots(TestGenesis.sideBitcoin, 1), false), (lots(InstrumentIdentifier(99), 1), false),
        ]
        for (change, isPossible) in table {
            let answer = venue.ledger.hypotheticalMargins(of: account, adding: [change])
            #expect((answer != nil) == isPossible, "\(change)")
        }
        #expect(
            venue.ledger.hypotheticalMargins(of: AccountIdentifier(9), adding: []) == nil)
        #expect(venue.ledger.auditFailure() == nil)
    }
}
