/// The defences of orders and funds that a laboratory may switch off: on, each stops a harm, and
/// off, the harm is there. Those of prices, breakers and caps have tests of their own.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Liquidation
import Markets
import Testing

struct DefenceSwitchTests {
    private func options(_ defence: Defence, isOn: Bool) -> TestGenesis.Options {
        var options = TestGenesis.Options()
        options.off = isOn ? [] : [defence]
        return options
    }

    @Test(arguments: [true, false])
    func `an order does not reach far through the mark`(isOn: Bool) throws {
        let (venue, accounts) = try Venue.rich(1, options(.priceBand, isOn: isOn))
        let answer = try venue.answer(accounts[0], .buy(10, at: 60_000))
        #expect(answer == (isOn ? .outsidePriceBand : nil))
        let sale = try venue.answer(accounts[0], .sell(10, at: 65_000))
        #expect(sale == nil)
    }

    /// Attack 11: a bid far below the market costs nothing in any scenario.
    @Test(arguments: [true, false])
    func `an open order has a least margin`(isOn: Bool) throws {
        let venue = try Venue(options(.orderFloor, isOn: isOn))
        // The gross charge of 0.75 % is there with and without the floor.
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        let answer = try venue.answer(account, .buy(2_000, at: 30_000))
        #expect(answer == (isOn ? .insufficientMargin : nil))
    }

    /// Attack 7: whoever stands first in the block wins.
    @Test(arguments: [true, false])
    func `a cancel comes before a taker of the same block`(isOn: Bool) throws {
        let (venue, accounts) = try Venue.rich(2, options(.commandClasses, isOn: isOn))
        try venue.apply(.by(accounts[0], .sell(5, at: 50_000, name: 3)))
        let outcome = try venue.apply(
            .by(accounts[1], .buy(5, at: 50_000, .immediateOrCancel)),
            .by(accounts[0], .cancelClient(ClientOrderIdentifier(3))))
        #expect(outcome.trades.count == (isOn ? 0 : 1))
    }

    /// Attack 8: the same money leaves and backs an order.
    @Test(arguments: [true, false])
    func `a withdrawal is judged again when the block closes`(isOn: Bool) throws {
        let venue = try Venue(options(.withdrawalRecheck, isOn: isOn))
        let accounts = try venue.openAccounts(2, dollars: 10_000)
        let outcome = try venue.apply(
            .by(accounts[0], .withdraw(dollars: 10_000)),
            .by(accounts[0], .buy(1_000, at: 49_900)))
        #expect(outcome.refusals == [nil, nil])
        #expect(venue.cash(accounts[0]) == (isOn ? 10_000 * TestGenesis.million : 0))
        #expect(venue.openOrders(accounts[0]).count == 1)
    }

    /// Attack 4: short of margin, the attacker closes with a friend far off the mark.
    @Test(arguments: [true, false])
    func `a reducing fill does not harm an account in bad health`(isOn: Bool) throws {
        var options = options(.reduceCheck, isOn: isOn)
        options.priceBand = Ratio(basisPoints: 2_000)
        let venue = try Venue(options)
        let accounts = try venue.openAccounts(2, dollars: 100_000)
        let weak = try venue.openAccounts(1, dollars: 5_000)[0]
        try venue.trade(weak, accounts[0], 1_000, at: 50_000)
        venue.setPrice(49_000)
        try venue.apply(.by(accounts[1], .buy(1_000, at: 44_100)))
        let taker = try venue.apply(.by(weak, .sell(1_000, at: 44_100, reduceOnly: true)))
        #expect(taker.reasons.contains(.harmfulFill) == isOn)
        #expect(venue.cash(weak).signum() == (isOn ? 1 : -1))
    }

    /// Attack 3: one account empties the fund.
    @Test(arguments: [true, false])
    func `the fund pays a share for an account and a day`(isOn: Bool) throws {
        let venue = try Venue(options(.fundCap, isOn: isOn))
        let accounts = try venue.openAccounts(2, dollars: 5_200)
        try venue.apply(.custodian(.depositInsurance(.dollars(100_000), to: TestGenesis.main)))
        try venue.trade(accounts[0], accounts[1], 1_000, at: 50_000)
        let fund = venue.insurance()
        venue.setPrice(25_000)
        try venue.apply()
        let paid = fund - venue.insurance()
        // Half a percent of the $25,000 that were closed, or everything that was missing.
        #expect(isOn ? paid == 125 * TestGenesis.million : paid > 19_000 * TestGenesis.million)
    }
}
