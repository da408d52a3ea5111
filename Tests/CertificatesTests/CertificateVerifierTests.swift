/// Genuine certificates convince: of every kind of event that the waterfall has today, of
/// perpetuals on one and two underlyings and of options; and they stay as small as they should.

import Accounts
import Canonical
import Certificates
import Cryptography
import FixedPoint
import Ledger
import Markets
import Oracle
import Testing

@Suite struct CertificateVerifierTests {
    /// A long of 1,000 lots on $5,000, worth $50,000, and its rich counterparty.
    private func weakLong(
        _ accountShare: Ratio = Ratio(basisPoints: 500)
    ) throws -> (CertificateVenue, weak: AccountIdentifier, rich: AccountIdentifier) {
        let venue = try CertificateVenue(accountShare: accountShare)
        let rich = try venue.openAccount(dollars: 1_000_000)
        let weak = try venue.openAccount(dollars: 5_000)
        try venue.trade(weak, rich, 1_000, ticks: 100_000)
        return (venue, weak, rich)
    }

    /// That every certificate of the last block convinces.
    private func expectAll(_ venue: CertificateVenue, count: Int? = nil) throws {
        let all = try venue.certificates()
        if let count { #expect(all.count == count) }
        for certificate in all {
            #expect(throws: Never.self) { try venue.verify(certificate) }
            let again = try MarginCallCertificate(canonicalBytes: certificate.canonicalBytes)
            #expect(again == certificate)
        }
    }

    private func told(_ certificate: MarginCallCertificate) throws -> [Event] {
        try certificate.events.entries.map { try Event(canonicalBytes: $0.bytes) }
    }

    @Test func `a quiet block gives nobody a certificate`() throws {
        let (venue, _, _) = try weakLong()
        try venue.apply()
        #expect(try venue.certificates().isEmpty)
    }

    @Test func `a margin call shows equity, the worst scenario and its loss`() throws {
        let (venue, weak, _) = try weakLong()
        venue.prices[0] = 48_000
        let certificate = try #require(try venue.certificate(of: weak))
        let events = try venue.verify(certificate)
        guard case .liquidationStarted(weak, let equity, let requirement) = events.first else {
            Issue.record("the first event is the call")
            return
        }
        #expect(certificate.claim.equity == equity)
        #expect(certificate.claim.requirement == requirement)
        #expect(certificate.claim.health.isNegative)
        #expect(certificate.claim.losses.count == 1)
        #expect(certificate.claim.losses[0].scenario != nil)
        #expect(certificate.claim.losses[0].loss.isPositive)
    }

    @Test func `fills on the book, their fee and the end are told to the account`() throws {
        let (venue, weak, _) = try weakLong()
        let buyer = try venue.openAccount(dollars: 1_000_000)
        venue.prices[0] = 48_100
        try venue.apply([venue.order(buyer, .buy, 2_000, ticks: 96_000)])
        var kinds: [Bool] = [false, false, false]
        for _ in 0..<12 {
            try venue.apply(milliseconds: 5_000)
            try expectAll(venue)
            for certificate in try venue.certificates() where certificate.account == weak {
                for event in try told(certificate) {
                    switch event {
                    case .traded: kinds[0] = true
                    case .liquidationFee: kinds[1] = true
                    case .liquidationEnded: kinds[2] = true
                    default: break
                    }
                }
            }
        }
        #expect(kinds == [true, true, true])
        #expect(venue.ledger.accounts.liquidationStart(of: weak) == nil)
    }

    @Test func `deleveraging is told to both sides`() throws {
        let (venue, weak, rich) = try weakLong()
        venue.prices[0] = 45_600
        try venue.apply()
        try expectAll(venue, count: 2)
        let certificate = try #require(try venue.certificates().first { $0.account == rich })
        let events = try told(certificate)
        #expect(
            events.contains {
                if case .deleveraged(let event) = $0 {
                    event.account == weak && event.counterparty == rich
                } else {
                    false
                }
            })
    }

