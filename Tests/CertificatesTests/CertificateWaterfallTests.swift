/// The steps of the waterfall in certificates, one after another: what the engine did convinces,
/// and what it did not is refused by name, though the venue had signed it.

import Accounts
import Canonical
@testable import Certificates
import FixedPoint
@testable import Ledger
import Liquidation
import Markets
import Risk
import Testing

@Suite struct CertificateWaterfallTests {
    private static let dollar = Amount(microunits: CertificateVenue.million)
    private static let bitcoin = UnderlyingIdentifier(0)

    /// A long of 1,000 lots ($50,000) on $5,000, whose other side is rich.
    private func weakLong(
        _ safeguards: Safeguards = .open
    ) throws -> (CertificateVenue, weak: AccountIdentifier, rich: AccountIdentifier) {
        let venue = try CertificateVenue(safeguards: safeguards)
        let rich = try venue.openAccount(dollars: 1_000_000)
        let weak = try venue.openAccount(dollars: 5_000)
        try venue.trade(weak, rich, 1_000, ticks: 100_000)
        return (venue, weak, rich)
    }

    /// The certificate of an account in the last block, after all of the block's convinced.
    private func paper(
        _ venue: CertificateVenue, of account: AccountIdentifier
    ) throws -> [Event] {
        let certificates = try venue.certificates()
        for certificate in certificates { try venue.verify(certificate) }
        let certificate = try #require(certificates.first { $0.account == account })
        return try certificate.events.entries.map { try Event(canonicalBytes: $0.bytes) }
    }

    /// Why what an account was told does not convince once something of it is another.
    ///
    /// - Parameter change: the event in place of another; nil leaves it out.
    private func fault(
        _ venue: CertificateVenue, _ account: AccountIdentifier, _ events: [Event],
        _ change: (Event) -> Event?
    ) throws -> StepFault? {
        let forged = try venue.forge(events.compactMap(change), of: account)
        guard case .step(_, let fault) = venue.fault(of: forged) else { return nil }
        return fault
    }

    // Step 2.

    @Test func `closing goes no farther than it must, and inside its band`() throws {
        let (venue, weak, _) = try weakLong()
        let buyer = try venue.openAccount(dollars: 1_000_000)
        venue.prices[0] = 48_100
        try venue.apply([venue.order(buyer, .buy, 2_000, ticks: 96_000)])
        var events: [Event] = []
        for _ in 0..<12 where events.isEmpty {
            try venue.apply(milliseconds: 5_000)
            for certificate in try venue.certificates() where certificate.account == weak {
                events = try paper(venue, of: weak)
            }
            let isClosed = events.contains { if case .orderAccepted = $0 { true } else { false } }
            if !isClosed { events = [] }
        }
        #expect(!events.isEmpty)
        func order(_ lots: Int64, _ ticks: Int64, closes: Bool = true) throws -> StepFault? {
            try fault(venue, weak, events) { event in
                guard case .orderAccepted(let order) = event else { return event }
                return .orderAccepted(
                    OrderAcceptance(
                        order: order.order, account: weak, instrument: order.instrument,
                        clientIdentifier: order.clientIdentifier,
                        limit: Price(ticks: order.limit.ticks + ticks),
                        quantity: Quantity(lots: order.quantity.lots + lots),
                        flags: OrderFlags(
                            .sell, reduceOnly: closes, isLiquidation: true,
                            timeInForce: .immediateOrCancel),
                        trigger: nil))
            }
        }
        #expect(try order(0, 0) == nil)
        #expect(try order(1_000, 0) == .tooManyLots)
        #expect(try order(0, -5) == .outsideBand)
        // Only who has options is hedged, and only with what shrinks his delta.
        #expect(try order(0, 0, closes: false) == .addsRisk)
    }

    // Step 3.

    private var backed: Safeguards {
        var parameters = BackstopParameters.standard
        parameters.limitDelay = .zero
        var safeguards = Safeguards.open
        safeguards.backstops = [parameters]
        return safeguards
    }

    private func limits(loss dollars: Int64) -> Command {
        .setBackstop(
            BackstopLimits(
                markets: [
                    BackstopMarket(
                        underlying: Self.bitcoin,
                        notional: Amount(microunits: 10_000_000 * CertificateVenue.million),
                        loss: Amount(microunits: dollars * CertificateVenue.million))
                ], sliceShare: .one, leastDiscount: Ratio(basisPoints: 1_000), marginLeft: .zero))
    }

