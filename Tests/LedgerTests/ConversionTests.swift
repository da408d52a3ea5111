/// Conversion of collateral: when it starts, what it sells, when it ends, and what the account may
/// do meanwhile. Below maintenance, liquidation sells the collateral instead.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Liquidation
import Markets
import Testing

@Suite struct ConversionTests {
    private static let million = TestGenesis.million

    /// Who holds 10 BTC and owes $1,000 and some fees, which is more than the limit, by a loss of
    /// $1,000 on 100 lots at $40,000; and a maker who buys BTC.
    private func debtor(
        limit: Int64 = 1_000
    ) throws -> (Venue, debtor: AccountIdentifier, maker: AccountIdentifier) {
        let venue = try Venue(.borrowing(limit))
        let maker = try venue.openAccounts(1, dollars: 10_000_000)[0]
        let debtor = try venue.openAccounts(1, dollars: 1)[0]
        try venue.depositAsset(10_000, to: debtor)
        try venue.trade(debtor, maker, 100, at: 50_000)
        venue.setPrice(40_000)
        try venue.apply()
        try venue.trade(maker, debtor, 100, at: 40_000)
        return (venue, debtor, maker)
    }

    private func bid(_ lots: Int64, at dollars: Int64) -> Command {
        .buy(lots, at: dollars, in: TestGenesis.spot)
    }

    @Test func `as much is sold as brings the debt to half of its limit`() throws {
        let (venue, debtor, maker) = try debtor()
        #expect(venue.last?.conversions == [debtor])
        #expect(venue.isConverting(debtor))
        // A loss of $1,000 and fees of $2.50 and $0.40, less the dollar that was there.
        let debt = -venue.cash(debtor)
        #expect(debt == 1_001_900_000)
        try venue.apply(.by(maker, bid(1_000, at: 39_990)))
        #expect(venue.holding(debtor) == 10_000)
        let outcome = try venue.apply()
        // $501.90 are missing; a lot at the mark brings $39.98.
        #expect(outcome.origins == [.conversion])
        #expect(outcome.trades.map(\.quantity.lots) == [13])
        #expect(outcome.trades[0].taker == debtor && outcome.trades[0].takerFee.isPositive)
        #expect(venue.holding(debtor) == 10_000 - 13)
        #expect(-venue.cash(debtor) <= 500 * Self.million)
        #expect(outcome.endedConversions == [debtor])
        #expect(!venue.isConverting(debtor))
    }

    @Test func `a debt at the limit is not converted, one micro-unit beyond is`() throws {
        let (venue, debtor, _) = try debtor(limit: 2_000)
        let most = venue.ledger.withdrawable(debtor)
        let outcome = try venue.apply(.by(debtor, .withdraw(most, destination: Bytes32())))
        #expect(outcome.conversions.isEmpty)
        #expect(venue.cash(debtor) == -2_000 * Self.million)
        let interest = Ratio(basisPoints: 1)
        let (charged, second) = try debtorAtLimit(interest: interest)
        let next = try charged.apply(milliseconds: 60_000)
        #expect(next.interest.count == 1 && next.conversions == [second])
    }

    /// Someone who owes exactly the limit.
    private func debtorAtLimit(interest: Ratio) throws -> (Venue, AccountIdentifier) {
        let venue = try Venue(.borrowing(1_000, interest: interest))
        _ = try venue.openAccounts(1, dollars: 1_000_000)
        let account = try venue.openAccounts(1, dollars: 1)[0]
        try venue.depositAsset(1_000, to: account)
        let outcome = try venue.apply(.by(account, .withdraw(dollars: 1_001)))
        #expect(outcome.refusals == [nil] && outcome.conversions.isEmpty)
        return (venue, account)
    }

