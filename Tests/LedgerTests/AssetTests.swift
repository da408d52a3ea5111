/// Assets at the edge: deposits, transfers and withdrawals of spot, each refusal on both sides of
/// its limit, and the sells that may only offer what is held.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct AssetTests {
    private static let nowhere = InstrumentIdentifier(7)

    @Test func `deposits of assets are refused for each of their fields`() throws {
        var options = TestGenesis.Options.borrowing(0)
        options.positionLimit = 40_000
        options.openInterestLimit = 50_000
        let venue = try Venue(options)
        let accounts = try venue.openAccounts(2, dollars: 10)
        let other = try venue.openAccounts(1, dollars: 10, in: TestGenesis.side)[0]
        let (first, second) = (accounts[0], accounts[1])
        let table: [(Command, Refusal?)] = [
            (.depositAsset(1, to: AccountIdentifier(3)), .unknownAccount),
            (.depositAsset(1, to: first, of: Self.nowhere), .unknownInstrument),
            (.depositAsset(1, to: first, of: TestGenesis.bitcoin), .notAnAsset),
            (.depositAsset(1, to: first, of: TestGenesis.future), .notAnAsset),
            (.depositAsset(1, to: first, of: TestGenesis.call), .notAnAsset),
            (.depositAsset(1, to: other), .wrongCompartment),
            (.depositAsset(0, to: first), .amountNotPositive),
            (.depositAsset(-1, to: first), .amountNotPositive),
            (.depositAsset(.min, to: first), .amountNotPositive),
            (.depositAsset(.max, to: first), .vaultFull),
            (.depositAsset(50_001, to: first), .vaultFull),
            (.depositAsset(40_001, to: first), .positionLimit),
            (.depositAsset(39_999, to: first), nil), (.depositAsset(2, to: first), .positionLimit),
            (.depositAsset(1, to: first), nil), (.depositAsset(1, to: first), .positionLimit),
            (.depositAsset(10_001, to: second), .vaultFull),
            (.depositAsset(10_000, to: second), nil), (.depositAsset(1, to: second), .vaultFull),
        ]
        for (place, row) in table.enumerated() {
            let outcome = try venue.apply(.custodian(row.0))
            #expect(outcome.refusals == [row.1], "row \(place)")
        }
        #expect(venue.holding(first) == 40_000 && venue.holding(second) == 10_000)
        let refused = try venue.apply(.by(first, .depositAsset(1, to: first)))
        #expect(refused.refusals == [.notAuthorised])
        #expect(try venue.restored().root == venue.ledger.root)
    }

    @Test func `transfers and withdrawals of assets are refused for each of their fields`() throws {
        var options = TestGenesis.Options.borrowing(0)
        options.positionLimit = 1_000
        let venue = try Venue(options)
        let accounts = try venue.openAccounts(2, dollars: 10)
        let other = try venue.openAccounts(1, dollars: 10, in: TestGenesis.side)[0]
        let (from, to) = (accounts[0], accounts[1])
        try venue.depositAsset(1_000, to: from)
        try venue.depositAsset(100, to: to)
        let table: [(Command, Refusal?)] = [
            (.transferAsset(1, to: AccountIdentifier(9)), .unknownAccount),
            (.transferAsset(1, to: from), .sameAccount),
            (.transferAsset(1, to: other), .wrongCompartment),
            (.transferAsset(1, to: to, of: Self.nowhere), .unknownInstrument),
            (.transferAsset(1, to: to, of: TestGenesis.bitcoin), .notAnAsset),
            (.transferAsset(0, to: to), .amountNotPositive),
            (.transferAsset(.min, to: to), .amountNotPositive),
            (.transferAsset(.max, to: to), .notCovered),
            (.transferAsset(1_001, to: to), .notCovered),
            (.transferAsset(901, to: to), .positionLimit), (.transferAsset(900, to: to), nil),
            (.withdrawAsset(1, of: Self.nowhere), .unknownInstrument),
            (.withdrawAsset(1, of: TestGenesis.put), .notAnAsset),
            (.withdrawAsset(0), .amountNotPositive), (.withdrawAsset(-1), .amountNotPositive),
            (.withdrawAsset(.max), .notCovered), (.withdrawAsset(101), .notCovered),
            (.withdrawAsset(99), nil), (.withdrawAsset(2), .notCovered), (.withdrawAsset(1), nil),
            (.withdrawAsset(1), .notCovered),
        ]
        for (place, row) in table.enumerated() {
            let outcome = try venue.apply(.by(from, row.0))
            #expect(outcome.refusals == [row.1], "row \(place)")
        }
        #expect(venue.holding(from) == 0 && venue.holding(to) == 1_000)
        #expect(venue.ledger.accounts.totals[6].holdings.lots == 1_000)
        #expect(venue.cash(from) == 10 * TestGenesis.million)
    }

    @Test func `one asset withdrawal of an account runs in a block`() throws {
        let venue = try Venue(.borrowing(0))
        let account = try venue.openAccounts(1, dollars: 10)[0]
        try venue.depositAsset(100, to: account)
        let outcome = try venue.apply(
            .by(account, .withdrawAsset(60), .withdrawAsset(60), .withdrawAsset(40)))
        #expect(outcome.refusals == [nil, .withdrawalPending, .withdrawalPending])
        #expect(venue.holding(account) == 40)
        #expect(try venue.apply(.by(account, .withdrawAsset(40))).refusals == [nil])
        #expect(venue.holding(account) == 0)
    }

    @Test func `an asset that margin needs stays, to the last lot`() throws {
        let venue = try Venue(.borrowing(1_000_000))
        let accounts = try venue.openAccounts(2, dollars: 100_000)
        let account = accounts[0]
        try venue.depositAsset(1_000, to: account)
        try venue.apply(.by(account, .withdraw(dollars: 110_000)))
        #expect(venue.cash(account) == -10_000 * TestGenesis.million)
        // $10,000 are owed, and each lot of $50 carries a margin of 9.5 %: 221 lots back them.
        let least = (10_000 * TestGenesis.million - 1) / (50 * 905_000) + 1
        let most = 1_000 - least
        #expect(
            try venue.answer(account, .withdrawAsset(most + 1)) == .insufficientFunds)
        #expect(
            try venue.answer(account, .transferAsset(most + 1, to: accounts[1]))
                == .insufficientFunds)
        #expect(try venue.answer(account, .withdrawAsset(most)) == nil)
        #expect(venue.holding(account) == least)
        #expect(venue.health(account) >= 0)
    }

    @Test func `no asset leaves on an old price`() throws {
        let venue = try Venue(.borrowing(0))
        let accounts = try venue.openAccounts(2, dollars: 10)
        try venue.depositAsset(100, to: accounts[0])
        venue.isPublishing = false
        let fresh = try venue.apply(.by(accounts[0], .withdrawAsset(1)), milliseconds: 5_000)
        #expect(fresh.refusals == [nil])
        let stale = try venue.apply(
            .by(accounts[0], .withdrawAsset(1), .transferAsset(1, to: accounts[1])),
            milliseconds: 1)
        #expect(stale.refusals == [.priceTooOld, .priceTooOld])
        // What arrives is credited all the same.
        #expect(
            try venue.apply(.custodian(.depositAsset(1, to: accounts[0]))).refusals == [nil])
    }

    @Test func `an asset that arrives before the first price has no cost`() throws {
        let venue = try Venue(.borrowing(1_000_000))
        venue.isPublishing = false
        let account = try venue.openAccounts(1, dollars: 10)[0]
        try venue.depositAsset(100, to: account)
        #expect(venue.ledger.accounts[account].positions[0].cost == .zero)
        venue.isPublishing = true
        try venue.apply()
        #expect(venue.equity(account) == 5_010 * TestGenesis.million)
        #expect(venue.ledger.withdrawable(account).units <= 10 * TestGenesis.million)
    }

    // Offers.

    @Test func `no more is offered than is held, whatever the order`() throws {
        let (venue, accounts) = try Venue.rich(2, .borrowing(0))
        let (seller, spot) = (accounts[0], TestGenesis.spot)
        try venue.depositAsset(10, to: seller)
        func sell(_ lots: Int64, _ change: (inout OrderRequest) -> Void = { _ in }) -> Command {
            .order(.sell, lots, at: 50_010, in: spot, change)
        }
        #expect(try venue.answer(accounts[1], sell(1)) == .notCovered)
        #expect(try venue.answer(seller, sell(11)) == .notCovered)
        let order = try venue.place(seller, sell(6))
        #expect(try venue.answer(seller, sell(5)) == .notCovered)
        #expect(try venue.answer(seller, sell(5) { $0.reduceOnly = true }) == .notCovered)
        #expect(
            try venue.answer(seller, sell(5) { $0.timeInForce = .immediateOrCancel })
                == .notCovered)
        #expect(try venue.answer(seller, sell(5) { $0.display = Quantity(lots: 1) }) == .notCovered)
        #expect(
            try venue.answer(seller, .quote(1, at: 49_990, 5, at: 50_020, in: spot))
                == .notCovered)
        #expect(
            try venue.answer(seller, .quote(1, at: 49_990, 4, at: 50_020, in: spot)) == nil)
        #expect(try venue.answer(seller, .amend(order, to: 50_010, 7)) == .notCovered)
        #expect(try venue.answer(seller, .amend(order, to: 50_005, 6)) == nil)
        #expect(try venue.answer(seller, .amend(order, to: 50_005, 5)) == nil)
        #expect(try venue.answer(seller, sell(2)) == .notCovered)
        #expect(try venue.answer(seller, .withdrawAsset(2)) == .notCovered)
        #expect(try venue.answer(seller, .transferAsset(2, to: accounts[1])) == .notCovered)
        #expect(try venue.answer(seller, .withdrawAsset(1)) == nil)
        #expect(try venue.restored().root == venue.ledger.root)
        // A taker takes it all, and nobody is ever short.
        try venue.apply(.by(accounts[1], .buy(10, at: 50_100, in: spot, .immediateOrCancel)))
        #expect(venue.holding(seller) == 0 && venue.holding(accounts[1]) == 9)
    }

    @Test func `a stop that fires is covered when it fires`() throws {
        let (venue, accounts) = try Venue.rich(2, .borrowing(0))
        let (seller, spot) = (accounts[0], TestGenesis.spot)
        try venue.depositAsset(10, to: seller)
        let stop = Command.order(.sell, 10, at: 49_000, in: spot) {
            $0.trigger = Trigger(.stop, on: .mark, at: .dollars(49_500))
        }
        _ = try venue.place(seller, stop)
        _ = try venue.place(seller, stop)
        try venue.apply(.by(accounts[1], .buy(15, at: 49_100, in: spot)))
        venue.setPrice(49_400)
        let outcome = try venue.apply()
        #expect(outcome.triggered.count == 2)
        #expect(outcome.triggerRefusals == [.notCovered])
        #expect(venue.holding(seller) == 0 && venue.holding(accounts[1]) == 10)
    }

    @Test func `cash moves when spot trades, and the vault of the asset does not`() throws {
        let (venue, accounts) = try Venue.rich(2, .borrowing(0))
        try venue.depositAsset(100, to: accounts[0])
        let before = accounts.map { venue.cash($0) }
        try venue.trade(accounts[1], accounts[0], 40, at: 50_000, in: TestGenesis.spot)
        // $2,000; 5 and 1 basis points.
        #expect(venue.cash(accounts[0]) == before[0] + 2_000_000_000 - 200_000)
        #expect(venue.cash(accounts[1]) == before[1] - 2_000_000_000 - 1_000_000)
        #expect(venue.ledger.accounts.totals[6].holdings.lots == 100)
        for account in accounts {
            let naive = NaiveMargin(ledger: venue.ledger, account: account)
            #expect(venue.health(account) == naive.initialHealth())
        }
    }
}