    @Test func `a payment of the fund shows the fund, and a shared loss both who pay`() throws {
        let (venue, weak, rich) = try weakLong()
        let fund = Amount(microunits: 10_000 * CertificateVenue.million)
        try venue.apply([(.custodian, [.depositInsurance(fund, to: CertificateVenue.main)])])
        venue.prices[0] = 25_000
        let certificate = try #require(try venue.certificate(of: weak))
        try expectAll(venue, count: 2)
        let events = try told(certificate)
        #expect(events.contains { if case .insurancePaid(weak, _) = $0 { true } else { false } })
        #expect(
            events.contains {
                if case .lossShared(weak, payer: rich, _) = $0 { true } else { false }
            })
    }

    @Test func `what nobody can be asked for is told as a debt`() throws {
        // Both sides of the trade gain nothing: the other side lost as much elsewhere.
        let (venue, weak, rich) = try weakLong(.zero)
        let third = try venue.openAccount(dollars: 1_000_000)
        try venue.trade(third, rich, 1_000, ticks: 100_000)
        venue.prices[0] = 25_000
        try venue.apply()
        try expectAll(venue)
        #expect(venue.ledger.accounts[weak].positions.isEmpty)
    }

    @Test func `an account on two underlyings shows both worst scenarios`() throws {
        let venue = try CertificateVenue()
        let rich = try venue.openAccount(dollars: 1_000_000)
        let weak = try venue.openAccount(dollars: 7_000)
        try venue.trade(weak, rich, 800, ticks: 100_000)
        try venue.trade(rich, weak, 800, ticks: 50_000, in: CertificateVenue.ether)
        venue.prices = [46_500, 2_700]
        let certificate = try #require(try venue.certificate(of: weak))
        try venue.verify(certificate)
        #expect(certificate.claim.losses.count == 2)
    }

    @Test func `an account short of options shows the curve that values them`() throws {
        let venue = try CertificateVenue()
        let rich = try venue.openAccount(dollars: 1_000_000)
        let weak = try venue.openAccount(dollars: 9_000)
        let mark = venue.ledger.prices[Int(CertificateVenue.call.number)].mark
        let ticks = mark.units / 500_000
        try venue.trade(rich, weak, 1_000, ticks: ticks, in: CertificateVenue.call)
        for dollars in [53_000, 56_000, 60_000] as [Int64] {
            venue.prices[0] = dollars
            try venue.apply()
            try expectAll(venue)
            if try !venue.certificates().isEmpty { break }
        }
        let certificate = try #require(try venue.certificates().first { $0.account == weak })
        let keys = try certificate.state.entries.map { try LeafKey(canonicalBytes: $0.key) }
        #expect(keys.contains(.instrument(CertificateVenue.call)))
        #expect(
            keys.contains(.curve(UnderlyingIdentifier(0), expiry: CertificateVenue.expiry)))
    }

    @Test func `among a hundred thousand leaves a certificate has at most 4 KiB`() throws {
        let venue = try CertificateVenue()
        let rich = try venue.openAccount(dollars: 1_000_000)
        let weak = try venue.openAccount(dollars: 7_000)
        try venue.openMany(50_000)
        #expect(venue.ledger.tree.count > 100_000)
        try venue.trade(weak, rich, 800, ticks: 100_000)
        try venue.trade(rich, weak, 800, ticks: 50_000, in: CertificateVenue.ether)
        venue.prices = [46_500, 2_700]
        let certificate = try #require(try venue.certificate(of: weak))
        try venue.verify(certificate)
        #expect(certificate.canonicalBytes.count <= 4_096)
        print("\(certificate.canonicalBytes.count) bytes")
        let clock = ContinuousClock()
        let verifier = venue.verifier
        let elapsed = try clock.measure {
            for _ in 0..<100 {
                try verifier.verify(
                    certificate, before: venue.headerBefore, header: venue.header)
            }
        }
        print("\(elapsed / 100) a verification")
    }
}
