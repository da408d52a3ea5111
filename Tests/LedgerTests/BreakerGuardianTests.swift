/// Who may hold a market back, and that nobody lets go before its time: not the guardian, not the
/// operator.

import Breakers
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct BreakerGuardianTests {
    @Test func `the guardian raises within bounds and never lowers`() throws {
        let venue = try Venue(.watched())
        try venue.apply()
        let unknown = InstrumentIdentifier(99)
        let rows: [(command: Command, refusal: Refusal?)] = [
            (.raise(.normal), .levelOutOfRange), (.raise(.halted, seconds: 59), .levelOutOfRange),
            (.raise(.halted, seconds: 72 * 3_600 + 1), .levelOutOfRange),
            (.raise(.halted, .instrument(unknown)), .unknownInstrument),
            (.raise(.halted, .underlying(.init(2))), .unknownUnderlying),
            (.raise(.halted, .compartment(.init(2))), .unknownCompartment),
            (.raise(.auctionOnly, seconds: 60), nil),
            (.raise(.reduceOnly, seconds: 72 * 3_600), nil),
            (.raise(.auctionOnly, seconds: 60), .levelNotRaised),
            (.raise(.halted, .compartment(TestGenesis.side)), nil),
            (.raise(.auctionOnly, .underlying(.init(1))), nil),
            (.halt(TestGenesis.bitcoin), .notAuthorised),
            (.setMaker(true, of: .init(0)), .notAuthorised),
        ]
        for row in rows {
            let outcome = try venue.apply(.guardian(row.command))
            #expect(outcome.refusals == [row.refusal], "\(row.command)")
        }
        #expect(venue.level == .reduceOnly)
        #expect(venue.ledger.level(of: TestGenesis.sideBitcoin) == .halted)
        #expect(venue.ledger.level(of: TestGenesis.ether) == .auctionOnly)
    }

    @Test func `nobody else raises, and without a guardian nobody does`() throws {
        let venue = try Venue(.watched())
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        for send in [
            Send.operator(.raise(.halted)), .custodian(.raise(.halted)),
            .by(account, .raise(.halted)),
        ] {
            #expect(try venue.apply(send).refusals == [.notAuthorised])
        }
        let bare = try Venue()
        #expect(try bare.apply(.guardian(.raise(.halted))).refusals == [.unknownSigner])
    }

    @Test func `what a guardian raised ends by itself`() throws {
        let venue = try Venue(.watched())
        try venue.apply()
        try venue.apply(.guardian(.raise(.halted, seconds: 60)))
        #expect(venue.ledger.phases[0] == .halted)
        try venue.wait(blocks: 59)
        #expect(venue.level == .halted)
        let outcome = try venue.apply()
        #expect(venue.level == .normal)
        #expect(outcome.certificates.map(\.change) == [.expired])
        try venue.wait(blocks: 61)
        #expect(venue.ledger.phases[0] == .continuous)
    }

    @Test func `the operator cannot loosen what is held, and his own halt stays`() throws {
        let venue = try Venue(.watched())
        try venue.apply()
        try venue.apply(.guardian(.raise(.halted, seconds: 60)))
        #expect(try venue.apply(.operator(.auction(seconds: 5))).refusals == [.heldByBreaker])
        #expect(try venue.apply(.operator(.halt(TestGenesis.bitcoin))).refusals == [nil])
        try venue.wait(blocks: 130)
        #expect(venue.level == .normal && venue.ledger.phases[0] == .halted)
        #expect(try venue.apply(.operator(.auction(seconds: 5))).refusals == [nil])
        try venue.apply(.guardian(.raise(.auctionOnly, seconds: 60)))
        try venue.apply(.operator(.halt(TestGenesis.bitcoin)))
        try venue.wait(blocks: 61)
        #expect(venue.ledger.phases[0] == .halted)
    }

    @Test func `the guardian's nonces are his own and used once`() throws {
        let venue = try Venue(.watched())
        try venue.apply()
        let send = Send(signer: .guardian, commands: [.raise(.auctionOnly)], nonce: 5)
        #expect(try venue.apply(send).refusals == [nil])
        #expect(try venue.apply(send).refusals == [.nonceUsed])
        #expect(try venue.restored().nonces(of: .guardian)?.highest == 5)
    }

    @Test func `a level above does not let one below be traded, and expiries pass`() throws {
        var options = TestGenesis.Options.watched()
        options.makeDated()
        let venue = try Venue(options)
        try venue.apply()
        try venue.apply(
            .guardian(.raise(.halted, .compartment(TestGenesis.main), seconds: 72 * 3_600)))
        let left = TestGenesis.expiry.elapsed(since: venue.time).nanoseconds / 1_000_000
        for _ in 0..<20 { try venue.apply(milliseconds: left / 20) }
        try venue.wait(blocks: 10)
        #expect(venue.ledger.phases[Int(TestGenesis.future.number)].isOver)
        #expect(
            try venue.apply(.guardian(.raise(.halted, .instrument(TestGenesis.future)))).refusals
                != [nil])
    }
}
