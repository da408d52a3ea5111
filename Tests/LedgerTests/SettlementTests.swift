/// Expiry: the books close, positions are settled at the averaged index to the micro-unit, the
/// instrument is retired; and what attacks the average.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Oracle
import Testing

@Suite struct SettlementTests {
    private static let dated: TestGenesis.Options = {
        var options = TestGenesis.Options()
        options.isDated = true
        return options
    }()

    private static func total(_ venue: Venue) -> Int64 {
        venue.ledger.accounts.accounts.reduce(0) { $0 + $1.cash.units }
    }

    @Test func `longs receive what shorts pay, and everything is retired`() throws {
        let (venue, accounts) = try Venue.rich(2, Self.dated)
        venue.setPrice(52_000)
        try venue.apply()
        try venue.trade(accounts[0], accounts[1], 10, at: 52_000, in: TestGenesis.future)
        try venue.trade(accounts[0], accounts[1], 20, at: 2_000, in: TestGenesis.call)
        try venue.trade(accounts[0], accounts[1], 30, at: 100, in: TestGenesis.put)
        try venue.trade(accounts[0], accounts[1], 1, at: 52_000)
        venue.setPrice(53_000)
        try venue.passWindow()
        let cash = accounts.map { venue.cash($0) }
        let outcome = try venue.apply(secondsBefore: 0)
        #expect(outcome.settledPrices == [53_000_000_000, 53_000_000_000, 53_000_000_000])
        let expected: [(SettlementKind, Int64, Int64)] = [
            (.delivered, 10, 530_000_000), (.exercised, 20, 60_000_000), (.lapsed, 30, 0),
            (.delivered, -10, -530_000_000), (.assigned, -20, -60_000_000), (.lapsed, -30, 0),
        ]
        #expect(outcome.settlements.count == expected.count)
        for (event, row) in zip(outcome.settlements, expected) {
            #expect(event.kind == row.0 && event.quantity.lots == row.1)
            #expect(event.payout.units == row.2)
        }
        // The future gains $1,000 on 0.01 BTC, the call pays $3,000 on 0.02.
        #expect(venue.cash(accounts[0]) == cash[0] + 10_000_000 + 60_000_000)
        #expect(venue.cash(accounts[1]) == cash[1] - 10_000_000 - 60_000_000)
        #expect(venue.ledger.accounts[accounts[0]].positions.map(\.instrument.number) == [0])
        #expect(venue.ledger.catalogue.live.map(\.number) == [0, 1, 2, 6])
        #expect(venue.ledger.catalogue.instruments.count == 7)
        for place in 3...5 {
            #expect(venue.ledger.accounts.totals[place].openInterest == .zero)
            #expect(
                venue.ledger.phases[place] == .settled(at: IndexPrice(micros: 53_000_000_000)))
        }
        let restored = try venue.restored()
        #expect(restored.root == venue.ledger.root && restored.auditFailure() == nil)
        #expect(restored.leaves() == venue.ledger.leaves())
        #expect(try venue.operatorAnswer(.listPair(at: 50_000, days: 1)) == nil)
        #expect(venue.ledger.catalogue.live.map(\.number) == [0, 1, 2, 6, 7, 8])
    }

    @Test func `the profit of a settlement is on hold`() throws {
        let (venue, accounts) = try Venue.rich(2, Self.dated)
        try venue.trade(accounts[0], accounts[1], 20, at: 10, in: TestGenesis.call)
        venue.setPrice(53_000)
        try venue.passWindow()
        try venue.apply(secondsBefore: 0)
        let free = venue.ledger.withdrawable(accounts[0]).units
        // $3,000 on 0.02 BTC received, $10 paid.
        #expect(free == venue.cash(accounts[0]) - 59_800_000)
        try venue.wait(blocks: 2, seconds: 3_600)
        #expect(venue.ledger.withdrawable(accounts[0]).units == venue.cash(accounts[0]))
    }

    /// A settlement price that is no whole number of micro-units a lot: a lot of a thousandth pays
    /// a thousandth of $1,000.000999, rounded down.
    @Test func `the last micro-unit of a lot goes to the writer`() throws {
        let (venue, accounts) = try Venue.rich(3, Self.dated)
        try venue.trade(accounts[0], accounts[1], 7, at: 10, in: TestGenesis.call)
        try venue.trade(accounts[0], accounts[2], 1, at: 10, in: TestGenesis.call)
        venue.prices[0] = 51_000_000_999
        try venue.passWindow()
        let before = accounts.map { venue.cash($0) }
        let total = Self.total(venue)
        let outcome = try venue.apply(secondsBefore: 0)
        #expect(outcome.settlements.map(\.payout.units) == [8_000_000, -7_000_000, -1_000_000])
        let after = accounts.map { venue.cash($0) }
        #expect(zip(after, before).map(-) == [8_000_000, -7_000_000, -1_000_000])
        #expect(Self.total(venue) == total)
        // One millionth more and the whole micro-unit is paid.
        let (other, others) = try Venue.rich(2, Self.dated)
        try other.trade(others[0], others[1], 7, at: 10, in: TestGenesis.call)
        other.prices[0] = 51_000_001_000
        try other.passWindow()
        let exact = try other.apply(secondsBefore: 0)
        #expect(exact.settlements.map(\.payout.units) == [7_000_007, -7_000_007])
    }

    @Test func `every order of an expired instrument is closed once, with its reason`() throws {
        let (venue, accounts) = try Venue.rich(2, Self.dated)
        var orders: [OrderIdentifier] = []
        orders.append(try venue.place(accounts[0], .buy(5, at: 400, in: TestGenesis.call)))
        orders.append(try venue.place(accounts[0], .buy(5, at: 400, in: TestGenesis.call)))
        orders.append(
            try venue.place(
                accounts[1],
                .order(.sell, 50, at: 450, in: TestGenesis.call) { $0.display = Quantity(lots: 5) })
        )
        orders.append(
            try venue.place(
                accounts[1],
                .order(.buy, 5, at: 500, in: TestGenesis.call) {
                    $0.trigger = Trigger(.stop, on: .index, at: .dollars(60_000))
                }))
        orders.append(try venue.place(accounts[0], .buy(5, at: 49_900, in: TestGenesis.future)))
        let kept = try venue.place(accounts[0], .buy(5, at: 49_900))
        try venue.apply(secondsBefore: 1)
        let outcome = try venue.apply(secondsBefore: 0)
        #expect(outcome.closes.map(\.order.number).sorted() == orders.map(\.number).sorted())
        #expect(outcome.reasons.allSatisfy { $0 == .instrumentExpired })
        #expect(venue.openOrders(accounts[0]).map(\.identifier) == [kept])
        #expect(venue.openOrders(accounts[1]).isEmpty)
    }

    @Test func `an order that was signed for an expired or settled series is refused as such`()
        throws
    {
        let (venue, accounts) = try Venue.rich(1, Self.dated)
        let account = accounts[0]
        try venue.apply(secondsBefore: 1)
        let late = venue.block([.by(account, .buy(1, at: 10, in: TestGenesis.call))])
        #expect(try venue.apply(late).refusals == [.instrumentExpired])
        #expect(
            try venue.answer(account, .quote(1, at: 10, 1, at: 20, in: TestGenesis.call))
                == .instrumentExpired)
        #expect(
            try venue.operatorAnswer(.auction(seconds: 5, in: TestGenesis.call))
                == .instrumentExpired)
        #expect(try venue.operatorAnswer(.halt(TestGenesis.call)) == .instrumentExpired)
        for _ in 0..<150 { try venue.apply(milliseconds: 10_000) }
        #expect(venue.ledger.phases[4] == .settled(at: IndexPrice(micros: 50_000_000_000)))
        #expect(
            try venue.answer(account, .buy(1, at: 10, in: TestGenesis.call)) == .instrumentSettled)
        #expect(try venue.answer(account, .cancelAll(TestGenesis.call)) == nil)
        #expect(
            try venue.answer(account, .buy(1, at: 10, in: InstrumentIdentifier(7)))
                == .unknownInstrument)
    }

    @Test func `a price of the last second moves the settlement by its share of the window`() throws
    {
        let (venue, accounts) = try Venue.rich(2, Self.dated)
        try venue.trade(accounts[0], accounts[1], 10, at: 50_000, in: TestGenesis.future)
        try venue.passWindow()
        try venue.apply(secondsBefore: 1)
        venue.setPrice(68_000)
        // Seen at the expiry itself, it is too late.
        var outcome = try venue.apply(secondsBefore: 0)
        #expect(outcome.settledPrices.first == 50_000_000_000)
        let (other, others) = try Venue.rich(2, Self.dated)
        try other.trade(others[0], others[1], 10, at: 50_000, in: TestGenesis.future)
        try other.passWindow()
        other.setPrice(68_000)
        try other.apply(secondsBefore: 1)
        outcome = try other.apply(secondsBefore: 0)
        // $18,000 for a second of 1,800.
        #expect(outcome.settledPrices.first == 50_010_000_000)
    }

    @Test func `a halt before the expiry postpones settlement until enough is covered`() throws {
        let (venue, accounts) = try Venue.rich(2, Self.dated)
        try venue.trade(accounts[0], accounts[1], 10, at: 50_000, in: TestGenesis.future)
        try venue.apply(secondsBefore: 1_801)
        venue.setPrice(80_000)
        let late = try venue.apply(secondsBefore: 0)
        #expect(late.isPostponed && late.settledPrices.isEmpty)
        #expect(venue.ledger.phases[3] == .expired)
        #expect(venue.position(accounts[0], TestGenesis.future) == 10)
        var blocks = 0
        while venue.ledger.phases[3] == .expired, blocks < 400 {
            let outcome = try venue.apply(milliseconds: 10_000)
            #expect(!outcome.isPostponed)
            blocks += 1
            if blocks == 70 { #expect(try venue.restored().auditFailure() == nil) }
        }
        // 80 % of half an hour in blocks of ten seconds, at the price after the halt alone.
        #expect(blocks == 144)
        #expect(venue.ledger.phases[3] == .settled(at: IndexPrice(micros: 80_000_000_000)))
    }

    @Test func `inside the window the mark follows what is fixed`() throws {
        let (venue, _) = try Venue.rich(1, Self.dated)
        try venue.apply(secondsBefore: 1_800)
        for left in stride(from: Int64(1_790), through: 900, by: -10) {
            try venue.apply(secondsBefore: left)
        }
        let average = try #require(
            venue.ledger.settlementAverages(of: UnderlyingIdentifier(0)).first)
        #expect(average.average?.units == 50_000_000_000)
        #expect(average.fixedShare == Ratio(billionths: 500_000_000))
        venue.setPrice(52_000)
        try venue.apply(secondsBefore: 890)
        // Half of the way and a little: 890 of 1,800 s are open.
        #expect(venue.ledger.prices[3].mark.units / 1_000_000 == 50_988)
        #expect(venue.ledger.prices[4].mark.units / 1_000_000 == 988)
        #expect(venue.ledger.prices[0].mark.units / 1_000_000 == 52_000)
    }

    /// Prices that are too old to liquidate on still count in the average, so that a loss can reach
    /// settlement: a short of $5,000 with $600 behind it, and the index rises by $20,000.
    @Test func `who cannot pay at settlement is covered by insurance and by the profitable`() throws
    {
        let venue = try Venue(Self.dated)
        let rich = try venue.openAccounts(1, dollars: 1_000_000)[0]
        let poor = try venue.openAccounts(1, dollars: 600)[0]
        try venue.apply(.custodian(.depositInsurance(.dollars(1_000), to: TestGenesis.main)))
        try venue.trade(rich, poor, 100, at: 50_000, in: TestGenesis.future)
        try venue.apply(secondsBefore: 1_810)
        venue.setPrice(70_000)
        var outcome = try #require(venue.last)
        for left in stride(from: Int64(1_800), through: 0, by: -10) {
            let seen = Timestamp(
                nanoseconds: TestGenesis.expiry.nanoseconds - UInt64(left + 6) * 1_000_000_000)
            outcome = try venue.apply(
                venue.block(
                    [], milliseconds: 10_000, observations: venue.bundles(at: seen)))
            if left == 10 {
                #expect(
                    venue.isLiquidating(poor) && venue.position(poor, TestGenesis.future) == -100)
            }
        }
        let owed = try #require(
            outcome.settlements.first { $0.account == poor }.map { -$0.profit.units })
        #expect(owed > 1_990 * TestGenesis.million)
        // Half a percent of the notional of about $7,000 comes from the fund, the rest from the
        // other side.
        var insurance: Int64 = 0
        var shared: Int64 = 0
        for event in outcome.events {
            if case .insurancePaid(_, let amount) = event { insurance += amount.units }
            if case .lossShared(_, let payer, let amount) = event {
                #expect(payer == rich)
                shared += amount.units
            }
        }
        #expect(insurance == outcome.settlements[0].notional.units / 200)
        #expect(venue.cash(poor) == 0 && !venue.isLiquidating(poor))
        #expect(shared > 1_000 * TestGenesis.million)
        #expect(
            outcome.contains { if case .liquidationEnded(poor, _, _) = $0 { true } else { false } })
    }

    /// A long future hedges a short perpetual of $50,000; without it the margin is 9.5 % of that,
    /// and about $4,070 are left.
    @Test func `orders that an expiring position had hedged are cancelled`() throws {
        let (venue, _) = try Venue.rich(1, Self.dated)
        let hedged = try venue.openAccounts(1, dollars: 5_700)[0]
        let other = AccountIdentifier(0)
        try venue.trade(hedged, other, 1_000, at: 50_000, in: TestGenesis.future)
        try venue.trade(other, hedged, 1_000, at: 50_000)
        #expect(try venue.answer(hedged, .withdraw(dollars: 1_600)) == nil)
        let order = try venue.place(hedged, .buy(100, at: 49_500))
        #expect(venue.openOrders(hedged).map(\.identifier) == [order])
        // The hedge fades as the average becomes fixed.
        var reasons: [CloseReason] = []
        for left in stride(from: Int64(1_800), through: 0, by: -10) {
            let outcome = try venue.apply(secondsBefore: left)
            if left == 1_800 { #expect(outcome.reasons.isEmpty) }
            reasons += outcome.reasons
        }
        #expect(reasons == [.marginCall] && venue.openOrders(hedged).isEmpty)
    }

    @Test func `a rule lists the next day as the last one settles, and old names never return`()
        throws
    {
        var options = TestGenesis.Options()
        options.listingRules = [TestGenesis.rule(days: 1, strikesEachSide: 0)]
        let (venue, accounts) = try Venue.rich(2, options)
        let first = venue.ledger.catalogue.live.map(\.number)
        #expect(first == [0, 1, 2, 3, 4, 5])
        try venue.trade(accounts[0], accounts[1], 3, at: 50_000, in: InstrumentIdentifier(3))
        try venue.passWindow()
        try venue.apply(secondsBefore: 0)
        #expect(venue.ledger.catalogue.live.map(\.number) == [0, 1, 2, 6, 7, 8])
        #expect(venue.ledger.catalogue.instruments[6].symbol.text == "BTC-17JUN25")
        let restored = try venue.restored()
        for _ in 0..<5 {
            venue.setPrice(50_000)
            let outcome = try venue.apply()
            let block = try #require(venue.blocks.last)
            let again = try restored.apply(block, verifier: TestSignatures())
            #expect(again.root == outcome.root && again.events == outcome.events)
        }
    }
}
