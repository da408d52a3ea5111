/// Orders that wait for a price: when they fire, in which order, and what may stop them. Nobody can
/// use one to get round a margin check, and no cancel comes too late for one.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct TriggerTests {
    private struct Row: Sendable {
        let kind: TriggerKind
        let side: Side
        let trigger: Int64
        /// The last price at which it waits and the first at which it fires, in micro-dollars.
        let waits: Int64
        let fires: Int64
    }

    private static let rows = [
        Row(
            kind: .stop, side: .sell, trigger: 49_500, waits: 49_500_000_001,
            fires: 49_500_000_000),
        Row(
            kind: .stop, side: .buy, trigger: 50_500, waits: 50_499_999_999,
            fires: 50_500_000_000),
        Row(
            kind: .take, side: .sell, trigger: 50_500, waits: 50_499_999_999,
            fires: 50_500_000_000),
        Row(
            kind: .take, side: .buy, trigger: 49_500, waits: 49_500_000_001,
            fires: 49_500_000_000),
    ]

    @Test(arguments: rows, TriggerReference.allCases)
    private func `a trigger fires at its price and not a micro-dollar before`(
        _ row: Row, on reference: TriggerReference
    ) throws {
        let (venue, accounts) = try Venue.rich(2)
        let order = try venue.place(
            accounts[0],
            .waiting(row.kind, row.side, 5, when: row.trigger, on: reference, at: row.trigger))
        #expect(venue.depth(row.side).isEmpty)
        venue.prices[0] = row.waits
        #expect(try venue.apply().triggered.isEmpty)
        venue.prices[0] = row.fires
        let outcome = try venue.apply()
        #expect(outcome.triggered == [order])
        #expect(venue.depth(row.side) == [[row.trigger * 2, 5]])
        #expect(venue.openOrders(accounts[0]).map(\.isResting) == [true])
        // Once only.
        #expect(try venue.apply().triggered.isEmpty)
    }

    @Test func `a jump through many triggers fires all of them, oldest first`() throws {
        let (venue, accounts) = try Venue.rich(3)
        let low = try venue.place(accounts[0], .waiting(.stop, .sell, 1, when: 49_100, at: 49_000))
        let high = try venue.place(accounts[1], .waiting(.stop, .sell, 1, when: 49_900, at: 49_000))
        let index = try venue.place(
            accounts[0], .waiting(.stop, .sell, 1, when: 49_500, on: .index, at: 49_000))
        venue.setPrice(49_050)
        let outcome = try venue.apply()
        #expect(outcome.triggered == [low, high, index])
        #expect(venue.depth(.sell) == [[98_000, 3]])
    }

    @Test func `a stop runs before the takers of the block that fires it`() throws {
        let (venue, accounts) = try Venue.rich(3)
        try venue.place(accounts[2], .buy(5, at: 49_000))
        try venue.place(accounts[0], .waiting(.stop, .sell, 5, when: 49_500))
        venue.setPrice(49_400)
        let outcome = try venue.apply(.by(accounts[1], .sell(5, at: 49_000, .immediateOrCancel)))
        #expect(outcome.trades.map(\.taker) == [accounts[0]])
        #expect(outcome.reasons == [.filled, .filled, .notFilled])
    }

    @Test func `a cancel in the block of the trigger is heard`() throws {
        let (venue, accounts) = try Venue.rich(1)
        let cancels: [(OrderIdentifier) -> Command] = [
            { .cancel($0) }, { _ in .cancelClient(ClientOrderIdentifier(7)) },
            { _ in .cancelAll(TestGenesis.bitcoin) }, { _ in .cancelLabel(.text("s")) },
        ]
        for cancel in cancels {
            venue.setPrice(50_000)
            try venue.apply()
            let order = try venue.place(
                accounts[0],
                .waiting(.stop, .sell, 5, when: 49_500, name: 7) { $0.label = .text("s") })
            venue.setPrice(49_000)
            let outcome = try venue.apply(.by(accounts[0], cancel(order)))
            #expect(outcome.triggered.isEmpty)
            #expect(outcome.reasons == [.cancelled])
        }
    }

    @Test func `an order waits without margin, and is judged when it fires`() throws {
        let venue = try Venue()
        let poor = try venue.openAccounts(1, dollars: 100)[0]
        let rich = try venue.openAccounts(1, dollars: 1_000_000)[0]
        try venue.place(rich, .buy(1_000, at: 49_000))
        let before = venue.health(poor)
        for command: Command in [
            .waiting(.stop, .sell, 1_000, when: 49_500),
            .waiting(.stop, .sell, 1, when: 49_500) { $0.reduceOnly = true },
            .waiting(.stop, .sell, 1_001, when: 49_500, at: 49_000) {
                $0.timeInForce = .fillOrKill
            },
            // Two percent under 49,400 is 48,412.
            .waiting(.stop, .sell, 1, when: 49_500, at: 48_411),
        ] {
            try venue.place(poor, command)
        }
        #expect(venue.health(poor) == before)
        venue.setPrice(49_400)
        let outcome = try venue.apply()
        #expect(
            outcome.triggerRefusals
                == [.insufficientMargin, .notReducing, .notFillable, .outsidePriceBand])
        #expect(outcome.reasons == [CloseReason](repeating: .refusedAtTrigger, count: 4))
        #expect(outcome.trades.isEmpty && venue.openOrders(poor).isEmpty)
        #expect(venue.health(poor) == before)
    }

    @Test func `what a fired market or immediate order does not fill leaves`() throws {
        let (venue, accounts) = try Venue.rich(2)
        // Two percent under 49,400 is 48,412: the second bid is out of reach.
        try venue.apply(.by(accounts[1], .buy(2, at: 49_000), .buy(2, at: 48_411)))
        try venue.place(accounts[0], .waiting(.stop, .sell, 3, when: 49_500))
        venue.setPrice(49_400)
        let outcome = try venue.apply()
        #expect(outcome.trades.map(\.quantity.lots) == [2])
        #expect(outcome.closes.last?.remaining == 1 && outcome.reasons.last == .notFilled)
        try venue.place(
            accounts[0],
            .waiting(.stop, .sell, 3, when: 49_300, at: 49_000) {
                $0.timeInForce = .immediateOrCancel
            })
        venue.setPrice(49_300)
        #expect(try venue.apply().reasons == [.notFilled])
    }

    @Test func `a liquidation takes waiting orders along`() throws {
        let venue = try Venue()
        let rich = try venue.openAccounts(1, dollars: 1_000_000)[0]
        let weak = try venue.openAccounts(1, dollars: 5_000)[0]
        try venue.trade(weak, rich, 1_000, at: 50_000)
        try venue.place(
            weak, .waiting(.stop, .sell, 1_000, when: 48_000) { $0.reduceOnly = true })
        venue.setPrice(47_900)
        let outcome = try venue.apply()
        #expect(venue.isLiquidating(weak))
        #expect(outcome.triggered.isEmpty)
        #expect(outcome.reasons.first == .liquidation)
        let again = try venue.answer(weak, .waiting(.stop, .sell, 1, when: 40_000))
        #expect(again == .inLiquidation)
    }

    @Test func `a margin call cancels the newest orders, but none that wait`() throws {
        let venue = try Venue()
        let rich = try venue.openAccounts(1, dollars: 1_000_000)[0]
        let weak = try venue.openAccounts(1, dollars: 5_000)[0]
        try venue.trade(weak, rich, 1_000, at: 50_000)
        // As many lots as its margin backs, to within ten.
        let lots = try #require(
            try stride(from: Int64(800), to: 0, by: -10).first {
                try venue.answer(weak, .buy($0, at: 48_000)) == nil
            })
        let resting = try #require(venue.openOrders(weak).first).identifier
        #expect(lots > 10)
        let stop = try venue.place(weak, .waiting(.stop, .sell, 1_000, when: 40_000))
        venue.setPrice(49_500)
        let outcome = try venue.apply()
        #expect(outcome.closes.map(\.order) == [resting])
        #expect(outcome.reasons == [.marginCall])
        #expect(!venue.isLiquidating(weak))
        #expect(venue.openOrders(weak).map(\.identifier) == [stop])
    }

    @Test func `nothing fires while the market collects orders, and all of it after`() throws {
        let (venue, accounts) = try Venue.rich(2)
        let order = try venue.place(accounts[0], .waiting(.stop, .sell, 5, when: 49_500))
        try venue.apply(.operator(.auction(seconds: 10)))
        venue.setPrice(49_400)
        try venue.apply(.by(accounts[1], .buy(5, at: 49_400)))
        #expect(try venue.apply().triggered.isEmpty)
        let outcome = try venue.apply(milliseconds: 10_000)
        #expect(outcome.triggered == [order])
        #expect(outcome.trades.map(\.price) == [.dollars(49_400)])
    }

    @Test func `an order that waits can be amended, and its place is its new trigger`() throws {
        let (venue, accounts) = try Venue.rich(2)
        let me = accounts[0]
        let order = try venue.place(me, .waiting(.stop, .sell, 5, when: 49_000, at: 49_000))
        let market = try venue.place(me, .waiting(.stop, .sell, 5, when: 49_000))
        let table: [(command: Command, refusal: Refusal?)] = [
            (.amend(order, to: 49_000, 5, when: 50_000), .triggerAlreadyMet),
            (.amend(order, to: nil, 5), .conflictingTerms),
            (.amend(market, to: 49_000, 5), .conflictingTerms),
            (.amend(order, to: 49_000, 5, when: 0), .priceOutOfRange),
            (.amend(order, to: 49_000, 5, when: 400_001), .priceOutOfRange),
            (.amend(order, to: 49_000, 0), .quantityOutOfRange),
            (.amend(order, to: 49_500, 8, when: 49_800), nil),
            (.amend(market, to: nil, 100_000), nil),
        ]
        for row in table {
            #expect(try venue.answer(me, row.command) == row.refusal, "\(row.command)")
        }
        venue.setPrice(49_800)
        #expect(try venue.apply().triggered == [order])
        #expect(venue.depth(.sell) == [[99_000, 8]])
        // Fired, it is an order like any other: no trigger, and a price.
        #expect(
            try venue.answer(me, .amend(order, to: 49_500, 8, when: 49_000)) == .conflictingTerms)
        #expect(try venue.answer(me, .amend(order, to: nil, 8)) == .conflictingTerms)
    }

    @Test func `nobody can wait on a price that nobody knows`() throws {
        let (venue, accounts) = try Venue.rich(1)
        let order = try venue.place(accounts[0], .waiting(.stop, .sell, 5, when: 49_000))
        venue.isPublishing = false
        try venue.apply(milliseconds: 61_000)
        let placed = try venue.answer(accounts[0], .waiting(.stop, .sell, 5, when: 49_000))
        #expect(placed == .priceTooOld)
        let amended = try venue.answer(accounts[0], .amend(order, to: nil, 5, when: 49_100))
        #expect(amended == .priceTooOld)
        // Other terms need no price.
        #expect(try venue.answer(accounts[0], .amend(order, to: nil, 6)) == nil)
        venue.isPublishing = true
        venue.setPrice(49_000)
        #expect(try venue.apply().triggered == [order])
    }

    @Test func `a restored machine fires the same orders in the same order`() throws {
        let (venue, accounts) = try Venue.rich(3)
        for (account, dollars) in zip(accounts, [49_200, 49_600, 49_400] as [Int64]) {
            try venue.apply(
                .by(
                    account, .waiting(.stop, .sell, 2, when: dollars, at: 49_000),
                    .waiting(.take, .buy, 2, when: dollars, on: .index, at: 49_000)))
        }
        let twin = try venue.restored()
        venue.setPrice(49_300)
        let outcome = try venue.apply()
        let again = try twin.apply(try #require(venue.blocks.last), verifier: TestSignatures())
        #expect(outcome.triggered.count == 4)
        #expect(again.events == outcome.events && again.root == outcome.root)
    }
}
