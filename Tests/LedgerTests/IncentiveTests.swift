/// What providers and makers earn: fees of an hour, by what they stood to lose, and by the time in
/// which their quotes stood.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Liquidation
import Markets
import Testing

@Suite struct IncentiveTests {
    private static let terms = MakerTerms(
        reach: Ratio(basisPoints: 50), size: .dollars(1_000), presence: Ratio(basisPoints: 5_000),
        stressPresence: Ratio(basisPoints: 5_000), stressMove: Ratio(basisPoints: 100),
        stressWeight: 5, feeShare: Ratio(basisPoints: 2_000))

    private func options(
        makers: Bool = false, _ change: (inout BackstopParameters) -> Void = { _ in }
    ) -> TestGenesis.Options {
        var options = TestGenesis.Options.backed {
            $0.tradingShare = Ratio(basisPoints: 1_000)
            $0.liquidationShare = Ratio(basisPoints: 5_000)
            change(&$0)
        }
        options.insuranceShare = .zero
        options.openInterestLimit = 600_000
        if makers { options.safeguards.makers = [IncentiveTests.terms, IncentiveTests.terms] }
        return options
    }

    /// Blocks of a minute up to the first of the next hour.
    private func nextHour(_ venue: Venue, _ each: () throws -> Void = {}) throws -> BlockOutcome {
        let hour = venue.time.count(of: .hour)
        var last = try venue.apply(milliseconds: 4_000)
        while venue.time.count(of: .hour) == hour {
            try each()
            last = try venue.apply(milliseconds: 4_000)
        }
        return last
    }