    @Test func `a slice is the same share of everything, for no more than the auction's discount`()
        throws
    {
        let (venue, weak, _) = try weakLong(backed)
        let provider = try venue.openAccount(dollars: 100_000)
        try venue.apply([(.account(provider), [limits(loss: 100_000)])])
        venue.prices[0] = 46_500
        try venue.apply()
        let events = try paper(venue, of: weak)
        func sale(_ change: (SliceSale) -> SliceSale) throws -> StepFault? {
            try fault(venue, weak, events) { event in
                guard case .sliceTaken(let sale) = event else { return event }
                return .sliceTaken(change(sale))
            }
        }
        func with(
            _ sale: SliceSale, share: Ratio? = nil, equity: Amount? = nil,
            discount: Ratio? = nil, payment: Amount? = nil
        ) -> SliceSale {
            SliceSale(
                account: sale.account, provider: sale.provider, share: share ?? sale.share,
                equity: equity ?? sale.equity, discount: discount ?? sale.discount,
                payment: payment ?? sale.payment)
        }
        #expect(try sale { $0 } == nil)
        #expect(try sale { with($0, share: .one) } == .slice)
        #expect(try sale { with($0, equity: $0.equity + Self.dollar) } == .equity)
        #expect(try sale { with($0, discount: .one) } == .discount)
        #expect(try sale { with($0, payment: $0.payment + Self.dollar) } == .discount)
        let moved = try fault(venue, weak, events) { event in
            guard case .sliceMoved(let move) = event else { return event }
            return .sliceMoved(
                SliceMove(
                    account: weak, provider: provider, instrument: move.instrument,
                    quantity: move.quantity, notional: move.notional - Self.dollar))
        }
        #expect(moved == .notional)
    }

    @Test func `no slice is taken from who has equity enough`() throws {
        let (venue, weak, _) = try weakLong(backed)
        let provider = try venue.openAccount(dollars: 100_000)
        venue.prices[0] = 48_000
        try venue.apply()
        let events = try paper(venue, of: weak)
        let margin = venue.ledger.maintenanceMargin(of: weak)
        let begun = try venue.forge(
            events + [
                .backstopAuctionStarted(
                    weak, equity: margin.equity, requirement: margin.requirement)
            ], of: weak)
        #expect(venue.fault(of: begun) == .step(place: UInt32(events.count), .noAuction))
        let slice = SliceMove(
            account: weak, provider: provider, instrument: CertificateVenue.bitcoin,
            quantity: Quantity(lots: 100), notional: Self.dollar)
        let taken = try venue.forge(events + [.sliceMoved(slice)], of: weak)
        #expect(venue.fault(of: taken) == .step(place: UInt32(events.count), .noAuction))
    }

    @Test func `a provider that is closed shows what it has lost`() throws {
        let (venue, _, _) = try weakLong(backed)
        let provider = try venue.openAccount(dollars: 100_000)
        try venue.apply([(.account(provider), [limits(loss: 100)])])
        venue.prices[0] = 46_500
        try venue.apply()
        venue.prices[0] = 46_000
        try venue.apply()
        let events = try paper(venue, of: provider)
        #expect(events.count == 2)
        let forged = try fault(venue, provider, events) { event in
            guard case .backstopStopped(_, let underlying, let loss) = event else { return event }
            return .backstopStopped(provider, underlying, loss: loss + Self.dollar)
        }
        #expect(forged == .loss)
    }

    // Step 4.

    @Test func `what an owner's other account pays is his own profit and headroom`() throws {
        let (venue, weak, rich) = try weakLong()
        let sibling = try venue.openAccount(dollars: 20_000, sibling: weak)
        try venue.trade(rich, sibling, 1_000, ticks: 100_000)
        venue.prices[0] = 25_000
        try venue.apply()
        let lacking = try paper(venue, of: weak)
        let events = try paper(venue, of: sibling)
        func asked(_ change: (LossDemand) -> LossDemand) throws -> StepFault? {
            try fault(venue, sibling, events) { event in
                guard case .lossAsked(let demand) = event else { return event }
                return .lossAsked(change(demand))
            }
        }
        func with(
            _ demand: LossDemand, profit: Amount? = nil, headroom: Amount? = nil,
            amount: Amount? = nil
        ) -> LossDemand {
            let profit = profit ?? demand.profit
            let headroom = headroom ?? demand.headroom
            let limit = min(profit, headroom)
            return LossDemand(
                payer: demand.payer, stage: demand.stage, instrument: demand.instrument,
                loss: demand.loss, share: limit.units, shares: Int128(limit.units),
                profit: profit, headroom: headroom, limit: limit,
                amount: amount ?? demand.amount)
        }
        #expect(try asked { $0 } == nil)
        #expect(try asked { with($0, profit: $0.profit + Self.dollar) } == .profit)
        #expect(try asked { with($0, headroom: $0.headroom + Self.dollar) } == .demand)
        #expect(try asked { with($0, amount: $0.limit + Self.dollar) } == .demand)
        let unasked = try fault(venue, sibling, events) { event in
            if case .lossAsked = event { nil } else { event }
        }
        #expect(unasked == .tooMuch)
        let overstated = try fault(venue, weak, lacking) { event in
            guard case .shortfall(let shortfall) = event else { return event }
            return .shortfall(
                Shortfall(
                    account: weak, amount: shortfall.amount,
                    byOwner: shortfall.byOwner - Self.dollar, byFund: shortfall.byFund))
        }
        #expect(overstated == .shortfall)
    }

