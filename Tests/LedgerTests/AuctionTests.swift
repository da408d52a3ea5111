/// Call auctions: one price for all that can trade, and a book that opens uncrossed whatever was
/// sent to it.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct AuctionTests {
    /// A venue of rich accounts whose BTC-PERP collects orders for five seconds.
    private func collecting(
        _ count: Int, _ options: TestGenesis.Options = TestGenesis.Options()
    ) throws -> (Venue, [AccountIdentifier]) {
        let (venue, accounts) = try Venue.rich(count, options)
        let outcome = try venue.apply(.operator(.auction(seconds: 5)))
        #expect(outcome.refusals == [nil])
        return (venue, accounts)
    }

    private struct Row: Sendable {
        let name: String
        let bids: [[Int64]]
        let asks: [[Int64]]
        /// Ticks and lots; empty does not clear.
        let clearing: [[Int64]]
    }

    /// Dollars and lots of each side; the reference is $50,000.
    private static let rows = [
        Row(name: "nothing", bids: [], asks: [], clearing: []),
        Row(name: "one side", bids: [[50_100, 5]], asks: [], clearing: []),
        Row(name: "apart", bids: [[49_900, 5]], asks: [[50_100, 5]], clearing: []),
        Row(
            name: "one price", bids: [[50_050, 5]], asks: [[50_050, 3]], clearing: [[100_100, 3]]),
        Row(
            name: "balanced about the reference", bids: [[50_100, 5]], asks: [[49_900, 5]],
            clearing: [[100_000, 5]]),
        Row(
            name: "balanced above it", bids: [[50_300, 5]], asks: [[50_100, 5]],
            clearing: [[100_200, 5]]),
        Row(
            name: "balanced below it", bids: [[49_900, 5]], asks: [[49_800, 5]],
            clearing: [[99_800, 5]]),
        Row(
            name: "buyers left over", bids: [[50_100, 8]], asks: [[49_900, 5]],
            clearing: [[100_200, 5]]),
        Row(
            name: "sellers left over", bids: [[50_100, 5]], asks: [[49_900, 8]],
            clearing: [[99_800, 5]]),
        Row(
            name: "most lots", bids: [[50_200, 5], [50_000, 10]],
            asks: [[49_900, 4], [50_000, 8]],
            clearing: [[100_000, 12]]),
        Row(
            name: "least surplus of equal volumes",
            bids: [[50_300, 5], [50_200, 5], [50_100, 5]],
            asks: [[49_900, 10]], clearing: [[100_400, 10]]),
    ]

    @Test(arguments: rows)
    private func `the clearing price is the rule's`(_ row: Row) throws {
        let (venue, accounts) = try collecting(2)
        // A transaction holds a command at least.
        let none = [Command.cancelAll(TestGenesis.ether)]
        try venue.apply(
            Send(
                signer: .account(accounts[0]),
                commands: none + row.bids.map { .buy($0[1], at: $0[0]) }),
            Send(
                signer: .account(accounts[1]),
                commands: none + row.asks.map { .sell($0[1], at: $0[0]) }))
        let outcome = try venue.apply(milliseconds: 6_000)
        #expect(outcome.clearings == row.clearing, "\(row.name)")
        let lots = outcome.auctionTrades.map(\.quantity.lots).reduce(0, +)
        #expect(lots == row.clearing.first?[1] ?? 0)
        for trade in outcome.auctionTrades { #expect(trade.price.ticks == row.clearing[0][0]) }
        #expect(
            outcome.contains { if case .continuousTrading = $0 { true } else { false } })
        #expect(venue.ledger.phases[0] == .continuous)
    }

    @Test func `price goes before time, and both sides pay as takers`() throws {
        let (venue, accounts) = try collecting(4)
        try venue.apply(.by(accounts[0], .buy(5, at: 50_000)))
        try venue.apply(.by(accounts[1], .buy(5, at: 50_000)))
        try venue.apply(.by(accounts[2], .buy(5, at: 50_100)))
        try venue.apply(.by(accounts[3], .sell(12, at: 50_000)))
        let outcome = try venue.apply(milliseconds: 5_000)
        #expect(outcome.auctionTrades.map(\.maker) == [accounts[2], accounts[0], accounts[1]])
        #expect(outcome.auctionTrades.map(\.quantity.lots) == [5, 5, 2])
        for trade in outcome.auctionTrades {
            #expect(trade.takerFee == trade.makerFee && trade.takerFee.units > 0)
        }
    }

    @Test func `while orders are collected only what may rest is taken`() throws {
        let (venue, accounts) = try collecting(2)
        try venue.apply(.operator(.auction(seconds: 60)))
        let table: [(command: Command, refusal: Refusal?)] = [
            (.market(.buy, 1), .inAuction), (.market(.buy, 1, .goodTillCancelled), .inAuction),
            (.buy(1, at: 50_000, .immediateOrCancel), .inAuction),
            (.buy(1, at: 50_000, .fillOrKill), .inAuction), (.buy(1, at: 50_000), nil),
            (.sell(1, at: 50_000, postOnly: true), nil),
            (.quote(1, at: 50_000, 1, at: 50_100), nil),
            (.market(.buy, 1, in: TestGenesis.ether), nil),
        ]
        for row in table {
            #expect(try venue.answer(accounts[0], row.command) == row.refusal, "\(row.command)")
        }
        #expect(venue.ledger.books.isCrossed(TestGenesis.bitcoin) == true)
        // Amended through each other they still wait.
        let order = venue.openOrders(accounts[0])[0].identifier
        let amended = try venue.apply(
            .by(accounts[0], .amend(order, to: 50_500, 2)), milliseconds: 1)
        #expect(amended.refusals == [nil] && amended.trades.isEmpty)
        try venue.apply(.by(accounts[0], .cancelAll(nil)), milliseconds: 1)
        #expect(venue.ledger.books.count == 0)
    }

    @Test func `it ends at its time, with a valid price, and not before`() throws {
        let (venue, accounts) = try collecting(2)
        try venue.apply(
            .by(accounts[0], .buy(5, at: 50_000)), .by(accounts[1], .sell(5, at: 50_000)),
            milliseconds: 1)
        #expect(try venue.apply(milliseconds: 4_998).clearings.isEmpty)
        venue.isPublishing = false
        // The last price is too old to trade on.
        try venue.apply(milliseconds: 61_000)
        #expect(venue.ledger.phases[0].isAuction)
        venue.isPublishing = true
        #expect(try venue.apply().clearings == [[100_000, 5]])
        let (other, _) = try collecting(1)
        #expect(try other.apply(milliseconds: 5_000).clearings.isEmpty)
        #expect(!other.ledger.phases[0].isAuction)
    }

    @Test func `it is refused for each of its fields, and a second one moves the end`() throws {
        let venue = try Venue()
        let table: [(length: Duration, refusal: Refusal?)] = [
            (.zero, .auctionLengthOutOfRange),
            (Duration(nanoseconds: 999_999_999), .auctionLengthOutOfRange), (.seconds(1), nil),
            (.day, nil),
            (Duration(nanoseconds: Duration.day.nanoseconds + 1), .auctionLengthOutOfRange),
            (Duration(nanoseconds: .max), .auctionLengthOutOfRange), (.seconds(3), nil),
        ]
        for row in table {
            let outcome = try venue.apply(
                .operator(.startAuction(TestGenesis.bitcoin, length: row.length)), milliseconds: 10)
            #expect(outcome.refusals == [row.refusal])
        }
        let unknown = try venue.apply(
            .operator(.auction(seconds: 5, in: InstrumentIdentifier(3))), milliseconds: 10)
        #expect(unknown.refusals == [.unknownInstrument])
        try venue.apply(milliseconds: 2_989)
        #expect(venue.ledger.phases[0].isAuction)
        try venue.apply(milliseconds: 1)
        #expect(!venue.ledger.phases[0].isAuction)
    }

    @Test(arguments: SelfTradePrevention.allCases)
    func `the later of two own orders decides who leaves`(mode: SelfTradePrevention) throws {
        let (venue, accounts) = try collecting(2)
        let old = try venue.place(accounts[0], .sell(5, at: 50_000))
        let new = try venue.place(
            accounts[0], .order(.buy, 5, at: 50_000) { $0.selfTrade = mode })
        let outcome = try venue.apply(milliseconds: 5_000)
        #expect(outcome.auctionTrades.isEmpty)
        let expected: [OrderIdentifier] =
            switch mode {
            case .cancelMaker: [old]
            case .cancelTaker: [new]
            case .cancelBoth: [old, new]
            }
        #expect(outcome.closes.map(\.order) == expected)
        #expect(outcome.reasons.allSatisfy { $0 == .selfTrade })
    }

    /// One lot that trades with nobody but its owner clears against one order after another. The
    /// rounds are bounded, and the book opens all the same.
    @Test func `orders that trade only with their owner do not keep the market closed`() throws {
        var options = TestGenesis.Options()
        options.orderLimit = 60
        let (venue, accounts) = try collecting(3, options)
        let asks = (0..<40).map { Command.sell(1, at: 49_900 + Int64($0)) }
        try venue.apply(Send(signer: .account(accounts[0]), commands: asks))
        try venue.apply(.by(accounts[0], .buy(1, at: 50_000)))
        try venue.apply(
            .by(accounts[1], .sell(2, at: 49_995)), .by(accounts[2], .buy(1, at: 49_995)))
        let outcome = try venue.apply(milliseconds: 5_000)
        #expect(outcome.clearings.count == 16)
        #expect(outcome.reasons.filter { $0 == .selfTrade }.count == 40)
        #expect(venue.ledger.books.isCrossed(TestGenesis.bitcoin) == false)
        #expect(!venue.ledger.phases[0].isAuction)
    }

    @Test func `orders that only reduce trade no more than the position`() throws {
        let (venue, accounts) = try Venue.rich(3)
        try venue.trade(accounts[0], accounts[1], 4, at: 50_000)
        try venue.apply(.operator(.auction(seconds: 5)))
        try venue.apply(
            .by(
                accounts[0], .sell(4, at: 50_000, reduceOnly: true),
                .sell(4, at: 49_990, reduceOnly: true)),
            .by(accounts[1], .buy(9, at: 50_100, reduceOnly: true)),
            .by(accounts[2], .buy(9, at: 50_000)))
        let outcome = try venue.apply(milliseconds: 5_000)
        #expect(venue.position(accounts[0]) == 0 && venue.position(accounts[1]) == 0)
        #expect(outcome.reasons.contains(.nothingToReduce))
        #expect(venue.ledger.books.isCrossed(TestGenesis.bitcoin) == false)
    }

    @Test func `open interest stops at its limit in an auction too`() throws {
        var options = TestGenesis.Options()
        options.positionLimit = 100
        options.openInterestLimit = 100
        let (venue, accounts) = try collecting(4, options)
        try venue.apply(
            .by(accounts[0], .buy(70, at: 50_000)), .by(accounts[1], .sell(70, at: 50_000)),
            .by(accounts[2], .buy(60, at: 50_000)), .by(accounts[3], .sell(60, at: 50_000)))
        let outcome = try venue.apply(milliseconds: 5_000)
        #expect(venue.ledger.accounts.totals[0].openInterest.lots == 100)
        #expect(outcome.reasons.contains(.openInterestLimit))
        #expect(venue.ledger.books.isCrossed(TestGenesis.bitcoin) == false)
    }

    @Test func `icebergs trade with all their lots, and an account in liquidation waits`() throws {
        let venue = try Venue()
        let rich = try venue.openAccounts(2, dollars: 1_000_000)
        let weak = try venue.openAccounts(1, dollars: 5_000)[0]
        try venue.trade(weak, rich[0], 1_000, at: 50_000)
        try venue.apply(.operator(.auction(seconds: 5)))
        venue.setPrice(48_100)
        try venue.apply(
            .by(rich[0], .iceberg(.buy, 30, showing: 10, at: 48_100)),
            .by(rich[1], .sell(25, at: 48_100)), .by(weak, .cancelAll(nil)))
        #expect(venue.isLiquidating(weak))
        let outcome = try venue.apply(milliseconds: 5_000)
        #expect(outcome.auctionTrades.map(\.quantity.lots) == [10, 10, 5])
        #expect(outcome.clearings == [[96_200, 25]])
        #expect(venue.openOrders(rich[0]).map(\.shown.lots) == [5])
    }

    @Test func `every market opens with an auction if genesis says so`() throws {
        let plain = try TestGenesis.genesis()
        let genesis = try Genesis(
            name: plain.name, time: plain.time, custodian: plain.custodian,
            operator: plain.operator, publishers: plain.publishers, catalogue: plain.catalogue,
            oracles: plain.oracles, margins: plain.margins, perpetuals: plain.perpetuals,
            liquidation: plain.liquidation, pricingStep: plain.pricingStep,
            orderLimit: plain.orderLimit, openingAuction: .seconds(30))
        let ledger = Ledger(genesis: genesis)
        for phase in ledger.phases {
            #expect(phase == .auction(end: plain.time.advanced(by: .seconds(30))))
        }
        #expect(throws: GenesisFault.self) {
            _ = try Genesis(
                name: plain.name, time: plain.time, custodian: plain.custodian,
                operator: plain.operator, publishers: plain.publishers,
                catalogue: plain.catalogue, oracles: plain.oracles, margins: plain.margins,
                perpetuals: plain.perpetuals, liquidation: plain.liquidation,
                pricingStep: plain.pricingStep, orderLimit: plain.orderLimit,
                openingAuction: Duration(nanoseconds: Duration.day.nanoseconds + 1))
        }
    }

    @Test func `a machine restored in an auction clears it the same`() throws {
        let (venue, accounts) = try collecting(2)
        try venue.apply(
            .by(accounts[0], .buy(5, at: 50_100), .iceberg(.buy, 9, showing: 2, at: 50_000)),
            .by(accounts[1], .sell(7, at: 49_900), .sell(2, at: 50_000)))
        let twin = try venue.restored()
        #expect(twin.auditFailure() == nil)
        let outcome = try venue.apply(milliseconds: 5_000)
        let again = try twin.apply(try #require(venue.blocks.last), verifier: TestSignatures())
        #expect(!outcome.auctionTrades.isEmpty)
        #expect(again.events == outcome.events && again.root == outcome.root)
    }
}
