/// A venue that owns every validator can sign what it likes, and still cannot make a certificate of
/// a step that its own rules do not allow: the arithmetic is the checker's.

import Accounts
import Canonical
@testable import Certificates
import Cryptography
import FixedPoint
@testable import Ledger
import Markets
import Risk
import Testing

@Suite struct CertificateAttackTests {
    private let venue: CertificateVenue
    private let sound: AccountIdentifier
    private let other: AccountIdentifier

    /// A long of 200 lots, worth $10,000, on $5,000: far from any call.
    init() throws {
        venue = try CertificateVenue()
        other = try venue.openAccount(dollars: 1_000_000)
        sound = try venue.openAccount(dollars: 5_000)
        try venue.trade(sound, other, 200, ticks: 100_000)
        try venue.apply()
    }

    private func fault(
        _ events: Event..., claim: MarginClaim? = nil,
        change: (LeafKey, [UInt8]) -> [UInt8] = { $1 }
    ) throws -> CertificateFault? {
        venue.fault(
            of: try venue.forge(events, of: sound, claim: claim, change: change))
    }

    /// The truth about the account.
    private var margin: (equity: Amount, requirement: Amount) {
        let margin = venue.ledger.maintenanceMargin(of: sound)
        return (margin.equity, margin.requirement)
    }

    private let dollar = Amount(microunits: CertificateVenue.million)

    @Test func `a sound account cannot be called`() throws {
        let (equity, requirement) = margin
        #expect(
            try fault(.liquidationStarted(sound, equity: equity, requirement: requirement))
                == .step(place: 0, .notBelowMaintenance))
    }

    @Test func `a call with made-up equity or requirement is refused by name`() throws {
        let (equity, requirement) = margin
        #expect(
            try fault(.liquidationStarted(sound, equity: .zero, requirement: requirement))
                == .step(place: 0, .equity))
        #expect(
            try fault(
                .liquidationStarted(sound, equity: equity, requirement: equity + dollar))
                == .step(place: 0, .requirement))
    }

    @Test func `a made-up worst scenario is refused by name`() throws {
        let (equity, requirement) = margin
        let claim = try venue.forge(
            [.liquidationStarted(sound, equity: equity, requirement: requirement)], of: sound
        ).certificate.claim
        var made = claim
        made.losses[0].scenario = 3
        made.losses[0].loss = equity + dollar
        #expect(
            try fault(
                .liquidationStarted(sound, equity: equity, requirement: equity + dollar),
                claim: made) == .claim(.scenario(UnderlyingIdentifier(0))))
    }

    @Test func `nobody is closed who was not called`() throws {
        let order = OrderAcceptance(
            order: OrderIdentifier(9), account: sound, instrument: CertificateVenue.bitcoin,
            clientIdentifier: ClientOrderIdentifier(0), limit: Price(ticks: 99_000),
            quantity: Quantity(lots: 10),
            flags: OrderFlags(
                .sell, reduceOnly: true, isLiquidation: true, timeInForce: .immediateOrCancel),
            trigger: nil)
        #expect(try fault(.orderAccepted(order)) == .step(place: 0, .notInLiquidation))
        let closing = Deleverage(
            account: sound, counterparty: other, instrument: CertificateVenue.bitcoin,
            quantity: Quantity(lots: 10), notional: dollar, kind: .proportion, rank: 0,
            profit: .zero, equity: .zero, grossNotional: .zero, held: Quantity(lots: 10),
            demand: Quantity(lots: 10))
        #expect(try fault(.deleveraged(closing)) == .step(place: 0, .notInLiquidation))
        #expect(
            try fault(
                .liquidationEnded(sound, equity: margin.equity, requirement: margin.requirement))
                == .step(place: 0, .notInLiquidation))
    }

    @Test func `no fee, loss, debt or payment is made up`() throws {
        #expect(try fault(.liquidationFee(sound, dollar)) == .step(place: 0, .fee))
        #expect(
            try fault(.lossShared(other, payer: sound, dollar + dollar + margin.equity))
                == .step(place: 0, .tooMuch))
        #expect(try fault(.badDebt(sound, dollar)) == .step(place: 0, .notClosed))
        #expect(try fault(.insurancePaid(sound, dollar)) == .step(place: 0, .notInLiquidation))
        #expect(
            try fault(.lossShared(sound, payer: other, dollar))
                == .step(place: 0, .notInLiquidation))
    }

    @Test func `a debt cannot be made with interest on nothing`() throws {
        let (equity, requirement) = margin
        #expect(
            try fault(
                .interestCharged(sound, equity),
                .liquidationStarted(sound, equity: .zero, requirement: requirement))
                == .step(place: 0, .interest))
    }

    @Test func `events that do not concern the account, or do nothing to it, are no certificate`()
        throws
    {
        let (equity, requirement) = margin
        #expect(
            try fault(
                .liquidationStarted(other, equity: equity, requirement: requirement))
                == .eventForeign(place: 0))
        #expect(try fault(.interestCharged(sound, dollar)) == .nothingDone)
    }

    @Test func `a price that was in force in no block of this time is refused`() throws {
        let (equity, requirement) = margin
        let forged = try fault(
            .liquidationStarted(sound, equity: equity, requirement: requirement),
            change: { key, value in
                guard case .price = key, var stated = try? PriceStatement(canonicalBytes: value)
                else { return value }
                stated.time = .epoch
                return stated.canonicalBytes
            })
        #expect(forged == .stalePrice(UnderlyingIdentifier(0)))
    }

    /// What the checks above do not promise: whoever makes the prices makes the call. That is what
    /// the signed observations are for.
    @Test func `a price that the venue made up itself convinces without the observations`() throws {
        venue.prices[0] = 26_000
        let certificate = try #require(try venue.certificate(of: sound))
        #expect(venue.fault(of: certificate) == nil)
    }
}