    @Test func `while it lasts the account may only reduce, and nothing leaves`() throws {
        let (venue, debtor, maker) = try debtor()
        let spot = TestGenesis.spot
        #expect(try venue.answer(debtor, .buy(1, at: 39_900)) == .inConversion)
        #expect(try venue.answer(debtor, .sell(1, at: 40_100)) == .inConversion)
        #expect(try venue.answer(debtor, .sell(1, at: 40_100, in: spot)) == .inConversion)
        #expect(
            try venue.answer(debtor, .quote(1, at: 39_900, 1, at: 40_100)) == .inConversion)
        #expect(try venue.answer(debtor, .withdraw(dollars: 1)) == .inConversion)
        #expect(try venue.answer(debtor, .transfer(.dollars(1), to: maker)) == .inConversion)
        #expect(try venue.answer(debtor, .withdrawAsset(1)) == .inConversion)
        #expect(try venue.answer(debtor, .transferAsset(1, to: maker)) == .inConversion)
        #expect(
            try venue.answer(debtor, .sell(1, at: 40_100, in: spot, reduceOnly: true)) == nil)
        #expect(try venue.restored().root == venue.ledger.root)
        // It pays its debt itself: to half of the limit, no sooner.
        try venue.apply(.custodian(.deposit(.dollars(500), to: debtor, reference: Bytes32())))
        #expect(try venue.apply().endedConversions.isEmpty)
        try venue.apply(.custodian(.deposit(.dollars(2), to: debtor, reference: Bytes32())))
        #expect(try venue.apply().endedConversions == [debtor])
        #expect(try venue.answer(debtor, .buy(1, at: 39_900)) == nil)
    }

    @Test func `orders that add are cancelled when it starts, those that reduce stay`() throws {
        let venue = try Venue(.borrowing(1_000))
        let maker = try venue.openAccounts(1, dollars: 10_000_000)[0]
        let debtor = try venue.openAccounts(1, dollars: 1)[0]
        try venue.depositAsset(10_000, to: debtor)
        try venue.trade(debtor, maker, 101, at: 50_000)
        venue.setPrice(40_000)
        try venue.apply()
        let adding = try venue.place(debtor, .buy(1, at: 39_500))
        let reducing = try venue.place(debtor, .sell(1, at: 40_700, reduceOnly: true))
        let outcome = try venue.apply(
            .by(maker, .buy(100, at: 40_000)), .by(debtor, .sell(100, at: 40_000)))
        #expect(outcome.conversions == [debtor])
        #expect(outcome.closes.contains { $0.order == adding && $0.reason == .conversion })
        #expect(venue.openOrders(debtor).map(\.identifier) == [reducing])
    }

    /// 6.5 % of maintenance margin: the band is 1.6 % of the mark at first, and 4.9 % in the end.
    @Test func `the band widens with time, and a dust top-up does not reset it`() throws {
        let (venue, debtor, maker) = try debtor()
        try venue.apply(.by(maker, bid(1_000, at: 39_210)))
        #expect(try venue.apply().trades.isEmpty)
        // 2 % of the mark is the farthest that an order may rest through it; the mark moves away.
        venue.setPrice(40_600)
        for _ in 0..<10 {
            try venue.deposit(0, cents: 1, to: debtor)
            #expect(venue.isConverting(debtor))
        }
        #expect(venue.last?.trades.isEmpty == true)
        var sold = 0
        for _ in 0..<25 { sold += try venue.apply().trades.count }
        #expect(sold == 1)
        #expect(!venue.isConverting(debtor))
    }

    @Test func `nothing is sold on an old price, or while the market collects orders`() throws {
        let (venue, debtor, maker) = try debtor()
        try venue.apply(
            .by(maker, bid(1_000, at: 39_990)),
            .operator(.auction(seconds: 3, in: TestGenesis.spot)))
        for _ in 0..<2 { #expect(try venue.apply().trades.isEmpty) }
        venue.isPublishing = false
        #expect(try venue.apply(milliseconds: 10_000).trades.isEmpty)
        venue.isPublishing = true
        try venue.apply()
        try venue.apply()
        #expect(venue.holding(debtor) < 10_000)
    }

    @Test func `what the account offers itself is not sold twice`() throws {
        let (venue, debtor, maker) = try debtor()
        let offer = try venue.place(
            debtor, .sell(10_000, at: 40_700, in: TestGenesis.spot, reduceOnly: true))
        try venue.apply(.by(maker, bid(1_000, at: 39_990)))
        let outcome = try venue.apply()
        #expect(outcome.closes.contains { $0.order == offer && $0.reason == .conversion })
        #expect(venue.holding(debtor) == 10_000 - 13)
    }

    // Liquidation of collateral.

    /// 10 BTC against a debt of $400,000: at $42,000 maintenance is missing.
    private func borrower() throws -> (Venue, borrower: AccountIdentifier, maker: AccountIdentifier)
    {
        let venue = try Venue(.borrowing(1_000_000))
        let maker = try venue.openAccounts(1, dollars: 10_000_000)[0]
        let borrower = try venue.openAccounts(1, dollars: 0)[0]
        try venue.depositAsset(10_000, to: borrower)
        let outcome = try venue.apply(.by(borrower, .withdraw(dollars: 400_000)))
        #expect(outcome.refusals == [nil])
        return (venue, borrower, maker)
    }

    @Test func `below maintenance liquidation sells spot as far as it must`() throws {
        let (venue, borrower, maker) = try borrower()
        venue.setPrice(42_000)
        let started = try venue.apply()
        #expect(started.contains { if case .liquidationStarted = $0 { true } else { false } })
        try venue.apply(.by(maker, bid(20_000, at: 41_990)))
        let outcome = try venue.apply()
        #expect(outcome.origins == [.liquidation])
        // What the bid lacked to the mark is made up in the next blocks.
        try venue.wait(blocks: 3)
        #expect(!venue.isLiquidating(borrower))
        #expect(venue.holding(borrower) > 0 && venue.holding(borrower) < 10_000)
        #expect(venue.equity(borrower) > 0)
        #expect(venue.ledger.accounts.totals[6].holdings.lots == 10_000)
    }

    /// Nobody buys until the price has fallen below the debt. Then all is sold inside the band, and
    /// the loss goes the way of every loss.
    @Test func `spot that nobody buys is never deleveraged, and sold when somebody does`() throws {
        let (venue, borrower, maker) = try borrower()
        venue.setPrice(42_000)
        try venue.wait(blocks: 40)
        #expect(venue.isLiquidating(borrower) && venue.holding(borrower) == 10_000)
        venue.setPrice(39_000)
        try venue.apply(.by(maker, bid(40_000, at: 38_500)))
        #expect(venue.holding(borrower) == 10_000)
        let outcome = try venue.apply()
        #expect(venue.holding(borrower) == 0 && venue.holding(maker) == 10_000)
        #expect(!venue.isLiquidating(borrower))
        #expect(outcome.contains { if case .badDebt = $0 { true } else { false } })
        #expect(try venue.restored().root == venue.ledger.root)
    }
}

extension Venue {
    /// Funds an account with dollars and cents.
    fileprivate func deposit(_ dollars: Int64, cents: Int64, to account: AccountIdentifier) throws {
        let amount = Amount(microunits: dollars * TestGenesis.million + cents * 10_000)
        try apply(.custodian(.deposit(amount, to: account, reference: Bytes32())))
    }
}