    @Test func `providers share fees by what they stand to lose, less what they ask for`() throws {
        let venue = try Venue(options())
        let traders = try venue.openAccounts(2, dollars: 1_000_000)
        let providers = try venue.openAccounts(3, dollars: 50_000)
        try venue.apply(
            .by(providers[0], .setBackstop(.dollars(loss: 10_000, leastDiscount: 0))),
            .by(providers[1], .setBackstop(.dollars(loss: 10_000, leastDiscount: 50))),
            .by(providers[2], .setBackstop(.dollars(loss: 10_000, leastDiscount: 100))))
        // The first hour ends: who was not there when it began is weighed for the first time.
        try venue.trade(traders[0], traders[1], 1_000, at: 50_000)
        #expect(try nextHour(venue).backstopPayments.isEmpty)
        try venue.trade(traders[1], traders[0], 1_000, at: 50_000)
        let fees = venue.ledger.gatheredFees(of: TestGenesis.main).backstop.units
        // 6 bp of $50,000 are $30, a tenth of it $3.
        #expect(fees == 3 * TestGenesis.million)
        let paid = try nextHour(venue).backstopPayments
        #expect(
            paid == [
                providers[0].number: 2 * TestGenesis.million,
                providers[1].number: TestGenesis.million,
            ])
        #expect(try venue.restored().root == venue.ledger.root)
    }

    @Test func `money that comes for the last minute earns nothing`() throws {
        let venue = try Venue(options())
        let traders = try venue.openAccounts(2, dollars: 1_000_000)
        let providers = try venue.openAccounts(2, dollars: 1_000)
        for provider in providers {
            try venue.apply(
                .by(provider, .setBackstop(.dollars(loss: 1_000_000, leastDiscount: 0))))
        }
        _ = try nextHour(venue)
        try venue.trade(traders[0], traders[1], 1_000, at: 50_000)
        try venue.deposit(99_000, to: providers[1])
        let paid = try nextHour(venue).backstopPayments
        #expect(paid[providers[0].number] == paid[providers[1].number] && paid.count == 2)
    }

    @Test func `providers earn their share of liquidation fees`() throws {
        let venue = try Venue(options())
        let rich = try venue.openAccounts(2, dollars: 1_000_000)
        let weak = try venue.openAccounts(1, dollars: 5_000)[0]
        let provider = try venue.openAccounts(1, dollars: 10_000)[0]
        try venue.apply(.by(provider, .setBackstop(.dollars())))
        try venue.trade(weak, rich[0], 1_000, at: 50_000)
        try venue.apply(.by(rich[1], .buy(2_000, at: 48_000)))
        let fund = venue.insurance()
        let gathered = venue.ledger.gatheredFees(of: TestGenesis.main).backstop.units
        venue.setPrice(48_100)
        let outcome = try venue.apply()
        var fee: Int64 = 0
        for case .liquidationFee(weak, let amount) in outcome.events { fee += amount.units }
        #expect(fee > 1 && venue.insurance() - fund == fee - fee / 2)
        let now = venue.ledger.gatheredFees(of: TestGenesis.main).backstop.units
        #expect(now - gathered >= fee / 2)
    }

    /// Two committed makers of BTC and ETH (whose tick is a tenth of BTC's) for an hour in which
    /// they trade $50,000 first.
    private func makers(
        _ each: (Venue, [AccountIdentifier]) throws -> Void
    ) throws -> [MakerEpoch] {
        let venue = try Venue(options(makers: true))
        let makers = try venue.openAccounts(3, dollars: 10_000_000)
        try venue.apply(
            .operator(.setMaker(true, of: makers[0]), .setMaker(true, of: makers[1])))
        _ = try nextHour(venue)
        try venue.trade(makers[1], makers[2], 1_000, at: 50_000)
        let ether = Command.quote(100, at: 24_950, 100, at: 25_050, in: TestGenesis.ether)
        try venue.apply(
            .by(makers[0], .quote(100, at: 49_900, 100, at: 50_100), ether),
            .by(makers[1], .quote(100, at: 49_900, 100, at: 50_100), ether))
        let outcome = try nextHour(venue) { try each(venue, makers) }
        #expect(try venue.restored().root == venue.ledger.root)
        return outcome.makerEpochs
    }

    @Test func `makers whose quotes stand share the rebates`() throws {
        let epochs = try makers { _, _ in }
        #expect(epochs.count == 2)
        // A fifth of $30 of fees, in two halves.
        #expect(epochs.map(\.rebate) == [.dollars(3), .dollars(3)])
        #expect(epochs.allSatisfy { $0.present <= $0.measured && $0.present > .zero })
    }

    @Test func `a maker who is gone loses his part`() throws {
        let epochs = try makers { venue, makers in
            try venue.apply(.by(makers[1], .cancelQuotes(nil)))
        }
        #expect(epochs.map(\.rebate) == [.dollars(6), .zero])
    }

    @Test func `a quote that comes last and leaves first never counts`() throws {
        let epochs = try makers { venue, makers in
            try venue.apply(
                .by(
                    makers[1], .cancelQuotes(nil), .quote(100, at: 49_900, 100, at: 50_100),
                    .quote(100, at: 24_950, 100, at: 25_050, in: TestGenesis.ether)))
            try venue.apply(
                .by(
                    makers[1], .cancelQuotes(nil), .quote(100, at: 49_900, 100, at: 50_100),
                    .quote(100, at: 24_950, 100, at: 25_050, in: TestGenesis.ether)))
        }
        #expect(epochs[0].present > epochs[1].present)
        #expect(epochs[1].rebate == .zero)
    }

    @Test func `a quote too far out or too small does not count`() throws {
        let epochs = try makers { venue, makers in
            try venue.apply(
                .by(
                    makers[1], .quote(100, at: 49_700, 100, at: 50_300),
                    .quote(1, at: 24_950, 1, at: 25_050, in: TestGenesis.ether)))
        }
        #expect(epochs[1].rebate == .zero && epochs[0].rebate == .dollars(6))
    }

    @Test func `terms weigh stress, and ask for each presence on both sides of its limit`() {
        let terms = IncentiveTests.terms
        #expect(terms.weight(present: 50, stressed: 5, of: 100, allStressed: 10) == 70)
        #expect(terms.weight(present: 49, stressed: 5, of: 100, allStressed: 10) == 0)
        #expect(terms.weight(present: 50, stressed: 4, of: 100, allStressed: 10) == 0)
        #expect(terms.weight(present: 50, stressed: 0, of: 100, allStressed: 0) == 50)
        #expect(terms.weight(present: 0, stressed: 0, of: 0, allStressed: 0) == 0)
    }
}
