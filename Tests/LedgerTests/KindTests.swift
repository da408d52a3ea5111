/// What the ledger does differently for futures, options and spot: their marks, their cash, their
/// price band; and that margin, restoring and conservation hold for them as for perpetuals.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Oracle
import Testing

@Suite struct KindTests {
    private static let dated: TestGenesis.Options = {
        var options = TestGenesis.Options()
        options.isDated = true
        return options
    }()

    @Test func `marks follow the index and the model`() throws {
        let venue = try Venue(Self.dated)
        try venue.apply()
        // Far from the strike of $50,000 little but the exercise is left of the value.
        for (dollars, call, put) in [(52_000, 2_000, 0), (47_500, 0, 2_500)] {
            venue.setPrice(Int64(dollars))
            try venue.apply()
            let marks = venue.ledger.prices.map { $0.mark.units / TestGenesis.million }
            #expect(marks[0] == Int64(dollars) && marks[3] == Int64(dollars))
            #expect(marks[4] == Int64(call) && marks[5] == Int64(put))
            #expect(marks[6] == Int64(dollars))
        }
        // At the strike: 0.4·4 %·√(a day or so) of the index, the same for both.
        venue.setPrice(50_000)
        try venue.apply()
        let marks = venue.ledger.prices.map { $0.mark.units / TestGenesis.million }
        #expect(marks[4] > 20 && marks[4] < 80 && marks[4] == marks[5])
    }

    @Test func `the premium of an option moves at the fill and its value counts in equity`() throws
    {
        let (venue, accounts) = try Venue.rich(2, Self.dated)
        venue.setPrice(52_000)
        try venue.apply()
        let before = accounts.map { (venue.cash($0), venue.equity($0)) }
        try venue.trade(accounts[0], accounts[1], 100, at: 2_010, in: TestGenesis.call)
        // 100 lots of a thousandth at $2,010 are $201; the fees are 5 and 1 basis points of it.
        #expect(venue.cash(accounts[0]) == before[0].0 - 201_000_000 - 100_500)
        #expect(venue.cash(accounts[1]) == before[1].0 + 201_000_000 - 20_100)
        // At the mark of $2,000 the buyer is a dollar worse off, the writer a dollar better.
        #expect(venue.equity(accounts[0]) == before[0].1 - 1_000_000 - 100_500)
        #expect(venue.equity(accounts[1]) == before[1].1 + 1_000_000 - 20_100)
        #expect(try venue.restored().root == venue.ledger.root)
    }

    @Test func `the cost of a future stays in the position`() throws {
        let (venue, accounts) = try Venue.rich(2, Self.dated)
        let before = venue.cash(accounts[0])
        try venue.trade(accounts[0], accounts[1], 100, at: 50_000, in: TestGenesis.future)
        #expect(venue.cash(accounts[0]) == before - 2_500_000)
        venue.setPrice(50_500)
        try venue.apply()
        #expect(venue.equity(accounts[0]) == before - 2_500_000 + 50_000_000)
        // No funding is owed for it.
        try venue.wait(blocks: 3, seconds: 3_600)
        #expect(venue.equity(accounts[0]) == before - 2_500_000 + 50_000_000)
    }

    /// The band reaches 1 % of the index beyond the mark of the call: $500.
    @Test func `the price band of an option reaches a share of the index`() throws {
        let (venue, accounts) = try Venue.rich(1, Self.dated)
        let account = accounts[0]
        let mark = venue.ledger.prices[4].mark.units / TestGenesis.million
        #expect(try venue.answer(account, .buy(1, at: mark + 499, in: TestGenesis.call)) == nil)
        #expect(
            try venue.answer(account, .buy(1, at: mark + 502, in: TestGenesis.call))
                == .outsidePriceBand)
        // In the money by $10,000: 2 % of the mark are $200, still less than 1 % of $60,000.
        venue.setPrice(60_000)
        try venue.apply()
        #expect(
            try venue.answer(account, .sell(1, at: 9_400, in: TestGenesis.call)) == nil)
        #expect(
            try venue.answer(account, .sell(1, at: 9_399, in: TestGenesis.call))
                == .outsidePriceBand)
    }

    @Test func `premium received may not leave while the option is open`() throws {
        let (venue, accounts) = try Venue.rich(2, Self.dated)
        venue.setPrice(52_000)
        try venue.apply()
        let before = venue.ledger.withdrawable(accounts[1]).units
        try venue.trade(accounts[0], accounts[1], 1_000, at: 2_000, in: TestGenesis.call)
        #expect(venue.ledger.withdrawable(accounts[1]).units <= before)
        // It falls to nothing, which is a profit of $2,000, but not a realised one.
        venue.setPrice(50_000)
        try venue.apply()
        #expect(venue.ledger.withdrawable(accounts[1]).units <= before)
    }

    /// Options have a reference of their own in the tests of `Risk`.
    @Test func `initial health is the naive one for what is linear`() throws {
        let (venue, accounts) = try Venue.rich(2, Self.dated)
        venue.setPrice(52_000)
        try venue.apply()
        try venue.trade(accounts[1], accounts[0], 70, at: 52_100, in: TestGenesis.future)
        try venue.trade(accounts[0], accounts[1], 5, at: 52_000)
        try venue.apply(.by(accounts[0], .buy(9, at: 51_900, in: TestGenesis.future)))
        for dollars in [52_000, 49_000, 55_000] {
            venue.setPrice(Int64(dollars))
            try venue.apply()
            for account in accounts {
                let naive = NaiveMargin(ledger: venue.ledger, account: account)
                #expect(venue.health(account) == naive.initialHealth())
            }
            #expect(try venue.restored().root == venue.ledger.root)
        }
    }
}