    @Test func `who is closed against is ranked by his own figures, all of them`() throws {
        let (venue, _, rich) = try weakLong()
        venue.prices[0] = 45_600
        try venue.apply()
        let events = try paper(venue, of: rich)
        func closed(_ change: (Deleverage) -> Deleverage) throws -> StepFault? {
            try fault(venue, rich, events) { event in
                guard case .deleveraged(let closing) = event else { return event }
                return .deleveraged(change(closing))
            }
        }
        func with(
            _ closing: Deleverage, profit: Amount = .zero, equity: Amount = .zero,
            gross: Amount = .zero, held: Int64 = 0
        ) -> Deleverage {
            Deleverage(
                account: closing.account, counterparty: rich, instrument: closing.instrument,
                quantity: closing.quantity, notional: closing.notional, kind: closing.kind,
                rank: closing.rank, profit: closing.profit + profit,
                equity: closing.equity + equity, grossNotional: closing.grossNotional + gross,
                held: closing.held + Quantity(lots: held), demand: closing.demand)
        }
        #expect(try closed { with($0) } == nil)
        #expect(try closed { with($0, profit: Self.dollar) } == .profit)
        #expect(try closed { with($0, equity: Self.dollar) } == .equity)
        #expect(try closed { with($0, gross: Self.dollar) } == .notional)
        #expect(try closed { with($0, held: 1) } == .position)
    }

    // Before the call.

    @Test func `cash of the owner that was not enough is told before the call`() throws {
        let (venue, weak, _) = try weakLong()
        let source = try venue.openAccount(dollars: 10_000, sibling: weak)
        let gives = RescueTerms(
            giving: GivingTerms(
                keeps: .zero, dailyMost: Amount(microunits: 50 * CertificateVenue.million)))
        let takes = RescueTerms(
            rebalancing: RebalancingTerms(
                trigger: Ratio(basisPoints: 12_000), target: Ratio(basisPoints: 15_000),
                sources: [source], dailyMost: Amount(microunits: 1_000 * CertificateVenue.million)))
        try venue.apply([
            (.account(weak), [.setRescue(takes)]), (.account(source), [.setRescue(gives)]),
        ])
        venue.prices[0] = 47_800
        try venue.apply()
        let events = try paper(venue, of: weak)
        let more = try fault(venue, weak, events) { event in
            guard case .collateralMoved(let move) = event else { return event }
            return .collateralMoved(
                CollateralMove(
                    source: source, target: weak, amount: move.missing + Self.dollar,
                    equity: move.equity, requirement: move.requirement, missing: move.missing))
        }
        #expect(more == .tooMuch)
        let none = try fault(venue, weak, events) { event in
            if case .collateralMoved = event { nil } else { event }
        }
        #expect(none == .equity)
    }

    @Test func `a hedge that was not enough is told before the call`() throws {
        let (venue, weak, _) = try weakLong()
        let buyer = try venue.openAccount(dollars: 1_000_000)
        let terms = RescueTerms(
            hedge: HedgeTerms(
                level: Ratio(basisPoints: 12_000), share: Ratio(basisPoints: 500),
                band: Ratio(basisPoints: 100),
                dailyMost: Amount(microunits: 1_000_000 * CertificateVenue.million)))
        try venue.apply([
            (.account(weak), [.setRescue(terms)]), venue.order(buyer, .buy, 2_000, ticks: 95_500),
        ])
        venue.prices[0] = 47_800
        try venue.apply()
        let events = try paper(venue, of: weak)
        let other = try fault(venue, weak, events) { event in
            guard case .hedgeSent(let hedge) = event else { return event }
            return .hedgeSent(
                HedgeOrder(
                    account: weak, instrument: hedge.instrument, side: .buy, limit: hedge.limit,
                    quantity: hedge.quantity, delta: hedge.delta, equity: hedge.equity,
                    requirement: hedge.requirement, equityAfter: hedge.equityAfter,
                    requirementAfter: hedge.requirementAfter))
        }
        #expect(other == .uselessHedge)
        let none = try fault(venue, weak, events) { event in
            if case .hedgeSent = event { nil } else { event }
        }
        #expect(none == .unknownOrder)
    }
}
