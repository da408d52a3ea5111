/// Attacks on collateral: each goes for money that is not the attacker's, and is shown to fail, or
/// to succeed where its defence is switched off.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct CollateralAttackTests {
    private static let million = TestGenesis.million

    /// A lender, and an attacker with nothing but 10 BTC.
    private func scene(
        _ options: TestGenesis.Options
    ) throws -> (Venue, lender: AccountIdentifier, attacker: AccountIdentifier) {
        let venue = try Venue(options)
        let lender = try venue.openAccounts(1, dollars: 10_000_000)[0]
        let attacker = try venue.openAccounts(1, dollars: 0)[0]
        try venue.depositAsset(10_000, to: attacker)
        return (venue, lender, attacker)
    }

    @Test func `collateral and what was borrowed on it do not leave in one block`() throws {
        let (venue, _, attacker) = try scene(.borrowing(1_000_000))
        // The money first: the asset is then no longer free.
        let first = try venue.apply(
            .by(attacker, .withdraw(dollars: 400_000), .withdrawAsset(10_000)))
        #expect(first.refusals == [nil, .insufficientFunds])
        #expect(venue.holding(attacker) == 10_000)
        // The asset first: the end of the block pays the money, and then finds the asset bound.
        let (again, _, other) = try scene(.borrowing(1_000_000))
        let second = try again.apply(
            .by(other, .withdrawAsset(10_000), .withdraw(dollars: 400_000)))
        #expect(second.refusals == [nil, nil])
        #expect(
            second.contains {
                $0
                    == .assetWithdrawalCancelled(
                        other, TestGenesis.spot, Quantity(lots: 10_000), .insufficientFunds)
            })
        #expect(again.holding(other) == 10_000 && again.cash(other) == -400_000 * Self.million)
    }

    @Test func `collateral that an order of the block sold or needs does not leave`() throws {
        let (venue, lender, attacker) = try scene(.borrowing(1_000_000))
        try venue.apply(.by(lender, .buy(10_000, at: 49_900, in: TestGenesis.spot)))
        let sold = try venue.apply(
            .by(
                attacker, .withdrawAsset(10_000),
                .sell(10_000, at: 49_900, in: TestGenesis.spot, .immediateOrCancel)))
        #expect(sold.refusals == [nil, nil])
        #expect(
            sold.contains {
                if case .assetWithdrawalCancelled(_, _, _, .notCovered) = $0 { true } else { false }
            })
        let needed = try venue.apply(
            .by(lender, .withdrawAsset(10_000), .buy(2_000, at: 50_000)))
        #expect(needed.refusals == [nil, nil])
        #expect(venue.holding(lender) == 0)
    }

    /// A pump by a half lends nothing more while the stable price lags; without its bound it does.
    @Test(arguments: [(Int64(2_000), true), (10_000, false)])
    func `a pumped price of the collateral lends no more`(
        basisPoints: Int64, isDefended: Bool
    ) throws {
        var options = TestGenesis.Options.borrowing(1_000_000)
        options.stableHourlyMove = Ratio(basisPoints: basisPoints)
        let (venue, _, attacker) = try scene(options)
        venue.setPrice(75_000)
        try venue.apply()
        #expect(
            venue.ledger.withdrawable(attacker).units <= 500_000 * Self.million
        )
        try venue.apply(milliseconds: 3_600_000)
        // The asset's own gain is not realised: it never lends, whatever the stable price is.
        let outcome = try venue.apply(.by(attacker, .withdraw(dollars: 500_000)))
        #expect(outcome.refusals == [.insufficientFunds])
        // Deposited at the pumped price it has no gain, and only the stable price stands.
        let second = try venue.openAccounts(1, dollars: 0)[0]
        try venue.depositAsset(10_000, to: second)
        let borrowed = try venue.apply(.by(second, .withdraw(dollars: 600_000)))
        #expect(borrowed.refusals == [isDefended ? .insufficientFunds : nil])
    }

    /// Fresh profit may not leave as money; nor as the asset that it buys, nor as a loan on it.
    @Test func `profit on hold does not leave by way of an asset`() throws {
        let venue = try Venue(.borrowing(1_000_000))
        let accounts = try venue.openAccounts(3, dollars: 100_000)
        let (winner, loser, seller) = (accounts[0], accounts[1], accounts[2])
        try venue.depositAsset(10_000, to: seller)
        try venue.trade(winner, loser, 1_000, at: 50_000)
        venue.setPrice(55_000)
        try venue.apply()
        try venue.trade(seller, winner, 1_000, at: 55_000)
        // $5,000 are on hold. All the money goes into BTC: 1,850 lots of $55.
        try venue.trade(winner, seller, 1_850, at: 55_000, in: TestGenesis.spot)
        #expect(venue.holding(winner) == 1_850)
        #expect(try venue.answer(winner, .withdrawAsset(1_850)) == .insufficientFunds)
        let rest = try venue.openSibling(of: winner, dollars: 1)
        #expect(try venue.answer(winner, .transferAsset(1_850, to: rest)) == .insufficientFunds)
        let loan = venue.ledger.withdrawable(winner)
        #expect(loan.units <= 100_000 * Self.million)
        try venue.apply(milliseconds: 7_200_000)
        #expect(try venue.answer(winner, .withdrawAsset(1_850)) == nil)
    }

    @Test func `deposits and withdrawals in a circle earn nothing`() throws {
        let (venue, lender, attacker) = try scene(.borrowing(1_000_000))
        try venue.apply(.by(attacker, .withdraw(dollars: 100_000)))
        let before = (venue.equity(attacker), venue.ledger.withdrawable(attacker))
        let equity = Amount(microunits: before.0)
        let anchor = venue.ledger.accounts[attacker].anchors
        for round in 1...20 {
            venue.setPrice(50_000 + Int64(round % 3) * 7)
            try venue.depositAsset(1, to: attacker)
            try venue.apply(.by(attacker, .withdrawAsset(1)))
            try venue.apply(.by(attacker, .transferAsset(1, to: lender)))
            try venue.apply(.by(lender, .transferAsset(1, to: attacker)))
        }
        venue.setPrice(50_000)
        try venue.apply(milliseconds: 1_000)
        #expect(venue.equity(attacker) == before.0)
        #expect(venue.ledger.withdrawable(attacker) <= before.1)
        #expect(venue.holding(attacker) == 10_000 && venue.holding(lender) == 0)
        #expect(venue.ledger.accounts[attacker].heldProfit.held(at: 12) == .zero)
        // What went out and in at other prices is capital, and leaves no profit of the day beyond
        // what the price really moved in between: a few dollars on one lot.
        let moved = venue.ledger.accounts[attacker].anchors.profit(equity: equity).units
        #expect(abs(moved - anchor.profit(equity: equity).units) < Self.million)
    }

    /// A thousand debts of one micro-unit pay more interest than one of a thousand, never less.
    @Test func `a debt in many parts pays no less interest`() throws {
        let venue = try Venue(.borrowing(1_000, interest: Ratio(basisPoints: 1_000)))
        _ = try venue.openAccounts(1, dollars: 1_000_000)
        let parts = try venue.openAccounts(10, dollars: 0)
        let whole = try venue.openAccounts(1, dollars: 0)[0]
        for account in parts + [whole] { try venue.depositAsset(10, to: account) }
        for account in parts {
            try venue.apply(.by(account, .withdraw(.dollars(1), destination: Bytes32())))
        }
        try venue.apply(.by(whole, .withdraw(.dollars(10), destination: Bytes32())))
        try venue.apply(milliseconds: 3_600_000)
        let paid = parts.reduce(0) { $0 - venue.cash($1) - Self.million }
        #expect(paid >= -venue.cash(whole) - 10 * Self.million)
        #expect(paid > 0)
    }
}
